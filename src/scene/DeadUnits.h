// Units that do no work, so that they are marked and not taken for ordinary dark ones. Dead: zero for all sample pictures
// (analysis/Activity.h); a map only as a whole. Saturated: so near a limit of sigmoid or tanh that hardly any gradient passes.
// Owned by SceneState; no Qt, no GL.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "analysis/Activity.h"
#include "scene/Layout.h"

namespace scene {

// Beyond these the activation is within 1 % of its range from a limit: its slope is below 4 % of the largest.
struct Limits {
  float low = 0, high = 0;
  bool reached(float value) const { return value <= low || value >= high; }
};
// Of the values that a block shows; nullopt where they are not those of a sigmoid or tanh.
std::optional<Limits> saturationLimits(const Layout& layout, const Block& block);

class DeadUnits {
 public:
  // What sample pictures have shown; null: nothing is known.
  void set(const Layout& layout, std::shared_ptr<const analysis::Activity> activity);
  const std::shared_ptr<const analysis::Activity>& activity() const { return m_activity; }
  // One more input: what answers to it is not dead, whatever the samples said, and some units are saturated by it. null: there is none.
  void observe(const Layout& layout, const Values* values);

  // A map, or a unit of a vector, that was zero for all samples and for every input since. Never of an input or output.
  // flat: the unit's index in its block.
  bool dead(const Layout& layout, int block, std::size_t flat) const;
  std::size_t deadCount(const Layout& layout, int block) const;                            // maps, or units of a vector
  std::size_t saturatedCount(int block) const { return m_saturated[std::size_t(block)]; }  // units, by the input seen last
  const std::vector<std::uint8_t>& marks() const { return m_dead; }                        // changes with the layout, too

 private:
  std::shared_ptr<const analysis::Activity> m_activity;
  std::vector<std::size_t> m_first;      // per block, into m_dead
  std::vector<std::uint8_t> m_dead;      // per map or unit of a vector
  std::vector<std::size_t> m_saturated;  // units per block
};

}  // namespace scene
