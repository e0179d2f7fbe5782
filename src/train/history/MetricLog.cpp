#include "train/history/MetricLog.h"

#include <algorithm>
#include <optional>

namespace train {

void MetricLog::add(const MetricPoint& point) {
  if (point.run != m_run) clear();
  m_run = point.run;
  const auto append = [&](std::string_view name, std::optional<double> value) {
    if (!value) return;
    auto found = m_series.find(name);
    if (found == m_series.end()) found = m_series.emplace(name, std::vector<MetricSample>()).first;
    found->second.push_back({point.step, point.epoch, *value});
  };
  append(kSeconds, point.seconds);
  append(kTrainingLoss, point.trainLoss);
  append(kTrainingMetric, point.trainMetric);
  append(kTrainingSecond, point.trainSecond);
  const bool part = point.validationImages < point.allValidationImages;
  append(part ? kPartLoss : kValidationLoss, point.validationLoss);
  append(part ? kPartMetric : kValidationMetric, point.validationMetric);
  append(part ? kPartSecond : kValidationSecond, point.validationSecond);
  if (!part) return;
  append(kPartImages, double(point.validationImages));
  append(kAllImages, double(point.allValidationImages));
}

void MetricLog::clear() {
  m_series.clear();
}

void MetricLog::setSeries(const std::string& name, std::vector<MetricSample> samples) {
  m_series[name] = std::move(samples);
}

std::span<const MetricSample> MetricLog::series(std::string_view name) const {
  const auto found = m_series.find(name);
  if (found == m_series.end()) return {};
  return found->second;
}

const MetricSample* sampleAt(std::span<const MetricSample> series, std::uint64_t step) {
  const auto after =
      std::upper_bound(series.begin(), series.end(), step, [](std::uint64_t at, const MetricSample& sample) { return at < sample.step; });
  return after == series.begin() ? nullptr : &*std::prev(after);
}

const MetricSample* nearestSample(std::span<const MetricSample> series, double epoch) {
  if (series.empty()) return nullptr;
  auto sample = std::lower_bound(series.begin(), series.end(), epoch, [](const MetricSample& each, double at) { return each.epoch < at; });
  if (sample == series.end() || (sample != series.begin() && epoch - std::prev(sample)->epoch < sample->epoch - epoch)) --sample;
  return &*sample;
}

}  // namespace train
