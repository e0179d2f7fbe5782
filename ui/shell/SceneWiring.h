// Who hears whom around the scene: the pinned unit goes through the Workbench to scene, inspector and answer; a class or a term
// that is pointed at shows in the scene; traces and compared classes start from either side. UI thread.
#pragma once

namespace ui {

class Inspector;
class ProbabilityBars;
class NetworkInputView;
class SceneHost;
class Workbench;
class UnitDock;

struct SceneParts {
  Workbench& workbench;
  SceneHost& scene;
  Inspector& inspector;
  ProbabilityBars& answer;
  NetworkInputView& received;
};
void connectScene(const SceneParts& parts);
// Where a window slides, its cell is worked out in the dock.
void showPlayed(SceneHost& scene, UnitDock& dock);

}  // namespace ui
