// What networks from elsewhere expect of their input, by the names under which people know it, and which of these fits a network best where
// its file does not say: each is tried on labeled images. Free functions; any thread.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/Dataset.h"
#include "nn/Network.h"

namespace train {

// A range with mean and deviation. The ink's polarity, and what else an InputSpec says, is no part of it.
struct InputPreset {
  std::string name;     // "mnist"
  std::string title;    // "MNIST"; empty where it is no more than a range
  std::string meaning;  // "0 to 1, less 0.1307, divided by 0.3081"
  double low = 0, high = 1;
  std::vector<double> mean, deviation;
  int channels = 0;  // of the inputs that it is for; 0: any
};

const std::vector<InputPreset>& inputPresets();
// "mnist", "0-255,dark" or "light": a preset, the polarity of ink, or both, put over `before`. Nothing where a word is unknown.
std::optional<nn::InputSpec> inputOfWords(std::string_view words, const nn::InputSpec& before);
// All words that can be said, for messages: "0-1, 0-255, ..., light, dark".
std::string inputWords();

struct InputProposal {
  std::string words;  // for inputOfWords()
  nn::InputSpec input;
  double accuracy = 0;  // 0..1, of the images that were tried
};

// The accuracy of the network with each preset that its input may have, in either polarity, the best first; of equal ones what the network
// says now. Only of networks that name classes, on at most `limit` images from all over the set. Empty where
// nothing can be tried, or where keepGoing said no.
std::vector<InputProposal> proposeInputs(const nn::Network& network, std::span<const float> parameters, const data::Dataset& images,
                                         int threads, std::size_t limit, const std::function<bool()>& keepGoing = {});

}  // namespace train
