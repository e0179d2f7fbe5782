// What describe promises against what a Trainer really takes.
#include <gtest/gtest.h>

#include "train/AllocationCounter.h"
#include "train/TestProblem.h"
#include "train/Trainer.h"
#include "train/TrainingMemory.h"

namespace {

// Mostly maps, and few parameters: a residual block.
std::shared_ptr<const nn::Network> residual() {
  using V = std::int64_t;
  const nn::Fields same{{"filters", V(12)}, {"kernel", V(3)}, {"padding", std::string("same")}};
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", V(3)}, {"height", V(40)}, {"width", V(40)}}},
                {"a", "conv2d", {}, same},
                {"b", "conv2d", {}, same},
                {"sum", "add", {"a", "b"}, {}},
                {"pool", "average-pool", {}, {{"kernel", V(40)}}},
                {"scores", "dense", {}, {{"units", V(4)}}}};
  return nn::Network::create(spec);
}

// The blocks of a mini-batch meet, so that each has a workspace of its own.
std::shared_ptr<const nn::Network> normalizedResidual() {
  nn::NetworkSpec spec = residual()->spec();
  spec.nodes.insert(spec.nodes.begin() + 2, {"norm", "batch-norm", {}, {}});
  return nn::Network::create(spec);
}

// Nothing but parameters.
std::shared_ptr<const nn::Network> wide() {
  using V = std::int64_t;
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", V(12)}, {"width", V(12)}}},
                {"hidden", "dense", {}, {{"units", V(3000)}}},
                {"scores", "dense", {}, {{"units", V(400)}}}};
  return nn::Network::create(spec);
}

struct Setting {
  const char* name;
  std::shared_ptr<const nn::Network> (*network)();
  nn::OptimizerKind optimizer;
  int batch, threads;
};

class MemoryOfTraining : public ::testing::TestWithParam<Setting> {};

TEST_P(MemoryOfTraining, IsWhatATrainerTakes) {
  const Setting& setting = GetParam();
  const auto network = setting.network();
  const auto images = testproblem::quadrants(300);
  train::TrainingOptions options = testproblem::options(setting.threads);
  options.optimizer.kind = setting.optimizer;
  options.batchSize = setting.batch;
  const auto promised = double(train::trainingMemory(*network, options).total());
  const std::size_t before = testalloc::liveBytes();
  train::Trainer trainer(network, images, options);
  trainer.step();
  const auto taken = double(testalloc::liveBytes() - before);
  EXPECT_GT(taken, promised * 0.9);
  EXPECT_LT(taken, promised * 1.1);
}

using Kind = nn::OptimizerKind;
INSTANTIATE_TEST_SUITE_P(
    Settings, MemoryOfTraining,
    ::testing::Values(Setting{"Adam", testproblem::harley, Kind::Adam, 64, 1}, Setting{"AdamOnTwo", testproblem::harley, Kind::Adam, 64, 2},
                      Setting{"Momentum", testproblem::harley, Kind::Momentum, 16, 1}, Setting{"Rmsprop", wide, Kind::RmsProp, 16, 1},
                      Setting{"Adagrad", wide, Kind::Adagrad, 64, 1}, Setting{"SgdOfOne", testproblem::harley, Kind::Sgd, 1, 1},
                      Setting{"LargeBatch", testproblem::harley, Kind::Sgd, 300, 3}, Setting{"Maps", residual, Kind::AdamW, 64, 2},
                      Setting{"BatchNorm", normalizedResidual, Kind::Momentum, 64, 2},
                      Setting{"BatchNormOfOne", normalizedResidual, Kind::Momentum, 1, 2}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(MemoryOfTraining, GrowsOnlySoFarWithTheBatch) {
  const auto network = testproblem::harley();
  train::TrainingOptions options = testproblem::options(1);
  options.batchSize = 256;
  const std::uint64_t sixteenBlocks = train::trainingMemory(*network, options).total();
  options.batchSize = 4096;
  EXPECT_EQ(train::trainingMemory(*network, options).total(), sixteenBlocks);
}

TEST(MemoryOfTraining, IsAskedForBeforeItIsTaken) {
  nn::NetworkSpec spec;
  spec.name = "vast";
  const std::int64_t side = 30000;
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(1)}, {"height", side}, {"width", side}}},
                {"relu", "activation", {}, {{"activation", std::string("relu")}}}};
  const auto network = nn::Network::create(spec);
  try {
    train::requireRoomToTrain(*network, testproblem::options(2));
    ADD_FAILURE() << "nothing was refused";
  } catch (const nn::Error& error) {
    EXPECT_EQ(error.issue().where, "vast");
    EXPECT_NE(error.issue().what.find("training it on 2 threads needs about "), std::string::npos) << error.issue().what;
  }
  EXPECT_NO_THROW(train::requireRoomToTrain(*testproblem::harley(), testproblem::options(2)));
}

}  // namespace
