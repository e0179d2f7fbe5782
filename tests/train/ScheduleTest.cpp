#include <gtest/gtest.h>

#include "train/RunClock.h"
#include "train/ValidationSchedule.h"

namespace {

using train::Check;
using train::RunClock;
using train::ValidationSchedule;
using Time = RunClock::Clock::time_point;

Time at(double seconds) {
  return Time(std::chrono::duration_cast<RunClock::Clock::duration>(std::chrono::duration<double>(seconds)));
}

TEST(RunClock, LeavesPausesOut) {
  RunClock clock;
  clock.start(at(10));
  clock.stop(at(12));
  EXPECT_DOUBLE_EQ(clock.seconds(at(50)), 2);
  clock.start(at(60));
  clock.start(at(61));  // already running
  EXPECT_DOUBLE_EQ(clock.seconds(at(63)), 5);
  clock.reset();
  EXPECT_DOUBLE_EQ(clock.seconds(at(99)), 0);
}

TEST(RunClock, RateIsThatOfTheLastSecond) {
  RunClock clock;
  clock.start(at(0));
  double now = 0;
  for (; now < 5; now += 0.01) clock.addImages(100, at(now));
  EXPECT_NEAR(clock.imagesPerSecond(), 10000, 200);
  for (; now < 6.1; now += 0.01) clock.addImages(50, at(now));
  EXPECT_NEAR(clock.imagesPerSecond(), 5000, 200);
  clock.stop(at(now));
  clock.start(at(now + 100));  // the pause does not count
  for (double end = now + 0.5; now < end; now += 0.01) clock.addImages(50, at(now + 100));
  EXPECT_NEAR(clock.imagesPerSecond(), 5000, 200);
}

TEST(RunClock, KnowsARateAfterOneSlowStep) {
  RunClock clock;
  clock.start(at(0));
  clock.addImages(64, at(4));
  EXPECT_DOUBLE_EQ(clock.imagesPerSecond(), 16);
  clock.addImages(64, at(8));
  EXPECT_DOUBLE_EQ(clock.imagesPerSecond(), 16);
}

struct Outcome {
  int parts = 0, fulls = 0;
  double firstPart = -1, spent = 0;
};

// A training of `seconds` with steps of `stepSeconds`; validation takes `imageCost` per image.
Outcome simulate(std::size_t full, std::size_t part, double seconds, double stepSeconds, double epochSeconds, double imageCost) {
  ValidationSchedule schedule(full, part);
  Outcome outcome;
  double epochEnd = epochSeconds;
  for (double now = stepSeconds; now < seconds; now += stepSeconds) {
    if (now >= epochEnd) {
      schedule.epochEnded();
      epochEnd += epochSeconds;
    }
    const Check check = schedule.next(now, 0.4 / imageCost);
    if (check == Check::None) continue;
    const double cost = double(check == Check::Full ? full : part) * imageCost;
    if (check == Check::Part && outcome.parts == 0) outcome.firstPart = now;
    (check == Check::Full ? outcome.fulls : outcome.parts)++;
    outcome.spent += cost;
    now += cost;
    schedule.done(check, now, cost);
  }
  return outcome;
}

TEST(ValidationSchedule, FastTrainingIsCheckedEarlyOftenAndAfterEveryEpoch) {
  const Outcome outcome = simulate(6000, 512, 20, 0.001, 1.0, 1.0 / 150000);
  EXPECT_LT(outcome.firstPart, 0.1);
  EXPECT_GE(outcome.parts, 40);
  EXPECT_GE(outcome.fulls, 18);
  EXPECT_LT(outcome.spent, 0.1 * 20);
}

TEST(ValidationSchedule, SlowTrainingKeepsItsTime) {
  const Outcome outcome = simulate(6000, 512, 300, 0.05, 30, 1.0 / 3000);
  EXPECT_GT(outcome.parts, 10);
  EXPECT_GT(outcome.fulls, 5);
  EXPECT_LT(outcome.spent, 0.1 * 300);
}

TEST(ValidationSchedule, TinyEpochsDoNotDrownInValidation) {
  const Outcome outcome = simulate(6000, 512, 20, 0.001, 0.002, 1.0 / 10000);
  EXPECT_GE(outcome.fulls, 1);
  EXPECT_LT(outcome.spent, 0.1 * 20);
}

TEST(ValidationSchedule, NothingToValidateOn) {
  EXPECT_EQ(ValidationSchedule(0, 0).next(100, 1000), Check::None);
}

}  // namespace
