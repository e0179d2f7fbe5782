#include "tasks/Pictures.h"

#include <cassert>
#include <cmath>
#include <vector>

namespace tasks {

double squaredDifference(std::span<const float> one, std::span<const float> other) {
  assert(one.size() == other.size());
  double sum = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const double difference = double(one[i]) - double(other[i]);
    sum += difference * difference;
  }
  return sum;
}

double meanSquaredInk(const data::InputPipeline& pipeline, std::span<const float> one, std::span<const float> other) {
  std::vector<float> a(one.begin(), one.end()), b(other.begin(), other.end());
  pipeline.inputToInk(a);
  pipeline.inputToInk(b);
  return squaredDifference(a, b) / double(a.size());
}

double psnrOf(double meanSquaredError) {
  return -10 * std::log10(meanSquaredError);
}

}  // namespace tasks
