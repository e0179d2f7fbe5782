// Everything that varies while a network computes: activations, gradients, pooling winners, dropout masks. One per
// thread; it holds a block of `lanes` samples (1 for the live drawing, kLanes for training and evaluation) in one
// allocation. Values go in and out as plain CHW floats; how they lie inside is the engine's affair.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "nn/AlignedBlock.h"
#include "nn/Interventions.h"
#include "nn/Network.h"
#include "nn/PartialPass.h"

namespace nn {

// Parameters as the kernels want them: the flat array, and a repacked copy of what convolutions and dense layers read.
// Cheap to copy-assign from a flat array; immutable while any thread computes with it.
class Weights {
 public:
  explicit Weights(std::shared_ptr<const Network> network);
  void assign(std::span<const float> parameters);  // copies and repacks; throws Error where they are more or fewer than the network's
  std::span<float> flat() { return m_flat.values().first(m_network->parameterCount()); }  // after writing, call repack()
  std::span<const float> flat() const { return m_flat.values().first(m_network->parameterCount()); }
  void repack();
  // The same in parts, which different threads may do at once.
  int packParts() const { return int(m_packedNodes.size()); }
  void repack(int part);

 private:
  friend class Workspace;
  std::shared_ptr<const Network> m_network;
  AlignedBlock m_flat;
  AlignedBlock m_packed;
  std::vector<std::size_t> m_packedOffsets;  // of each node
  std::vector<std::size_t> m_packedNodes;    // the nodes that have a part of it
};

// What varies from call to call.
struct Pass {
  bool training = false;              // dropout on, batch norm by the mini-batch
  std::uint64_t randomKey = 0;        // decides the dropout masks and the noise of this block: same key, same masks
  int samples = 0;                    // lanes that carry a sample, 1..lanes; 0 means all. The rest must not change any gradient.
  bool replaceGradients = false;      // backward() writes the parameter gradients instead of adding to them
  const PartialPass* part = nullptr;  // what is computed and learned; null: all. The same on the way back
  std::span<const Intervention> interventions = {};  // the same on the way back; of a node that is not there: none
  DerivativeRule rule = DerivativeRule::Gradient;    // of backward(); another one only where it keeps the gradient at every node
};

class Workspace {
 public:
  // lanes: 1 or kLanes. gradients: room for backward().
  Workspace(std::shared_ptr<const Network> network, int lanes, bool gradients);
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  const std::shared_ptr<const Network>& network() const;
  int lanes() const;
  std::size_t bytes() const;

  // `values`: CHW of the input'th input node, inputShape().size() floats.
  void setInput(int lane, std::span<const float> values, int input = 0);
  // The same for lanes 0 .. samples.size()-1 at once, several times faster: `samples` point to inputShape().size() floats each.
  void setInputs(std::span<const float* const> samples, int input = 0);
  // The same for kLanes pictures as bytes, times `scale`: of as many channels as the input and no larger, in its middle with
  // zeros around. False, and nothing done, where they do not fit so, or the workspace has one lane.
  bool setInputs(std::span<const std::uint8_t* const> images, const Shape& shape, float scale, int input = 0);
  void forward(const Weights& weights, const Pass& pass = {});
  // Activations of one node and sample as CHW; `values` has node.shape.size() floats.
  void read(int node, int lane, std::span<float> values) const;

  // Call order of a training step: forward, setGradient on one node or several, backward. The first setGradient after
  // forward, backward or clearGradients starts anew: what is not set is zero.
  // `gradient`: derivative of the loss with respect to the node's output, CHW.
  void clearGradients();
  void setGradient(int node, int lane, std::span<const float> gradient);
  // Adds the block's parameter gradients to `parameterGradients` (flat, parameterCount()), or with pass.replaceGradients writes
  // them there; those of nodes that a partial pass does not learn stay as they are, and are not computed. Allocates nothing.
  // wantInputGradient: also computes the gradient at the input nodes, and keeps the gradient at every node for readGradient();
  // without it, only some nodes' gradients are still there afterwards.
  void backward(const Weights& weights, const Pass& pass, std::span<float> parameterGradients, bool wantInputGradient = false);
  void readGradient(int node, int lane, std::span<float> values) const;

  // A mini-batch of several blocks, each in a workspace of its own. Layers that need figures of all samples (batch norm) divide a
  // training pass into stages, between which the blocks meet; where there are none, forwardStage(0) is forward() and
  // backwardStage(0) is backward(), which for the others take this block for the whole mini-batch.
  // Order: for stage 0, 1, ...: forwardStage() of every block, and if another stage follows combineForward(); then backwardStage() of
  // every block and combineBackward(), from the last stage down to 0 (which no batch follows). The result depends on the order of
  // `blocks`, not on the threads that compute them. Nothing is allocated.
  int stages() const;
  void forwardStage(int stage, const Weights& weights, const Pass& pass);
  void backwardStage(int stage, const Weights& weights, const Pass& pass, std::span<float> parameterGradients,
                     bool wantInputGradient = false);
  static void combineForward(std::span<Workspace* const> blocks, int stage);
  static void combineBackward(std::span<Workspace* const> blocks, int stage);
  // After a training pass: the layers' own running figures, in the network's flat parameters, move towards this mini-batch's. part: of
  // that pass.
  void blendMoments(std::span<float> parameters, const PartialPass* part = nullptr) const;

  // For tests: every activation, gradient and scratch cell becomes NaN, so that a value that is read before it is written shows.
  void poison();

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

// The instruction set that the engine's kernels were chosen for on this machine: "avx512", "avx2", "sse2", "neon", "generic".
// CONVSCOPE_ISA in the environment forces a lesser one.
std::string_view instructionSet();

}  // namespace nn
