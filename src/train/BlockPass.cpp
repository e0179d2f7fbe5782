#include "train/BlockPass.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "nn/Counted.h"
#include "nn/Error.h"
#include "train/Keys.h"

namespace train {

namespace {

// Among which one is chosen. A picture says of each pixel which class it belongs to, or none.
std::size_t classesOf(const nn::Shape& output) {
  return std::size_t(output.channels) - (output.isVector() ? 0 : 1);
}

std::string classesText(const nn::Shape& output) {
  return output.isVector() ? nn::counted(classesOf(output), "output", "outputs")
                           : nn::counted(classesOf(output), "channel", "channels") + " beside the ground";
}

}  // namespace

void requireFit(const nn::Network& network, const data::Dataset& dataset) {
  if (dataset.count() == 0) throw nn::Error("the data set has no images", dataset.name, "Choose another data set");
  requireFit(network, dataset.name, dataset.classNames.size());
  const nn::Shape output = network.outputShape();
  const int largest = *std::max_element(dataset.labels.begin(), dataset.labels.end());
  if (std::size_t(largest) >= classesOf(output))
    throw nn::Error("there is a label " + std::to_string(largest) + ", but the network has " + classesText(output) + ", counted from 0",
                    dataset.name, "Choose a network with more");
}

void requireFit(const nn::Network& network, const std::string& dataName, std::size_t dataClasses) {
  if (network.inputs().size() != 1)
    throw nn::Error("a data set of single images cannot feed a network with " + std::to_string(network.inputs().size()) + " inputs",
                    network.spec().name, "Choose a network with one input");
  const nn::Shape output = network.outputShape(), input = network.inputShape();
  if (!output.isVector() && (output.height != input.height || output.width != input.width))
    throw nn::Error("the network ends in a picture of " + output.text() + ", its input is " + input.text(), network.spec().name,
                    "End in a vector of classes, or in a picture of the input's size");
  if (dataClasses > classesOf(output))
    throw nn::Error("the data set has " + nn::counted(dataClasses, "class", "classes") + ", the network only " + classesText(output),
                    dataName, "Choose a network with at least as many as there are classes");
}

void requireLayers(const nn::Network& network, const std::vector<std::string>& frozen) {
  for (const std::string& name : frozen)
    if (network.find(name) < 0)
      throw nn::Error("there is no layer \"" + name + "\" to freeze", network.spec().name,
                      "Write the names of its layers, with one comma between two");
}

BlockPass::BlockPass(std::shared_ptr<const nn::Network> network, const nn::LossSettings& loss, bool gradients)
    : m_network(std::move(network)),
      m_pipeline(*m_network),
      m_lossNode(nn::takesLogits(loss.kind) ? m_network->logitsNode() : m_network->outputs()[0]),
      m_objective(loss, m_network->inputShape(), m_network->node(m_lossNode).shape),
      m_workspace(m_network, nn::kLanes, gradients),
      m_inputs(m_network->inputShape().size() * nn::kLanes),
      m_plain(m_network->inputShape().size()),
      m_scratch(data::augmentScratchFloats(m_pipeline.picture())),
      m_outputs(m_network->node(m_lossNode).shape.size()),
      m_gradient(m_outputs.size()) {}

bool BlockPass::loadBytes(const Block& block) {
  if (block.augmentation != nullptr || block.indices.size() != std::size_t(nn::kLanes)) return false;
  if (!m_pipeline.onlyPads(block.dataset->shape)) return false;
  std::array<const std::uint8_t*, nn::kLanes> images{};
  for (std::size_t lane = 0; lane < images.size(); ++lane) images[lane] = block.dataset->image(block.indices[lane]).data();
  return m_workspace.setInputs(images, block.dataset->shape, 1.0f / 255.0f);
}

void BlockPass::load(const Block& block) {
  if (loadBytes(block)) return;
  const nn::Shape shape = m_pipeline.picture();
  const std::size_t cells = shape.size();
  std::array<const float*, nn::kLanes> samples{};
  for (std::size_t lane = 0; lane < block.indices.size(); ++lane) {
    const std::uint32_t index = block.indices[lane];
    const std::span<float> input = std::span(m_inputs).subspan(lane * cells, cells);
    samples[lane] = input.data();
    const std::span<float> fitted = block.augmentation == nullptr ? input : std::span<float>(m_plain);
    m_pipeline.fit(block.dataset->image(index), block.dataset->shape, fitted);
    if (block.augmentation != nullptr)
      data::augment(fitted, shape, *block.augmentation, mixed(block.augmentationKey + index), input, m_scratch);
    m_pipeline.inkToInput(input);
  }
  m_workspace.setInputs(std::span(samples).first(block.indices.size()));
}

void BlockPass::forward(const nn::Weights& weights, const Block& block) {
  assert(block.pass.samples == int(block.indices.size()));
  load(block);
  m_workspace.forward(weights, block.pass);
}

BlockResult BlockPass::evaluate(const Block& block, bool gradients, std::span<std::uint32_t> confusion, std::span<std::uint16_t> answers) {
  BlockResult result;
  const std::span<float> gradient = gradients ? std::span<float>(m_gradient) : std::span<float>();
  for (std::size_t lane = 0; lane < block.indices.size(); ++lane) {
    m_workspace.read(m_lossNode, int(lane), m_outputs);
    if (m_objective.perPixel()) {
      m_workspace.read(m_network->inputs()[0], int(lane), m_plain);
      m_pipeline.inputToInk(m_plain);
    }
    const SampleResult answer = m_objective.evaluate(m_outputs, m_plain, block.dataset->labels[block.indices[lane]], gradient, confusion);
    result.loss += answer.loss;
    result.answers += answer.answers;
    result.correct += answer.correct;
    result.ties += answer.ties;
    if (!answers.empty()) answers[lane] = std::uint16_t(answer.answered);
    if (gradients) m_workspace.setGradient(m_lossNode, int(lane), m_gradient);
  }
  return result;
}

BlockResult BlockPass::infer(const nn::Weights& weights, const Block& block, std::span<std::uint32_t> confusion,
                             std::span<std::uint16_t> answers) {
  forward(weights, block);
  return evaluate(block, false, confusion, answers);
}

BlockResult BlockPass::learn(const nn::Weights& weights, const Block& block, std::span<float> gradients) {
  forward(weights, block);
  const BlockResult result = askLoss(block);
  m_workspace.backward(weights, block.pass, gradients);
  return result;
}

void BlockPass::forwardStage(int stage, const nn::Weights& weights, const Block& block) {
  if (stage == 0) load(block);
  m_workspace.forwardStage(stage, weights, block.pass);
}

BlockResult BlockPass::askLoss(const Block& block) {
  m_workspace.clearGradients();
  return evaluate(block, true, {}, {});
}

int BlockPass::firstBrokenNode(const nn::Weights& weights, const Block& block, float largest) {
  forward(weights, block);
  const auto nodes = m_network->nodes();
  std::vector<float> values;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    values.resize(nodes[node].shape.size());
    for (std::size_t lane = 0; lane < block.indices.size(); ++lane) {
      m_workspace.read(int(node), int(lane), values);
      if (!std::all_of(values.begin(), values.end(), [&](float value) { return std::abs(value) <= largest; })) return int(node);
    }
  }
  return -1;
}

}  // namespace train
