// Takes runs out of their sessions, to be kept. A step that is being taken still counts; nobody waits for it, and the session goes when it
// has ended. Owned by TrainingController; UI thread.
#pragma once

#include <memory>
#include <vector>

#include <QObject>
#include <QTimer>

#include "train/TrainingSession.h"
#include "ui/model/KeptRun.h"

namespace ui {

class RunKeeper : public QObject {
  Q_OBJECT
 public:
  RunKeeper();

  // `present`: all that is known of it so far; what the session still has to tell is added.
  std::shared_ptr<const KeptRun> keep(std::shared_ptr<train::TrainingSession> session, KeptRun present);

 signals:
  void settled(const std::shared_ptr<const ui::KeptRun>& run);  // its last step has ended

 private:
  struct Leaving {
    std::shared_ptr<KeptRun> run;
    std::shared_ptr<train::TrainingSession> session;
  };
  void look();

  std::vector<Leaving> m_leaving;
  QTimer m_timer;
};

}  // namespace ui
