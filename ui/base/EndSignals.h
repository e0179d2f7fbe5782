// The signals that ask a program to end (SIGTERM, SIGHUP, SIGINT, and SIGXCPU, when the time that it is given is over), brought from
// wherever they strike into the event loop. A second one ends the program in the system's way, in case the first found it busy; but a
// SIGXCPU, which repeats by itself. One of these at a time; UI thread.
#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace ui {

class EndSignals : public QObject {
  Q_OBJECT
 public:
  EndSignals();
  ~EndSignals() override;

 signals:
  void arrived(int number);

 private:
  QSocketNotifier m_notifier;
};

}  // namespace ui
