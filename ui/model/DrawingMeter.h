// Measures what the window spends on showing things: processor time of this thread and of the rasterizer's, where OpenGL is
// computed by the processor. Other threads and other programs do not count. UI thread.
#pragma once

#include <vector>

namespace ui {

class DrawingMeter {
 public:
  double lap();                        // milliseconds of processor time since the last call; negative at the first
  void pause() { m_running = false; }  // the next lap is a first one

 private:
  double spentMs();
  void findRasterizer();

  std::vector<int> m_rasterizer;  // thread ids
  int m_untilSearch = 0;
  double m_lastMs = 0;
  bool m_running = false;
};

}  // namespace ui
