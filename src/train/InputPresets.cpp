#include "train/InputPresets.h"

#include <algorithm>
#include <memory>

#include "tasks/Objective.h"
#include "tasks/Task.h"
#include "train/Trainer.h"

namespace train {

namespace {

constexpr std::string_view kLight = "light", kDark = "dark";

std::vector<std::string_view> split(std::string_view words) {
  std::vector<std::string_view> all;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(','), words.size());
    all.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return all;
}

bool isFor(const InputPreset& preset, const nn::Shape& picture) {
  return preset.channels == 0 || preset.channels == picture.channels;
}

// All over the set.
std::shared_ptr<const data::Dataset> someOf(const data::Dataset& images, std::size_t limit) {
  const std::size_t count = std::min(limit, images.count());
  auto part = std::make_shared<data::Dataset>();
  part->name = images.name;
  part->shape = images.shape;
  part->classNames = images.classNames;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = i * images.count() / count;
    const auto image = images.image(at);
    part->pixels.insert(part->pixels.end(), image.begin(), image.end());
    part->labels.push_back(images.labels[at]);
  }
  return part;
}

}  // namespace

const std::vector<InputPreset>& inputPresets() {
  static const std::vector<InputPreset> all{
      {"0-1", "", "0 to 1", 0, 1, {}, {}, 0},
      {"0-255", "", "0 to 255", 0, 255, {}, {}, 0},
      {"-1-1", "", "-1 to 1", -1, 1, {}, {}, 0},
      // The statistics of the sets' training images, as their users state them.
      {"mnist", "MNIST", "0 to 1, less 0.1307, divided by 0.3081", 0, 1, {0.1307}, {0.3081}, 1},
      {"fashion-mnist", "Fashion-MNIST", "0 to 1, less 0.286, divided by 0.353", 0, 1, {0.2860}, {0.3530}, 1},
      {"cifar10",
       "CIFAR-10",
       "0 to 1, less 0.491, 0.482, 0.447, divided by 0.247, 0.244, 0.262",
       0,
       1,
       {0.4914, 0.4822, 0.4465},
       {0.2470, 0.2435, 0.2616},
       3},
      {"imagenet",
       "ImageNet",
       "0 to 1, less 0.485, 0.456, 0.406, divided by 0.229, 0.224, 0.225",
       0,
       1,
       {0.485, 0.456, 0.406},
       {0.229, 0.224, 0.225},
       3}};
  return all;
}

std::optional<nn::InputSpec> inputOfWords(std::string_view words, const nn::InputSpec& before) {
  nn::InputSpec input = before;
  for (const std::string_view word : split(words)) {
    if (word == kLight || word == kDark) {
      input.ink = word == kLight ? nn::InkPolarity::LightOnDark : nn::InkPolarity::DarkOnLight;
      continue;
    }
    const auto preset =
        std::find_if(inputPresets().begin(), inputPresets().end(), [&](const InputPreset& one) { return one.name == word; });
    if (preset == inputPresets().end()) return std::nullopt;
    input.low = preset->low, input.high = preset->high;
    input.mean = preset->mean, input.deviation = preset->deviation;
  }
  return words.empty() ? std::nullopt : std::optional(input);
}

std::string inputWords() {
  std::string all;
  for (const InputPreset& preset : inputPresets()) all += preset.name + ", ";
  return all + std::string(kLight) + ", " + std::string(kDark);
}

std::vector<InputProposal> proposeInputs(const nn::Network& network, std::span<const float> parameters, const data::Dataset& images,
                                         int threads, std::size_t limit, const std::function<bool()>& keepGoing) {
  const tasks::Task& task = tasks::taskOf(network);
  if (task.firstClass < 0 || images.count() == 0) return {};
  const auto some = someOf(images, limit);
  const nn::InputSpec now = network.spec().input;
  std::vector<InputProposal> proposals;
  const auto tryOne = [&](const std::string& words, const nn::InputSpec& input) {
    nn::NetworkSpec spec = network.spec();
    spec.input = input;
    const auto made = nn::Network::create(spec);
    const tasks::ObjectiveSettings settings(task.usualLoss(*made), 0);
    proposals.push_back({words, input, evaluate(made, parameters, *some, threads, 0, settings).accuracy()});
  };
  tryOne({}, now);
  for (const InputPreset& preset : inputPresets()) {
    for (const std::string_view ink : {kLight, kDark}) {
      if (keepGoing && !keepGoing()) return {};
      const std::string words = preset.name + (ink == kDark ? "," + std::string(kDark) : "");
      const std::optional<nn::InputSpec> input = inputOfWords(preset.name + "," + std::string(ink), now);
      if (isFor(preset, nn::pictureShape(network.inputShape())) && *input != now) tryOne(words, *input);
    }
  }
  std::stable_sort(proposals.begin(), proposals.end(), [](const auto& a, const auto& b) { return a.accuracy > b.accuracy; });
  return proposals;
}

}  // namespace train
