#include <atomic>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QThreadPool>

#include "ui/base/EndSignals.h"
#include "ui/base/Jobs.h"

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
  const QSignalSpy canceled(&jobs, &Jobs::canceled);
  jobs.cancel();
  EXPECT_FALSE(jobs.busy());
  EXPECT_EQ(canceled.count(), 1);
  Jobs::threads().waitForDone();
  QCoreApplication::processEvents();  // its end has been told
  EXPECT_TRUE(saw);
  EXPECT_FALSE(finished);
}

TEST(JobsTest, TrainingThatWasCanceledHasEndedBeforeTheNextBegins) {
  Jobs jobs;
  std::atomic<bool> begun{false}, ended{false}, go{false}, alone{false};
  bool finished = false;
  const auto first = [&](const data::Progress& progress) -> Jobs::Finish {
    begun = true;
    while (progress(-1) || !go) std::this_thread::sleep_for(1ms);
    ended = true;
    return [&] { finished = true; };
  };
  jobs.start("preparing", first, Jobs::Lane::Training);
  ASSERT_TRUE(QTest::qWaitFor([&] { return begun.load(); }, 5000));
  jobs.cancel();
  EXPECT_EQ(jobs.title(), "Stopping: preparing");
  EXPECT_FALSE(jobs.busy(Jobs::Lane::Training)) << "the next one may be asked for";
  std::atomic<bool> again{false};
  const auto second = [&](const data::Progress&) -> Jobs::Finish {
    alone = ended.load();
    again = true;
    return {};
  };
  jobs.start("preparing again", second, Jobs::Lane::Training);
  EXPECT_FALSE(QTest::qWaitFor([&] { return again.load(); }, 50));
  EXPECT_TRUE(jobs.busy(Jobs::Lane::Training));
  go = true;
  ASSERT_TRUE(QTest::qWaitFor([&] { return !jobs.busy(); }, 5000));
  EXPECT_TRUE(alone);
  EXPECT_FALSE(finished);
}

TEST(JobsTest, WhatIsAskedForOneAfterTheOtherIsDoneOneAfterTheOther) {
  Jobs jobs;
  std::vector<int> order;
  std::atomic<bool> go{false};
  jobs.start("first", [&](const data::Progress& progress) -> Jobs::Finish {
    while (!go && progress(0)) std::this_thread::sleep_for(1ms);
    return [&] { order.push_back(1); };
  });
  jobs.start("second", [&](const data::Progress&) -> Jobs::Finish { return [&] { order.push_back(2); }; });
  EXPECT_TRUE(jobs.title().contains("first"));
  EXPECT_TRUE(jobs.title().contains("1 more"));
  go = true;
  ASSERT_TRUE(QTest::qWaitFor([&] { return !jobs.busy(); }, 5000));
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(JobsTest, AnErrorIsToldWhateverIsStartedAfterIt) {
  Jobs jobs;
  std::vector<std::string> told;
  QObject::connect(&jobs, &Jobs::failed, [&](const nn::Issue& issue) { told.push_back(issue.what); });
  jobs.start("reading", [](const data::Progress&) -> Jobs::Finish { throw nn::Error("It is broken", "a.idx"); });
  jobs.start("reading another", [](const data::Progress&) -> Jobs::Finish { throw nn::Error("It is broken, too", "b.idx"); });
  jobs.start(
      "generating", [](const data::Progress&) -> Jobs::Finish { return {}; }, Jobs::Lane::Data);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !jobs.busy(); }, 5000));
  EXPECT_EQ(told, (std::vector<std::string>{"It is broken", "It is broken, too"}));
}

TEST(JobsTest, SavingWaitsForNoOtherKindAndOutlivesTheCancellationOfAll) {
  std::atomic<int> saved = 0;
  {
    Jobs jobs;
    jobs.start("endless", [](const data::Progress& progress) -> Jobs::Finish {
      while (progress(0)) std::this_thread::sleep_for(1ms);
      return {};
    });
    const auto save = [&](const data::Progress&) -> Jobs::Finish {
      std::this_thread::sleep_for(20ms);
      ++saved;
      return {};
    };
    jobs.start("saving", save, Jobs::Lane::Saving);
    jobs.start("saving again", save, Jobs::Lane::Saving);
    jobs.cancelAll();
    EXPECT_FALSE(jobs.busy(Jobs::Lane::Models));
    EXPECT_TRUE(jobs.busy(Jobs::Lane::Saving));
  }
  EXPECT_EQ(saved, 2);
}

TEST(JobsTest, TheEndTellsOnStderrWhatIsNotWritten) {
  testing::internal::CaptureStderr();
  {
    Jobs jobs;
    const auto wait = [](const data::Progress& progress) -> Jobs::Finish {
      while (progress(0)) std::this_thread::sleep_for(1ms);
      return {};
    };
    jobs.start("Exporting a.svg", wait, Jobs::Lane::Exports);
    jobs.start("Exporting b.svg", wait, Jobs::Lane::Exports);
    jobs.start("Reading c.idx", wait, Jobs::Lane::Data);
    jobs.start(
        "Saving d.onnx", [](const data::Progress&) -> Jobs::Finish { throw nn::Error("The disk is full", "d.onnx"); }, Jobs::Lane::Saving);
    jobs.start(
        "Saving e.onnx", [](const data::Progress&) -> Jobs::Finish { return [] {}; }, Jobs::Lane::Saving);
  }
  const std::string ended = ": the program was ended before this was written\n";
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "convscope: Exporting a.svg" + ended + "convscope: Exporting b.svg" + ended + "convscope: d.onnx: The disk is full\n");
}

TEST(JobsTest, WhatHangsHoldsUpNeitherTheNextNorTheEnd) {
  // Reading from a pipe that nobody writes to stands for a network folder that is gone.
  QTemporaryDir folder;
  const QByteArray pipe = folder.filePath("pipe").toLocal8Bit();
  ASSERT_EQ(mkfifo(pipe.constData(), 0600), 0);
  bool opened = false;
  const auto begun = std::make_shared<std::atomic<int>>(0);
  const auto begin = std::chrono::steady_clock::now();
  {
    Jobs jobs;
    for (int i = 0; i < 4; ++i) {
      jobs.start("hanging", [pipe, begun](const data::Progress&) -> Jobs::Finish {
        ++*begun;
        close(open(pipe.constData(), O_RDONLY));
        return {};
      });
    }
    for (int i = 0; i < 4; ++i) {
      ASSERT_TRUE(QTest::qWaitFor([&] { return *begun > i; }, 5000));
      jobs.cancel();
    }
    jobs.start("next", [&](const data::Progress&) -> Jobs::Finish { return [&] { opened = true; }; });
    EXPECT_TRUE(QTest::qWaitFor([&] { return opened; }, 5000));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
  while (Jobs::threads().activeThreadCount() > 0) {  // let them go
    const int end = open(pipe.constData(), O_WRONLY | O_NONBLOCK);
    if (end >= 0) close(end);
    QTest::qWait(5);
  }
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

TEST(EndSignalsTest, ASignalArrivesInTheEventLoop) {
  std::signal(SIGHUP, SIG_DFL);  // nohup would have switched it off
  const ui::EndSignals end;
  QSignalSpy arrived(&end, &ui::EndSignals::arrived);
  std::raise(SIGTERM);
  std::raise(SIGHUP);
  std::raise(SIGXCPU);
  std::raise(SIGXCPU);  // comes again and again
  ASSERT_TRUE(QTest::qWaitFor([&] { return arrived.count() == 4; }, 60000));
  EXPECT_EQ(arrived[0][0].toInt(), SIGTERM);
  EXPECT_EQ(arrived[3][0].toInt(), SIGXCPU);
}

TEST(JobsDeathTest, AThreadThatGoesOnIsNotMetByTheEndOfTheProgram) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        {
          Jobs jobs;
          jobs.start("deaf", [](const data::Progress&) -> Jobs::Finish {
            for (;;) std::this_thread::sleep_for(1ms);
          });
        }
        Jobs::endIfAtWork(7);
      },
      testing::ExitedWithCode(7), "");
}

}  // namespace
