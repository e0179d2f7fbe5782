// The mediator: what it computes when the drawing changes, and how training, data, models and failures pass through it.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QImage>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "io/datasets/Datasets.h"
#include "support/Settle.h"
#include "ui/app/Workbench.h"
#include "ui/model/RandomSample.h"

namespace {

using train::RunState;
using ui::StartFrom;
using ui::Workbench;

class WorkbenchTest : public ::testing::Test {
 protected:
  WorkbenchTest() {
    QSettings().clear();
    QObject::connect(&workbench, &Workbench::messageRaised, [this](const ui::Message& message) { messages.push_back(message); });
    workbench.models().openShipped("harley");
  }
  ~WorkbenchTest() override { workbench.stop(); }

  // A small data set of its own, in a folder, so that no test waits for a large one.
  QString smallData() {
    const auto digits = data::generateStrokeDigits(600, 5);
    io::writeIdx(folder.filePath("train-images-idx3-ubyte"), folder.filePath("train-labels-idx1-ubyte"), *digits);
    return folder.path();
  }
  void useSmallData() {
    workbench.library().addFolder(smallData());
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.library().ready(); }, 20000));
  }
  RunState state() const {
    const train::Snapshot* snapshot = const_cast<Workbench&>(workbench).training().snapshot();
    return snapshot ? snapshot->state : RunState::Ready;
  }
  bool waitForStep(std::uint64_t step) {
    return QTest::qWaitFor([&] { return workbench.training().snapshot() && workbench.training().snapshot()->step >= step; }, 20000);
  }
  void draw(int digit) {
    workbench.inference().setDrawing({data::strokeDigit(digit, 3, 280)});
    workbench.inference().recompute();
  }

  QTemporaryDir folder;
  Workbench workbench;
  std::vector<ui::Message> messages;
};

TEST_F(WorkbenchTest, AnEmptyPadHasNoAnswer) {
  EXPECT_TRUE(workbench.inference().blank());
  EXPECT_TRUE(workbench.inference().probabilities().empty());
  EXPECT_NE(workbench.inference().values(), nullptr);
}

TEST_F(WorkbenchTest, ADrawingIsAnsweredByTheShippedNetwork) {
  for (const int digit : {0, 1, 3, 7}) {
    draw(digit);
    const std::vector<float> answer = workbench.inference().probabilities();
    ASSERT_EQ(answer.size(), 10u);
    float sum = 0;
    for (const float p : answer) sum += p;
    EXPECT_NEAR(sum, 1, 1e-4);
    EXPECT_EQ(std::max_element(answer.begin(), answer.end()) - answer.begin(), digit);
  }
}

TEST_F(WorkbenchTest, SaysOnceWhatBecomesOfPicturesOfAnotherSize) {
  data::Dataset wide;
  wide.shape = {1, 40, 60};
  for (int i = 0; i < 40; ++i) wide.labels.push_back(std::uint8_t(i % 10));
  wide.pixels.resize(wide.count() * wide.shape.size());
  io::writeIdx(folder.filePath("train-images-idx3-ubyte"), folder.filePath("train-labels-idx1-ubyte"), wide);
  workbench.library().addFolder(folder.path());
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.library().ready(); }, 20000));
  const auto told = [&] {
    return std::count_if(messages.begin(), messages.end(), [](const ui::Message& message) {
      return message.issue.what == "all 40 pictures are 60 × 40, the network takes 32 × 32: scaled to fit, with zeros on two sides";
    });
  };
  EXPECT_EQ(told(), 0);
  for (const std::uint64_t step : {1, 2}) {
    workbench.singleStep();
    ASSERT_TRUE(waitForStep(step));
    EXPECT_EQ(told(), 1);
  }
}

TEST_F(WorkbenchTest, ManyChangesInOneTurnAreComputedOnce) {
  const QSignalSpy computed(&workbench.inference(), &ui::LiveInference::valuesChanged);
  for (int i = 0; i < 20; ++i) workbench.inference().setDrawing({data::strokeDigit(4, std::uint64_t(i), 280)});
  EXPECT_EQ(computed.count(), 0);
  settle(30);
  EXPECT_EQ(computed.count(), 1);
}

TEST_F(WorkbenchTest, NothingIsComputedWhileNothingHappens) {
  draw(5);
  const QSignalSpy computed(&workbench.inference(), &ui::LiveInference::valuesChanged);
  settle(100);
  EXPECT_EQ(computed.count(), 0);
}

TEST_F(WorkbenchTest, ThePreprocessingCanBeSwitchedOff) {
  draw(3);
  const data::GrayImage with = workbench.inference().received().ink;
  workbench.inference().setLikeMnist(false);
  workbench.inference().recompute();
  EXPECT_NE(workbench.inference().received().ink, with);
}

TEST_F(WorkbenchTest, SingleStepsChangeTheWeightsAndTheAnswerOnTheSameDrawing) {
  useSmallData();
  draw(2);
  const auto before = workbench.parameters();
  const std::vector<float> answer = workbench.inference().probabilities();
  workbench.singleStep();
  ASSERT_TRUE(waitForStep(1));
  EXPECT_EQ(workbench.training().snapshot()->step, 1u);
  ASSERT_TRUE(QTest::qWaitFor([&] { return state() == RunState::Paused; }, 5000));
  EXPECT_NE(*workbench.parameters(), *before);
  EXPECT_NE(workbench.inference().probabilities(), answer);
  EXPECT_TRUE(workbench.unsavedWeights().exist());
  EXPECT_FALSE(workbench.training().running());
}

TEST_F(WorkbenchTest, PlayPauseAndResetComeBackToTheStart) {
  useSmallData();
  const auto start = workbench.parameters();
  workbench.play();
  EXPECT_TRUE(workbench.training().running());
  ASSERT_TRUE(waitForStep(3));
  workbench.training().pause();
  ASSERT_TRUE(QTest::qWaitFor([&] { return state() == RunState::Paused; }, 5000));
  const std::uint64_t stopped = workbench.training().snapshot()->step;
  settle(100);
  EXPECT_EQ(workbench.training().snapshot()->step, stopped);
  EXPECT_FALSE(workbench.training().run().metrics.empty());
  workbench.reset();
  EXPECT_EQ(*workbench.parameters(), *start);
  EXPECT_TRUE(workbench.training().run().metrics.empty());
  EXPECT_FALSE(workbench.unsavedWeights().exist());
}

TEST_F(WorkbenchTest, WhatAResetTookAwayCanBeBroughtBack) {
  useSmallData();
  workbench.singleStep();
  ASSERT_TRUE(waitForStep(1));
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.unsavedWeights().exist(); }, 5000));
  const std::vector<float> trained = *workbench.parameters();
  workbench.reset();
  ASSERT_FALSE(messages.empty());
  ASSERT_TRUE(messages.back().action);
  EXPECT_NE(*workbench.parameters(), trained);
  messages.back().action();
  EXPECT_EQ(*workbench.parameters(), trained);
  EXPECT_TRUE(workbench.unsavedWeights().exist());
}

TEST_F(WorkbenchTest, StartingFromRandomWeightsShowsThemAndIsRepeatable) {
  const std::vector<float> trained = *workbench.parameters();
  workbench.setStartFrom(StartFrom::Random);
  const std::vector<float> random = *workbench.parameters();
  EXPECT_NE(random, trained);
  workbench.setStartFrom(StartFrom::Trained);
  EXPECT_EQ(*workbench.parameters(), trained);
  workbench.setStartFrom(StartFrom::Random);
  EXPECT_EQ(*workbench.parameters(), random);
}

TEST_F(WorkbenchTest, ALearningRateFarTooHighEndsAsAStateInWords) {
  useSmallData();
  train::Recipe recipe;
  recipe.optimizer.kind = nn::OptimizerKind::Sgd;
  recipe.optimizer.learningRate = 1e30f;
  workbench.training().setRecipe(recipe);
  workbench.play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return state() == RunState::Diverged; }, 20000));
  EXPECT_FALSE(workbench.training().snapshot()->message.empty());
  EXPECT_FALSE(workbench.training().running());
}

TEST_F(WorkbenchTest, BrokenFilesLeaveEverythingAsItWas) {
  draw(6);
  const auto network = workbench.network();
  const std::vector<float> answer = workbench.inference().probabilities();
  for (const char* name : {"broken.onnx", "broken.json", "absent.onnx"}) {
    const QString path = folder.filePath(name);
    if (!path.contains("absent")) {
      QFile file(path);
      ASSERT_TRUE(file.open(QIODevice::WriteOnly));
      file.write("\x08\x07 this is no model {");
    }
    const std::size_t before = messages.size();
    workbench.models().openFile(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return messages.size() > before; }, 10000)) << name;
    EXPECT_EQ(messages.back().kind, ui::Message::Kind::Failure);
    EXPECT_FALSE(messages.back().issue.what.empty());
    EXPECT_EQ(workbench.network(), network);
    EXPECT_EQ(workbench.inference().probabilities(), answer);
    EXPECT_EQ(workbench.model().name, "harley");
  }
}

TEST_F(WorkbenchTest, AFolderWithoutDataLeavesTheDataAsItWas) {
  const std::size_t before = workbench.library().sources().size();
  workbench.library().addFolder(folder.path());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !messages.empty(); }, 10000));
  EXPECT_EQ(messages.back().kind, ui::Message::Kind::Failure);
  EXPECT_EQ(workbench.library().current().key, "strokes");
  EXPECT_EQ(workbench.library().sources().size(), before);
}

TEST_F(WorkbenchTest, TrainedWeightsAreSavedAndOpenedAgain) {
  useSmallData();
  workbench.singleStep();
  ASSERT_TRUE(waitForStep(1));
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.unsavedWeights().exist() && !workbench.training().running(); }, 5000));
  const std::vector<float> trained = *workbench.parameters();
  const QString path = folder.filePath("mine.onnx");
  bool saved = false;
  workbench.save(path, [&] { saved = true; });
  ASSERT_TRUE(QTest::qWaitFor([&] { return saved; }, 10000));
  EXPECT_TRUE(workbench.unsavedWeights().exist()) << "the steps and curves of its run are in no file";
  workbench.models().openShipped("mlp");
  workbench.models().openFile(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.model().name == path; }, 10000));
  EXPECT_EQ(*workbench.parameters(), trained);
}

TEST_F(WorkbenchTest, AFailedSaveKeepsTheWeightsUnsaved) {
  useSmallData();
  workbench.singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench.unsavedWeights().exist(); }, 20000));
  const std::size_t before = messages.size();
  workbench.save("/proc/nowhere/mine.onnx");
  ASSERT_TRUE(QTest::qWaitFor([&] { return messages.size() > before; }, 10000));
  EXPECT_EQ(messages.back().kind, ui::Message::Kind::Failure);
  EXPECT_TRUE(workbench.unsavedWeights().exist());
}

TEST_F(WorkbenchTest, EveryShippedNetworkOpensAndAnswers) {
  ASSERT_GE(workbench.models().shipped().size(), 4u);
  draw(1);
  for (const ui::ShippedNetwork& shipped : workbench.models().shipped()) {
    workbench.models().openShipped(shipped.name);
    EXPECT_EQ(workbench.model().name, shipped.name);
    EXPECT_EQ(workbench.model().hasTrainedStart(), shipped.trained);
    // Of a network that ends in a picture, the ground is no answer.
    const nn::Shape answer = workbench.network()->outputShape();
    EXPECT_EQ(workbench.inference().probabilities().size(), std::size_t(answer.isVector() ? answer.channels : answer.channels - 1))
        << shipped.name.toStdString();
  }
  EXPECT_TRUE(messages.empty());
}

TEST_F(WorkbenchTest, ASampleIsAlwaysAtHandWithItsLabel) {
  for (int i = 0; i < 5; ++i) {
    const ui::Sample sample = ui::randomSample(workbench.library().split(), false, 280);
    EXPECT_GE(sample.known.label, 0);
    EXPECT_LT(sample.known.label, 10);
    EXPECT_GT(*std::max_element(sample.picture.ink.ink.begin(), sample.picture.ink.ink.end()), 0.5f);
  }
}

TEST_F(WorkbenchTest, EndingInTheMiddleOfTrainingIsQuick) {
  useSmallData();
  workbench.play();
  ASSERT_TRUE(waitForStep(1));
  QElapsedTimer timer;
  timer.start();
  workbench.stop();
  EXPECT_LT(timer.elapsed(), 1000);
  EXPECT_EQ(workbench.training().snapshot(), nullptr);
}

// One input of many pixels in a file of a few bytes: refused in words before any memory is taken, and what is open stays.
TEST_F(WorkbenchTest, ANetworkTooLargeToShowIsRefusedBeforeItIsTried) {
  const auto network = workbench.network();
  for (const char* side : {"20000", "30000"}) {
    const QString path = folder.filePath(QString("large%1.json").arg(side));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(R"({"name": "large", "nodes": [{"name": "input", "type": "input", "channels": 1, "height": SIDE, "width": SIDE},
      {"name": "pool", "type": "max-pool", "kernel": 1}]})")
                   .replace("SIDE", side));
    file.close();
    const std::size_t before = messages.size();
    workbench.models().openFile(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return messages.size() > before; }, 10000));
    EXPECT_EQ(messages.back().kind, ui::Message::Kind::Failure);
    EXPECT_NE(messages.back().issue.what.find("million units"), std::string::npos) << messages.back().issue.what;
    EXPECT_EQ(workbench.network(), network);
  }
}

TEST_F(WorkbenchTest, WhatALoadedFolderLeftOutIsTold) {
  for (const char* name : {"a", "b"}) {
    QDir().mkpath(folder.filePath(name));
    QImage picture(4, 4, QImage::Format_RGB32);
    picture.fill(Qt::red);
    ASSERT_TRUE(picture.save(folder.filePath(name) + "/1.png"));
  }
  ASSERT_TRUE(QFile::link("nowhere.png", folder.filePath("a/lost.png")));
  workbench.library().addFolder(folder.path());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !messages.empty(); }, 10000));
  EXPECT_EQ(messages.back().kind, ui::Message::Kind::Warning);
  EXPECT_NE(messages.back().issue.what.find("1 link leads to nothing and was left out: a/lost.png"), std::string::npos);
  EXPECT_TRUE(workbench.library().ready());
}

}  // namespace
