#include "train/history/Smoothing.h"

#include <cmath>

namespace train {

double Smoother::next(double value) {
  if (!std::isfinite(value)) return value;
  if (m_bias == 1) m_first = value;
  m_constant = m_constant && value == m_first;
  m_average = m_weight * m_average + (1 - m_weight) * value;
  m_bias *= m_weight;
  return m_constant ? value : m_average / (1 - m_bias);
}

std::vector<double> smoothed(std::span<const double> values, double weight) {
  Smoother smoother(weight);
  std::vector<double> shown;
  shown.reserve(values.size());
  for (const double value : values) shown.push_back(smoother.next(value));
  return shown;
}

}  // namespace train
