// The network that a scene shows, its layout, and what comes of it: all of it waits for a scene that is being built.
#include "ui/scene/SceneBuilder.h"
#include "ui/scene/SceneController.h"

namespace ui {

void SceneController::setNetwork(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters,
                                 const std::set<int>& folded) {
  const scene::SceneRequest request{std::move(network), m_arrangement, folded, std::move(parameters), m_state.request().scope};
  m_builder->build(request, [this, asked = ++m_asked](scene::NetworkScene&& scene) {
    if (asked != m_asked) return;
    take(std::move(scene));
    emit networkShown();
    emit changed();
  });
  if (!m_builder->busy()) return;
  take(scene::NetworkScene({}));
  emit networkAwaited();
  emit changed();
}

void SceneController::take(scene::NetworkScene&& scene) {
  const bool played = m_state.animation().has_value();
  m_state.setNetwork(std::move(scene));
  m_state.setSelection(m_selection.value());
  m_motion = {};
  m_gesture = {};
  m_cameraTouched = false;
  m_placed = false;
  m_pointedName = -1;
  m_names.clear();
  placeCamera(false);
  if (played) emit animationChanged();
}

// The network that is shown, in another layout.
void SceneController::buildLayout(scene::SceneRequest request, const std::function<void()>& then) {
  m_builder->build(std::move(request), [this, then, asked = m_asked](scene::NetworkScene&& scene) {
    if (asked != m_asked) return;
    m_selection.forgetCells();
    m_state.setLayout(std::move(scene));
    m_gesture = {};
    m_pointedName = -1;
    m_names.clear();
    then();
    emit changed();
  });
}

void SceneController::setWhole(bool whole) {
  m_builder->whenBuilt([this, whole] {
    m_state.setWhole(whole);
    emit changed();
  });
}

void SceneController::setParameters(std::shared_ptr<const std::vector<float>> parameters) {
  m_builder->whenBuilt([this, parameters = std::move(parameters)] {
    m_state.setParameters(parameters);
    emit changed();
  });
}

void SceneController::setValues(std::shared_ptr<const scene::Values> values) {
  m_builder->whenBuilt([this, values = std::move(values)] {
    m_state.setValues(values);
    emit changed();
  });
}

void SceneController::setActivity(std::shared_ptr<const analysis::Activity> activity) {
  m_builder->whenBuilt([this, activity = std::move(activity)] {
    const std::uint64_t before = m_state.versions().marks;
    m_state.setActivity(activity);
    if (m_state.versions().marks != before) emit changed();
  });
}

void SceneController::setField(std::shared_ptr<const scene::CellField> field) {
  m_builder->whenBuilt([this, field = std::move(field)] {
    if (field == m_state.shown().field()) return;
    m_state.setField(field);
    emit changed();
  });
}

void SceneController::setArrangement(scene::Arrangement arrangement) {
  if (m_arrangement == arrangement) return;
  m_arrangement = arrangement;
  m_builder->whenBuilt([this, arrangement] {
    if (m_state.empty() || m_state.request().arrangement == arrangement) return;
    scene::SceneRequest request = m_state.request();
    request.arrangement = arrangement;
    buildLayout(std::move(request), [this] {
      m_cameraTouched = false;
      placeCamera(false);
    });
  });
}

void SceneController::setFolded(const std::set<int>& nodes) {
  if (m_state.empty() || m_builder->busy() || nodes == m_state.request().folded) return;
  scene::SceneRequest request = m_state.request();
  request.folded = nodes;
  buildLayout(std::move(request), [this] {
    placeCamera(true);
    emit foldsChanged();
  });
}

}  // namespace ui
