#include "train/LossWatch.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace train {

namespace {

constexpr double kMeaningless = 1 << 24;  // times guessing: a float has 24 binary digits
constexpr double kFar = 1000;
constexpr int kWindow = 100;
constexpr double kLeastGuessing = 0.1;  // of a single class there is nothing to guess

std::string figure(double number) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general, 3);
  return {text.data(), end.ptr};
}

}  // namespace

LossWatch::LossWatch(double guessing) : m_guessing(std::max(guessing, kLeastGuessing)) {}

void LossWatch::restart() {
  m_state.first = -1;
  startWindow();
}

void LossWatch::startWindow() {
  m_state.count = 0;
  m_state.earlier = m_state.later = 0;
}

bool LossWatch::ranAway(double loss) {
  if (m_state.first < 0) m_state.first = loss;
  if (loss >= kMeaningless * m_guessing) return true;
  if (loss <= kFar * std::max(m_guessing, m_state.first)) {
    startWindow();
    return false;
  }
  (m_state.count < kWindow / 2 ? m_state.earlier : m_state.later) += loss;
  if (++m_state.count < kWindow) return false;
  const bool falls = m_state.later < m_state.earlier;
  startWindow();
  return !falls;
}

std::string LossWatch::reason(double loss) const {
  return "the loss is " + figure(loss) + ", that of guessing " + figure(m_guessing);
}

}  // namespace train
