#include "data/Transform.h"

namespace data {

namespace {

void drawShift(float amount, Random& random, Affine& back, std::span<float>) {
  back.shiftX += random.around(amount);
  back.shiftY += random.around(amount);
}

}  // namespace

Transform describeShift() {
  Transform transform{"shift", "Shift", "The largest shift of a training image.", "PX", 14, 2};
  transform.draw = drawShift;
  return transform;
}

}  // namespace data
