#include "cli/Answer.h"

#include <cmath>

#include "analysis/Answer.h"
#include "analysis/Assumptions.h"
#include "tasks/Pictures.h"
#include "tasks/Task.h"

namespace cli {

void noteMeaning(const io::Model& model, const Output& output) {
  const nn::Network& network = *model.network;
  const bool whole = model.unread.empty();
  const std::string noClass = analysis::whyNoClass(network);
  const bool pictures = tasks::taskOf(network).shows != tasks::Shows::Classes;
  if (!noClass.empty() && !pictures) output.noteIfAny("no class is named: " + noClass);
  for (const std::string& assumption : analysis::answerAssumptions(network, whole && (noClass.empty() || pictures)))
    output.noteIfAny(assumption);
}

Answerer::Answerer(const io::Model& model, const Output& output, bool likeMnist)
    : m_pipeline(*model.network),
      m_weights(model.network),
      m_workspace(model.network, 1, false),
      m_likeMnist(likeMnist),
      m_calibration(model.calibration) {
  m_weights.assign(model.parameters);
  m_answers = model.unread.empty() && analysis::whyNoClass(*model.network).empty();
  if (!model.unread.empty()) output.noteIfAny("no class is named: " + io::unreadText(model));
  noteMeaning(model, output);
  for (const std::string& assumption : m_pipeline.assumptions()) output.noteIfAny(assumption);
  const int side = m_pipeline.drawingPx();
  if (!m_pipeline.takesColors()) output.noteIfAny(m_pipeline.fitText("the ink of a picture is prepared as", {1, side, side}));
}

std::vector<float> Answerer::answer(const data::Picture& picture) {
  const nn::Network& network = *m_workspace.network();
  std::vector<float> input(network.inputShape().size());
  const data::PreparedDrawing drawing = m_pipeline.prepare(picture.ink, m_likeMnist, picture.strokes);
  const bool inColors = picture.colors && m_pipeline.takesColors();
  m_sawNothing = drawing.empty && !inColors;
  m_noticed = inColors ? std::vector<std::string>() : drawing.notes;
  m_pipeline.write(drawing.result, picture.colors.get(), input);
  m_workspace.setInput(0, input);
  m_workspace.forward(m_weights);
  m_familiarity.reset();
  if (!m_answers) return {};
  const int output = network.outputs().front();
  const auto valuesOf = [&](int node) {
    std::vector<float> values(network.node(node).shape.size());
    m_workspace.read(node, 0, values);
    return values;
  };
  if (const int scored = tasks::energyNode(network); scored >= 0 && !m_calibration.empty())
    m_familiarity = m_calibration.shareBelow(tasks::energyScore(network, valuesOf(scored)));
  return analysis::classProbabilities(network, valuesOf(output));
}

std::optional<double> Answerer::pictureError() const {
  const nn::Network& network = *m_workspace.network();
  if (tasks::taskOf(network).shows != tasks::Shows::Picture || network.outputShape().size() != network.inputShape().size())
    return std::nullopt;
  std::vector<float> given(network.inputShape().size()), made(given.size());
  m_workspace.read(network.inputs().front(), 0, given);
  m_workspace.read(network.outputs().front(), 0, made);
  return tasks::meanSquaredInk(m_pipeline, given, made);
}

std::optional<double> Answerer::realScore() const {
  const nn::Network& network = *m_workspace.network();
  const tasks::Task& task = tasks::taskOf(network);
  const int node = task.generation ? task.generation(network).score : -1;
  if (node < 0) return std::nullopt;
  std::vector<float> values(network.node(node).shape.size());
  m_workspace.read(node, 0, values);
  const double value = task.generation(network).probability(values.front());
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

QJsonObject Answerer::answerObject(const std::vector<float>& probabilities) const {
  const int best = analysis::winnerOf(probabilities);
  if (best < 0) return {{"label", QJsonValue()}, {"class", QJsonValue()}};
  return {{"label", best}, {"class", QString::fromStdString(analysis::className(*m_workspace.network(), best))}};
}

QJsonArray Answerer::outputs() const {
  const nn::Network& network = *m_workspace.network();
  QJsonArray all;
  for (const int output : network.outputs()) {
    const nn::Network::Node& node = network.node(output);
    QJsonObject one{{"name", QString::fromStdString(node.name)}, {"class", QJsonValue()}};
    if (node.shape.isVector()) {
      std::vector<float> values(node.shape.size());
      m_workspace.read(output, 0, values);
      const int best = analysis::answerName(network, output, 0).empty() ? -1 : analysis::winnerOf(values);
      if (best >= 0) one["class"] = QString::fromStdString(analysis::answerName(network, output, best));
      one["values"] = arrayOf(values);
    }
    all.append(one);
  }
  return all.size() > 1 ? all : QJsonArray();
}

QJsonArray arrayOf(const std::vector<float>& numbers) {
  QJsonArray list;
  for (const float number : numbers) list.append(double(number));
  return list;
}

void noteNoticed(const QString& picture, const Answerer& answerer, const Output& output) {
  for (const std::string& note : answerer.noticed()) output.note(picture + ": " + QString::fromStdString(note));
  const std::string unusual = answerer.sawNothing() ? std::string() : tasks::unusualText(answerer.familiarity());
  if (!unusual.empty()) output.note(picture + ": " + QString::fromStdString(unusual));
}

void noteTie(const QString& picture, const std::vector<float>& probabilities, const Output& output) {
  if (probabilities.empty()) return;
  if (const std::string why = analysis::whyNoWinner(probabilities); !why.empty())
    output.note(picture + ": no class is named: " + QString::fromStdString(why));
}

}  // namespace cli
