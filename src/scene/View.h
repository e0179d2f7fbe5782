// Where the eye is, told by what it looks at: a view is kept as that, and is the same in another layout of the network, in a picture of
// another size or shape. Plain value; any thread.
#pragma once

#include "scene/Camera.h"
#include "scene/Layout.h"

namespace scene {

struct View {
  Vec3 target;  // from the middle of what is looked at, in its sizes
  float yaw = 0, pitch = 0;
  float distance = 1;  // of the whole network: of the distance at which all of it is in view; of a block: in its sizes
  int node = -1;       // first node of the block that is looked at; -1: the whole network
};

View viewOf(const Camera& camera, const Layout& layout);  // where the camera is going
Camera::Pose poseOf(const View& view, const Camera& camera, const Layout& layout);

}  // namespace scene
