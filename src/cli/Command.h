// One command as a row: its words for the help, its options, and the function that runs it. Each lives in a file of its own.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <QJsonObject>

#include "cli/CommandLine.h"
#include "data/Preprocessing.h"
#include "data/StrokeDigits.h"
#include "io/Model.h"

namespace cli {

// Where a command writes, and how.
struct Output {
  std::ostream& out;
  std::ostream& err;
  bool json = false;
  bool terminal = false;           // somebody watches err: a line may be written over
  mutable QStringList notes = {};  // so far

  void passing(const QString& line) const;               // over the line before; on a terminal only
  data::Progress progressOf(const QString& what) const;  // tells in passing how much of it is done; empty where nobody watches
  void progress(const QString& line) const;              // a line on err that stays
  // What a person must know to read the result rightly: a line on err, and among the "notes" of the JSON.
  void note(const QString& text) const;
  void noteIfAny(const std::string& text) const;  // nothing where it is empty
  // With --json: the object, one line, with all notes. Else: the text.
  void result(const QJsonObject& object, const QString& text) const;
};

// Of the application object.
enum class Needs {
  Nothing,
  Fonts,   // reads pictures, and an SVG may hold text; never a display
  OpenGL,  // draws scenes: with a display where one can be used
};

struct Command {
  QString name;
  QString operands;  // "NETWORK"
  QString summary;   // one sentence
  QString details;   // further paragraphs of the help; may be empty
  std::vector<Option> options;
  int fewestOperands = 0;
  int mostOperands = 0;  // -1: any number
  Needs needs = Needs::Nothing;
  void (*run)(const Arguments& arguments, const Output& output) = nullptr;  // throws nn::Error, UsageError
};

Command trainCommand();
Command evaluateCommand();
Command predictCommand();
Command describeCommand();
Command renderCommand();
Command explainCommand();
Command generateCommand();
Command tourCommand();  // for its words alone: the window, and so its run, is not the command line's

const std::vector<Command>& commands();

// A model by name or file (io/Model.h), with a note for all that was approximated or left out.
io::Model loadNotedModel(const QString& nameOrPath, const Output& output);
// The same, given what --input says instead of what its file says.
io::Model loadNotedModel(const QString& nameOrPath, const Arguments& arguments, const Output& output);
// A picture from a file, with a note where not all of it was understood.
data::Picture readNotedPicture(const QString& path, const Output& output);
// Notes that a folder here has the name of the data set that is taken.
void noteNamedData(const Arguments& arguments, const Output& output);
// Notes which of several outputs counts.
void noteOutputs(const nn::Network& network, const Output& output);

// Rows that several commands share.
Option dataOption();
Option inputOption();
Option classesOption();
Option seedOption();
Option threadsOption();
Option recipeOption(const char* field);  // from its row (train/recipe/Recipe.h)

}  // namespace cli
