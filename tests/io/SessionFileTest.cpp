// The file of a session: what is whole is read as it was written, what is not is refused in words that name it.
#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <sys/wait.h>
#include <unistd.h>

#include <QCborArray>
#include <QCborMap>
#include <QDir>
#include <QTemporaryDir>

#include "io/Files.h"
#include "io/Model.h"
#include "io/ModelTools.h"
#include "io/RecipeJson.h"
#include "io/session/SavedWork.h"
#include "support/FullDisk.h"

namespace {

using io::Container;
using modeltest::refusalText;
using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity(), kNoNumber = std::numeric_limits<double>::quiet_NaN();

// Three parameters.
std::shared_ptr<const nn::Network> tiny() {
  static const std::shared_ptr<const nn::Network> network = nn::Network::create(io::readNetworkJson(R"({"name": "tiny \"n\"", "nodes": [
    {"name": "input", "type": "input", "channels": 1, "height": 1, "width": 2}, {"name": "\u00fc", "type": "dense", "units": 1}]})",
                                                                                                    "tiny"));
  return network;
}

io::SavedModel::Parameters numbers(std::vector<float> values) {
  return std::make_shared<const std::vector<float>>(std::move(values));
}

train::SavedRun exampleRun() {
  train::SavedRun run;
  run.checkpoint.recipe.optimizer.learningRate = 0.03f;
  run.checkpoint.recipe.augmentation = data::Augmentation::standard();
  run.checkpoint.recipe.seed = 9007199254740991;
  run.checkpoint.parameters = {1.5f, -0.0f, 1e-42f};
  run.checkpoint.optimizer = {{0.1f, std::numeric_limits<float>::infinity(), 3}, {4, 5, 6}, 17};
  run.checkpoint.loss = {3, 2.5, 2, 0.1, 1};
  run.checkpoint.step = 17;
  run.checkpoint.epoch = 2;
  run.checkpoint.position = 64;
  run.progress.epoch = {12.5, 64, 64, {40, 0.5}};
  train::Evaluation evaluation;
  evaluation.count = evaluation.answerCount = 10;
  evaluation.figures = {7, 0.25};
  evaluation.loss = 0.7;
  run.progress.validation = evaluation;
  run.progress.best = {1, kNoNumber, evaluation};
  run.progress.bestParameters = {1, 2, 3};
  run.progress.seconds = 1.25;
  run.progress.images = 264;
  run.log = train::RunLog(train::Recipe{});
  train::Recipe recipe;
  recipe.batchSize = 7;
  recipe.frozen = {"a,b", ""};
  run.log.change(3, 0.5, recipe);
  recipe.optimizer.kind = nn::OptimizerKind::Sgd;
  recipe.optimizer.learningRate = 1e-20f;
  run.log.change(5, 0.7, recipe);
  run.metrics.setSeries("none yet", {});
  run.metrics.setSeries("loss, as \"said\"", {{1, 0.1, kInfinity}, {2, 0.2, -0.0}, {9007199254740992, 0.3, 5e-324}});
  return run;
}

io::SavedWork example() {
  io::SavedWork work;
  work.model = {QStringLiteral("/a folder/\u7db2.onnx"), QStringLiteral("\u7db2"), QString(), tiny(), nullptr, numbers({1, 2, 3}), nullptr};
  work.model.randomSeed = std::numeric_limits<std::uint64_t>::max();
  work.model.startsTrained = true;
  work.data = {"strokes", {1, 28, 28}, 100, 10, QByteArray(32, 'x')};
  work.recipe.batchSize = 3;
  work.run = exampleRun();
  return work;
}

Container containerOf(const io::SavedWork& work) {
  Container container = work.others;
  io::putWork(container, work);
  return container;
}

io::SavedWork readAgain(const QByteArray& bytes) {
  return io::takeWork(Container::read(bytes, "c"), "c");
}

TEST(SavedWork, IsReadAsItWasWritten) {
  const io::SavedWork work = example();
  const QByteArray bytes = containerOf(work).bytes();
  const io::SavedWork again = readAgain(bytes);
  EXPECT_EQ(again.model.network->spec(), work.model.network->spec());
  EXPECT_EQ(again.model.name, work.model.name);
  EXPECT_EQ(*again.model.parameters, work.run->checkpoint.parameters);
  EXPECT_EQ(*again.model.trained, *work.model.trained);
  EXPECT_EQ(again.model.random, nullptr);
  EXPECT_EQ(again.model.randomSeed, work.model.randomSeed);
  EXPECT_EQ(again.recipe, work.recipe);
  EXPECT_EQ(again.data->fingerprint, work.data->fingerprint);
  const train::SavedRun &run = *again.run, &before = *work.run;
  EXPECT_EQ(run.checkpoint.recipe, before.checkpoint.recipe);
  EXPECT_EQ(run.checkpoint.parameters, before.checkpoint.parameters);
  EXPECT_EQ(run.checkpoint.optimizer.first, before.checkpoint.optimizer.first);
  EXPECT_EQ(run.checkpoint.optimizer.steps, 17u);
  EXPECT_EQ(run.checkpoint.loss.lowest, 0.1);
  EXPECT_EQ(run.checkpoint.position, 64u);
  EXPECT_EQ(run.progress.epoch.loss, 12.5);
  EXPECT_EQ(run.progress.best->validation->correct(), 7u);
  EXPECT_EQ(run.progress.bestParameters, before.progress.bestParameters);
  EXPECT_EQ(run.metrics.all(), before.metrics.all());
  ASSERT_EQ(run.log.changes().size(), 2u);
  EXPECT_EQ(run.log.changes()[1].fields, before.log.changes()[1].fields);
  EXPECT_EQ(run.log.changes()[0].fields, before.log.changes()[0].fields);
  EXPECT_EQ(containerOf(again).bytes(), bytes) << "and all that is not named here";
}

// A log that was read goes on as the one that was written.
TEST(SavedWork, ItsLogIsGoneOnWith) {
  train::RunLog log = exampleRun().log;
  const io::SavedWork read = readAgain(containerOf(example()).bytes());
  train::RunLog again = read.run->log;
  train::Recipe recipe;
  recipe.batchSize = 99;
  for (train::RunLog* each : {&log, &again}) {
    each->change(5, 0.7, recipe);  // still between the same two steps
    recipe.optimizer.learningRate = 0.5f;
    each->change(8, 0.9, recipe);
    recipe.optimizer.learningRate = train::Recipe{}.optimizer.learningRate;
  }
  ASSERT_EQ(again.changes().size(), log.changes().size());
  for (std::size_t i = 0; i < log.changes().size(); ++i) EXPECT_EQ(again.changes()[i].fields, log.changes()[i].fields) << i;
}

TEST(SavedWork, EqualParametersStandInItOnce) {
  io::SavedWork work = example();
  work.run.reset();
  work.data.reset();
  work.model.parameters = numbers({1, 2, 3});
  work.model.random = numbers({1, 2, 3});
  const io::SavedWork again = readAgain(containerOf(work).bytes());
  EXPECT_EQ(again.model.parameters, again.model.trained);
  EXPECT_EQ(again.model.parameters, again.model.random);
  EXPECT_FALSE(again.run || again.data);
}

// Neither a bit that has turned nor a cut goes unnoticed, wherever it is.
TEST(Container, RefusesEveryDamage) {
  const QByteArray bytes = containerOf(example()).bytes();
  for (qsizetype at = 0; at < bytes.size(); ++at) {
    EXPECT_THROW(readAgain(bytes.left(at)), nn::Error) << at;
    QByteArray turned = bytes;
    turned[at] = char(turned[at] ^ (1 << (at % 8)));
    EXPECT_THROW(readAgain(turned), nn::Error) << at;
  }
  EXPECT_THROW(readAgain(bytes + "x"), nn::Error);
  EXPECT_THAT(refusalText([&] { readAgain(bytes.chopped(5)); }), HasSubstr("c: this file is damaged or not whole"));
  EXPECT_THAT(refusalText([] { readAgain("no container"); }), HasSubstr("c: this is neither a session nor a checkpoint"));
  QByteArray turned = bytes;
  turned[turned.indexOf("first moments") + 20] = 'x';
  EXPECT_THAT(refusalText([&] { readAgain(turned); }), HasSubstr("its section \"training\" has changed"));
}

// Wherever it is damaged, the sections that are not are read as they were written.
TEST(Container, WhatIsWholeOfADamagedFileIsRead) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("d.convscope");
  const Container whole = containerOf(example());
  const QByteArray bytes = whole.bytes();
  const QStringList names = whole.names();
  std::vector<qsizetype> begins;
  for (const QString& name : names) begins.push_back(bytes.indexOf(name.toUtf8() + "\xa3"));
  const auto readFrom = [&](const QByteArray& damaged) {
    io::writeFile(path, damaged);
    std::vector<io::LostSection> lost, again;
    const Container found = Container::loadWhatIsWhole(path, lost);
    EXPECT_EQ(Container::namesOfWhatIsWhole(path, again), found.names());
    EXPECT_EQ(again.size(), lost.size());
    for (const QString& name : found.names()) EXPECT_EQ(found.section(name, 1).value("json"), whole.section(name, 1).value("json"));
    QStringList told = found.names();
    for (const io::LostSection& one : lost) told << one.name;
    return std::pair(found.names(), told);
  };
  EXPECT_EQ(readFrom(bytes), std::pair(names, names));
  for (qsizetype i = 0; i < names.size(); ++i) {
    const qsizetype next = i + 1 < names.size() ? begins[std::size_t(i) + 1] : bytes.size();
    QByteArray turned = bytes;
    turned[next - 20] = char(turned[next - 20] ^ 1);
    QStringList others = names, told;
    others.removeAt(i);
    EXPECT_EQ(readFrom(turned), std::pair(others, others + QStringList{names[i]})) << names[i].toStdString();
    const QStringList before = names.first(i);
    EXPECT_EQ(readFrom(bytes.left(next - 20)), std::pair(before, before + QStringList({names[i], ""}))) << names[i].toStdString();
  }
  EXPECT_EQ(readFrom(bytes + "x"), std::pair(names, names + QStringList{""}));
}

TEST(SavedWork, WhatIsWholeOfItIsTaken) {
  const auto takeWithout = [](const QString& name, QStringList expected) {
    Container container = containerOf(example());
    container.set("another", 1, {});
    container.remove(name);
    std::vector<io::LostSection> lost{{name, {"c", "it has changed", ""}, true}};
    io::SavedWork work = io::takeWhatIsWhole(container, "c", lost);
    QStringList told;
    for (const io::LostSection& one : lost) told << one.name;
    EXPECT_EQ(told, expected);
    EXPECT_EQ(lost.front().issue.what, "it has changed");
    EXPECT_EQ(work.others.names(), QStringList("another"));
    return work;
  };
  const train::SavedRun run = exampleRun();
  EXPECT_FALSE(takeWithout("model", {"model"}).model.network);
  const io::SavedWork untrained = takeWithout("training", {"training"});
  EXPECT_EQ(*untrained.model.parameters, run.checkpoint.parameters);
  EXPECT_EQ(untrained.recipe.batchSize, 3);
  EXPECT_TRUE(untrained.data && !untrained.run);
  const io::SavedWork withoutRecipe = takeWithout("recipe", {"recipe"});
  EXPECT_EQ(withoutRecipe.recipe, run.checkpoint.recipe) << "that of its run";
  const io::SavedWork withoutData = takeWithout("data", {"data", "training"});
  EXPECT_EQ(*withoutData.model.parameters, run.checkpoint.parameters);
  EXPECT_FALSE(withoutData.data || withoutData.run);
}

// With checksums that are right.
TEST(SavedWork, RefusesWhatCannotBe) {
  const auto refuses = [](auto change, const char* what) {
    io::SavedWork work = example();
    change(work);
    EXPECT_THAT(refusalText([&] { readAgain(containerOf(work).bytes()); }), HasSubstr(what));
  };
  refuses([](auto& w) { w.run->checkpoint.position = 100; }, "position lies behind the last image");
  refuses([](auto& w) { w.run->checkpoint.step = std::numeric_limits<std::uint64_t>::max(); }, "step is not a count");
  refuses([](auto& w) { w.run->progress.epoch.seen = 63; }, "seen is not what the place in the epoch says");
  refuses([](auto& w) { w.run->progress.bestParameters.pop_back(); }, "not as many parameters");
  refuses([](auto& w) { w.run->checkpoint.parameters[0] = std::numeric_limits<float>::quiet_NaN(); }, "not finite");
  refuses([](auto& w) { w.run->checkpoint.parameters.pop_back(); }, "not as many numbers as the network needs");
  refuses([](auto& w) { w.run->checkpoint.optimizer.first.pop_back(); }, "the moments are not as many numbers");
  refuses([](auto& w) { w.run->checkpoint.optimizer.second.clear(); }, "the moments are not as many numbers");
  refuses([](auto& w) { w.run->checkpoint.recipe.optimizer.kind = nn::OptimizerKind::Sgd; }, "the moments are not as many numbers");
  refuses([](auto& w) { w.model.trained = numbers({1, 2}); }, "not as many numbers as the network needs");
  refuses([](auto& w) { w.model.trained = numbers({1, 2, std::numeric_limits<float>::infinity()}); }, "that are no numbers");
  refuses([](auto& w) { w.model.trained = nullptr; }, "the weights that it began with are missing");
  refuses([](auto& w) { w.run->progress.validation->figures[1] = -1; }, "a figure is negative");
  refuses([](auto& w) { w.run->checkpoint.recipe.batchSize = -1; }, "c: Field \"batch-size\" is out of range");
  refuses([](auto& w) { w.data.reset(); }, "no word of the data");
  refuses([](auto& w) { w.run->metrics.setSeries("loss", {{2, 1, 1}, {1, 1, 1}}); }, "not in their order");
  refuses([](auto& w) { w.run->metrics.setSeries("loss", {{2, kNoNumber, 1}}); }, "a place that there is not");
  const auto refusesSection = [](const char* name, const QCborMap& content, const char* what) {
    Container container = containerOf(example());
    container.set(name, 1, content);
    EXPECT_THAT(refusalText([&] { readAgain(container.bytes()); }), HasSubstr(what));
  };
  refusesSection("data", {{QStringLiteral("source"), 1}}, "in its section \"data\", source is not a text");
  refusesSection("recipe", {{QStringLiteral("json"), QStringLiteral("{\"epochs\": -1}")}}, "epochs");
  refusesSection("model", {{QStringLiteral("name"), QStringLiteral("a")}}, "in its section \"model\"");
}

TEST(Container, CarriesSectionsThatItDoesNotKnowAndRefusesWhatIsNewer) {
  io::SavedWork work = example();
  work.others.set(QStringLiteral("a test's \u7db2"), 7,
                  {{QStringLiteral("list"), QCborArray{QCborMap{{QStringLiteral("on"), true}}}},
                   {QStringLiteral("texts"), QCborArray{QStringLiteral("")}}});
  const Container again = readAgain(containerOf(work).bytes()).others;
  ASSERT_EQ(again.names(), QStringList(QStringLiteral("a test's \u7db2")));
  const io::Section section = again.section(again.names()[0], 7);
  EXPECT_TRUE(section.list("list").front().flag("on"));
  EXPECT_EQ(section.texts("texts"), QStringList(""));
  EXPECT_THAT(refusalText([&] { section.whole("on", 0, 1); }), HasSubstr("on is out of range"));
  EXPECT_THAT(refusalText([&] { again.section(again.names()[0], 6); }), HasSubstr("is of version 7"));
  Container container = containerOf(example());
  container.set("training", 2, {});
  EXPECT_THAT(refusalText([&] { readAgain(container.bytes()); }), HasSubstr("\"training\" is of version 2"));
  QByteArray other = containerOf(example()).bytes();
  const qsizetype version = other.indexOf("version") + 7;
  ASSERT_EQ(other[version], 2);
  other[version] = 3;
  EXPECT_THAT(refusalText([&] { readAgain(other); }), HasSubstr("Open it with a newer ConvScope"));
  other[version] = 1;
  EXPECT_THAT(refusalText([&] { readAgain(other); }), HasSubstr("Open it with the ConvScope that wrote it"));
  EXPECT_THAT(refusalText([&] { readAgain(Container().bytes()); }), HasSubstr("its section \"model\" is missing"));
}

TEST(Container, TheFirstSectionIsReadFromTheBeginningAlone) {
  Container container = containerOf(example());
  container.set("about", 1, {{QStringLiteral("title"), QStringLiteral("Harley")}});
  const QByteArray bytes = container.bytes();
  const auto titleIn = [](const QByteArray& beginning) { return Container::readFirst(beginning, "about", 1, "c").text("title"); };
  const qsizetype end = bytes.indexOf("Harley") + 6;
  EXPECT_EQ(titleIn(bytes.left(end)), "Harley");
  for (qsizetype at = 0; at < end; ++at) EXPECT_THROW(titleIn(bytes.left(at)), nn::Error) << at;
  EXPECT_THAT(refusalText([&] { titleIn(containerOf(example()).bytes()); }), HasSubstr("its section \"about\" is missing"));
}

// A claim of more bytes than there are takes no memory.
TEST(Container, LengthsThatAreNotThereAreRefused) {
  const QByteArray bytes = containerOf(example()).bytes();
  QByteArray hostile = bytes.left(bytes.indexOf("content") + 7);
  EXPECT_THROW(readAgain(hostile + QByteArray("\x5b\x7f\xff\xff\xff\xff\xff\xff\xff", 9)), nn::Error);
  EXPECT_THROW(readAgain(hostile + QByteArray("\x5a\x40\x00\x00\x00", 5) + "abc"), nn::Error);
  EXPECT_THROW(readAgain(hostile + QByteArray(200000, '\x81')), nn::Error);
}

TEST(Session, WhatCannotBeWrittenLeavesTheOldFile) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("s.convscope");
  io::saveWork(path, example());
  io::SavedWork other = example();
  other.model.title = "another";
  {
    const FileSizeLimit limit(100);
    EXPECT_THAT(refusalText([&] { io::saveWork(path, other); }), HasSubstr("saving failed: File too large"));
  }
  EXPECT_EQ(io::loadWork(path).model.title, example().model.title);
  EXPECT_THAT(refusalText([&] { io::saveWork(folder.filePath("gone/s.convscope"), other); }), HasSubstr("the folder does not exist"));
  if (geteuid() != 0) {
    QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::ExeOwner);
    EXPECT_THAT(refusalText([&] { io::saveWork(path, other); }), HasSubstr("it cannot be written"));
    QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  }
  const FullDisk disk;
  if (!disk.mounted()) return;
  io::saveWork(disk.path("s.convscope"), example());
  disk.fill();
  EXPECT_THAT(refusalText([&] { io::saveWork(disk.path("s.convscope"), other); }), HasSubstr("No space left on device"));
  EXPECT_EQ(io::loadWork(disk.path("s.convscope")).model.title, example().model.title);
}

// A program that is killed while it writes one after the other.
TEST(Session, AKillWhileItIsWrittenLeavesOneThatIsWhole) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("s.convscope");
  io::SavedWork work = example();
  work.others.set("large", 1, {{QStringLiteral("bytes"), QByteArray(300000, 'x')}});
  io::saveWork(path, work);
  for (int round = 0; round < 5; ++round) {
    int begun[2];
    ASSERT_EQ(pipe(begun), 0);
    const pid_t child = fork();
    if (child == 0) {
      for (;;) {
        io::saveWork(path, work);
        if (write(begun[1], "x", 1) != 1) _exit(1);
      }
    }
    char byte = 0;
    for (int i = 0; i <= round; ++i) ASSERT_EQ(read(begun[0], &byte, 1), 1);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(begun[0]);
    close(begun[1]);
    EXPECT_EQ(io::loadWork(path).others.section("large", 1).bytes("bytes").size(), 300000);
  }
  EXPECT_EQ(QDir(folder.path()).entryList(QDir::Files), QStringList("s.convscope"));
}

TEST(RecipeJson, IsReadAsItWasWritten) {
  io::RunRecipe run;
  run.network = "a \"b\".json";
  run.data = "strokes";
  run.recipe = exampleRun().checkpoint.recipe;
  run.recipe.frozen = {"conv1", "conv2"};
  std::vector<nn::Issue> issues;
  const io::RunRecipe again = io::readRecipeJson(io::writeRecipeJson(run), "r.json", issues);
  EXPECT_TRUE(issues.empty());
  EXPECT_EQ(again.recipe, run.recipe);
  EXPECT_EQ(again.network, run.network);
  EXPECT_EQ(std::size_t(again.given.size()), train::recipeFields().size());
}

TEST(RecipeJson, WhatIsNotGivenIsUsual) {
  std::vector<nn::Issue> issues;
  const io::RunRecipe run = io::readRecipeJson(R"({"optimizer": "sgd", "decay-every": 2})", "r.json", issues);
  EXPECT_TRUE(issues.empty());
  EXPECT_EQ(run.recipe.optimizer.learningRate, nn::standardLearningRate(nn::OptimizerKind::Sgd));
  EXPECT_EQ(run.recipe.schedule.every, 2.0) << "a whole number where any is taken";
  EXPECT_THAT(refusalText([&] { io::readRecipeJson("[1]", "r.json", issues); }), HasSubstr("a recipe must be one JSON object"));
  EXPECT_THAT(refusalText([&] { io::readRecipeJson("{\n\"epochs\": }", "r.json", issues); }), HasSubstr("at line 2"));
}

}  // namespace
