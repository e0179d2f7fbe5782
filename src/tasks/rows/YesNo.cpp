// One probability: the answer is yes where it is more than a half, else no.
#include <cmath>

#include "nn/Error.h"
#include "tasks/Labels.h"

namespace tasks {

namespace {

constexpr float kHalf = 0.5f;

class YesNoObjective : public Objective {
 public:
  YesNoObjective(const nn::Network& network, const nn::LossSettings& loss)
      : Objective(network.outputs().front(), Reads::Label, 2, loss.kind == nn::LossKind::MeanSquaredError ? 0.25 : std::log(2.0)),
        m_loss(loss),
        m_isProbability(scoresOf(network, lossNode()) != nn::Scores::SigmoidLogits) {}

  SampleResult evaluate(const Sample& sample, std::span<float> gradient, std::span<std::uint32_t> confusion) override {
    const float value = sample.outputs.front(), limit = m_isProbability ? kHalf : 0.0f;
    const LossSlope one = compare(value, (sample.label == 1 ? 1 - m_loss.labelSmoothing : 0.0f) + m_loss.labelSmoothing / 2);
    if (!gradient.empty()) gradient.front() = one.slope;
    const int answered = value > limit ? 1 : 0;
    countAnswer(confusion, classes(), sample.label, answered);
    return {double(one.loss), 1, {answered == sample.label ? 1.0 : 0.0}, value == limit ? 1 : 0, answered};
  }

 private:
  LossSlope compare(float value, float asked) const {
    const float error = value - asked;
    if (m_loss.kind == nn::LossKind::MeanSquaredError) return {error * error, 2 * error};
    return binaryCrossEntropy(value, asked, m_isProbability);
  }

  nn::LossSettings m_loss;
  bool m_isProbability;
};

bool isOneSigmoid(const nn::Network& network, int output) {
  const nn::Scores kind = scoresOf(network, output);
  return network.node(output).shape.size() == 1 && (kind == nn::Scores::Sigmoids || kind == nn::Scores::SigmoidLogits);
}

std::string whyNoYesOrNo(const nn::Network& network, int output) {
  if (isOneSigmoid(network, output)) return {};
  return "its task is yes-no, and the network does not end in one sigmoid (" + outputText(network, output) + ")";
}

std::vector<float> noAndYes(const nn::Network& network, int output, std::span<const float> outputs) {
  if (!isOneSigmoid(network, output)) return {};
  std::vector<float> yes(outputs.begin(), outputs.end());
  makeProbabilities(yes, scoresOf(network, output));
  return std::isfinite(yes.front()) ? std::vector<float>{1 - yes.front(), yes.front()} : std::vector<float>();
}

}  // namespace

Task describeYesNo() {
  Task task{"yes-no", "Yes or no", "The one unit of the output is the probability of yes."};
  task.firstClass = 0;
  task.yesOrNo = true;
  task.metrics = {accuracyMetric()};
  task.isMeantBy = isOneSigmoid;
  task.whyNoClass = whyNoYesOrNo;
  task.classProbabilities = noAndYes;
  task.channelName = [](const nn::Network& network, int, int) {
    return network.spec().classNames.size() == 2 ? network.className(1) : std::string("yes");
  };
  task.requireFit = [](const nn::Network& network, const data::Dataset& dataset) {
    if (const std::string why = whyNoYesOrNo(network, network.outputs().front()); !why.empty())
      throw nn::Error(why, network.spec().name, "End in one unit with the activation sigmoid, or give it another task");
    requireClasses(dataset, 2, "one output, which says yes or no");
  };
  task.objective = [](const nn::Network& network, const ObjectiveSettings& settings) -> std::unique_ptr<Objective> {
    if (settings.loss.kind == nn::LossKind::Hinge)
      throw nn::Error("the hinge loss compares scores of classes, and the network has one output, which says yes or no",
                      network.spec().name, "Use the loss cross-entropy or mean-squared-error");
    return std::make_unique<YesNoObjective>(network, settings.loss);
  };
  task.measures = [](const Outcome& outcome) { return std::vector<Measure>{{accuracyMetric(), outcome.means[0]}}; };
  return task;
}

}  // namespace tasks
