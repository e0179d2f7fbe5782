#include "ui/panels/training/CurveFigures.h"

#include <cmath>

#include <QFontMetrics>
#include <QObject>
#include <qcustomplot.h>

#include "ui/base/Numbers.h"

namespace ui {

namespace {

constexpr std::size_t kMostTicks = 6;
constexpr int kLabelGapPx = 10;  // between two figures
constexpr int kOverhangPx = 8;   // of the last figure, beyond the end of the axis

QString tickText(CurveAxis axis, double place, double step) {
  if (axis == CurveAxis::Time && step >= 1) return clockText(place);
  return step >= 1 ? countText(qulonglong(std::llround(place))) : plainNumber(place);
}

struct Axis {
  CurveAxis kind;
  double begin, end;
  int px;
};

// Nothing where they do not fit.
std::vector<PlaceTick> ticksOf(const Axis& axis, double step, const std::function<int(const QString&)>& widthOf) {
  std::vector<PlaceTick> ticks;
  double free = -kOverhangPx;  // from here on, in pixels
  for (double count = std::ceil(axis.begin / step - 1e-9); count * step <= axis.end * (1 + 1e-9); ++count) {
    const double place = count * step, middle = (place - axis.begin) / (axis.end - axis.begin) * axis.px;
    const QString text = tickText(axis.kind, place, step);
    const double half = widthOf(text) / 2.0;
    if (!ticks.empty() && middle + half > axis.px + kOverhangPx) break;
    if (ticks.size() == kMostTicks || (!ticks.empty() && middle - half < free)) return {};
    ticks.push_back({place, text});
    free = middle + half + kLabelGapPx;
  }
  return ticks;
}

// The steps from one figure to the next that are worth trying, the smallest first.
std::vector<double> stepsOf(const Axis& axis) {
  std::vector<double> steps;
  const double length = axis.end - axis.begin;
  if (axis.kind == CurveAxis::Time && length >= 2)
    for (const double seconds : {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800}) steps.push_back(seconds);
  const bool hours = !steps.empty();
  for (double power = hours ? 3600 : std::pow(10.0, std::floor(std::log10(length)) - 1); power <= length; power *= 10)
    for (const double figure : {1.0, 2.0, 2.5, 5.0})
      if ((figure != 2.5 || std::round(power) != 1) && (axis.kind != CurveAxis::Steps || power >= 1))  // no halves of epochs and steps
        steps.push_back(figure * power);
  return steps;
}

}  // namespace

QString lossText(double loss) {
  const double size = std::abs(loss);
  return size >= 0.0095 && size < 1000 ? QString::number(loss, 'f', 3)
                                       : plainNumber(double(float(QString::number(loss, 'g', 3).toDouble())));
}

QString axisTitle(CurveAxis axis) {
  switch (axis) {
    case CurveAxis::Epochs:
      return QObject::tr("epochs");
    case CurveAxis::Steps:
      return QObject::tr("steps");
    case CurveAxis::Time:
      return QObject::tr("time of training");
  }
  return {};
}

QString clockText(double seconds) {
  const int whole = int(seconds);
  const QChar zero('0');
  if (whole >= 3600) return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(whole / 60 % 60, 2, 10, zero).arg(whole % 60, 2, 10, zero);
  return QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, zero);
}

std::vector<PlaceTick> placeTicks(CurveAxis kind, double begin, double end, int axisPx, const std::function<int(const QString&)>& widthOf) {
  if (!(end > begin) || !std::isfinite(end - begin)) return {};
  const Axis axis{kind, begin, end, axisPx};
  for (const double step : stepsOf(axis)) {
    const std::vector<PlaceTick> ticks = ticksOf(axis, step, widthOf);
    if (ticks.size() > 1) return ticks;
  }
  return {{begin, tickText(kind, begin, begin == std::round(begin) ? 1 : 0)}};
}

void showPlaces(QCustomPlot& plot, CurveAxis kind, double begin, double end) {
  QCPAxis& axis = *plot.xAxis;
  axis.setRange(begin, end);
  // The figures of the other axis decide how wide this one is.
  for (const auto phase : {QCPLayoutElement::upPreparation, QCPLayoutElement::upMargins, QCPLayoutElement::upLayout})
    plot.plotLayout()->update(phase);
  const auto ticker = axis.ticker().dynamicCast<QCPAxisTickerText>();
  ticker->clear();
  const QFontMetrics metrics(axis.tickLabelFont());
  const auto widthOf = [&](const QString& text) { return metrics.horizontalAdvance(text); };
  for (const PlaceTick& tick : placeTicks(kind, begin, end, plot.axisRect()->width(), widthOf)) ticker->addTick(tick.place, tick.text);
}

}  // namespace ui
