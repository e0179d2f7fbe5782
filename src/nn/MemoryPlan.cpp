#include "nn/MemoryPlan.h"

#include "nn/AlignedBlock.h"

namespace nn {

namespace {
// Kernels may read (never write) up to one vector past the end of a row.
constexpr std::size_t kSlack = 2 * kAlignedFloats;
}  // namespace

TensorPlan MemoryPlan::place(const Shape& shape, const Halo& halo, bool contiguous) {
  TensorPlan plan;
  plan.shape = shape;
  plan.halo = halo;
  const auto wide = std::size_t(shape.width + halo.left + halo.right) * std::size_t(lanes);
  const auto high = std::size_t(shape.height + halo.top + halo.bottom);
  plan.rowStride = std::ptrdiff_t(wide);
  // A little room between maps keeps their rows off the same lines of the first-level cache.
  const bool gap = !contiguous && shape.height * shape.width > 1;
  plan.channelStride = std::ptrdiff_t(high * wide + (gap ? kAlignedFloats : 0));
  plan.count = std::size_t(shape.channels) * std::size_t(plan.channelStride);
  plan.start = total;
  plan.first = total + std::size_t(halo.top) * wide + std::size_t(halo.left) * std::size_t(lanes);
  total += roundUp(plan.count + kSlack);
  return plan;
}

MemoryPlan::MemoryPlan(const Network& network, int laneCount, bool wantGradients) : lanes(laneCount) {
  const auto nodes = network.nodes();
  std::vector<Halo> halos(nodes.size());
  std::vector<bool> contiguous(nodes.size(), false);
  std::vector<MemoryNeeds> needs;
  std::size_t scratch = 0;
  for (const Network::Node& node : nodes) {
    needs.push_back(node.layer->memoryNeeds(lanes, wantGradients));
    scratch = std::max(scratch, needs.back().scratchFloats);
    for (const int input : node.inputs) {
      halos[std::size_t(input)].include(needs.back().input);
      if (needs.back().contiguousInput) contiguous[std::size_t(input)] = true;
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) activations.push_back(place(nodes[i].shape, halos[i], contiguous[i]));
  if (wantGradients) {
    for (std::size_t i = 0; i < nodes.size(); ++i)
      preActivations.push_back(derivativeNeedsInput(nodes[i].layer->activation()) ? place(nodes[i].shape, {}, contiguous[i])
                                                                                  : TensorPlan{});
    for (std::size_t i = 0; i < nodes.size(); ++i) gradients.push_back(place(nodes[i].shape, needs[i].gradient, contiguous[i]));
    const std::size_t shared = total;
    std::size_t largest = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      total = shared;
      preActivationGradients.push_back(place(nodes[i].shape, needs[i].gradient, contiguous[i]));
      largest = std::max(largest, total - shared);
    }
    total = shared + largest;
  }
  scratchStart = total;
  total += roundUp(scratch + kSlack);
}

}  // namespace nn
