#include "ui/panels/training/CurvesView.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QLabel>
#include <QToolTip>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include "scene/text/Text.h"
#include "ui/base/Numbers.h"
#include "ui/panels/training/ChangeLines.h"

namespace ui {

using train::MetricLog;

namespace {

constexpr int kRedrawMs = 250;
constexpr int kLargePx = 360, kLargeHeightPx = 150;  // of one plot: from here on its words are larger
constexpr std::size_t kLongRun = 60;                 // points
constexpr double kBeginning = 0.08;                  // of a long run, in which the accuracy may leave the picture at the bottom
constexpr int kNarrowPx = 190;                       // of one plot: fewer figures below it
constexpr double kSmallestLoss = 1e-9;
constexpr double kNearPx = 6;         // of a mark, where its words are told
constexpr std::size_t kMostTold = 5;  // of several marks at one place, the last ones

QString dot(const QColor& color) {
  return QStringLiteral("<span style='color:%1'>&#9632;</span>").arg(color.name());
}

void setData(QCPGraph* graph, const std::vector<CurvePoint>& points, double lowest = -std::numeric_limits<double>::infinity()) {
  QVector<QCPGraphData> data;
  data.reserve(qsizetype(points.size()));
  for (const CurvePoint& point : points) data.append(QCPGraphData(point.x, std::max(point.y, lowest)));
  graph->data()->set(data, false);
}

QString lossText(double loss) {
  return std::abs(loss) < 1000 ? QString::number(loss, 'f', 3) : plainNumber(double(float(QString::number(loss, 'g', 3).toDouble())));
}

// How many figures an axis of epochs has room for: those of the first steps are long.
int fittingTicks(const QCustomPlot& plot, double end) {
  const double step = std::pow(10.0, std::floor(std::log10(end / 4))) * 2.5;
  const int figurePx = QFontMetrics(plot.xAxis->tickLabelFont()).horizontalAdvance(QString::number(step, 'g', 3));
  return std::clamp(int(plot.width() / (1.8 * figurePx)), 1, plot.width() < kNarrowPx ? 2 : 4);
}

QString percentText(double share) {
  return QString::fromStdString(scene::percent(share));
}

QString trainingWord() {
  return QObject::tr("training");
}

QString validationWord() {
  return QObject::tr("validation");
}

}  // namespace

CurvesView::CurvesView(QWidget* parent)
    : QWidget(parent),
      m_legend(new QLabel(this)),
      m_row(new QHBoxLayout),
      m_loss(makePlot(MetricLog::kTrainingLoss, MetricLog::kValidationLoss, 1)),
      m_metric(makePlot(MetricLog::kTrainingMetric, MetricLog::kValidationMetric, 100)),
      m_shown{"accuracy", "accuracy", "accuracy"} {
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(2);
  m_legend->setObjectName("curveLegend");
  m_legend->setTextFormat(Qt::RichText);
  m_legend->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  m_legend->setAttribute(Qt::WA_TransparentForMouseEvents);
  m_legend->hide();
  rows->addWidget(m_legend);
  m_row->setSpacing(kPlotGapPx);
  rows->addLayout(m_row, 1);
  for (const Plot& plot : {m_loss, m_metric}) {
    auto* column = new QVBoxLayout;
    column->setSpacing(2);
    column->addWidget(plot.heading);
    column->addWidget(plot.plot, 1);
    m_row->addLayout(column, 1);
  }
  m_loss.plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
  m_loss.plot->yAxis->setTicker(QSharedPointer<QCPAxisTickerText>::create());
  m_loss.changes = new ChangeLines(m_loss.plot, ChangeLines::Labels::AtTop);
  m_metric.changes = new ChangeLines(m_metric.plot, ChangeLines::Labels::AtBottom);
  m_soon.setSingleShot(true);
  m_soon.setInterval(2 * kRedrawMs);
  connect(&m_soon, &QTimer::timeout, this, &CurvesView::drawNow);
}

CurvesView::Plot CurvesView::makePlot(std::string_view trainingName, std::string_view validationName, double scale) {
  Plot plot;
  plot.trainingName = trainingName;
  plot.validationName = validationName;
  plot.scale = scale;
  plot.heading = new QLabel(this);
  plot.heading->setTextFormat(Qt::RichText);
  plot.heading->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  plot.heading->setAttribute(Qt::WA_TransparentForMouseEvents);
  plot.plot = new QCustomPlot(this);
  plot.plot->setLocale(QLocale::c());
  plot.plot->setMinimumSize(80, 56);
  plot.plot->setAttribute(Qt::WA_TransparentForMouseEvents);
  plot.plot->setFocusPolicy(Qt::NoFocus);
  plot.training = plot.plot->addGraph();
  plot.validation = plot.plot->addGraph();
  plot.validation->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, 5));
  plot.plot->xAxis->setLabel(tr("epochs"));
  return plot;
}

void CurvesView::style(Plot& plot) {
  const Theme& theme = m_theme;
  const bool large = plot.plot->width() >= kLargePx && plot.plot->height() >= kLargeHeightPx;
  const QFont font = large ? theme.body : theme.small;
  plot.plot->setBackground(QBrush(theme.window));
  plot.plot->axisRect()->setMinimumMargins(QMargins(0, QFontMetrics(font).height() / 2 + 1, 8, 0));  // for the topmost and the last figure
  plot.plot->axisRect()->setBackground(QBrush(theme.surface));
  for (QCPAxis* axis : {plot.plot->xAxis, plot.plot->yAxis}) {
    axis->setBasePen(QPen(theme.line));
    axis->setTickPen(Qt::NoPen);
    axis->setSubTickPen(Qt::NoPen);
    axis->setTickLabelFont(font);
    axis->setTickLabelColor(large ? theme.text : theme.muted);
    axis->setTickLabelPadding(2);
    axis->setLabelFont(font);
    axis->setLabelColor(theme.muted);
    axis->setLabelPadding(0);
    axis->grid()->setPen(QPen(theme.line, 1));
    axis->grid()->setZeroLinePen(Qt::NoPen);
    axis->ticker()->setTickCount(4);
    axis->setNumberFormat("g");
    axis->setNumberPrecision(3);
  }
  plot.plot->xAxis->grid()->setVisible(false);
  const double stronger = theme.projector || large ? 1 : 0;
  plot.training->setPen(QPen(theme.faint, 1.5 + stronger));
  plot.validation->setPen(QPen(theme.accent, 2.0 + stronger));
  plot.changes->setTheme(theme);
}

void CurvesView::setTheme(const Theme& theme) {
  m_theme = theme;
  style(m_loss);
  style(m_metric);
  drawNow();
}

void CurvesView::setMetric(const tasks::Metric& metric) {
  m_shown = metric;
  m_metric.scale = metric.format == tasks::MetricFormat::Percent ? 100 : 1;
  cleared();
}

QString CurvesView::metricText(double value) const {
  return m_shown.format == tasks::MetricFormat::Percent ? percentText(value) : QString::number(value, 'g', 3);
}

void CurvesView::setMetrics(const MetricLog* metrics) {
  m_metrics = metrics;
  cleared();
}

std::span<const train::MetricSample> CurvesView::series(std::string_view name) const {
  return m_metrics ? m_metrics->series(name) : std::span<const train::MetricSample>();
}

void CurvesView::setMarks(const std::vector<CurveMark>& marks) {
  if (marks == m_marks) return;
  m_marks = marks;
  for (Plot* plot : {&m_loss, &m_metric}) plot->changes->setMarks(marks);
  pointsAdded();
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
  for (Plot* plot : {&m_loss, &m_metric}) {
    plot->trainingCurve.clear();
    plot->validationCurve.clear();
    plot->trainingRead = plot->validationRead = 0;
  }
  drawNow();
}

void CurvesView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  // Where two plots would be too narrow to read, one is shown.
  const bool both = width() >= kBothPx;
  m_loss.heading->setVisible(both);
  m_loss.plot->setVisible(both);
  m_row->setStretch(0, both ? 1 : 0);  // a column without anything in it would take its share all the same
  if (isVisible()) QMetaObject::invokeMethod(this, &CurvesView::drawNow, Qt::QueuedConnection);  // once the plots have their new sizes
}

void CurvesView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  drawNow();
}

bool CurvesView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  QToolTip::showText(help->globalPos(), textAt(help->pos()), this);
  return true;
}

QString CurvesView::textAt(QPoint position) const {
  const Plot* plot = nullptr;
  for (const Plot* each : {&m_loss, &m_metric})
    if (each->plot->isVisible() && each->plot->geometry().contains(position)) plot = each;
  if (!plot) return {};
  const double left = plot->plot->x(), epoch = plot->plot->xAxis->pixelToCoord(position.x() - left);
  const train::MetricSample* loss = train::nearestSample(series(MetricLog::kTrainingLoss), epoch);
  if (!loss) return {};
  const double epochs = std::round(loss->epoch * 1000) / 1000;
  QString text = (epochs == 1 ? tr("%1 epoch, step %2") : tr("%1 epochs, step %2")).arg(plainNumber(epochs), countText(loss->step));
  if (const auto* accuracy = train::sampleAt(series(MetricLog::kTrainingMetric), loss->step))
    text += QStringLiteral("\n") +
            tr("training: loss %1, %2 %3").arg(lossText(loss->value), QString::fromStdString(m_shown.title), metricText(accuracy->value));
  const auto* validated = train::sampleAt(series(MetricLog::kValidationLoss), loss->step);
  const auto* accuracy = train::sampleAt(series(MetricLog::kValidationMetric), loss->step);
  if (validated && accuracy)
    text += QStringLiteral("\n") + tr("validation: loss %1, %2 %3 (step %4)")
                                       .arg(lossText(validated->value), QString::fromStdString(m_shown.title), metricText(accuracy->value),
                                            countText(validated->step));
  return text + marksAt(*plot, position.x() - left);
}

QString CurvesView::marksAt(const Plot& plot, double x) const {
  std::vector<QString> near;
  for (const CurveMark& mark : m_marks)
    if (std::abs(plot.plot->xAxis->coordToPixel(mark.epoch) - x) <= kNearPx) near.push_back(mark.label);
  QString text;
  if (near.size() > kMostTold) text = QStringLiteral("\n") + tr("%1 changes before these").arg(near.size() - kMostTold);
  for (std::size_t i = near.size() - std::min(near.size(), kMostTold); i < near.size(); ++i)
    text += QStringLiteral("\n") + tr("from here on: %1").arg(near[i]);
  return text;
}

// Of a heading with the longest figures, so that it does not change with them.
bool CurvesView::hasRoomForWords(const Plot& plot, const QString& name) const {
  const QFontMetrics metrics(plot.heading->font());
  return metrics.horizontalAdvance(name + trainingWord() + validationWord() + "> 99.9 %> 99.9 %        ") * 1.15 < plot.plot->width();
}

void CurvesView::setHeading(const Plot& plot, const QString& name, const QString& training, const QString& validation, bool words) {
  const auto entry = [](const QColor& color, const QString& word, const QString& figure) {
    if (word.isEmpty() && figure.isEmpty()) return QString();
    return QStringLiteral("&nbsp; %1 %2 <b>%3</b>").arg(dot(color), word, figure.toHtmlEscaped());
  };
  const QString head = QStringLiteral("<b>%1</b> ").arg(name),
                last = entry(m_theme.accent, words ? validationWord() : QString(), validation);
  plot.heading->setText(head + entry(m_theme.faint, words ? trainingWord() : QString(), training) + last);
  // In a narrow plot the figure of the validation needs the room more than the other.
  if (!validation.isEmpty() && plot.heading->sizeHint().width() > plot.plot->width()) plot.heading->setText(head + last);
}

// Where a heading has no room for what its colors mean, a line above both plots says it.
void CurvesView::setHeadings() {
  QString share = QString::fromStdString(m_shown.brief);
  share.replace(0, 1, share.left(1).toUpper());
  const QString loss = tr("Loss");
  bool words = true;
  for (const auto& [plot, name] : {std::pair(&m_loss, loss), {&m_metric, share}}) {
    const bool large = plot->plot->width() >= kLargePx && plot->plot->height() >= kLargeHeightPx;
    plot->heading->setFont(large ? m_theme.body : m_theme.small);
    words = words && (plot->plot->isHidden() || hasRoomForWords(*plot, name));
  }
  m_legend->setFont(m_theme.small);
  m_legend->setText(QStringLiteral("%1 %2 &nbsp; %3 %4").arg(dot(m_theme.faint), trainingWord(), dot(m_theme.accent), validationWord()));
  m_legend->setVisible(!words);
  const auto figure = [](const Curve& curve, auto&& text) { return curve.last() ? text(curve.last()->y) : QString(); };
  const auto metric = [this](double y) { return metricText(y / m_metric.scale); };
  setHeading(m_loss, loss, figure(m_loss.trainingCurve, lossText), figure(m_loss.validationCurve, lossText), words);
  setHeading(m_metric, share, figure(m_metric.trainingCurve, metric), figure(m_metric.validationCurve, metric), words);
}

// Those that are new since the last time.
void CurvesView::readPoints() {
  const auto read = [](Curve& curve, std::size_t& count, std::span<const train::MetricSample> samples, double scale) {
    if (count > samples.size()) {
      curve.clear();
      count = 0;
    }
    for (; count < samples.size(); ++count) curve.add(samples[count].epoch, samples[count].value * scale);
  };
  for (Plot* plot : {&m_loss, &m_metric}) {
    read(plot->trainingCurve, plot->trainingRead, series(plot->trainingName), plot->scale);
    read(plot->validationCurve, plot->validationRead, series(plot->validationName), plot->scale);
  }
}

// Of the height of a plot, kept free of curves for the labels of the changes.
double CurvesView::labelShare(const Plot& plot) const {
  if (m_marks.empty()) return 0;
  return std::min(0.3, 1.2 * QFontMetricsF(m_theme.small).height() / std::max(1, plot.plot->axisRect()->height()));
}

void CurvesView::fitLoss() {
  const std::vector<CurvePoint> training = m_loss.trainingCurve.points(), validation = m_loss.validationCurve.points();
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (const std::vector<CurvePoint>* curve : {&training, &validation})
    for (const CurvePoint& point : *curve) {
      if (point.y > kSmallestLoss) low = std::min(low, point.y);
      high = std::max(high, point.y);
    }
  if (!(high > kSmallestLoss)) low = 0.1, high = 3;
  setData(m_loss.training, training, low);  // zero lies below every logarithm
  setData(m_loss.validation, validation, low);
  const double room = std::max(std::pow(high / low, 0.06), 1.05);
  const QCPRange range(low / room, high * room * std::pow(high / low * room * room, labelShare(m_loss)));
  m_loss.plot->yAxis->setRange(range);
  const std::size_t most = std::clamp<std::size_t>(std::size_t(m_loss.plot->height() / (2.2 * m_theme.body.pixelSize())), 2, 7);
  const auto ticker = m_loss.plot->yAxis->ticker().dynamicCast<QCPAxisTickerText>();
  ticker->clear();
  for (const double tick : logarithmicTicks(range.lower, range.upper, most)) ticker->addTick(tick, plainNumber(tick));
}

void CurvesView::fitMetric() {
  const std::vector<CurvePoint> training = m_metric.trainingCurve.points(), validation = m_metric.validationCurve.points();
  setData(m_metric.training, training);
  setData(m_metric.validation, validation);
  if (m_shown.format != tasks::MetricFormat::Percent) return fitError();
  // The last percents matter most once a network is good.
  const std::span<const train::MetricSample> samples = series(MetricLog::kTrainingMetric);
  const bool any = !samples.empty();
  const double from = samples.size() > kLongRun ? samples.back().epoch * kBeginning : 0;
  double lowest = 100;
  for (const std::vector<CurvePoint>* curve : {&training, &validation})
    for (const CurvePoint& point : *curve)
      if (point.x >= from) lowest = std::min(lowest, point.y);
  const double floor = !any || lowest < 50 ? 0 : lowest < 80 ? 50 : lowest < 90 ? 80 : 90;
  m_metric.plot->yAxis->setRange(floor - (100 - floor) * labelShare(m_metric), 100 + (100 - floor) * 0.02);
}

// From zero to the largest, but for the beginning of a long run.
void CurvesView::fitError() {
  const std::span<const train::MetricSample> samples = series(MetricLog::kTrainingMetric);
  const double from = samples.size() > kLongRun ? samples.back().epoch * kBeginning : 0;
  double high = 0;
  for (const Curve* curve : {&m_metric.trainingCurve, &m_metric.validationCurve})
    for (const CurvePoint& point : curve->points())
      if (point.x >= from && std::isfinite(point.y)) high = std::max(high, point.y);
  if (!(high > kSmallestLoss)) high = 1;
  m_metric.plot->yAxis->setRange(-high * labelShare(m_metric), high * 1.05);
}

void CurvesView::drawNow() {
  m_soon.stop();
  m_sinceDrawn.start();
  readPoints();
  const std::span<const train::MetricSample> samples = series(MetricLog::kTrainingLoss);
  fitLoss();
  fitMetric();
  for (Plot* plot : {&m_loss, &m_metric}) {
    style(*plot);
    const double end = samples.empty() ? 1.0 : std::max(samples.back().epoch, 1e-3);
    plot->plot->xAxis->setRange(0, end);
    plot->plot->xAxis->ticker()->setTickCount(fittingTicks(*plot->plot, end));
    const bool crowded = plot->validation->dataCount() > plot->plot->width() / 12;
    plot->validation->setScatterStyle(crowded ? QCPScatterStyle::ssNone : QCPScatterStyle(QCPScatterStyle::ssDisc, 5));
  }
  setHeadings();
  m_loss.plot->replot(QCustomPlot::rpRefreshHint);
  m_metric.plot->replot(QCustomPlot::rpRefreshHint);
  ++m_redraws;
}

}  // namespace ui
