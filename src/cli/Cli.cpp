#include "cli/Cli.h"

#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <unistd.h>

#include <QGuiApplication>
#include <QJsonDocument>

#include "cli/Command.h"
#include "nn/Error.h"
#include "nn/Optimizer.h"

namespace cli {

namespace {

constexpr const char* kVersion = "0.1.0";

enum Status { kFine = 0, kFailed = 1, kWrongUsage = 2 };

const Command* findCommand(const QString& word) {
  for (const Command& command : commands()) {
    if (command.name == word) return &command;
  }
  return nullptr;
}

QString generalHelp() {
  QString text =
      "ConvScope shows a convolutional neural network at work.\n\n"
      "  convscope [FILE]                opens the window, with a model if one is given\n"
      "  convscope tour --out DIR        opens the window, acts on it by itself and keeps pictures of it\n"
      "  convscope COMMAND ...           works without a window\n\nCommands:\n";
  for (const Command& command : commands()) text += "  " + command.name.leftJustified(10) + command.summary + "\n";
  return text + "\nconvscope COMMAND --help explains each.\n";
}

QString helpOf(const Command& command) {
  QString text = "Usage: convscope " + command.name + (command.operands.isEmpty() ? "" : " " + command.operands) + " [options]\n\n" +
                 command.summary + "\n";
  if (!command.details.isEmpty()) text += "\n" + command.details + "\n";
  return text + "\nOptions:\n" + helpOf(command.options) +
         "  --json                      Prints one JSON object on stdout instead of text.\n"
         "  --help                      Prints this.\n";
}

int runOne(const Command& command, QStringList words, std::ostream& out, std::ostream& err) {
  if (words.contains("--help") || words.contains("-h")) {
    out << helpOf(command).toStdString();
    return kFine;
  }
  const bool json = words.removeAll("--json") > 0;
  try {
    const Arguments arguments = Arguments::parse(words, command.options, command.fewestOperands, command.mostOperands);
    command.run(arguments, Output{out, err, json, &err == &std::cerr && isatty(STDERR_FILENO) == 1});
    out.flush();
    if (!out) throw nn::Error("the result cannot be written", "stdout");
    return kFine;
  } catch (const UsageError& error) {
    err << "convscope " << command.name.toStdString() << ": " << error.what.toStdString() << "\nTry: convscope "
        << command.name.toStdString() << " --help\n";
    return kWrongUsage;
  } catch (const nn::Error& error) {
    err << "convscope " << command.name.toStdString() << ": " << error.message() << "\n";
  } catch (const std::bad_alloc&) {
    err << "convscope " << command.name.toStdString() << ": there is not enough memory for this\n";
  } catch (const std::exception& error) {
    err << "convscope " << command.name.toStdString() << ": " << error.what() << "\n";
  }
  return kFailed;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all{trainCommand(),    evaluateCommand(), predictCommand(),
                                        describeCommand(), renderCommand(),   generateCommand()};
  return all;
}

void Output::passing(const QString& line) const {
  if (terminal) err << "\r\033[K" << line.toStdString() << std::flush;
}

void Output::progress(const QString& line) const {
  err << (terminal ? "\r\033[K" : "") << line.toStdString() << std::endl;
}

void Output::result(const QJsonObject& object, const QString& text) const {
  if (json)
    out << QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString() << "\n";
  else
    out << text.toStdString();
}

Option dataOption() {
  Option option{"data", Kind::Text, "SOURCE",
                "A folder of IDX files (MNIST's names, gzipped or not) or with a folder of pictures for each class, or the word strokes."};
  option.required = true;
  return option;
}
Option seedOption() {
  return {"seed", Kind::Whole, "N", "Decides everything random.", "1", 0};
}
Option threadsOption() {
  return {"threads", Kind::Whole, "N", "Threads to compute with; 0: all cores.", "0", 0, 1024};
}
Option batchSizeOption() {
  return {"batch-size", Kind::Whole, "N", "Images per step.", "64", 1, 65536};
}
Option optimizerOption() {
  Option option{"optimizer", Kind::Text, "NAME", "", "adam"};
  for (const nn::OptimizerKind kind : nn::optimizerKinds()) option.choices << QString::fromStdString(std::string(nn::optimizerName(kind)));
  return option;
}

bool isCommand(const QString& word) {
  static const QStringList general{"help", "--help", "-h", "--version"};
  return general.contains(word) || findCommand(word);
}

int runCommand(const QStringList& arguments, std::ostream& out, std::ostream& err) {
  const QString word = arguments.value(0);
  if (word == "--version") {
    out << "ConvScope " << kVersion << "\n";
    return kFine;
  }
  if (word == "help" || word == "--help" || word == "-h") {
    const Command* topic = findCommand(arguments.value(1));
    out << (topic ? helpOf(*topic) : generalHelp()).toStdString();
    return kFine;
  }
  const Command* command = findCommand(word);
  if (!command) {
    err << "convscope: there is no command '" << word.toStdString() << "'\n" << generalHelp().toStdString();
    return kWrongUsage;
  }
  return runOne(*command, arguments.mid(1), out, err);
}

int runCli(int argc, char** argv) {
  QStringList arguments;
  for (int i = 1; i < argc; ++i) arguments << QString::fromLocal8Bit(argv[i]);
  const Command* command = findCommand(arguments.value(0));
  if (!command || !command->needsFonts) {
    QCoreApplication application(argc, argv);
    return runCommand(arguments, std::cout, std::cerr);
  }
  // Without a display, pictures are still drawn.
  if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") &&
      qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  QGuiApplication application(argc, argv);
  return runCommand(arguments, std::cout, std::cerr);
}

}  // namespace cli
