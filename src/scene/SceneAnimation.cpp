// The animation's part of what the scene shows.
#include "scene/SceneState.h"
#include "scene/text/Captions.h"

namespace scene {

void SceneState::setAnimation(const std::optional<Animation>& animation) {
  if (animation == m_animation) return;
  m_animation = m_layout ? animation : std::nullopt;
  m_windowRun.reset();
  if (m_animation && m_animation->player == AnimationKind::SlidingWindow) {
    m_windowRun = scene::slidingWindow(*m_network, m_animation->unit);
    if (!m_windowRun) m_animation.reset();
  }
  updateHighlight();
}

std::size_t SceneState::playSteps() const {
  if (!m_animation) return 0;
  return m_windowRun ? stepCount(*m_windowRun, m_animation->eachProduct) : forwardPassSteps(*m_layout);
}

std::optional<WindowStep> SceneState::windowStep() const {
  return m_windowRun ? std::optional(scene::windowStep(*m_windowRun, *m_animation)) : std::nullopt;
}

Box SceneState::playBounds() const {
  Box box;
  if (!m_windowRun) return box;
  const auto add = [&](int index) {
    const Sheet& sheet = m_layout->sheets[std::size_t(index)];
    for (const float x : {0.0f, sheet.width()})
      for (const float y : {0.0f, sheet.height()}) box.add(sheet.origin + sheet.right * x + sheet.down * y);
  };
  const nn::Network::Node& node = m_network->node(m_windowRun->node);
  for (const SlidingWindow::Input& input : m_windowRun->inputs)
    add(m_layout->locate({node.inputs[std::size_t(input.input)], {input.channel, 0, 0}})->sheet);
  add(m_layout->locate({m_windowRun->node, {m_windowRun->channel, 0, 0}})->sheet);
  const Block& block = m_layout->blocks[std::size_t(m_layout->blockOfNode[std::size_t(m_windowRun->node)])];
  if (block.kernelSheetCount > 0) add(block.firstKernelSheet + m_windowRun->channel);
  return box;
}

void SceneState::play() {
  if (!m_windowRun) {
    m_highlight = highlightForwardPass(*m_layout, m_animation->step);
    m_caption = forwardPassCaption(*m_layout, parameters(), resting() ? nullptr : m_values.get(), m_animation->step);
    return;
  }
  const WindowStep step = *windowStep();
  m_highlight = highlightWindow(*m_layout, parameters(), *m_values, *m_windowRun, step, m_selection.connectionOptions);
  m_caption = windowCaption(*m_network, *m_windowRun, step, explain(*m_network, parameters(), *m_values, step.unit));
}

}  // namespace scene
