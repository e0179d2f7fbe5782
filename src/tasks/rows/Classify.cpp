// A vector of scores: the answer is the class with the largest.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "nn/Counted.h"
#include "nn/Error.h"
#include "tasks/Labels.h"

namespace tasks {

namespace {

class ClassifyObjective : public Objective {
 public:
  ClassifyObjective(const nn::Network& network, const nn::LossSettings& loss)
      : Objective(labelLossNode(network, loss), Reads::Label, std::size_t(network.outputShape().channels),
                  lossOfGuessing(loss, scoresOf(network, labelLossNode(network, loss)), network.outputShape().channels)),
        m_loss(loss),
        m_kind(scoresOf(network, lossNode())) {}

  SampleResult evaluate(const Sample& sample, std::span<float> gradient, std::span<std::uint32_t> confusion) override {
    const float loss = comparedWithLabel(m_loss, m_kind, sample.outputs, sample.label, gradient);
    const auto [answered, tied] = largestOf(sample.outputs);
    countAnswer(confusion, classes(), sample.label, answered);
    return {double(loss), 1, {answered == sample.label ? 1.0 : 0.0}, tied ? 1 : 0, answered};
  }

 private:
  nn::LossSettings m_loss;
  nn::Scores m_kind;
};

bool isVectorOfScores(const nn::Network& network, int output) {
  return network.node(output).shape.isVector();
}

std::string whyVectorNamesNoClass(const nn::Network& network, int output) {
  const nn::Shape& shape = network.node(output).shape;
  if (!shape.isVector()) return "its task is classify, and the network ends in a picture (" + outputText(network, output) + ")";
  return shape.channels < 2 ? "the network ends in a single number (" + outputText(network, output) + ")" : std::string();
}

std::vector<float> probabilitiesOfVector(const nn::Network& network, int output, std::span<const float> outputs) {
  if (!whyVectorNamesNoClass(network, output).empty()) return {};
  std::vector<float> result(outputs.begin(), outputs.end());
  makeProbabilities(result, scoresOf(network, output));
  return std::all_of(result.begin(), result.end(), [](float p) { return std::isfinite(p); }) ? result : std::vector<float>();
}

// What is behind the first output may be anything, such as the corners of a box: it is classes where a softmax or names say so.
std::string nameOfUnit(const nn::Network& network, int output, int channel) {
  const auto units = std::size_t(network.node(output).shape.channels), names = network.spec().classNames.size();
  const int first = network.outputs().front();
  const bool scores = output == first || output == network.logitsNode(first) || endsInSoftmax(network, output);
  return names == units || (scores && units > 1) ? nameOrNumber(network, channel, names == units) : std::string();
}

void requireVectorFit(const nn::Network& network, const data::Dataset& dataset) {
  const nn::Shape output = network.outputShape();
  if (!output.isVector())
    throw nn::Error("its task is classify, and the network ends in a picture of " + output.text(), network.spec().name,
                    "End in a vector of classes, or give it another task");
  requireClasses(dataset, std::size_t(output.channels), nn::counted(std::size_t(output.channels), "output", "outputs"));
}

}  // namespace

Task describeClassify() {
  Task task{"classify", "Classification", "Each unit of the output is the score of a class."};
  task.firstClass = 0;
  task.metrics = {accuracyMetric()};
  task.isMeantBy = isVectorOfScores;
  task.whyNoClass = whyVectorNamesNoClass;
  task.classProbabilities = probabilitiesOfVector;
  task.channelName = nameOfUnit;
  task.requireFit = requireVectorFit;
  task.objective = [](const nn::Network& network, const ObjectiveSettings& settings) -> std::unique_ptr<Objective> {
    return std::make_unique<ClassifyObjective>(network, settings.loss);
  };
  task.measures = [](const Outcome& outcome) { return std::vector<Measure>{{accuracyMetric(), outcome.means[0]}}; };
  return task;
}

}  // namespace tasks
