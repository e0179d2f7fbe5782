// The points of a training run as a curve can show them: at most so many, each the mean of its neighbours. Pure functions.
#pragma once

#include <span>
#include <vector>

#include "train/Snapshot.h"

namespace ui {

struct CurvePoint {
  double x = 0;  // epochs
  double y = 0;
  bool operator==(const CurvePoint&) const = default;
};

enum class CurveKind { TrainLoss, ValidationLoss, TrainAccuracy, ValidationAccuracy };  // accuracies in percent

// One curve of all points, thinned to at most `most` by averaging equal runs; points without the figure, or with one that
// is not finite, are left out.
std::vector<CurvePoint> curveOf(std::span<const train::MetricPoint> points, CurveKind kind, std::size_t most);

}  // namespace ui
