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

#include "io/DataFiles.h"
#include "ui/Session.h"

namespace {

using train::RunState;
using ui::Session;
using ui::StartFrom;

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    QSettings().clear();
    QObject::connect(&session, &Session::messageRaised, [this](const ui::Message& message) { messages.push_back(message); });
    session.openShipped("harley");
  }
  ~SessionTest() override { session.stop(); }

  // A small data set of its own, in a folder, so that no test waits for a large one.
  QString smallData() {
    const auto digits = data::generateStrokeDigits(600, 5);
    io::writeIdx(folder.filePath("train-images-idx3-ubyte"), folder.filePath("train-labels-idx1-ubyte"), *digits);
    return folder.path();
  }
  void useSmallData() {
    session.library().addFolder(smallData());
    ASSERT_TRUE(QTest::qWaitFor([&] { return session.library().ready(); }, 20000));
  }
  RunState state() const {
    const train::Snapshot* snapshot = const_cast<Session&>(session).training().snapshot();
    return snapshot ? snapshot->state : RunState::Ready;
  }
  bool waitForStep(std::uint64_t step) {
    return QTest::qWaitFor([&] { return session.training().snapshot() && session.training().snapshot()->step >= step; }, 20000);
  }
  void draw(int digit) {
    session.setDrawing(data::strokeDigit(digit, 3, 280));
    session.recompute();
  }

  QTemporaryDir folder;
  Session session;
  std::vector<ui::Message> messages;
};

TEST_F(SessionTest, AnEmptyPadHasNoAnswer) {
  EXPECT_TRUE(session.blank());
  EXPECT_TRUE(session.probabilities().empty());
  EXPECT_NE(session.values(), nullptr);
}

TEST_F(SessionTest, ADrawingIsAnsweredByTheShippedNetwork) {
  for (const int digit : {0, 1, 3, 7}) {
    draw(digit);
    const std::vector<float> answer = session.probabilities();
    ASSERT_EQ(answer.size(), 10u);
    float sum = 0;
    for (const float p : answer) sum += p;
    EXPECT_NEAR(sum, 1, 1e-4);
    EXPECT_EQ(std::max_element(answer.begin(), answer.end()) - answer.begin(), digit);
  }
}

TEST_F(SessionTest, ManyChangesInOneTurnAreComputedOnce) {
  const QSignalSpy computed(&session, &Session::valuesChanged);
  for (int i = 0; i < 20; ++i) session.setDrawing(data::strokeDigit(4, std::uint64_t(i), 280));
  EXPECT_EQ(computed.count(), 0);
  QTest::qWait(30);
  EXPECT_EQ(computed.count(), 1);
}

TEST_F(SessionTest, NothingIsComputedWhileNothingHappens) {
  draw(5);
  const QSignalSpy computed(&session, &Session::valuesChanged);
  QTest::qWait(300);
  EXPECT_EQ(computed.count(), 0);
}

TEST_F(SessionTest, ThePreparationCanBeSwitchedOff) {
  draw(3);
  const data::GreyImage with = session.received();
  session.setPreparation({.enabled = false});
  session.recompute();
  EXPECT_NE(session.received(), with);
}

TEST_F(SessionTest, SingleStepsChangeTheWeightsAndTheAnswerOnTheSameDrawing) {
  useSmallData();
  draw(2);
  const auto before = session.parameters();
  const std::vector<float> answer = session.probabilities();
  session.singleStep();
  ASSERT_TRUE(waitForStep(1));
  EXPECT_EQ(session.training().snapshot()->step, 1u);
  ASSERT_TRUE(QTest::qWaitFor([&] { return state() == RunState::Paused; }, 5000));
  EXPECT_NE(*session.parameters(), *before);
  EXPECT_NE(session.probabilities(), answer);
  EXPECT_TRUE(session.hasUnsavedTraining());
  EXPECT_FALSE(session.training().running());
}

TEST_F(SessionTest, PlayPauseAndResetComeBackToTheStart) {
  useSmallData();
  const auto start = session.parameters();
  session.play();
  EXPECT_TRUE(session.training().running());
  ASSERT_TRUE(waitForStep(3));
  session.pause();
  ASSERT_TRUE(QTest::qWaitFor([&] { return state() == RunState::Paused; }, 5000));
  const std::uint64_t stopped = session.training().snapshot()->step;
  QTest::qWait(150);
  EXPECT_EQ(session.training().snapshot()->step, stopped);
  EXPECT_FALSE(session.training().metrics().empty());
  session.reset();
  EXPECT_EQ(*session.parameters(), *start);
  EXPECT_TRUE(session.training().metrics().empty());
  EXPECT_FALSE(session.hasUnsavedTraining());
}

TEST_F(SessionTest, WhatAResetTookAwayCanBeBroughtBack) {
  useSmallData();
  session.singleStep();
  ASSERT_TRUE(waitForStep(1));
  ASSERT_TRUE(QTest::qWaitFor([&] { return session.hasUnsavedTraining(); }, 5000));
  const std::vector<float> trained = *session.parameters();
  session.reset();
  ASSERT_FALSE(messages.empty());
  ASSERT_TRUE(messages.back().action);
  EXPECT_NE(*session.parameters(), trained);
  messages.back().action();
  EXPECT_EQ(*session.parameters(), trained);
  EXPECT_TRUE(session.hasUnsavedTraining());
}

TEST_F(SessionTest, StartingFromRandomWeightsShowsThemAndIsRepeatable) {
  const std::vector<float> trained = *session.parameters();
  session.setStartFrom(StartFrom::Random);
  const std::vector<float> random = *session.parameters();
  EXPECT_NE(random, trained);
  session.setStartFrom(StartFrom::Trained);
  EXPECT_EQ(*session.parameters(), trained);
  session.setStartFrom(StartFrom::Random);
  EXPECT_EQ(*session.parameters(), random);
}

TEST_F(SessionTest, ALearningRateFarTooHighEndsAsAStateInWords) {
  useSmallData();
  nn::OptimizerSettings settings;
  settings.kind = nn::OptimizerKind::Sgd;
  settings.learningRate = 1e30f;
  session.training().setOptimizer(settings);
  session.play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return state() == RunState::Diverged; }, 20000));
  EXPECT_FALSE(session.training().snapshot()->message.empty());
  EXPECT_FALSE(session.training().running());
}

TEST_F(SessionTest, BrokenFilesLeaveEverythingAsItWas) {
  draw(6);
  const auto network = session.network();
  const std::vector<float> answer = session.probabilities();
  for (const char* name : {"broken.onnx", "broken.json", "absent.onnx"}) {
    const QString path = folder.filePath(name);
    if (!path.contains("absent")) {
      QFile file(path);
      ASSERT_TRUE(file.open(QIODevice::WriteOnly));
      file.write("\x08\x07 this is no model {");
    }
    const std::size_t before = messages.size();
    session.openFile(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return messages.size() > before; }, 10000)) << name;
    EXPECT_EQ(messages.back().kind, ui::Message::Kind::Failure);
    EXPECT_FALSE(messages.back().issue.what.empty());
    EXPECT_EQ(session.network(), network);
    EXPECT_EQ(session.probabilities(), answer);
    EXPECT_EQ(session.modelName(), "harley");
  }
}

TEST_F(SessionTest, AFolderWithoutDataLeavesTheDataAsItWas) {
  session.library().addFolder(folder.path());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !messages.empty(); }, 10000));
  EXPECT_EQ(messages.back().kind, ui::Message::Kind::Failure);
  EXPECT_EQ(session.library().current().key, ui::DataLibrary::kStrokes);
  EXPECT_EQ(session.library().sources().size(), 1u);
}

TEST_F(SessionTest, TrainedWeightsAreSavedAndOpenedAgain) {
  useSmallData();
  session.singleStep();
  ASSERT_TRUE(waitForStep(1));
  ASSERT_TRUE(QTest::qWaitFor([&] { return session.hasUnsavedTraining() && !session.training().running(); }, 5000));
  const std::vector<float> trained = *session.parameters();
  const QString path = folder.filePath("mine.onnx");
  bool saved = false;
  session.save(path, [&] { saved = true; });
  ASSERT_TRUE(QTest::qWaitFor([&] { return saved; }, 10000));
  EXPECT_FALSE(session.hasUnsavedTraining());
  session.openShipped("mlp");
  session.openFile(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return session.modelName() == path; }, 10000));
  EXPECT_EQ(*session.parameters(), trained);
}

TEST_F(SessionTest, AFailedSaveKeepsTheWeightsUnsaved) {
  useSmallData();
  session.singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return session.hasUnsavedTraining(); }, 20000));
  const std::size_t before = messages.size();
  session.save("/proc/nowhere/mine.onnx");
  ASSERT_TRUE(QTest::qWaitFor([&] { return messages.size() > before; }, 10000));
  EXPECT_EQ(messages.back().kind, ui::Message::Kind::Failure);
  EXPECT_TRUE(session.hasUnsavedTraining());
}

TEST_F(SessionTest, EveryShippedNetworkOpensAndAnswers) {
  ASSERT_GE(session.shipped().size(), 4u);
  draw(1);
  for (const ui::ShippedNetwork& shipped : session.shipped()) {
    session.openShipped(shipped.name);
    EXPECT_EQ(session.modelName(), shipped.name);
    EXPECT_EQ(session.hasTrainedStart(), shipped.trained);
    // Of a network that ends in a picture, the ground is no answer.
    const nn::Shape answer = session.network()->outputShape();
    EXPECT_EQ(session.probabilities().size(), std::size_t(answer.isVector() ? answer.channels : answer.channels - 1))
        << shipped.name.toStdString();
  }
  EXPECT_TRUE(messages.empty());
}

TEST_F(SessionTest, ASampleIsAlwaysAtHandWithItsLabel) {
  for (int i = 0; i < 5; ++i) {
    const Session::Sample sample = session.randomSample(280);
    EXPECT_GE(sample.label, 0);
    EXPECT_LT(sample.label, 10);
    EXPECT_GT(*std::max_element(sample.picture.ink.begin(), sample.picture.ink.end()), 0.5f);
  }
}

TEST_F(SessionTest, EndingInTheMiddleOfTrainingIsQuick) {
  useSmallData();
  session.play();
  ASSERT_TRUE(waitForStep(1));
  QElapsedTimer timer;
  timer.start();
  session.stop();
  EXPECT_LT(timer.elapsed(), 1000);
  EXPECT_EQ(session.training().snapshot(), nullptr);
}

// One input of many pixels in a file of a few bytes: refused in words before any memory is taken, and what is open stays.
TEST_F(SessionTest, ANetworkTooLargeToShowIsRefusedBeforeItIsTried) {
  const auto network = session.network();
  for (const char* side : {"20000", "30000"}) {
    const QString path = folder.filePath(QString("large%1.json").arg(side));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(R"({"name": "large", "nodes": [{"name": "input", "type": "input", "channels": 1, "height": SIDE, "width": SIDE},
      {"name": "pool", "type": "max-pool", "kernel": 1}]})")
                   .replace("SIDE", side));
    file.close();
    const std::size_t before = messages.size();
    session.openFile(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return messages.size() > before; }, 10000));
    EXPECT_EQ(messages.back().kind, ui::Message::Kind::Failure);
    EXPECT_NE(messages.back().issue.what.find("million units"), std::string::npos) << messages.back().issue.what;
    EXPECT_EQ(session.network(), network);
  }
}

TEST_F(SessionTest, WhatALoadedFolderLeftOutIsTold) {
  for (const char* name : {"a", "b"}) {
    QDir().mkpath(folder.filePath(name));
    QImage picture(4, 4, QImage::Format_RGB32);
    picture.fill(Qt::red);
    ASSERT_TRUE(picture.save(folder.filePath(name) + "/1.png"));
  }
  ASSERT_TRUE(QFile::link("nowhere.png", folder.filePath("a/lost.png")));
  session.library().addFolder(folder.path());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !messages.empty(); }, 10000));
  EXPECT_EQ(messages.back().kind, ui::Message::Kind::Warning);
  EXPECT_NE(messages.back().issue.what.find("1 link leads to nothing and was left out: a/lost.png"), std::string::npos);
  EXPECT_TRUE(session.library().ready());
}

}  // namespace
