// The time a training has been running, without its pauses, and the images per second over the last second of it.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace train {

class RunClock {
 public:
  using Clock = std::chrono::steady_clock;

  void start(Clock::time_point now);
  void stop(Clock::time_point now);
  void reset(double seconds = 0, std::uint64_t images = 0);  // stopped, where an earlier run was
  double seconds(Clock::time_point now) const;

  void addImages(std::uint64_t images, Clock::time_point now);
  std::uint64_t images() const { return m_images; }
  double imagesPerSecond() const { return m_rate; }

 private:
  static constexpr double kWindow = 1.0;     // seconds
  static constexpr double kInterval = 0.05;  // between two marks
  struct Mark {
    double seconds = 0;
    std::uint64_t images = 0;
  };

  std::array<Mark, 24> m_marks{};  // a ring, oldest overwritten; more than kWindow / kInterval
  std::size_t m_count = 1;         // marks ever made; the first is the start
  bool m_running = false;
  Clock::time_point m_since;
  double m_before = 0;  // seconds of earlier runs
  std::uint64_t m_images = 0;
  double m_rate = 0;
};

}  // namespace train
