#include "ui/model/DrawingMeter.h"

#include <ctime>

#include <QDir>
#include <QFile>

namespace ui {

namespace {

constexpr int kSearchEvery = 100;  // samples; Mesa makes its threads with the first context

double msOf(clockid_t clock) {
  timespec now{};
  if (clock_gettime(clock, &now) != 0) return 0;
  return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

// The kernel's name for the processor time of another thread of this process.
clockid_t clockOf(int thread) {
  return clockid_t((~static_cast<unsigned>(thread) << 3) | 6u);
}

}  // namespace

void DrawingMeter::findRasterizer() {
  m_rasterizer.clear();
  const QDir tasks("/proc/self/task");
  for (const QString& thread : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
    QFile name(tasks.filePath(thread + "/comm"));
    if (name.open(QIODevice::ReadOnly) && name.readAll().startsWith("llvmpipe")) m_rasterizer.push_back(thread.toInt());
  }
}

double DrawingMeter::spentMs() {
  double sum = msOf(CLOCK_THREAD_CPUTIME_ID);
  for (const int thread : m_rasterizer) sum += msOf(clockOf(thread));
  return sum;
}

double DrawingMeter::lap() {
  if (m_untilSearch-- <= 0) {
    findRasterizer();
    m_untilSearch = kSearchEvery;
    m_running = false;
  }
  const double now = spentMs();
  const double spent = m_running ? now - m_lastMs : -1;
  m_lastMs = now;
  m_running = true;
  return spent;
}

}  // namespace ui
