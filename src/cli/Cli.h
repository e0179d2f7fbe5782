// ConvScope without a window: train, evaluate, predict, describe, render, generate. main() hands over when the first word names a
// command. Results go to stdout (one JSON object with --json), progress and errors to stderr; the exit status is 0 when all
// is well, 1 when it failed, 2 for wrong usage, 128 and the signal's number when one ended it early. Main thread.
#pragma once

#include <iosfwd>
#include <optional>

#include <QString>
#include <QStringList>

#include "cli/CommandLine.h"

namespace cli {

// True for the commands, and for help, --help, -h and --version.
bool isCommand(const QString& word);

QStringList commandWords();  // that may stand first: the commands, tour, help and the options that stand alone
// "; did you mean predict?" for a word that is nearly a command's, else empty.
QString suggestionFor(const QString& word);

// The words behind "convscope tour". Nullopt where help was asked for or a word is wrong, which is then told; `status` is set.
std::optional<Arguments> tourArguments(const QStringList& words, std::ostream& out, std::ostream& err, int& status);

// Makes the application object that the command needs and runs it; works without a display.
int runCli(int argc, char** argv);

// The same inside a program that has its application object: `arguments` begin with the command.
int runCommand(const QStringList& arguments, std::ostream& out, std::ostream& err);

}  // namespace cli
