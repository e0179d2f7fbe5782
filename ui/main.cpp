// The program's beginning: a command word goes to the command line, everything else to the window.

#include <iostream>

#include <QApplication>
#include <QFileInfo>

#include "cli/Cli.h"
#include "ui/Program.h"
#include "ui/Tour.h"

namespace {

int runWindow(int argc, char** argv) {
  ui::nameProgram();
  QApplication application(argc, argv);
  const QStringList arguments = QApplication::arguments();
  if (arguments.size() > 2) {
    std::cerr << "convscope: one file at most. convscope --help lists the commands.\n";
    return 2;
  }
  const QString path = arguments.value(1);
  if (path.startsWith('-') || (!path.isEmpty() && !QFileInfo::exists(path))) {
    std::cerr << "convscope: " << path.toStdString() << " is neither a command nor a file. convscope --help lists the commands.\n";
    return 2;
  }
  ui::Program program;
  program.start(path);
  return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
  const QString word = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
  if (word == QLatin1String("tour")) return ui::runTour(argc, argv);
  if (cli::isCommand(word)) return cli::runCli(argc, argv);
  return runWindow(argc, argv);
}
