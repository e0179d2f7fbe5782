// Networks that take longer than the window may stand still: they are opened and computed beside it.
#include <algorithm>
#include <gtest/gtest.h>

#include <QFile>
#include <QLabel>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "data/InputPipeline.h"
#include "nn/Workspace.h"
#include "scene/SceneNetworks.h"
#include "ui/app/Workbench.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"

namespace {

using ui::Workbench;

class SlowNetworkTest : public ::testing::Test {
 protected:
  SlowNetworkTest() {
    QSettings().clear();
    QFile file(folder.filePath("slow.json"));
    if (!file.open(QIODevice::WriteOnly)) ADD_FAILURE() << "no room for a file";
    file.write(R"({"name": "slow", "nodes": [
      {"name": "input", "type": "input", "channels": 1, "height": 96, "width": 96},
      {"name": "conv1", "type": "conv2d", "filters": 16, "kernel": 5, "padding": "same", "activation": "relu"},
      {"name": "conv2", "type": "conv2d", "filters": 24, "kernel": 11, "padding": "same", "activation": "relu"},
      {"name": "pool", "type": "average-pool", "kernel": 96},
      {"name": "output", "type": "dense", "units": 10}, {"name": "softmax", "type": "softmax"}]})");
    file.close();
    QObject::connect(&workbench, &Workbench::messageRaised, [this](const ui::Message& message) { told += message.issue.what + "; "; });
  }
  ~SlowNetworkTest() override { workbench.stop(); }
  void open(const QByteArray& network, const char* name) {
    QFile file(folder.filePath("other.json"));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(network);
    file.close();
    workbench.models().openFile(file.fileName());
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.network() && workbench.network()->spec().name == name; }, 30000)) << told;
  }
  void open() {
    workbench.models().openFile(folder.filePath("slow.json"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.inference().values() && workbench.network()->spec().name == "slow"; }, 30000))
        << told;
  }
  // What the network answers to the drawing that is there, computed here.
  std::vector<float> expected() {
    nn::Weights weights(workbench.network());
    weights.assign(*workbench.parameters());
    nn::Workspace workspace(workbench.network(), 1, false);
    std::vector<float> input(workbench.network()->inputShape().size()), output(10);
    data::InputPipeline(*workbench.network()).write(workbench.inference().prepared().result, nullptr, input);
    workspace.setInput(0, input);
    workspace.forward(weights);
    workspace.read(workbench.network()->outputs()[0], 0, output);
    return output;
  }

  QTemporaryDir folder;
  Workbench workbench;
  std::string told;
};

TEST_F(SlowNetworkTest, AnswersLaterAndTheLastDrawingCounts) {
  open();
  QSignalSpy values(&workbench.inference(), &ui::LiveInference::valuesChanged);
  for (int digit = 0; digit < 8; ++digit) {
    workbench.inference().setDrawing({data::strokeDigit(digit, 3, 280)});
    workbench.inference().recompute();
  }
  EXPECT_EQ(values.count(), 0) << "nothing is computed while the window waits";
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.inference().probabilities() == expected(); }, 30000));
  EXPECT_LE(values.count(), 3) << "drawings that were overtaken are left out";
  EXPECT_EQ(workbench.inference().received().ink.width, 96);
}

TEST_F(SlowNetworkTest, WhatItReceivesIsThereBeforeItsAnswer) {
  workbench.inference().setDrawing({data::strokeDigit(3, 3, 280)});
  std::vector<data::GrayImage> seen;
  QObject::connect(&workbench.inference(), &ui::LiveInference::drawingChanged, [&] {
    if (workbench.network() && workbench.network()->spec().name == "slow" && !workbench.inference().values())
      seen.push_back(workbench.inference().received().ink);
  });
  open();
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.front().height, 96);
  EXPECT_EQ(seen.front(), workbench.inference().received().ink);
  EXPECT_GT(*std::max_element(seen.front().ink.begin(), seen.front().ink.end()), 0.5f);
}

TEST_F(SlowNetworkTest, WhatItSaysOfAnEmptyPadIsNoAnswerToADrawing) {
  open();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.inference().upToDate(); }, 30000));
  workbench.inference().setDrawing({data::strokeDigit(3, 3, 280)});
  workbench.inference().recompute();
  ASSERT_FALSE(workbench.inference().upToDate());
  EXPECT_TRUE(workbench.inference().probabilities().empty()) << "those of the empty pad";
  workbench.inference().setDrawing({data::strokeDigit(5, 3, 280)});  // comes while the drawing before is computed
  workbench.inference().recompute();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.inference().upToDate(); }, 30000));
  EXPECT_EQ(workbench.inference().probabilities(), expected());
  workbench.inference().setDrawing({280, 280, std::vector<float>(280 * 280, 0.0f)});
  workbench.inference().recompute();
  EXPECT_TRUE(workbench.inference().probabilities().empty());
}

TEST_F(SlowNetworkTest, TakesOtherWeightsOver) {
  open();
  workbench.inference().setDrawing({data::strokeDigit(4, 3, 280)});
  workbench.inference().recompute();
  const QString kept = folder.filePath("kept.onnx");
  bool saved = false;
  workbench.save(kept, [&] { saved = true; });
  ASSERT_TRUE(QTest::qWaitFor([&] { return saved; }, 20000)) << told;
  workbench.models().openFile(kept);
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.model().hasTrainedStart() && workbench.inference().values(); }, 20000)) << told;
  workbench.setStartFrom(ui::StartFrom::Random);
  workbench.setStartFrom(ui::StartFrom::Trained);
  workbench.setStartFrom(ui::StartFrom::Random);
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.inference().probabilities() == expected(); }, 30000));
}

TEST_F(SlowNetworkTest, AFastOneMayFollowAtOnce) {
  open();
  workbench.inference().setDrawing({data::strokeDigit(4, 3, 280)});
  workbench.inference().recompute();
  workbench.inference().recompute();  // is to be computed once more
  workbench.models().openShipped("harley");
  ASSERT_TRUE(workbench.inference().values());
  EXPECT_EQ(workbench.inference().values()->network, workbench.network());
  // The slow one is done meanwhile, and nobody wants to know any more.
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.inference().upToDate(); }, 30000));
  EXPECT_EQ(workbench.inference().values()->network, workbench.network());
  EXPECT_EQ(workbench.inference().probabilities(), expected());
}

// Large maps with next to no sums: their values alone take long to be read out.
TEST_F(SlowNetworkTest, ManyUnitsAreComputedBesideTheWindowToo) {
  QFile file(folder.filePath("large.json"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(R"({"name": "large", "nodes": [
    {"name": "input", "type": "input", "channels": 1, "height": 1200, "width": 1200},
    {"name": "conv", "type": "conv2d", "filters": 1, "kernel": 1, "activation": "relu"}]})");
  file.close();
  workbench.models().openFile(file.fileName());
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.inference().values() && workbench.inference().upToDate(); }, 30000)) << told;
  QSignalSpy values(&workbench.inference(), &ui::LiveInference::valuesChanged);
  workbench.inference().setDrawing({data::strokeDigit(4, 3, 280)});
  workbench.inference().recompute();
  EXPECT_EQ(values.count(), 0);
  ASSERT_TRUE(QTest::qWaitFor([&] { return values.count() == 1; }, 30000));
}

TEST_F(SlowNetworkTest, TheDrawingForALargeInputIsPreparedBesideTheWindow) {
  open(R"({"name": "wide", "nodes": [
      {"name": "input", "type": "input", "channels": 1, "height": 800, "width": 800},
      {"name": "output", "type": "dense", "units": 10}, {"name": "softmax", "type": "softmax"}]})",
       "wide");
  const ui::LiveInference& live = workbench.inference();
  ASSERT_TRUE(QTest::qWaitFor([&] { return live.upToDate() && live.received().ink.width == 800; }, 30000));
  workbench.inference().setDrawing({data::strokeDigit(4, 3, 280)});
  workbench.inference().recompute();
  EXPECT_FALSE(live.blank());
  EXPECT_TRUE(live.prepared().empty) << "that of the empty pad, until the other is prepared";
  workbench.inference().recomputeValues();  // other weights meanwhile
  ASSERT_TRUE(QTest::qWaitFor([&] { return live.upToDate() && live.probabilities() == expected(); }, 30000));
  EXPECT_EQ(live.prepared().result.width, 800);
  EXPECT_GT(*std::max_element(live.received().ink.ink.begin(), live.received().ink.ink.end()), 0.5f);
}

// Nothing is shown of another network until the scene of a large one is built; what comes meanwhile waits for it.
TEST(LargeScene, IsBuiltBesideTheWindow) {
  nn::NetworkSpec spec;
  spec.nodes = {scene_test::input(1, 1200, 1200), scene_test::conv("conv", 2, 3, "same")};
  const auto large = nn::Network::create(spec), small = scene_test::harley();
  const auto weights = [](const auto& network) { return std::make_shared<const std::vector<float>>(network->initialParameters(3)); };
  ui::Selection selection;
  ui::SceneController controller(selection);
  controller.cameraController().setViewport({800, 600});
  controller.contents().setNetwork(small, weights(small));
  ASSERT_EQ(controller.state().network(), small) << "a small one is there at once";
  QSignalSpy shown(&controller.contents(), &ui::SceneContents::networkShown),
      awaited(&controller.contents(), &ui::SceneContents::networkAwaited);
  controller.contents().setNetwork(large, weights(large));
  controller.contents().setValues(scene_test::restingValues(large));
  controller.setHovered(scene::UnitId{1, {0, 3, 3}});
  EXPECT_EQ(awaited.count(), 1);
  EXPECT_TRUE(controller.state().empty()) << "not the one before";
  EXPECT_FALSE(selection.value().hovered);
  ASSERT_TRUE(QTest::qWaitFor([&] { return shown.count() == 1 && controller.state().values(); }, 30000));
  EXPECT_EQ(controller.state().network(), large);
  EXPECT_FALSE(controller.state().parameters().empty());
  controller.contents().setArrangement(scene::Arrangement::Flat);
  EXPECT_EQ(controller.state().network(), large);
  EXPECT_EQ(controller.state().layout()->arrangement, scene::Arrangement::Space) << "stands until the other is built";
  controller.contents().setNetwork(small, weights(small));
  EXPECT_TRUE(controller.state().empty());
  ASSERT_TRUE(QTest::qWaitFor([&] { return shown.count() == 2; }, 30000));
  EXPECT_EQ(controller.state().network(), small);
  EXPECT_EQ(controller.state().layout()->arrangement, scene::Arrangement::Flat);
  // Of two, only the last is shown.
  const auto seen = QObject::connect(&controller, &ui::SceneController::changed,
                                     [&] { EXPECT_TRUE(controller.state().empty() || controller.state().network() == small); });
  controller.contents().setNetwork(large, weights(large));
  controller.contents().setNetwork(small, weights(small));
  ASSERT_TRUE(QTest::qWaitFor([&] { return shown.count() == 3; }, 30000));
  EXPECT_EQ(controller.state().network(), small);
  QObject::disconnect(seen);
}

TEST(LargeScene, IsNamedWhileItIsBuilt) {
  nn::NetworkSpec spec;
  spec.nodes = {scene_test::input(1, 1200, 1200), scene_test::conv("conv", 2, 3, "same")};
  const auto large = nn::Network::create(spec), small = scene_test::harley();
  const auto weights = [](const auto& network) { return std::make_shared<const std::vector<float>>(network->initialParameters(3)); };
  ui::Selection selection;
  ui::SceneHost host(selection, nullptr);
  host.resize(800, 600);
  host.show();
  const auto* sign = host.findChild<QLabel*>("openingSign");
  host.setNetwork(small, weights(small), "Small");
  EXPECT_FALSE(sign->isVisible());
  host.setNetwork(large, weights(large), "VGG-16");
  EXPECT_TRUE(sign->isVisible());
  EXPECT_EQ(sign->text(), "Opening VGG-16 ...");
  ASSERT_TRUE(QTest::qWaitFor([&] { return !host.controller().state().empty(); }, 30000));
  EXPECT_FALSE(sign->isVisible());
}

// Its memory takes seconds to be had; the window goes on meanwhile, and the person may think better of it.
TEST_F(SlowNetworkTest, TheTrainingOfALargeNetworkIsPreparedBesideTheWindow) {
  open(R"({"name": "wide", "nodes": [
      {"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28},
      {"name": "hidden", "type": "dense", "units": 4000, "activation": "relu"},
      {"name": "output", "type": "dense", "units": 10}, {"name": "softmax", "type": "softmax"}]})",
       "wide");
  const ui::Jobs& jobs = workbench.jobs();
  workbench.play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return jobs.busy(ui::Jobs::Lane::Training); }, 60000)) << told;
  EXPECT_FALSE(workbench.training().exists());
  workbench.play();
  EXPECT_TRUE(jobs.title().startsWith("Preparing the training of ") && !jobs.title().contains("more")) << jobs.title().toStdString();
  workbench.jobs().cancelAll();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !jobs.busy(); }, 60000));
  EXPECT_FALSE(workbench.training().exists());
  workbench.singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.training().latest() && workbench.training().latest()->step == 1; }, 60000)) << told;
  EXPECT_FALSE(workbench.training().running());
  EXPECT_EQ(told, "");
}

}  // namespace
