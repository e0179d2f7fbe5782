// The network as the window runs it: parameters repacked for the engine and a workspace of one sample. Run by LiveInference and, for
// networks that are slow, by the pool that runs them beside the window; one thread at a time. No Qt.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "data/InputPipeline.h"
#include "nn/Network.h"
#include "nn/Workspace.h"
#include "scene/Scene.h"

namespace ui {

class InferenceRunner {
 public:
  InferenceRunner(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters);

  const std::shared_ptr<const nn::Network>& network() const { return m_network; }  // any thread
  bool isSlow() const { return m_slow; }                               // a pass takes longer than the window may stand still; any thread
  bool hasLargeInput() const { return m_input.size() > kLargeInput; }  // to prepare a drawing for it does so, too; then it is slow
  const std::shared_ptr<const std::vector<float>>& parameters() const { return m_parameters; }
  void setParameters(std::shared_ptr<const std::vector<float>> parameters);

  const data::InputPipeline& pipeline() const { return m_pipeline; }  // any thread

  // One forward pass over a prepared drawing, or the colors of the same picture, as data::InputPipeline::write() takes them.
  std::shared_ptr<const scene::Values> run(const data::GrayImage& prepared, const data::ColorImage* colors = nullptr);

 private:
  static constexpr std::size_t kLargeInput = 500000;  // a few milliseconds
  std::shared_ptr<const nn::Network> m_network;
  data::InputPipeline m_pipeline;
  std::shared_ptr<const std::vector<float>> m_parameters;
  nn::Weights m_weights;
  nn::Workspace m_workspace;
  std::vector<float> m_input;
  std::uint64_t m_version = 0;
  bool m_slow = false;
};

}  // namespace ui
