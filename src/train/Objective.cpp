#include "train/Objective.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace train {

namespace {

constexpr float kInk = 0.5f;  // a pixel whose mean over the channels is more than this is ink

struct Largest {
  int index = 0;      // the first where there are several
  bool tied = false;  // there are
};

Largest largestOf(std::span<const float> scores) {
  const auto largest = std::max_element(scores.begin(), scores.end());
  return {int(largest - scores.begin()), std::find(largest + 1, scores.end(), *largest) != scores.end()};
}

float compared(const nn::LossSettings& settings, std::span<const float> scores, int asked, std::span<float> gradient) {
  return gradient.empty() ? nn::lossOf(settings, scores, asked) : nn::lossAndGradient(settings, scores, asked, gradient);
}

void count(std::span<std::uint32_t> confusion, std::size_t classes, int asked, int answered) {
  if (!confusion.empty()) ++confusion[std::size_t(asked) * classes + std::size_t(answered)];
}

}  // namespace

Objective::Objective(const nn::LossSettings& loss, const nn::Shape& input, const nn::Shape& output)
    : m_loss(loss), m_input(input), m_output(output), m_scores(std::size_t(output.channels)), m_pull(m_scores.size()) {}

SampleResult Objective::evaluate(std::span<const float> outputs, std::span<const float> input, int label, std::span<float> gradient,
                                 std::span<std::uint32_t> confusion) {
  assert(outputs.size() == m_output.size() && input.size() == m_input.size());
  if (perPixel()) return evaluatePixels(outputs, input, label, gradient, confusion);
  const auto [answered, tied] = largestOf(outputs);
  count(confusion, classes(), label, answered);
  return {double(compared(m_loss, outputs, label, gradient)), 1, answered == label ? 1 : 0, tied ? 1 : 0, answered};
}

SampleResult Objective::evaluatePixels(std::span<const float> outputs, std::span<const float> input, int label, std::span<float> gradient,
                                       std::span<std::uint32_t> confusion) {
  const std::size_t pixels = std::size_t(m_output.height) * std::size_t(m_output.width);
  const float share = 1.0f / float(pixels);
  SampleResult answer;
  answer.answers = int(pixels);
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::size_t c = 0; c < m_scores.size(); ++c) m_scores[c] = outputs[c * pixels + pixel];
    float light = 0;
    for (int c = 0; c < m_input.channels; ++c) light += input[std::size_t(c) * pixels + pixel];
    const int asked = light > kInk * float(m_input.channels) ? label + 1 : 0;
    answer.loss += double(compared(m_loss, m_scores, asked, gradient.empty() ? std::span<float>() : std::span<float>(m_pull)));
    for (std::size_t c = 0; c < m_scores.size() && !gradient.empty(); ++c) gradient[c * pixels + pixel] = share * m_pull[c];
    const auto [answered, tied] = largestOf(m_scores);
    count(confusion, classes(), asked, answered);
    answer.correct += answered == asked;
    answer.ties += tied;
  }
  answer.loss /= double(pixels);
  return answer;
}

}  // namespace train
