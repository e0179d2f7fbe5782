// Tells a training that has run away from one that is only noisy, while its numbers are still finite. Compares each step's loss with
// that of guessing (tasks::Objective::guessing). Owned by a Trainer; its thread; allocates nothing per step.
#pragma once

#include <string>

namespace train {

class LossWatch {
 public:
  explicit LossWatch(double guessing);

  void restart();  // with other parameters
  // What it remembers from step to step.
  struct State {
    double first = -1;              // loss of the first step; -1: none yet
    int count = 0;                  // steps above the limit in a row
    double earlier = 0, later = 0;  // sums over both halves
  };
  const State& state() const { return m_state; }
  void restore(const State& state) { m_state = state; }
  // The mean loss of one more step. True: it has run away, by one of two rules.
  // At once, from 2^24 times the loss of guessing on: scores that far apart are floats with steps of one and more between them, so
  // that neither losses nor gradients mean anything. No training that could go on comes near.
  // After a hundred steps, each more than a thousand times the loss of guessing and of the first step, when the later half of them
  // was no better than the earlier one: a training that overshot and comes back falls meanwhile.
  bool ranAway(double loss);

  double guessing() const { return m_guessing; }
  // "the loss is 1e+18, that of guessing 2.3".
  std::string reason(double loss) const;

 private:
  void startWindow();

  double m_guessing;
  State m_state;
};

}  // namespace train
