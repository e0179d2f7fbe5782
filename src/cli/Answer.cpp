#include "cli/Answer.h"

#include "analysis/Answer.h"
#include "analysis/Assumptions.h"
#include "data/Dataset.h"

namespace cli {

Answerer::Answerer(const io::Model& model, const Output& output) : m_weights(model.network), m_workspace(model.network, 1, false) {
  m_weights.assign(model.parameters);
  const std::string noClass = analysis::whyNoClass(*model.network);
  m_answers = model.unread.empty() && noClass.empty();
  if (!model.unread.empty()) output.note(QString::fromStdString("no class is named: " + io::unreadText(model)));
  if (!noClass.empty()) output.note(QString::fromStdString("no class is named: " + noClass));
  for (const std::string& assumption : analysis::answerAssumptions(*model.network, m_answers))
    output.note(QString::fromStdString(assumption));
  const int side = data::PreprocessingOptions().outputPx;
  const std::string fit = data::fitText("the ink of a picture is prepared as", {1, side, side}, model.network->inputShape());
  if (!fit.empty()) output.note(QString::fromStdString(fit));
}

std::vector<float> Answerer::answer(const data::GrayImage& drawing) {
  const nn::Network& network = *m_workspace.network();
  std::vector<float> input(network.inputShape().size());
  data::fitInput(std::span<const float>(drawing.ink), {1, drawing.height, drawing.width}, network.inputShape(), input);
  m_workspace.setInput(0, input);
  m_workspace.forward(m_weights);
  if (!m_answers) return {};
  const int output = network.outputs().front();
  std::vector<float> values(network.node(output).shape.size());
  m_workspace.read(output, 0, values);
  return analysis::classProbabilities(network, values);
}

QJsonObject Answerer::answerObject(const std::vector<float>& probabilities) const {
  const int best = analysis::winnerOf(probabilities);
  if (best < 0) return {{"label", QJsonValue()}, {"class", QJsonValue()}};
  return {{"label", best}, {"class", QString::fromStdString(analysis::className(*m_workspace.network(), best))}};
}

void noteTie(const QString& picture, const std::vector<float>& probabilities, const Output& output) {
  if (probabilities.empty()) return;
  if (const std::string why = analysis::whyNoWinner(probabilities); !why.empty())
    output.note(picture + ": no class is named: " + QString::fromStdString(why));
}

}  // namespace cli
