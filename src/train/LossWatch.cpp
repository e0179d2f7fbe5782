#include "train/LossWatch.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace train {

namespace {

constexpr double kMeaningless = 1 << 24;               // times guessing: a float has 24 binary digits
constexpr double kFar = 100;                           // times guessing
constexpr double kFloor = 0.01;                        // times guessing: as low as a step counts
constexpr double kLeastFallPerStep = 5e-4;             // of the logarithm
constexpr std::size_t kShortest = 20, kLongest = 200;  // windows, in steps
constexpr double kLeastGuessing = 0.1;                 // of a single class there is nothing to guess

std::string figure(double number) {
  if (std::isnan(number)) return "no number";
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general, 3);
  return {text.data(), end.ptr};
}

}  // namespace

LossWatch::LossWatch(double guessing) : m_guessing(std::max(guessing, kLeastGuessing)) {}

void LossWatch::restart() {
  m_state = {};
  m_first = -1;
}

bool LossWatch::endedFarOut(double loss) {
  m_told = loss;
  m_stays = false;
  return m_first >= 0 && !(loss <= kFar * m_guessing) && !(loss < m_first);
}

bool LossWatch::ranAway(double loss, std::size_t stepsPerEpoch) {
  m_told = loss;
  m_stays = false;
  if (m_first < 0) m_first = loss;
  if (loss >= kMeaningless * m_guessing) return true;
  const int half = int(std::clamp(stepsPerEpoch, kShortest, kLongest) / 2);
  m_state.sum += std::log(std::max(loss / m_guessing, kFloor));
  if (++m_state.count < half) return false;
  const double mean = m_state.sum / m_state.count, least = kLeastFallPerStep * m_state.count;
  m_state.count = 0;
  m_state.sum = 0;
  if (mean <= std::log(kFar)) {
    m_state = {};
    return false;
  }
  if (++m_state.far == 1) return false;  // it may have begun before
  const bool falls = m_state.far == 2 || mean < m_state.lowest - least;
  m_state.lowest = m_state.far == 2 ? mean : std::min(m_state.lowest, mean);
  m_state.stale = falls ? 0 : m_state.stale + 1;
  if (m_state.stale < 2) return false;
  m_state = {};  // it may be tried again, more slowly
  m_told = m_guessing * std::exp(mean);
  m_stays = true;
  return true;
}

std::string LossWatch::reason() const {
  return (m_stays ? "the loss stays at " : "the loss is ") + figure(m_told) + ", that of guessing " + (m_stays ? "is " : "") +
         figure(m_guessing);
}

}  // namespace train
