// Records a run while it is trained: gathers its moments (train/history/History.h) and hands them out. record() and clear() belong to the
// thread that trains, moments() to any.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "train/Trainer.h"
#include "train/history/History.h"

namespace train {

class RunRecorder {
 public:
  using Moments = std::shared_ptr<const std::vector<Moment>>;

  void goOn(const std::vector<Moment>& moments);  // of the run that is resumed
  // Asked after every step, and before the first: whether a moment is due. Never of a network that is too large.
  bool isDue(const Trainer& trainer, bool epochEnded) const;
  // Where there is no memory for it, the training goes on all the same.
  void record(const Trainer& trainer, const RunProgress& progress) { add(trainer, progress, false); }
  // The recipe was changed: from here on the steps are others than those that the moment before leads to.
  void recordChange(const Trainer& trainer, const RunProgress& progress);
  void clear();
  Moments moments() const;  // so far; never null, and the same one until another is recorded

 private:
  void add(const Trainer& trainer, const RunProgress& progress, bool changed);
  void publish();

  History m_history;
  mutable std::mutex m_mutex;
  Moments m_published = std::make_shared<const std::vector<Moment>>();
};

}  // namespace train
