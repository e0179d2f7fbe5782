// What a scene is shown as selected, and in which layout, one thing at a time. Tests only.
#pragma once

#include <set>

#include "scene/SceneState.h"

namespace scene_test {

template <typename Change>
void select(scene::SceneState& state, const Change& change) {
  scene::Selection selection = state.selection();
  change(selection);
  state.setSelection(selection);
}

inline void pin(scene::SceneState& state, const std::optional<scene::UnitId>& unit) {
  select(state, [&](scene::Selection& selection) { selection.pins.current = unit; });
}

inline void hover(scene::SceneState& state, const std::optional<scene::Pick>& pick) {
  select(state, [&](scene::Selection& selection) { selection.hovered = pick; });
}

inline void ask(scene::SceneState& state, const scene::ConnectionOptions& options) {
  select(state, [&](scene::Selection& selection) { selection.connectionOptions = options; });
}

inline void arrange(scene::SceneState& state, scene::Arrangement arrangement) {
  scene::SceneRequest request = state.request();
  request.arrangement = arrangement;
  state.setLayout(request);
}

inline void fold(scene::SceneState& state, const std::set<int>& nodes) {
  scene::SceneRequest request = state.request();
  request.folded = nodes;
  state.setLayout(request);
}

}  // namespace scene_test
