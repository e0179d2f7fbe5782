// One command as a row: its words for the help, its options, and the function that runs it. Each lives in a file of its own.
#pragma once

#include <iosfwd>
#include <vector>

#include <QJsonObject>

#include "cli/CommandLine.h"

namespace cli {

// Where a command writes, and how.
struct Output {
  std::ostream& out;
  std::ostream& err;
  bool json = false;
  bool terminal = false;  // somebody watches err: a line may be written over

  void passing(const QString& line) const;   // over the line before; on a terminal only
  void progress(const QString& line) const;  // a line on err that stays
  // With --json: the object, one line. Else: the text.
  void result(const QJsonObject& object, const QString& text) const;
};

struct Command {
  QString name;
  QString operands;  // "NETWORK"
  QString summary;   // one sentence
  QString details;   // further paragraphs of the help; may be empty
  std::vector<Option> options;
  int fewestOperands = 0;
  int mostOperands = 0;                                                     // -1: any number
  bool needsFonts = false;                                                  // a QGuiApplication
  void (*run)(const Arguments& arguments, const Output& output) = nullptr;  // throws nn::Error
};

Command trainCommand();
Command evaluateCommand();
Command predictCommand();
Command describeCommand();
Command renderCommand();
Command generateCommand();

const std::vector<Command>& commands();

// Rows that several commands share.
Option dataOption();
Option seedOption();
Option threadsOption();
Option batchSizeOption();
Option optimizerOption();

}  // namespace cli
