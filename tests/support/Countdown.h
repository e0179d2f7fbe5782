// An animation for tests: from the last block back to the first, a step each, with a caption of its own. Tests only.
#pragma once

#include "scene/animation/Animation.h"

namespace test {

extern const scene::AnimationType kCountdown;

class Countdown final : public scene::Animation {
 public:
  explicit Countdown(std::size_t steps) : m_steps(steps) {}
  const scene::AnimationType& type() const override { return kCountdown; }
  std::size_t steps() const override { return m_steps; }
  double stepsPerSecond() const override { return 5; }
  scene::AnimationPlace place(const scene::Layout& layout, std::size_t step) const override {
    return {step + 1, m_steps, std::nullopt, -1, layout.blocks[m_steps - 1 - step].bounds};
  }
  scene::AnimationFrame frame(const scene::AnimationScene& scene, std::size_t step) const override {
    scene::AnimationFrame frame;
    frame.highlight.kind = scene::Highlight::Kind::Animation;
    frame.highlight.focus.resize(scene.layout.sheets.size());
    frame.highlight.reachedBlock = int(m_steps - 1 - step);
    const scene::Block& block = scene.layout.blocks[std::size_t(frame.highlight.reachedBlock)];
    frame.highlight.unit = {block.node, {0, 0, 0}};
    frame.highlight.cell = {block.firstSheet, 0, 0, 0};
    frame.highlight.focus[std::size_t(block.firstSheet)].lit = true;
    frame.caption = std::to_string(m_steps - step) + " to go: " + block.name;
    return frame;
  }

 private:
  std::size_t m_steps;
};

inline const scene::AnimationType kCountdown = {
    .open = {"countdown", "Count &down", "Layer after layer, backwards", "Ctrl+Shift+9"},
    .name = "Countdown",
    .create = [](const scene::Layout& layout, const scene::AnimationStart&) -> std::unique_ptr<const scene::Animation> {
      return std::make_unique<Countdown>(layout.blocks.size());
    },
    .closeUp = true,
};

}  // namespace test
