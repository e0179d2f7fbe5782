// The container, and a training in it: what is whole is read as it was written, what is not is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include <QCborMap>
#include <QTemporaryDir>

#include "io/Files.h"
#include "io/Model.h"
#include "io/ModelTools.h"
#include "io/RecipeJson.h"
#include "io/TrainingState.h"

namespace {

using io::Container;
using modeltest::refusalText;
using testing::HasSubstr;

io::TrainingState example() {
  io::TrainingState state;
  state.network = io::loadNetworkSpec("softmax");
  state.data = {"strokes", {1, 28, 28}, 100, 10, QByteArray(32, 'x')};
  state.checkpoint.recipe.optimizer.learningRate = 0.03f;
  state.checkpoint.recipe.augmentation = data::Augmentation::standard();
  state.checkpoint.recipe.seed = 9007199254740991;
  state.checkpoint.parameters = {1.5f, -0.0f, 1e-42f};
  state.checkpoint.optimizer = {{0.1f, std::numeric_limits<float>::infinity(), 3}, {}, 17};
  state.checkpoint.loss = {3, 2.5, 2, 0.1, 1};
  state.checkpoint.step = 17;
  state.checkpoint.epoch = 2;
  state.checkpoint.position = 64;
  state.progress.epoch = {12.5, 64, 64, 40};
  train::Evaluation evaluation;
  evaluation.count = evaluation.answerCount = 10;
  evaluation.correct = 7;
  evaluation.loss = 0.7;
  state.progress.validation = evaluation;
  state.progress.best = {1, std::numeric_limits<double>::quiet_NaN(), evaluation};
  state.progress.bestParameters = {1, 2, 3};
  state.progress.seconds = 1.25;
  state.progress.images = 264;
  return state;
}

Container containerOf(const io::TrainingState& state) {
  Container container("checkpoint");
  io::putTrainingState(container, state);
  return container;
}

io::TrainingState readAgain(const QByteArray& bytes) {
  return io::takeTrainingState(Container::read(bytes, "checkpoint", "c"), "c");
}

TEST(TrainingState, IsReadAsItWasWritten) {
  const io::TrainingState state = example();
  const QByteArray bytes = containerOf(state).bytes();
  const io::TrainingState again = readAgain(bytes);
  EXPECT_EQ(again.network, state.network);
  EXPECT_EQ(again.checkpoint.recipe, state.checkpoint.recipe);
  EXPECT_EQ(again.checkpoint.parameters, state.checkpoint.parameters);
  EXPECT_EQ(again.checkpoint.optimizer.first, state.checkpoint.optimizer.first);
  EXPECT_EQ(again.checkpoint.optimizer.steps, 17u);
  EXPECT_EQ(again.checkpoint.loss.lowest, 0.1);
  EXPECT_EQ(again.checkpoint.position, 64u);
  EXPECT_EQ(again.progress.epoch.loss, 12.5);
  EXPECT_EQ(again.progress.best->validation->correct, 7u);
  EXPECT_EQ(again.progress.bestParameters, state.progress.bestParameters);
  EXPECT_EQ(again.data.fingerprint, state.data.fingerprint);
  EXPECT_EQ(containerOf(again).bytes(), bytes) << "and all that is not named here";
}

// Neither a bit that has turned nor a cut goes unnoticed, wherever it is.
TEST(TrainingState, RefusesEveryDamage) {
  const QByteArray bytes = containerOf(example()).bytes();
  for (qsizetype at = 0; at < bytes.size(); ++at) {
    EXPECT_THROW(readAgain(bytes.left(at)), nn::Error) << at;
    QByteArray turned = bytes;
    turned[at] = char(turned[at] ^ (1 << (at % 8)));
    EXPECT_THROW(readAgain(turned), nn::Error) << at;
  }
  EXPECT_THROW(readAgain(bytes + "x"), nn::Error);
  EXPECT_THAT(refusalText([&] { readAgain(bytes.chopped(5)); }), HasSubstr("c: this file is damaged or not whole"));
  EXPECT_THAT(refusalText([] { readAgain("no container"); }), HasSubstr("c: this is no checkpoint"));
}

// With checksums that are right.
TEST(TrainingState, RefusesWhatCannotBe) {
  const auto refuses = [](auto change, const char* what) {
    io::TrainingState state = example();
    change(state);
    EXPECT_THAT(refusalText([&] { readAgain(containerOf(state).bytes()); }), HasSubstr(what));
  };
  refuses([](auto& s) { s.checkpoint.position = 100; }, "position lies behind the last image");
  refuses([](auto& s) { s.checkpoint.step = std::numeric_limits<std::uint64_t>::max(); }, "step is not a count");
  refuses([](auto& s) { s.progress.epoch.seen = 63; }, "seen is not what the place in the epoch says");
  refuses([](auto& s) { s.progress.bestParameters.pop_back(); }, "not as many parameters");
  refuses([](auto& s) { s.checkpoint.parameters[0] = std::numeric_limits<float>::quiet_NaN(); }, "that are no numbers");
  refuses([](auto& s) { s.progress.validation->correct = 11; }, "more answers are correct");
  refuses([](auto& s) { s.checkpoint.recipe.batchSize = -1; }, "c, batch-size: Field \"batch-size\" is out of range");
  Container container = containerOf(example());
  container.set("place", 1, QCborMap{{QStringLiteral("step"), QStringLiteral("many")}});
  EXPECT_THAT(refusalText([&] { readAgain(container.bytes()); }), HasSubstr("in its section \"place\", step is not a count"));
  container.set("parameters", 1, QCborMap{{QStringLiteral("values"), QByteArray(8, 'x')}});
  EXPECT_THAT(refusalText([&] { readAgain(container.bytes()); }), HasSubstr("values is not an array of numbers"));
}

TEST(Container, PassesOverWhatItDoesNotKnowAndRefusesWhatIsNewer) {
  Container container = containerOf(example());
  container.set("drawing", 7, {});
  EXPECT_NO_THROW(readAgain(container.bytes()));
  container.set("optimizer", 2, {});
  EXPECT_THAT(refusalText([&] { readAgain(container.bytes()); }), HasSubstr("\"optimizer\" is of version 2"));
  QByteArray later = containerOf(example()).bytes();
  const qsizetype version = later.indexOf("version") + 7;
  ASSERT_EQ(later[version], 1);
  later[version] = 2;
  EXPECT_THAT(refusalText([&] { readAgain(later); }), HasSubstr("Open it with a newer ConvScope"));
  Container session("session");
  EXPECT_THAT(refusalText([&] { readAgain(session.bytes()); }), HasSubstr("this is no checkpoint but a session"));
  EXPECT_THAT(refusalText([&] { readAgain(Container("checkpoint").bytes()); }), HasSubstr("its section \"recipe\" is missing"));
}

TEST(RecipeJson, IsReadAsItWasWritten) {
  io::RunRecipe run;
  run.network = "a \"b\".json";
  run.data = "strokes";
  run.recipe = example().checkpoint.recipe;
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
