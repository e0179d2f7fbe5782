// convscope tour: opens the real window, acts on it with mouse and key events as a person would, and keeps pictures of it.
// For machines without a display (under Xvfb), for the README and for looking at a change. UI thread.
#pragma once

#include <functional>
#include <vector>

#include <QSize>
#include <QString>

#include "scene/Layout.h"
#include "ui/shell/Program.h"

namespace cli {
class Interruption;
}

namespace ui {

struct TourOptions {
  QString folder;
  QSize size = {1280, 800};
  ThemeChoice theme = ThemeChoice::Dark;
  double trainSeconds = 8;
};

// Exit status: 0 fine, 1 a picture could not be written, 2 wrong usage, 128 and the signal that ended it early.
int runTour(int argc, char** argv);

// The acts of the tour, also of use to tests and benchmarks: real events on the window of a running program.
class Visitor {
 public:
  // interruption: after its signal, waiting ends at once with cli::Interrupted.
  explicit Visitor(Program& program, const cli::Interruption* interruption = nullptr) : m_program(program), m_interruption(interruption) {}
  void wait(int ms);
  bool waitUntil(const std::function<bool()>& condition, int mostMs);
  // A stroke on the pad, in pad pixels (280 across), as press, moves and release; `between` runs after every move.
  void stroke(const std::vector<QPointF>& points, const std::function<void()>& between = {});
  void drawThree(const std::function<void()>& between = {});
  void hover(const scene::UnitId& unit);
  void hoverWeight(const std::string& nodeName, int map, int row, int column);  // of the first kernel that leads into the map
  void click(const scene::UnitId& unit);
  void leaveScene();
  // A unit of the node that answers the present drawing most strongly, away from the rim.
  scene::UnitId liveliest(const std::string& nodeName) const;

 private:
  QWidget* sceneView();
  QPointF placeOf(const scene::UnitId& unit);
  QPointF placeOf(const scene::CellRef& cell);

  Program& m_program;
  const cli::Interruption* m_interruption;
};

}  // namespace ui
