#include "scene/Words.h"

#include <cmath>
#include <cstdio>

namespace scene {

std::string shortNumber(float value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  if (value == 0) return "0";  // also of the negative zero
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", double(value));
  return text[0] == '-' ? std::string("−") + (text + 1) : std::string(text);
}

std::string percent(float share) {
  const double hundredth = double(share) * 100;
  const bool fine = hundredth < 1 || (hundredth > 99.5 && hundredth < 99.95);
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %%", fine && hundredth > 0 ? 1 : 0, hundredth);
  return text;
}

std::string sizeWords(int channels, int height, int width) {
  if (height == 1 && width == 1) return std::to_string(channels);
  const std::string map = std::to_string(height) + " × " + std::to_string(width);
  return channels == 1 ? map : std::to_string(channels) + " × " + map;
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace scene
