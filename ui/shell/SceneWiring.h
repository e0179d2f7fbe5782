// Who hears whom around the scene: inspector and answer select units as the scene does; a class or a term
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
