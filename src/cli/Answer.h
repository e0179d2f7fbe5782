// A model's probabilities for one picture at a time, and what has to be said of them.
#pragma once

#include <optional>
#include <vector>

#include <QJsonArray>
#include <QJsonObject>

#include "cli/Command.h"
#include "data/InputPipeline.h"
#include "io/Model.h"
#include "nn/Workspace.h"
#include "tasks/EnergyScore.h"

namespace cli {

class Answerer {
 public:
  // Notes what is assumed of the model's input and outputs, or why they are no answer. likeMnist: as data::InputPipeline::prepare().
  Answerer(const io::Model& model, const Output& output, bool likeMnist = true);
  bool namesClasses() const { return m_answers; }  // whether the model is whole and ends in classes
  // One probability per class; empty where there is no answer: of a model that is not whole or names no class, and where its numbers are
  // not finite.
  std::vector<float> answer(const data::Picture& picture);
  bool sawNothing() const { return m_sawNothing; }  // no ink, and no colors that the network takes, in the last picture
  const std::vector<std::string>& noticed() const { return m_noticed; }  // of the last picture: what of it was left out, a sentence each
  const data::InputPipeline& pipeline() const { return m_pipeline; }
  // Of the probabilities: "label" (the number of the class) and "class" (its name); both null where there is no answer, and where several
  // are the largest.
  // Of a network that shows a picture (tasks::Shows), its mean squared error against what it was given the last time, in ink.
  std::optional<double> pictureError() const;
  // Of a network that generates pictures, how probably its discriminator takes the last picture for one of the data.
  std::optional<double> realScore() const;
  // How many of the pictures that the model was validated on are less familiar to it than the last one, 0 to 1; nothing where it does not
  // say how familiar those are, or has no answer.
  std::optional<double> familiarity() const { return m_familiarity; }
  QJsonObject answerObject(const std::vector<float>& probabilities) const;
  // Of a network with several outputs, each by its name: its values, where it is no picture, and the class that wins, where it has classes.
  QJsonArray outputs() const;
  const nn::Workspace& workspace() const { return m_workspace; }  // of the last answer

 private:
  data::InputPipeline m_pipeline;
  nn::Weights m_weights;
  nn::Workspace m_workspace;
  bool m_answers = true, m_likeMnist = true, m_sawNothing = true;
  std::vector<std::string> m_noticed;
  tasks::EnergyCalibration m_calibration;
  std::optional<double> m_familiarity;
};

QJsonArray arrayOf(const std::vector<float>& numbers);
// Notes what is taken for granted where the outputs are read as an answer, or why they are none.
void noteMeaning(const io::Model& model, const Output& output);
// Notes what was noticed of the picture that was answered last.
void noteNoticed(const QString& picture, const Answerer& answerer, const Output& output);
// Notes that several probabilities are the largest, so that no class is named.
void noteTie(const QString& picture, const std::vector<float>& probabilities, const Output& output);

}  // namespace cli
