#include "scene/View.h"

#include <algorithm>

namespace scene {
namespace {

constexpr float kOfTheWhole = 0.6f;  // of the distance at which all is in view: from there on a view is about all of it
constexpr float kLeastSize = 0.5f;   // world units; what is flat has no depth to measure by

float distanceTo(const Box& box, const Vec3& point) {
  const auto beyond = [](float low, float at, float high) { return std::max({low - at, 0.0f, at - high}); };
  return length({beyond(box.low.x, point.x, box.high.x), beyond(box.low.y, point.y, box.high.y), beyond(box.low.z, point.z, box.high.z)});
}

// Units and kernels.
Box wholeOf(const Block& block) {
  Box box = block.bounds;
  if (!block.kernelBounds.empty()) box.add(block.kernelBounds.low), box.add(block.kernelBounds.high);
  return box;
}

Vec3 sizesOf(const Box& box) {
  const Vec3 size = box.size();
  return {std::max(size.x, kLeastSize), std::max(size.y, kLeastSize), std::max(size.z, kLeastSize)};
}

}  // namespace

View viewOf(const Camera& camera, const Layout& layout) {
  const Camera::Pose& pose = camera.goal();
  View view{{}, pose.yaw, pose.pitch, pose.distance / camera.fitDistance(), -1};
  Box box = layout.bounds;
  if (view.distance < kOfTheWhole) {
    const auto distance = [&](const Block& block) { return distanceTo(wholeOf(block), pose.target); };
    const auto nearest = std::min_element(layout.blocks.begin(), layout.blocks.end(),
                                          [&](const Block& one, const Block& other) { return distance(one) < distance(other); });
    box = wholeOf(*nearest);
    view.node = nearest->node;
    view.distance = pose.distance / length(sizesOf(box));
  }
  const Vec3 away = pose.target - box.center(), sizes = sizesOf(box);
  view.target = {away.x / sizes.x, away.y / sizes.y, away.z / sizes.z};
  return view;
}

Camera::Pose poseOf(const View& view, const Camera& camera, const Layout& layout) {
  const bool whole = view.node < 0 || view.node >= int(layout.blockOfNode.size());
  const Box box = whole ? layout.bounds : wholeOf(layout.blocks[std::size_t(layout.blockOfNode[std::size_t(view.node)])]);
  const Vec3 sizes = sizesOf(box);
  const float distance = view.distance * (whole ? camera.fitDistance() : length(sizes));
  return {box.center() + Vec3{view.target.x * sizes.x, view.target.y * sizes.y, view.target.z * sizes.z}, view.yaw, view.pitch, distance};
}

}  // namespace scene
