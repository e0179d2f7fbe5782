#include "ui/Program.h"

#include <clocale>

#include <QCoreApplication>
#include <QLocale>

#include "ui/FileCommands.h"
#include "ui/Settings.h"

namespace ui {

void nameProgram() {
  qputenv("LC_NUMERIC", "C");  // file dialogs write the sizes of files as the system does
  QCoreApplication::setOrganizationName("ConvScope");
  QCoreApplication::setApplicationName("ConvScope");
  QCoreApplication::setApplicationVersion(CONVSCOPE_VERSION);
}

// The first for what Qt writes, the second for the C library, of which the QApplication has set the person's own.
Program::Convention::Convention() {
  QLocale::setDefault(QLocale::c());
  std::setlocale(LC_NUMERIC, "C");
}

Program::Program() : m_window(m_session, m_appearance) {
  setSettingsListener([this](const nn::Issue& issue) { m_session.tell({Message::Kind::Warning, issue, {}, {}}); });
}

Program::~Program() {
  setSettingsListener({});
}

void Program::start(const QString& path) {
  m_session.openShipped(kFirstModel);
  m_window.show();
  if (!path.isEmpty()) m_window.files().openPath(path);
}

}  // namespace ui
