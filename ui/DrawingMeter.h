// Measures what one refresh of the window costs, from fetching the numbers until the picture stands: processor time of
// this thread and, where OpenGL is computed by the processor, that of its threads while this one waits. UI thread.
#pragma once

#include <chrono>

namespace ui {

class DrawingMeter {
 public:
  void begin();
  // Milliseconds of processor time since begin(); negative where none was begun. softwareGl: waiting counts on every core.
  double end(bool softwareGl, int cores);
  bool running() const { return m_running; }

 private:
  std::chrono::steady_clock::time_point m_wall;
  double m_threadMs = 0;
  bool m_running = false;
};

}  // namespace ui
