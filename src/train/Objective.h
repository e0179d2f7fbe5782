// Compares what a network gave for one sample with what was asked, as loss, gradient and right answers. A network that ends in a
// vector answers once, with a class. One that ends in a picture (channels x height x width) answers at every pixel: channel 0 for
// the ground, channel 1 + label where the input is ink. What is asked there is read off the input itself, so that it moves along
// with every augmentation. Owned by one thread; allocates nothing after construction.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nn/Loss.h"
#include "nn/Shape.h"

namespace train {

struct SampleResult {
  double loss = 0;  // of a picture: the mean over its pixels
  int answers = 0;  // 1, or the number of pixels
  int correct = 0;
  int ties = 0;      // answers for which several outputs were the largest: the first of them is taken
  int answered = 0;  // the class; of a picture none
};

class Objective {
 public:
  Objective(const nn::LossSettings& loss, const nn::Shape& input, const nn::Shape& output);

  bool perPixel() const { return !m_output.isVector(); }
  std::size_t classes() const { return std::size_t(m_output.channels); }  // among which one is chosen; the ground is one

  // outputs, input: one sample, CHW, the latter as ink (data/InputPipeline.h). gradient: of the loss with respect to `outputs`, same size,
  // or empty where it is not wanted. confusion: classes() x classes(), row: asked, column: answered; one is added per answer; or empty.
  SampleResult evaluate(std::span<const float> outputs, std::span<const float> input, int label, std::span<float> gradient,
                        std::span<std::uint32_t> confusion);

 private:
  SampleResult evaluatePixels(std::span<const float> outputs, std::span<const float> input, int label, std::span<float> gradient,
                              std::span<std::uint32_t> confusion);

  nn::LossSettings m_loss;
  nn::Shape m_input, m_output;
  std::vector<float> m_scores, m_pull;  // of one pixel: its outputs, and their gradient
};

}  // namespace train
