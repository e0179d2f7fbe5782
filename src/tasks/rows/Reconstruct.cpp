// The output is the input again: an autoencoder. The input is corrupted by noise on the way in and the clean picture is asked for, so that
// the network learns what pictures look like rather than to copy them (Vincent et al. 2008). The loss is the cross-entropy of each pixel,
// taken as a probability, or the mean squared error.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "data/InputPipeline.h"
#include "data/Random.h"
#include "nn/Error.h"
#include "tasks/Labels.h"
#include "tasks/Pictures.h"

namespace tasks {

namespace {

constexpr float kLeastProbability = 1e-7f;  // a logarithm of nothing is none

Metric squaredErrorMetric() {
  return {"mean_squared_error", "mean squared error", "error", MetricFormat::Number, false};
}

// How outputs and pixels are compared: the values before the sigmoid, the values behind one, or whatever they are.
enum class Compares { Logits, Probabilities, Squares };

bool isSigmoid(const nn::Network::Node& node) {
  return node.layer->activation() == nn::Activation::Sigmoid;
}

Compares comparisonOf(const nn::Network& network, nn::LossKind loss) {
  const nn::Network::Node& last = network.node(network.outputs().front());
  if (loss == nn::LossKind::MeanSquaredError) return Compares::Squares;
  return last.layer->type() == "activation" && isSigmoid(last) ? Compares::Logits : Compares::Probabilities;
}

int comparedNode(const nn::Network& network, nn::LossKind loss) {
  const int output = network.outputs().front();
  return comparisonOf(network, loss) == Compares::Logits ? network.node(output).inputs.front() : output;
}

// With a gray picture of 0.5 everywhere.
double lossOfGray(nn::LossKind loss) {
  return loss == nn::LossKind::MeanSquaredError ? 0.25 : std::log(2.0);
}

class ReconstructObjective : public Objective {
 public:
  ReconstructObjective(const nn::Network& network, const ObjectiveSettings& settings)
      : Objective(comparedNode(network, settings.loss.kind), Reads::InputAndClean, 0, lossOfGray(settings.loss.kind)),
        m_pipeline(network),
        m_compares(comparisonOf(network, settings.loss.kind)),
        m_smoothing(settings.loss.labelSmoothing),
        m_noise(settings.noise),
        m_asked(network.inputShape().size()),
        m_made(m_asked.size()) {}

  void corrupt(std::span<float> ink, std::uint64_t key) const override {
    if (m_noise <= 0) return;
    data::Random random(key);
    for (float& value : ink) value = std::clamp(value + m_noise * random.normal(), 0.0f, 1.0f);
  }

  SampleResult evaluate(const Sample& sample, std::span<float> gradient, std::span<std::uint32_t>) override {
    assert(sample.outputs.size() == m_asked.size() && sample.clean.size() == m_asked.size());
    std::copy(sample.clean.begin(), sample.clean.end(), m_asked.begin());
    m_pipeline.inkToInput(m_asked);
    const float share = 1.0f / float(m_asked.size());
    double loss = 0;
    for (std::size_t i = 0; i < m_asked.size(); ++i) {
      const auto [made, own, slope] = compare(sample.outputs[i], m_asked[i]);
      m_made[i] = made;
      loss += double(own);
      if (!gradient.empty()) gradient[i] = share * slope;
    }
    m_pipeline.inputToInk(m_made);
    SampleResult result{loss / double(m_asked.size()), int(m_asked.size())};
    result.figures = {squaredDifference(m_made, sample.clean), squaredDifference(sample.input, sample.clean)};
    return result;
  }

 private:
  struct Compared {
    float made, loss, slope;  // the network's value, and its loss with the derivative by the compared one
  };
  Compared compare(float x, float pixel) const {
    if (m_compares == Compares::Squares) return {x, (x - pixel) * (x - pixel), 2 * (x - pixel)};
    const float asked = pixel * (1 - m_smoothing) + m_smoothing / 2;
    const bool isProbability = m_compares == Compares::Probabilities;
    const auto [loss, slope] = binaryCrossEntropy(x, asked, isProbability);
    return {isProbability ? x : 1 / (1 + std::exp(-x)), loss, slope};
  }

  data::InputPipeline m_pipeline;
  Compares m_compares;
  float m_smoothing, m_noise;
  std::vector<float> m_asked, m_made;  // of one sample: the input's values without noise; the network's
};

std::unique_ptr<Objective> reconstructObjective(const nn::Network& network, const ObjectiveSettings& settings) {
  const std::string& where = network.spec().name;
  if (settings.loss.kind == nn::LossKind::Hinge)
    throw nn::Error("the hinge loss compares scores of classes, and the network reconstructs its input", where,
                    "Use the loss cross-entropy or mean-squared-error");
  const nn::InputSpec& input = network.spec().input;
  const bool shares = input.low == 0 && input.high == 1 && input.mean.empty() && input.deviation.empty();
  if (settings.loss.kind != nn::LossKind::MeanSquaredError && !(shares && isSigmoid(network.node(network.outputs().front()))))
    throw nn::Error("a cross-entropy takes pixels for probabilities, and " +
                        std::string(shares ? "the network does not end in a sigmoid" : "those of its input are not between 0 and 1"),
                    where, "Use the loss mean-squared-error" + std::string(shares ? ", or end in a sigmoid" : ""));
  return std::make_unique<ReconstructObjective>(network, settings);
}

bool hasAsManyOutputsAsPixels(const nn::Network& network, int output) {
  const nn::Shape &to = network.node(output).shape, from = network.inputShape();
  if (!network.spec().classNames.empty() || endsInSoftmax(network, output)) return false;
  return to.size() == from.size() && !nn::pictureShape(from).isVector() && (to == from || to.isVector());
}

void requireReconstructible(const nn::Network& network, const data::Dataset&) {
  const nn::Shape to = network.outputShape(), from = network.inputShape();
  if (to.size() != from.size())
    throw nn::Error("its task is reconstruct, and it has " + to.text() + " outputs for an input of " + from.text(), network.spec().name,
                    "End in as many values as the input has");
}

std::vector<Measure> measuresOfReconstruction(const Outcome& outcome) {
  const auto decibel = [](const char* id, const char* title, const char* brief, double error) {
    return Measure{{id, title, brief, MetricFormat::Decibel, true}, psnrOf(error)};
  };
  return {
      {squaredErrorMetric(), outcome.means[0]},
      decibel("psnr", "peak signal-to-noise ratio", "PSNR", outcome.means[0]),
      {{"noisy_mean_squared_error", "mean squared error of the noisy input", "noise error", MetricFormat::Number, false}, outcome.means[1]},
      decibel("noisy_psnr", "peak signal-to-noise ratio of the noisy input", "noise PSNR", outcome.means[1])};
}

}  // namespace

Task describeReconstruct() {
  Task task{"reconstruct", "Reconstruction", "The output is the input's picture again, without what was added to it."};
  task.shows = Shows::Picture;
  task.perPixel = true;
  task.metrics = {squaredErrorMetric(),
                  {"noisy_mean_squared_error", "mean squared error of the noisy input", "noise error", MetricFormat::Number, false}};
  task.assumption = "It has as many outputs as its input has pixels, which is taken for a reconstruction of the input.";
  task.isMeantBy = hasAsManyOutputsAsPixels;
  task.whyNoClass = [](const nn::Network&, int) { return std::string("the network reconstructs its input"); };
  task.askedNode = [](const nn::Network& network) { return network.outputs().front(); };
  task.requireFit = requireReconstructible;
  task.objective = reconstructObjective;
  task.measures = measuresOfReconstruction;
  task.usualLoss = [](const nn::Network& network) {
    const nn::InputSpec& input = network.spec().input;
    const bool shares = input.low == 0 && input.high == 1 && input.mean.empty() && input.deviation.empty();
    return shares && isSigmoid(network.node(network.outputs().front())) ? nn::LossKind::CrossEntropy : nn::LossKind::MeanSquaredError;
  };
  return task;
}

}  // namespace tasks
