#include "ui/training/CurvesView.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include "ui/training/Curve.h"

namespace ui {

namespace {

constexpr int kRedrawMs = 250;
constexpr int kNarrowestPx = 150;     // of one plot
constexpr std::size_t kLongRun = 60;  // points
constexpr double kBeginning = 0.08;   // of a long run, which may leave the picture at the top

QString dot(const QColor& colour) {
  return QStringLiteral("<span style='color:%1'>&#9632;</span>").arg(colour.name());
}

void setData(QCPGraph* graph, const std::vector<CurvePoint>& points) {
  QVector<QCPGraphData> data;
  data.reserve(qsizetype(points.size()));
  for (const CurvePoint& point : points) data.append(QCPGraphData(point.x, point.y));
  graph->data()->set(data, false);
}

}  // namespace

CurvesView::CurvesView(QWidget* parent) : QWidget(parent), m_loss(makePlot()), m_accuracy(makePlot()) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(16);
  for (const Plot& plot : {m_loss, m_accuracy}) {
    auto* column = new QVBoxLayout;
    column->setSpacing(2);
    column->addWidget(plot.heading);
    column->addWidget(plot.plot, 1);
    row->addLayout(column, 1);
  }
  m_soon.setSingleShot(true);
  m_soon.setInterval(2 * kRedrawMs);
  connect(&m_soon, &QTimer::timeout, this, &CurvesView::drawNow);
}

CurvesView::Plot CurvesView::makePlot() {
  Plot plot;
  plot.heading = new QLabel(this);
  plot.heading->setTextFormat(Qt::RichText);
  plot.heading->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  plot.plot = new QCustomPlot(this);
  plot.plot->setMinimumSize(80, 60);
  plot.plot->setAttribute(Qt::WA_TransparentForMouseEvents);
  plot.plot->setFocusPolicy(Qt::NoFocus);
  plot.training = plot.plot->addGraph();
  plot.validation = plot.plot->addGraph();
  plot.validation->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, 5));
  plot.plot->axisRect()->setMinimumMargins(QMargins(0, 4, 6, 0));
  return plot;
}

void CurvesView::style(Plot& plot) {
  const Theme& theme = m_theme;
  plot.plot->setBackground(QBrush(theme.window));
  plot.plot->axisRect()->setBackground(QBrush(theme.surface));
  for (QCPAxis* axis : {plot.plot->xAxis, plot.plot->yAxis}) {
    axis->setBasePen(QPen(theme.line));
    axis->setTickPen(Qt::NoPen);
    axis->setSubTickPen(Qt::NoPen);
    axis->setTickLabelFont(theme.small);
    axis->setTickLabelColor(theme.muted);
    axis->grid()->setPen(QPen(theme.line, 1));
    axis->grid()->setZeroLinePen(Qt::NoPen);
    axis->ticker()->setTickCount(4);
    axis->setNumberFormat("g");
    axis->setNumberPrecision(3);
  }
  plot.plot->xAxis->grid()->setVisible(false);
  plot.training->setPen(QPen(theme.faint, theme.projector ? 2.5 : 1.5));
  plot.validation->setPen(QPen(theme.accent, theme.projector ? 3.5 : 2.0));
}

void CurvesView::setTheme(const Theme& theme) {
  m_theme = theme;
  style(m_loss);
  style(m_accuracy);
  drawNow();
}

void CurvesView::setPoints(const std::vector<train::MetricPoint>* points) {
  m_points = points;
  drawNow();
}

void CurvesView::pointsAdded() {
  if (!isVisible()) return;
  // With the rest of the window while points come steadily; the timer is for the last ones.
  if (!m_sinceDrawn.isValid() || m_sinceDrawn.elapsed() >= kRedrawMs)
    drawNow();
  else if (!m_soon.isActive())
    m_soon.start();
}

void CurvesView::cleared() {
  drawNow();
}

void CurvesView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  // Where two plots would be too narrow to read, one is shown.
  const bool both = width() >= 2 * kNarrowestPx;
  m_loss.heading->setVisible(both);
  m_loss.plot->setVisible(both);
  pointsAdded();
}

void CurvesView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  drawNow();
}

void CurvesView::setHeading(const Plot& plot, const QString& name, const QString& training, const QString& validation) {
  plot.heading->setFont(m_theme.small);
  const auto entry = [](const QColor& colour, const QString& word, const QString& figure) {
    return QStringLiteral("&nbsp; %1 %2 <b>%3</b>").arg(dot(colour), word, figure);
  };
  // In a narrow plot the figures need the room more than the words do.
  const QFontMetrics metrics(m_theme.small);
  const QString first = tr("training"), second = tr("validation");
  const bool words = metrics.horizontalAdvance(name + first + second + training + validation + "        ") * 1.15 < plot.plot->width();
  plot.heading->setText(QStringLiteral("<b>%1</b> ").arg(name) + entry(m_theme.faint, words ? first : QString(), training) +
                        entry(m_theme.accent, words ? second : QString(), validation));
  plot.heading->setToolTip(words ? QString() : tr("grey: training, green: validation"));
}

void CurvesView::fitAxes(bool any) {
  const double end = any ? std::max(m_points->back().epoch, 1e-3) : 1.0;
  // The steep beginning of a long run would flatten everything after it.
  const QCPRange settled(any && m_points->size() > kLongRun ? end * kBeginning : 0, end);
  const auto rangeOf = [&settled](const Plot& plot) {
    bool first = false, second = false;
    const QCPRange training = plot.training->getValueRange(first, QCP::sdBoth, settled);
    const QCPRange validation = plot.validation->getValueRange(second, QCP::sdBoth, settled);
    if (first && second) return QCPRange(std::min(training.lower, validation.lower), std::max(training.upper, validation.upper));
    return first ? training : second ? validation : QCPRange(0, 0);
  };
  for (Plot* plot : {&m_loss, &m_accuracy}) {
    plot->plot->xAxis->setRange(0, end);
    const bool crowded = plot->validation->dataCount() > plot->plot->width() / 12;
    plot->validation->setScatterStyle(crowded ? QCPScatterStyle::ssNone : QCPScatterStyle(QCPScatterStyle::ssDisc, 5));
  }
  const double highest = rangeOf(m_loss).upper;
  m_loss.plot->yAxis->setRange(0, any && highest > 0 ? highest * 1.1 : 2.5);
  // The last percents matter most once a network is good.
  const double lowest = rangeOf(m_accuracy).lower;
  const double floor = !any || lowest < 50 ? 0 : lowest < 80 ? 50 : lowest < 90 ? 80 : 90;
  m_accuracy.plot->yAxis->setRange(floor, 100 + (100 - floor) * 0.02);
}

void CurvesView::drawNow() {
  m_soon.stop();
  m_sinceDrawn.start();
  const bool any = m_points && !m_points->empty();
  const std::span<const train::MetricPoint> points = any ? std::span(*m_points) : std::span<const train::MetricPoint>();
  const std::size_t most = std::size_t(std::max(100, width() / 2));
  const auto last = [](const std::vector<CurvePoint>& curve, int decimals) {
    return curve.empty() ? QString() : QString::number(curve.back().y, 'f', decimals);
  };
  const auto fill = [&](Plot& plot, CurveKind training, CurveKind validation, const QString& name, int decimals, const QString& unit) {
    const std::vector<CurvePoint> first = curveOf(points, training, most), second = curveOf(points, validation, most);
    setData(plot.training, first);
    setData(plot.validation, second);
    const auto withUnit = [&unit](const QString& figure) { return figure.isEmpty() ? figure : figure + unit; };
    setHeading(plot, name, withUnit(last(first, decimals)), withUnit(last(second, decimals)));
  };
  fill(m_loss, CurveKind::TrainLoss, CurveKind::ValidationLoss, tr("Loss"), 3, {});
  fill(m_accuracy, CurveKind::TrainAccuracy, CurveKind::ValidationAccuracy, tr("Accuracy"), 1, QStringLiteral(" %"));
  fitAxes(any);
  m_loss.plot->replot(QCustomPlot::rpRefreshHint);
  m_accuracy.plot->replot(QCustomPlot::rpRefreshHint);
  ++m_redraws;
}

}  // namespace ui
