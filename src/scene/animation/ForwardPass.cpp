// The data that flow through the network: a step per block of the layout, in its order.
#include <algorithm>

#include "scene/HighlightParts.h"
#include "scene/animation/Animation.h"
#include "scene/text/Captions.h"

namespace scene {

extern const AnimationType kForwardPass;

namespace {

class ForwardPass final : public Animation {
 public:
  explicit ForwardPass(const Layout& layout) : m_steps(layout.blocks.size()) {}
  const AnimationType& type() const override { return kForwardPass; }
  std::size_t steps() const override { return m_steps; }
  double stepsPerSecond() const override { return 0.4; }
  AnimationPlace place(const Layout& layout, std::size_t step) const override {
    return {step + 1, m_steps, std::nullopt, -1, layout.blocks[step].bounds};
  }
  AnimationFrame frame(const AnimationScene& scene, std::size_t step) const override;

 private:
  std::size_t m_steps;
};

// Layers that are not yet reached are blank.
AnimationFrame ForwardPass::frame(const AnimationScene& scene, std::size_t step) const {
  const Layout& layout = scene.layout;
  Highlight highlight;
  highlight.kind = Highlight::Kind::Animation;
  highlight.reachedBlock = int(step);
  const Block& now = layout.blocks[step];
  highlight.unit = {now.node, {0, 0, 0}};
  highlight.cell = {now.firstSheet, 0, 0, 0};
  highlight.focus.resize(layout.sheets.size());
  SheetFocus blank;
  blank.written = 0;
  for (std::size_t b = 0; b < layout.blocks.size(); ++b) {
    const Block& block = layout.blocks[b];
    std::fill_n(highlight.focus.begin() + block.firstSheet, block.sheetCount, b <= step ? wholeSheet() : blank);
    if (b == step) std::fill_n(highlight.focus.begin() + block.firstKernelSheet, block.kernelSheetCount, wholeSheet());
  }
  return {std::move(highlight), forwardPassCaption(layout, scene.parameters, scene.resting ? nullptr : &scene.values, step)};
}

}  // namespace

constinit const AnimationType kForwardPass = {
    .open = {"forward-pass", "The &data flows through", "Layer after layer lights up, each with a sentence on what happens in it", "G"},
    .name = "Data flow",
    .create = [](const Layout& layout, const AnimationStart&) -> std::unique_ptr<const Animation> {
      return std::make_unique<ForwardPass>(layout);
    },
};

}  // namespace scene
