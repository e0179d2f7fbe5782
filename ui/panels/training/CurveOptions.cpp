#include "ui/panels/training/CurveOptions.h"

namespace ui {

double placeOf(CurveAxis axis, const train::MetricLog& metrics, std::uint64_t step, double epoch) {
  switch (axis) {
    case CurveAxis::Epochs:
      return epoch;
    case CurveAxis::Steps:
      return double(step);
    case CurveAxis::Time:
      break;
  }
  const train::MetricSample* at = train::sampleAt(metrics.series(train::MetricLog::kSeconds), step);
  return at ? at->value : -1;
}

}  // namespace ui
