// What of the window belongs to a session beside the model: the drawing, what is pinned and asked, the view of the scene and the
// arrangement of the panels, a section of the file each. A free function, called once by the window; UI thread.
#pragma once

#include <functional>

namespace ui {

class PadPanel;
class PanelLayout;
class SceneHost;
class SessionFiles;
class Workbench;

struct SessionOwners {
  Workbench& workbench;
  PadPanel& pad;
  SceneHost& scene;
  PanelLayout& panels;
  std::function<void(bool)> prepareLikeMnist;  // as if the person had switched it
};

void addSessionParts(SessionFiles& files, const SessionOwners& owners);

}  // namespace ui
