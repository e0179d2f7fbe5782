#include "train/history/RunAdvice.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>

namespace train {
namespace {

using Series = std::span<const MetricSample>;

constexpr std::ptrdiff_t kMeasurements = 3;              // after the smallest loss
constexpr double kLossRise = 1.1, kSmallestRise = 0.01;  // of the validation loss: both
constexpr std::uint64_t kStepsOfPlateau = 600;
constexpr double kFall = 0.02;     // of the training loss, that is none
constexpr double kLearned = 0.9;   // of a share that is right: the curve lies flat because little is left
constexpr double kFlatFrom = 0.2;  // of the loss at first: below it, too

std::string text(double value) {
  char words[32];
  std::snprintf(words, sizeof words, std::abs(value) < 0.0095 ? "%.2g" : "%.3f", value);
  return words;
}

std::string epochText(double epoch) {
  char words[32];
  std::snprintf(words, sizeof words, epoch < 10 ? "%.1f" : "%.0f", epoch);
  return words;
}

// Over a part of the run.
double meanBetween(Series series, std::uint64_t from, std::uint64_t to) {
  double sum = 0;
  std::size_t count = 0;
  for (const MetricSample& sample : series)
    if (sample.step >= from && sample.step <= to && std::isfinite(sample.value)) sum += sample.value, ++count;
  return count == 0 ? std::nan("") : sum / double(count);
}

std::optional<RunAdvice> overfitting(Series training, Series validation) {
  const auto lessLoss = [](const MetricSample& a, const MetricSample& b) { return a.value < b.value; };
  const auto lowest = std::min_element(validation.begin(), validation.end(), lessLoss);
  if (validation.end() - lowest <= kMeasurements) return {};
  // Not one measurement by chance: all of the last few lie above.
  const double since = std::min_element(validation.end() - kMeasurements, validation.end(), lessLoss)->value;
  if (since < lowest->value * kLossRise || since < lowest->value + kSmallestRise) return {};
  const std::uint64_t now = training.back().step, window = std::max<std::uint64_t>(1, (now - lowest->step) / 4);
  const double before = meanBetween(training, lowest->step > window ? lowest->step - window : 0, lowest->step + window / 4);
  const double after = meanBetween(training, now - window, now);
  if (!(after < before)) return {};
  return RunAdvice{RunAdvice::Kind::Overfitting, lowest->epoch,
                   "Overfitting: since epoch " + epochText(lowest->epoch) + " the validation loss rises (" + text(lowest->value) + " to " +
                       text(validation.back().value) + ") while the training loss falls (" + text(before) + " to " + text(after) + ")",
                   "It learns its training images by heart. Try augmentation, dropout, weight decay or more images; its best weights are "
                   "those of epoch " +
                       epochText(lowest->epoch)};
}

std::optional<RunAdvice> plateau(Series loss, Series metric, const tasks::Task& task) {
  const std::uint64_t now = loss.back().step;
  if (now < kStepsOfPlateau || loss.back().epoch < 1) return {};
  const double first = meanBetween(loss, now / 2, now * 3 / 4), last = meanBetween(loss, now * 3 / 4, now);
  const double start = meanBetween(loss, 0, std::max<std::uint64_t>(now / 100, loss.front().step));
  if (!(last > first * (1 - kFall)) || last < start * kFlatFrom) return {};
  const bool share = task.metrics.front().format == tasks::MetricFormat::Percent && task.metrics.front().higherIsBetter;
  if (share && !metric.empty() && meanBetween(metric, now * 3 / 4, now) >= kLearned) return {};
  const double epoch = sampleAt(loss, now / 2) ? sampleAt(loss, now / 2)->epoch : 0;
  return RunAdvice{RunAdvice::Kind::Plateau, epoch,
                   "Plateau: since epoch " + epochText(epoch) + " the training loss stays near " + text(last),
                   "Try another learning rate (smaller where the curve jumps, larger where it lies still), Adam, or another seed"};
}

}  // namespace

std::optional<RunAdvice> adviceOn(const MetricLog& metrics, const tasks::Task& task) {
  const Series training = metrics.series(MetricLog::kTrainingLoss);
  if (task.twoLosses || training.empty()) return {};
  Series validation = metrics.series(MetricLog::kValidationLoss);
  if (validation.size() <= std::size_t(kMeasurements)) validation = metrics.series(MetricLog::kPartLoss);
  if (!validation.empty())
    if (auto advice = overfitting(training, validation)) return advice;
  return plateau(training, metrics.series(MetricLog::kTrainingMetric), task);
}

}  // namespace train
