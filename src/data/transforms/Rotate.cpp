#include <cmath>
#include <numbers>

#include "data/Transform.h"

namespace data {

namespace {

void drawRotation(float amount, Random& random, Affine& back, std::span<float>) {
  const float angle = random.around(amount) * std::numbers::pi_v<float> / 180;
  const float cosine = std::cos(angle), sine = std::sin(angle);
  const Affine before = back;
  back.xx = before.xx * cosine + before.xy * sine;
  back.xy = before.xy * cosine - before.xx * sine;
  back.yx = before.yx * cosine + before.yy * sine;
  back.yy = before.yy * cosine - before.yx * sine;
}

}  // namespace

Transform describeRotate() {
  Transform transform{"rotate", "Rotation", "The largest rotation of a training image.", "DEG", 180, 12};
  transform.draw = drawRotation;
  return transform;
}

}  // namespace data
