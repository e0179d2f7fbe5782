#include "scene/text/Text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace scene {

namespace {

constexpr int kMostNines = 5;  // what is nearer to the whole is no more than its rounding

std::string general(double value, int digits) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, digits);
  return {text.data(), end.ptr};
}

double neverCertain(double probability, int classes) {
  const bool rounded = classes > 1 && (probability <= 0 || probability >= 1);
  return rounded ? std::clamp(probability, 1e-12, 1 - 1e-12) : probability;
}

}  // namespace

std::string fixedText(double value, int decimals) {
  std::array<char, 400> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
  return {text.data(), end.ptr};
}

std::string shortNumber(float value, int digits) {
  if (!std::isfinite(value)) return std::isnan(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  if (value == 0) return "0";  // also of the negative zero
  const double size = std::abs(double(value));
  // A share just below the whole is not called the whole.
  std::string text = general(size, digits);
  for (int shown = digits + 1; shown <= kMostNines && size < 1 && text == "1"; ++shown) text = general(size, shown);
  if (size >= 1 && size < 99999.5 && text.find('e') != std::string::npos) text = fixedText(size, 0);
  return value < 0 ? "−" + text : text;
}

std::string percent(double share, int decimals) {
  if (!std::isfinite(share)) return "–";
  if (share == 0 || share == 1) return share == 0 ? "0 %" : "100 %";
  const std::string written = fixedText(100 * share, decimals);
  const double smallest = std::pow(10.0, -decimals);
  if (share < 1 && written == fixedText(100, decimals)) return "> " + fixedText(100 - smallest, decimals) + " %";
  if (share > 0 && written == fixedText(0, decimals)) return "< " + fixedText(smallest, decimals) + " %";
  return written + " %";
}

std::string probabilityPercent(double probability, int classes, int decimals) {
  return percent(neverCertain(probability, classes), decimals);
}

std::string probabilityFigure(double probability, int classes, int decimals) {
  const double shown = neverCertain(probability, classes), smallest = std::pow(10.0, -decimals);
  const std::string written = fixedText(shown, decimals);
  if (shown < 1 && written == fixedText(1, decimals)) return "> " + fixedText(1 - smallest, decimals);
  if (shown > 0 && written == fixedText(0, decimals)) return "< " + fixedText(smallest, decimals);
  return written;
}

}  // namespace scene
