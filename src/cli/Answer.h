// A model's probabilities for one picture at a time, and what has to be said of them.
#pragma once

#include <vector>

#include <QJsonObject>

#include "cli/Command.h"
#include "data/Preprocessing.h"
#include "io/Model.h"
#include "nn/Workspace.h"

namespace cli {

class Answerer {
 public:
  // Notes what is assumed of the model's outputs, or why they are no answer.
  Answerer(const io::Model& model, const Output& output);
  // `drawing`: gray, 0..1, any size. One probability per class; empty where there is no answer: of a model that is not whole or names no
  // class, and where its numbers are not finite.
  std::vector<float> answer(const data::GrayImage& drawing);
  // Of the probabilities: "label" (the number of the class) and "class" (its name); both null where there is no answer, and where several
  // are the largest.
  QJsonObject answerObject(const std::vector<float>& probabilities) const;
  const nn::Workspace& workspace() const { return m_workspace; }  // of the last answer

 private:
  nn::Weights m_weights;
  nn::Workspace m_workspace;
  bool m_answers = true;
};

// Notes that several probabilities are the largest, so that no class is named.
void noteTie(const QString& picture, const std::vector<float>& probabilities, const Output& output);

}  // namespace cli
