#include <chrono>
#include <gtest/gtest.h>
#include <thread>

#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include "ui/Jobs.h"

namespace {

using ui::Jobs;
using namespace std::chrono_literals;

TEST(JobsTest, TheWorkRunsBesideTheWindowAndItsEndInIt) {
  Jobs jobs;
  QThread *worker = nullptr, *finisher = nullptr;
  jobs.start("counting", [&](const data::Progress&) -> Jobs::Finish {
    worker = QThread::currentThread();
    return [&] { finisher = QThread::currentThread(); };
  });
  EXPECT_TRUE(jobs.busy());
  EXPECT_EQ(jobs.title(), "counting");
  ASSERT_TRUE(QTest::qWaitFor([&] { return finisher != nullptr; }, 5000));
  EXPECT_NE(worker, QThread::currentThread());
  EXPECT_EQ(finisher, QThread::currentThread());
  EXPECT_FALSE(jobs.busy());
}

TEST(JobsTest, AnErrorIsToldWithItsWords) {
  Jobs jobs;
  nn::Issue told;
  QObject::connect(&jobs, &Jobs::failed, [&](const nn::Issue& issue) { told = issue; });
  jobs.start("reading", [](const data::Progress&) -> Jobs::Finish { throw nn::Error("It is broken", "a.idx", "Take another"); });
  ASSERT_TRUE(QTest::qWaitFor([&] { return !jobs.busy(); }, 5000));
  EXPECT_EQ(told, (nn::Issue{"a.idx", "It is broken", "Take another"}));
}

TEST(JobsTest, CancelEndsTheWorkAndDropsItsResult) {
  Jobs jobs;
  std::atomic<bool> saw{false};
  bool finished = false;
  jobs.start("long", [&](const data::Progress& progress) -> Jobs::Finish {
    while (progress(0.25)) std::this_thread::sleep_for(1ms);
    saw = true;
    return [&] { finished = true; };
  });
  ASSERT_TRUE(QTest::qWaitFor([&] { return jobs.share() == 0.25; }, 5000));
  const QSignalSpy cancelled(&jobs, &Jobs::cancelled);
  jobs.cancel();
  EXPECT_FALSE(jobs.busy());
  EXPECT_EQ(cancelled.count(), 1);
  jobs.waitForAll();
  QTest::qWait(20);
  EXPECT_TRUE(saw);
  EXPECT_FALSE(finished);
}

TEST(JobsTest, ANewJobTakesThePlaceOfTheOldOne) {
  Jobs jobs;
  std::vector<int> order;
  jobs.start("first", [&](const data::Progress& progress) -> Jobs::Finish {
    while (progress(0)) std::this_thread::sleep_for(1ms);
    return [&] { order.push_back(1); };
  });
  jobs.start("second", [&](const data::Progress&) -> Jobs::Finish { return [&] { order.push_back(2); }; });
  ASSERT_TRUE(QTest::qWaitFor([&] { return !order.empty(); }, 5000));
  jobs.waitForAll();
  QTest::qWait(20);
  EXPECT_EQ(order, std::vector<int>{2});
}

TEST(JobsTest, GoingAwayInTheMiddleIsCleanAndQuick) {
  const auto begin = std::chrono::steady_clock::now();
  {
    Jobs jobs;
    jobs.start("endless", [](const data::Progress& progress) -> Jobs::Finish {
      while (progress(0)) std::this_thread::sleep_for(1ms);
      return {};
    });
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
}

}  // namespace
