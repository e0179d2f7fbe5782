#include "train/history/RunRecorder.h"

#include <new>
#include <utility>

namespace train {

void RunRecorder::goOn(const std::vector<Moment>& moments) {
  for (const Moment& moment : moments) m_history.add(moment);
  publish();
}

bool RunRecorder::isDue(const Trainer& trainer, bool epochEnded) const {
  return History::hasRoom(trainer.parameters().size()) && m_history.wants(trainer.stepCount(), epochEnded);
}

void RunRecorder::recordChange(const Trainer& trainer, const RunProgress& progress) {
  if (trainer.stepCount() > 0) add(trainer, progress, true);
}

void RunRecorder::add(const Trainer& trainer, const RunProgress& progress, bool changed) {
  if (!History::hasRoom(trainer.parameters().size())) return;
  try {
    auto state = std::make_shared<SavedRun>();
    state->checkpoint = trainer.checkpoint();
    state->progress = progress;
    // The best epoch so far has weights of its own, of which a moment would hold a copy.
    state->progress.best.reset();
    state->progress.bestParameters = {};
    auto parameters = std::make_shared<const std::vector<float>>(std::exchange(state->checkpoint.parameters, {}));
    m_history.add({trainer.stepCount(), trainer.epoch(), std::move(parameters), std::move(state), changed});
    publish();
  } catch (const std::bad_alloc&) {
    m_history.clear();
  }
}

void RunRecorder::clear() {
  m_history.clear();
  publish();
}

void RunRecorder::publish() {
  Moments moments = std::make_shared<const std::vector<Moment>>(m_history.moments());
  const std::lock_guard lock(m_mutex);
  m_published.swap(moments);  // those before go when the lock is free again
}

RunRecorder::Moments RunRecorder::moments() const {
  const std::lock_guard lock(m_mutex);
  return m_published;
}

}  // namespace train
