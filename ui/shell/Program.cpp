#include "ui/shell/Program.h"

#include <algorithm>
#include <chrono>
#include <clocale>
#include <malloc.h>

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QIcon>
#include <QLocale>
#include <QTimer>

#include "cli/Cli.h"
#include "io/FileNames.h"
#include "io/Lessons.h"
#include "io/Model.h"
#include "ui/app/FileCommands.h"
#include "ui/base/Settings.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/LessonStage.h"

namespace ui {

namespace {

constexpr std::chrono::milliseconds kStartedAfter{300};  // after the first frame

bool isShippedLesson(const QString& name) {
  const auto& all = io::shippedLessons();
  return std::any_of(all.begin(), all.end(), [&](const io::LessonText& lesson) { return lesson.id == name; });
}

// Shaders that were compiled and files that were read leave megabytes of free blocks, which the C library keeps unless it is asked.
void giveBackMemory() {
  malloc_trim(0);
}

}  // namespace

void nameProgram() {
  qputenv("LC_NUMERIC", "C");  // file dialogs write the sizes of files as the system does
  QCoreApplication::setOrganizationName("ConvScope");
  QCoreApplication::setApplicationName("ConvScope");
  QCoreApplication::setApplicationVersion(CONVSCOPE_VERSION);
  QGuiApplication::setDesktopFileName("convscope");  // by which a desktop finds the name and the icon of its windows
}

// The first for what Qt writes, the second for the C library, of which the QApplication has set the person's own.
Program::Convention::Convention() {
  QLocale::setDefault(QLocale::c());
  std::setlocale(LC_NUMERIC, "C");
}

Program::Program() : m_window(m_workbench, m_appearance) {
  // A busy window takes every place of the pen when it comes to it, not only the last one: of a stroke nothing is left out. The platform's
  // plug-in sets the first of these when the application is made.
  QCoreApplication::setAttribute(Qt::AA_CompressHighFrequencyEvents, false);
  QCoreApplication::setAttribute(Qt::AA_CompressTabletEvents, false);
  m_window.setWindowIcon(QIcon(QStringLiteral(":/convscope.svg")));
  setSettingsListener([this](const nn::Issue& issue, SettingsState state) {
    if (state == SettingsState::FineAgain) return m_workbench.messageOutdated(issue);
    m_workbench.tell({Message::Kind::Warning, issue});
  });
}

Program::~Program() {
  setSettingsListener({});
}

void Program::start(const QString& nameOrPath) {
  const auto& shipped = m_workbench.models().shipped();
  const bool small = std::any_of(shipped.begin(), shipped.end(), [&](const ShippedNetwork& network) { return network.name == nameOrPath; });
  m_workbench.models().openShipped(small ? nameOrPath : kFirstModel);
  m_window.show();
  const auto* views = &m_window.scene().views();
  QObject::connect(
      views, &SceneViews::frameShown, &m_window, [this] { QTimer::singleShot(kStartedAfter, &m_window, giveBackMemory); },
      Qt::SingleShotConnection);
  if (small || nameOrPath.isEmpty()) return;
  if (m_workbench.models().knows(nameOrPath)) return m_window.files().openShipped(nameOrPath);
  m_window.files().openPath(nameOrPath);
}

void Program::startLesson(const QString& nameOrPath) {
  start();
  isShippedLesson(nameOrPath) ? m_window.lessons().openShipped(nameOrPath) : m_window.lessons().openFile(nameOrPath);
}

QString whyNoLesson(const QString& nameOrPath) {
  if (isShippedLesson(nameOrPath) || io::pathExists(nameOrPath)) return {};
  QStringList names;
  for (const io::LessonText& lesson : io::shippedLessons()) names << lesson.id;
  return QObject::tr("there is no lesson '%1'. Give a file (.md), or one of: %2").arg(io::shownPath(nameOrPath), names.join(", "));
}

QString whyNotOpened(const QString& nameOrPath) {
  if (nameOrPath.isEmpty()) return QObject::tr("the name of what is to be opened is empty");
  QStringList names;
  for (const auto& specs : {io::shippedNetworks(), io::publishedNetworks()})
    for (const nn::NetworkSpec& spec : specs) names << QString::fromStdString(spec.name);
  const QFileInfo file(nameOrPath);
  if (names.contains(nameOrPath) || io::pathExists(nameOrPath)) return {};
  const QString shown = io::shownPath(nameOrPath);
  if (const std::string why = io::whyOutOfReach(nameOrPath); !why.empty())
    return QObject::tr("'%1' cannot be opened: %2").arg(shown, QString::fromStdString(why));
  const QString folder = nameOrPath.left(nameOrPath.lastIndexOf('/') + 1);
  QStringList candidates;
  if (folder.isEmpty()) candidates = names + cli::commandWords();
  for (const QString& name : file.dir().entryList(QDir::AllEntries | QDir::NoDotAndDotDot)) candidates << folder + name;
  QString near = cli::nearest(nameOrPath, candidates);
  if (near.isEmpty()) near = cli::nearest(folder + file.completeBaseName(), candidates);
  const QString what = folder.isEmpty() && file.suffix().isEmpty() ? QObject::tr("'%1' is neither a command nor a network nor a file")
                                                                   : QObject::tr("there is no file '%1'");
  const QString hint =
      near.isEmpty() ? QObject::tr(". The networks are %1.").arg(names.join(", ")) : QObject::tr("; did you mean %1?").arg(near);
  return what.arg(shown) + hint;
}

}  // namespace ui
