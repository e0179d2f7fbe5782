#include "ui/panels/training/CurvesView.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QLabel>
#include <QToolTip>
#include <qcustomplot.h>

#include "scene/text/Text.h"
#include "ui/base/Numbers.h"
#include "ui/base/Timers.h"
#include "ui/base/Widgets.h"
#include "ui/panels/training/ChangeLines.h"
#include "ui/panels/training/CurveFigures.h"

namespace ui {

using train::MetricLog;

namespace {

constexpr int kRedrawMs = 250;
constexpr int kLargePx = 360, kLargeHeightPx = 150;  // of one plot: from here on its words are larger
constexpr std::size_t kLongRun = 60;                 // points
constexpr double kBeginning = 0.08;                  // of a long run, in which the accuracy may leave the picture at the bottom
constexpr double kSmallestLoss = 1e-9;
constexpr double kNearPx = 6;         // of a mark, where its words are told
constexpr std::size_t kMostTold = 5;  // of several marks at one place, the last ones

QString dot(const QColor& color, bool hollow = false) {
  return QStringLiteral("<span style='color:%1'>%2</span>").arg(color.name(), QLatin1String(hollow ? "&#9633;" : "&#9632;"));
}

void setData(QCPGraph* graph, const std::vector<CurvePoint>& points, double lowest = -std::numeric_limits<double>::infinity()) {
  QVector<QCPGraphData> data;
  data.reserve(qsizetype(points.size()));
  for (const CurvePoint& point : points) data.append(QCPGraphData(point.x, std::max(point.y, lowest)));
  graph->data()->set(data, false);
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
    : QWidget(parent), m_legend(named("curveLegend", new QLabel(this))), m_row(new QHBoxLayout), m_left(makePlot()), m_right(makePlot()) {
  m_legend->setTextFormat(Qt::RichText);
  m_legend->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  m_legend->setAttribute(Qt::WA_TransparentForMouseEvents);
  m_legend->hide();
  m_row->setSpacing(kPlotGapPx);
  for (const Plot& plot : {m_left, m_right}) m_row->addLayout(columnOf(nullptr, {}, 2, {plot.heading, {plot.plot, 1}}), 1);
  columnOf(this, {}, 2, {m_legend, {m_row, 1}});
  m_left.changes = new ChangeLines(m_left.plot, ChangeLines::Labels::AtTop);
  m_right.changes = new ChangeLines(m_right.plot, ChangeLines::Labels::AtBottom);
  runOnce(m_soon, 2 * kRedrawMs, this, &CurvesView::drawNow);
  setTask(*tasks::findTask("classify"));
}

CurvesView::Plot CurvesView::makePlot() {
  Plot plot;
  plot.heading = new QLabel(this);
  plot.heading->setTextFormat(Qt::RichText);
  plot.heading->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  plot.heading->setAttribute(Qt::WA_TransparentForMouseEvents);
  plot.plot = new QCustomPlot(this);
  plot.plot->setLocale(QLocale::c());
  plot.plot->setMinimumSize(80, 56);
  plot.plot->setAttribute(Qt::WA_TransparentForMouseEvents);
  plot.plot->setFocusPolicy(Qt::NoFocus);
  plot.training.graph = plot.plot->addGraph();
  plot.validation.graph = plot.plot->addGraph();
  plot.part.graph = plot.plot->addGraph();
  plot.plot->xAxis->setLabel(tr("epochs"));
  plot.plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTickerText));
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
    axis->ticker()->setTickCount(std::clamp(plot.plot->axisRect()->height() / (2 * QFontMetrics(font).height()), 1, 4));
    axis->setNumberFormat("g");
    axis->setNumberPrecision(3);
  }
  plot.plot->xAxis->grid()->setVisible(false);
  const double stronger = theme.projector || large ? 1 : 0;
  plot.training.graph->setPen(QPen(theme.faint, 1.5 + stronger));
  plot.validation.graph->setPen(QPen(theme.accent, 2.0 + stronger));
  plot.part.graph->setPen(QPen(theme.accent, 0.75 + stronger / 2));
  plot.changes->setTheme(theme);
}

void CurvesView::setTheme(const Theme& theme) {
  m_theme = theme;
  style(m_left);
  style(m_right);
  drawNow();
}

void CurvesView::setTask(const tasks::Task& task) {
  const tasks::Metric loss{"loss", "loss", "loss", tasks::MetricFormat::Number, false};
  if (task.twoLosses) {  // their sum says nothing
    present(m_left, task.metrics[0], {MetricLog::kTrainingMetric, MetricLog::kValidationMetric, MetricLog::kPartMetric}, true);
    present(m_right, task.metrics[1], {MetricLog::kTrainingSecond, MetricLog::kValidationSecond, MetricLog::kPartSecond}, true);
  } else {
    present(m_left, loss, {MetricLog::kTrainingLoss, MetricLog::kValidationLoss, MetricLog::kPartLoss}, true);
    present(m_right, task.metrics[0], {MetricLog::kTrainingMetric, MetricLog::kValidationMetric, MetricLog::kPartMetric}, false);
  }
  cleared();
}

void CurvesView::present(Plot& plot, const tasks::Metric& metric, const std::array<std::string_view, 3>& names, bool isLoss) {
  plot.metric = metric;
  plot.isLoss = isLoss;
  for (std::size_t i = 0; i < names.size(); ++i) plot.lines()[i]->name = names[i];
  plot.scale = metric.format == tasks::MetricFormat::Percent ? 100 : 1;
  QCPAxis& axis = *plot.plot->yAxis;
  axis.setScaleType(isLoss ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  axis.setTicker(isLoss ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerText) : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
}

QString CurvesView::textOf(const Plot& plot, double value) {
  if (plot.isLoss) return lossText(value);
  return plot.metric.format == tasks::MetricFormat::Percent ? percentText(value) : QString::number(value, 'g', 3);
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
  for (Plot* plot : {&m_left, &m_right}) plot->changes->setMarks(marks);
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
  for (Plot* plot : {&m_left, &m_right})
    for (Line* line : plot->lines()) {
      line->curve.clear();
      line->read = 0;
    }
  drawNow();
}

void CurvesView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  // Where two plots would be too narrow to read, one is shown.
  const bool both = width() >= kBothPx;
  m_left.heading->setVisible(both);
  m_left.plot->setVisible(both);
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
  for (const Plot* each : {&m_left, &m_right})
    if (each->plot->isVisible() && each->plot->geometry().contains(position)) plot = each;
  if (!plot) return {};
  const double left = plot->plot->x(), epoch = plot->plot->xAxis->pixelToCoord(position.x() - left);
  const train::MetricSample* loss = train::nearestSample(series(MetricLog::kTrainingLoss), epoch);
  if (!loss) return {};
  const double epochs = std::round(loss->epoch * 1000) / 1000;
  QString text = (epochs == 1 ? tr("%1 epoch, step %2") : tr("%1 epochs, step %2")).arg(plainNumber(epochs), countText(loss->step));
  const auto figures = [&](const train::MetricSample& one, const train::MetricSample& other) {
    return tr("%1 %2, %3 %4")
        .arg(QString::fromStdString(m_left.metric.title), textOf(m_left, one.value), QString::fromStdString(m_right.metric.title),
             textOf(m_right, other.value));
  };
  const auto at = [&](std::string_view name) { return train::sampleAt(series(name), loss->step); };
  const auto *trained = at(m_left.training.name), *trainedToo = at(m_right.training.name);
  if (trained && trainedToo) text += QStringLiteral("\n") + tr("training: %1").arg(figures(*trained, *trainedToo));
  const auto *validated = at(m_left.validation.name), *validatedToo = at(m_right.validation.name);
  if (validated && validatedToo)
    text += QStringLiteral("\n") + tr("validation: %1 (step %2)").arg(figures(*validated, *validatedToo), countText(validated->step));
  const auto *part = at(m_left.part.name), *partToo = at(m_right.part.name);
  if (part && partToo && (!validated || validated->step < part->step))
    text += QStringLiteral("\n") + tr("validation on %1: %2 (step %3)").arg(partWords(), figures(*part, *partToo), countText(part->step));
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

// "512 of 1000 images": what the figures of a part are of.
QString CurvesView::partWords() const {
  const auto part = series(MetricLog::kPartImages), all = series(MetricLog::kAllImages);
  if (part.empty() || all.empty()) return tr("a part of the images");
  return tr("%1 of %2 images").arg(countText(qulonglong(part.back().value)), countText(qulonglong(all.back().value)));
}

void CurvesView::setHeading(const Plot& plot, const QString& name, bool words) {
  const QString head = QStringLiteral("<b>%1</b> ").arg(name);
  // What was measured before says nothing of the network that there is now.
  if (m_diverged) return plot.heading->setText(head + QStringLiteral("&nbsp; <b>%1</b>").arg(plot.isLoss ? tr("diverged") : tr("–")));
  const auto figure = [&](const Line& line) { return line.curve.last() ? textOf(plot, line.curve.last()->y / plot.scale) : QString(); };
  const auto entry = [](const QString& mark, const QString& word, const QString& value) {
    if (word.isEmpty() && value.isEmpty()) return QString();
    return QStringLiteral("&nbsp; %1 %2 <b>%3</b>").arg(mark, word, value.toHtmlEscaped());
  };
  // A figure of a part stands there only until there is one of all images, and looks and is called different.
  const bool part = plot.validation.curve.empty() && !plot.part.curve.empty();
  const QString validation = figure(part ? plot.part : plot.validation);
  const QString word = !words ? QString() : part ? tr("validation on %1").arg(partWords()) : validationWord();
  const QString last = entry(dot(m_theme.accent, part), word, validation);
  plot.heading->setText(head + entry(dot(m_theme.faint), words ? trainingWord() : QString(), figure(plot.training)) + last);
  // In a narrow plot the figure of the validation needs the room more than the other.
  if (!validation.isEmpty() && plot.heading->sizeHint().width() > plot.plot->width()) plot.heading->setText(head + last);
}

// Where a heading has no room for what its colors mean, a line above both plots says it.
void CurvesView::setHeadings() {
  const auto nameOf = [](const Plot& plot) {
    const QString brief = QString::fromStdString(plot.metric.brief);
    return brief.left(1).toUpper() + brief.mid(1);
  };
  bool words = true;
  for (const Plot* plot : {&m_left, &m_right}) {
    const bool large = plot->plot->width() >= kLargePx && plot->plot->height() >= kLargeHeightPx;
    plot->heading->setFont(large ? m_theme.body : m_theme.small);
    words = words && (plot->plot->isHidden() || hasRoomForWords(*plot, nameOf(*plot)));
  }
  m_legend->setFont(m_theme.small);
  QString legend = QStringLiteral("%1 %2 &nbsp; %3 %4").arg(dot(m_theme.faint), trainingWord(), dot(m_theme.accent), validationWord());
  const auto setLegend = [&](const QString& part) {
    m_legend->setText(part.isEmpty() ? legend : legend + QStringLiteral(" &nbsp; %1 ").arg(dot(m_theme.accent, true)) + part);
  };
  setLegend(m_right.part.curve.empty() ? QString() : tr("on %1").arg(partWords()));
  if (!m_right.part.curve.empty() && m_legend->sizeHint().width() > width()) setLegend(tr("of a part"));
  m_legend->setVisible(!words);
  for (const Plot* plot : {&m_left, &m_right}) setHeading(*plot, nameOf(*plot), words);
}

// Those that are new since the last time.
void CurvesView::readPoints() {
  for (Plot* plot : {&m_left, &m_right})
    for (Line* line : plot->lines()) {
      const std::span<const train::MetricSample> samples = series(line->name);
      if (line->read > samples.size()) {
        line->curve.clear();
        line->read = 0;
      }
      for (; line->read < samples.size(); ++line->read) line->curve.add(samples[line->read].epoch, samples[line->read].value * plot->scale);
    }
}

// Of the height of a plot, kept free of curves for the labels of the changes.
double CurvesView::labelShare(const Plot& plot) const {
  if (m_marks.empty()) return 0;
  return std::min(0.3, 1.2 * QFontMetricsF(m_theme.small).height() / std::max(1, plot.plot->axisRect()->height()));
}

void CurvesView::fitLoss(Plot& plot) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (const Line* line : plot.lines())
    for (const CurvePoint& point : line->curve.points()) {
      if (point.y > kSmallestLoss) low = std::min(low, point.y);
      high = std::max(high, point.y);
    }
  if (!(high > kSmallestLoss)) low = 0.1, high = 3;
  for (const Line* line : plot.lines()) setData(line->graph, line->curve.points(), low);  // zero lies below every logarithm
  const double room = std::max(std::pow(high / low, 0.06), 1.05);
  const QCPRange range(low / room, high * room * std::pow(high / low * room * room, labelShare(plot)));
  plot.plot->yAxis->setRange(range);
  const std::size_t most = std::clamp<std::size_t>(std::size_t(plot.plot->height() / (2.2 * m_theme.body.pixelSize())), 2, 7);
  const auto ticker = plot.plot->yAxis->ticker().dynamicCast<QCPAxisTickerText>();
  ticker->clear();
  for (const double tick : logarithmicTicks(range.lower, range.upper, most)) ticker->addTick(tick, plainNumber(tick));
}

void CurvesView::fitMetric(Plot& plot) {
  for (const Line* line : plot.lines()) setData(line->graph, line->curve.points());
  if (plot.metric.format != tasks::MetricFormat::Percent) return fitError(plot);
  // The last percents matter most once a network is good.
  const std::span<const train::MetricSample> samples = series(plot.training.name);
  const bool any = !samples.empty();
  const double from = samples.size() > kLongRun ? samples.back().epoch * kBeginning : 0;
  double lowest = 100;
  for (const Line* line : plot.lines())
    for (const CurvePoint& point : line->curve.points())
      if (point.x >= from) lowest = std::min(lowest, point.y);
  const double floor = !any || lowest < 50 ? 0 : lowest < 80 ? 50 : lowest < 90 ? 80 : 90;
  plot.plot->yAxis->setRange(floor - (100 - floor) * labelShare(plot), 100 + (100 - floor) * 0.02);
}

// From zero to the largest, but for the beginning of a long run.
void CurvesView::fitError(Plot& plot) {
  const std::span<const train::MetricSample> samples = series(plot.training.name);
  const double from = samples.size() > kLongRun ? samples.back().epoch * kBeginning : 0;
  double high = 0;
  for (const Line* line : plot.lines())
    for (const CurvePoint& point : line->curve.points())
      if (point.x >= from && std::isfinite(point.y)) high = std::max(high, point.y);
  if (!(high > kSmallestLoss)) high = 1;
  plot.plot->yAxis->setRange(-high * labelShare(plot), high * 1.05);
}

void CurvesView::setDiverged(bool diverged) {
  if (std::exchange(m_diverged, diverged) != diverged) drawNow();
}

void CurvesView::drawNow() {
  m_soon.stop();
  m_sinceDrawn.start();
  readPoints();
  const std::span<const train::MetricSample> samples = series(MetricLog::kTrainingLoss);
  for (Plot* plot : {&m_left, &m_right}) {
    plot->isLoss ? fitLoss(*plot) : fitMetric(*plot);
    style(*plot);
    const double end = samples.empty() ? 1.0 : std::max(samples.back().epoch, 1e-3);
    showEpochs(*plot->plot, end);
    for (const auto& [line, shape] :
         {std::pair(&plot->validation, QCPScatterStyle::ssDisc), std::pair(&plot->part, QCPScatterStyle::ssCircle)}) {
      const bool crowded = line->graph->dataCount() > plot->plot->width() / 12;
      line->graph->setScatterStyle(crowded ? QCPScatterStyle(QCPScatterStyle::ssNone) : QCPScatterStyle(shape, 5));
    }
  }
  setHeadings();
  m_left.plot->replot(QCustomPlot::rpRefreshHint);
  m_right.plot->replot(QCustomPlot::rpRefreshHint);
  ++m_redraws;
}

}  // namespace ui
