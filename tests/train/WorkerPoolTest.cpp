#include <chrono>
#include <gtest/gtest.h>
#include <stdexcept>
#include <vector>

#include "train/WorkerPool.h"

namespace {

using train::WorkerPool;

TEST(WorkerPool, EveryThreadWorksOnceInEachRun) {
  WorkerPool pool(3);
  ASSERT_EQ(pool.size(), 3);
  std::vector<int> calls(3 * 16);  // apart by a cache line
  for (int run = 0; run < 5000; ++run) pool.run([&](int worker) { ++calls[std::size_t(worker) * 16]; });
  for (std::size_t worker = 0; worker < 3; ++worker) EXPECT_EQ(calls[worker * 16], 5000);
}

TEST(WorkerPool, RunsAfterItsThreadsHaveFallenAsleep) {
  WorkerPool pool(2);
  int sum[2] = {0, 0};
  for (int run = 0; run < 5; ++run) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    pool.run([&](int worker) {
      if (worker == 1) std::this_thread::sleep_for(std::chrono::milliseconds(2));  // the caller falls asleep too
      sum[worker] += worker + 1;
    });
  }
  EXPECT_EQ(sum[0], 5);
  EXPECT_EQ(sum[1], 10);
}

TEST(WorkerPool, ThrowsAgainWhatAThreadThrew) {
  WorkerPool pool(2);
  for (int culprit : {0, 1}) {
    EXPECT_THROW(pool.run([&](int worker) {
      if (worker == culprit) throw std::runtime_error("broken");
    }),
                 std::runtime_error);
    int done[2] = {0, 0};
    pool.run([&](int worker) { done[worker] = 1; });  // and goes on afterwards
    EXPECT_EQ(done[0] + done[1], 2);
  }
}

TEST(WorkerPool, ReadsThreadCounts) {
  const int cores = train::availableCores();
  EXPECT_GE(cores, 1);
  EXPECT_EQ(train::resolveThreads(5), 5);
  EXPECT_EQ(train::resolveThreads(0), cores);
  EXPECT_EQ(train::resolveThreads(-1), std::max(1, cores - 1));
  EXPECT_EQ(train::resolveThreads(-1000), 1);
  WorkerPool alone(1);
  int calls = 0;
  alone.run([&](int worker) { calls += worker == 0; });
  EXPECT_EQ(calls, 1);
}

}  // namespace
