#include "data/Transform.h"

namespace data {

namespace {

void drawSkew(float amount, Random& random, Affine& back, std::span<float>) {
  const float skew = random.around(amount);
  back.xy += skew * back.xx;
  back.yy += skew * back.yx;
}

}  // namespace

Transform describeSkew() {
  Transform transform{"skew", "Skew", "The largest skew, sideways per height.", "S", 1, 0.2f};
  transform.draw = drawSkew;
  return transform;
}

}  // namespace data
