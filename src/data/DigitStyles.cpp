#include "data/DigitStyles.h"

#include <array>
#include <cassert>

namespace data {
namespace {

// A smooth knot or a corner, as the style has it.
void knot(Skeleton& s, bool corner, float x, float y) {
  if (corner) {
    s.corner(x, y);
  } else {
    s.to(x, y);
  }
}

void writeZero(Random& r, Skeleton& s) {
  const float width = r.uniform(0.2f, 0.46f), begin = r.uniform(-140, -30);
  const float round = 360 + (r.chance(0.6f) ? r.uniform(-10, 50) : r.uniform(-40, 15));
  const float direction = r.chance(0.85f) ? -1.0f : 1.0f;
  const float endScale = r.uniform(0.8f, 1.12f);
  s.start(width + width * std::cos(begin * 0.0174533f), 0.5f + 0.5f * std::sin(begin * 0.0174533f));
  s.arc(width, 0.5f, width, 0.5f, begin + direction * 40, begin + direction * round, endScale);
}

void writeOne(Random& r, Skeleton& s) {
  const float style = r.unit();
  const float bend = r.around(0.06f);
  if (style < 0.72f) {
    s.start(0.3f, 0);
    s.to(0.3f + bend, 0.5f);
    s.to(0.3f, 1);
    return;
  }
  const float flagX = r.uniform(0.12f, 0.3f), flagY = r.uniform(0.08f, 0.3f);
  if (style < 0.97f) {
    s.start(0.3f - flagX, flagY);
    s.to(0.3f - flagX * 0.4f, flagY * 0.6f);
    s.corner(0.3f, 0);
  } else {
    s.start(0.3f, 0);
  }
  s.to(0.3f + bend, 0.5f);
  s.to(0.3f, 1);
  if (style > 0.85f) {
    const float foot = r.uniform(0.15f, 0.32f), tilt = r.around(0.05f);
    s.start(0.3f - foot, 1 - tilt);
    s.to(0.3f + foot * r.uniform(0.7f, 1.2f), 1 + tilt);
  }
}

void writeTwo(Random& r, Skeleton& s) {
  const float style = r.unit();
  const float neck = r.uniform(0.0f, 0.12f), right = r.uniform(0.48f, 0.66f), bowl = r.uniform(0.2f, 0.32f);
  s.start(neck, r.uniform(0.12f, 0.34f));
  s.to(neck + r.uniform(0.02f, 0.1f), r.uniform(0.06f, 0.14f));
  s.to(r.uniform(0.26f, 0.36f), 0);
  s.to(right, bowl);
  s.to(right - r.uniform(0.1f, 0.2f), bowl + r.uniform(0.24f, 0.34f));
  const float base = r.uniform(0.92f, 1.02f), end = r.uniform(0.58f, 0.85f), rise = r.uniform(-0.12f, 0.08f);
  if (style < 0.42f) {  // a corner and a straight foot
    knot(s, r.chance(0.7f), r.uniform(-0.04f, 0.06f), base);
    s.to(end * 0.5f, base + r.around(0.04f));
    s.to(end, base + rise);
  } else if (style < 0.85f) {  // a loop
    const float loop = r.uniform(0.06f, 0.2f), left = r.uniform(-0.06f, 0.06f);
    s.to(left + 0.15f, base);
    s.to(left, base - loop * 0.35f);
    s.to(left + 0.07f, base - loop);
    s.to(left + 0.24f, base - loop * 0.7f);
    s.to(end * 0.72f, base + r.uniform(-0.02f, 0.06f));
    s.to(end, base + rise);
  } else {  // a wave
    s.to(r.uniform(-0.02f, 0.08f), base - r.uniform(0, 0.05f));
    s.to(0.22f, base - r.uniform(0.06f, 0.12f));
    s.to(end * 0.75f, base + r.uniform(0, 0.05f));
    s.to(end, base + rise);
  }
}

void writeThree(Random& r, Skeleton& s) {
  const float upper = r.uniform(0.42f, 0.6f), lower = r.uniform(0.48f, 0.66f);
  const float waist = r.uniform(0.38f, 0.52f), waistX = r.uniform(0.15f, 0.32f);
  if (r.chance(0.15f)) {  // a flat top
    s.start(r.uniform(0.0f, 0.1f), r.uniform(0, 0.08f));
    s.corner(upper, r.uniform(-0.04f, 0.03f));
    s.corner(waistX, waist);
  } else {
    s.start(r.uniform(-0.02f, 0.1f), r.uniform(0.08f, 0.24f));
    s.to(upper * 0.52f, 0);
    s.to(upper, waist * r.uniform(0.38f, 0.52f));
    s.to(upper * 0.72f + waistX * 0.15f, waist * 0.9f);
    const float middle = r.unit();
    if (middle < 0.25f) {  // a small loop at the waist
      const float loop = r.uniform(0.03f, 0.07f);
      s.to(waistX, waist + loop * 0.2f);
      s.to(waistX - loop, waist - loop);
      s.to(waistX + loop * 0.5f, waist - loop * 1.2f);
    } else {
      knot(s, middle < 0.85f, waistX, waist);
    }
  }
  const float belly = waist + (1 - waist) * r.uniform(0.42f, 0.58f);
  s.to(lower * 0.76f, waist + (belly - waist) * 0.3f);
  s.to(lower, belly);
  s.to(lower * r.uniform(0.45f, 0.6f), 1);
  s.to(r.uniform(-0.06f, 0.1f), r.uniform(0.78f, 0.98f));
}

void writeFour(Random& r, Skeleton& s) {
  const float style = r.unit();
  const float bar = r.uniform(0.42f, 0.64f), stem = r.uniform(0.4f, 0.58f), reach = r.uniform(-0.02f, 0.22f);
  const float foot = stem + r.uniform(-0.1f, 0.05f), tilt = r.around(0.07f);
  if (style < 0.25f) {  // closed: one line from the top down to the bar
    const float topX = stem + r.around(0.05f);
    s.start(topX, 0);
    s.corner(0, bar);
    s.to(stem + reach, bar - tilt);
    s.start(topX + r.around(0.04f), r.uniform(-0.03f, 0.12f));
    s.to(foot, 1);
  } else if (style < 0.85f) {  // open
    s.start(r.uniform(0.02f, 0.22f), r.uniform(0, 0.12f));
    s.to(r.uniform(-0.02f, 0.1f), bar * 0.6f);
    knot(s, r.chance(0.4f), r.uniform(0, 0.07f), bar);
    s.to(stem * 0.6f, bar + r.uniform(-0.04f, 0.04f));
    s.to(stem + reach, bar - tilt);
    s.start(stem + r.uniform(-0.02f, 0.1f), r.uniform(-0.1f, 0.3f));
    s.to(stem, bar);
    s.to(foot, 1);
  } else {  // in one stroke
    s.start(r.uniform(0.02f, 0.2f), r.uniform(0, 0.12f));
    s.to(0.0f, bar * 0.75f);
    s.to(0.14f, bar);
    s.to(stem * 0.75f, bar * 0.8f);
    knot(s, r.chance(0.6f), stem, r.uniform(0, 0.15f));
    s.to(stem - 0.02f, bar);
    s.to(foot, 1);
  }
}

void writeFive(Random& r, Skeleton& s) {
  const float left = r.uniform(0.04f, 0.2f), shoulder = r.uniform(0.34f, 0.5f), belly = r.uniform(0.46f, 0.64f);
  const float barEnd = r.uniform(0.45f, 0.78f), barTilt = r.uniform(-0.12f, 0.05f);
  const float neck = left - r.uniform(-0.01f, 0.1f);
  const bool oneStroke = r.chance(0.5f);
  if (oneStroke) {
    s.start(barEnd, barTilt);
    s.to((left + barEnd) / 2, barTilt * 0.4f + r.around(0.02f));
    knot(s, r.chance(0.7f), left, 0.02f);
  } else {
    s.start(left, 0);
  }
  s.to((left + neck) / 2, shoulder * 0.5f);
  knot(s, r.chance(0.65f), neck, shoulder);
  s.to(belly * 0.62f, shoulder - r.uniform(-0.04f, 0.08f));
  s.to(belly, shoulder + (1 - shoulder) * r.uniform(0.38f, 0.55f));
  s.to(belly * r.uniform(0.45f, 0.62f), 1);
  s.to(r.uniform(-0.1f, 0.1f), r.uniform(0.82f, 1.0f));
  if (!oneStroke) {
    s.start(left + r.uniform(-0.03f, 0.08f), r.uniform(-0.06f, 0.06f));
    s.to(barEnd, barTilt);
  }
}

void writeSix(Random& r, Skeleton& s) {
  const float loop = r.uniform(0.38f, 0.62f), width = r.uniform(0.36f, 0.58f);  // of the loop
  const float topX = r.uniform(0.15f, 0.6f), bow = r.uniform(-0.02f, 0.1f);
  const float rise = 1 - loop;
  s.start(topX, 0);
  s.to(topX * 0.45f - bow * 0.4f, rise * 0.5f);
  s.to(-0.01f - bow * 0.2f, rise + loop * 0.35f);
  s.to(width * 0.12f, 1 - loop * 0.12f);
  s.to(width * 0.5f, 1);
  s.to(width, 1 - loop * 0.45f);
  s.to(width * r.uniform(0.5f, 0.7f), rise + r.around(0.03f));
  const float end = r.unit();
  s.to(width * 0.2f, rise + loop * r.uniform(0.15f, 0.35f));
  if (end < 0.7f) s.to(width * r.uniform(-0.12f, 0.12f), rise + loop * r.uniform(0.4f, 0.65f));
}

void writeSeven(Random& r, Skeleton& s) {
  const float right = r.uniform(0.48f, 0.7f), tilt = r.around(0.08f), foot = r.uniform(0.08f, 0.42f);
  const float hook = r.unit();
  if (hook < 0.3f) {
    s.start(r.around(0.05f), r.uniform(0.1f, 0.24f));
    knot(s, r.chance(0.5f), r.uniform(-0.02f, 0.06f), 0.02f + tilt);
  } else {
    s.start(0, tilt + r.uniform(0, 0.06f));
  }
  s.to(right * 0.5f, tilt * 0.4f + r.around(0.04f));
  knot(s, r.chance(0.7f), right, 0);
  s.to(foot + (right - foot) * r.uniform(0.3f, 0.55f), r.uniform(0.38f, 0.52f));
  s.to(foot, 1);
  if (r.chance(0.15f)) {
    const float y = r.uniform(0.42f, 0.58f), middle = foot + (right - foot) * 0.45f, half = r.uniform(0.14f, 0.26f),
                slope = r.around(0.05f);
    s.start(middle - half, y + slope);
    s.to(middle + half * r.uniform(0.7f, 1.1f), y - slope);
  }
}

void writeEight(Random& r, Skeleton& s) {
  const float waist = r.uniform(0.38f, 0.54f), upper = r.uniform(0.18f, 0.29f), lower = r.uniform(0.19f, 0.31f);
  const float cx = 0.3f, shift = r.around(0.05f);
  if (r.chance(0.15f)) {  // two rounds
    const float begin = r.uniform(60, 120);
    s.start(cx + upper * std::cos(begin * 0.0174533f), waist / 2 + waist / 2 * std::sin(begin * 0.0174533f));
    s.arc(cx, waist / 2, upper, waist / 2, begin + 40, begin + 360 + r.uniform(-10, 30));
    const float second = r.uniform(-120, -60), half = (1 - waist) / 2, middle = waist + half - r.uniform(0, 0.04f);
    s.start(cx + shift + lower * std::cos(second * 0.0174533f), middle + half * std::sin(second * 0.0174533f));
    s.arc(cx + shift, middle, lower, half, second + 40, second + 360 + r.uniform(-10, 30));
    return;
  }
  const float side = r.chance(0.85f) ? 1.0f : -1.0f;  // which way the S runs
  const float gapX = r.uniform(-0.04f, 0.12f), gapY = r.uniform(-0.02f, 0.12f);
  s.start(cx + side * (upper * 0.8f + gapX * 0.3f), waist * 0.3f + gapY * 0.5f);
  s.to(cx + side * 0.02f, 0);
  s.to(cx - side * upper, waist * 0.45f);
  s.to(cx - side * 0.02f + shift * 0.5f, waist);
  s.to(cx + shift + side * lower, waist + (1 - waist) * 0.52f);
  s.to(cx + shift + side * 0.02f, 1);
  s.to(cx + shift - side * lower, waist + (1 - waist) * 0.56f);
  s.to(cx + shift * 0.5f + side * 0.02f, waist + r.uniform(-0.03f, 0.05f));
  s.to(cx + side * (upper * 0.9f + gapX * 0.4f), waist * 0.5f);
  s.to(cx + side * (upper * 0.55f + gapX), waist * 0.12f + gapY * 0.4f);
}

void writeNine(Random& r, Skeleton& s) {
  const float loop = r.uniform(0.36f, 0.54f), width = r.uniform(0.34f, 0.56f), lean = r.uniform(-0.08f, 0.1f);
  s.start(width * r.uniform(0.8f, 1.05f), loop * r.uniform(0.1f, 0.3f));
  s.to(width * r.uniform(0.5f, 0.65f), r.uniform(-0.02f, 0.04f));
  s.to(width * 0.14f, loop * 0.25f);
  s.to(0, loop * 0.62f);
  s.to(width * 0.42f, loop);
  s.to(width * 0.85f, loop * 0.66f);
  knot(s, r.chance(0.45f), width + r.around(0.04f), loop * r.uniform(0.1f, 0.35f));
  const float tail = r.unit();
  if (tail < 0.55f) {  // straight
    s.to(width - lean * 0.4f, 0.6f);
    s.to(width - lean, 1);
  } else if (tail < 0.85f) {  // bent
    s.to(width * 0.96f, 0.62f);
    s.to(width * 0.75f - lean * 0.5f, 0.85f);
    s.to(width * r.uniform(0.25f, 0.55f), 1);
  } else {  // a hook
    s.to(width, 0.66f);
    s.to(width * 0.85f, 0.92f);
    s.to(width * 0.5f, 1);
    s.to(width * r.uniform(-0.05f, 0.2f), r.uniform(0.86f, 0.95f));
  }
}

}  // namespace

void writeDigit(int digit, Random& random, Skeleton& skeleton) {
  using Writer = void (*)(Random&, Skeleton&);
  static constexpr std::array<Writer, 10> kWriters = {writeZero, writeOne, writeTwo,   writeThree, writeFour,
                                                      writeFive, writeSix, writeSeven, writeEight, writeNine};
  assert(digit >= 0 && digit <= 9);
  skeleton.clear();
  kWriters[std::size_t(digit)](random, skeleton);
}

}  // namespace data
