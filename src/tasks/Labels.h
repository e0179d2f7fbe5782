// What the tasks have in common that name classes: one label against several scores. Functions of one answer; they allocate nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/Dataset.h"
#include "nn/Loss.h"
#include "nn/Network.h"
#include "tasks/Task.h"

namespace tasks {

Metric accuracyMetric();

struct Largest {
  int index = 0;      // the first where there are several
  bool tied = false;  // there are
};
Largest largestOf(std::span<const float> scores);

// What the numbers of a node are: of an output what the network says of it, else what its last layers are; of what a final softmax reads,
// logits. Who shows an answer and who learns it both go by this.
nn::Scores scoresOf(const nn::Network& network, int node);
// What is taken for granted, or must be known, where those of an output are shown as probabilities, in one sentence; empty: nothing.
std::string scoresNote(const nn::Network& network, int output);

// The cross-entropy of one yes or no, asked as 1 or 0 or between, against a probability or its logit.
struct LossSlope {
  float loss, slope;
};
LossSlope binaryCrossEntropy(float value, float asked, bool isProbability);

// The loss of a label, and its gradient where that is not empty.
float comparedWithLabel(const nn::LossSettings& settings, nn::Scores kind, std::span<const float> values, int label,
                        std::span<float> gradient);
void countAnswer(std::span<std::uint32_t> confusion, std::size_t classes, int asked, int answered);
// That of giving every class the same score.
double lossOfGuessing(const nn::LossSettings& settings, nn::Scores kind, int classes);
// The node whose values a loss over labels compares: the logits where it takes those, else the output.
int labelLossNode(const nn::Network& network, const nn::LossSettings& settings);

// One place's values as probabilities, in place.
void makeProbabilities(std::span<float> values, nn::Scores kind);
bool endsInSoftmax(const nn::Network& network, int output);
// "output, the first of its 2 outputs": by the layer that the scene names, of which a softmax is a part.
std::string outputText(const nn::Network& network, int output);
// The name of class `index`, or its number where the network does not name them.
std::string nameOrNumber(const nn::Network& network, int index, bool named);

// Throws nn::Error where the data has classes or labels that `classes` outputs cannot answer. has: "11 outputs".
void requireClasses(const data::Dataset& dataset, std::size_t classes, const std::string& has);

}  // namespace tasks
