#include "ui/base/Jobs.h"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>

#include <QDeadlineTimer>
#include <QPointer>
#include <QThread>
#include <QThreadPool>
#include <QtConcurrentRun>

#include "train/WorkerPool.h"
#include "ui/base/LastWords.h"

namespace ui {

namespace {

constexpr int kFarewellMs = 1000;  // what neither ends nor hears of its cancellation by then reads from something dead
constexpr int kLastMs = 100;       // for a thread that has just done its work
constexpr int kMostThreads = 32;

}  // namespace

// Never taken down: a thread that reads from a dead network folder cannot be ended, and the end of the program must not wait for it.
QThreadPool& Jobs::threads() {
  static QThreadPool* const pool = [] {
    auto* made = new QThreadPool;
    made->setMaxThreadCount(kMostThreads);
    return made;
  }();
  return *pool;
}

void Jobs::endIfAtWork(int status) {
  if (threads().waitForDone(kLastMs)) return;
  std::cout.flush();
  std::_Exit(status);
}

std::optional<nn::Issue> Jobs::whyNoThread() {
  try {
    train::requireThread();
  } catch (const nn::Error& error) {
    return error.issue();
  }
  return std::nullopt;
}

Jobs::Jobs(QObject* parent) : QObject(parent) {
  m_poll.setInterval(100);
  connect(&m_poll, &QTimer::timeout, this, &Jobs::changed);
}

Jobs::~Jobs() {
  QDeadlineTimer farewell(kFarewellMs);
  for (const Shared& job : m_jobs)
    if (job->lane != Lane::Saving) job->canceled = true;
  for (const Shared& job : m_jobs) {
    if (job->lane != Lane::Saving) continue;
    job->watcher ? job->watcher->waitForFinished() : perform(*job);
  }
  for (Watcher* watcher : m_watchers) {
    watcher->disconnect(this);
    while (!watcher->future().isFinished() && !farewell.hasExpired()) QThread::msleep(1);
  }
  for (const Shared& job : m_jobs)
    if (const std::optional<nn::Issue> lost = lostWith(*job)) tellOnStderr(*lost);
}

// What the end of the program means for a file that the person asked for; films see to it themselves.
std::optional<nn::Issue> Jobs::lostWith(const Job& job) {
  if (!writes(job.lane) || job.lane == Lane::Films) return std::nullopt;
  if (job.lane == Lane::Saving) return job.issue;
  if (job.watcher && job.watcher->future().isFinished() && (job.issue || job.finish)) return job.issue;
  return nn::Issue{job.title.toStdString(), "the program was ended before this was written", ""};
}

Jobs::Shared Jobs::first(Lane lane) const {
  const auto found = std::find_if(m_jobs.begin(), m_jobs.end(), [lane](const Shared& job) { return job->lane == lane && !job->canceled; });
  return found != m_jobs.end() ? *found : nullptr;
}

QString Jobs::title() const {
  if (m_jobs.empty()) return {};
  const QString& shown = m_jobs.front()->title;
  return m_jobs.size() == 1 ? shown : tr("%1 (and %2 more)").arg(shown).arg(m_jobs.size() - 1);
}

void Jobs::perform(Job& job) {
  const data::Progress progress = [&job](double share) {
    job.share = share;
    return !job.canceled.load();
  };
  try {
    job.finish = job.work(progress);
  } catch (const nn::Error& error) {
    job.issue = error.issue();
  } catch (const std::bad_alloc&) {
    job.issue = nn::Issue{"", "There is not enough memory for this", "Close other programs, or choose something smaller."};
  } catch (const std::exception& error) {
    job.issue = nn::Issue{"", error.what(), ""};
  }
}

void Jobs::start(const QString& title, Work work, Lane lane) {
  if (const std::optional<nn::Issue> none = whyNoThread()) {  // Qt would lose the job without a word
    emit failed(*none, lane);
    return emit dropped(lane);
  }
  const auto job = std::make_shared<Job>();
  job->title = title;
  job->lane = lane;
  job->work = std::move(work);
  m_jobs.push_back(job);
  m_poll.start();
  startNext(lane);
  emit changed();
}

void Jobs::startNext(Lane lane) {
  const bool runs = std::any_of(m_jobs.begin(), m_jobs.end(), [lane](const Shared& job) { return job->lane == lane && job->watcher; });
  const Shared job = first(lane);
  if (!job || runs) return;
  auto* watcher = new Watcher(this);
  job->watcher = watcher;
  m_watchers.push_back(watcher);
  connect(watcher, &Watcher::finished, this, [this, watcher, job] {
    std::erase(m_watchers, watcher);
    watcher->deleteLater();
    finished(job);
  });
  watcher->setFuture(QtConcurrent::run(&threads(), [job] { perform(*job); }));
}

void Jobs::remove(const Shared& job) {
  std::erase(m_jobs, job);
  if (m_jobs.empty()) m_poll.stop();
  startNext(job->lane);
}

void Jobs::cancel() {
  const auto shown = std::find_if(m_jobs.begin(), m_jobs.end(), [](const Shared& job) { return !job->canceled; });
  if (shown == m_jobs.end()) return;
  const Shared job = *shown;
  m_jobs.erase(shown);
  drop({job});
}

std::deque<Jobs::Shared> Jobs::take(const std::function<bool(Lane)>& which) {
  std::deque<Shared> taken;
  const auto goes = [&](const Shared& job) { return which(job->lane) && !job->canceled; };
  std::copy_if(m_jobs.begin(), m_jobs.end(), std::back_inserter(taken), goes);
  std::erase_if(m_jobs, goes);
  return taken;
}

std::shared_ptr<void> Jobs::hold(Lane lane) {
  m_held.insert(lane);
  return std::shared_ptr<void>(this, [jobs = QPointer(this), lane](void*) {
    if (!jobs) return;
    jobs->m_held.erase(jobs->m_held.find(lane));
    emit jobs->changed();
  });
}

void Jobs::cancelAll() {
  drop(take([](Lane lane) { return lane != Lane::Saving && lane != Lane::Films; }));
}

QString Jobs::writing() const {
  QStringList titles;
  for (const Shared& job : m_jobs)
    if (writes(job->lane)) titles << job->title;
  return titles.join(", ");
}

void Jobs::drop(const std::deque<Shared>& jobs) {
  for (const Shared& job : jobs) {
    job->canceled = true;
    const QString title = job->title;
    if (job->lane == Lane::Training && job->watcher) {
      job->title = tr("Stopping: %1").arg(title);
      m_jobs.push_front(job);
    }
    if (m_jobs.empty()) m_poll.stop();
    startNext(job->lane);
    emit canceled(title);
    emit dropped(job->lane);
  }
  emit changed();
}

void Jobs::finished(const Shared& job) {
  if (std::find(m_jobs.begin(), m_jobs.end(), job) == m_jobs.end()) return;  // canceled
  remove(job);
  if (job->canceled) return emit changed();
  if (job->issue) {
    emit failed(*job->issue, job->lane);
    emit dropped(job->lane);
  } else if (job->finish) {
    emit succeeded(job->lane);
    job->finish();
  }
  emit changed();
}

}  // namespace ui
