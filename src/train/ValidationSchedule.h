// Decides when a running training looks at its validation images: at the end of an epoch at all of them, in between at a
// small part, so that the curve grows early; and never for more than a small share of the time. Times are running seconds.
#pragma once

#include <cstddef>

#include "data/Dataset.h"

namespace train {

enum class Check { None, Part, Full };

class ValidationSchedule {
 public:
  // full, part: how many images each means; 0: there is nothing to validate on.
  ValidationSchedule(std::size_t full, std::size_t part) : m_full(full), m_part(part) {}

  void reset();
  void epochEnded() { m_fullDue = true; }
  // What to do now. imagesPerSecond: of training, which is slower than validation; 0 while unknown.
  Check next(double seconds, double imagesPerSecond) const;
  void done(Check check, double seconds, double cost);

 private:
  double costOf(std::size_t images, double imagesPerSecond) const;

  std::size_t m_full, m_part;
  bool m_fullDue = false;
  double m_last = -1e9;
  double m_partSpent = 0, m_fullSpent = 0;  // seconds
  double m_secondsPerImage = 0;             // measured; 0 before the first time
};

// The images that are looked at between epochs: a fixed small choice of them all, so that figures can be compared with each other.
std::shared_ptr<const data::Dataset> partForValidation(const std::shared_ptr<const data::Dataset>& all, std::uint64_t seed);

}  // namespace train
