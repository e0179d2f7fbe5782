// A Trainer on one thread of its own. Commands go in through a queue and are taken between steps; snapshots come out as
// "last value wins", metrics as "every value counts". All public functions may be called from any thread and return at once.
//
// States: Ready -play-> Running -pause-> Paused; singleStep() takes one step from anywhere and leaves Paused; reset() comes
// back to Ready. A step that breaks the numbers leaves Diverged, an exception Failed, both with a message in the snapshot;
// play() and singleStep() try again from there (with a lower learning rate, say), reset() starts anew.
//
// Curves: a point at most 20 times a second, and one whenever validation was computed. After reset() points carry the next
// `run` number, start at step 1 again, and points of the run before that nobody has taken are dropped.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "data/Dataset.h"
#include "train/Snapshot.h"
#include "train/Trainer.h"
#include "train/history/RunProgress.h"

namespace train {

class TrainingSession {
 public:
  // startParameters: where to start from; empty: initialize by the seed. reset() comes back to the same.
  // resumed: a run to go on with, of this network and data; the recipe of the options must be its own. It is Paused then.
  // goesOn: as the Trainer asks it, which throws nn::Error where that does.
  TrainingSession(std::shared_ptr<const nn::Network> network, data::DataSplit data, TrainingOptions options,
                  std::vector<float> startParameters = {}, const SavedRun* resumed = nullptr, const std::function<bool()>& goesOn = {});
  ~TrainingSession();  // stops within one step

  void play();
  void pause();
  void singleStep();
  void reset();
  // Takes over the fields that are live, between two steps (Trainer::setRecipe). What the trainer refuses leaves it Failed, with the
  // reason.
  void setRecipe(const Recipe& recipe);
  // Shortest time between two published snapshots while running (default 33 ms); the window lengthens it when drawing is slow.
  void setPublishInterval(std::chrono::milliseconds interval);

  // At most so many steps a second, so that a class can watch each of them; 0: as many as there can be. The steps are the same.
  void setPace(double stepsPerSecond);

  std::shared_ptr<const Snapshot> latest() const;  // never null
  std::vector<MetricPoint> takeMetrics();          // every point since the last call
  // What of the run was recorded so far, for looking back: never null, and the same one until a moment is added. Empty where the network
  // is too large for History.
  std::shared_ptr<const std::vector<Moment>> moments() const;
  const data::DataSplit& data() const;
  // The run between two steps, without log and metrics, which whoever fetches them has. It comes when the step under way has ended; a
  // session that ends before breaks the promise.
  std::future<SavedRun> save();

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace train
