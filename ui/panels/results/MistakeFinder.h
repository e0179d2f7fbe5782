// How certain the network was of each of its wrong answers: a pass over these pictures alone, beside the window, one at a time; the last
// one that is asked for wins. Owned by the Results panel; UI thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <QFutureWatcher>
#include <QObject>

#include "data/Dataset.h"
#include "nn/Network.h"
#include "train/Evaluation.h"

namespace ui {

// What was measured: the images, in the order in which the evaluation has its answers, and the weights that are to be asked.
struct Measured {
  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const std::vector<float>> parameters;
  std::shared_ptr<const data::Dataset> images;
  std::shared_ptr<const train::Evaluation> evaluation;
};

// Of each image that was answered wrongly the probability of that answer; of the others -1. Empty once `goesOn` says no. Any thread.
std::vector<float> certaintiesOfMistakes(const Measured& measured, const std::function<bool()>& goesOn);

class MistakeFinder : public QObject {
  Q_OBJECT
 public:
  using Certainties = std::shared_ptr<const std::vector<float>>;
  explicit MistakeFinder(QObject* parent = nullptr);
  ~MistakeFinder() override;  // cancels and waits

  void find(const Measured& measured);
  void cancel();
  bool busy() const { return m_next || (m_running && !*m_canceled); }  // something will be found
  int passes() const { return m_passes; }                              // that were begun

 signals:
  // Empty where there was no memory for it.
  void found(ui::MistakeFinder::Certainties certainties);

 private:
  void begin();
  void finish();

  std::optional<Measured> m_next;
  QFutureWatcher<Certainties> m_watcher;
  std::shared_ptr<std::atomic<bool>> m_canceled;  // of the pass under way
  bool m_running = false;
  int m_passes = 0;
};

}  // namespace ui
