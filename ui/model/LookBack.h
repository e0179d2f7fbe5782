// Looking back at the training run: which of its recorded moments is shown in place of the last step. The run itself stays as it is, and is
// paused meanwhile; whoever trains on, or changes the data, is back in the present. Owned by TrainingController; UI thread.
#pragma once

#include <optional>

#include <QObject>

#include "train/history/RunProgress.h"

namespace ui {

class LookBack : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;

  const train::Moment* moment() const { return m_moment ? &*m_moment : nullptr; }  // null: now
  void at(const train::Moment& moment) {
    if (m_moment && m_moment->step == moment.step) return;
    emit begins();
    m_moment = moment;
    emit moved();
  }
  void toNow() {
    if (!m_moment) return;
    m_moment.reset();
    emit moved();
  }
  void forget() { m_moment.reset(); }  // the run is gone, and who shows it knows

 signals:
  void begins();  // another moment is about to be looked at
  void moved();   // to another moment, or to now

 private:
  std::optional<train::Moment> m_moment;
};

}  // namespace ui
