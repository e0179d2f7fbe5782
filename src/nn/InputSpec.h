// What the numbers at a network's input stand for: how a picture becomes them. It belongs to the model as its weights do, and goes with
// it into files. What it leaves open is chosen by the input's shape. data/InputPipeline.h does what it says. Plain value.
#pragma once

#include <string_view>
#include <vector>

#include "nn/Error.h"
#include "nn/Shape.h"

namespace nn {

enum class InputColors { ByShape, Gray, Rgb };
inline constexpr int kInputColorsCount = 3;

// How a picture of another size comes into the input: as MNIST's 28 x 28 with a frame around; scaled as a whole, with paper on two sides;
// scaled until it covers the input, the rest cut off; each direction for itself. ByShape: with a frame that is no larger than the picture,
// else scaled as a whole.
enum class InputFit { ByShape, Mnist, Fit, Crop, Stretch };
inline constexpr int kInputFitCount = 5;

enum class InkPolarity { LightOnDark, DarkOnLight };
inline constexpr int kInkPolarityCount = 2;

// As files and messages call them: "by shape", "dark on light".
std::string_view nameOf(InputColors colors);
std::string_view nameOf(InputFit fit);
std::string_view nameOf(InkPolarity ink);

struct InputSpec {
  InputColors colors = InputColors::ByShape;  // ByShape: where there are three channels
  double low = 0, high = 1;                   // what black and white are ...
  std::vector<double> mean, deviation;  // ... before these are taken away and divided by; one for each channel, or for all; none: 0, 1
  InkPolarity ink = InkPolarity::LightOnDark;
  InputFit fit = InputFit::ByShape;
  bool operator==(const InputSpec&) const = default;
};

// The picture that an input is: a flat one of 8 x 8 numbers or more that are a square, or three of them, is taken for a picture, row by
// row.
Shape pictureShape(const Shape& input);
bool takesColors(const InputSpec& spec, const Shape& input);

// A value of the input as light, 0 black to 1 white, where the channel is one of a picture's.
float lightOf(const InputSpec& spec, std::size_t channel, float value);

// What of it cannot be, for an input of this shape. Empty when it can.
std::vector<Issue> validate(const InputSpec& spec, const Shape& input);

}  // namespace nn
