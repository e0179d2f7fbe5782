// Words, help and exit statuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include <QDir>
#include <QFile>

#include "cli/Command.h"
#include "cli/CommandRun.h"
#include "cli/TrainOptions.h"
#include "io/Files.h"
#include "train/recipe/Recipe.h"

namespace {

using clitest::run;

TEST(Usage, TheCommandsOfTheManualAreThere) {
  for (const char* word : {"train", "evaluate", "predict", "describe", "render", "explain", "generate", "help", "--help", "--version"}) {
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

// What decides over the weights is a row, which brings its place in the window, in recipes and in checkpoints along; an option by itself
// has none of these.
TEST(Usage, EveryOptionOfTrainIsARowOfTheRecipeOrDecidesNothingOfTheRun) {
  std::set<std::string> rows, others;
  for (const train::RecipeField& row : train::recipeFields()) rows.insert(row.info.name);
  for (const cli::Option& option : cli::trainOptions())
    if (const std::string name = option.name.toStdString(); rows.erase(name) == 0) others.insert(name);
  EXPECT_EQ(others,
            (std::set<std::string>{"augment", "checkpoint", "checkpoint-every", "data", "new-head", "out", "recipe", "resume", "threads"}))
      << "augment: the usual ones of several rows; new-head: of the network, and a key of the recipe's file beside it";
  EXPECT_EQ(rows, std::set<std::string>()) << "rows that are no options";
}

struct Refused {
  QStringList words;
  const char* says;
};

void expectTold(const Refused& wrong) {
  const std::string words = wrong.words.join(' ').toStdString();
  const clitest::Outcome outcome = run(wrong.words);
  EXPECT_EQ(outcome.status, 2) << words;
  EXPECT_TRUE(outcome.out.empty());
  EXPECT_NE(outcome.err.find(wrong.says), std::string::npos) << words << " -> " << outcome.err;
}

TEST(Usage, WrongUsageIsStatusTwoAndSaysWhy) {
  const Refused cases[] = {
      {{"dance"}, "no command 'dance'"},
      {{"train"}, "--data is missing"},
      {{"train", "--data", "x"}, "NETWORK is missing"},
      {{"train", "--recipe", "/none/r.json"}, "--data is missing, and there is no /none/r.json to take it from"},
      {{"train", "--data", "x", "--recipe", "/none/r.json"}, "NETWORK is missing, and there is no /none/r.json to take it from"},
      {{"train", "harley", "--data"}, "--data needs a value"},
      {{"train", "harley", "--data", "strokes", "--epochs", "many"}, "--epochs needs a whole number"},
      {{"train", "harley", "--data", "strokes", "--epochs", "0"}, "--epochs must lie between 1"},
      {{"train", "harley", "--data", "strokes", "--optimizer", "magic"}, "sgd, momentum, nesterov, rmsprop"},
      {{"train", "harley", "--data", "strokes", "--learning-rate", "nan"}, "--learning-rate"},
      {{"train", "harley", "lenet5", "--data", "strokes"}, "one word too many"},
      {{"train", "harley", "--data", "strokes", "--augment=yes"}, "takes no value"},
      {{"describe"}, "missing"},
      {{"describe", "harley", "--color"}, "unknown option --color"},
      {{"evaluate", "harley", "--data", "strokes", "--shift", "4"}, "--through-pad"},
      {{"evaluate", "harley", "--data", "strokes", "--scale", "0.5"}, "--through-pad"},
      {{"predict", "harley"}, "IMAGE... is missing"},
      {{"render", "harley", "--digit", "3"}, "--out is missing"},
      {{"render", "harley", "--out", "x.png"}, "--image or --digit"},
      {{"render", "harley", "--image", "x.png", "--out", "./x.png"}, "--image and --out name the same file"},
      {{"render", "harley", "--digit", "12", "--out", "x.png"}, "--digit must lie between 0 and 9"},
      {{"render", "harley", "--digit", "3", "--size", "big", "--out", "x.png"}, "1280x800"},
      {{"render", "harley", "--digit", "3", "--size", "1x1", "--out", "x.png"}, "--size must lie"},
      {{"generate", "--out", "x"}, "--count is missing"},
  };
  for (const Refused& each : cases) expectTold(each);
}

// Nothing that a person wrote is passed over; the word that was wrong stands in the message.
TEST(Usage, NoWordIsIgnored) {
  const QStringList train{"train", "tiny", "--data", "strokes"}, evaluate{"evaluate", "harley", "--data", "strokes"},
      render{"render", "harley", "--digit", "3", "--out", QDir::temp().filePath("not-written.png")};
  const Refused cases[] = {
      {{"train", "tiny", "--data", "--epochs", "3"}, "--data needs a value, and --epochs stands there"},
      {{"train", "tiny", "--data="}, "--data needs a value, and an empty one"},
      {{"train", "", "--data", "strokes"}, "empty"},
      {train + QStringList{"-epochs", "3"}, "unknown option -epochs; options begin with two dashes; did you mean --epochs?"},
      {train + QStringList{"--seed", "-1"}, "--seed must lie between 0 and 9007199254740991, not '-1'"},
      {train + QStringList{"--seed", "99999999999999999999"}, "too large a number: '99999999999999999999'"},
      {train + QStringList{"--learning-rate", "0,01"}, "decimals are written with a point"},
      {train + QStringList{"--shift", "3"}, "unknown option --shift; it is an option of evaluate"},
      {train + QStringList{"--epoch", "3"}, "unknown option --epoch; did you mean --epochs?"},
      {train + QStringList{"--json=yes"}, "--json takes no value, and 'yes' stands there"},
      {train + QStringList{"--decay", "0.1"}, "--decay needs the schedule step or exponential"},
      {train + QStringList{"--schedule", "exponential", "--decay-every", "2"}, "--decay-every needs the schedule step"},
      {train + QStringList{"--schedule", "step", "--decay-every", "20"}, "--decay-every has no effect"},
      {train + QStringList{"--loss", "hinge", "--label-smoothing", "0.1"}, "--label-smoothing needs the loss cross-entropy"},
      {train + QStringList{"--freeze", " ,"}, "--freeze names no layer"},
      {train + QStringList{"--freeze", "conv,,dense"}, "--freeze names no layer before, between or behind its commas: 'conv,,dense'"},
      {train + QStringList{"--freeze", "conv,"}, "--freeze names no layer before, between"},
      {train + QStringList{"--optimizer", "adm"}, "not 'adm'"},
      {train + QStringList{"--clip", "1e-50"}, "--clip is too small a number"},
      {train + QStringList{"--momentum", "0.5"}, "--momentum needs the optimizer momentum or nesterov"},
      {train + QStringList{"--optimizer", "sgd", "--epsilon", "1e-7"}, "--epsilon needs an optimizer that scales its steps"},
      {train + QStringList{"--checkpoint-every", "2"}, "--checkpoint-every needs --checkpoint"},
      {train + QStringList{"--recipe", "r.json", "--resume", "c"}, "--recipe and --resume exclude each other"},
      {train + QStringList{"--out", "m.onnx", "--checkpoint", "./m.onnx"}, "--checkpoint and --out name the same file"},
      {train + QStringList{"--out", "m.onnx", "--checkpoint", "m.best.onnx"}, "the file of the best epoch"},
      {evaluate + QStringList{"--shift", "0"}, "--shift needs --through-pad"},
      {evaluate + QStringList{"--unprepared"}, "--unprepared needs --through-pad"},
      {render + QStringList{"--against", "3"}, "--against needs --trace"},
      {render + QStringList{"--trace", "--against", "10"}, "there is no class 10; they are 0 to 9"},
      {render + QStringList{"--trace", "--against", "3"}, "--against 3 is the class that is traced itself"},
      {render + QStringList{"--trace", "--select", "conv1:5", "--against", "4"}, "--select names none"},
      {render + QStringList{"--step", "3"}, "--step needs --play"},
      {render + QStringList{"--play", "forward-pass", "--step", "100"}, "not '100'"},
      {render + QStringList{"--play", "sliding-window", "--select", "conv1:5", "--step", "784"}, "--step must lie between 0 and 783"},
      {render + QStringList{"--each-product"}, "--each-product needs --play sliding-window"},
      {render + QStringList{"--play", "forward-pass", "--each-product"}, "--each-product needs --play sliding-window"},
      {render + QStringList{"--play", "forward-pass", "--select", "conv1:5"}, "--select has no effect with --play forward-pass"},
      {render + QStringList{"--play", "forward-pass", "--trace"}, "--trace and --play exclude each other"},
      {render + QStringList{"--edges", "out"}, "--edges needs --select"},
      {render + QStringList{"--strongest", "5"}, "--strongest needs --select"},
      {render + QStringList{"--trace", "--select", "conv1:5", "--measure", "weight"}, "--measure has no effect with --trace"},
      {render + QStringList{"--image", "y.png"}, "not both"},
      {{"render", "harley", "--image", "y.png", "--seed", "3", "--out", "x.png"}, "--seed goes with --digit"},
      {{"render", "m.onnx", "--digit", "3", "--out", "./m.onnx"}, "MODEL and --out name the same file"},
      {{"explain", "m.png", "three.png", "--method", "trace", "--out", "./m.png"}, "MODEL and --out name the same file"},
      {{"generate", "--model", "g.png", "--count", "4", "--out", "./g.png"}, "--model and --out name the same file"},
      {{"train", "--resume", "c.onnx", "--out", "./c.onnx"}, "--resume and --out name the same file"},
      {train + QStringList{"--recipe", "r.onnx", "--out", "./r.onnx"}, "--recipe and --out name the same file"},
      {{"train", "lenet5", "--data", "d.onnx", "--out", "./d.onnx"}, "--data and --out name the same file"},
      {render + QStringList{"--play", "forward-pass", "--step", "-1"}, "--step must be at least 0"},
      {train + QStringList{"--freeze"}, "--freeze needs a value, which may be empty"},
      {render + QStringList{"--select", "conv1:1,2"}, "one number behind the layer, LAYER:UNIT, or three"},
      {{"explain", "harley", "x.png", "--method", "trace", "--theme", "light"}, "--theme needs --out"},
      {{"explain", "harley", "x.png", "--method", "trace", "--size", "500x500"}, "--size needs --out"},
      {{"explain", "harley", "x.png", "--method", "trace", "--out", "y.png", "--size", "320x320"}, "--size must lie between 480"},
      {render + QStringList{"--size", "0x0"}, "not '0x0'"},
      {render + QStringList{"--size", "640x"}, "not '640x'"},
      {{"generate", "here", "--count", "3", "--out", "x"}, "one word too many: 'here'"},
      {{"--version", "now"}, "one word too many: 'now'"},
      {{"help", "train", "now"}, "one word too many: 'now'"},
      {{"help", "predct"}, "no command 'predct'; did you mean predict?"},
  };
  for (const Refused& each : cases) expectTold(each);
}

TEST(Usage, ASlipIsMetByTheNearestCommand) {
  for (const auto& [slip, meant] : {std::pair("predct", "predict"),
                                    {"Train", "train"},
                                    {"eval", "evaluate"},
                                    {"redner", "render"},
                                    {"tuor", "tour"},
                                    {"--hepl", "--help"},
                                    {"dance", ""},
                                    {"x", ""},
                                    {"tr", "train"},
                                    {"xy", ""},
                                    {"", ""}}) {
    const QString told = cli::suggestionFor(slip);
    EXPECT_EQ(told, *meant ? QString("; did you mean %1?").arg(meant) : QString()) << slip;
  }
}

// One slip in a word of one letter or two is another word.
TEST(Usage, AShortWordIsNoSlip) {
  const QStringList files{"a", "b.png", "if", "on.png", "out"};
  EXPECT_EQ(cli::nearest("", files), "");
  EXPECT_EQ(cli::nearest("x", files), "");
  EXPECT_EQ(cli::nearest("of", files), "");
  EXPECT_EQ(cli::nearest("ou", files), "out") << "its beginning";
  EXPECT_EQ(cli::nearest("oat", files), "out");
  EXPECT_EQ(run({""}).status, 2);
  EXPECT_NE(run({""}).err.find("the name of the command is empty"), std::string::npos);
  EXPECT_NE(run({"help", ""}).err.find("the name of the command is empty"), std::string::npos);
}

TEST(Usage, OfTwoValuesTheLastCountsAndThatIsTold) {
  const QJsonObject object = run({"describe", "tiny", "--batch-size", "3", "--batch-size", "5", "--json"}).json();
  EXPECT_EQ(object["training_memory"].toObject()["batch_size"].toInt(), 5);
  EXPECT_EQ(object["notes"].toArray().at(0).toString(), "--batch-size is given twice: 5 counts, and 3 does not");
}

TEST(Usage, AWarmUpThatNeverEndsIsTold) {
  const clitest::DigitsFolder digits(60, 20);
  const QStringList train{"train", "tiny", "--data", digits.path(), "--epochs", "1", "--out", digits.path("m.onnx"), "--json", "--warm-up"};
  EXPECT_TRUE(run(train + QStringList{"5"}).json()["notes"].toArray().at(0).toString().contains("--warm-up is longer than --epochs"));
  EXPECT_EQ(run(train + QStringList{"1"}).out.find("--warm-up"), std::string::npos);
}

TEST(Usage, RenderNamesTheKindsThatItWrites) {
  EXPECT_NE(run({"render", "--help"}).out.find(".jpg"), std::string::npos);
}

TEST(Usage, HelpHasHelp) {
  EXPECT_EQ(run({"help", "help"}).out, run({"help"}).out);
  EXPECT_EQ(run({"help", "help"}).status, 0);
}

TEST(Usage, ALoneDoubleDashEndsTheOptions) {
  EXPECT_NE(run({"predict", "harley", "--", "--help"}).err.find("--help"), std::string::npos) << "a picture of that name";
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

// Of a set that is not downloaded, which is only seen when its images are to be read.
TEST(Usage, ANetworkThatCannotBeTrainedIsRefusedBeforeTheDataIsRead) {
  const QTemporaryDir folder;
  const QString few = folder.filePath("few.json");
  io::writeFile(few, R"({"nodes": [{"name": "in", "type": "input", "channels": 1, "height": 28, "width": 28},
                                   {"name": "scores", "type": "dense", "units": 2}]})");
  const auto told = [](const QStringList& words) { return run(QStringList{"train"} + words + QStringList{"--data", "mnist"}).err; };
  EXPECT_THAT(told({few}), testing::HasSubstr("the data set has 10 classes, the network only 2 outputs"));
  EXPECT_THAT(told({"tiny", "--freeze", "none"}), testing::HasSubstr("there is no layer \"none\" to freeze"));
  EXPECT_THAT(told({few, "--freeze", "scores"}), testing::HasSubstr("all weights are frozen"));
}

}  // namespace
