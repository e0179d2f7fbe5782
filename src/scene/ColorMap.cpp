#include "scene/ColorMap.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace scene {
namespace {

struct Lab {
  float l = 0, a = 0, b = 0;
};
struct Lch {
  float l = 0, c = 0, h = 0;
};
struct Linear {
  float r = 0, g = 0, b = 0;
};

Lab toLab(const Lch& c) {
  const float radians = c.h * 3.14159265f / 180.0f;
  return {c.l, c.c * std::cos(radians), c.c * std::sin(radians)};
}

float distance(const Lab& a, const Lab& b) {
  return std::sqrt((a.l - b.l) * (a.l - b.l) + (a.a - b.a) * (a.a - b.a) + (a.b - b.b) * (a.b - b.b));
}

Linear toLinear(const Lab& c) {
  const float l = c.l + 0.3963377774f * c.a + 0.2158037573f * c.b;
  const float m = c.l - 0.1055613458f * c.a - 0.0638541728f * c.b;
  const float s = c.l - 0.0894841775f * c.a - 1.2914855480f * c.b;
  const float l3 = l * l * l, m3 = m * m * m, s3 = s * s * s;
  return {4.0767416621f * l3 - 3.3077115913f * m3 + 0.2309699292f * s3, -1.2684380046f * l3 + 2.6097574011f * m3 - 0.3413193965f * s3,
          -0.0041960863f * l3 - 0.7034186147f * m3 + 1.7076147010f * s3};
}

bool inGamut(const Linear& c) {
  for (const float v : {c.r, c.g, c.b})
    if (v < -0.0005f || v > 1.0005f) return false;
  return true;
}

std::uint8_t encode(float linear) {
  const float v = std::clamp(linear, 0.0f, 1.0f);
  const float s = v <= 0.0031308f ? 12.92f * v : 1.055f * std::pow(v, 1 / 2.4f) - 0.055f;
  return std::uint8_t(std::lround(s * 255));
}

float decode(std::uint8_t value) {
  const float s = float(value) / 255;
  return s <= 0.04045f ? s / 12.92f : std::pow((s + 0.055f) / 1.055f, 2.4f);
}

Lab labOf(Rgb color) {
  const float r = decode(color.r), g = decode(color.g), b = decode(color.b);
  const float l = std::cbrt(0.4122214708f * r + 0.5363325363f * g + 0.0514459929f * b);
  const float m = std::cbrt(0.2119034982f * r + 0.6806995451f * g + 0.1073969566f * b);
  const float s = std::cbrt(0.0883024619f * r + 0.2817188376f * g + 0.6299787005f * b);
  return {0.2104542553f * l + 0.7936177850f * m - 0.0040720468f * s, 1.9779984951f * l - 2.4285922050f * m + 0.4505937099f * s,
          0.0259040371f * l + 0.7827717662f * m - 0.8086757660f * s};
}

Lch toLch(const Lab& c) {
  return {c.l, std::sqrt(c.a * c.a + c.b * c.b), std::atan2(c.b, c.a) * 180.0f / 3.14159265f};
}

Lch clipped(Lch c) {
  if (inGamut(toLinear(toLab(c)))) return c;
  float low = 0, high = c.c;
  for (int i = 0; i < 20; ++i) {
    c.c = (low + high) / 2;
    (inGamut(toLinear(toLab(c))) ? low : high) = c.c;
  }
  c.c = low;
  return c;
}

Rgb toRgb(const Lch& c) {
  const Linear v = toLinear(toLab(clipped(c)));
  return {encode(v.r), encode(v.g), encode(v.b)};
}

// A curve through a few control points, walked at even distances in OKLab.
std::vector<Lch> evenly(std::span<const Lch> points, int count) {
  constexpr int kFine = 2000;
  std::vector<Lch> fine;
  std::vector<float> walked{0};
  for (int i = 0; i <= kFine; ++i) {
    const float at = float(i) / kFine * float(points.size() - 1);
    const std::size_t k = std::min(std::size_t(at), points.size() - 2);
    const float t = at - float(k);
    const Lch &p = points[k], &q = points[k + 1];
    fine.push_back(clipped({p.l + (q.l - p.l) * t, p.c + (q.c - p.c) * t, p.h + (q.h - p.h) * t}));
    if (i == 0) continue;
    const Lab a = toLab(fine[std::size_t(i - 1)]), b = toLab(fine.back());
    walked.push_back(walked.back() + distance(a, b));
  }
  std::vector<Lch> result;
  std::size_t k = 0;
  for (int i = 0; i < count; ++i) {
    const float goal = walked.back() * float(i) / float(count - 1);
    while (k + 1 < walked.size() - 1 && walked[k + 1] < goal) ++k;
    result.push_back(fine[k + 1]);
  }
  result.front() = fine.front();
  return result;
}

using Colors = std::array<Rgb, ColorMap::kSize>;

// From nearly the ground to where the eye goes, on dark and on light ground.
constexpr Lch kGlowDark[] = {{0.275f, 0.034f, 268}, {0.39f, 0.115f, 290}, {0.53f, 0.175f, 338},
                             {0.71f, 0.165f, 400},  {0.86f, 0.140f, 440}, {0.975f, 0.055f, 463}};
constexpr Lch kGlowLight[] = {{0.965f, 0.008f, 450}, {0.86f, 0.085f, 425}, {0.69f, 0.165f, 393},
                              {0.50f, 0.170f, 345},  {0.33f, 0.125f, 300}, {0.20f, 0.075f, 282}};
constexpr Lch kCyanDark[] = {{0.215f, 0.022f, 240}, {0.45f, 0.085f, 232}, {0.72f, 0.125f, 212}, {0.96f, 0.075f, 196}};
constexpr Lch kCyanLight[] = {{0.970f, 0.012f, 200}, {0.78f, 0.115f, 208}, {0.50f, 0.090f, 228}, {0.22f, 0.050f, 245}};
constexpr Lch kDarkBlue[] = {{0.312f, 0.014f, 260}, {0.53f, 0.135f, 256}, {0.86f, 0.085f, 232}};
// Zero has the tint of the slabs: plain gray beside them looks brown, and every zero a little positive.
constexpr Lch kDarkOrange[] = {{0.31f, 0.010f, 262}, {0.314f, 0, 262}, {0.314f, 0, 50}, {0.53f, 0.135f, 45}, {0.86f, 0.125f, 75}};
constexpr Lch kLightBlue[] = {{0.965f, 0.004f, 260}, {0.70f, 0.115f, 250}, {0.42f, 0.150f, 262}};
constexpr Lch kLightOrange[] = {{0.965f, 0.004f, 60}, {0.70f, 0.155f, 55}, {0.42f, 0.125f, 40}};
// Five colors each at even distances along the published maps; what lies between is interpolated here.
constexpr Rgb kViridis[] = {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}};
constexpr Rgb kCividis[] = {{0, 34, 78}, {65, 77, 107}, {124, 123, 120}, {188, 175, 111}, {254, 232, 56}};

// A smooth curve (Catmull and Rom 1974) in OKLab through a few colors, as close points of a path.
std::vector<Lch> smooth(std::span<const Rgb> colors, bool reversed) {
  constexpr int kPerPiece = 16;
  std::vector<Lab> points;
  for (const Rgb& color : colors) points.push_back(labOf(color));
  if (reversed) std::reverse(points.begin(), points.end());
  const auto at = [&](int i) { return points[std::size_t(std::clamp(i, 0, int(points.size()) - 1))]; };
  const auto spline = [](float p, float q, float r, float s, float t) {
    return q + 0.5f * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
  };
  std::vector<Lch> path;
  for (int i = 0; i + 1 < int(points.size()); ++i) {
    for (int k = i == 0 ? 0 : 1; k <= kPerPiece; ++k) {
      const float t = float(k) / kPerPiece;
      const Lab p = at(i - 1), q = at(i), r = at(i + 1), s = at(i + 2);
      path.push_back(toLch({spline(p.l, q.l, r.l, s.l, t), spline(p.a, q.a, r.a, s.a, t), spline(p.b, q.b, r.b, s.b, t)}));
      // The hue goes the short way from point to point.
      if (path.size() < 2) continue;
      float& hue = path.back().h;
      const float before = path[path.size() - 2].h;
      hue += 360 * std::round((before - hue) / 360);
    }
  }
  return path;
}

std::vector<Lch> sequentialPath(bool dark, Palette palette) {
  const auto path = [](std::span<const Lch> points) { return std::vector<Lch>(points.begin(), points.end()); };
  switch (palette) {
    case Palette::Viridis:
      return smooth(kViridis, !dark);
    case Palette::Cividis:
      return smooth(kCividis, !dark);
    case Palette::BlueOrange:
      return dark ? path(kDarkOrange) : path(kLightOrange);
    case Palette::Cyan:
      return dark ? path(kCyanDark) : path(kCyanLight);
    case Palette::Glow:
      break;
  }
  return dark ? path(kGlowDark) : path(kGlowLight);
}

// Where eight bits make two neighbors equal, the second takes the free color that is nearest to what it should be.
void separate(Colors& colors, std::span<const Lch> path) {
  for (std::size_t i = 1; i < colors.size(); ++i) {
    const auto taken = [&](Rgb c) { return c == colors[i - 1] || (i + 1 < colors.size() && c == colors[i + 1]); };
    if (!taken(colors[i])) continue;
    const Lab wanted = toLab(clipped(path[i]));
    const Rgb had = colors[i];
    float nearest = 1e9f;
    for (int k = 0; k < 27; ++k) {
      const int red = had.r + k % 3 - 1, green = had.g + k / 3 % 3 - 1, blue = had.b + k / 9 - 1;
      if (std::min({red, green, blue}) < 0 || std::max({red, green, blue}) > 255) continue;
      const Rgb c{std::uint8_t(red), std::uint8_t(green), std::uint8_t(blue)};
      const float away = distance(labOf(c), wanted);
      if (!taken(c) && away < nearest) nearest = away, colors[i] = c;
    }
  }
}

Colors sequentialColors(bool dark, Palette palette) {
  const std::vector<Lch> path = evenly(sequentialPath(dark, palette), ColorMap::kSize);
  Colors colors;
  for (std::size_t i = 0; i < colors.size(); ++i) colors[i] = toRgb(path[i]);
  separate(colors, path);
  return colors;
}

Colors divergingColors(bool dark) {
  constexpr int kArm = ColorMap::kSize / 2;
  const std::vector<Lch> blue = evenly(dark ? std::span<const Lch>(kDarkBlue) : std::span<const Lch>(kLightBlue), kArm);
  const std::vector<Lch> orange = evenly(dark ? std::span<const Lch>(kDarkOrange) : std::span<const Lch>(kLightOrange), kArm);
  Colors colors;
  for (std::size_t i = 0; i < kArm; ++i) {
    colors[kArm - 1 - i] = toRgb(blue[i]);
    colors[kArm + i] = toRgb(orange[i]);
  }
  return colors;
}

}  // namespace

float lightnessOf(Rgb color) {
  return labOf(color).l;
}

std::string_view paletteName(Palette palette) {
  static constexpr std::array<std::string_view, kPaletteCount> kNames = {"glow", "viridis", "cividis", "blue-orange", "cyan"};
  return kNames[std::size_t(palette)];
}

std::optional<Palette> paletteNamed(std::string_view name) {
  for (int i = 0; i < kPaletteCount; ++i)
    if (paletteName(Palette(i)) == name) return Palette(i);
  return std::nullopt;
}

const ColorMap& ColorMap::sequential(bool dark, Palette palette) {
  static const std::array<ColorMap, 2 * kPaletteCount> maps = [] {
    std::array<ColorMap, 2 * kPaletteCount> result;
    for (std::size_t i = 0; i < result.size(); ++i) result[i].m_colors = sequentialColors(i % 2 == 1, Palette(i / 2));
    return result;
  }();
  return maps[std::size_t(palette) * 2 + std::size_t(dark)];
}

const ColorMap& ColorMap::diverging(bool dark) {
  static const std::array<ColorMap, 2> maps = [] {
    std::array<ColorMap, 2> result;
    for (const bool d : {false, true}) result[std::size_t(d)].m_colors = divergingColors(d);
    return result;
  }();
  return maps[std::size_t(dark)];
}

Rgb ColorMap::at(float position) const {
  if (std::isnan(position)) position = 0.5f;
  return m_colors[std::size_t(std::clamp(int(std::lround(position * float(kSize - 1))), 0, kSize - 1))];
}

}  // namespace scene
