// The gradient of the loss of a single sample by every unit and every parameter: what a training step would use of this sample. One
// thread; keeps its memory from one call to the next.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "data/InputPipeline.h"
#include "nn/SamplePass.h"
#include "tasks/Task.h"

namespace train {

class SampleGradients {
 public:
  SampleGradients(const std::shared_ptr<const nn::Network>& network, const tasks::ObjectiveSettings& settings);

  // input: of the first input node, CHW; label: the class that is asked for, less than classes(), of a task with classes. Dropout is off
  // and batch norm uses its running figures, as when the network answers. Gives the loss.
  double compute(const nn::Weights& weights, std::span<const float> input, int label);
  int classes() const;  // that a label may be; 0 where the task names none

  // Of the last compute(). Per node, CHW; empty for nodes behind the one that the loss is taken at.
  const std::vector<std::vector<float>>& units() const { return *m_units; }
  const std::vector<float>& parameters() const { return m_pass.parameterGradients(); }

 private:
  data::InputPipeline m_pipeline;
  std::unique_ptr<tasks::Objective> m_objective;
  std::vector<int> m_lossNodes;  // of the pass that the picture takes
  int m_firstClass;
  nn::SamplePass m_pass;
  std::vector<float> m_outputs, m_outputGradient, m_ink;  // the last of the input
  const std::vector<std::vector<float>>* m_units = nullptr;
};

}  // namespace train
