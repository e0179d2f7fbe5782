// Pictures like those of the data, made from noise by two networks that play against each other (Goodfellow et al. 2014): the generator
// makes a picture, the discriminator says of a picture how probably it is one of the data. Each step first teaches the discriminator, by
// a picture of the data and one that was made, then the generator, by what the discriminator says of what it made; the gradient goes
// through the discriminator, which rests meanwhile. The losses are those of the paper, the generator's the one that does not saturate,
// or squared differences (Mao et al. 2017).
#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

#include "nn/Error.h"
#include "tasks/Task.h"

namespace tasks {

namespace {

const char* const kGenerator = "generator";
const char* const kDiscriminator = "discriminator";

// In the order of the passes.
enum Turn { kReal, kGenerated, kForGenerator };
enum GenerateFigure { kDiscriminatorLoss, kGeneratorLoss, kRealScore, kGeneratedScore };

std::vector<Metric> generateMetrics() {
  return {{"discriminator_loss", "discriminator's loss", "D loss", MetricFormat::Number, false},
          {"generator_loss", "generator's loss", "G loss", MetricFormat::Number, false},
          {"d_real", "D(x)", "D(x)", MetricFormat::Number, true},
          {"d_generated", "D(G(z))", "D(G(z))", MetricFormat::Number, true}};
}

// The nodes that the task is about; -1 where there is none.
struct Parts {
  int picture = -1;    // the input that the discriminator reads
  int generated = -1;  // the generator's picture
  int score = -1;      // the discriminator's output
};

Parts partsOf(const nn::Network& network) {
  Parts parts;
  for (const int input : network.inputs())
    if (parts.picture < 0 && !nn::drawsNoise(*network.node(input).layer)) parts.picture = input;
  for (const int output : network.outputs()) {
    const std::string& group = network.node(output).group;
    if (parts.generated < 0 && group == kGenerator) parts.generated = output;
    if (parts.score < 0 && group == kDiscriminator) parts.score = output;
  }
  return parts;
}

bool endsInSigmoid(const nn::Network& network, int node) {
  const nn::Network::Node& last = network.node(node);
  return last.layer->type() == "activation" && last.layer->activation() == nn::Activation::Sigmoid;
}

// The values before a final sigmoid, which belongs to the loss.
int logitOf(const nn::Network& network, int score) {
  return endsInSigmoid(network, score) ? network.node(score).inputs.front() : score;
}

double probabilityOf(double logit) {
  const double tail = std::exp(-std::fabs(logit));
  return (logit >= 0 ? 1.0 : tail) / (1.0 + tail);
}

class GenerateObjective : public Objective {
 public:
  GenerateObjective(const nn::Network& network, const Parts& parts, const nn::LossSettings& loss)
      : Objective(phasesOf(network, parts), Reads::Label, 0, 3 * (loss.kind == nn::LossKind::MeanSquaredError ? 0.25 : std::numbers::ln2)),
        m_squares(loss.kind == nn::LossKind::MeanSquaredError),
        m_smoothing(double(loss.labelSmoothing)) {}

  SampleResult evaluate(const Sample& sample, std::span<float> gradient, std::span<std::uint32_t>) override {
    assert(sample.outputs.size() == 1);
    const double logit = double(sample.outputs[0]), probability = probabilityOf(logit);
    // One-sided smoothing: of what is real alone, and not for the generator (Salimans et al. 2016).
    const double asked = sample.pass == kGenerated ? 0.0 : sample.pass == kReal ? 1.0 - m_smoothing : 1.0;
    const double difference = probability - asked;
    SampleResult result;
    if (m_squares)
      result.loss = difference * difference;
    else
      result.loss = std::max(logit, 0.0) - logit * asked + std::log1p(std::exp(-std::fabs(logit)));
    if (!gradient.empty()) gradient[0] = float(m_squares ? 2 * difference * probability * (1 - probability) : difference);
    result.answers = sample.pass == kReal ? 1 : 0;  // the three passes are one answer
    result.figures[sample.pass == kForGenerator ? kGeneratorLoss : kDiscriminatorLoss] = result.loss;
    if (sample.pass == kReal) result.figures[kRealScore] = probability;
    if (sample.pass == kGenerated) result.figures[kGeneratedScore] = probability;
    return result;
  }

 private:
  static std::vector<Phase> phasesOf(const nn::Network& network, const Parts& parts) {
    const std::vector<int> nodes{logitOf(network, parts.score)};
    const nn::Feed feed{parts.generated, parts.picture};
    return {{{{nodes}, {nodes, feed}}, kDiscriminator}, {{{nodes, feed}}, kGenerator}};
  }

  bool m_squares;
  double m_smoothing;
};

// Throws nn::Error where the network has not the parts that play against each other.
Parts requireParts(const nn::Network& network) {
  const std::string& where = network.spec().name;
  const Parts parts = partsOf(network);
  const auto refuse = [&](const std::string& what, const std::string& hint) -> void {
    throw nn::Error("its task is generate, and " + what, where, hint);
  };
  for (const char* group : {kGenerator, kDiscriminator})
    if (std::none_of(network.nodes().begin(), network.nodes().end(), [&](const auto& node) { return node.group == group; }))
      refuse("none of its nodes is in the group " + std::string(group), "Give each of them its \"group\": generator or discriminator");
  if (parts.generated < 0 || parts.score < 0)
    refuse("there is no output in the group " + std::string(parts.generated < 0 ? kGenerator : kDiscriminator),
           "End the generator in a picture and the discriminator in one value, and let nothing read either");
  const nn::Network::Node &generated = network.node(parts.generated), &score = network.node(parts.score);
  if (std::none_of(network.inputs().begin(), network.inputs().end(), [&](int i) { return nn::drawsNoise(*network.node(i).layer); }))
    refuse("it has no noise to make pictures from", "Let the generator read an input with \"source\": \"noise\"");
  if (parts.picture < 0) refuse("it has no input for the pictures of the data", "Add an input that the discriminator reads");
  if (score.shape.size() != 1)
    refuse("its discriminator ends in " + score.shape.text() + " values", "End it in one: how probably the picture is one of the data");
  if (generated.shape != network.node(parts.picture).shape)
    refuse("its generator makes a picture of " + generated.shape.text() + ", and its discriminator reads one of " +
               network.node(parts.picture).shape.text(),
           "Let both be of one size");
  if (!nn::canFeed(network, {parts.generated, parts.picture}))
    refuse("its discriminator comes before its generator", "List the generator's nodes first, and let them not read the picture");
  return parts;
}

std::unique_ptr<Objective> generateObjective(const nn::Network& network, const ObjectiveSettings& settings) {
  if (settings.loss.kind == nn::LossKind::Hinge)
    throw nn::Error("the hinge loss compares scores of classes, and the network generates pictures", network.spec().name,
                    "Use the loss cross-entropy or mean-squared-error");
  return std::make_unique<GenerateObjective>(network, requireParts(network), settings.loss);
}

std::vector<Measure> measuresOfGeneration(const Outcome& outcome) {
  std::vector<Measure> measures;
  for (const Metric& metric : generateMetrics()) measures.push_back({metric, outcome.means[measures.size()]});
  return measures;
}

}  // namespace

Task describeGenerate() {
  Task task{"generate", "Generation", "A generator makes pictures from noise, and a discriminator tells them from those of the data."};
  task.shows = Shows::Generated;
  task.metrics = generateMetrics();
  task.toldMetrics = task.metrics.size();
  task.twoLosses = true;
  task.choosesBest = false;
  task.allOutputs = true;
  task.remark = "The noise is always the same here. The drawing goes to the discriminator alone.";
  task.invitation = "Draw: how real is it?";
  task.isMeantBy = [](const nn::Network&, int) { return false; };
  task.whyNoClass = [](const nn::Network&, int) { return std::string("the network generates pictures"); };
  task.askedNode = [](const nn::Network& network) {
    const int score = partsOf(network).score;
    return score < 0 ? network.outputs().front() : logitOf(network, score);
  };
  task.requireFit = [](const nn::Network& network, const data::Dataset&) { requireParts(network); };
  task.objective = generateObjective;
  task.measures = measuresOfGeneration;
  task.generation = [](const nn::Network& network) {
    const Parts parts = partsOf(network);
    return Generation{parts.generated, parts.score, parts.score >= 0 && !endsInSigmoid(network, parts.score)};
  };
  return task;
}

}  // namespace tasks
