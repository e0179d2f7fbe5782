// The figures of one run as named series, each sample with the step and the place in the epochs that it belongs to. A figure that is not
// computed at every point has a shorter series. Plain data with one owner; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "train/Snapshot.h"

namespace train {

struct MetricSample {
  std::uint64_t step = 0;
  double epoch = 0;  // fractional
  double value = 0;
  bool operator==(const MetricSample&) const = default;
};

class MetricLog {
 public:
  static constexpr std::string_view kTrainingLoss = "training loss", kTrainingMetric = "training metric";  // the task's first
  static constexpr std::string_view kTrainingSecond = "training second metric", kValidationSecond = "validation second metric";
  static constexpr std::string_view kValidationLoss = "validation loss", kValidationMetric = "validation metric";
  static constexpr std::string_view kSeconds = "seconds";  // of training, without pauses
  // Figures of a part of the validation images, and of how many of how many: of the same weights they are others than those of all.
  static constexpr std::string_view kPartLoss = "validation loss of a part", kPartMetric = "validation metric of a part";
  static constexpr std::string_view kPartSecond = "validation second metric of a part";
  static constexpr std::string_view kPartImages = "validation images of a part", kAllImages = "validation images";

  // To each figure of the point its series. One of another run than the point before begins all anew.
  void add(const MetricPoint& point);
  void clear();
  void setSeries(const std::string& name, std::vector<MetricSample> samples);
  bool empty() const { return m_series.empty(); }
  // In the order of the steps; empty where there is no such series. Valid until the next change.
  std::span<const MetricSample> series(std::string_view name) const;
  using Series = std::map<std::string, std::vector<MetricSample>, std::less<>>;
  const Series& all() const { return m_series; }

 private:
  std::uint32_t m_run = 0;
  Series m_series;
};

// The last sample at or before a step; null where there is none.
const MetricSample* sampleAt(std::span<const MetricSample> series, std::uint64_t step);
// The sample whose epoch lies nearest; null where there is none.
const MetricSample* nearestSample(std::span<const MetricSample> series, double epoch);

}  // namespace train
