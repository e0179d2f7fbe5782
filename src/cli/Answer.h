// A model's probabilities for one picture at a time.
#pragma once

#include <vector>

#include "data/Preparation.h"
#include "io/Model.h"
#include "nn/Workspace.h"

namespace cli {

class Answerer {
 public:
  explicit Answerer(const io::Model& model);
  // `drawing`: grey, 0..1, any size. One probability per class.
  std::vector<float> answer(const data::GreyImage& drawing);
  const nn::Workspace& workspace() const { return m_workspace; }  // of the last answer

 private:
  nn::Weights m_weights;
  nn::Workspace m_workspace;
};

}  // namespace cli
