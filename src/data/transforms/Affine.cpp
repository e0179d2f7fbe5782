// The transforms that move, turn and stretch the whole image.
#include <algorithm>
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

void drawScale(float amount, Random& random, Affine& back, std::span<float>) {
  const float scale = std::max(0.1f, 1 + random.around(amount));
  for (float* part : {&back.xx, &back.xy, &back.yx, &back.yy}) *part /= scale;
}

void drawSkew(float amount, Random& random, Affine& back, std::span<float>) {
  const float skew = random.around(amount);
  back.xy += skew * back.xx;
  back.yy += skew * back.yx;
}

void drawShift(float amount, Random& random, Affine& back, std::span<float>) {
  back.shiftX += random.around(amount);
  back.shiftY += random.around(amount);
}

}  // namespace

Transform describeRotate() {
  return {"rotate", "Rotation", "The largest rotation of a training image.", "DEG", 180, 12, 0, drawRotation};
}

Transform describeScale() {
  return {"scale", "Scale", "The largest change of size: 0.1 for 0.9 to 1.1.", "S", 0.9, 0.12f, 0, drawScale};
}

Transform describeSkew() {
  return {"skew", "Skew", "The largest skew, sideways per height.", "S", 1, 0.2f, 0, drawSkew};
}

Transform describeShift() {
  return {"shift", "Shift", "The largest shift of a training image.", "PX", 14, 2, 0, drawShift};
}

}  // namespace data
