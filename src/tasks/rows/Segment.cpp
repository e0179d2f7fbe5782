// A picture (channels x height x width) that answers at every pixel: channel 0 for the ground, channel 1 + label where the input is ink.
// What is asked there is read off the input itself, so that it moves along with every augmentation.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "nn/Counted.h"
#include "nn/Error.h"
#include "tasks/Labels.h"

namespace tasks {

namespace {

constexpr float kInk = 0.5f;  // a pixel whose mean over the channels is more than this is ink
constexpr const char* kGround = "background";

std::size_t areaOf(const nn::Shape& shape) {
  return std::size_t(shape.height) * std::size_t(shape.width);
}

class SegmentObjective : public Objective {
 public:
  SegmentObjective(const nn::Network& network, const nn::LossSettings& loss)
      : Objective(labelLossNode(network, loss), Reads::Input, std::size_t(network.outputShape().channels),
                  lossOfGuessing(loss, scoresOf(network, labelLossNode(network, loss)), network.outputShape().channels)),
        m_loss(loss),
        m_kind(scoresOf(network, lossNode())),
        m_channels(network.inputShape().channels),
        m_pixels(areaOf(network.outputShape())),
        m_scores(classes()),
        m_pull(classes()) {}

  SampleResult evaluate(const Sample& sample, std::span<float> gradient, std::span<std::uint32_t> confusion) override {
    assert(sample.outputs.size() == m_scores.size() * m_pixels && sample.input.size() == std::size_t(m_channels) * m_pixels);
    const float share = 1.0f / float(m_pixels);
    SampleResult answer;
    int correct = 0;
    for (std::size_t pixel = 0; pixel < m_pixels; ++pixel) {
      for (std::size_t c = 0; c < m_scores.size(); ++c) m_scores[c] = sample.outputs[c * m_pixels + pixel];
      float light = 0;
      for (int c = 0; c < m_channels; ++c) light += sample.input[std::size_t(c) * m_pixels + pixel];
      const int asked = light > kInk * float(m_channels) ? sample.label + 1 : 0;
      answer.loss +=
          double(comparedWithLabel(m_loss, m_kind, m_scores, asked, gradient.empty() ? std::span<float>() : std::span<float>(m_pull)));
      for (std::size_t c = 0; c < m_scores.size() && !gradient.empty(); ++c) gradient[c * m_pixels + pixel] = share * m_pull[c];
      const auto [answered, tied] = largestOf(m_scores);
      countAnswer(confusion, classes(), asked, answered);
      correct += answered == asked;
      answer.ties += tied;
    }
    answer.loss /= double(m_pixels);
    answer.answers = int(m_pixels);
    answer.figures[0] = correct;
    return answer;
  }

 private:
  nn::LossSettings m_loss;
  nn::Scores m_kind;
  int m_channels;
  std::size_t m_pixels;
  std::vector<float> m_scores, m_pull;  // of one pixel: its outputs, and their gradient
};

bool namesChannels(const nn::Network& network, int output) {
  const std::size_t names = network.spec().classNames.size(), channels = std::size_t(network.node(output).shape.channels);
  return names > 0 && (names == channels || names + 1 == channels);
}

// A picture says of each pixel what it belongs to where a softmax goes over its channels, where the network has names of classes, or where
// it says that this is its task; else it may be anything, such as the maps of a network that was cut off.
std::string whyPictureNamesNoClass(const nn::Network& network, int output) {
  const nn::Shape& shape = network.node(output).shape;
  const bool softmax = endsInSoftmax(network, output);
  if (shape.isVector()) return "its task is segment, and the network ends in no picture (" + outputText(network, output) + ")";
  const bool said = network.spec().task == "segment" && output == network.outputs().front();
  if (shape.channels > 2 && (softmax || said || namesChannels(network, output))) return {};
  return "the network ends in a picture of " + shape.text() + " (" + outputText(network, output) + ")" +
         (softmax || said ? " that has a ground and one class alone" : ", without a softmax over classes");
}

// The share of each class in all that is not ground.
std::vector<float> sharesOfPicture(const nn::Network& network, int output, std::span<const float> outputs) {
  if (!whyPictureNamesNoClass(network, output).empty()) return {};
  const nn::Network::Node& last = network.node(output);
  const std::size_t pixels = areaOf(last.shape);
  std::vector<float> scores(std::size_t(last.shape.channels)), shares(scores.size() - 1, 0.0f);
  const nn::Scores kind = scoresOf(network, output);
  float ink = 0;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::size_t c = 0; c < scores.size(); ++c) scores[c] = outputs[c * pixels + pixel];
    makeProbabilities(scores, kind);
    for (std::size_t c = 1; c < scores.size(); ++c) shares[c - 1] += scores[c], ink += scores[c];
  }
  if (!std::isfinite(ink)) return {};
  for (float& share : shares) share = ink > 0 ? share / ink : 1.0f / float(shares.size());
  return shares;
}

std::string nameOfMap(const nn::Network& network, int output, int channel) {
  const auto maps = std::size_t(network.node(output).shape.channels), names = network.spec().classNames.size();
  if (maps < 2 && names != maps) return {};
  if (names == maps) return network.className(channel);
  const bool named = names > 0 && names + 1 == maps;
  if (!named && !whyPictureNamesNoClass(network, output).empty() && !endsInSoftmax(network, output)) return {};
  return channel == 0 ? kGround : nameOrNumber(network, channel - 1, named);
}

void requirePictureFit(const nn::Network& network, const data::Dataset& dataset) {
  const nn::Shape output = network.outputShape(), input = network.inputShape();
  if (output.height != input.height || output.width != input.width)
    throw nn::Error(
        "the network ends in " + std::string(output.isVector() ? "" : "a picture of ") + output.text() + ", its input is " + input.text(),
        network.spec().name, "End in a vector of classes, or in a picture of the input's size");
  const std::size_t classes = std::size_t(output.channels) - 1;
  requireClasses(dataset, classes, nn::counted(classes, "channel", "channels") + " beside the ground");
}

// Of each class what asked and answered share over what either covers; the mean over the classes that occur (Everingham et al. 2010). The
// usual measure for pictures, where most pixels are ground.
double meanIntersectionOverUnion(const Outcome& outcome) {
  double sum = 0;
  int met = 0;
  for (std::size_t k = 0; k < outcome.classes; ++k) {
    std::size_t asked = 0, answered = 0;
    for (std::size_t i = 0; i < outcome.classes; ++i) {
      asked += outcome.confusion[k * outcome.classes + i];
      answered += outcome.confusion[i * outcome.classes + k];
    }
    const std::size_t both = outcome.confusion[k * outcome.classes + k], either = asked + answered - both;
    if (either == 0) continue;
    sum += double(both) / double(either);
    ++met;
  }
  return met == 0 ? 0 : sum / met;
}

std::vector<Measure> measuresOfPixels(const Outcome& outcome) {
  std::vector<Measure> all{{accuracyMetric(), outcome.means[0]}};
  if (!outcome.confusion.empty())
    all.push_back({{"mean_iou", "mean intersection over union", "mean IoU"}, meanIntersectionOverUnion(outcome)});
  return all;
}

}  // namespace

Task describeSegment() {
  Task task{"segment", "Segmentation",
            "Each map of the output says of every pixel whether it belongs to a class; the first is the ground."};
  task.perPixel = true;
  task.firstClass = 1;
  task.metrics = {accuracyMetric()};
  task.assumption = "It ends in a picture, which is taken to say of every pixel which class it belongs to, channel 0 being the ground.";
  task.isMeantBy = [](const nn::Network& network, int output) { return !network.node(output).shape.isVector(); };
  task.whyNoClass = whyPictureNamesNoClass;
  task.classProbabilities = sharesOfPicture;
  task.channelName = nameOfMap;
  task.requireFit = requirePictureFit;
  task.objective = [](const nn::Network& network, const ObjectiveSettings& settings) -> std::unique_ptr<Objective> {
    return std::make_unique<SegmentObjective>(network, settings.loss);
  };
  task.measures = measuresOfPixels;
  return task;
}

}  // namespace tasks
