#include "train/BlockPass.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "nn/Error.h"
#include "train/Keys.h"

namespace train {

void requireFit(const nn::Network& network, const data::Dataset& dataset) {
  if (dataset.count() == 0) throw nn::Error("the data set has no images", dataset.name, "Choose another data set");
  if (network.inputs().size() != 1)
    throw nn::Error("a data set of single images cannot feed a network with " + std::to_string(network.inputs().size()) + " inputs",
                    network.spec().name, "Choose a network with one input");
  tasks::taskOf(network).requireFit(network, dataset);
}

void requireLayers(const nn::Network& network, const std::vector<std::string>& frozen) {
  for (const std::string& name : frozen)
    if (network.find(name) < 0)
      throw nn::Error("there is no layer \"" + name + "\" to freeze", network.spec().name,
                      "Write the names of its layers, with one comma between two");
}

BlockPass::BlockPass(std::shared_ptr<const nn::Network> network, const tasks::ObjectiveSettings& settings, bool gradients)
    : m_network(std::move(network)),
      m_pipeline(*m_network),
      m_objective(tasks::taskOf(*m_network).objective(*m_network, settings)),
      m_workspace(m_network, nn::kLanes, gradients),
      m_inputs(m_network->inputShape().size() * nn::kLanes),
      m_clean(m_objective->reads() == tasks::Reads::InputAndClean ? m_inputs.size() : 0),
      m_plain(m_network->inputShape().size()),
      m_scratch(data::augmentScratchFloats(m_pipeline.picture())),
      m_outputs(m_network->node(m_objective->lossNode()).shape.size()),
      m_gradient(m_outputs.size()) {}

bool BlockPass::loadBytes(const Block& block) {
  if (block.augmentation != nullptr || !m_clean.empty() || block.indices.size() != std::size_t(nn::kLanes)) return false;
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
    if (!m_clean.empty()) {
      std::copy(input.begin(), input.end(), m_clean.begin() + std::ptrdiff_t(lane * cells));
      m_objective->corrupt(input, mixed(block.corruptionKey + index));
    }
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
  const int node = m_objective->lossNode();
  const bool reads = m_objective->reads() != tasks::Reads::Label;
  for (std::size_t lane = 0; lane < block.indices.size(); ++lane) {
    m_workspace.read(node, int(lane), m_outputs);
    tasks::Sample sample{m_outputs, {}, {}, block.dataset->labels[block.indices[lane]]};
    if (reads) {
      m_workspace.read(m_network->inputs()[0], int(lane), m_plain);
      m_pipeline.inputToInk(m_plain);
      sample.input = m_plain;
      if (!m_clean.empty()) sample.clean = std::span<const float>(m_clean).subspan(lane * m_plain.size(), m_plain.size());
    }
    const tasks::SampleResult answer = m_objective->evaluate(sample, gradient, confusion);
    result.loss += answer.loss;
    result.answers += answer.answers;
    for (std::size_t i = 0; i < tasks::kMostFigures; ++i) result.figures[i] += answer.figures[i];
    result.ties += answer.ties;
    if (!answers.empty()) answers[lane] = std::uint16_t(answer.answered);
    if (gradients) m_workspace.setGradient(node, int(lane), m_gradient);
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
