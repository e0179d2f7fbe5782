#include "ui/Jobs.h"

#include <algorithm>
#include <exception>
#include <new>

#include <QtConcurrentRun>

#include "train/WorkerPool.h"

namespace ui {

Jobs::Jobs(QObject* parent) : QObject(parent) {
  m_poll.setInterval(100);
  connect(&m_poll, &QTimer::timeout, this, &Jobs::changed);
}

Jobs::~Jobs() {
  if (m_current) m_current->cancelled = true;
  for (Watcher* watcher : m_watchers) {
    watcher->disconnect(this);
    watcher->waitForFinished();
  }
}

double Jobs::share() const {
  return m_current ? m_current->share.load() : -1;
}

void Jobs::perform(const Work& work, Ticket& ticket) {
  const data::Progress progress = [&ticket](double share) {
    ticket.share = share;
    return !ticket.cancelled.load();
  };
  try {
    ticket.finish = work(progress);
  } catch (const nn::Error& error) {
    ticket.issue = error.issue();
  } catch (const std::bad_alloc&) {
    ticket.issue = nn::Issue{"", "There is not enough memory for this", "Close other programs, or choose something smaller."};
  } catch (const std::exception& error) {
    ticket.issue = nn::Issue{"", error.what(), ""};
  }
}

void Jobs::start(const QString& title, Work work) {
  try {
    train::requireThread();  // Qt would lose the job without a word
  } catch (const nn::Error& error) {
    emit failed(error.issue());
    return;
  }
  if (m_current) m_current->cancelled = true;
  auto ticket = std::make_shared<Ticket>();
  m_current = ticket;
  m_title = title;
  auto* watcher = new Watcher(this);
  m_watchers.push_back(watcher);
  connect(watcher, &Watcher::finished, this, [this, watcher, ticket] { finished(watcher, ticket); });
  watcher->setFuture(QtConcurrent::run([work = std::move(work), ticket] { perform(work, *ticket); }));
  m_poll.start();
  emit changed();
}

void Jobs::cancel() {
  if (!m_current) return;
  m_current->cancelled = true;
  const QString title = m_title;
  m_current.reset();
  m_poll.stop();
  emit cancelled(title);
  emit changed();
}

void Jobs::finished(Watcher* watcher, const std::shared_ptr<Ticket>& ticket) {
  std::erase(m_watchers, watcher);
  watcher->deleteLater();
  if (ticket != m_current) return;
  m_current.reset();
  m_poll.stop();
  if (ticket->issue)
    emit failed(*ticket->issue);
  else if (ticket->finish)
    ticket->finish();
  emit changed();
}

void Jobs::waitForAll() {
  const std::vector<Watcher*> watchers = m_watchers;
  for (Watcher* watcher : watchers) watcher->waitForFinished();
}

}  // namespace ui
