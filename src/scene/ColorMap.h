// Colors that mean values: sequential maps for what cannot be negative, to choose from, and a blue-orange map whose middle is
// zero for everything signed. All are walked at even perceptual steps (OKLab, Ottosson 2020), and no color stands in a map
// twice, so that a value can be read off. What numbers the ends of a map stand for says scene/Scales.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace scene {

struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
  bool operator==(const Rgb&) const = default;
};

// Perceived lightness (OKLab L) of a color, 0..1.
float lightnessOf(Rgb color);

// The sequential maps: from rest over violet and orange to light (Glow); after viridis (van der Walt and Smith 2015) and cividis
// (Nuñez, Anderton and Renslow 2018), both made for people who do not tell red from green; the positive half of the diverging
// map alone; and from dark to cyan, as in Harley's page (2015).
enum class Palette { Glow, Viridis, Cividis, BlueOrange, Cyan };
inline constexpr int kPaletteCount = 5;
std::string_view paletteName(Palette palette);  // "glow", "viridis", "cividis", "blue-orange", "cyan"
std::optional<Palette> paletteNamed(std::string_view name);

class ColorMap {
 public:
  static constexpr int kSize = 256;
  // 0 is the lower end. On dark ground large values are light, on light ground they are dark.
  static const ColorMap& sequential(bool dark, Palette palette = Palette::Glow);
  // The middle (0.5) is zero: a neutral near the ground; below it blue, above it orange. The same for every palette, as edges are.
  static const ColorMap& diverging(bool dark);
  Rgb at(float position) const;  // 0..1, clamped; not-a-number gives the middle
  const std::array<Rgb, kSize>& colors() const { return m_colors; }

 private:
  std::array<Rgb, kSize> m_colors{};
};

}  // namespace scene
