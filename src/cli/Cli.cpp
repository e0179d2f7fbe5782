#include "cli/Cli.h"

#include <algorithm>
#include <clocale>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <unistd.h>
#include <utility>

#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include "analysis/Assumptions.h"
#include "cli/Command.h"
#include "cli/Display.h"
#include "cli/Interruption.h"
#include "cli/Printable.h"
#include "cli/Shortage.h"
#include "io/ClassLists.h"
#include "io/FileNames.h"
#include "io/Files.h"
#include "io/PictureFile.h"
#include "io/datasets/DataWord.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"
#include "scene/text/Text.h"
#include "tasks/Task.h"
#include "train/InputPresets.h"

namespace cli {

namespace {

constexpr const char* kVersion = "0.1.0";

enum Status { kFine = 0, kFailed = 1, kWrongUsage = 2, kSignalled = 128 };

const Command* findCommand(const QString& word) {
  for (const Command& command : commands()) {
    if (command.name == word) return &command;
  }
  return nullptr;
}

QString generalHelp() {
  QString text =
      "ConvScope shows a convolutional neural network at work.\n\n"
      "  convscope [NETWORK|FILE]        opens the window, with a network by name (resnet50), a model or a picture if one is given\n"
      "  convscope --lesson NAME|FILE    the same with a lesson: one by name (01-convolution), or a file of your own (.md)\n"
      "  convscope tour --out DIR        opens the window, acts on it by itself and keeps pictures of it\n"
      "  convscope COMMAND ...           works without a window\n\nCommands:\n";
  for (const Command& command : commands()) text += "  " + command.name.leftJustified(10) + command.summary + "\n";
  return text + "\nconvscope COMMAND --help explains each.\n";
}

QString commandHelp(const Command& command) {
  QString text = "Usage: convscope " + command.name + (command.operands.isEmpty() ? "" : " " + command.operands) + " [options]\n\n" +
                 command.summary + "\n";
  if (!command.details.isEmpty()) text += "\n" + command.details + "\n";
  const QString json = "  --json                      Prints one JSON object on stdout instead of text.\n";
  return text + "\nOptions:\n" + helpOf(command.options) + (command.run ? json : QString()) +
         "  --help                      Prints this.\n";
}

// The words that are no operands, up to a lone "--".
bool asksForHelp(const QStringList& words) {
  const QStringList options = words.mid(0, words.indexOf("--"));
  return options.contains("--help") || options.contains("-h");
}

// For an option that is not there: the nearest that is, or the command that it belongs to.
QString adviceFor(const UsageError& error, const Command& command) {
  if (error.unknownOption.isEmpty()) return {};
  QStringList own{"help"}, owners;
  if (command.run) own << "json";
  for (const Option& option : command.options) own << option.name;
  for (const Command& other : commands())
    for (const Option& option : other.options)
      if (option.name == error.unknownOption) owners << other.name;
  if (const QString near = nearest(error.unknownOption, own); !near.isEmpty()) return "; did you mean --" + near + "?";
  return owners.isEmpty() ? QString() : "; it is an option of " + owners.join(", ");
}

int wrongUsage(const QString& command, const QString& what, std::ostream& err) {
  const std::string name = "convscope" + (command.isEmpty() ? "" : " " + command.toStdString());
  err << name << ": " << printable(what) << "\nTry: " << name << " --help\n";
  return kWrongUsage;
}

// A model that is trained further may give way to what it becomes, and a checkpoint to the next one.
bool givesWay(const Command& command, const QString& read, const QString& written) {
  return (command.name == "train" && read == "NETWORK" && written == "out") || (read == "--resume" && written == "checkpoint");
}

// What is read, or written under another option, is never written over, also where a link leads to it.
void checkWritten(const Command& command, const Arguments& arguments) {
  QList<std::pair<QString, QString>> named;  // how it is called, and the file
  const QStringList operandNames = QString(command.operands).remove(QRegularExpression("[\\[\\].]")).split(' ');
  for (qsizetype i = 0; i < arguments.operands().size(); ++i)
    named << std::pair(operandNames.value(std::min(i, operandNames.size() - 1)), arguments.operands()[i]);
  for (const Option& option : command.options)
    if (namesFile(option)) named << std::pair("--" + option.name, arguments.text(option.name));
  for (const QString written : {"out", "recipe", "checkpoint"}) {
    const QString file = arguments.text(written);
    if (io::hasOddBytes(file))
      throw nn::Error("nothing can be written under a name that is not UTF-8", io::shownName(file),
                      "Choose another --" + written.toStdString());
    for (const auto& [name, other] : named)
      if (name != "--" + written && io::isSameFile(other, file) && !givesWay(command, name, written))
        throw UsageError{QString("%1 and --%2 name the same file").arg(name, written)};
  }
}

int runOne(const Command& command, const QStringList& words, std::ostream& out, std::ostream& err) {
  if (asksForHelp(words)) {
    out << commandHelp(command).toStdString();
    return kFine;
  }
  try {
    std::vector<Option> options = command.options;
    options.push_back({"json", Kind::Flag, {}, {}});
    const Arguments arguments = Arguments::parse(words, options, command.fewestOperands, command.mostOperands, command.operands);
    checkWritten(command, arguments);
    const Output output{out, err, arguments.has("json"), &err == &std::cerr && isatty(STDERR_FILENO) == 1};
    for (const QString& note : arguments.notes()) output.note(note);
    command.run(arguments, output);
    return kFine;
  } catch (const Interrupted& interrupted) {
    return kSignalled + interrupted.signal;
  } catch (const UsageError& error) {
    return wrongUsage(command.name, error.what + adviceFor(error, command), err);
  } catch (const nn::Error& error) {
    err << "convscope " << command.name.toStdString() << ": " << printable(QString::fromStdString(error.message())) << "\n";
  } catch (const std::bad_alloc&) {
    err << "convscope " << command.name.toStdString() << ": there is not enough memory for this\n";
  } catch (const std::exception& error) {
    err << "convscope " << command.name.toStdString() << ": " << printable(error.what()) << "\n";
  }
  return kFailed;
}

QString noCommand(const QString& word) {
  return word.isEmpty() ? "the name of the command is empty" : "there is no command '" + word + "'" + suggestionFor(word);
}

int runHelp(const QStringList& topics, std::ostream& out, std::ostream& err) {
  if (topics.size() > 1) return wrongUsage({}, "one word too many: '" + topics[1] + "'", err);
  if (topics.value(0) == "help") return runHelp({}, out, err);
  const Command* topic = topics.isEmpty() ? nullptr : findCommand(topics.front());
  if (topics.value(0) == "tour") {
    out << commandHelp(tourCommand()).toStdString();
    return kFine;
  }
  if (!topics.isEmpty() && !topic) return wrongUsage({}, noCommand(topics.front()), err);
  out << (topic ? commandHelp(*topic) : generalHelp()).toStdString();
  return kFine;
}

int answer(const QStringList& arguments, std::ostream& out, std::ostream& err) {
  const QString word = arguments.value(0);
  if (word == "--version") {
    if (arguments.size() > 1) return wrongUsage({}, "one word too many: '" + arguments[1] + "'", err);
    out << "ConvScope " << kVersion << "\n";
    return kFine;
  }
  if (word == "help" || word == "--help" || word == "-h") return runHelp(arguments.mid(1), out, err);
  const Command* command = findCommand(word);
  if (!command) return wrongUsage({}, noCommand(word), err);
  return runOne(*command, arguments.mid(1), out, err);
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all{trainCommand(),  evaluateCommand(), predictCommand(), describeCommand(),
                                        renderCommand(), explainCommand(),  generateCommand()};
  return all;
}

void Output::passing(const QString& line) const {
  if (terminal) err << "\r\033[K" << printable(line) << std::flush;
}

data::Progress Output::progressOf(const QString& what) const {
  if (!terminal) return {};
  return [this, what, shown = QString()](double share) mutable {
    const QString line = what + ": " + QString::fromStdString(scene::percent(share, 0));
    if (std::exchange(shown, line) != line) passing(line);
    return true;
  };
}

void Output::progress(const QString& line) const {
  err << (terminal ? "\r\033[K" : "") << printable(line) << std::endl;
}

void Output::note(const QString& text) const {
  if (notes.contains(text)) return;
  progress("note: " + text);
  notes << text;
}

void Output::noteIfAny(const std::string& text) const {
  if (!text.empty()) note(QString::fromStdString(text));
}

void Output::result(const QJsonObject& object, const QString& text) const {
  QJsonObject noted = object;
  noted["notes"] = QJsonArray::fromStringList(notes);
  if (json)
    out << printable(QString::fromUtf8(QJsonDocument(noted).toJson(QJsonDocument::Compact))) << "\n";
  else
    out << printableLines(text);
}

io::Model loadNotedModel(const QString& nameOrPath, const Output& output) {
  io::Model model = io::loadModel(nameOrPath);
  for (const std::string& note : model.notes) output.noteIfAny(note);
  return model;
}

io::Model loadNotedModel(const QString& nameOrPath, const Arguments& arguments, const Output& output) {
  io::Model model = loadNotedModel(nameOrPath, output);
  const std::string words = arguments.text("input").toStdString();
  const QString classes = arguments.text("classes");
  if (words.empty() && classes.isEmpty()) return model;
  nn::NetworkSpec spec = model.network->spec();
  if (!classes.isEmpty()) {
    spec.classNames = io::classNamesOf(classes);
    io::requireClassNames(spec.classNames, std::size_t(tasks::classCount(*model.network)), "--classes");
    model.network = nn::Network::create(spec);
  }
  if (words.empty()) return model;
  const std::optional<nn::InputSpec> input = train::inputOfWords(words, spec.input);
  if (!input)
    throw UsageError{QString("--input '%1' is none of: %2").arg(arguments.text("input"), QString::fromStdString(train::inputWords()))};
  spec.input = *input;
  model.calibration = {};  // its pictures are others now
  model.network = nn::Network::create(spec);
  return model;
}

data::Picture readNotedPicture(const QString& path, const Output& output) {
  std::string unread;
  data::Picture picture = io::readPicture(path, &unread);
  if (!unread.empty()) output.noteIfAny(io::shownName(path) + ": " + unread);
  return picture;
}

void noteNamedData(const Arguments& arguments, const Output& output) {
  const QString word = io::DataWord(arguments.text("data")).place;
  if (io::namesDataset(word) && io::isFolder(word))
    output.note(QString("--data %1 is the data set %2; the folder of that name is --data %1/").arg(word, io::findDataset(word)->title));
}

void noteOutputs(const nn::Network& network, const Output& output) {
  output.noteIfAny(analysis::whichOutputAnswers(network));
  output.noteIfAny(analysis::unreadInputs(network));
}

Option dataOption() {
  QStringList names;
  for (const io::DatasetInfo& set : io::datasets())
    if (!set.asksForFolder()) names << QString("%1 (%2)").arg(set.id, set.title);
  Option option{"data", Kind::Text, "SOURCE",
                QString("%1 Or by name: %2. Several are joined by +: mnist+strokes. inverted:SOURCE exchanges black and white.")
                    .arg(io::folderDataset().help, names.join(", "))};
  option.required = true;
  return option;
}
Option inputOption() {
  QStringList meanings;
  for (const train::InputPreset& preset : train::inputPresets())
    meanings << QString::fromStdString(preset.name + " (" + preset.meaning + ")");
  return {"input", Kind::Text, "WORDS",
          "What the model's input stands for, instead of what its file says: " + meanings.join(", ") +
              "; and, behind a comma or alone, light (ink on dark) or dark (ink on light)."};
}
Option classesOption() {
  QStringList known;
  for (const io::ClassList& list : io::knownClassLists()) known << QLatin1String(list.word);
  return {
      "classes", Kind::Text, "NAMES",
      "The names of the model's classes, instead of what its file says: a file with one on each line, names with commas between them, or " +
          known.join(", ") + "."};
}
Option seedOption() {
  return {"seed", Kind::Whole, "N", "Decides everything random.", "1", 0};
}
Option threadsOption() {
  return {"threads", Kind::Whole, "N", "Threads to compute with; 0: all cores.", "0", 0, 1024};
}
bool isCommand(const QString& word) {
  static const QStringList general{"help", "--help", "-h", "--version"};
  return general.contains(word) || findCommand(word);
}

QStringList commandWords() {
  QStringList words{"help", "tour", "--help", "--version"};
  for (const Command& command : commands()) words << command.name;
  return words;
}

QString suggestionFor(const QString& word) {
  const QString near = nearest(word, commandWords());
  return near.isEmpty() ? QString() : "; did you mean " + near + "?";
}

Command tourCommand() {
  Command command;
  command.name = "tour";
  command.summary = "Opens the window, acts on it by itself and keeps pictures of it.";
  command.details = "It needs a display, or Xvfb: xvfb-run -a -s \"-screen 0 1280x800x24\" convscope tour --out DIR";
  Option out{"out", Kind::Text, "DIR", "The folder for the pictures; made when it is not there."};
  out.required = true;
  command.options = {out,
                     {"size", Kind::Size, "WxH", "Of the window, in pixels.", "1280x800", 200, 8192},
                     {"theme", Kind::Text, "NAME", "", "dark", 0, 0, {"dark", "light"}}};
  return command;
}

std::optional<Arguments> tourArguments(const QStringList& words, std::ostream& out, std::ostream& err, int& status) {
  const Command tour = tourCommand();
  status = kFine;
  if (asksForHelp(words)) {
    out << commandHelp(tour).toStdString();
    return std::nullopt;
  }
  try {
    Arguments arguments = Arguments::parse(words, tour.options, 0, 0);
    for (const QString& note : arguments.notes()) err << "note: " << printable(note) << "\n";
    return arguments;
  } catch (const UsageError& error) {
    status = wrongUsage(tour.name, error.what + adviceFor(error, tour), err);
    return std::nullopt;
  }
}

int runCommand(const QStringList& arguments, std::ostream& out, std::ostream& err) {
  const int status = answer(arguments, out, err);
  out.flush();
  if (out || status != kFine) return status;
  err << "convscope: the result cannot be written to stdout\n";
  return kFailed;
}

namespace {

// What failed may have failed for want of memory, and the end of a program wants some.
int ended(int status) {
  if (status == kFailed) endNow(status);
  return status;
}

}  // namespace

int runCli(int argc, char** argv) {
  const ShortageWatch watch;
  qputenv("QT_NO_GLIB", "1");                          // nothing here needs its events, and where it lacks memory it aborts
  QCoreApplication::setOrganizationName("ConvScope");  // as of the window, which has downloaded what is found here
  QCoreApplication::setApplicationName("ConvScope");
  QStringList arguments;
  for (int i = 1; i < argc; ++i) arguments << io::pathOfBytes(argv[i]);
  const Command* command = findCommand(arguments.value(0));
  int one = 1;  // Qt takes no words of ours for its own, but sets the person's locale, while numbers have a point everywhere
  if (!command || command->needs == Needs::Nothing || asksForHelp(arguments)) {
    QCoreApplication application(one, argv);
    std::setlocale(LC_NUMERIC, "C");
    return ended(runCommand(arguments, std::cout, std::cerr));
  }
  // Nobody has to have a display: what is read and drawn needs fonts at most. One that is there is used for its OpenGL.
  const bool display = !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") ||
                       !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
  if (command->needs == Needs::Fonts)
    qputenv("QT_QPA_PLATFORM", "offscreen");
  else if (!display)
    doWithoutDisplay();
  std::optional<DisplayGuard> guard(std::in_place, argv, DisplayGuard::Otherwise::DrawWithoutOne);
  QGuiApplication application(one, argv);
  guard.reset();
  std::setlocale(LC_NUMERIC, "C");
  return ended(runCommand(arguments, std::cout, std::cerr));
}

}  // namespace cli
