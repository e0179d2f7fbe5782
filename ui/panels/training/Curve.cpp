#include "ui/panels/training/Curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ui {

Curve::Curve(std::size_t most) : m_most(std::max<std::size_t>(most, 2)) {}

void Curve::clear() {
  m_first.reset();
  m_last.reset();
  m_runs.clear();
  m_runLength = 1;
}

void Curve::add(double x, double y) {
  if (!std::isfinite(x) || !std::isfinite(y)) return;
  m_last = {x, y};
  if (!m_first) {
    m_first = m_last;
    return;
  }
  if (m_runs.empty() || m_runs.back().count == m_runLength) {
    if (m_runs.size() == m_most) halve();
    m_runs.emplace_back();
  }
  Run& run = m_runs.back();
  run.x += x;
  run.y += y;
  ++run.count;
}

void Curve::halve() {
  for (std::size_t i = 0; i < m_runs.size(); ++i) {
    Run& half = m_runs[i / 2];
    if (i % 2 == 0)
      half = m_runs[i];
    else
      half = {half.x + m_runs[i].x, half.y + m_runs[i].y, half.count + m_runs[i].count};
  }
  m_runs.resize((m_runs.size() + 1) / 2);
  m_runLength *= 2;
}

std::vector<CurvePoint> Curve::points() const {
  std::vector<CurvePoint> result;
  if (!m_first) return result;
  result.reserve(m_runs.size() + 2);
  result.push_back(*m_first);
  for (const Run& run : m_runs) result.push_back({run.x / double(run.count), run.y / double(run.count)});
  if (!m_runs.empty() && m_runs.back().count > 1) result.push_back(*m_last);
  return result;
}

std::vector<double> logarithmicTicks(double low, double high, std::size_t most) {
  static const std::vector<std::vector<double>> kFigures = {{1,   1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.2, 2.4, 2.6, 2.8, 3,
                                                             3.2, 3.4, 3.6, 3.8, 4,   4.5, 5,   5.5, 6,   6.5, 7, 7.5, 8,   8.5, 9,   9.5},
                                                            {1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9},
                                                            {1, 1.5, 2, 3, 4, 5, 7},
                                                            {1, 2, 5},
                                                            {1, 3},
                                                            {1}};
  std::vector<double> ticks;
  if (!(low > 0) || !(high >= low) || !std::isfinite(high)) return ticks;
  const int first = int(std::floor(std::log10(low))), last = int(std::floor(std::log10(high)));
  const auto gather = [&](const std::vector<double>& figures, int step) {
    ticks.clear();
    for (int power = first; power <= last; ++power) {
      if (((power % step) + step) % step != 0) continue;
      for (const double figure : figures) {
        const double tick = figure * std::pow(10.0, power);
        if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push_back(tick);
      }
    }
    return ticks.size() <= most;
  };
  for (const std::vector<double>& figures : kFigures)
    if (gather(figures, 1)) return ticks;
  int step = 2;
  while (!gather(kFigures.back(), step)) ++step;
  return ticks;
}

std::vector<LabelPlace> placeLabels(const std::vector<double>& lines, const std::vector<double>& widths, double left, double right,
                                    int rows) {
  constexpr double kGap = 3;
  std::vector<double> taken(std::size_t(std::max(rows, 0)), -std::numeric_limits<double>::infinity());  // up to this pixel, per row
  std::vector<LabelPlace> places;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    LabelPlace place;
    for (const double at : {lines[i] + kGap, lines[i] - kGap - widths[i]}) {
      if (at < left || at + widths[i] > right) continue;
      const auto row = std::find_if(taken.begin(), taken.end(), [&](double until) { return at >= until + kGap; });
      if (row == taken.end()) continue;
      *row = at + widths[i];
      place = {at, int(row - taken.begin())};
      break;
    }
    places.push_back(place);
  }
  return places;
}

}  // namespace ui
