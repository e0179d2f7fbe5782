#include <QKeyEvent>

#include "scene/Edges.h"
#include "scene/Winner.h"
#include "ui/scene/SceneController.h"

namespace ui {

void SceneController::pinByKey(const std::optional<scene::UnitId>& unit) {
  if (unit == m_selection.pinned()) return;
  m_selection.forgetCells();
  m_selection.pin(unit);
  if (unit) m_cameraController->reveal(state().layout()->center(*state().layout()->locate(*unit)));
}

void SceneController::walk(scene::Step step) {
  if (!m_selection.pinned()) return pinByKey(firstUnit());
  if (const auto next = scene::neighbor(*state().layout(), *m_selection.pinned(), step)) pinByKey(next);
}

// Where a walk begins: at the answer.
scene::UnitId SceneController::firstUnit() const {
  const scene::Layout& layout = *state().layout();
  const int output = state().network()->outputs().front();
  return {layout.blocks[std::size_t(layout.blockOfNode[std::size_t(output)])].node, {std::max(0, scene::winner(state())), 0, 0}};
}

// To the unit that adds most to the pinned one, or that the pinned one adds most to.
void SceneController::walkAlong(scene::Direction direction) {
  if (!m_selection.pinned() || !state().values()) return;
  const auto edgesOf = direction == scene::Direction::Incoming ? scene::edgesInto : scene::edgesOutOf;
  const scene::UnitEdges edges = edgesOf(*state().layout(), state().parameters(), *state().values(), *m_selection.pinned());
  const std::vector<int> first = scene::strongest(edges.edges, 1, scene::Measure::Contribution);
  if (!first.empty()) pinByKey(edges.edges[std::size_t(first.front())].other);
}

bool SceneController::key(const QKeyEvent& event) {
  if (state().empty() || (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))) return false;
  const bool shift = event.modifiers() & Qt::ShiftModifier;
  const std::pair<int, scene::Step> steps[] = {{Qt::Key_Left, shift ? scene::Step::PreviousMap : scene::Step::Left},
                                               {Qt::Key_Right, shift ? scene::Step::NextMap : scene::Step::Right},
                                               {Qt::Key_Up, scene::Step::Up},
                                               {Qt::Key_Down, scene::Step::Down},
                                               {Qt::Key_PageUp, scene::Step::TowardsOutput},
                                               {Qt::Key_PageDown, scene::Step::TowardsInput}};
  const int key = event.key();
  if (key == Qt::Key_Escape) return letGo();
  const auto* step = std::find_if(std::begin(steps), std::end(steps), [key](const auto& each) { return each.first == key; });
  if (step != std::end(steps))
    walk(step->second);
  else if (key == Qt::Key_I || key == Qt::Key_O)
    walkAlong(key == Qt::Key_I ? scene::Direction::Incoming : scene::Direction::Outgoing);
  else if (key == Qt::Key_R)
    m_cameraController->reset();
  else
    return false;
  return true;
}

}  // namespace ui
