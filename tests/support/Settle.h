// Waiting until a window has done what follows from what happened to it.
#pragma once

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QThread>

/// Works off events until there was nothing to do for `quietMs` milliseconds in all (10 s at most). Unlike QTest::qWait, whose time also
/// runs while the program computes or while others have the processor, it waits for as much of what follows on a slow machine.
inline void settle(int quietMs) {
  QElapsedTimer longest;
  longest.start();
  for (int quiet = 0; quiet < quietMs && longest.elapsed() < 10000;) {
    const bool busy = QAbstractEventDispatcher::instance()->processEvents(QEventLoop::AllEvents);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    if (busy) continue;
    QThread::msleep(1);
    ++quiet;
  }
}
