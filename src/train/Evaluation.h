// What a test of a network on a data set gave: the figures of its task, which class was taken for which, and the answer to each sample.
// Plain data; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nn/Network.h"
#include "tasks/Task.h"

namespace train {

// One class taken for another.
struct Confusion {
  std::size_t label = 0, answer = 0;
  std::uint32_t count = 0;
};

struct Evaluation {
  std::size_t count = 0;        // samples
  std::size_t answerCount = 0;  // as many, or one per pixel (tasks::Task::perPixel)
  tasks::Figures figures{};     // sums over the answers, as the task's metrics name them
  std::size_t ties = 0;         // of the answers those for which several outputs were the largest: the first of them counts
  double loss = 0;
  // Classes x classes, row: label, column: answer; of a segmentation, class 0 is the ground. Empty where the task tells no classes apart.
  std::vector<std::uint32_t> confusion;
  // The class that each sample was given, in the order of the data set. Empty where samples are not answered with one class each, and
  // where the test ended before all samples were seen.
  std::vector<std::uint16_t> answers;

  double mean(std::size_t figure) const { return answerCount == 0 ? 0 : figures[figure] / double(answerCount); }
  // Of tasks that name classes, whose first figure counts what is right.
  std::size_t correct() const { return std::size_t(figures[0]); }
  double accuracy() const { return mean(0); }
  // All that the task tells of it.
  std::vector<tasks::Measure> measures(const tasks::Task& task) const;
  // Of more than a few answers that are right no more often than one and the same class would have been, but for three standard deviations
  // of luck: that class. Nothing shows of what was learned.
  std::optional<std::size_t> asGoodAsAlways() const;
  std::size_t classes() const;
  // The wrong answer that was given most often; of several the first. Nothing where all answers were right.
  std::optional<Confusion> mostConfused() const;
};

// Tells of a training that ended in order and has led nowhere: a rate that was too high, say, after which every picture gets the same
// answer. One sentence; empty where something was learned, and after so few steps that nothing can be expected. `images`: what was
// measured, "test".
std::string chanceText(const Evaluation& evaluation, const nn::Network& network, std::uint64_t steps, const std::string& images);

}  // namespace train
