#include "train/RunClock.h"

#include <algorithm>

namespace train {

void RunClock::start(Clock::time_point now) {
  if (m_running) return;
  m_running = true;
  m_since = now;
}

void RunClock::stop(Clock::time_point now) {
  m_before = seconds(now);
  m_running = false;
}

void RunClock::reset(double seconds, std::uint64_t images) {
  *this = RunClock();
  m_before = seconds;
  m_images = images;
  m_marks[0] = {seconds, images};
}

double RunClock::seconds(Clock::time_point now) const {
  return m_running ? m_before + std::chrono::duration<double>(now - m_since).count() : m_before;
}

void RunClock::addImages(std::uint64_t images, Clock::time_point now) {
  m_images += images;
  const double time = seconds(now);
  const std::size_t kept = std::min(m_count, m_marks.size());
  // The youngest mark that is at least a window old, else the oldest there is.
  const Mark* from = &m_marks[(m_count - kept) % m_marks.size()];
  for (std::size_t i = m_count - kept; i < m_count; ++i)
    if (time - m_marks[i % m_marks.size()].seconds >= kWindow) from = &m_marks[i % m_marks.size()];
  if (time > from->seconds) m_rate = double(m_images - from->images) / (time - from->seconds);
  if (time - m_marks[(m_count - 1) % m_marks.size()].seconds >= kInterval) m_marks[m_count++ % m_marks.size()] = {time, m_images};
}

}  // namespace train
