#include <atomic>
#include <cmath>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "nn/Error.h"
#include "nn/Workspace.h"
#include "train/AllocationCounter.h"
#include "train/GradientSum.h"
#include "train/TestProblem.h"
#include "train/TrainingSession.h"

namespace {

using namespace std::chrono_literals;
using train::MetricPoint;
using train::RunState;
using train::TrainingSession;

data::DataSplit split() {
  return {testproblem::quadrants(1200), testproblem::quadrants(800, 50), nullptr};
}

TrainingSession makeSession(int threads = 2) {
  return {testproblem::network(), split(), testproblem::options(threads)};
}

bool waitFor(const std::function<bool()>& condition, std::chrono::seconds limit = 60s) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

bool waitForState(const TrainingSession& session, RunState state) {
  return waitFor([&] { return session.latest()->state == state; });
}

bool waitForStep(const TrainingSession& session, std::uint64_t step) {
  return waitFor([&] { return session.latest()->step >= step; });
}

TEST(TrainingSession, IsReadyWithTheFirstParameters) {
  const auto session = makeSession();
  const auto snapshot = session.latest();
  ASSERT_NE(snapshot, nullptr);
  EXPECT_EQ(snapshot->state, RunState::Ready);
  EXPECT_EQ(snapshot->step, 0u);
  EXPECT_EQ(*snapshot->parameters, snapshot->network->initialParameters(7));
  EXPECT_EQ(snapshot->gradients, nullptr);
  EXPECT_EQ(session.data().train->count(), 1200u);
}

// Saved while it runs, and gone on with by another one.
TEST(TrainingSession, WhatWasSavedGoesOnBitForBit) {
  train::TrainingOptions options = testproblem::options(2);
  train::SavedRun saved;
  {
    TrainingSession session(testproblem::network(0.3), split(), options);
    session.play();
    ASSERT_TRUE(waitForStep(session, 50));
    saved = session.save().get();
    EXPECT_EQ(session.latest()->state, RunState::Running);
  }
  ASSERT_GE(saved.checkpoint.step, 50u);
  EXPECT_EQ(saved.progress.epoch.seen, saved.checkpoint.position);
  EXPECT_GT(saved.progress.seconds, 0);
  options.threads = 1;
  TrainingSession resumed(testproblem::network(0.3), split(), options, {}, &saved);
  EXPECT_EQ(resumed.latest()->state, RunState::Paused);
  EXPECT_EQ(resumed.latest()->step, saved.checkpoint.step);
  EXPECT_EQ(*resumed.latest()->parameters, saved.checkpoint.parameters);
  EXPECT_EQ(resumed.latest()->imagesSeen, saved.progress.images);
  resumed.play();
  ASSERT_TRUE(waitForStep(resumed, saved.checkpoint.step + 60));
  const train::SavedRun end = resumed.save().get();
  train::Trainer whole(testproblem::network(0.3), split().train, testproblem::options(1));
  train::EpochFigures figures;
  while (whole.stepCount() < end.checkpoint.step) {
    figures.add(whole.step());
    if (whole.checkpoint().position == 0) figures = {};
  }
  EXPECT_EQ(testproblem::copyOf(whole.parameters()), end.checkpoint.parameters);
  EXPECT_EQ(figures.loss, end.progress.epoch.loss) << "to the last bit";
  EXPECT_EQ(figures.figures, end.progress.epoch.figures);
  options.seed += 1;
  EXPECT_THROW(TrainingSession(testproblem::network(0.3), split(), options, {}, &saved), nn::Error);
}

TEST(TrainingSession, PlaysAndPauses) {
  auto session = makeSession();
  session.play();
  ASSERT_TRUE(waitForStep(session, 20));
  session.pause();
  ASSERT_TRUE(waitForState(session, RunState::Paused));
  const auto paused = session.latest();
  EXPECT_GT(paused->imagesSeen, 20u * 30);
  EXPECT_GT(paused->epoch, 0.0);
  EXPECT_GT(paused->imagesPerSecond, 0.0);
  EXPECT_GT(paused->elapsedSeconds, 0.0);
  ASSERT_NE(paused->gradients, nullptr);
  EXPECT_EQ(paused->gradients->size(), paused->network->parameterCount());
  ASSERT_TRUE(paused->latest.has_value());
  std::this_thread::sleep_for(30ms);
  EXPECT_EQ(session.latest(), paused);  // nothing is published while nothing happens
  session.play();
  ASSERT_TRUE(waitForStep(session, paused->step + 5));
  EXPECT_EQ(session.latest()->state, RunState::Running);
}

TEST(TrainingSession, SingleStepsAreTheTrainersSteps) {
  auto session = makeSession();
  train::Trainer trainer(testproblem::network(), split().train, testproblem::options(1));
  for (std::uint64_t step = 1; step <= 3; ++step) {
    session.singleStep();
    ASSERT_TRUE(waitForStep(session, step));
    ASSERT_TRUE(waitForState(session, RunState::Paused));
    const double loss = trainer.step().loss;
    EXPECT_EQ(session.latest()->step, step);
    EXPECT_EQ(*session.latest()->parameters, std::vector<float>(trainer.parameters().begin(), trainer.parameters().end()));
    EXPECT_DOUBLE_EQ(session.latest()->latest->trainLoss, loss);
  }
  EXPECT_GE(session.takeMetrics().size(), 3u);
}

TEST(TrainingSession, SingleStepWhileRunningPauses) {
  auto session = makeSession();
  session.play();
  ASSERT_TRUE(waitForStep(session, 3));
  session.singleStep();
  ASSERT_TRUE(waitForState(session, RunState::Paused));
}

TEST(TrainingSession, ResetComesBackToTheStartAndBeginsNewCurves) {
  std::vector<float> start = testproblem::network()->initialParameters(123);
  TrainingSession session(testproblem::network(), split(), testproblem::options(), start);
  EXPECT_EQ(*session.latest()->parameters, start);
  session.play();
  ASSERT_TRUE(waitForStep(session, 10));
  session.reset();
  ASSERT_TRUE(waitFor([&] { return session.latest()->run == 1; }));
  const auto fresh = session.latest();
  EXPECT_EQ(fresh->state, RunState::Ready);
  EXPECT_EQ(fresh->step, 0u);
  EXPECT_EQ(fresh->imagesSeen, 0u);
  EXPECT_EQ(fresh->elapsedSeconds, 0.0);
  EXPECT_EQ(*fresh->parameters, start);
  EXPECT_EQ(fresh->gradients, nullptr);
  EXPECT_FALSE(fresh->latest.has_value());
  EXPECT_TRUE(session.takeMetrics().empty());
  session.singleStep();
  ASSERT_TRUE(waitForState(session, RunState::Paused));
  const auto points = session.takeMetrics();
  ASSERT_FALSE(points.empty());
  EXPECT_EQ(points[0].run, 1u);
  EXPECT_EQ(points[0].step, 1u);
}

TEST(TrainingSession, CurvesAreDenseBoundedAndHaveValidation) {
  auto session = makeSession();
  session.play();
  const auto begin = std::chrono::steady_clock::now();
  std::vector<MetricPoint> points;
  std::size_t full = 0, part = 0;
  ASSERT_TRUE(waitFor([&] {
    for (const MetricPoint& point : session.takeMetrics()) {
      points.push_back(point);
      full += point.validationImages == 800;
      part += point.validationImages == 512;
    }
    return full >= 2 && points.size() >= 20;  // a fast machine ends epochs so often that no part is needed in between
  }));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_EQ(points[0].step, 1u);
  EXPECT_LE(double(points.size() - full - part), 20 * seconds + 2);
  for (std::size_t i = 1; i < points.size(); ++i) {
    EXPECT_GT(points[i].step, points[i - 1].step);
    EXPECT_TRUE(std::isfinite(points[i].trainLoss));
    EXPECT_EQ(points[i].validationLoss.has_value(), points[i].validationImages > 0);
    if (points[i].validationLoss) EXPECT_EQ(points[i].allValidationImages, 800u);
  }
  EXPECT_GT(points.back().trainMetric, points.front().trainMetric);
}

TEST(TrainingSession, PublishesTheLastEvaluationOfAllValidationImages) {
  auto session = makeSession();
  session.play();
  ASSERT_TRUE(waitFor([&] { return session.latest()->evaluation != nullptr; }));
  session.pause();
  ASSERT_TRUE(waitForState(session, RunState::Paused));
  const auto snapshot = session.latest();
  const train::Evaluation& evaluation = *snapshot->evaluation;
  const data::Dataset& images = *session.data().validation;
  ASSERT_EQ(evaluation.count, images.count());
  ASSERT_EQ(evaluation.answers.size(), images.count());
  EXPECT_GT(snapshot->evaluationStep, 0u);
  EXPECT_LE(snapshot->evaluationStep, snapshot->step);
  std::size_t right = 0;
  for (std::size_t i = 0; i < images.count(); ++i) right += evaluation.answers[i] == images.labels[i];
  EXPECT_EQ(right, evaluation.correct());
  session.reset();
  ASSERT_TRUE(waitForState(session, RunState::Ready));
  EXPECT_EQ(session.latest()->evaluation, nullptr);
}

TEST(TrainingSession, ChangesTakeEffectWhileItRuns) {
  auto session = makeSession();
  train::Recipe still = testproblem::options();
  still.optimizer.kind = nn::OptimizerKind::Sgd;
  still.optimizer.learningRate = 0;
  still.batchSize = 1;
  still.augmentation = data::Augmentation::standard();
  session.play();
  session.setRecipe(still);
  session.setPublishInterval(1ms);
  ASSERT_TRUE(waitForStep(session, 5));
  const auto first = session.latest();
  ASSERT_TRUE(waitForStep(session, first->step + 5));
  const auto second = session.latest();
  EXPECT_EQ(*second->parameters, *first->parameters);  // the learning rate is 0
  EXPECT_EQ(second->imagesSeen - first->imagesSeen, second->step - first->step);
}

TEST(TrainingSession, PublishesNoMoreOftenThanAsked) {
  auto session = makeSession();
  session.setPublishInterval(100ms);
  session.play();
  ASSERT_TRUE(waitForStep(session, 1));
  const auto begin = std::chrono::steady_clock::now();
  int seen = 0;
  for (auto last = session.latest(); std::chrono::steady_clock::now() - begin < 550ms; std::this_thread::sleep_for(1ms)) {
    if (session.latest() == last) continue;
    last = session.latest();
    ++seen;
  }
  EXPECT_GE(seen, 1);
  EXPECT_LE(seen, 6);
}

// The same steps, only later; and whoever pauses does not wait for the next one.
TEST(TrainingSession, APaceIsKeptAndChangesNoStep) {
  TrainingSession session = makeSession();
  session.setPace(50);
  session.play();
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(waitFor([&] { return session.latest()->step >= 10; }));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(170));
  session.setPace(0.001);
  session.pause();
  ASSERT_TRUE(waitFor([&] { return session.latest()->state == train::RunState::Paused; }));
  const std::uint64_t steps = session.latest()->step;
  train::Trainer trainer(testproblem::network(), session.data().train, testproblem::options());
  while (trainer.stepCount() < steps) trainer.step();
  EXPECT_EQ(*session.latest()->parameters, testproblem::copyOf(trainer.parameters()));
  EXPECT_GE(session.takeMetrics().size(), 10u) << "each step is a point of the curves";
}

TEST(TrainingSession, DivergenceIsAStateThatCanBeLeft) {
  auto options = testproblem::options();
  options.optimizer.kind = nn::OptimizerKind::Sgd;
  options.optimizer.learningRate = 1e6f;
  TrainingSession session(testproblem::harley(), split(), options);
  session.play();
  ASSERT_TRUE(waitForState(session, RunState::Diverged));
  const auto broken = session.latest();
  EXPECT_THAT(broken->message, testing::HasSubstr("step " + std::to_string(broken->step + 1)));
  EXPECT_TRUE(train::allFinite(*broken->parameters));
  options.optimizer.learningRate = 0.01f;
  session.setRecipe(options);
  session.reset();
  ASSERT_TRUE(waitForState(session, RunState::Ready));
  EXPECT_EQ(session.latest()->message, "");
  session.play();
  ASSERT_TRUE(waitForStep(session, 3));
}

TEST(TrainingSession, ALossThatHasRunAwayIsDivergenceToo) {
  std::vector<float> far = testproblem::harley()->initialParameters(1);
  for (float& parameter : far) parameter *= 1e4f;
  TrainingSession session(testproblem::harley(), split(), testproblem::options(), far);
  session.play();
  ASSERT_TRUE(waitForState(session, RunState::Diverged));
  EXPECT_THAT(session.latest()->message, testing::HasSubstr("in step 1: the loss is "));
  EXPECT_THAT(session.latest()->message, testing::HasSubstr("that of guessing 2.3"));
}

TEST(TrainingSession, AnExceptionIsAStateThatCanBeLeft) {
  auto session = makeSession();
  train::Recipe recipe = testproblem::options();
  recipe.batchSize = 16;
  session.setRecipe(recipe);
  session.singleStep();
  ASSERT_TRUE(waitForState(session, RunState::Paused));
  testalloc::failFrom(4096);  // the gradients of more blocks
  recipe.batchSize = 200;
  session.setRecipe(recipe);
  session.play();
  const bool failed = waitForState(session, RunState::Failed);
  testalloc::failFrom(0);
  ASSERT_TRUE(failed);
  EXPECT_THAT(session.latest()->message, testing::HasSubstr("memory"));
  session.play();
  ASSERT_TRUE(waitForStep(session, 5));
}

TEST(TrainingSession, SaysAtOnceWhatDoesNotFit) {
  EXPECT_THROW(TrainingSession(testproblem::network(0, 3), split(), testproblem::options()), nn::Error);
  EXPECT_THROW(TrainingSession(testproblem::network(), split(), testproblem::options(), std::vector<float>(5)), nn::Error);
}

TEST(TrainingSession, StopsSoonInEveryState) {
  for (int round = 0; round < 20; ++round) {
    auto session = std::make_unique<TrainingSession>(testproblem::network(), split(), testproblem::options(1 + round % 3));
    if (round % 4 > 0) session->play();
    if (round % 4 > 1) {
      EXPECT_TRUE(waitForStep(*session, std::uint64_t(round)));
    }
    if (round % 4 > 2) session->pause();
    const auto begin = std::chrono::steady_clock::now();
    session.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  }
}

TEST(TrainingSession, WorksWithoutValidationImages) {
  TrainingSession session(testproblem::network(), {testproblem::quadrants(100), nullptr, nullptr}, testproblem::options());
  session.play();
  ASSERT_TRUE(waitForStep(session, 20));
  for (const MetricPoint& point : session.takeMetrics()) EXPECT_FALSE(point.validationLoss.has_value());
}

// What the window does while it trains: another thread computes one sample with each new snapshot, while a third sends commands.
TEST(TrainingSession, SnapshotsCanBeComputedWithWhileItTrains) {
  auto session = makeSession();
  session.setPublishInterval(1ms);
  std::atomic<bool> done = false;
  std::atomic<int> computed = 0;
  std::thread reader([&] {
    const auto network = session.latest()->network;
    nn::Weights weights(network);
    nn::Workspace workspace(network, 1, true);
    std::vector<float> probabilities(4), gradients(network->parameterCount()), input(144, 0.5f);
    for (std::shared_ptr<const train::Snapshot> last; !done;) {
      const auto snapshot = session.latest();
      if (snapshot == last) continue;
      last = snapshot;
      weights.assign(*snapshot->parameters);
      workspace.setInput(0, input);
      workspace.forward(weights);
      workspace.read(network->outputs()[0], 0, probabilities);
      float sum = 0;
      for (const float p : probabilities) sum += p;
      EXPECT_NEAR(sum, 1.0f, 1e-4f);
      ++computed;
    }
  });
  train::Recipe recipe = testproblem::options();
  session.play();
  for (int round = 0; round < 10; ++round) {
    std::this_thread::sleep_for(10ms);
    recipe.batchSize = 8 + 10 * round;
    session.setRecipe(recipe);
    if (round % 3 == 0) session.pause();
    if (round % 3 == 1) session.reset();
    session.play();
    session.takeMetrics();
  }
  EXPECT_TRUE(waitFor([&] { return computed > 10; }));
  done = true;
  reader.join();
}

}  // namespace
