// Units that do no work, so that they are marked and not taken for ordinary dark ones. Dead: zero for all recent inputs. A map
// is dead as a whole, since its cells share their weights and most pictures leave a border empty. Saturated: so near a limit of
// sigmoid or tanh that hardly any gradient passes. Owned by SceneState; no Qt, no GL.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "scene/Layout.h"

namespace scene {

// Beyond these the activation is within 1 % of its range from a limit: its slope is below 4 % of the largest.
struct Limits {
  float low = 0, high = 0;
  bool reached(float value) const { return value <= low || value >= high; }
};
// Of the values that a block shows; nullopt where they are not those of a sigmoid or tanh.
std::optional<Limits> saturationLimits(const Layout& layout, const Block& block);

class Silence {
 public:
  static constexpr int kRecentInputs = 16;

  void restart(const Layout& layout);  // other weights, or another network: nothing is known
  // The displayed units of one more input. One that differs from the last by less than a few pixels, as while a pen moves, counts
  // as the same one.
  void observe(const Layout& layout, std::span<const float> cells);

  int inputs() const { return m_inputs; }  // that were counted since restart()
  // A map: zero everywhere for the last 16 inputs, or for all so far where there were fewer. A unit of a vector: for the last 16.
  // Never of an input or output. flat: the unit's index in its block.
  bool dead(const Layout& layout, int block, std::size_t flat) const;
  std::size_t deadCount(const Layout& layout, int block) const;  // maps, or units of a vector

 private:
  bool deadFeature(const Block& block, std::size_t feature) const;

  std::vector<std::size_t> m_first;  // per block, into m_zeroFor
  std::vector<int> m_zeroFor;        // inputs in a row, per map or unit of a vector
  std::vector<float> m_last;         // the input that was counted last
  int m_inputs = 0;
};

}  // namespace scene
