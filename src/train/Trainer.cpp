#include "train/Trainer.h"

#include <cmath>

#include "nn/Error.h"
#include "train/Evaluate.h"
#include "train/TrainerImpl.h"
#include "train/TrainingMemory.h"

namespace train {

namespace {

void requireBatchSize(int batchSize) {
  if (batchSize < 1) throw nn::Error("the batch size is " + std::to_string(batchSize), "training options", "Use 1 or more");
}

}  // namespace

Trainer::Trainer(std::shared_ptr<const nn::Network> network, std::shared_ptr<const data::Dataset> dataset, TrainingOptions options) {
  requireFit(*network, *dataset);
  requireBatchSize(options.batchSize);
  requireRoomToTrain(*network, options);
  m_impl = std::make_unique<Impl>(std::move(network), std::move(dataset), options);
}

Trainer::~Trainer() = default;

StepResult Trainer::step() {
  Impl& t = *m_impl;
  t.batch.samples = t.order.batch(t.options.batchSize);
  StepResult result;
  result.count = int(t.batch.samples.size());
  for (int phase = 0; phase < t.phaseCount(); ++phase) {
    t.computeBlocks(phase, result);
    if (!t.isSound(phase, result)) return result;
    if (const Impl::Finite finite = t.reduceAndUpdate(phase); !finite.gradients || !finite.parameters) {
      const std::string brokenParameters = t.nameOfBroken(t.weights.flat());
      t.rollBack(true);
      if (!finite.gradients) result.diverged = t.nameOfBrokenForward();
      if (result.diverged.empty()) result.diverged = finite.gradients ? brokenParameters : t.nameOfBroken(t.sum.mean());
      return result;
    }
    t.repack();
  }
  t.order.advance(t.batch.samples.size());
  ++t.steps;
  return result;
}

std::string Trainer::endedFarOut(double loss) {
  LossWatch& watch = m_impl->watch;
  return watch.endedFarOut(loss) ? watch.reason() : std::string();
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
  std::string rates = std::exchange(t.options.groupRates, recipe.groupRates);
  try {
    t.findTrainable();
  } catch (...) {
    t.options.frozen = std::move(frozen);
    t.options.groupRates = std::move(rates);
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
  if (checkpoint.recipe.seed != t.options.seed || !(checkpoint.recipe.objective() == t.options.objective()))
    throw nn::Error("the checkpoint is of another seed, loss or noise than the trainer", where);
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
