#include "ui/model/RefreshGovernor.h"

#include <algorithm>
#include <cmath>

namespace ui {

void RefreshGovernor::addSample(double costMs, int cores) {
  if (!std::isfinite(costMs) || costMs < 0) return;
  // Slow to relax, quick to yield: one dear picture must not be followed by ten more of its kind.
  const double weight = !m_hasSample ? 1.0 : costMs > m_costMs ? 0.4 : 0.1;
  m_costMs += weight * (costMs - m_costMs);
  m_hasSample = true;
  const double wanted = m_costMs / (kShare * std::max(1, cores));
  m_intervalMs = int(std::clamp(std::ceil(wanted), double(kShortestMs), double(kLongestMs)));
}

}  // namespace ui
