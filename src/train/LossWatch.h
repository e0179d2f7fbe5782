// Tells a training that has run away from one that is only noisy, while its numbers are still finite. Compares each step's loss with
// that of guessing (tasks::Objective::guessing). Owned by a Trainer; its thread; allocates nothing per step.
#pragma once

#include <cstddef>
#include <string>

namespace train {

class LossWatch {
 public:
  explicit LossWatch(double guessing);

  void restart();  // with other parameters
  // What it remembers from step to step.
  struct State {
    int count = 0;      // steps of the present half of a window
    double sum = 0;     // of the logarithms of their losses over that of guessing
    int far = 0;        // halves in a row that were far out
    double lowest = 0;  // mean of these so far, but for the first, in which it may have begun
    int stale = 0;      // of these, in a row, that were no new low
  };
  const State& state() const { return m_state; }
  void restore(const State& state) {
    restart();
    m_state = state;
  }
  // The mean loss of one more step of `stepsPerEpoch`. True: it has run away, by one of two rules.
  // At once, from 2^24 times the loss of guessing on: scores that far apart are floats with steps of one and more between them, so
  // that neither losses nor gradients mean anything. No training that could go on comes near.
  // After a window, which is an epoch of 20 to 200 steps, whose geometric mean is more than a hundred times the loss of guessing and whose
  // halves are both no lower than a whole one before: a training that overshot, or began far out, and comes back falls meanwhile. How high
  // the first loss was plays no part, nor does a single good or bad step.
  bool ranAway(double loss, std::size_t stepsPerEpoch);

  // When no further step follows, and there were too few for the second rule: whether the loss of what was learned is as far out, and no
  // lower than that of the first step.
  bool endedFarOut(double loss);

  double guessing() const { return m_guessing; }
  // Where it ran away: the loss of that step, or, by the second rule, the typical one of the steps before.
  double loss() const { return m_told; }
  std::string reason() const;  // "the loss is 1e+18, that of guessing 2.3", "the loss stays at 5.3e+03, that of guessing is 2.3"

 private:
  double m_guessing, m_told = 0, m_first = -1;  // the last: the loss of the first step since restart(); none yet: -1
  bool m_stays = false;                         // by the second rule
  State m_state;
};

}  // namespace train
