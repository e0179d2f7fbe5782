// The table of animations. A further one is a file beside this one, and its row here.
#include <algorithm>
#include <array>

#include "scene/animation/Animation.h"

namespace scene {

extern const AnimationType kForwardPass, kSlidingWindow;  // each defined where it is played

std::span<const AnimationType* const> animationTypes() {
  static constexpr std::array kTypes = {&kForwardPass, &kSlidingWindow};
  return kTypes;
}

const AnimationType* findAnimation(std::string_view id) {
  const auto types = animationTypes();
  const auto found = std::find_if(types.begin(), types.end(), [&](const AnimationType* type) { return type->open.id == id; });
  return found == types.end() ? nullptr : *found;
}

}  // namespace scene
