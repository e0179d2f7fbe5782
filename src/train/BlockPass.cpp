#include "train/BlockPass.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "nn/Counted.h"
#include "nn/Error.h"
#include "train/Keys.h"

namespace train {

void requireFit(const nn::Network& network, const data::Dataset& dataset) {
  if (dataset.count() == 0) throw nn::Error("the data set has no images", dataset.name, "Choose another data set");
  const std::size_t pictures = tasks::pictureInputs(network);
  if (pictures != 1)
    throw nn::Error("a data set of single images cannot feed a network with " + nn::counted(pictures, "input", "inputs") + " for pictures",
                    network.spec().name, "Choose a network with one");
  tasks::taskOf(network).requireFit(network, dataset);
}

bool blocksMeet(const nn::Network& network) {
  return std::any_of(network.nodes().begin(), network.nodes().end(), [](const auto& node) { return node.layer->batchChannels() > 0; });
}

void requireLayers(const nn::Network& network, const std::vector<std::string>& frozen) {
  for (const std::string& name : frozen)
    if (network.find(name) < 0)
      throw nn::Error("there is no layer \"" + name + "\" to freeze", network.spec().name,
                      "Its layers are " + nn::joined(network.nodes(), &nn::Network::Node::name) + "; write one comma between two");
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
      m_outputs(0),
      m_gradient(0) {
  std::size_t most = 0;
  for (const tasks::Phase& phase : m_objective->phases())
    for (const tasks::LossPass& pass : phase.passes) {
      m_passes.push_back(pass);
      if (!m_objective->isWhole()) m_parts.emplace_back(*m_network, pass.nodes, phase.group, pass.feed);
      most = std::max(most, pass.valueCount(*m_network));
    }
  m_outputs.resize(most);
  m_gradient.resize(most);
}

void BlockResult::add(const BlockResult& other) {
  loss += other.loss;
  answers += other.answers;
  for (std::size_t i = 0; i < tasks::kMostFigures; ++i) figures[i] += other.figures[i];
  ties += other.ties;
}

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

nn::Pass BlockPass::passOf(const Block& block, int pass) const {
  nn::Pass result = block.pass;
  result.part = m_parts.empty() ? nullptr : &m_parts[std::size_t(pass)];
  return result;
}

void BlockPass::forward(const nn::Weights& weights, const Block& block, int pass) {
  assert(block.pass.samples == int(block.indices.size()));
  if (takesPicture(pass)) load(block);
  m_workspace.forward(weights, passOf(block, pass));
}

// Not where the network makes it.
bool BlockPass::takesPicture(int pass) const {
  return m_passes[std::size_t(pass)].feed.to != m_network->inputs().front();
}

BlockResult BlockPass::evaluate(const Block& block, int pass, bool gradients, std::span<std::uint32_t> confusion,
                                std::span<std::uint16_t> answers) {
  BlockResult result;
  const std::span<const int> nodes = m_passes[std::size_t(pass)].nodes;
  // Calls function(node, the part of `values` that is the node's).
  const auto forEachNode = [&](std::span<float> values, auto function) {
    for (const int node : nodes) {
      const std::size_t count = m_network->node(node).shape.size();
      function(node, values.first(count));
      values = values.subspan(count);
    }
  };
  const std::size_t count = m_passes[std::size_t(pass)].valueCount(*m_network);
  const std::span<float> outputs = std::span(m_outputs).first(count);
  const std::span<float> gradient = gradients ? std::span(m_gradient).first(count) : std::span<float>();
  const bool reads = m_objective->reads() != tasks::Reads::Label;
  for (std::size_t lane = 0; lane < block.indices.size(); ++lane) {
    forEachNode(outputs, [&](int node, std::span<float> values) { m_workspace.read(node, int(lane), values); });
    tasks::Sample sample{outputs, {}, {}, block.dataset->labels[block.indices[lane]], pass};
    if (reads) {
      m_workspace.read(m_network->inputs()[0], int(lane), m_plain);
      m_pipeline.inputToInk(m_plain);
      sample.input = m_plain;
      if (!m_clean.empty()) sample.clean = std::span<const float>(m_clean).subspan(lane * m_plain.size(), m_plain.size());
    }
    const tasks::SampleResult answer = m_objective->evaluate(sample, gradient, confusion);
    result.add({answer.loss, answer.answers, answer.figures, answer.ties});
    if (!answers.empty()) answers[lane] = std::uint16_t(answer.answered);
    if (gradients) forEachNode(gradient, [&](int node, std::span<float> values) { m_workspace.setGradient(node, int(lane), values); });
  }
  return result;
}

BlockResult BlockPass::infer(const nn::Weights& weights, const Block& block, std::span<std::uint32_t> confusion,
                             std::span<std::uint16_t> answers) {
  BlockResult result;
  for (int pass = 0; pass < int(m_passes.size()); ++pass) {
    forward(weights, block, pass);
    result.add(evaluate(block, pass, false, confusion, answers));
  }
  return result;
}

BlockResult BlockPass::learn(const nn::Weights& weights, const Block& block, int phase, std::span<float> gradients) {
  BlockResult result;
  const int first = m_objective->firstPass(phase);
  const int end = first + int(m_objective->phases()[std::size_t(phase)].passes.size());
  for (int index = first; index < end; ++index) {
    forward(weights, block, index);
    result.add(askLoss(block, index));
    nn::Pass pass = passOf(block, index);
    pass.replaceGradients = pass.replaceGradients && index == first;
    m_workspace.backward(weights, pass, gradients);
  }
  return result;
}

void BlockPass::forwardStage(int stage, int pass, const nn::Weights& weights, const Block& block) {
  if (stage == 0 && takesPicture(pass)) load(block);
  m_workspace.forwardStage(stage, weights, passOf(block, pass));
}

BlockResult BlockPass::askLoss(const Block& block, int pass) {
  m_workspace.clearGradients();
  return evaluate(block, pass, true, {}, {});
}

int BlockPass::firstBrokenNode(const nn::Weights& weights, const Block& block, float largest) {
  int first = -1;
  for (int pass = 0; pass < int(m_passes.size()); ++pass) {
    forward(weights, block, pass);
    const int broken = firstBrokenOf(block, pass, largest);
    if (broken >= 0 && (first < 0 || broken < first)) first = broken;
  }
  return first;
}

int BlockPass::firstBrokenOf(const Block& block, int pass, float largest) const {
  const auto nodes = m_network->nodes();
  const nn::PartialPass* part = passOf(block, pass).part;
  std::vector<float> values;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    if (part && !part->computes(int(node))) continue;
    values.resize(nodes[node].shape.size());
    for (std::size_t lane = 0; lane < block.indices.size(); ++lane) {
      m_workspace.read(int(node), int(lane), values);
      if (!std::all_of(values.begin(), values.end(), [&](float value) { return std::abs(value) <= largest; })) return int(node);
    }
  }
  return -1;
}

}  // namespace train
