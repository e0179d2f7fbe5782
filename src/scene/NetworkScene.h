// What of a scene takes long to build where there are millions of units: the layout, and the cells with the weights and their scales. Built
// on any thread and handed to a SceneState whole. Plain value; no Qt, no GL.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "scene/ShownCells.h"

namespace scene {

struct SceneRequest {
  std::shared_ptr<const nn::Network> network;  // null: an empty scene
  Arrangement arrangement = Arrangement::Space;
  std::set<int> folded = {};                                       // first nodes of the blocks that are folded away
  std::shared_ptr<const std::vector<float>> parameters = nullptr;  // null, or not as many as the network has: none
  ScaleScope scope = ScaleScope::Layer;
  ViewShape shape = ViewShape::Even;  // of the picture
  bool whole = true;                  // false: parts of the model were not read; what it computes is no answer, and no class is named
};

struct NetworkScene {
  NetworkScene(SceneRequest asked);  // throws std::bad_alloc

  SceneRequest request;
  std::shared_ptr<const Layout> layout;
  ShownCells shown;  // units without values
};

}  // namespace scene
