// ConvScope without a window: train, evaluate, predict, describe, render, generate. main() hands over when the first word names a
// command. Results go to stdout (one JSON object with --json), progress and errors to stderr; the exit status is 0 when all
// is well, 1 when it failed, 2 for wrong usage. Main thread.
#pragma once

#include <iosfwd>

#include <QString>
#include <QStringList>

namespace cli {

// True for the commands, and for help, --help, -h and --version.
bool isCommand(const QString& word);

// Makes the application object that the command needs and runs it; works without a display.
int runCli(int argc, char** argv);

// The same inside a program that has its application object: `arguments` begin with the command.
int runCommand(const QStringList& arguments, std::ostream& out, std::ostream& err);

}  // namespace cli
