// What the curves of a training run are made of: their points, as many as can be shown however long the run is, the figures along a
// logarithmic axis, and the places of labels that must not cover each other. Plain data and pure functions; UI thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <QString>

namespace ui {

struct CurvePoint {
  double x = 0;  // epochs
  double y = 0;
  bool operator==(const CurvePoint&) const = default;
};

// Points one after the other. Once there are too many, each point that is shown is the mean of a run of them, all runs as long; the
// first and the last one are always shown as they are.
class Curve {
 public:
  explicit Curve(std::size_t most = 1024);
  void add(double x, double y);  // one that is not finite is left out
  void clear();
  bool empty() const { return !m_first; }
  const std::optional<CurvePoint>& last() const { return m_last; }
  std::vector<CurvePoint> points() const;  // at most `most` + 2

 private:
  struct Run {
    double x = 0, y = 0;  // sums
    std::size_t count = 0;
  };
  void halve();

  std::size_t m_most, m_runLength = 1;
  std::optional<CurvePoint> m_first, m_last;
  std::vector<Run> m_runs;  // without the first point
};

// Round figures from low to high (both above 0) for a logarithmic axis: as many as there may be, at least one where one lies between.
std::vector<double> logarithmicTicks(double low, double high, std::size_t most);

// A place of a run where something was changed, and what it is since.
struct CurveMark {
  double epoch = 0;  // or, once it is drawn, the place on the axis
  QString label;     // short: "rate 0.01"
  std::uint64_t step = 0;
  bool operator==(const CurveMark&) const = default;
};

struct LabelPlace {
  double left = 0;
  int row = -1;  // -1: there is no room
};

// Beside vertical lines at the pixels `lines` (ascending): to the right of its line, else to the left of it, in the first of `rows` rows
// where it covers no label before it.
std::vector<LabelPlace> placeLabels(const std::vector<double>& lines, const std::vector<double>& widths, double left, double right,
                                    int rows);

}  // namespace ui
