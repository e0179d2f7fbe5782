// A transform that only tests know, added as any is: by one file and its name in a list.
#include "data/Transform.h"

namespace data {

namespace {

void drawFade(float amount, Random& random, Affine&, std::span<float> own) {
  own[0] = 1 - random.uniform(0, amount);
}

void fade(std::span<const float> own, std::span<float> values) {
  for (float& value : values) value *= own[0];
}

}  // namespace

Transform describeFade();
Transform describeFade() {
  Transform transform{"fade", "Fading", "The largest loss of ink.", "SHARE", 1, 0, 1};
  transform.draw = drawFade;
  transform.recolor = fade;
  return transform;
}

}  // namespace data
