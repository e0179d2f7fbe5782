// One step of a trainer: the gradients of all blocks, their sum, the optimizer's step.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "train/Keys.h"
#include "train/Trainer.h"

namespace train {

namespace {

constexpr std::size_t kLeastForThreads = 100000;  // parameters
// Floats that a thread takes at a time: parameters, gradients and both moments stay in the first-level cache.
constexpr std::size_t kUpdateChunk = 2048;

}  // namespace

template <typename Function>
void Trainer::forEachPart(const std::vector<Range>& ranges, std::size_t begin, std::size_t end, Function function) {
  for (const Range& range : ranges)
    if (range.first < end && range.last > begin) function(Range{std::max(range.first, begin), std::min(range.last, end), range.rateFactor});
}

Block Trainer::blockAt(int index) const {
  const std::size_t begin = std::size_t(index) * nn::kLanes;
  Block block;
  block.dataset = m_dataset.get();
  block.indices = m_batch.samples.subspan(begin, std::min(std::size_t(nn::kLanes), m_batch.samples.size() - begin));
  block.augmentation = m_options.augmentation.any() ? &m_options.augmentation : nullptr;
  block.augmentationKey = keyOf(m_options.seed, Purpose::Augment, m_order.epoch());
  block.corruptionKey = keyOf(m_options.seed, Purpose::Corrupt, m_order.epoch());
  block.pass = {true, keyOf(m_options.seed, Purpose::Dropout, m_steps, std::uint64_t(index)), int(block.indices.size())};
  return block;
}

void Trainer::computeBlocks(int phase, StepResult& result) {
  const int blocks = blockCount();
  m_sum.prepare(blocks);
  if (m_batch.results.size() < std::size_t(blocks)) m_batch.results.resize(std::size_t(blocks));
  if (m_meets)
    computeTogether(phase);
  else
    computeApart(phase);
  double loss = 0;
  for (const BlockResult& block : std::span(m_batch.results).first(std::size_t(blocks))) {
    loss += block.loss;
    result.answers += block.answers;
    for (std::size_t i = 0; i < tasks::kMostFigures; ++i) result.figures[i] += block.figures[i];
  }
  result.loss += loss / double(m_batch.samples.size());
}

void Trainer::computeApart(int phase) {
  const int blocks = blockCount();
  // A block that adds to the gradient twice would not be added up in the same order.
  const bool oncePerBlock = objective().phases()[std::size_t(phase)].passes.size() == 1;
  m_pool.shares().deal(m_sum.slotCount());
  m_pool.run([&](int worker) {
    for (int slot, previous = -1; (slot = m_pool.shares().take(worker)) >= 0; previous = slot) {
      const bool joins = oncePerBlock && m_sum.mayJoin(slot, previous);
      m_sum.setJoined(slot, joins);
      const std::span<float> gradients = m_sum.slot(joins ? previous : slot);
      for (int index = slot; index < blocks; index += m_sum.slotCount()) {
        Block block = blockAt(index);
        block.pass.replaceGradients = index == slot && !joins;
        m_batch.results[std::size_t(index)] = m_passes[std::size_t(worker)].learn(m_weights, block, phase, gradients);
      }
    }
  });
}

// Running means and variances of batch normalization move with each pass; those of frozen layers rest.
void Trainer::computeTogether(int phase) {
  const auto count = std::size_t(blockCount());
  m_passes.reserve(count);
  while (m_passes.size() < count) m_passes.emplace_back(m_network, m_options.objective(), true);
  m_batch.blocks.clear();
  for (std::size_t index = 0; index < count; ++index) m_batch.blocks.push_back(blockAt(int(index)));
  if (phase == 0) std::copy(m_weights.flat().begin(), m_weights.flat().end(), m_before.data());
  const int first = objective().firstPass(phase);
  for (std::size_t i = 0; i < objective().phases()[std::size_t(phase)].passes.size(); ++i) computeMeeting(first + int(i), i == 0);
  for (const std::string& name : m_options.frozen) {
    const nn::Network::Node& node = m_network->node(m_network->find(name));
    std::copy_n(m_before.values().begin() + std::ptrdiff_t(node.parameterOffset), node.parameterCount,
                m_weights.flat().begin() + std::ptrdiff_t(node.parameterOffset));
  }
}

void Trainer::computeMeeting(int pass, bool isFirst) {
  const int count = blockCount(), slots = m_sum.slotCount();
  std::vector<nn::Workspace*>& workspaces = m_batch.workspaces;
  workspaces.clear();
  for (int i = 0; i < count; ++i) workspaces.push_back(&m_passes[std::size_t(i)].workspace());
  const int stages = workspaces.front()->stages();
  for (int stage = 0; stage < stages; ++stage) {
    m_pool.forEach(count, [&](int i) {
      const auto index = std::size_t(i);
      m_passes[index].forwardStage(stage, pass, m_weights, m_batch.blocks[index]);
      if (stage + 1 < stages) return;
      if (isFirst) m_batch.results[index] = {};
      m_batch.results[index].add(m_passes[index].askLoss(m_batch.blocks[index], pass));
    });
    if (stage + 1 < stages) nn::Workspace::combineForward(workspaces, stage);
  }
  for (int slot = 0; isFirst && slot < slots; ++slot) {
    m_sum.setJoined(slot, false);
    std::fill(m_sum.slot(slot).begin(), m_sum.slot(slot).end(), 0.0f);
  }
  for (int stage = stages - 1; stage >= 0; --stage) {
    m_pool.forEach(slots, [&](int slot) {
      for (auto index = std::size_t(slot); index < std::size_t(count); index += std::size_t(slots))
        workspaces[index]->backwardStage(stage, m_weights, m_passes[index].passOf(m_batch.blocks[index], pass), m_sum.slot(slot));
    });
    if (stage > 0) nn::Workspace::combineBackward(workspaces, stage);
  }
  workspaces.front()->blendMoments(m_weights.flat(), m_passes.front().passOf(m_batch.blocks.front(), pass).part);
}

bool Trainer::isSound(int phase, StepResult& result) {
  float largest = std::numeric_limits<float>::max();
  if (std::isfinite(result.loss)) {
    if (phase + 1 < phaseCount() || !m_watch.ranAway(result.loss, stepsPerEpoch())) return true;
    result.reason = m_watch.reason();
    largest = float(m_watch.loss() / 2);  // scores so far apart need one that is half as large
  }
  if (phase == 0 && m_meets) rollBack(false);  // running figures have moved
  result.diverged = nameOfBrokenForward(largest);
  // Finite logits can still lie too far apart for the loss to be a number.
  if (result.diverged.empty()) result.diverged = m_network->node(m_network->logitsNode(objective().lossNode())).name;
  if (phase > 0) rollBack(true);
  return false;
}

Trainer::Finite Trainer::reduceAndUpdate(int phase) {
  std::atomic<bool> gradientsFinite = true, parametersFinite = true;
  const std::span<float> parameters = m_weights.flat();
  m_batch.squares.resize((parameters.size() + kUpdateChunk - 1) / kUpdateChunk);
  nn::OptimizerSettings now = m_options.optimizer;
  now.learningRate = learningRate();
  m_optimizer.set(now);
  const float scale = 1.0f / float(m_batch.samples.size());
  const std::uint64_t number = phase == 0 ? m_optimizer.beginStep() : m_optimizer.stepNumber();
  const bool clip = m_options.optimizer.gradientClip > 0, keeps = phase == 0 && !m_meets;
  if (clip) gradientsFinite = reduceAndClip(phase, scale);
  const Learned& own = m_learned[std::size_t(phase)];
  m_pool.forEach(int(m_batch.squares.size()), [&](int chunk) {
    const std::size_t begin = std::size_t(chunk) * kUpdateChunk, end = std::min(parameters.size(), begin + kUpdateChunk);
    const std::size_t count = end - begin;
    askToWrite(parameters.subspan(begin, count));
    if (!clip)
      forEachPart(own.all, begin, end, [&](const Range& part) {
        if (!m_sum.reduce(part.first, part.last, scale)) gradientsFinite.store(false, std::memory_order_relaxed);
      });
    if (keeps) std::copy_n(parameters.data() + begin, count, m_before.values().data() + begin);
    forEachPart(own.trainable, begin, end, [&](const Range& part) {
      m_optimizer.stepRange(parameters, m_sum.mean(), part.first, part.last, number, part.rateFactor);
    });
    if (!allFinite(parameters.subspan(begin, count))) parametersFinite.store(false, std::memory_order_relaxed);
  });
  return {gradientsFinite, parametersFinite};
}

bool Trainer::reduceAndClip(int phase, float scale) {
  std::atomic<bool> finite = true;
  const std::size_t count = m_network->parameterCount();
  const Learned& own = m_learned[std::size_t(phase)];
  // The chunks' sums are added in their order, so that the norm does not depend on the threads.
  m_pool.forEach(int(m_batch.squares.size()), [&](int chunk) {
    const std::size_t begin = std::size_t(chunk) * kUpdateChunk, end = std::min(count, begin + kUpdateChunk);
    forEachPart(own.all, begin, end, [&](const Range& part) {
      if (!m_sum.reduce(part.first, part.last, scale)) finite.store(false, std::memory_order_relaxed);
    });
    double square = 0;
    forEachPart(own.trainable, begin, end, [&](const Range& part) {
      for (const float g : m_sum.mean().subspan(part.first, part.last - part.first)) square += double(g) * double(g);
    });
    m_batch.squares[std::size_t(chunk)] = square;
  });
  const double norm = std::sqrt(std::accumulate(m_batch.squares.begin(), m_batch.squares.end(), 0.0));
  if (norm > double(m_options.optimizer.gradientClip))
    for (const Range& part : own.all) m_sum.scaleMean(part.first, part.last, float(double(m_options.optimizer.gradientClip) / norm));
  return finite;
}

void Trainer::repack() {
  // Not worth waking the threads for a few kernels.
  if (m_network->parameterCount() < kLeastForThreads) return m_weights.repack();
  m_pool.forEach(m_weights.packParts(), [&](int part) { m_weights.repack(part); });
}

void Trainer::findTrainable() {
  requireLayers(*m_network, m_options.frozen);
  const std::vector<float> factors = rateFactorsOf(*m_network, m_options);
  const auto add = [](std::vector<Range>& ranges, const Range& more) {
    if (!ranges.empty() && ranges.back().last == more.first && ranges.back().rateFactor == more.rateFactor)
      ranges.back().last = more.last;
    else
      ranges.push_back(more);
  };
  m_learned.assign(std::size_t(phaseCount()), {});
  for (std::size_t phase = 0; phase < m_learned.size(); ++phase)
    for (std::size_t i = 0; i < m_network->nodes().size(); ++i) {
      const nn::Network::Node& node = m_network->node(int(i));
      const std::string& group = objective().phases()[phase].group;
      if (!group.empty() && group != node.group) continue;
      if (node.parameterCount > 0) add(m_learned[phase].all, {node.parameterOffset, node.parameterOffset + node.parameterCount});
      if (std::find(m_options.frozen.begin(), m_options.frozen.end(), node.name) != m_options.frozen.end()) continue;
      for (const nn::ParameterBlock& block : node.layer->parameterBlocks()) {
        const std::size_t begin = node.parameterOffset + block.offset;
        if (block.learned) add(m_learned[phase].trainable, {begin, begin + block.count, factors[i]});
      }
    }
}

void Trainer::rollBack(bool updated) {
  const std::span<const float> values = m_before.values();
  std::copy(values.begin(), values.end(), m_weights.flat().begin());
  m_weights.repack();
  if (updated) m_optimizer.reset();  // its moments already contain what broke
}

std::string Trainer::nameOfBrokenForward(float largest) {
  // Computes the blocks once more, one after the other: what broke must not depend on which thread had which block.
  int first = -1;
  for (int index = 0; index < blockCount(); ++index) {
    const int broken = m_passes[0].firstBrokenNode(m_weights, blockAt(index), largest);
    if (broken >= 0 && (first < 0 || broken < first)) first = broken;
  }
  // A saturating activation or a maximum can hide what its layer's weights do.
  const std::string byWeights = nameOfBroken(m_weights.flat());
  if (!byWeights.empty() && (first < 0 || m_network->find(byWeights) < first)) return byWeights;
  return first < 0 ? std::string() : m_network->node(m_network->logitsNode(first)).name;  // the scene shows a softmax as a part of it
}

}  // namespace train
