#include "cli/Measures.h"

#include "scene/text/Text.h"

namespace cli {

QString metricText(const tasks::Metric& metric, double value) {
  switch (metric.format) {
    case tasks::MetricFormat::Percent:
      return QString::fromStdString(scene::percent(value, 2));
    case tasks::MetricFormat::Number:
      return QString::number(value, 'f', 4);
    case tasks::MetricFormat::Decibel:
      return QString("%1 dB").arg(value, 0, 'f', 2);
  }
  return {};
}

}  // namespace cli
