// Tries sample pictures on the network beside the window, so that units which never answer can be marked as dead and drawings of something
// else be told: pictures of the data set where it is loaded, else stroke digits, which tell the former alone. After every change of the
// network or its weights; while it trains, every few seconds. Owned by the window; UI thread.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include <QFutureWatcher>
#include <QObject>
#include <QTimer>

#include "analysis/Activity.h"
#include "data/Dataset.h"
#include "tasks/EnergyScore.h"

namespace ui {

class Workbench;

class ActivityProbe : public QObject {
  Q_OBJECT
 public:
  static constexpr int kPictures = 512;

  explicit ActivityProbe(Workbench& workbench, QObject* parent = nullptr);
  ~ActivityProbe() override;  // cancels and waits

 signals:
  void found(std::shared_ptr<const analysis::Activity> activity);
  // How familiar images that it is not trained on are to the network; of nothing where none of its classes are loaded.
  void calibrated(std::shared_ptr<const nn::Network> network, const tasks::EnergyCalibration& calibration);

 private:
  using Activity = std::shared_ptr<const analysis::Activity>;
  // Kept from one round to the next.
  struct Samples {
    std::shared_ptr<const data::Dataset> source;  // null: stroke digits
    std::shared_ptr<const data::Dataset> set;     // null: not drawn yet
  };
  void changed();
  void begin();
  void finish();

  Workbench& m_workbench;
  QTimer m_soon;
  QFutureWatcher<Activity> m_watcher;
  std::shared_ptr<Samples> m_samples;
  std::atomic<bool> m_canceled = false;
  bool m_due = false;  // something changed while a round was under way
};

}  // namespace ui
