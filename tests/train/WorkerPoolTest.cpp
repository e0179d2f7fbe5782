#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <sys/resource.h>
#include <unistd.h>
#endif

#include "train/WorkerPool.h"

namespace {

using train::WorkerPool;

TEST(WorkerPool, EveryPartIsDoneOnceInEachRun) {
  WorkerPool pool(3);
  ASSERT_EQ(pool.size(), 3);
  std::vector<int> done(40);
  for (int run = 0; run < 5000; ++run) {
    std::atomic<std::size_t> next = 0;
    pool.run([&](int worker) {
      EXPECT_TRUE(worker >= 0 && worker < 3);
      for (std::size_t part; (part = next.fetch_add(1)) < done.size();) ++done[part];
    });
    ASSERT_GE(next, done.size());
  }
  EXPECT_THAT(done, testing::Each(5000));
}

TEST(WorkerPool, AllThreadsTakePartInLongWork) {
  WorkerPool pool(3);
  for (int run = 0; run < 5; ++run) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));  // they have fallen asleep
    std::atomic<int> met = 0;
    pool.run([&](int worker) {
      ++met;
      while (met < 3) std::this_thread::sleep_for(std::chrono::microseconds(100));
      if (worker == 2) std::this_thread::sleep_for(std::chrono::milliseconds(2));  // the caller falls asleep too
      ++met;
    });
    EXPECT_EQ(met, 6);
  }
}

TEST(WorkerPool, ThrowsAgainWhatAThreadThrew) {
  WorkerPool pool(2);
  for (const int culprit : {0, 1}) {
    std::atomic<int> begun = 0;
    EXPECT_THROW(pool.run([&](int worker) {
      ++begun;
      while (begun < 2) std::this_thread::yield();
      if (worker == culprit) throw std::runtime_error("broken");
    }),
                 std::runtime_error);
    std::atomic<int> done = 0;
    pool.run([&](int) { ++done; });  // and goes on afterwards
    EXPECT_GE(done, 1);
  }
}

#if defined(__SSE2__) || defined(__aarch64__)
TEST(WorkerPool, TakesDenormalNumbersForZeroWithinItsWorkOnly) {
  volatile float small = 1e-30f;
  WorkerPool pool(2);
  std::atomic<int> met = 0;
  std::array<float, 2> products{1, 1};
  pool.run([&](int worker) {
    ++met;
    while (met < 2) std::this_thread::sleep_for(std::chrono::microseconds(100));
    products[std::size_t(worker)] = small * 1e-10f;
  });
  EXPECT_THAT(products, testing::Each(0.0f));
  EXPECT_GT(small * 1e-10f, 0.0f);
}
#endif

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

// Where the address space is full, the system starts no more threads. In a process of its own.
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void fillAddressSpace(rlim_t room) {
  std::ifstream file("/proc/self/statm");
  rlim_t pages = 0;
  file >> pages;
  const rlim_t all = pages * rlim_t(sysconf(_SC_PAGESIZE)) + room;
  const rlimit limit{all, all};
  if (setrlimit(RLIMIT_AS, &limit) != 0) std::exit(3);
}

TEST(WorkerPoolDeathTest, WorksWithTheThreadsThatCouldBeStarted) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto act = [] {
    fillAddressSpace(rlim_t(64) << 20);
    WorkerPool pool(100);
    std::atomic<int> next = 0, done = 0;
    pool.run([&](int) {
      while (next++ < 1000) ++done;
    });
    std::exit(done == 1000 && pool.size() < 100 ? 0 : 1);
  };
  EXPECT_EXIT(act(), testing::ExitedWithCode(0), "");
}

TEST(WorkerPoolDeathTest, SaysThatNoThreadCanBeStarted) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto act = [] {
    train::requireThread();
    fillAddressSpace(0);
    std::vector<std::thread> held;  // those whose stacks the C library had kept
    for (int i = 0; i < 50; ++i) {
      try {
        held.emplace_back([] { std::this_thread::sleep_for(std::chrono::hours(1)); });
      } catch (const std::system_error&) {
        break;
      }
    }
    try {
      train::requireThread();
    } catch (const nn::Error& error) {
      std::fputs(error.what(), stderr);
      std::_Exit(4);
    }
    std::_Exit(1);
  };
  EXPECT_EXIT(act(), testing::ExitedWithCode(4), "a thread could not be started: ");
}
#endif

}  // namespace
