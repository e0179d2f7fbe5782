#include <QApplication>

#include "cli/Cli.h"

int main(int argc, char** argv) {
  if (argc > 1 && cli::isCommand(QString::fromLocal8Bit(argv[1]))) return cli::runCli(argc, argv);
  QApplication application(argc, argv);
  return 0;
}
