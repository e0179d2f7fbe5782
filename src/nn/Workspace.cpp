#include "nn/Workspace.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "nn/LaneValues.h"
#include "nn/LayerCalls.h"
#include "nn/MemoryPlan.h"
#include "nn/SplitMix64.h"
#include "nn/kernels/Kernels.h"

namespace nn {

struct Workspace::Impl {
  Impl(std::shared_ptr<const Network> shared, int laneCount, bool wantGradients)
      : network(std::move(shared)),
        lanes(laneCount),
        kernels(chooseKernels()),
        plan(*network, laneCount, wantGradients),
        block(plan.total) {
    for (const Network::Node& node : network->nodes()) {
      std::vector<ConstTensor> views;
      for (const int input : node.inputs) views.push_back(tensor(plan.activations[std::size_t(input)]));
      inputViews.push_back(std::move(views));
      targets.emplace_back(node.inputs.size());
      bool upstream = node.parameterCount > 0;
      for (const int input : node.inputs) upstream = upstream || learns[std::size_t(input)];
      learns.push_back(upstream);
      if (const int channels = node.layer->batchChannels(); channels > 0) {
        statistics.push_back({int(inputViews.size()) - 1, std::vector<BatchMoments>(std::size_t(channels)), {}, {}});
        statistics.back().all = statistics.back().own;
      }
    }
    seeded.assign(network->nodes().size(), false);
    reached = seeded;
    differentiated = seeded;
  }

  Tensor tensor(const TensorPlan& tensorPlan) {
    return {block.data() + tensorPlan.first, tensorPlan.shape, lanes, tensorPlan.rowStride, tensorPlan.channelStride};
  }
  Tensor activations(int node) { return tensor(plan.activations[std::size_t(node)]); }
  Tensor gradients(int node) { return tensor(plan.gradients[std::size_t(node)]); }

  // Whether the node's values before its activation are kept for the way back.
  bool keepsInput(int node) const { return !plan.preActivations.empty() && plan.preActivations[std::size_t(node)].count > 0; }
  Tensor preActivations(int node) { return tensor(plan.preActivations[std::size_t(node)]); }

  // A node that needs figures of the whole mini-batch.
  struct BatchStatistics {
    int node;
    std::vector<BatchMoments> own, all;  // per channel: of this block, of all blocks
    ConstTensor gradient;                // before the activation: computed before the blocks are combined
  };
  BatchStatistics* statisticsOf(int node) {
    for (BatchStatistics& batch : statistics)
      if (batch.node == node) return &batch;
    return nullptr;
  }
  // The nodes of one stage: [first, last).
  int firstOf(int stage) const { return stage == 0 ? 0 : statistics[std::size_t(stage) - 1].node; }
  int lastOf(int stage) const { return stage + 1 < stages() ? statistics[std::size_t(stage)].node : int(network->nodes().size()); }
  int stages() const { return int(statistics.size()) + 1; }

  void fill(LayerCall& call, int index, const Weights& weights, const Pass& pass);
  ForwardCall forwardCall(int index, const Weights& weights, const Pass& pass);
  BackwardCall backwardCall(int index, const Weights& weights, const Pass& pass);
  void forwardNode(int index, const Weights& weights, const Pass& pass);
  void clearLanesFrom(const Tensor& view, int first);
  void backwardNode(int index, const Weights& weights, const Pass& pass, std::span<float> parameterGradients, bool keep);
  ConstTensor gradientBeforeActivation(int index, bool keep, DerivativeRule rule);
  void takeFedGradient(int index, const Pass& pass);
  bool wantsGradient(int index, const Pass& pass) const {
    return pass.part ? pass.part->wantsGradient(index) : bool(learns[std::size_t(index)]);
  }

  std::shared_ptr<const Network> network;
  int lanes;
  const KernelTable& kernels;
  MemoryPlan plan;
  AlignedBlock block;
  std::vector<std::vector<ConstTensor>> inputViews;  // of each node
  std::vector<std::vector<GradientTarget>> targets;  // of each node, filled anew for each call
  std::vector<bool> learns;                          // the node or one before it has parameters
  std::vector<bool> seeded;                          // setGradient was called since the last backward
  std::vector<bool> reached;                         // in this backward, the node's gradient holds something
  std::vector<BatchStatistics> statistics;           // in the order of their nodes
  std::vector<bool> differentiated;                  // in this backward, the gradient is already that before the activation
};

Workspace::Workspace(std::shared_ptr<const Network> network, int lanes, bool gradients)
    : m_impl(std::make_unique<Impl>(std::move(network), lanes, gradients)) {
  assert(lanes == 1 || lanes == kLanes);
}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

const std::shared_ptr<const Network>& Workspace::network() const {
  return m_impl->network;
}
int Workspace::lanes() const {
  return m_impl->lanes;
}
std::size_t Workspace::bytes() const {
  return m_impl->block.size() * sizeof(float);
}

void Workspace::setInput(int lane, std::span<const float> values, int input) {
  assert(lane >= 0 && lane < m_impl->lanes);
  writeLane(values, m_impl->activations(m_impl->network->inputs()[std::size_t(input)]), lane);
}

void Workspace::setInputs(std::span<const float* const> samples, int input) {
  const Tensor tensor = m_impl->activations(m_impl->network->inputs()[std::size_t(input)]);
  assert(int(samples.size()) <= m_impl->lanes);
  if (int(samples.size()) == kLanes) return writeAllLanes(samples.data(), tensor);
  for (std::size_t lane = 0; lane < samples.size(); ++lane) writeLane({samples[lane], tensor.shape.size()}, tensor, int(lane));
}

bool Workspace::setInputs(std::span<const std::uint8_t* const> images, const Shape& shape, float scale, int input) {
  const Tensor tensor = m_impl->activations(m_impl->network->inputs()[std::size_t(input)]);
  const Shape& to = tensor.shape;
  const bool fits = shape.channels == to.channels && shape.height <= to.height && shape.width <= to.width;
  if (!fits || int(images.size()) != kLanes || m_impl->lanes != kLanes) return false;
  writeByteImages(images.data(), shape, scale, tensor);
  return true;
}

void Workspace::read(int node, int lane, std::span<float> values) const {
  readLane(m_impl->activations(node), lane, values);
}
void Workspace::readGradient(int node, int lane, std::span<float> values) const {
  readLane(m_impl->gradients(node), lane, values);
}

void Workspace::Impl::clearLanesFrom(const Tensor& view, int first) {
  if (first <= 0 || first >= lanes) return;
  for (int c = 0; c < view.shape.channels; ++c)
    for (int y = 0; y < view.shape.height; ++y)
      for (int x = 0; x < view.shape.width; ++x) std::fill(view.at(c, y, x) + first, view.at(c, y, x) + lanes, 0.0f);
}

namespace {
bool computes(const Pass& pass, int node) {
  return !pass.part || pass.part->computes(node);
}
}  // namespace

void Workspace::forward(const Weights& weights, const Pass& pass) {
  Workspace* const alone = this;
  for (int stage = 0; stage < stages(); ++stage) {
    forwardStage(stage, weights, pass);
    if (pass.training && stage + 1 < stages()) combineForward({&alone, 1}, stage);
  }
}

int Workspace::stages() const {
  return m_impl->stages();
}

void Workspace::forwardStage(int stage, const Weights& weights, const Pass& pass) {
  Impl& impl = *m_impl;
  assert(weights.m_network == impl.network);
  if (stage == 0) {
    clearGradients();
    // Lanes without a sample compute on zeros: what an earlier block left there might overflow.
    for (const int input : impl.network->inputs()) impl.clearLanesFrom(impl.activations(input), pass.samples);
  }
  for (int i = impl.firstOf(stage); i < impl.lastOf(stage); ++i)
    if (computes(pass, i)) impl.forwardNode(i, weights, pass);
  if (!pass.training || stage + 1 >= stages()) return;
  Impl::BatchStatistics& next = impl.statistics[std::size_t(stage)];
  if (!computes(pass, next.node)) return;
  impl.network->node(next.node).layer->gatherMoments(impl.forwardCall(next.node, weights, pass), next.own);
}

namespace {
// The figures of all blocks, added up in their order, for each of them.
template <typename StatisticsOf>
void combine(std::span<Workspace* const> blocks, StatisticsOf statisticsOf) {
  auto& first = statisticsOf(*blocks.front());
  first.all = first.own;
  for (Workspace* const block : blocks.subspan(1))
    for (std::size_t c = 0; c < first.all.size(); ++c) first.all[c].include(statisticsOf(*block).own[c]);
  for (Workspace* const block : blocks.subspan(1)) statisticsOf(*block).all = first.all;
}

}  // namespace

void Workspace::combineForward(std::span<Workspace* const> blocks, int stage) {
  combine(blocks, [&](Workspace& block) -> Impl::BatchStatistics& { return block.m_impl->statistics[std::size_t(stage)]; });
}

void Workspace::combineBackward(std::span<Workspace* const> blocks, int stage) {
  combineForward(blocks, stage - 1);
}

void Workspace::blendMoments(std::span<float> parameters, const PartialPass* part) const {
  for (const Impl::BatchStatistics& batch : m_impl->statistics) {
    if (part && !part->learns(batch.node)) continue;
    const Network::Node& node = m_impl->network->node(batch.node);
    node.layer->blendMoments(batch.all, parameters.subspan(node.parameterOffset, node.parameterCount));
  }
}

void Workspace::Impl::fill(LayerCall& call, int index, const Weights& weights, const Pass& pass) {
  call.inputs = inputViews[std::size_t(index)];
  call.parameters = weights.m_flat.data() + network->node(index).parameterOffset;
  call.packed = weights.m_packed.data() + weights.m_packedOffsets[std::size_t(index)];
  call.scratch = block.data() + plan.scratchStart;
  call.kernels = &kernels;
  call.training = pass.training;
  call.samples = pass.samples > 0 ? pass.samples : lanes;
  call.randomKey = mixed(pass.randomKey + std::uint64_t(index) * kSplitMixStep);
  if (const BatchStatistics* batch = pass.training ? statisticsOf(index) : nullptr) call.batch = batch->all.data();
}

ForwardCall Workspace::Impl::forwardCall(int index, const Weights& weights, const Pass& pass) {
  const bool apart = keepsInput(index);
  ForwardCall call;
  fill(call, index, weights, pass);
  call.output = apart ? preActivations(index) : activations(index);
  call.activation = apart ? Activation::None : network->node(index).layer->activation();
  return call;
}

void Workspace::Impl::forwardNode(int index, const Weights& weights, const Pass& pass) {
  const ForwardCall call = forwardCall(index, weights, pass);
  network->node(index).layer->forward(call);
  if (keepsInput(index)) {
    copyCells(call.output, activations(index));
    applyActivation(kernels, network->node(index).layer->activation(), activations(index));
  }
  holdUnits(pass.interventions, index, activations(index));
  if (pass.part && pass.part->feed().from == index) copyCells(activations(index), activations(pass.part->feed().to));
}

void Workspace::clearGradients() {
  std::fill(m_impl->seeded.begin(), m_impl->seeded.end(), false);
}

void Workspace::setGradient(int node, int lane, std::span<const float> gradient) {
  Impl& impl = *m_impl;
  assert(!impl.plan.gradients.empty() && lane >= 0 && lane < impl.lanes);
  const Tensor view = impl.gradients(node);
  if (!impl.seeded[std::size_t(node)]) fillCells(view, 0.0f);
  impl.seeded[std::size_t(node)] = true;
  writeLane(gradient, view, lane);
}

void Workspace::backward(const Weights& weights, const Pass& pass, std::span<float> parameterGradients, bool wantInputGradient) {
  Workspace* const alone = this;
  for (int stage = stages() - 1; stage >= 0; --stage) {
    backwardStage(stage, weights, pass, parameterGradients, wantInputGradient);
    if (pass.training && stage > 0) combineBackward({&alone, 1}, stage);
  }
}

void Workspace::backwardStage(int stage, const Weights& weights, const Pass& pass, std::span<float> parameterGradients,
                              bool wantInputGradient) {
  Impl& impl = *m_impl;
  assert(weights.m_network == impl.network && parameterGradients.size() == impl.network->parameterCount());
  assert(wantInputGradient || pass.rule == DerivativeRule::Gradient);
  const int count = int(impl.network->nodes().size());
  const bool isFirst = stage + 1 == stages();
  if (isFirst) {
    impl.reached = impl.seeded;
    std::fill(impl.differentiated.begin(), impl.differentiated.end(), false);
    for (int i = 0; i < count; ++i)
      if (impl.seeded[std::size_t(i)]) impl.clearLanesFrom(impl.gradients(i), pass.samples);
  }
  // A node with statistics is computed once they are combined: with the stage before its own.
  const int last = isFirst ? count - 1 : impl.lastOf(stage), first = stage == 0 ? 0 : impl.firstOf(stage) + 1;
  for (int i = last; i >= first; --i) {
    impl.takeFedGradient(i, pass);
    if (impl.reached[std::size_t(i)]) impl.backwardNode(i, weights, pass, parameterGradients, wantInputGradient);
  }
  if (stage > 0) {
    Impl::BatchStatistics& next = impl.statistics[std::size_t(stage) - 1];
    impl.takeFedGradient(next.node, pass);
    for (BatchMoments& moments : next.own) moments.gradient = moments.product = 0;
    if (!impl.reached[std::size_t(next.node)]) return;
    clearGradientOfHeld(pass.interventions, next.node, impl.activations(next.node), impl.gradients(next.node));
    next.gradient = impl.gradientBeforeActivation(next.node, wantInputGradient, pass.rule);
    if (!pass.training) return;
    BackwardCall call = impl.backwardCall(next.node, weights, pass);
    call.gradient = next.gradient;
    impl.network->node(next.node).layer->gatherGradients(call, next.own);
    return;
  }
  for (int i = 0; i < count; ++i) {
    if (impl.reached[std::size_t(i)]) continue;
    const Network::Node& node = impl.network->node(i);
    if (wantInputGradient) fillCells(impl.gradients(i), 0.0f);
    if (pass.replaceGradients && (!pass.part || pass.part->learns(i)))
      std::fill_n(parameterGradients.data() + node.parameterOffset, node.parameterCount, 0.0f);
  }
  clearGradients();
}

// What the input that the node feeds has been given back.
void Workspace::Impl::takeFedGradient(int index, const Pass& pass) {
  if (!pass.part || pass.part->feed().from != index) return;
  const int fed = pass.part->feed().to;
  if (!pass.part->wantsGradient(index) || !reached[std::size_t(fed)]) return;
  if (reached[std::size_t(index)])
    addCells(gradients(fed), gradients(index));
  else
    copyCells(gradients(fed), gradients(index));
  reached[std::size_t(index)] = true;
}

BackwardCall Workspace::Impl::backwardCall(int index, const Weights& weights, const Pass& pass) {
  BackwardCall call;
  fill(call, index, weights, pass);
  call.output = activations(index);
  call.inputGradients = targets[std::size_t(index)];
  return call;
}

// The gradient that the node's backward reads: in place of the gradient at its output, unless that must be kept.
ConstTensor Workspace::Impl::gradientBeforeActivation(int index, bool keep, DerivativeRule rule) {
  const Activation activation = network->node(index).layer->activation();
  const Tensor own = gradients(index);
  if (activation == Activation::None || differentiated[std::size_t(index)]) return own;
  const ConstTensor values = keepsInput(index) ? preActivations(index) : activations(index);
  if (!keep) {
    applyDerivative(kernels, activation, values, own, own);
    return own;
  }
  const TensorPlan& place = plan.preActivationGradients[std::size_t(index)];
  std::fill_n(block.data() + place.start, place.count, 0.0f);  // its halo, which another node's values may have overwritten
  applyDerivative(kernels, activation, values, own, tensor(place), rule);
  return tensor(place);
}

void Workspace::Impl::backwardNode(int index, const Weights& weights, const Pass& pass, std::span<float> parameterGradients, bool keep) {
  const Network::Node& node = network->node(index);
  clearGradientOfHeld(pass.interventions, index, activations(index), gradients(index));
  if (node.inputs.empty() || (!keep && !wantsGradient(index, pass))) return;
  std::vector<GradientTarget>& nodeTargets = targets[std::size_t(index)];
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const auto input = std::size_t(node.inputs[i]);
    GradientTarget& target = nodeTargets[i];
    target.tensor = gradients(int(input));
    target.wanted = keep || wantsGradient(int(input), pass);
    target.accumulate = reached[input];
    // When no other gradient will be added, the derivative of the activation before this layer costs nothing here.
    const Network::Node& source = network->node(int(input));
    const bool alone = !keep && !target.accumulate && source.consumers.size() == 1 && node.inputs.size() == 1;
    const bool fused = alone && node.layer->fusesInputDerivative() && !derivativeNeedsInput(source.layer->activation());
    target.activation = fused ? source.layer->activation() : Activation::None;
    if (!target.wanted) continue;
    reached[input] = true;
    differentiated[input] = target.activation != Activation::None;
  }
  BackwardCall call = backwardCall(index, weights, pass);
  const BatchStatistics* batch = statisticsOf(index);
  call.gradient = batch ? batch->gradient : gradientBeforeActivation(index, keep, pass.rule);
  if (!pass.part || pass.part->learns(index)) call.parameterGradients = parameterGradients.data() + node.parameterOffset;
  call.replaceGradients = pass.replaceGradients && node.layer->replacesGradients();
  if (pass.replaceGradients && !call.replaceGradients && call.parameterGradients)
    std::fill_n(call.parameterGradients, node.parameterCount, 0.0f);
  node.layer->backward(call);
}

void Workspace::poison() {
  Impl& impl = *m_impl;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (int i = 0; i < int(impl.network->nodes().size()); ++i) {
    fillCells(impl.activations(i), nan);
    if (impl.keepsInput(i)) fillCells(impl.preActivations(i), nan);
    if (!impl.plan.gradients.empty()) fillCells(impl.gradients(i), nan);
  }
  std::fill(impl.block.data() + impl.plan.scratchStart, impl.block.data() + impl.block.size(), nan);
}

}  // namespace nn
