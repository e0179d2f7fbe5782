// One step of a trainer: the gradients of all blocks, their sum, the optimizer's step.
#include <atomic>
#include <cmath>
#include <numeric>

#include "train/Evaluate.h"
#include "train/Keys.h"
#include "train/TrainerImpl.h"

namespace train {

namespace {

constexpr std::size_t kLeastForThreads = 100000;  // parameters

}  // namespace

Trainer::Impl::Impl(std::shared_ptr<const nn::Network> trained, std::shared_ptr<const data::Dataset> images, TrainingOptions given)
    : network(std::move(trained)),
      dataset(std::move(images)),
      options(given),
      pool(options.threads, options.background),
      weights(network),
      optimizer(options.optimizer, network->parameterCount()),
      order(dataset->count(), options.seed),
      sum(*network),
      watch(tasks::taskOf(*network).objective(*network, options.objective())->guessing()),
      before(network->parameterCount()) {
  if (SyncBatchPass::isNeededFor(*network)) syncBatch.emplace();
  batch.squares.resize((network->parameterCount() + kUpdateChunk - 1) / kUpdateChunk);
  passes.reserve(std::size_t(pool.size()));
  for (int worker = 0; worker < pool.size(); ++worker) passes.emplace_back(network, options.objective(), true);
  findTrainable();
  initializeParameters();
}

void Trainer::Impl::initializeParameters() {
  weights.assign(network->initialParameters(options.seed));
}

Block Trainer::Impl::blockAt(int index) const {
  const std::size_t begin = std::size_t(index) * nn::kLanes;
  Block block;
  block.dataset = dataset.get();
  block.indices = batch.samples.subspan(begin, std::min(std::size_t(nn::kLanes), batch.samples.size() - begin));
  block.augmentation = options.augmentation.any() ? &options.augmentation : nullptr;
  block.augmentationKey = keyOf(options.seed, Purpose::Augment, order.epoch());
  block.corruptionKey = keyOf(options.seed, Purpose::Corrupt, order.epoch());
  block.pass = {true, keyOf(options.seed, Purpose::Dropout, steps, std::uint64_t(index)), int(block.indices.size())};
  return block;
}

void Trainer::Impl::computeBlocks(int phase, StepResult& result) {
  const int blocks = blockCount();
  sum.prepare(blocks);
  if (batch.results.size() < std::size_t(blocks)) batch.results.resize(std::size_t(blocks));
  if (syncBatch)
    computeTogether(phase);
  else
    computeApart(phase);
  double loss = 0;
  for (const BlockResult& block : std::span(batch.results).first(std::size_t(blocks))) {
    loss += block.loss;
    result.answers += block.answers;
    for (std::size_t i = 0; i < tasks::kMostFigures; ++i) result.figures[i] += block.figures[i];
  }
  result.loss += loss / double(batch.samples.size());
}

void Trainer::Impl::computeApart(int phase) {
  const int blocks = blockCount();
  // A block that adds to the gradient twice would not be added up in the same order.
  const bool oncePerBlock = objective().phases()[std::size_t(phase)].passes.size() == 1;
  pool.shares().deal(sum.slots());
  pool.run([&](int worker) {
    for (int slot, previous = -1; (slot = pool.shares().take(worker)) >= 0; previous = slot) {
      const bool joins = oncePerBlock && sum.mayJoin(slot, previous);
      sum.setJoined(slot, joins);
      const std::span<float> gradients = sum.slot(joins ? previous : slot);
      for (int index = slot; index < blocks; index += sum.slots()) {
        Block block = blockAt(index);
        block.pass.replaceGradients = index == slot && !joins;
        batch.results[std::size_t(index)] = passes[std::size_t(worker)].learn(weights, block, phase, gradients);
      }
    }
  });
}

// Running means and variances of batch normalization move with each pass; those of frozen layers rest.
void Trainer::Impl::computeTogether(int phase) {
  const auto count = std::size_t(blockCount());
  passes.reserve(count);
  while (passes.size() < count) passes.emplace_back(network, options.objective(), true);
  batch.blocks.clear();
  for (std::size_t index = 0; index < count; ++index) batch.blocks.push_back(blockAt(int(index)));
  if (phase == 0) keepParameters();
  const int first = objective().firstPass(phase);
  for (std::size_t i = 0; i < objective().phases()[std::size_t(phase)].passes.size(); ++i)
    syncBatch->compute(pool, passes, weights, batch.blocks, first + int(i), i == 0, sum, batch.results);
  for (const std::string& name : options.frozen) {
    const nn::Network::Node& node = network->node(network->find(name));
    std::copy_n(before.values().begin() + std::ptrdiff_t(node.parameterOffset), node.parameterCount,
                weights.flat().begin() + std::ptrdiff_t(node.parameterOffset));
  }
}

bool Trainer::Impl::isSound(int phase, StepResult& result) {
  float largest = std::numeric_limits<float>::max();
  if (std::isfinite(result.loss)) {
    if (phase + 1 < phaseCount() || !watch.ranAway(result.loss, stepsPerEpoch())) return true;
    result.reason = watch.reason();
    largest = float(watch.loss() / 2);  // scores so far apart need one that is half as large
  }
  if (phase == 0 && syncBatch) rollBack(false);  // running figures have moved
  result.diverged = nameOfBrokenForward(largest);
  // Finite logits can still lie too far apart for the loss to be a number.
  if (result.diverged.empty()) result.diverged = lossNodeName();
  if (phase > 0) rollBack(true);
  return false;
}

Trainer::Impl::Finite Trainer::Impl::reduceAndUpdate(int phase) {
  std::atomic<bool> gradientsFinite = true, parametersFinite = true;
  const std::span<float> parameters = weights.flat();
  nn::OptimizerSettings now = options.optimizer;
  now.learningRate = rateNow();
  optimizer.set(now);
  const float scale = 1.0f / float(batch.samples.size());
  const std::uint64_t number = phase == 0 ? optimizer.beginStep() : optimizer.stepNumber();
  const bool clip = options.optimizer.gradientClip > 0, keeps = phase == 0 && !syncBatch;
  if (clip) gradientsFinite = reduceAndClip(phase, scale);
  const Learned& own = learned[std::size_t(phase)];
  pool.forEach(int(batch.squares.size()), [&](int chunk) {
    const std::size_t begin = std::size_t(chunk) * kUpdateChunk, end = std::min(parameters.size(), begin + kUpdateChunk);
    const std::size_t count = end - begin;
    askToWrite(parameters.subspan(begin, count));
    if (!clip)
      forEachPart(own.all, begin, end, [&](const Range& part) {
        if (!sum.reduce(part.first, part.last, scale)) gradientsFinite.store(false, std::memory_order_relaxed);
      });
    if (keeps) std::copy_n(parameters.data() + begin, count, before.values().data() + begin);
    forEachPart(own.trainable, begin, end,
                [&](const Range& part) { optimizer.stepRange(parameters, sum.mean(), part.first, part.last, number, part.rateFactor); });
    if (!allFinite(parameters.subspan(begin, count))) parametersFinite.store(false, std::memory_order_relaxed);
  });
  return {gradientsFinite, parametersFinite};
}

bool Trainer::Impl::reduceAndClip(int phase, float scale) {
  std::atomic<bool> finite = true;
  const std::size_t count = network->parameterCount();
  const Learned& own = learned[std::size_t(phase)];
  // The chunks' sums are added in their order, so that the norm does not depend on the threads.
  pool.forEach(int(batch.squares.size()), [&](int chunk) {
    const std::size_t begin = std::size_t(chunk) * kUpdateChunk, end = std::min(count, begin + kUpdateChunk);
    forEachPart(own.all, begin, end, [&](const Range& part) {
      if (!sum.reduce(part.first, part.last, scale)) finite.store(false, std::memory_order_relaxed);
    });
    double square = 0;
    forEachPart(own.trainable, begin, end, [&](const Range& part) {
      for (const float g : sum.mean().subspan(part.first, part.last - part.first)) square += double(g) * double(g);
    });
    batch.squares[std::size_t(chunk)] = square;
  });
  const double norm = std::sqrt(std::accumulate(batch.squares.begin(), batch.squares.end(), 0.0));
  if (norm > double(options.optimizer.gradientClip))
    for (const Range& part : own.all) sum.scaleMean(part.first, part.last, float(double(options.optimizer.gradientClip) / norm));
  return finite;
}

void Trainer::Impl::repack() {
  // Not worth waking the threads for a few kernels.
  if (network->parameterCount() < kLeastForThreads) return weights.repack();
  pool.forEach(weights.packParts(), [&](int part) { weights.repack(part); });
}

void Trainer::Impl::findTrainable() {
  requireLayers(*network, options.frozen);
  const std::vector<float> factors = rateFactorsOf(*network, options);
  const auto add = [](std::vector<Range>& ranges, const Range& more) {
    if (!ranges.empty() && ranges.back().last == more.first && ranges.back().rateFactor == more.rateFactor)
      ranges.back().last = more.last;
    else
      ranges.push_back(more);
  };
  learned.assign(std::size_t(phaseCount()), {});
  for (std::size_t phase = 0; phase < learned.size(); ++phase)
    for (std::size_t i = 0; i < network->nodes().size(); ++i) {
      const nn::Network::Node& node = network->node(int(i));
      const std::string& group = objective().phases()[phase].group;
      if (!group.empty() && group != node.group) continue;
      if (node.parameterCount > 0) add(learned[phase].all, {node.parameterOffset, node.parameterOffset + node.parameterCount});
      if (std::find(options.frozen.begin(), options.frozen.end(), node.name) != options.frozen.end()) continue;
      for (const nn::ParameterBlock& block : node.layer->parameterBlocks()) {
        const std::size_t begin = node.parameterOffset + block.offset;
        if (block.learned) add(learned[phase].trainable, {begin, begin + block.count, factors[i]});
      }
    }
}

void Trainer::Impl::keepParameters() {
  const std::span<const float> parameters = std::as_const(weights).flat();
  std::copy(parameters.begin(), parameters.end(), before.values().begin());
}

void Trainer::Impl::rollBack(bool updated) {
  const std::span<const float> values = before.values();
  std::copy(values.begin(), values.end(), weights.flat().begin());
  weights.repack();
  if (updated) optimizer.reset();  // its moments already contain what broke
}

std::string Trainer::Impl::nameOfBrokenForward(float largest) {
  // Computes the blocks once more, one after the other: what broke must not depend on which thread had which block.
  int first = -1;
  for (int index = 0; index < blockCount(); ++index) {
    const int broken = passes[0].firstBrokenNode(weights, blockAt(index), largest);
    if (broken >= 0 && (first < 0 || broken < first)) first = broken;
  }
  // A saturating activation or a maximum can hide what its layer's weights do.
  const std::string byWeights = nameOfBroken(weights.flat());
  if (!byWeights.empty() && (first < 0 || network->find(byWeights) < first)) return byWeights;
  return first < 0 ? std::string() : network->node(first).name;
}

}  // namespace train
