#include "tasks/EnergyScore.h"

#include <algorithm>
#include <cmath>

#include "nn/Error.h"
#include "tasks/Labels.h"
#include "tasks/Task.h"

namespace tasks {

namespace {

bool areFinite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

float logSumExp(std::span<const float> values) {
  const float largest = *std::max_element(values.begin(), values.end());
  float sum = 0;
  for (const float value : values) sum += std::exp(value - largest);
  return largest + std::log(sum);
}

// log(1 + exp(value)), of a logit however large.
float softplus(float value) {
  return std::max(value, 0.0f) + std::log1p(std::exp(-std::fabs(value)));
}

float logitOfShare(float probability) {
  constexpr float kLeast = 1e-7f;
  const float p = std::clamp(probability, kLeast, 1 - kLeast);
  return std::log(p) - std::log1p(-p);
}

}  // namespace

int energyNode(const nn::Network& network) {
  const Task& task = taskOf(network);
  const int output = network.outputs().front();
  if (task.shows != Shows::Classes || task.perPixel || !task.whyNoClass(network, output).empty()) return -1;
  return network.logitsNode(output);
}

float energyScore(const nn::Network& network, std::span<const float> values) {
  const nn::Scores kind = scoresOf(network, energyNode(network));
  const bool sigmoids = kind == nn::Scores::Sigmoids || kind == nn::Scores::SigmoidLogits;
  const auto logit = [kind](float value) { return kind == nn::Scores::Sigmoids ? logitOfShare(value) : value; };
  if (taskOf(network).yesOrNo) return std::fabs(sigmoids ? logit(values.front()) : values.front());  // either answer may be a sure one
  if (sigmoids) {
    float sum = 0;
    for (const float value : values) sum += softplus(logit(value));
    return sum;
  }
  if (kind == nn::Scores::Logits) return logSumExp(values);
  const float largest = *std::max_element(values.begin(), values.end());
  return kind == nn::Scores::LogSoftmax ? largest : std::log(std::max(largest, 0.0f));
}

EnergyCalibration::EnergyCalibration(std::vector<float> scores) {
  if (scores.size() < kFewestImages || !areFinite(scores)) return;
  std::sort(scores.begin(), scores.end());
  for (std::size_t step = 0; step <= kSteps; ++step) m_quantiles.push_back(scores[step * (scores.size() - 1) / kSteps]);
}

EnergyCalibration EnergyCalibration::ofQuantiles(std::vector<float> values) {
  if (!values.empty() && (values.size() != kSteps + 1 || !areFinite(values) || !std::is_sorted(values.begin(), values.end())))
    throw nn::Error("the scores of its validation images are no quantiles", "");
  EnergyCalibration result;
  result.m_quantiles = std::move(values);
  return result;
}

std::optional<double> EnergyCalibration::shareBelow(float score) const {
  if (empty() || !std::isfinite(score)) return std::nullopt;
  const auto above = std::lower_bound(m_quantiles.begin(), m_quantiles.end(), score);
  if (above == m_quantiles.begin()) return 0.0;
  if (above == m_quantiles.end()) return 1.0;
  const float from = *(above - 1), to = *above;
  return (double(above - m_quantiles.begin() - 1) + double((score - from) / (to - from))) / double(kSteps);
}

std::string unusualText(const std::optional<double>& share) {
  if (!share || *share >= EnergyCalibration::kUnusualShare) return {};
  const int familiar = int(std::floor((1 - *share) * 100));
  const std::string most = familiar == 100 ? "any" : std::to_string(familiar) + " %";
  return "Unusual, perhaps none of its classes: less familiar than " + most + " of the validation pictures.";
}

}  // namespace tasks
