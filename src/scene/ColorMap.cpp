#include "scene/ColorMap.h"

#include <cmath>

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
    walked.push_back(walked.back() + std::sqrt((a.l - b.l) * (a.l - b.l) + (a.a - b.a) * (a.a - b.a) + (a.b - b.b) * (a.b - b.b)));
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

Colors sequentialColors(bool dark) {
  static constexpr Lch kDark[] = {{0.275f, 0.034f, 268}, {0.39f, 0.115f, 290}, {0.53f, 0.175f, 338},
                                  {0.71f, 0.165f, 400},  {0.86f, 0.140f, 440}, {0.975f, 0.055f, 463}};
  static constexpr Lch kLight[] = {{0.965f, 0.008f, 450}, {0.86f, 0.085f, 425}, {0.69f, 0.165f, 393},
                                   {0.50f, 0.170f, 345},  {0.33f, 0.125f, 300}, {0.20f, 0.075f, 282}};
  const std::vector<Lch> path = evenly(dark ? std::span<const Lch>(kDark) : std::span<const Lch>(kLight), ColorMap::kSize);
  Colors colors;
  for (std::size_t i = 0; i < colors.size(); ++i) colors[i] = toRgb(path[i]);
  return colors;
}

Colors divergingColors(bool dark) {
  static constexpr Lch kDarkBlue[] = {{0.31f, 0.010f, 260}, {0.53f, 0.135f, 256}, {0.86f, 0.085f, 232}};
  static constexpr Lch kDarkOrange[] = {{0.31f, 0.010f, 60}, {0.53f, 0.135f, 45}, {0.86f, 0.125f, 75}};
  static constexpr Lch kLightBlue[] = {{0.965f, 0.004f, 260}, {0.70f, 0.115f, 250}, {0.42f, 0.150f, 262}};
  static constexpr Lch kLightOrange[] = {{0.965f, 0.004f, 60}, {0.70f, 0.155f, 55}, {0.42f, 0.125f, 40}};
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

Scale scaleOf(std::span<const float> cells, bool signedValues) {
  float low = 0, high = 0;
  for (const float v : cells) {
    if (!std::isfinite(v)) continue;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  Scale scale;
  scale.diverging = signedValues || low < 0;
  const float most = std::max(high, -low);
  scale.high = most > 1e-12f ? most : 1;
  scale.low = scale.diverging ? -scale.high : 0;
  return scale;
}

}  // namespace

Rgb fromOklch(float lightness, float chroma, float hueDegrees) {
  return toRgb({lightness, chroma, hueDegrees});
}

float lightnessOf(Rgb color) {
  const float r = decode(color.r), g = decode(color.g), b = decode(color.b);
  const float l = std::cbrt(0.4122214708f * r + 0.5363325363f * g + 0.0514459929f * b);
  const float m = std::cbrt(0.2119034982f * r + 0.6806995451f * g + 0.1073969566f * b);
  const float s = std::cbrt(0.0883024619f * r + 0.2817188376f * g + 0.6299787005f * b);
  return 0.2104542553f * l + 0.7936177850f * m - 0.0040720468f * s;
}

const ColorMap& ColorMap::sequential(bool dark) {
  static const std::array<ColorMap, 2> maps = [] {
    std::array<ColorMap, 2> result;
    for (const bool d : {false, true}) result[std::size_t(d)].m_colors = sequentialColors(d);
    return result;
  }();
  return maps[std::size_t(dark)];
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

std::vector<Scale> unitScales(const Layout& layout, std::span<const float> cells) {
  std::vector<Scale> scales;
  for (const Block& block : layout.blocks) {
    Scale scale = scaleOf(cells.subspan(block.firstCell, block.shape.size()), !block.nonNegative && !block.isInput);
    if (block.unitRange) scale = {0, 1, false};
    if (block.isInput && !scale.diverging) scale.high = std::max(scale.high, 1.0f);
    scales.push_back(scale);
  }
  return scales;
}

std::vector<Scale> kernelScales(const Layout& layout, std::span<const float> cells) {
  std::vector<Scale> scales;
  for (const Block& block : layout.blocks) {
    std::size_t begin = 0, count = 0;
    for (int i = 0; i < block.kernelSheetCount; ++i) {
      const Sheet& sheet = layout.sheets[std::size_t(block.firstKernelSheet + i)];
      if (i == 0) begin = sheet.firstCell;
      count += std::size_t(sheet.count);
    }
    scales.push_back(scaleOf(cells.subspan(begin, count), true));
  }
  return scales;
}

}  // namespace scene
