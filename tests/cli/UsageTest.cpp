// Words, help and exit statuses.
#include <gtest/gtest.h>

#include <QFile>
#include <QProcess>

#include "cli/Command.h"
#include "cli/CommandRun.h"

namespace {

using clitest::run;

TEST(Usage, TheCommandsOfTheManualAreThere) {
  for (const char* word : {"train", "evaluate", "predict", "describe", "render", "generate", "help", "--help", "--version"}) {
    EXPECT_TRUE(cli::isCommand(word)) << word;
  }
  for (const char* word : {"model.onnx", "/tmp/train", "", "--platform", "Train"}) EXPECT_FALSE(cli::isCommand(word)) << word;
}

TEST(Usage, HelpExplainsEveryOptionOfEveryCommand) {
  const clitest::Outcome general = run({"--help"});
  EXPECT_EQ(general.status, 0);
  for (const cli::Command& command : cli::commands()) {
    SCOPED_TRACE(command.name.toStdString());
    EXPECT_NE(general.out.find(command.name.toStdString()), std::string::npos);
    const clitest::Outcome help = run({command.name, "--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_TRUE(help.err.empty());
    EXPECT_NE(help.out.find(command.summary.toStdString()), std::string::npos);
    EXPECT_NE(help.out.find("--json"), std::string::npos);
    for (const cli::Option& option : command.options) {
      EXPECT_NE(help.out.find("--" + option.name.toStdString()), std::string::npos) << option.name.toStdString();
      EXPECT_TRUE(!option.help.isEmpty() || !option.choices.isEmpty()) << option.name.toStdString();
    }
  }
}

TEST(Usage, WrongUsageIsStatusTwoAndSaysWhy) {
  struct Case {
    QStringList words;
    const char* says;
  };
  const Case cases[] = {
      {{"dance"}, "no command 'dance'"},
      {{"train"}, "--data is missing"},
      {{"train", "--data", "x"}, "missing"},
      {{"train", "harley", "--data"}, "--data needs a value"},
      {{"train", "harley", "--data", "strokes", "--epochs", "many"}, "--epochs needs a whole number"},
      {{"train", "harley", "--data", "strokes", "--epochs", "0"}, "--epochs must lie between 1"},
      {{"train", "harley", "--data", "strokes", "--optimizer", "magic"}, "sgd, momentum, nesterov, rmsprop"},
      {{"train", "harley", "--data", "strokes", "--learning-rate", "nan"}, "--learning-rate"},
      {{"train", "harley", "lenet5", "--data", "strokes"}, "one word too many"},
      {{"train", "harley", "--data", "strokes", "--augment=yes"}, "takes no value"},
      {{"describe"}, "missing"},
      {{"describe", "harley", "--colour"}, "unknown option --colour"},
      {{"evaluate", "harley", "--data", "strokes", "--shift", "4"}, "--through-pad"},
      {{"evaluate", "harley", "--data", "strokes", "--scale", "0.5"}, "--through-pad"},
      {{"predict", "harley"}, "too few"},
      {{"render", "harley", "--digit", "3"}, "--out is missing"},
      {{"render", "harley", "--out", "x.png"}, "--image or --digit"},
      {{"render", "harley", "--digit", "12", "--out", "x.png"}, "--digit must lie between 0 and 9"},
      {{"render", "harley", "--digit", "3", "--size", "big", "--out", "x.png"}, "1280x800"},
      {{"render", "harley", "--digit", "3", "--size", "1x1", "--out", "x.png"}, "--size must lie"},
      {{"generate", "--out", "x"}, "--count is missing"},
  };
  for (const Case& one : cases) {
    const clitest::Outcome outcome = run(one.words);
    EXPECT_EQ(outcome.status, 2) << one.words.join(' ').toStdString();
    EXPECT_TRUE(outcome.out.empty());
    EXPECT_NE(outcome.err.find(one.says), std::string::npos) << one.words.join(' ').toStdString() << " -> " << outcome.err;
  }
}

TEST(Usage, WhatCannotBeDoneIsStatusOneAndLeavesStdoutEmpty) {
  QTemporaryDir folder;
  QFile broken(folder.filePath("broken.onnx"));
  ASSERT_TRUE(broken.open(QIODevice::WriteOnly));
  broken.write("no model");
  broken.close();
  const QStringList cases[] = {
      {"describe", "harvey"},
      {"describe", broken.fileName()},
      {"describe", folder.filePath("none.json")},
      {"evaluate", broken.fileName(), "--data", "strokes"},
      {"evaluate", "harley", "--data", folder.path()},
      {"evaluate", "harley", "--data", folder.filePath("none")},
      {"train", "softmax", "--data", folder.path()},
      {"train", "softmax", "--data", "strokes", "--out", folder.filePath("none/m.onnx")},
      {"train", "softmax", "--data", "strokes", "--out", folder.path()},
      {"predict", "harley", folder.filePath("none.png")},
      {"predict", "harley", broken.fileName()},
      {"render", "harley", "--digit", "3", "--out", folder.filePath("none/x.png")},
      {"render", "harley", "--digit", "3", "--out", folder.filePath("x.odd")},
      {"render", "harley", "--digit", "3", "--select", "conv9:1", "--out", folder.filePath("x.png")},
      {"render", "harley", "--digit", "3", "--select", "conv1:99999", "--out", folder.filePath("x.png")},
      {"generate", "--count", "3", "--out", broken.fileName() + "/x"},
  };
  for (const QStringList& words : cases) {
    const clitest::Outcome outcome = run(words + QStringList{"--json"});
    EXPECT_EQ(outcome.status, 1) << words.join(' ').toStdString() << " -> " << outcome.err;
    EXPECT_TRUE(outcome.out.empty()) << outcome.out;
    EXPECT_FALSE(outcome.err.empty());
  }
}

// The program itself, where no display is.
struct ProcessOutcome {
  int status = -1;
  QByteArray out, err;
};

ProcessOutcome runProgram(const QStringList& words) {
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) environment.remove(name);
  process.setProcessEnvironment(environment);
  process.start(QString(CONVSCOPE_BINARY_DIR) + "/convscope", words);
  EXPECT_TRUE(process.waitForFinished(60000));
  EXPECT_EQ(process.exitStatus(), QProcess::NormalExit);
  return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

TEST(Program, RunsCommandsWithoutADisplay) {
  const ProcessOutcome described = runProgram({"describe", "harley", "--json"});
  EXPECT_EQ(described.status, 0) << described.err.toStdString();
  EXPECT_EQ(QJsonDocument::fromJson(described.out).object().value("layers").toArray().size(), 9);
  EXPECT_EQ(runProgram({"describe", "harvey"}).status, 1);
  EXPECT_EQ(runProgram({"train"}).status, 2);
  QTemporaryDir folder;
  const ProcessOutcome rendered =
      runProgram({"render", "harley", "--digit", "7", "--size", "400x300", "--out", folder.filePath("x.png"), "--json"});
  EXPECT_EQ(rendered.status, 0) << rendered.err.toStdString();
  EXPECT_EQ(QJsonDocument::fromJson(rendered.out).object().value("width").toInt(), 400);
  EXPECT_TRUE(QFile::exists(folder.filePath("x.png")));
}

}  // namespace
