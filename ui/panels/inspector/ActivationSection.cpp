#include <algorithm>
#include <cmath>

#include <QObject>
#include <QPainter>
#include <QPainterPath>

#include "ui/base/Widgets.h"
#include "ui/panels/inspector/Figures.h"
#include "ui/panels/inspector/Sections.h"

namespace ui {

namespace {

// The activation function as a curve, with the unit's point on it.
class ActivationSection : public Section {
 public:
  AccessibleSection reading(const SectionView& view) const override {
    const QString words = QObject::tr("%1 becomes %2").arg(number(view.e.preActivation), valueText(view.e));
    return {activationText(view.e.activation), words};
  }

  double height(const SectionView& view) const override { return captionHeight(view) + plotHeight(view) + view.theme.grid * 2; }

  void paint(QPainter& painter, const SectionView& view) const override {
    const Theme& theme = view.theme;
    paintCaption(painter, view, 0, activationText(view.e.activation));
    const Plot plot = plotOf(view, captionHeight(view));
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(plot.area, 6, 6);
    painter.setPen(QPen(theme.line, 1));
    painter.drawLine(plot.at(-plot.x, 0), plot.at(plot.x, 0));
    painter.drawLine(plot.at(0, plot.low), plot.at(0, plot.high));
    QPainterPath curve;
    for (int i = 0; i <= 160; ++i) {
      const double x = plot.x * (i / 80.0 - 1);
      const QPointF p = plot.at(x, double(nn::activate(view.e.activation, float(x))));
      i == 0 ? curve.moveTo(p) : curve.lineTo(p);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.muted, 2));
    painter.drawPath(curve);
    paintPoint(painter, view, plot);
  }

 private:
  struct Plot {
    QRectF area;
    double x = 3, low = -1, high = 3;  // values at the edges
    QPointF at(double vx, double vy) const {
      const QRectF inner = area.adjusted(8, 8, -8, -8);
      return {inner.left() + (vx + x) / (2 * x) * inner.width(), inner.bottom() - (vy - low) / (high - low) * inner.height()};
    }
  };

  static double plotHeight(const SectionView& view) { return std::min(132.0, view.width * 0.4) * view.theme.body.pixelSize() / 13.0; }

  // The range grows in steps, so that the curve rests while the pen moves.
  static Plot plotOf(const SectionView& view, double top) {
    Plot plot;
    plot.area = QRectF(0, top, view.width, plotHeight(view));
    const double reach = std::isfinite(view.e.preActivation) ? std::abs(double(view.e.preActivation)) : 0;
    while (plot.x < reach && plot.x < 1e9) plot.x *= 2;
    const double ends[] = {double(nn::activate(view.e.activation, float(-plot.x))), double(nn::activate(view.e.activation, float(plot.x)))};
    plot.low = std::min({ends[0], ends[1], 0.0});
    plot.high = std::max({ends[0], ends[1], 0.0});
    const double margin = (plot.high - plot.low) * 0.1;
    plot.low -= margin;
    plot.high += margin;
    return plot;
  }

  static void paintPoint(QPainter& painter, const SectionView& view, const Plot& plot) {
    if (!std::isfinite(view.e.preActivation) || !std::isfinite(view.e.value) || !view.isComplete()) return;
    const Theme& theme = view.theme;
    const double x = std::clamp(double(view.e.preActivation), -plot.x, plot.x);
    const QPointF point = plot.at(x, double(view.e.value));
    painter.setPen(QPen(theme.accent, 1, Qt::DashLine));
    painter.drawLine(point, plot.at(x, 0));
    painter.drawLine(point, plot.at(0, double(view.e.value)));
    painter.setPen(QPen(theme.raised, 2));
    painter.setBrush(theme.accent);
    painter.drawEllipse(point, 5.5, 5.5);
    const QString text = QStringLiteral("%1 → %2").arg(number(view.e.preActivation), valueText(view.e));
    // In the empty half above the axis, left, where every activation function leaves room.
    drawWords(painter, {plot.area.left() + 12, plot.area.top() + 8, plot.area.width() * 0.5 - 20, theme.body.pixelSize() * 1.6},
              Qt::AlignLeft | Qt::AlignVCenter, text, theme.bold(theme.body), theme.text);
  }
};

}  // namespace

std::unique_ptr<Section> makeActivationSection() {
  return std::make_unique<ActivationSection>();
}

QString activationText(nn::Activation activation) {
  static const QString texts[] = {QObject::tr("passed on as it is"),
                                  QObject::tr("ReLU: max(0, x)"),
                                  QObject::tr("leaky ReLU: x, or 0.01 x below zero"),
                                  QObject::tr("sigmoid: 1 / (1 + e⁻ˣ)"),
                                  QObject::tr("tanh x"),
                                  QObject::tr("scaled tanh: 1.7159 tanh(2x/3)"),
                                  QObject::tr("step: 1 above zero, else 0"),
                                  QObject::tr("ELU: x, or eˣ − 1 below zero"),
                                  QObject::tr("GELU: x Φ(x), Φ the normal distribution"),
                                  QObject::tr("SiLU: x / (1 + e⁻ˣ)"),
                                  QObject::tr("ReLU6: min(6, max(0, x))"),
                                  QObject::tr("hard sigmoid: x/6 + 1/2, from 0 to 1"),
                                  QObject::tr("hard tanh: x, from −1 to 1"),
                                  QObject::tr("hard swish: x times (x/6 + 1/2 from 0 to 1)"),
                                  QObject::tr("softplus: log(1 + eˣ)"),
                                  QObject::tr("softsign: x / (1 + |x|)"),
                                  QObject::tr("Mish: x tanh(log(1 + eˣ))")};  // in the order of the enumeration
  static_assert(std::size(texts) == nn::kActivationCount);
  return texts[int(activation)];
}

}  // namespace ui
