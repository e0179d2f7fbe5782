// The network that a scene shows, its layout, and what comes of it: all of it waits for a scene that is being built.
#include <utility>

#include "ui/scene/SceneBuilder.h"
#include "ui/scene/SceneController.h"

namespace ui {

void SceneController::setNetwork(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters,
                                 const std::set<int>& folded) {
  const scene::SceneRequest request{std::move(network),    m_arrangement,           folded,
                                    std::move(parameters), m_state.request().scope, m_room.shape};
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

// The network that is shown, in another layout. The eye keeps what it looks at.
void SceneController::buildLayout(scene::SceneRequest request, const std::function<void()>& then) {
  m_builder->build(std::move(request), [this, then, asked = m_asked](scene::NetworkScene&& scene) {
    if (asked != m_asked) return;
    const std::optional<scene::View> chosen = m_cameraTouched ? std::optional(view()) : std::nullopt;
    m_selection.forgetCells();
    m_state.setLayout(std::move(scene));
    m_gesture = {};
    m_pointedName = -1;
    m_names.clear();
    then();
    if (chosen && m_cameraTouched) m_camera.move(scene::poseOf(*chosen, m_camera, *m_state.layout()), false);
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
  followRequest();
}

// The layout that the arrangement and the shape of the view ask for by now, once nothing else is being built.
void SceneController::followRequest() {
  m_builder->whenBuilt([this] {
    scene::SceneRequest request = m_state.request();
    if (m_state.empty() || (request.arrangement == m_arrangement && request.shape == m_room.shape)) return;
    const bool turned = std::exchange(request.arrangement, m_arrangement) != m_arrangement;
    request.shape = m_room.shape;
    buildLayout(std::move(request), [this, turned] {
      if (turned) m_cameraTouched = false;
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
