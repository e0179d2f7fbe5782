#include "scene/Plane.h"

namespace scene {
namespace {

constexpr int kMostTiles = 20;

bool merges(const nn::Network& network, int node) {
  const nn::Network::Node& n = network.node(node);
  if (!n.layer->isPointwise() || n.inputs.size() != 1) return false;
  const nn::Network::Node& before = network.node(n.inputs[0]);
  return before.consumers.size() == 1 && before.shape.size() == n.shape.size();
}

void mergeNodes(Layout& layout) {
  const auto nodes = layout.network->nodes();
  layout.blockOfNode.assign(nodes.size(), -1);
  for (int i = 0; i < int(nodes.size()); ++i) {
    const nn::Network::Node& node = nodes[std::size_t(i)];
    if (merges(*layout.network, i)) {
      const int b = layout.blockOfNode[std::size_t(node.inputs[0])];
      layout.blockOfNode[std::size_t(i)] = b;
      layout.blocks[std::size_t(b)].nodes.push_back(i);
      layout.blocks[std::size_t(b)].valueNode = i;
      continue;
    }
    Block block;
    block.node = block.valueNode = i;
    block.nodes = {i};
    block.shape = node.shape;
    block.name = node.name;
    block.dims = node.shape.text();
    block.isInput = node.inputs.empty();
    for (const int input : node.inputs) {
      const int source = layout.blockOfNode[std::size_t(input)];
      block.sources.push_back(source);
      block.level = std::max(block.level, layout.blocks[std::size_t(source)].level + 1);
    }
    layout.blockOfNode[std::size_t(i)] = int(layout.blocks.size());
    layout.blocks.push_back(std::move(block));
  }
  for (const int output : layout.network->outputs()) {
    Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(output)])];
    block.isOutput = true;
    if (layout.network->outputs().size() > 1) block.name = layout.network->node(output).name;  // by which the file tells them apart
    block.tiles = block.shape.isVector() && block.shape.channels <= kMostTiles;
  }
}

// Which values cannot be negative, whatever the parameters: decides between the two kinds of color map.
void findRanges(Layout& layout) {
  const auto nodes = layout.network->nodes();
  std::vector<bool> nonNegative(nodes.size()), unitRange(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const nn::Layer& layer = *nodes[i].layer;
    bool allNonNegative = true, allUnit = !nodes[i].inputs.empty();
    for (const int input : nodes[i].inputs) {
      allNonNegative = allNonNegative && nonNegative[std::size_t(input)];
      allUnit = allUnit && unitRange[std::size_t(input)];
    }
    const nn::Combine kind = layer.combineKind();
    const bool blends = kind == nn::Combine::Average || kind == nn::Combine::WeightedSum;  // bilinear upsampling among them
    // With parameters: batch normalization, which shifts.
    const bool cellByCell = blends || (kind == nn::Combine::Pointwise && layer.type() != "function");
    const bool passes = kind == nn::Combine::Copy || kind == nn::Combine::Maximum || kind == nn::Combine::Input ||
                        (cellByCell && layer.parameterBlocks().empty());
    const nn::Activation activation = layer.activation();
    const bool keepsSign = activation == nn::Activation::None || activation == nn::Activation::LeakyRelu ||
                           activation == nn::Activation::Elu || activation == nn::Activation::Softsign ||
                           nn::derivativeNeedsInput(activation);
    unitRange[i] = kind == nn::Combine::Softmax || activation == nn::Activation::Sigmoid || activation == nn::Activation::BinaryStep ||
                   activation == nn::Activation::HardSigmoid || (passes && allUnit && keepsSign);
    nonNegative[i] = unitRange[i] || activation == nn::Activation::Relu || activation == nn::Activation::Relu6 ||
                     activation == nn::Activation::Softplus ||
                     (keepsSign && allNonNegative && (passes || kind == nn::Combine::Sum || kind == nn::Combine::Product) &&
                      layer.parameterBlocks().empty());
  }
  for (Block& block : layout.blocks) {
    block.nonNegative = nonNegative[std::size_t(block.valueNode)];
    block.unitRange = unitRange[std::size_t(block.valueNode)];
  }
}

}  // namespace

void findBlocks(Layout& layout) {
  mergeNodes(layout);
  findRanges(layout);
}

}  // namespace scene
