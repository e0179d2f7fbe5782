#include "ui/Program.h"

#include <QCoreApplication>

#include "ui/FileCommands.h"
#include "ui/Settings.h"

namespace ui {

void nameProgram() {
  QCoreApplication::setOrganizationName("ConvScope");
  QCoreApplication::setApplicationName("ConvScope");
  QCoreApplication::setApplicationVersion(CONVSCOPE_VERSION);
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
