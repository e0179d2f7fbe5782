// Who hears whom around the scene: the pinned unit goes through the Session to scene, inspector and answer; a class or a term
// that is pointed at shows in the scene; traces and compared classes start from either side. UI thread.
#pragma once

namespace ui {

class Inspector;
class ProbabilityBars;
class ReceivedView;
class SceneHost;
class Session;
class UnitDock;

struct SceneParts {
  Session& session;
  SceneHost& scene;
  Inspector& inspector;
  ProbabilityBars& answer;
  ReceivedView& received;
};
void connectScene(const SceneParts& parts);
// Where a window slides, its cell is worked out in the dock.
void showPlayed(SceneHost& scene, UnitDock& dock);

}  // namespace ui
