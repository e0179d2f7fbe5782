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
      shares(pool.size()),
      together(SyncBatchPass::isNeededFor(*network)),
      weights(network),
      optimizer(options.optimizer, network->parameterCount()),
      order(dataset->count(), options.seed),
      sum(*network),
      watch(tasks::taskOf(*network).objective(*network, options.objective())->guessing()),
      before(network->parameterCount()),
      squares((network->parameterCount() + kUpdateChunk - 1) / kUpdateChunk) {
  findTrainable();
  passes.reserve(std::size_t(pool.size()));
  for (int worker = 0; worker < pool.size(); ++worker) passes.emplace_back(network, options.objective(), true);
  initializeParameters();
}

void Trainer::Impl::initializeParameters() {
  weights.assign(network->initialParameters(options.seed));
}

Block Trainer::Impl::blockAt(int index) const {
  const std::size_t begin = std::size_t(index) * nn::kLanes;
  Block block;
  block.dataset = dataset.get();
  block.indices = batch.subspan(begin, std::min(std::size_t(nn::kLanes), batch.size() - begin));
  block.augmentation = options.augmentation.any() ? &options.augmentation : nullptr;
  block.augmentationKey = keyOf(options.seed, Purpose::Augment, order.epoch());
  block.corruptionKey = keyOf(options.seed, Purpose::Corrupt, order.epoch());
  block.pass = {true, keyOf(options.seed, Purpose::Dropout, steps, std::uint64_t(index)), int(block.indices.size())};
  return block;
}

StepResult Trainer::Impl::computeBlocks() {
  const int blocks = blockCount();
  sum.prepare(blocks);
  if (results.size() < std::size_t(blocks)) results.resize(std::size_t(blocks));
  if (together)
    computeTogether();
  else
    computeApart();
  StepResult result;
  result.count = int(batch.size());
  for (int index = 0; index < blocks; ++index) {
    result.loss += results[std::size_t(index)].loss;
    result.answers += results[std::size_t(index)].answers;
    for (std::size_t i = 0; i < tasks::kMostFigures; ++i) result.figures[i] += results[std::size_t(index)].figures[i];
  }
  result.loss /= double(batch.size());
  return result;
}

void Trainer::Impl::computeApart() {
  const int blocks = blockCount();
  shares.deal(sum.slots());
  pool.run([&](int worker) {
    for (int slot, previous = -1; (slot = shares.take(worker)) >= 0; previous = slot) {
      const bool joins = sum.mayJoin(slot, previous);
      sum.setJoined(slot, joins);
      const std::span<float> gradients = sum.slot(joins ? previous : slot);
      for (int index = slot; index < blocks; index += sum.slots()) {
        Block block = blockAt(index);
        block.pass.replaceGradients = index == slot && !joins;
        results[std::size_t(index)] = passes[std::size_t(worker)].learn(weights, block, gradients);
      }
    }
  });
}

void Trainer::Impl::computeTogether() {
  const auto count = std::size_t(blockCount());
  passes.reserve(count);
  while (passes.size() < count) passes.emplace_back(network, options.objective(), true);
  blocksTogether.clear();
  for (std::size_t index = 0; index < count; ++index) blocksTogether.push_back(blockAt(int(index)));
  syncBatch.compute(pool, shares, passes, weights, blocksTogether, sum, results);
}

// Running means and variances of batch normalization; those of frozen layers rest.
void Trainer::Impl::updateRunningStatistics() {
  if (!together) return;
  syncBatch.updateRunningStatistics(weights.flat());
  for (const std::string& name : options.frozen) {
    const nn::Network::Node& node = network->node(network->find(name));
    std::copy_n(before.values().begin() + std::ptrdiff_t(node.parameterOffset), node.parameterCount,
                weights.flat().begin() + std::ptrdiff_t(node.parameterOffset));
  }
}

Trainer::Impl::Finite Trainer::Impl::reduceAndUpdate() {
  std::atomic<bool> gradientsFinite = true, parametersFinite = true;
  const std::span<float> parameters = weights.flat();
  nn::OptimizerSettings now = options.optimizer;
  now.learningRate = rateNow();
  optimizer.set(now);
  const float scale = 1.0f / float(batch.size());
  const std::uint64_t number = optimizer.beginStep();
  const bool clip = options.optimizer.gradientClip > 0;
  if (clip) gradientsFinite = reduceAndClip(scale);
  shares.deal(int(squares.size()));
  pool.run([&](int worker) {
    for (int chunk; (chunk = shares.take(worker)) >= 0;) {
      const std::size_t begin = std::size_t(chunk) * kUpdateChunk, end = std::min(parameters.size(), begin + kUpdateChunk);
      const std::size_t count = end - begin;
      askToWrite(parameters.subspan(begin, count));
      if (!clip && !sum.reduce(begin, end, scale)) gradientsFinite.store(false, std::memory_order_relaxed);
      std::copy_n(parameters.data() + begin, count, before.values().data() + begin);
      forEachTrainable(begin, end,
                       [&](std::size_t first, std::size_t last) { optimizer.stepRange(parameters, sum.mean(), first, last, number); });
      if (!allFinite(parameters.subspan(begin, count))) parametersFinite.store(false, std::memory_order_relaxed);
    }
  });
  return {gradientsFinite, parametersFinite};
}

bool Trainer::Impl::reduceAndClip(float scale) {
  std::atomic<bool> finite = true;
  const std::size_t count = network->parameterCount();
  // The chunks' sums are added in their order, so that the norm does not depend on the threads.
  shares.deal(int(squares.size()));
  pool.run([&](int worker) {
    for (int chunk; (chunk = shares.take(worker)) >= 0;) {
      const std::size_t begin = std::size_t(chunk) * kUpdateChunk, end = std::min(count, begin + kUpdateChunk);
      if (!sum.reduce(begin, end, scale)) finite.store(false, std::memory_order_relaxed);
      double square = 0;
      forEachTrainable(begin, end, [&](std::size_t first, std::size_t last) {
        for (const float g : sum.mean().subspan(first, last - first)) square += double(g) * double(g);
      });
      squares[std::size_t(chunk)] = square;
    }
  });
  const double norm = std::sqrt(std::accumulate(squares.begin(), squares.end(), 0.0));
  if (norm > double(options.optimizer.gradientClip)) sum.scaleMean(float(double(options.optimizer.gradientClip) / norm));
  return finite;
}

void Trainer::Impl::repack() {
  // Not worth waking the threads for a few kernels.
  if (network->parameterCount() < kLeastForThreads) return weights.repack();
  shares.deal(weights.packParts());
  pool.run([&](int worker) {
    for (int part; (part = shares.take(worker)) >= 0;) weights.repack(part);
  });
}

void Trainer::Impl::findTrainable() {
  requireLayers(*network, options.frozen);
  trainable.clear();
  for (const nn::Network::Node& node : network->nodes()) {
    if (std::find(options.frozen.begin(), options.frozen.end(), node.name) != options.frozen.end()) continue;
    for (const nn::ParameterBlock& block : node.layer->parameterBlocks()) {
      const std::size_t begin = node.parameterOffset + block.offset, end = begin + block.count;
      if (!block.learned) continue;
      if (!trainable.empty() && trainable.back().second == begin)
        trainable.back().second = end;
      else
        trainable.emplace_back(begin, end);
    }
  }
}

void Trainer::Impl::rollBack() {
  const std::span<const float> values = before.values();
  std::copy(values.begin(), values.end(), weights.flat().begin());
  optimizer.reset();  // its moments already contain what broke
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
