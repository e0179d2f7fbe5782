// Decides how often the window shows a training run, from what showing it costs: drawing may take a fixed share of the
// machine, the rest belongs to training. Pure logic; owned by TrainingController.
#pragma once

namespace ui {

class RefreshGovernor {
 public:
  static constexpr int kShortestMs = 33;  // 30 pictures a second are enough for a network that learns
  static constexpr int kLongestMs = 98;   // never under 10 pictures a second
  // Of the machine's processor time that may go into drawing. Training loses about half as much again, since its threads wait for
  // the one whose core was taken.
  static constexpr double kShare = 0.15;

  // What the window spent between two refreshes: processor time of all threads that draw, in ms, on a machine with `cores` cores.
  void addSample(double costMs, int cores);
  void reset() { *this = RefreshGovernor(); }
  int intervalMs() const { return m_intervalMs; }
  double costMs() const { return m_costMs; }

 private:
  double m_costMs = 0;  // smoothed
  bool m_hasSample = false;
  int m_intervalMs = kShortestMs;
};

}  // namespace ui
