#include "train/ValidationSchedule.h"

#include <algorithm>

#include "train/Keys.h"
#include "train/SampleOrder.h"

namespace train {

namespace {

constexpr double kPartShare = 0.03;  // of the running time
constexpr double kFullShare = 0.06;
constexpr double kGrace = 0.01;         // seconds that may be spent before the shares allow them
constexpr double kPartInterval = 0.25;  // seconds between two checks, at least

}  // namespace

void ValidationSchedule::reset() {
  *this = ValidationSchedule(m_full, m_part);
}

double ValidationSchedule::costOf(std::size_t images, double imagesPerSecond) const {
  if (m_secondsPerImage > 0) return double(images) * m_secondsPerImage;
  return imagesPerSecond > 0 ? double(images) / imagesPerSecond : 1e9;
}

Check ValidationSchedule::next(double seconds, double imagesPerSecond) const {
  if (m_full == 0) return Check::None;
  if (m_fullDue && m_fullSpent + costOf(m_full, imagesPerSecond) <= kGrace + kFullShare * seconds) return Check::Full;
  if (m_part == 0 || seconds - m_last < kPartInterval) return Check::None;
  return m_partSpent + costOf(m_part, imagesPerSecond) <= kGrace + kPartShare * seconds ? Check::Part : Check::None;
}

void ValidationSchedule::done(Check check, double seconds, double cost) {
  if (check == Check::None) return;
  m_last = seconds;
  m_secondsPerImage = std::max(1e-9, cost / double(check == Check::Full ? m_full : m_part));
  (check == Check::Full ? m_fullSpent : m_partSpent) += cost;
  if (check == Check::Full) m_fullDue = false;
}

std::shared_ptr<const data::Dataset> partForValidation(const std::shared_ptr<const data::Dataset>& all, std::uint64_t seed) {
  constexpr std::size_t kPartImages = 512;
  if (all == nullptr || all->count() <= kPartImages) return all;
  return data::partOf(all, chooseSamples(all->count(), kPartImages, keyOf(seed, Purpose::Probe, 0)));
}

}  // namespace train
