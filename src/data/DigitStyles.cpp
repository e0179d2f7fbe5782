#include "data/DigitStyles.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

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

// What chooses among a digit's styles: a number 0..1, of which the part from..to stands for the European ones.
struct Style {
  bool european = false;
  float number = 0;
};

Style styleOf(Random& r, Handwriting hand, float from, float to) {
  const float number = r.unit();
  if (hand == Handwriting::Any) return {number >= from && number < to, number};
  if (hand == Handwriting::European) return {true, number};
  const float others = number * (1 - to + from);
  return {false, others < from ? others : others + to - from};
}

void writeZero(Random& r, Skeleton& s) {
  const float width = r.uniform(0.18f, 0.48f), begin = r.uniform(-150, -20);
  const float round = 360 + (r.chance(0.65f) ? r.uniform(-10, 70) : r.uniform(-45, 15));
  const float direction = r.chance(0.85f) ? -1.0f : 1.0f;
  const float endScale = r.chance(0.15f) ? r.uniform(1.1f, 1.35f) : r.uniform(0.6f, 1.1f);
  // The pen may come from outside of the round.
  const float outside = r.chance(0.3f) ? r.uniform(1.0f, 1.35f) : r.uniform(0.85f, 1.05f);
  s.start(width + outside * width * std::cos(begin * 0.0174533f), 0.5f + outside * 0.5f * std::sin(begin * 0.0174533f));
  s.arc(width, 0.5f, width, 0.5f, begin + direction * 40, begin + direction * round, endScale);
  if (r.chance(0.03f)) {  // crossed, so that nobody takes it for an O
    s.start(width * r.uniform(0, 0.4f), r.uniform(0.8f, 1.05f));
    s.to(width * r.uniform(1.6f, 2), r.uniform(-0.05f, 0.2f));
  }
}

void writeOne(Random& r, Handwriting hand, Skeleton& s) {
  const auto [european, style] = styleOf(r, hand, 0.2f, 0.5f);
  const float bend = r.around(0.06f);
  if (european) {
    const float across = r.uniform(0.1f, 0.3f), bow = r.uniform(0.4f, 0.6f);
    const float x = 0.3f - across, y = std::min(0.75f, across * r.uniform(1.4f, 2.8f));  // steep, or it is a 7
    s.start(x, y);
    s.to(0.3f + (x - 0.3f) * bow, y * (bow - r.around(0.1f)));
    s.corner(0.3f + r.around(0.04f), 0);
    s.to(0.3f + bend, 0.5f);
    s.to(0.3f, 1);
    return;
  }
  if (style < 0.75f) {
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
  if (style > 0.87f) {
    const float foot = r.uniform(0.15f, 0.32f), tilt = r.around(0.05f);
    s.start(0.3f - foot, 1 - tilt);
    s.to(0.3f + foot * r.uniform(0.7f, 1.2f), 1 + tilt);
  }
}

// The foot of a 2 from where the diagonal arrives: a corner with a straight line, or a wave.
void footOfTwo(Random& r, Skeleton& s, float end) {
  const float base = r.uniform(0.86f, 1.02f), rise = r.uniform(-0.2f, 0.18f);
  if (r.chance(0.75f)) {
    knot(s, r.chance(0.7f), r.uniform(-0.14f, 0.1f), base);
    s.to(end * 0.5f, base + rise * 0.4f + r.around(0.05f));
  } else {
    s.to(r.uniform(-0.12f, 0.08f), base - r.uniform(0, 0.05f));
    s.to(0.22f, base - r.uniform(0.05f, 0.13f));
    s.to(end * 0.75f, base + r.uniform(0, 0.08f));
  }
  s.to(end, base + rise);
}

// The loop at the foot of a 2: down, round to the left and over the diagonal; from there the tail falls or runs out.
void loopOfTwo(Random& r, Skeleton& s, float end) {
  const float bottom = r.uniform(0.8f, 1.0f), height = r.uniform(0.08f, 0.4f), left = r.uniform(-0.14f, 0.08f);
  const float width = r.uniform(0.16f, 0.4f), tail = bottom + r.uniform(-0.12f, 0.08f) + (1 - bottom) * r.uniform(0, 1.3f);
  s.to(left + width * r.uniform(0.35f, 0.6f), bottom);
  s.to(left, bottom - height * r.uniform(0.3f, 0.6f));
  s.to(left + width * r.uniform(0.2f, 0.45f), bottom - height);
  s.to(left + width, bottom - height * r.uniform(0.5f, 0.95f));
  const float share = r.uniform(0.4f, 0.7f), from = bottom - height * 0.6f;
  s.to(left + width + (end - left - width) * share, from + (tail - from) * share + r.uniform(-0.03f, 0.08f));
  s.to(end, tail);
}

void writeTwo(Random& r, Skeleton& s) {
  const float right = r.uniform(0.42f, 0.7f), bowl = r.uniform(0.16f, 0.36f), end = r.uniform(0.4f, 1.0f);
  const float neck = r.chance(0.2f) ? right - r.uniform(0.14f, 0.4f) : r.uniform(-0.06f, 0.16f);
  s.start(neck + r.uniform(-0.03f, 0.12f), r.uniform(0.08f, 0.48f));
  s.to(neck + r.uniform(0.0f, 0.1f), r.uniform(0.05f, 0.15f));
  s.to(neck + (right - neck) * r.uniform(0.4f, 0.6f), 0);
  s.to(right, bowl);
  s.to(right - r.uniform(0.06f, 0.24f), bowl + r.uniform(0.14f, 0.36f));
  if (r.chance(0.5f)) {
    footOfTwo(r, s, end);
  } else {
    loopOfTwo(r, s, std::max(end, 0.5f));
  }
}

void writeThree(Random& r, Skeleton& s) {
  const float upper = r.uniform(0.3f, 0.64f), lower = r.uniform(0.32f, 0.7f);
  const float waist = r.uniform(0.34f, 0.56f), waistX = r.uniform(0.08f, 0.36f);
  if (r.chance(0.15f)) {  // a flat top
    s.start(r.uniform(-0.05f, 0.1f), r.uniform(0, 0.1f));
    s.corner(upper, r.uniform(-0.05f, 0.04f));
    s.corner(waistX, waist);
  } else {
    s.start(r.uniform(-0.06f, 0.12f), r.uniform(0.04f, 0.26f));
    s.to(upper * r.uniform(0.42f, 0.6f), 0);
    s.to(upper, waist * r.uniform(0.36f, 0.54f));
    s.to(upper * 0.72f + waistX * 0.15f, waist * r.uniform(0.8f, 0.95f));
    const float middle = r.unit();
    if (middle < 0.25f) {  // a small loop at the waist
      const float loop = r.uniform(0.03f, 0.08f);
      s.to(waistX, waist + loop * 0.2f);
      s.to(waistX - loop, waist - loop);
      s.to(waistX + loop * 0.5f, waist - loop * 1.2f);
    } else {
      knot(s, middle < 0.85f, waistX, waist);
    }
  }
  const float belly = waist + (1 - waist) * r.uniform(0.36f, 0.62f);
  s.to(lower * r.uniform(0.66f, 0.82f), waist + (belly - waist) * r.uniform(0.18f, 0.4f));
  s.to(lower, belly);
  s.to(lower * r.uniform(0.35f, 0.62f), 1);
  s.to(r.uniform(-0.22f, 0.12f), r.uniform(0.74f, 1.02f));
}

void writeFour(Random& r, Handwriting hand, Skeleton& s) {
  const auto [european, style] = styleOf(r, hand, 0.6f, 0.8f);
  const float bar = r.uniform(0.4f, 0.62f), stem = r.uniform(0.4f, 0.62f), reach = r.uniform(-0.02f, 0.22f);
  const float foot = stem + r.uniform(-0.1f, 0.05f), tilt = r.around(0.07f);
  if (european) {  // open, with a slanting side and a short stem
    const float low = bar + r.uniform(0.06f, 0.16f);
    s.start(stem * r.uniform(0.3f, 0.95f), 0);
    s.to(stem * r.uniform(0.1f, 0.4f), low * r.uniform(0.45f, 0.6f));
    s.corner(r.around(0.04f), low);
    s.to(stem + reach, low - tilt);
    s.start(stem + r.uniform(-0.04f, 0.08f), low - r.uniform(0.14f, 0.4f));
    s.to(foot, 1);
  } else if (style < 0.13f) {  // closed: one line from the top down to the bar
    const float topX = stem + r.around(0.05f);
    s.start(topX, 0);
    s.corner(0, bar);
    s.to(stem + reach, bar - tilt);
    s.start(topX + r.around(0.04f), r.uniform(-0.03f, 0.12f));
    s.to(foot, 1);
  } else if (style < 0.93f) {  // open
    s.start(r.uniform(-0.08f, 0.12f), r.uniform(0, 0.14f));
    s.to(r.uniform(-0.02f, 0.08f), bar * 0.6f);
    knot(s, r.chance(0.4f), r.uniform(0, 0.07f), bar);
    s.to(stem * 0.6f, bar + r.uniform(-0.04f, 0.04f));
    s.to(stem + reach, bar - tilt);
    s.start(stem + r.uniform(-0.02f, 0.1f), r.uniform(-0.12f, 0.2f));
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
  const float left = r.uniform(0.04f, 0.2f), shoulder = r.uniform(0.28f, 0.54f), belly = r.uniform(0.36f, 0.66f);
  const float barEnd = r.uniform(0.4f, 0.95f), barTilt = r.uniform(-0.14f, 0.08f);
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
  s.to(r.uniform(-0.22f, 0.12f), r.uniform(0.72f, 1.02f));
  if (!oneStroke) {
    s.start(left + r.uniform(-0.04f, 0.16f), r.uniform(-0.07f, 0.07f));
    s.to(barEnd, barTilt);
  }
}

void writeSix(Random& r, Skeleton& s) {
  const float loop = r.uniform(0.36f, 0.68f), width = r.uniform(0.34f, 0.66f);  // of the loop
  const float topX = r.uniform(-0.02f, 0.6f), bow = r.uniform(-0.02f, 0.14f);
  const float rise = 1 - loop;
  s.start(topX, 0);
  s.to(topX * 0.45f - bow * 0.5f, rise * 0.5f);
  s.to(-0.01f - bow * 0.2f, rise + loop * 0.35f);
  s.to(width * r.uniform(0.06f, 0.16f), 1 - loop * 0.14f);
  s.to(width * r.uniform(0.42f, 0.56f), 1);
  s.to(width, 1 - loop * r.uniform(0.35f, 0.6f));
  s.to(width * r.uniform(0.45f, 0.75f), rise + r.uniform(-0.03f, 0.06f));
  const float end = r.unit();
  if (end > 0.12f) s.to(width * r.uniform(0.15f, 0.3f), rise + loop * r.uniform(0.12f, 0.4f));
  if (end > 0.35f) s.to(width * r.uniform(-0.15f, 0.15f), rise + loop * r.uniform(0.4f, 0.75f));
}

void writeSeven(Random& r, Handwriting hand, Skeleton& s) {
  const float right = r.uniform(0.4f, 0.76f), tilt = r.around(0.1f), foot = r.uniform(0.05f, 0.55f);
  const float hook = r.unit();
  if (hook < 0.42f) {
    s.start(r.around(0.06f), r.uniform(0.08f, 0.34f));
    knot(s, r.chance(0.5f), r.uniform(-0.03f, 0.06f), 0.02f + tilt);
  } else {
    s.start(0, tilt + r.uniform(0, 0.1f));
  }
  s.to(right * r.uniform(0.35f, 0.6f), tilt * 0.4f + r.uniform(-0.05f, 0.06f));
  knot(s, r.chance(0.5f), right, r.uniform(-0.04f, 0.08f));
  s.to(foot + (right - foot) * r.uniform(0.25f, 0.75f), r.uniform(0.34f, 0.56f));
  s.to(foot, 1);
  constexpr float kCrossed = 0.35f;  // of all
  if (r.chance(hand == Handwriting::Any ? kCrossed : hand == Handwriting::European ? 1.0f : 0.0f)) {
    const float y = r.uniform(0.38f, 0.62f), middle = foot + (right - foot) * r.uniform(0.3f, 0.6f), half = r.uniform(0.12f, 0.34f),
                slope = r.around(0.08f);
    s.start(middle - half, y + slope);
    s.to(middle + half * r.uniform(0.7f, 1.1f), y - slope);
  }
}

void writeEight(Random& r, Skeleton& s) {
  const float waist = r.uniform(0.32f, 0.6f), upper = r.uniform(0.14f, 0.32f), lower = r.uniform(0.13f, 0.33f);
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
  const float gapX = r.chance(0.3f) ? r.uniform(0.1f, 0.4f) : r.uniform(-0.08f, 0.15f), gapY = r.uniform(-0.1f, 0.2f);
  s.start(cx + side * (upper * 0.8f + gapX * r.uniform(0, 0.6f)), waist * r.uniform(0.1f, 0.45f) + gapY * 0.5f);
  s.to(cx + side * upper * r.uniform(-0.2f, 0.4f), 0);
  s.to(cx - side * upper, waist * r.uniform(0.35f, 0.6f));
  s.to(cx - side * 0.02f + shift * 0.5f, waist);
  s.to(cx + shift + side * lower, waist + (1 - waist) * r.uniform(0.4f, 0.65f));
  s.to(cx + shift + side * lower * r.uniform(-0.2f, 0.2f), 1);
  s.to(cx + shift - side * lower * r.uniform(0.6f, 1.1f), waist + (1 - waist) * r.uniform(0.45f, 0.7f));
  s.to(cx + shift * 0.5f + side * 0.02f, waist + r.uniform(-0.05f, 0.06f));
  if (r.chance(0.3f)) {  // straight up, past the beginning
    s.to(cx + side * (upper + r.uniform(0, 0.3f)), r.uniform(-0.06f, 0.2f));
    return;
  }
  s.to(cx + side * (upper * 0.9f + gapX * 0.4f), waist * r.uniform(0.35f, 0.6f));
  if (r.chance(0.8f)) s.to(cx + side * (upper * 0.55f + gapX), waist * 0.12f + gapY * 0.4f);
}

void writeNine(Random& r, Skeleton& s) {
  const float loop = r.uniform(0.32f, 0.6f), width = r.uniform(0.3f, 0.62f), lean = r.uniform(-0.08f, 0.16f);
  // The loop begins where the tail will pass, or stays open there.
  s.start(width * r.uniform(0.6f, 1.08f), loop * r.uniform(-0.02f, 0.36f));
  s.to(width * r.uniform(0.45f, 0.65f), r.uniform(-0.03f, 0.04f));
  s.to(width * r.uniform(0.08f, 0.18f), loop * r.uniform(0.18f, 0.32f));
  s.to(0, loop * r.uniform(0.52f, 0.7f));
  s.to(width * r.uniform(0.25f, 0.5f), loop);
  s.to(width * r.uniform(0.72f, 0.95f), loop * r.uniform(0.5f, 0.95f));
  knot(s, r.chance(0.5f), width + r.uniform(-0.05f, 0.08f), loop * r.uniform(-0.08f, 0.4f));
  const float tail = r.unit();
  if (tail < 0.6f) {  // straight
    s.to(width - lean * 0.4f, 0.6f);
    s.to(width - lean, 1);
  } else if (tail < 0.85f) {  // bent
    s.to(width * 0.96f, 0.62f);
    s.to(width * 0.75f - lean * 0.5f, 0.85f);
    s.to(width * r.uniform(0.2f, 0.6f), 1);
  } else {  // a hook
    s.to(width, 0.66f);
    s.to(width * 0.85f, 0.92f);
    s.to(width * 0.5f, 1);
    s.to(width * r.uniform(-0.1f, 0.2f), r.uniform(0.82f, 0.95f));
  }
}

}  // namespace

void writeDigit(int digit, Handwriting hand, Random& random, Skeleton& skeleton) {
  using Writer = void (*)(Random&, Skeleton&);
  static constexpr std::array<Writer, 10> kAlike = {writeZero, nullptr,  writeTwo, writeThree, nullptr,
                                                    writeFive, writeSix, nullptr,  writeEight, writeNine};
  assert(digit >= 0 && digit <= 9);
  skeleton.clear();
  if (digit == 1) return writeOne(random, hand, skeleton);
  if (digit == 4) return writeFour(random, hand, skeleton);
  if (digit == 7) return writeSeven(random, hand, skeleton);
  kAlike[std::size_t(digit)](random, skeleton);
}

}  // namespace data
