#include "train/Trainer.h"

#include <utility>

#include "nn/Error.h"
#include "train/TrainingMemory.h"

namespace train {

namespace {

void requireBatchSize(int batchSize) {
  if (batchSize < 1) throw nn::Error("the batch size is " + std::to_string(batchSize), "training options", "Use 1 or more");
}

// The network, before any memory is taken for it.
std::shared_ptr<const nn::Network> checked(std::shared_ptr<const nn::Network> network, const data::Dataset& dataset,
                                           const TrainingOptions& options) {
  requireFit(*network, dataset);
  requireBatchSize(options.batchSize);
  requireRoomToTrain(*network, options);
  return network;
}

template <typename Value>
const Value& unlessStopped(const std::function<bool()>& goesOn, const Value& value) {
  if (goesOn && !goesOn()) throw nn::Error("it was stopped", "training");
  return value;
}

}  // namespace

Trainer::Trainer(std::shared_ptr<const nn::Network> network, std::shared_ptr<const data::Dataset> dataset, TrainingOptions options,
                 std::span<const float> start, const std::function<bool()>& goesOn)
    : m_network(checked(std::move(network), *dataset, options)),
      m_dataset(std::move(dataset)),
      m_options(std::move(options)),
      m_pool(m_options.threads, m_options.background),
      m_meets(blocksMeet(*m_network)),
      m_weights(m_network),
      m_optimizer(m_options.optimizer, unlessStopped(goesOn, m_network)->parameterCount()),
      m_order(m_dataset->count(), m_options.seed),
      m_sum(*unlessStopped(goesOn, m_network)),
      m_watch(tasks::taskOf(*m_network).objective(*m_network, m_options.objective())->guessing()),
      m_before(unlessStopped(goesOn, m_network)->parameterCount()) {
  m_passes.reserve(std::size_t(m_pool.size()));
  for (int worker = 0; worker < m_pool.size(); ++worker)
    m_passes.emplace_back(unlessStopped(goesOn, m_network), m_options.objective(), true);
  findTrainable();
  unlessStopped(goesOn, m_network);
  if (start.empty())
    m_weights.assign(m_network->initialParameters(m_options.seed));
  else
    m_weights.assign(start);
}

StepResult Trainer::step() {
  m_batch.samples = m_order.batch(m_options.batchSize);
  StepResult result;
  result.count = int(m_batch.samples.size());
  for (int phase = 0; phase < phaseCount(); ++phase) {
    computeBlocks(phase, result);
    if (!isSound(phase, result)) return result;
    if (const Finite finite = reduceAndUpdate(phase); !finite.gradients || !finite.parameters) {
      const std::string brokenParameters = nameOfBroken(m_weights.flat());
      rollBack(true);
      if (!finite.gradients) result.diverged = nameOfBrokenForward();
      if (result.diverged.empty()) result.diverged = finite.gradients ? brokenParameters : nameOfBroken(m_sum.mean());
      return result;
    }
    repack();
  }
  m_order.advance(m_batch.samples.size());
  ++m_steps;
  return result;
}

std::string Trainer::endedFarOut(double loss) {
  return m_watch.endedFarOut(loss) ? m_watch.reason() : std::string();
}

void Trainer::reset() {
  m_weights.assign(m_network->initialParameters(m_options.seed));
  m_optimizer.reset();
  m_order.restart();
  m_sum.clearMean();
  m_watch.restart();
  m_steps = 0;
}

void Trainer::setRecipe(const Recipe& recipe) {
  requireBatchSize(recipe.batchSize);
  std::vector<std::string> frozen = std::exchange(m_options.frozen, recipe.frozen);
  std::string rates = std::exchange(m_options.groupRates, recipe.groupRates);
  try {
    findTrainable();
  } catch (...) {
    m_options.frozen = std::move(frozen);
    m_options.groupRates = std::move(rates);
    findTrainable();
    throw;
  }
  m_options.optimizer = recipe.optimizer;
  m_optimizer.set(recipe.optimizer);
  m_options.schedule = recipe.schedule;
  m_options.batchSize = recipe.batchSize;
  m_options.augmentation = recipe.augmentation;
  m_options.stopAfter = recipe.stopAfter;
  m_options.patience = recipe.patience;
}

Checkpoint Trainer::checkpoint() const {
  const std::span<const float> parameters = m_weights.flat();
  return {m_options,         {parameters.begin(), parameters.end()}, m_optimizer.state(), m_watch.state(), m_steps, m_order.epoch(),
          m_order.position()};
}

void Trainer::requireResumable(const Checkpoint& checkpoint, const nn::Network& network, const data::Dataset& dataset) {
  const std::string& where = network.spec().name;
  if (checkpoint.parameters.size() != network.parameterCount())
    throw nn::Error("the checkpoint has " + std::to_string(checkpoint.parameters.size()) + " parameters, the network has " +
                        std::to_string(network.parameterCount()),
                    where);
  if (checkpoint.position >= dataset.count())
    throw nn::Error("the checkpoint lies behind image " + std::to_string(checkpoint.position) + " of an epoch, the data set has " +
                        std::to_string(dataset.count()),
                    where, "Give the data that it was trained on");
}

void Trainer::restore(const Checkpoint& checkpoint) {
  const std::string& where = m_network->spec().name;
  requireResumable(checkpoint, *m_network, *m_dataset);
  if (checkpoint.recipe.seed != m_options.seed || !(checkpoint.recipe.objective() == m_options.objective()))
    throw nn::Error("the checkpoint is of another seed, loss or noise than the trainer", where);
  nn::Optimizer optimizer(checkpoint.recipe.optimizer, m_network->parameterCount());
  if (!optimizer.restore(checkpoint.optimizer))
    throw nn::Error("the checkpoint's optimizer state is not that of " + std::string(nn::optimizerName(checkpoint.recipe.optimizer.kind)),
                    where);
  setRecipe(checkpoint.recipe);
  m_optimizer = std::move(optimizer);
  m_weights.assign(checkpoint.parameters);
  m_watch.restore(checkpoint.loss);
  m_order.restore(checkpoint.epoch, checkpoint.position);
  m_steps = checkpoint.step;
}

void Trainer::setParameters(std::span<const float> parameters) {
  m_weights.assign(parameters);
  m_optimizer.reset();
  m_watch.restart();
}

}  // namespace train
