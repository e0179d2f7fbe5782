// The trace (analysis/Trace.h) as a row: what every pixel and every unit adds to the class's score, for and against.
#include "analysis/Answer.h"
#include "analysis/Trace.h"
#include "analysis/attribution/Maps.h"
#include "nn/Error.h"

namespace analysis {

namespace {

void addTargets(const Target& target, const nn::Shape& shape, int map, float sign, std::vector<TraceTarget>& targets) {
  for (int y = 0; y < shape.height; ++y)
    for (int x = 0; x < shape.width; ++x) targets.push_back({target.node, {map, y, x}, sign});
}

std::vector<TraceTarget> targetsOf(const Question& question, std::vector<std::string>& notes) {
  const nn::Network& network = question.network();
  const Target& target = question.target;
  const nn::Shape& shape = network.node(target.node).shape;
  const int classes = classCount(network);
  const auto against = std::get<std::int64_t>(question.request.fields.at("against"));
  std::vector<TraceTarget> targets;
  addTargets(target, shape, channelOfClass(network, target.label), signOfClass(network, target.label), targets);
  if (against < 0) return targets;
  if (against >= classes)
    throw nn::Error("there is no class " + std::to_string(against), "against", "They are counted from 0 to " + std::to_string(classes - 1));
  if (against == target.label) throw nn::Error("this is the class that is explained itself", "against", "Name another class");
  // What the one unit of a yes or no says for one class, it says against the other.
  const int other = channelOfClass(network, int(against));
  if (other != targets.front().cell.channel) addTargets(target, shape, other, -1, targets);
  notes.push_back("What is explained is why " + target.name + " and not class " + className(network, int(against)) + ".");
  return targets;
}

std::optional<Result> contributionTrace(const Question& question, const Progress&) {
  const nn::Network& network = question.network();
  std::vector<std::size_t> offset;
  std::vector<float> values;
  for (int node = 0; node < int(network.nodes().size()); ++node) {
    offset.push_back(values.size());
    const std::vector<float>& own = question.pass.values(node);
    values.insert(values.end(), own.begin(), own.end());
  }
  Result result;
  const std::vector<TraceTarget> targets = targetsOf(question, result.notes);
  Trace trace = traceOf({network, question.request.weights->flat(), offset, values}, targets);
  double bias = 0, pixels = 0;
  for (const double amount : trace.bias) bias += amount;
  for (const int input : network.inputs())
    for (const float amount : trace.amounts[std::size_t(input)]) pixels += double(amount);
  std::vector<float>& cells = trace.amounts[std::size_t(network.inputs().front())];
  if (cells.empty()) cells.assign(question.inputShape().size(), 0.0f);  // nothing of it was reached
  result.map = sumOfChannels(question.inputShape(), cells);
  const bool differs = std::get<std::int64_t>(question.request.fields.at("against")) >= 0;
  result.units = std::move(trace.amounts);
  result.isSigned = true;
  result.words = {"contribution", "against", "for"};
  result.figures = {{differs ? "score above the other class's" : "score", trace.total},
                    {"from the pixels", pixels},
                    {"from the biases", bias},
                    {"rest", trace.rest}};
  if (!trace.complete) result.notes.push_back("The network is so large that only its strongest units were followed.");
  return result;
}

}  // namespace

Method describeContributionTrace() {
  Method method{"trace", "Trace", "What every pixel and every unit adds to the score of the class, for and against.",
                "Bach et al. 2015, as in Ancona et al. 2018"};
  method.fields = {
      {"against", "Against", "Why the class and not this one, counted from 0; -1: the class alone.", std::int64_t(-1), -1, 65535}};
  method.run = contributionTrace;
  return method;
}

}  // namespace analysis
