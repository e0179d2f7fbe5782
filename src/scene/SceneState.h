// What the scene shows at the moment: cells, scales, what is hovered and pinned. One object feeds every renderer; it says with
// version counters what has changed, so that nothing else is uploaded. Owned by a view or by one render call; one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scene/DeadUnits.h"
#include "scene/Highlight.h"
#include "scene/NetworkScene.h"
#include "scene/Picking.h"
#include "scene/Selection.h"
#include "scene/animation/Animation.h"

namespace scene {

struct Versions {
  std::uint64_t layout = 0, units = 0, kernels = 0, highlight = 0, marks = 0;
  bool operator==(const Versions&) const = default;
};

class SceneState {
 public:
  // Forgets the values, what is pinned, and all else that was known of the network before.
  void setNetwork(NetworkScene scene);
  // The same network, values and pins in another layout, or with other layers folded away. What is hovered is forgotten.
  void setLayout(NetworkScene scene);
  const SceneRequest& request() const { return m_request; }  // what the scene was built from, with the parameters of now
  void setParameters(std::shared_ptr<const std::vector<float>> parameters);
  // With the parameters that they were computed with, where they know them: what is shown of both fits together.
  void setValues(std::shared_ptr<const Values> values);
  // What sample pictures have shown of this network, for the marks of dead units; null or of another network: nothing is known.
  void setActivity(std::shared_ptr<const analysis::Activity> activity);
  void setScaleScope(ScaleScope scope) { m_shown.setScope(m_request.scope = scope); }
  // What the cells show in place of activations and weights, except of units while a trace is shown, and at rest; null or of another
  // network: nothing. Until the next network.
  void setField(std::shared_ptr<const CellField> field) { m_shown.setField(std::move(field)); }
  // Units that are not there are left out. What is hovered and held goes with the layout.
  void setSelection(const Selection& selection);
  // Of this network; shown instead of what is hovered or pinned. A step beyond the last is the last. Ends with the network.
  void setAnimation(std::optional<AnimationStep> animation);

  bool empty() const { return !m_layout; }
  const std::shared_ptr<const nn::Network>& network() const { return m_request.network; }
  const std::shared_ptr<const Layout>& layout() const { return m_layout; }
  const std::shared_ptr<const Values>& values() const { return m_values; }
  std::span<const float> parameters() const;
  const ShownCells& shown() const { return m_shown; }  // the numbers in the cells, and their scales
  const DeadUnits& deadUnits() const { return m_deadUnits; }
  // Nothing has been drawn: the input is one even surface.
  bool resting() const { return m_shown.resting(); }
  const Selection& selection() const { return m_selection; }
  const std::optional<AnimationStep>& animation() const { return m_animation; }
  // The step of the animation in words; empty without one, or without values.
  const std::string& caption() const { return m_caption; }
  // That of the animation; else, where a trace is asked for, that of the pinned unit, or of the winner while nothing is pinned; else edges
  // and focus of the hovered unit or weight, else of the weight that is held, else of the pinned unit.
  const std::optional<Highlight>& highlight() const { return m_highlight; }
  // The cells show what every unit adds to the traced one, on scales of their own, instead of its value.
  bool tracing() const { return m_highlight && m_highlight->trace; }
  Versions versions() const {
    return {m_versions.layout, m_shown.unitsVersion(), m_shown.kernelsVersion(), m_versions.highlight, m_versions.marks};
  }

 private:
  void replaceBy(NetworkScene&& scene, bool sameNetwork);
  bool takeParameters(std::shared_ptr<const std::vector<float>> parameters);  // whether they are others
  void updateUnits();
  void updateHighlight();
  std::optional<CellRef> highlightedWeight() const;
  std::optional<UnitId> unitInHand() const;
  std::optional<UnitId> traced() const;

  SceneRequest m_request;
  std::shared_ptr<const Layout> m_layout;
  std::shared_ptr<const Values> m_values;
  ShownCells m_shown;
  DeadUnits m_deadUnits;
  Selection m_selection;
  std::optional<AnimationStep> m_animation;
  std::string m_caption;
  std::optional<Highlight> m_highlight;
  Versions m_versions;
};

}  // namespace scene
