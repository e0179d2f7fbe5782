// What a test of a network on a data set gave: how many answers were right, which class was taken for which, and the answer to each
// sample. Plain data; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace train {

// One class taken for another.
struct Confusion {
  std::size_t label = 0, answer = 0;
  std::uint32_t count = 0;
};

struct Evaluation {
  std::size_t count = 0;        // samples
  std::size_t answerCount = 0;  // as many, or one per pixel where the network ends in a picture (train/Objective.h)
  std::size_t correct = 0;      // of the answers
  std::size_t ties = 0;         // of the answers those for which several outputs were the largest: the first of them counts
  double loss = 0;
  std::vector<std::uint32_t> confusion;  // classes x classes, row: label, column: answer; of a picture, class 0 is the ground
  // The class that each sample was given, in the order of the data set. Empty where the answers are per pixel, and where the test ended
  // before all samples were seen.
  std::vector<std::uint16_t> answers;

  double accuracy() const { return answerCount == 0 ? 0 : double(correct) / double(answerCount); }
  // Of more than a few answers that are right no more often than one and the same class would have been, but for three standard deviations
  // of luck: that class. Nothing shows of what was learned.
  std::optional<std::size_t> asGoodAsAlways() const;
  bool perPixel() const { return answerCount != count; }
  std::size_t classes() const;
  // Of each class what asked and answered share over what either covers; the mean over the classes that occur (Everingham et al.
  // 2010). The usual measure for pictures, where most pixels are ground.
  double meanIntersectionOverUnion() const;
  // The wrong answer that was given most often; of several the first. Nothing where all answers were right.
  std::optional<Confusion> mostConfused() const;
};

}  // namespace train
