// Colours that mean values: a sequential map for what cannot be negative and a blue-orange map whose middle is zero, both
// walked at even perceptual steps (OKLab, Ottosson 2020). And the scale of numbers that one layer is shown with.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "scene/Layout.h"

namespace scene {

struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
  bool operator==(const Rgb&) const = default;
};

// From OKLCH: lightness 0..1, chroma, hue in degrees; chroma is lowered where sRGB has no such colour.
Rgb fromOklch(float lightness, float chroma, float hueDegrees);
// Perceived lightness (OKLab L) of a colour, 0..1.
float lightnessOf(Rgb color);

class ColorMap {
 public:
  static constexpr int kSize = 256;
  // 0 is the lower end. On dark ground large values are light, on light ground they are dark.
  static const ColorMap& sequential(bool dark);
  // The middle (0.5) is zero: a neutral near the ground; below it blue, above it orange.
  static const ColorMap& diverging(bool dark);
  Rgb at(float position) const;  // 0..1, clamped; not-a-number gives the middle
  const std::array<Rgb, kSize>& colors() const { return m_colors; }

 private:
  std::array<Rgb, kSize> m_colors{};
};

// The numbers at the two ends of a colour map.
struct Scale {
  float low = 0, high = 1;
  bool diverging = false;
  float position(float value) const { return (value - low) / (high - low); }
  float value(float position) const { return low + position * (high - low); }
  bool operator==(const Scale&) const = default;
};

// From the displayed cells: one scale per block for its units, and one for its kernels.
std::vector<Scale> unitScales(const Layout& layout, std::span<const float> cells);
std::vector<Scale> kernelScales(const Layout& layout, std::span<const float> cells);

}  // namespace scene
