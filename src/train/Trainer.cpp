#include "train/Trainer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "nn/Error.h"
#include "nn/Workspace.h"
#include "train/BlockPass.h"
#include "train/Evaluate.h"
#include "train/GradientSum.h"
#include "train/Keys.h"
#include "train/LossWatch.h"
#include "train/SampleOrder.h"
#include "train/SyncBatchPass.h"
#include "train/TrainingMemory.h"
#include "train/WorkShares.h"
#include "train/WorkerPool.h"

namespace train {

namespace {

// Floats that a thread takes at a time: parameters, gradients and both moments stay in the first-level cache.
constexpr std::size_t kUpdateChunk = 2048;
constexpr std::size_t kLeastForThreads = 100000;  // parameters

void requireBatchSize(int batchSize) {
  if (batchSize < 1) throw nn::Error("the batch size is " + std::to_string(batchSize), "training options", "use 1 or more");
}

}  // namespace

struct Trainer::Impl {
  Impl(std::shared_ptr<const nn::Network> trained, std::shared_ptr<const data::Dataset> images, TrainingOptions given);

  StepResult computeBlocks();
  void computeApart();     // each block from beginning to end by one thread
  void computeTogether();  // where layers need figures of the whole mini-batch
  void updateRunningStatistics();
  struct Finite {
    bool gradients, parameters;
  };
  // The mean gradient and the optimizer's step, piece by piece while both are in the cache. Whether all is finite is known
  // only afterwards.
  Finite reduceAndUpdate();
  // The mean gradient alone, scaled down to the norm that the optimizer's settings allow. False: it is not finite.
  bool reduceAndClip(float scale);
  void repack();
  void findTrainable();
  template <typename Function>
  void forEachTrainable(std::size_t begin, std::size_t end, Function function) const;
  void rollBack();  // the parameters as before reduceAndUpdate()
  Block blockAt(int index) const;
  int blockCount() const { return int((batch.size() + nn::kLanes - 1) / nn::kLanes); }
  std::string nameOfBrokenForward(float largest = std::numeric_limits<float>::max());
  std::string logitsName() const { return network->node(network->logitsNode()).name; }
  std::string nameOfBroken(std::span<const float> perParameter) const { return nameOfNotFinite(*network, perParameter); }
  void initializeParameters();
  float rateNow() const { return float(options.optimizer.learningRate * rateFactor(options.schedule, order.fractionalEpoch())); }

  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const data::Dataset> dataset;
  TrainingOptions options;
  WorkerPool pool;
  WorkShares shares;              // of what the pool does just now
  std::vector<BlockPass> passes;  // one per thread; where the blocks meet, one per block
  bool together;                  // the blocks meet
  SyncBatchPass syncBatch;
  std::vector<Block> blocksTogether;
  nn::Weights weights;
  nn::Optimizer optimizer;
  SampleOrder order;
  GradientSum sum;
  LossWatch watch;
  FloatBuffer before;  // parameters before the update
  std::vector<BlockResult> results;
  std::vector<std::pair<std::size_t, std::size_t>> trainable;  // ranges of parameters that are not frozen, in order
  std::vector<double> squares;                                 // of the gradient, per chunk
  std::span<const std::uint32_t> batch;
  std::uint64_t steps = 0;
};

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
      watch(options.loss, network->node(network->logitsNode()).shape.channels),
      before(network->parameterCount()),
      squares((network->parameterCount() + kUpdateChunk - 1) / kUpdateChunk) {
  findTrainable();
  passes.reserve(std::size_t(pool.size()));
  for (int worker = 0; worker < pool.size(); ++worker) passes.emplace_back(network, options.loss, true);
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
    result.correct += results[std::size_t(index)].correct;
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
  while (passes.size() < count) passes.emplace_back(network, options.loss, true);
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
  for (const std::string& name : options.frozen)
    if (network->find(name) < 0) throw nn::Error("there is no layer \"" + name + "\" to freeze", network->spec().name);
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

// Calls function(first, last) for the parts of begin .. end that are trained.
template <typename Function>
void Trainer::Impl::forEachTrainable(std::size_t begin, std::size_t end, Function function) const {
  for (const auto& [first, last] : trainable)
    if (first < end && last > begin) function(std::max(first, begin), std::min(last, end));
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

Trainer::Trainer(std::shared_ptr<const nn::Network> network, std::shared_ptr<const data::Dataset> dataset, TrainingOptions options) {
  requireFit(*network, *dataset);
  requireBatchSize(options.batchSize);
  requireRoomToTrain(*network, options);
  m_impl = std::make_unique<Impl>(std::move(network), std::move(dataset), options);
}

Trainer::~Trainer() = default;

StepResult Trainer::step() {
  Impl& t = *m_impl;
  t.batch = t.order.batch(t.options.batchSize);
  StepResult result = t.computeBlocks();
  if (!std::isfinite(result.loss)) {
    result.diverged = t.nameOfBrokenForward();
    // Finite logits can still lie too far apart for the loss to be a number.
    if (result.diverged.empty()) result.diverged = t.logitsName();
    return result;
  }
  if (t.watch.ranAway(result.loss)) {
    // Scores so far apart need one that is half as large.
    result.diverged = t.nameOfBrokenForward(float(result.loss / 2));
    if (result.diverged.empty()) result.diverged = t.logitsName();
    result.reason = t.watch.reason(result.loss);
    return result;
  }
  if (const Impl::Finite finite = t.reduceAndUpdate(); !finite.gradients || !finite.parameters) {
    const std::string brokenParameters = t.nameOfBroken(t.weights.flat());
    t.rollBack();
    if (!finite.gradients) result.diverged = t.nameOfBrokenForward();
    if (result.diverged.empty()) result.diverged = finite.gradients ? brokenParameters : t.nameOfBroken(t.sum.mean());
    return result;
  }
  t.updateRunningStatistics();
  t.repack();
  t.order.advance(t.batch.size());
  ++t.steps;
  return result;
}

void Trainer::reset() {
  Impl& t = *m_impl;
  t.initializeParameters();
  t.optimizer.reset();
  t.order.restart();
  t.sum.clearMean();
  t.watch.restart();
  t.steps = 0;
}

const TrainingOptions& Trainer::options() const {
  return m_impl->options;
}

void Trainer::setRecipe(const Recipe& recipe) {
  requireBatchSize(recipe.batchSize);
  Impl& t = *m_impl;
  std::vector<std::string> frozen = std::exchange(t.options.frozen, recipe.frozen);
  try {
    t.findTrainable();
  } catch (...) {
    t.options.frozen = std::move(frozen);
    t.findTrainable();
    throw;
  }
  t.options.optimizer = recipe.optimizer;
  t.optimizer.set(recipe.optimizer);
  t.options.schedule = recipe.schedule;
  t.options.batchSize = recipe.batchSize;
  t.options.augmentation = recipe.augmentation;
}

Checkpoint Trainer::checkpoint() const {
  const Impl& t = *m_impl;
  const std::span<const float> parameters = t.weights.flat();
  return {t.options,         {parameters.begin(), parameters.end()}, t.optimizer.state(), t.watch.state(), t.steps, t.order.epoch(),
          t.order.position()};
}

void Trainer::restore(const Checkpoint& checkpoint) {
  Impl& t = *m_impl;
  const std::string& where = t.network->spec().name;
  if (checkpoint.parameters.size() != t.network->parameterCount())
    throw nn::Error("the checkpoint has " + std::to_string(checkpoint.parameters.size()) + " parameters, the network has " +
                        std::to_string(t.network->parameterCount()),
                    where);
  if (checkpoint.position >= t.dataset->count())
    throw nn::Error("the checkpoint lies behind image " + std::to_string(checkpoint.position) + " of an epoch, the data set has " +
                        std::to_string(t.dataset->count()),
                    where, "Give the data that it was trained on");
  if (checkpoint.recipe.seed != t.options.seed || !(checkpoint.recipe.loss == t.options.loss))
    throw nn::Error("the checkpoint is of another seed or loss than the trainer", where);
  nn::Optimizer optimizer(checkpoint.recipe.optimizer, t.network->parameterCount());
  if (!optimizer.restore(checkpoint.optimizer))
    throw nn::Error("the checkpoint's optimizer state is not that of " + std::string(nn::optimizerName(checkpoint.recipe.optimizer.kind)),
                    where);
  setRecipe(checkpoint.recipe);
  t.optimizer = std::move(optimizer);
  t.weights.assign(checkpoint.parameters);
  t.watch.restore(checkpoint.loss);
  t.order.restore(checkpoint.epoch, checkpoint.position);
  t.steps = checkpoint.step;
}

const std::shared_ptr<const nn::Network>& Trainer::network() const {
  return m_impl->network;
}

std::span<const float> Trainer::parameters() const {
  return std::as_const(m_impl->weights).flat();
}

void Trainer::setParameters(std::span<const float> parameters) {
  if (parameters.size() != m_impl->network->parameterCount())
    throw nn::Error("there are " + std::to_string(parameters.size()) + " parameters, the network has " +
                        std::to_string(m_impl->network->parameterCount()),
                    m_impl->network->spec().name);
  m_impl->weights.assign(parameters);
  m_impl->optimizer.reset();
  m_impl->watch.restart();
}

std::span<const float> Trainer::gradients() const {
  return m_impl->sum.mean();
}
std::uint64_t Trainer::stepCount() const {
  return m_impl->steps;
}
double Trainer::epoch() const {
  return m_impl->order.fractionalEpoch();
}
float Trainer::learningRate() const {
  return m_impl->rateNow();
}
int Trainer::threads() const {
  return m_impl->pool.size();
}

Evaluation Trainer::evaluate(const data::Dataset& dataset, std::size_t limit, const std::function<bool()>& keepGoing) {
  return evaluateWith(m_impl->pool, m_impl->passes, *m_impl->network, m_impl->weights, dataset, limit, keepGoing);
}

}  // namespace train
