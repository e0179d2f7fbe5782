// A curve without its jitter: the exponential moving average that begins without a bias, as TensorBoard draws it. Plain values; any thread.
#pragma once

#include <span>
#include <vector>

namespace train {

// average <- weight * average + (1 - weight) * value, shown as average / (1 - weight^n) after n finite values. `weight` from 0, which
// leaves all as it is, to below 1. What is not finite stays what it is and counts for nothing; values that are all the same stay as they
// are, to the last bit.
class Smoother {
 public:
  explicit Smoother(double weight = 0) : m_weight(weight) {}
  double next(double value);

 private:
  double m_weight, m_average = 0, m_bias = 1;
  double m_first = 0;
  bool m_constant = true;
};

std::vector<double> smoothed(std::span<const double> values, double weight);

}  // namespace train
