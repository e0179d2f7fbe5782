// A task that only tests know, added as any is: by one file and its name in a list. Each output is a single number, which is to be how much
// of the picture is ink; the first one counts.
#include <cmath>
#include <numeric>

#include "nn/Error.h"
#include "tasks/Task.h"

namespace tasks {

namespace {

const Metric kAbsoluteError{"absolute_error", "absolute error", "error", MetricFormat::Number, false};

class BrightnessObjective : public Objective {
 public:
  explicit BrightnessObjective(const nn::Network& network)
      : Objective({{{{{network.outputs().begin(), network.outputs().end()}}}}}, Reads::Input, 0, 0.25) {}

  SampleResult evaluate(const Sample& sample, std::span<float> gradient, std::span<std::uint32_t>) override {
    const float asked = std::accumulate(sample.input.begin(), sample.input.end(), 0.0f) / float(sample.input.size());
    SampleResult result{0, 1, {std::fabs(double(sample.outputs[0] - asked))}};
    for (std::size_t i = 0; i < sample.outputs.size(); ++i) {
      const float error = sample.outputs[i] - asked;
      if (!gradient.empty()) gradient[i] = 2 * error;
      result.loss += double(error) * double(error);
    }
    return result;
  }
};

}  // namespace

Task describeBrightness();
Task describeBrightness() {
  Task task{"brightness", "Brightness", "The output is how much of the picture is ink."};
  task.metrics = {kAbsoluteError};
  task.isMeantBy = [](const nn::Network&, int) { return false; };
  task.whyNoClass = [](const nn::Network&, int) { return std::string("the network tells the brightness of a picture"); };
  task.classProbabilities = [](const nn::Network&, int, std::span<const float>) { return std::vector<float>(); };
  task.channelName = [](const nn::Network&, int, int) { return std::string(); };
  task.askedNode = [](const nn::Network& network) { return network.outputs().front(); };
  task.requireFit = [](const nn::Network& network, const data::Dataset& dataset) {
    if (network.outputShape().size() != 1) throw nn::Error("the network has more outputs than one", dataset.name);
  };
  task.objective = [](const nn::Network& network, const ObjectiveSettings&) -> std::unique_ptr<Objective> {
    return std::make_unique<BrightnessObjective>(network);
  };
  task.measures = [](const Outcome& outcome) { return std::vector<Measure>{{kAbsoluteError, outcome.means[0]}}; };
  task.usualLoss = [](const nn::Network&) { return nn::LossKind::MeanSquaredError; };
  return task;
}

}  // namespace tasks
