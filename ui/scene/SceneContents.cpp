#include "ui/scene/SceneContents.h"

#include <utility>

#include "ui/model/Selection.h"
#include "ui/scene/SceneBuilder.h"

namespace ui {
namespace {

constexpr double kSlow = 1;  // steps a second; there is time for the edges of each to grow

}  // namespace

SceneContents::SceneContents(Selection& selection, QObject* parent)
    : QObject(parent), m_selection(selection), m_builder(new SceneBuilder(this)) {
  connect(&m_selection, &Selection::changed, this, &SceneContents::followSelection);
}

bool SceneContents::busy() const {
  return m_builder->busy();
}

void SceneContents::whenBuilt(std::function<void()> what) {
  m_builder->whenBuilt(std::move(what));
}

void SceneContents::setNetwork(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters,
                               const std::set<int>& folded, bool whole) {
  const scene::SceneRequest request{std::move(network),      m_asked.arrangement, folded, std::move(parameters),
                                    m_state.request().scope, m_asked.shape,       whole};
  m_builder->build(request, [this, asked = ++m_asked.networks](scene::NetworkScene&& scene) {
    if (asked != m_asked.networks) return;
    take(std::move(scene));
    emit networkShown();
    emit changed();
  });
  if (!m_builder->busy()) return;
  take(scene::NetworkScene({}));
  emit networkAwaited();
  emit changed();
}

void SceneContents::take(scene::NetworkScene&& scene) {
  const bool played = m_state.animation().has_value();
  m_state.setNetwork(std::move(scene));
  m_state.setSelection(m_selection.value());
  if (played) emit animationChanged();
}

// The network that is shown, in another layout.
void SceneContents::buildLayout(scene::SceneRequest request, const std::function<void()>& then) {
  m_builder->build(std::move(request), [this, then, asked = m_asked.networks](scene::NetworkScene&& scene) {
    if (asked != m_asked.networks) return;
    emit layoutAboutToChange();
    m_selection.forgetCells();
    m_state.setLayout(std::move(scene));
    emit layoutChanged();
    if (then) then();
    emit changed();
  });
}

void SceneContents::setValues(std::shared_ptr<const scene::Values> values) {
  m_builder->whenBuilt([this, values = std::move(values)] {
    m_state.setValues(values);
    emit changed();
  });
}

void SceneContents::setActivity(std::shared_ptr<const analysis::Activity> activity) {
  m_builder->whenBuilt([this, activity = std::move(activity)] {
    const std::uint64_t before = m_state.versions().marks;
    m_state.setActivity(activity);
    if (m_state.versions().marks != before) emit changed();
  });
}

void SceneContents::setField(std::shared_ptr<const scene::CellField> field) {
  m_builder->whenBuilt([this, field = std::move(field)] {
    if (field == m_state.shown().field()) return;
    m_state.setField(field);
    emit changed();
  });
}

void SceneContents::setScaleScope(scene::ScaleScope scope) {
  m_state.setScaleScope(scope);
  emit changed();
}

void SceneContents::setArrangement(scene::Arrangement arrangement) {
  if (std::exchange(m_asked.arrangement, arrangement) != arrangement) followRequest();
}

void SceneContents::setShape(scene::ViewShape shape) {
  if (std::exchange(m_asked.shape, shape) != shape) followRequest();
}

// The layout that the arrangement and the shape of the view ask for by now, once nothing else is being built.
void SceneContents::followRequest() {
  m_builder->whenBuilt([this] {
    scene::SceneRequest request = m_state.request();
    if (m_state.empty() || (request.arrangement == m_asked.arrangement && request.shape == m_asked.shape)) return;
    request.arrangement = m_asked.arrangement;
    request.shape = m_asked.shape;
    buildLayout(std::move(request), {});
  });
}

void SceneContents::setFolded(const std::set<int>& nodes) {
  if (m_state.empty() || m_builder->busy() || nodes == m_state.request().folded) return;
  scene::SceneRequest request = m_state.request();
  request.folded = nodes;
  buildLayout(std::move(request), [this] { emit foldsChanged(); });
}

void SceneContents::toggleFold(int block) {
  if (m_state.empty() || block < 0) return;
  std::set<int> nodes = m_state.request().folded;
  const int node = m_state.layout()->blocks[std::size_t(block)].node;
  if (!nodes.erase(node)) nodes.insert(node);
  setFolded(nodes);
}

void SceneContents::setAnimation(const std::optional<scene::AnimationStep>& animation) {
  const std::optional<scene::AnimationStep> before = m_state.animation();
  m_state.setAnimation(animation);
  const std::optional<scene::AnimationStep>& now = m_state.animation();
  if (now == before) return;
  const bool other = !now || !before || now->animation != before->animation;
  if (other || now->animation->stepsPerSecond() < kSlow) emit connectionsReplaced();
  emit animationChanged();
  emit changed();
}

void SceneContents::followSelection() {
  const bool before = m_state.highlight().has_value();
  const scene::ConnectionOptions asked = m_state.selection().connectionOptions, now = m_selection.connectionOptions();
  m_state.setSelection(m_selection.value());
  if (asked.trace != now.trace || asked.direction != now.direction || (!before && m_state.highlight())) emit connectionsReplaced();
  emit changed();
}

}  // namespace ui
