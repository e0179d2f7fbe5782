// What one thread does with one block of up to nn::kLanes samples: prepare them as the network's input, forward, loss,
// backward. Owns the thread's workspace and scratch; allocates nothing after construction.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/Augmentation.h"
#include "data/Dataset.h"
#include "data/InputPipeline.h"
#include "nn/Network.h"
#include "nn/Workspace.h"
#include "tasks/Task.h"

namespace train {

// Throws nn::Error when `network` cannot be trained on or tested with `dataset`: empty, several inputs, more classes than
// outputs, or whatever the network's task cannot learn from it.
void requireFit(const nn::Network& network, const data::Dataset& dataset);
// Whether it has layers that need figures of all samples of a mini-batch (batch normalization), so that its blocks must meet on the way.
bool blocksMeet(const nn::Network& network);
// Throws nn::Error where one of these, to be frozen, is no layer of the network.
void requireLayers(const nn::Network& network, const std::vector<std::string>& frozen);

struct Block {
  const data::Dataset* dataset = nullptr;
  std::span<const std::uint32_t> indices;            // 1..kLanes samples
  const data::Augmentation* augmentation = nullptr;  // null: as they are
  std::uint64_t augmentationKey = 0;                 // of the epoch; every sample adds its index
  std::uint64_t corruptionKey = 0;                   // likewise (tasks::Objective::corrupt); 0 where it is tested
  nn::Pass pass;
};

struct BlockResult {
  double loss = 0;           // sum over the samples
  int answers = 0;           // one per sample, or one per pixel (tasks/Task.h)
  tasks::Figures figures{};  // of the answers
  int ties = 0;              // answers for which several outputs were the largest
  void add(const BlockResult& other);
};

class BlockPass {
 public:
  BlockPass(std::shared_ptr<const nn::Network> network, const tasks::ObjectiveSettings& settings, bool gradients);

  // confusion: as tasks::Objective::evaluate(), added to. answers: of each sample the class that it was given, or empty.
  BlockResult infer(const nn::Weights& weights, const Block& block, std::span<std::uint32_t> confusion, std::span<std::uint16_t> answers);
  // One phase of the objective: adds the sum over the samples of the loss's gradient to `gradients`, or writes it there with
  // block.pass.replaceGradients; of a phase that learns a group, what belongs to that.
  BlockResult learn(const nn::Weights& weights, const Block& block, int phase, std::span<float> gradients);
  // One pass of the objective, counted through all phases, in stages, for a mini-batch whose blocks must meet between them
  // (nn::Workspace::stages); each block has a BlockPass of its own. The first stage loads the samples; the loss is asked for after the
  // last one forward.
  nn::Workspace& workspace() { return m_workspace; }
  nn::Pass passOf(const Block& block, int pass) const;
  void forwardStage(int stage, int pass, const nn::Weights& weights, const Block& block);
  BlockResult askLoss(const Block& block, int pass);
  const tasks::Objective& objective() const { return *m_objective; }
  // The first node in topological order with a value that is not finite or farther from zero than `largest`, after forward of `block`;
  // -1: none.
  int firstBrokenNode(const nn::Weights& weights, const Block& block, float largest);

 private:
  void forward(const nn::Weights& weights, const Block& block, int pass);
  BlockResult evaluate(const Block& block, int pass, bool gradients, std::span<std::uint32_t> confusion, std::span<std::uint16_t> answers);
  bool takesPicture(int pass) const;
  int firstBrokenOf(const Block& block, int pass, float largest) const;
  void load(const Block& block);
  bool loadBytes(const Block& block);  // the short way, where nothing but the type of the numbers changes

  std::shared_ptr<const nn::Network> m_network;
  data::InputPipeline m_pipeline;
  std::unique_ptr<tasks::Objective> m_objective;
  std::vector<tasks::LossPass> m_passes;  // of all phases
  std::vector<nn::PartialPass> m_parts;   // of each; none where it goes through the whole network
  nn::Workspace m_workspace;
  std::vector<float> m_inputs;  // of all lanes, one after the other
  std::vector<float> m_clean;   // the same before they were corrupted; only where the task asks for that
  std::vector<float> m_plain, m_scratch, m_outputs, m_gradient;
};

}  // namespace train
