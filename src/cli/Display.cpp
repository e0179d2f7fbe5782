#include "cli/Display.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

#include <QLoggingCategory>

#include "cli/Shortage.h"
#include "io/FileNames.h"

namespace cli {

namespace {

constexpr unsigned kPatienceSeconds = 20;  // of a display that takes the connection and never answers
constexpr const char* kPlatform = "QT_QPA_PLATFORM";
constexpr const char* kWithoutDisplay = "offscreen";
constexpr const char* kWhyNone = "CONVSCOPE_WHY_NO_DISPLAY";  // from the program to itself, as it starts anew

// A message handler and a signal handler are plain functions.
struct Waiting {
  char** argv = nullptr;
  DisplayGuard::Otherwise otherwise = DisplayGuard::Otherwise::Fail;
  QtMessageHandler before = nullptr;
  QStringList held;     // as they would be written
  QString firstReason;  // the first of them about the display, bare
};
Waiting g_waiting;

// What the person set that does not work, with Qt's own words about it.
QString reason(const QString& why) {
  const QString platform = qEnvironmentVariable(kPlatform), screen = qEnvironmentVariable("DISPLAY"),
                wayland = qEnvironmentVariable("WAYLAND_DISPLAY");
  const QString words = why.isEmpty() ? QString() : " (" + why + ")";
  if (!platform.isEmpty()) return QString("%1=%2 cannot be used").arg(kPlatform, platform) + words;
  if (screen.isEmpty() && wayland.isEmpty()) return "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set";
  return QString("the display %1 cannot be used").arg(screen.isEmpty() ? wayland : screen) + words;
}

void startWithoutDisplay(const QString& why) {
  qputenv(kWhyNone, why.toUtf8());
  qputenv(kPlatform, kWithoutDisplay);
  ::execv("/proc/self/exe", g_waiting.argv);
}

[[noreturn]] void giveUp(const QString& why) {
  ::alarm(0);
  if (g_waiting.otherwise == DisplayGuard::Otherwise::DrawWithoutOne && qgetenv(kPlatform) != kWithoutDisplay)
    startWithoutDisplay(reason(why));
  const bool ours = qgetenv(kPlatform) == kWithoutDisplay && !why.isEmpty();  // nobody has asked for it
  const QString because = ours ? "Qt's drawing without a display does not start (" + why + ")" : reason(why);
  const QString sentence = g_waiting.otherwise == DisplayGuard::Otherwise::DrawWithoutOne
                               ? "convscope: pictures can be neither read nor drawn, since " + because + "\n"
                               : "convscope: no window can open, since " + reason(why) +
                                     "; predict, render and the other commands work without one (convscope --help)\n";
  std::fputs(sentence.toLocal8Bit().constData(), stderr);
  endNow(1);
}

void hold(QtMsgType type, const QMessageLogContext& context, const QString& text) {
  endIfShort(text);
  if (type == QtFatalMsg) giveUp(g_waiting.firstReason);
  const bool ofDisplay = QString::fromLatin1(context.category).startsWith("qt.qpa") || text.contains("display", Qt::CaseInsensitive);
  if (g_waiting.firstReason.isEmpty() && ofDisplay) g_waiting.firstReason = text.trimmed();
  g_waiting.held << qFormatLogMessage(type, context, text);
}

// The main thread waits inside connect() or read() of the display's library meanwhile, so that nothing of ours is half done.
void lostPatience(int) {
  giveUp("it does not answer");
}

}  // namespace

DisplayGuard::DisplayGuard(char** argv, Otherwise otherwise) {
  g_waiting = {argv, otherwise, nullptr, {}, {}};
  g_waiting.before = qInstallMessageHandler(hold);
  struct sigaction action {};
  action.sa_handler = lostPatience;
  action.sa_flags = SA_NODEFER;
  ::sigaction(SIGALRM, &action, nullptr);
  if (qgetenv(kPlatform) != kWithoutDisplay) ::alarm(kPatienceSeconds);
}

DisplayGuard::~DisplayGuard() {
  ::alarm(0);
  std::signal(SIGALRM, SIG_DFL);
  qInstallMessageHandler(g_waiting.before);
  // Where any display or none will do, what is said about it is of no use.
  const bool told = g_waiting.otherwise == Otherwise::Fail;
  for (const QString& line : told ? g_waiting.held : QStringList()) std::fprintf(stderr, "%s\n", line.toLocal8Bit().constData());
  g_waiting = {};
}

void doWithoutDisplay() {
  qputenv(kWhyNone, reason({}).toUtf8());
  qputenv(kPlatform, kWithoutDisplay);
}

QString whyNoDisplay() {
  return qEnvironmentVariable(kWhyNone);
}

QStringList plainWords(int argc, char** argv) {
  static const QStringList followed{"platform",    "platformpluginpath", "platformtheme", "plugin",  "qwindowgeometry",
                                    "qwindowicon", "qwindowtitle",       "session",       "display", "geometry",
                                    "style",       "stylesheet",         "title",         "icon"};
  QStringList words;
  for (int i = 1; i < argc; ++i) {
    const QString word = io::pathOfBytes(argv[i]);
    const QString name = word.startsWith('-') ? word.mid(word.startsWith("--") ? 2 : 1) : QString();
    if (followed.contains(name))
      ++i;
    else if (name != "reverse" && !name.startsWith("style=") && !name.startsWith("stylesheet="))
      words << word;
  }
  return words;
}

}  // namespace cli
