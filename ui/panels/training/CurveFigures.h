// The figures beside the curves: of a loss, which may be tiny or enormous, and of the epochs below them, which begin at thousandths and
// reach into the thousands. Free functions; UI thread.
#pragma once

#include <functional>
#include <vector>

#include <QString>

class QCustomPlot;

namespace ui {

// With three decimals as long as these say something, else with three significant figures: "0.012", "0.00123", "1.2e-6", "4.61e20".
QString lossText(double loss);

struct EpochTick {
  double epoch;
  QString text;
};
// From 0 on in even steps, as many as stand side by side below an axis of so many pixels that reaches to `end`. Epochs are whole numbers
// wherever the steps are.
std::vector<EpochTick> epochTicks(double end, int axisPx, const std::function<int(const QString&)>& widthOf);
// The axis reaches to `end` and has these figures. Its ticker is a QCPAxisTickerText.
void showEpochs(QCustomPlot& plot, double end);

}  // namespace ui
