// How familiar a picture is to a network that names classes: the energy score of its outputs, and where that stands among the scores of the
// pictures that the network was validated on. A picture of something else gets an answer, too, often a sure one; its score tells. Pure
// functions and a plain value; any thread.
//
// Sources: W. Liu et al., "Energy-based out-of-distribution detection", 2020, for a softmax; H. Wang et al., "Can multi-label
// classification networks know what they don't know?", 2021, for a sigmoid each; D. Hendrycks and K. Gimpel, "A baseline for detecting
// misclassified and out-of-distribution examples", 2017, where only the probabilities of a softmax are known.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nn/Network.h"

namespace tasks {

// The node whose values are scored, the logits where the network has them; -1 where it does not answer a picture with a class.
int energyNode(const nn::Network& network);
// The negative energy of the values of that node: the larger, the more familiar. Not finite where the values are not.
float energyScore(const nn::Network& network, std::span<const float> values);

// What the scores of validation images are like: the quantiles of them.
class EnergyCalibration {
 public:
  // Below this share of the validation images a picture is unusual: so many of them are called so by mistake.
  static constexpr double kUnusualShare = 0.05;
  static constexpr std::size_t kFewestImages = 100;  // from which a share of one in twenty can be told

  EnergyCalibration() = default;                                    // of nothing
  explicit EnergyCalibration(std::vector<float> scores);            // in any order; of nothing where they are too few or not all finite
  static EnergyCalibration ofQuantiles(std::vector<float> values);  // as quantiles() gave them; throws nn::Error where they are none

  bool empty() const { return m_quantiles.empty(); }
  // The smallest score, that below which 1, 2, ... of `kSteps` equal parts of the images lie, and the largest. Empty without any.
  const std::vector<float>& quantiles() const { return m_quantiles; }
  // How many of the validation images are less familiar, 0 to 1. Nothing where nothing is known, or the score is no finite number.
  std::optional<double> shareBelow(float score) const;

  bool operator==(const EnergyCalibration&) const = default;

 private:
  static constexpr std::size_t kSteps = 100;
  std::vector<float> m_quantiles;
};

// Of a share that shareBelow() gave, where it is unusual, what is to be said beside the answer; else empty.
std::string unusualText(const std::optional<double>& share);

}  // namespace tasks
