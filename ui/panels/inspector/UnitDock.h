// What the dock of the inspector does by itself: comes with a pinned unit and goes with it, widens with several, and shows them
// explained anew whenever they or the values change. Owned by MainWindow; UI thread.
#pragma once

#include <optional>

#include <QObject>

#include "scene/Explanation.h"

class QDockWidget;
class QMainWindow;

namespace scene {
class SceneState;
}

namespace ui {

class Inspector;
class Workbench;

class UnitDock : public QObject {
  Q_OBJECT
 public:
  // scene: whose colors the sheets have.
  UnitDock(Workbench& workbench, const scene::SceneState& scene, Inspector& inspector, QDockWidget& dock, QMainWindow& window);

  // The unit that an animation is at, in place of what is pinned; products: how many are worked out, -1 for all.
  void setPlayed(const std::optional<scene::UnitId>& unit, int products, const std::shared_ptr<const nn::Network>& network);
  void setReduced(bool reduced) { m_reduced = reduced; }  // no room in the window: it stays away
  void rearranged();                                      // the window's panels: it is there with a unit, and not without one
  void show();                                            // the numbers as they are now, if anybody sees them

 private:
  void followPins();
  void fitWidth();
  scene::Explanation explained(const scene::UnitId& unit) const;

  Workbench& m_workbench;
  const scene::SceneState& m_scene;
  Inspector& m_inspector;
  QDockWidget& m_dock;
  QMainWindow& m_window;
  std::optional<scene::UnitId> m_played;
  int m_products = -1;
  std::shared_ptr<const nn::Network> m_playedIn;
  bool m_reduced = false;
  bool m_came = false;  // by itself, with a pinned unit
  int m_count = 0;      // of units that its width is for
  int m_widthOfOne = 0;
};

}  // namespace ui
