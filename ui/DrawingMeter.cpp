#include "ui/DrawingMeter.h"

#include <algorithm>
#include <ctime>

namespace ui {

namespace {

double threadMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

}  // namespace

void DrawingMeter::begin() {
  m_wall = std::chrono::steady_clock::now();
  m_threadMs = threadMs();
  m_running = true;
}

double DrawingMeter::end(bool softwareGl, int cores) {
  if (!m_running) return -1;
  m_running = false;
  const double wall = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - m_wall).count();
  const double own = threadMs() - m_threadMs;
  return softwareGl ? own + std::max(0.0, wall - own) * double(cores) : own;
}

}  // namespace ui
