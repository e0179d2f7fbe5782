// Keeps a window that is closed open as long as something that the person asked for is still being written, tells what, and closes it
// then; what fails keeps it open, so that the failure is read. Owned by the window; UI thread.
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>

#include "ui/base/Jobs.h"

class QMessageBox;
class QWidget;

namespace ui {

class Recorder;

class Farewell : public QObject {
  Q_OBJECT
 public:
  Farewell(Jobs& jobs, Recorder& recorder, QWidget& window);
  // Asked when the window is about to close; a film ends with it. Once it has said yes, the window is closed by itself, unless the person
  // decides otherwise.
  bool holds();
  void stay();  // the window is not closed any more, what is written goes on

 signals:
  void stays();

 private:
  QString writing() const;  // what is; empty: nothing
  void follow();
  void ask();
  void close();

  Jobs& m_jobs;
  Recorder& m_recorder;
  QWidget& m_window;
  QPointer<QMessageBox> m_box;
  QTimer m_patience;  // then the person is told: most of what is written takes no more than a moment
  bool m_waits = false, m_givenUp = false;
};

}  // namespace ui
