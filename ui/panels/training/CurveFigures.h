// The figures beside the curves: of a loss, which may be tiny or enormous, and of the epochs below them, which begin at thousandths and
// reach into the thousands. Free functions; UI thread.
#pragma once

#include <functional>
#include <vector>

#include <QString>

#include "ui/panels/training/CurveOptions.h"

class QCustomPlot;

namespace ui {

// With three decimals as long as these say something, else with three significant figures: "0.012", "0.00123", "1.2e-6", "4.61e20".
QString lossText(double loss);

QString axisTitle(CurveAxis axis);  // "epochs"
// "1:20" of seconds.
QString clockText(double seconds);

struct PlaceTick {
  double place;
  QString text;
};
// From the first even place on in even steps, as many as stand side by side below an axis of so many pixels that reaches from `begin` to
// `end`. Epochs are whole numbers wherever the steps are, and times are read as on a clock.
std::vector<PlaceTick> placeTicks(CurveAxis axis, double begin, double end, int axisPx, const std::function<int(const QString&)>& widthOf);
// The axis below the plot has this range and these figures. Its ticker is a QCPAxisTickerText.
void showPlaces(QCustomPlot& plot, CurveAxis axis, double begin, double end);

}  // namespace ui
