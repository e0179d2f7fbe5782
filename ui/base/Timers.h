// Timers that run once each time they are started. UI thread.
#pragma once

#include <QTimer>

namespace ui {

// What it does, and after how long; where it is started with a time of its own, that counts.
template <typename Receiver, typename Slot>
void runOnce(QTimer& timer, int ms, Receiver* receiver, Slot slot) {
  timer.setSingleShot(true);
  timer.setInterval(ms);
  QObject::connect(&timer, &QTimer::timeout, receiver, slot);
}

}  // namespace ui
