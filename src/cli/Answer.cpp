#include "cli/Answer.h"

#include <algorithm>
#include <cmath>

#include "analysis/Answer.h"
#include "data/Dataset.h"

namespace cli {

namespace {

// What is taken for granted of outputs that are no softmax over classes.
QString assumptionOf(const nn::Network& network) {
  const nn::Network::Node& last = network.node(network.outputs().front());
  const QString name = QString::fromStdString(last.name);
  if (!last.shape.isVector())
    return QString("the network ends in a picture (%1): a class's probability is its share of all that is not channel 0, the ground")
        .arg(name);
  if (last.layer->activation() == nn::Activation::None) return {};  // scores, as usual
  return QString("the network's last function (%1) is no softmax: the probabilities are a softmax over its outputs").arg(name);
}

}  // namespace

Answerer::Answerer(const io::Model& model, const Output& output) : m_weights(model.network), m_workspace(model.network, 1, false) {
  m_weights.assign(model.parameters);
  const std::string noClass = analysis::whyNoClass(*model.network);
  m_answers = model.unread.empty() && noClass.empty();
  if (!model.unread.empty()) output.note(QString::fromStdString("no class is named: " + io::unreadText(model)));
  if (!noClass.empty()) output.note(QString::fromStdString("no class is named: " + noClass));
  if (m_answers && !assumptionOf(*model.network).isEmpty()) output.note(assumptionOf(*model.network));
  noteOutputs(*model.network, output);
  if (const std::size_t inputs = model.network->inputs().size(); inputs > 1)
    output.note(QString("the network has %1 inputs: the picture goes to the first, the others are all zero").arg(inputs));
}

std::vector<float> Answerer::answer(const data::GreyImage& drawing) {
  const nn::Network& network = *m_workspace.network();
  std::vector<float> input(network.inputShape().size());
  data::fitInput(std::span<const float>(drawing.ink), {1, drawing.height, drawing.width}, network.inputShape(), input);
  m_workspace.setInput(0, input);
  m_workspace.forward(m_weights);
  if (!m_answers) return {};
  const int output = network.outputs().front();
  std::vector<float> values(network.node(output).shape.size());
  m_workspace.read(output, 0, values);
  std::vector<float> probabilities = analysis::classProbabilities(network, values);
  const bool finite = std::all_of(probabilities.begin(), probabilities.end(), [](float p) { return std::isfinite(p); });
  return finite ? probabilities : std::vector<float>();
}

QJsonObject Answerer::answerObject(const std::vector<float>& probabilities) const {
  if (probabilities.empty()) return {{"label", QJsonValue()}, {"class", QJsonValue()}};
  const auto best = int(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
  return {{"label", best}, {"class", QString::fromStdString(m_workspace.network()->className(best))}};
}

}  // namespace cli
