#include "ui/panels/training/CurveFigures.h"

#include <cmath>

#include <QFontMetrics>
#include <qcustomplot.h>

#include "ui/base/Numbers.h"

namespace ui {

namespace {

constexpr std::size_t kMostTicks = 6;
constexpr int kLabelGapPx = 10;  // between two figures
constexpr int kOverhangPx = 8;   // of the last figure, beyond the end of the axis

QString epochText(double epoch, double step) {
  return step >= 1 ? countText(qulonglong(std::llround(epoch))) : plainNumber(epoch);
}

// Nothing where they do not fit.
std::vector<EpochTick> ticksOf(double step, double end, int axisPx, const std::function<int(const QString&)>& widthOf) {
  std::vector<EpochTick> ticks;
  double free = -kOverhangPx;  // from here on, in pixels
  for (std::size_t i = 0; double(i) * step <= end * (1 + 1e-9); ++i) {
    const double epoch = double(i) * step, middle = epoch / end * axisPx;
    const QString text = epochText(epoch, step);
    const double half = widthOf(text) / 2.0;
    if (i > 0 && middle + half > axisPx + kOverhangPx) break;
    if (i == kMostTicks || (i > 0 && middle - half < free)) return {};
    ticks.push_back({epoch, text});
    free = middle + half + kLabelGapPx;
  }
  return ticks;
}

}  // namespace

QString lossText(double loss) {
  const double size = std::abs(loss);
  return size >= 0.0095 && size < 1000 ? QString::number(loss, 'f', 3)
                                       : plainNumber(double(float(QString::number(loss, 'g', 3).toDouble())));
}

std::vector<EpochTick> epochTicks(double end, int axisPx, const std::function<int(const QString&)>& widthOf) {
  if (!(end > 0) || !std::isfinite(end)) return {};
  for (double power = std::pow(10.0, std::floor(std::log10(end)) - 1); power <= end; power *= 10) {
    for (const double figure : {1.0, 2.0, 2.5, 5.0}) {
      if (figure == 2.5 && std::round(power) == 1) continue;  // it makes halves of epochs
      const std::vector<EpochTick> ticks = ticksOf(figure * power, end, axisPx, widthOf);
      if (ticks.size() > 1) return ticks;
    }
  }
  return {{0, epochText(0, 1)}};
}

void showEpochs(QCustomPlot& plot, double end) {
  QCPAxis& axis = *plot.xAxis;
  axis.setRange(0, end);
  // The figures of the other axis decide how wide this one is.
  for (const auto phase : {QCPLayoutElement::upPreparation, QCPLayoutElement::upMargins, QCPLayoutElement::upLayout})
    plot.plotLayout()->update(phase);
  const auto ticker = axis.ticker().dynamicCast<QCPAxisTickerText>();
  ticker->clear();
  const QFontMetrics metrics(axis.tickLabelFont());
  const auto widthOf = [&](const QString& text) { return metrics.horizontalAdvance(text); };
  for (const EpochTick& tick : epochTicks(end, plot.axisRect()->width(), widthOf)) ticker->addTick(tick.epoch, tick.text);
}

}  // namespace ui
