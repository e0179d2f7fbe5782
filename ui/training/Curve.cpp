#include "ui/training/Curve.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ui {

namespace {

std::optional<double> figureOf(const train::MetricPoint& point, CurveKind kind) {
  switch (kind) {
    case CurveKind::TrainLoss:
      return point.trainLoss;
    case CurveKind::ValidationLoss:
      return point.validationLoss;
    case CurveKind::TrainAccuracy:
      return point.trainAccuracy * 100;
    case CurveKind::ValidationAccuracy:
      return point.validationAccuracy ? std::optional(*point.validationAccuracy * 100) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::vector<CurvePoint> curveOf(std::span<const train::MetricPoint> points, CurveKind kind, std::size_t most) {
  std::vector<CurvePoint> all;
  all.reserve(points.size());
  for (const train::MetricPoint& point : points) {
    const std::optional<double> figure = figureOf(point, kind);
    if (figure && std::isfinite(*figure)) all.push_back({point.epoch, *figure});
  }
  most = std::max<std::size_t>(most, 1);
  if (all.size() <= most) return all;
  const std::size_t run = (all.size() + most - 1) / most;
  std::vector<CurvePoint> thinned;
  thinned.reserve(most);
  for (std::size_t begin = 0; begin < all.size(); begin += run) {
    const std::size_t end = std::min(begin + run, all.size());
    CurvePoint mean;
    for (std::size_t i = begin; i < end; ++i) mean.x += all[i].x, mean.y += all[i].y;
    thinned.push_back({mean.x / double(end - begin), mean.y / double(end - begin)});
  }
  return thinned;
}

}  // namespace ui
