#include "nn/InputSpec.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "nn/Counted.h"

namespace nn {

namespace {

constexpr int kLeastSide = 8;  // of a picture that lies flat: a shorter vector is a handful of numbers

bool isFinite(double value) {
  return std::isfinite(value);
}

}  // namespace

std::string_view nameOf(InputColors colors) {
  static constexpr std::array<std::string_view, kInputColorsCount> kNames = {"by shape", "gray", "rgb"};
  return kNames[std::size_t(colors)];
}

std::string_view nameOf(InputFit fit) {
  static constexpr std::array<std::string_view, kInputFitCount> kNames = {"by shape", "mnist", "fit", "crop", "stretch"};
  return kNames[std::size_t(fit)];
}

std::string_view nameOf(InkPolarity ink) {
  static constexpr std::array<std::string_view, kInkPolarityCount> kNames = {"light on dark", "dark on light"};
  return kNames[std::size_t(ink)];
}

Shape pictureShape(const Shape& input) {
  if (!input.isVector()) return input;
  for (const int channels : {1, 3}) {
    const int side = int(std::lround(std::sqrt(double(input.channels) / channels)));
    if (side >= kLeastSide && std::size_t(side) * std::size_t(side) * std::size_t(channels) == input.size()) return {channels, side, side};
  }
  return input;
}

bool takesColors(const InputSpec& spec, const Shape& input) {
  return spec.colors != InputColors::Gray && !pictureShape(input).isVector() && pictureShape(input).channels == 3;
}

float lightOf(const InputSpec& spec, std::size_t channel, float value) {
  const auto of = [channel](const std::vector<double>& values, double none) {
    return values.empty() ? none : values[values.size() == 1 ? 0 : channel];
  };
  return float((double(value) * of(spec.deviation, 1) + of(spec.mean, 0) - spec.low) / (spec.high - spec.low));
}

std::vector<Issue> validate(const InputSpec& spec, const Shape& input) {
  std::vector<Issue> issues;
  const int channels = pictureShape(input).channels;
  const auto refuse = [&](const std::string& what, const std::string& hint) { issues.push_back({"input", what, hint}); };
  const auto check = [&](const std::vector<double>& values, const std::string& name) {
    if (values.size() > 1 && values.size() != std::size_t(channels))
      refuse("there are " + std::to_string(values.size()) + " numbers in '" + name + "', and the input has " +
                 counted(std::size_t(channels), "channel", "channels"),
             "Give one for each channel, or one for all");
    if (!std::all_of(values.begin(), values.end(), isFinite)) refuse("'" + name + "' is out of range", "Give finite numbers");
  };
  check(spec.mean, "mean");
  check(spec.deviation, "deviation");
  if (std::any_of(spec.deviation.begin(), spec.deviation.end(), [](double value) { return !(value > 0); }))
    refuse("'deviation' must be larger than 0, since it is divided by", "Leave it out where nothing is divided");
  if (!isFinite(spec.low) || !isFinite(spec.high) || spec.low == spec.high)
    refuse("'range' must say two numbers, what black and what white is", "0 and 1, 0 and 255, or -1 and 1 are usual");
  if (spec.colors == InputColors::Rgb && channels != 3)
    refuse("'colors' is rgb, and the input has " + counted(std::size_t(channels), "channel", "channels"),
           "Give the input three channels, or leave 'colors' out");
  return issues;
}

}  // namespace nn
