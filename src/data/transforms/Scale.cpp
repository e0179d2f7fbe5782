#include <algorithm>

#include "data/Transform.h"

namespace data {

namespace {

void drawScale(float amount, Random& random, Affine& back, std::span<float>) {
  const float scale = std::max(0.1f, 1 + random.around(amount));
  for (float* part : {&back.xx, &back.xy, &back.yx, &back.yy}) *part /= scale;
}

}  // namespace

Transform describeScale() {
  Transform transform{"scale", "Scale", "The largest change of size: 0.1 for 0.9 to 1.1.", "S", 0.9, 0.12f};
  transform.draw = drawScale;
  return transform;
}

}  // namespace data
