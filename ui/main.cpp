// The program's beginning: a command word goes to the command line, everything else to the window.

#include <csignal>
#include <iostream>
#include <optional>

#include <QApplication>

#include "cli/Cli.h"
#include "cli/Display.h"
#include "cli/Printable.h"
#include "cli/Shortage.h"
#include "io/FileNames.h"
#include "ui/base/EndSignals.h"
#include "ui/base/Jobs.h"
#include "ui/base/Settings.h"
#include "ui/shell/Program.h"
#include "ui/shell/Recovery.h"
#include "ui/tour/Tour.h"

namespace {

// With all of it taken down when it returns. shortage: ends when there is something that could be lost.
int runProgram(const QString& word, bool lesson, std::optional<cli::ShortageWatch>& shortage) {
  ui::Program program;
  ui::Recovery recovery(program.workbench(), program.window(), ui::Recovery::usualFolder());
  const ui::EndSignals end;
  QObject::connect(&end, &ui::EndSignals::arrived, &recovery, [&recovery](int number) {
    if (!recovery.keepNow())
      std::cerr << "convscope: asked to end. What is not saved could not be kept.\n";
    else if (!recovery.isEmpty())
      std::cerr << "convscope: asked to end. What is not saved is offered at the next start.\n";
    QCoreApplication::exit(128 + number);
  });
  lesson ? program.startLesson(word) : program.start(word);
  recovery.others().search();
  shortage.reset();
  const int status = QApplication::exec();
  if (!recovery.keeps()) recovery.forget();
  return status;
}

int runWindow(int argc, char** argv) {
  QStringList words = cli::plainWords(argc, argv);
  const bool lesson = words.value(0) == QLatin1String("--lesson");
  if (lesson) words.removeFirst();
  const QString word = io::pathOfWord(words.value(0));
  const bool option = word.startsWith('-');
  const QString refusal = option            ? QStringLiteral("there is no option '%1'").arg(io::shownPath(word)) + cli::suggestionFor(word)
                          : words.isEmpty() ? (lesson ? QStringLiteral("--lesson wants the name or the file of a lesson") : QString())
                          : lesson          ? ui::whyNoLesson(word)
                                            : ui::whyNotOpened(word);
  if (!refusal.isEmpty()) {
    std::cerr << "convscope: " << cli::printable(refusal) << "\nconvscope --help lists the commands.\n";
    return 2;
  }
  if (words.size() > 1) {
    std::cerr << "convscope: one network or file at most: '" << cli::printable(io::shownPath(words[1]))
              << "' is too many. convscope --help lists the commands.\n";
    return 2;
  }
  ui::nameProgram();
  ui::useCheckedSettings();
  std::optional<cli::ShortageWatch> shortage(std::in_place);
  std::optional<cli::DisplayGuard> guard(std::in_place, argv, cli::DisplayGuard::Otherwise::Fail);
  QApplication application(argc, argv);
  guard.reset();
  const int status = runProgram(word, lesson, shortage);
  ui::Jobs::endIfAtWork(status);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond the person's limit is an error that is told, as a full disk is
  const QString word = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
  if (word == QLatin1String("tour")) return ui::runTour(argc, argv);
  if (cli::isCommand(word)) return cli::runCli(argc, argv);
  return runWindow(argc, argv);
}
