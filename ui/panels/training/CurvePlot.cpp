#include "ui/panels/training/CurvePlot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QLabel>
#include <qcustomplot.h>

#include "scene/text/Text.h"
#include "ui/base/Numbers.h"
#include "ui/panels/training/ChangeLines.h"
#include "ui/panels/training/CurveFigures.h"

namespace ui {

namespace {

constexpr int kLargePx = 360, kLargeHeightPx = 150;  // of one plot: from here on its words are larger
constexpr std::size_t kLongRun = 60;                 // points
constexpr double kBeginning = 0.08;                  // of a long run, in which the accuracy may leave the picture at the bottom
constexpr double kSmallestLoss = 1e-9;
constexpr double kOutlierShare = 0.05;  // of the values, at either end
const QString kBehind = QStringLiteral("behind");

void setData(QCPGraph* graph, const std::vector<CurvePoint>& points, double lowest = -std::numeric_limits<double>::infinity()) {
  QVector<QCPGraphData> data;
  data.reserve(qsizetype(points.size()));
  for (const CurvePoint& point : points) data.append(QCPGraphData(point.x, std::max(point.y, lowest)));
  graph->data()->set(data, false);
}

QCPGraph* graphBehind(QCustomPlot* plot) {
  QCPGraph* graph = plot->addGraph();
  graph->setLayer(kBehind);
  return graph;
}

QColor faded(QColor color) {
  color.setAlphaF(0.35f);
  return color;
}

bool hasLargeWords(const QCustomPlot& plot) {
  return plot.width() >= kLargePx && plot.height() >= kLargeHeightPx;
}

}  // namespace

CurvePlot::CurvePlot(QWidget* parent, bool labelsAtTop) : m_heading(new QLabel(parent)), m_plot(new QCustomPlot(parent)) {
  m_heading->setTextFormat(Qt::RichText);
  m_heading->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  m_heading->setAttribute(Qt::WA_TransparentForMouseEvents);
  m_plot->setLocale(QLocale::c());
  m_plot->setMinimumSize(80, 56);
  m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
  m_plot->setFocusPolicy(Qt::NoFocus);
  m_plot->addLayer(kBehind, m_plot->layer(QStringLiteral("main")), QCustomPlot::limBelow);
  for (Line* line : lines()) line->graph = m_plot->addGraph();
  for (Line* line : lines()) line->raw = graphBehind(m_plot);
  m_plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTickerText));
  m_changes = new ChangeLines(m_plot, labelsAtTop ? ChangeLines::Labels::AtTop : ChangeLines::Labels::AtBottom);
  m_moment = new QCPItemStraightLine(m_plot);
  m_moment->setClipToAxisRect(true);
  m_moment->setVisible(false);
  setOptions({});
}

void CurvePlot::present(const tasks::Metric& metric, const std::array<std::string_view, 3>& names, bool isLoss) {
  m_metric = metric;
  m_isLoss = isLoss;
  for (std::size_t i = 0; i < names.size(); ++i) lines()[i]->name = names[i];
  m_scale = metric.format == tasks::MetricFormat::Percent ? 100 : 1;
  setOptions(m_options);
}

void CurvePlot::setOptions(const CurveOptions& options) {
  m_options = options;
  const bool logarithmic = m_isLoss && options.logarithmicLoss;
  QCPAxis& axis = *m_plot->yAxis;
  axis.setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  axis.setTicker(logarithmic ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerText) : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
  m_plot->xAxis->setLabel(axisTitle(options.axis));
  clear();
}

void CurvePlot::setMarks(const std::vector<CurveMark>& marks) {
  m_changes->setMarks(marks);
}

void CurvePlot::setMoment(std::optional<double> place) {
  m_moment->setVisible(place.has_value());
  if (!place) return;
  m_moment->point1->setTypeX(QCPItemPosition::ptPlotCoords);
  m_moment->point1->setTypeY(QCPItemPosition::ptAxisRectRatio);
  m_moment->point2->setTypeX(QCPItemPosition::ptPlotCoords);
  m_moment->point2->setTypeY(QCPItemPosition::ptAxisRectRatio);
  m_moment->point1->setCoords(*place, 0);
  m_moment->point2->setCoords(*place, 1);
}

void CurvePlot::clear() {
  for (Line* line : lines()) {
    line->curve.clear();
    line->unsmoothed.clear();
    line->smoother = train::Smoother(m_options.smoothing);
    line->read = 0;
  }
}

// Those that are new since the last time; of a part of the axis all of it, in more detail.
void CurvePlot::read(const train::MetricLog& metrics, const Range& range) {
  if (range) clear();
  for (Line* line : lines()) {
    const std::span<const train::MetricSample> samples = metrics.series(line->name);
    if (line->read > samples.size()) {
      line->curve.clear();
      line->unsmoothed.clear();
      line->smoother = train::Smoother(m_options.smoothing);
      line->read = 0;
    }
    for (; line->read < samples.size(); ++line->read) {
      const train::MetricSample& sample = samples[line->read];
      const double x = placeOf(m_options.axis, metrics, sample.step, sample.epoch), y = sample.value * m_scale;
      const double smooth = line->smoother.next(y);
      if (x < 0 || (range && (x < range->first || x > range->second))) continue;
      line->curve.add(x, smooth);
      line->unsmoothed.add(x, y);
    }
  }
  const std::span<const train::MetricSample> trained = metrics.series(m_training.name);
  const bool isLong = trained.size() > kLongRun && !range;
  m_longFrom = isLong ? placeOf(m_options.axis, metrics, trained.back().step, trained.back().epoch) * kBeginning : 0;
}

void CurvePlot::setEarlier(const std::vector<EarlierRun>& runs, const std::vector<QColor>& colors) {
  while (m_earlier.size() < runs.size()) m_earlier.emplace_back(graphBehind(m_plot), graphBehind(m_plot));
  for (std::size_t i = 0; i < m_earlier.size(); ++i) {
    const bool shown = i < runs.size();
    for (const auto& [graph, line, style] :
         {std::tuple(m_earlier[i].first, &m_training, Qt::DotLine), std::tuple(m_earlier[i].second, &m_validation, Qt::SolidLine)}) {
      graph->setVisible(shown);
      if (!shown) continue;
      Curve curve;
      train::Smoother smoother(m_options.smoothing);
      for (const train::MetricSample& sample : runs[i].metrics->series(line->name)) {
        const double x = placeOf(m_options.axis, *runs[i].metrics, sample.step, sample.epoch), y = smoother.next(sample.value * m_scale);
        if (x >= 0) curve.add(x, m_isLoss ? std::max(y, kSmallestLoss) : y);
      }
      setData(graph, curve.points());
      graph->setPen(QPen(colors[i % colors.size()], 1.5, style));
    }
  }
}

void CurvePlot::style(const Theme& theme) {
  const bool large = hasLargeWords(*m_plot);
  const QFont font = large ? theme.body : theme.small;
  m_heading->setFont(font);
  m_plot->setBackground(QBrush(theme.window));
  m_plot->axisRect()->setMinimumMargins(QMargins(0, QFontMetrics(font).height() / 2 + 1, 8, 0));  // for the topmost and the last figure
  m_plot->axisRect()->setBackground(QBrush(theme.surface));
  for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
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
    axis->ticker()->setTickCount(std::clamp(m_plot->axisRect()->height() / (2 * QFontMetrics(font).height()), 1, 4));
    axis->setNumberFormat("g");
    axis->setNumberPrecision(3);
  }
  m_plot->xAxis->grid()->setVisible(false);
  const double stronger = theme.projector || large ? 1 : 0;
  m_training.graph->setPen(QPen(theme.faint, 1.5 + stronger));
  m_validation.graph->setPen(QPen(theme.accent, 2.0 + stronger));
  m_part.graph->setPen(QPen(theme.accent, 0.75 + stronger / 2));
  for (Line* line : lines()) {
    QPen pen = line->graph->pen();
    pen.setColor(faded(pen.color()));
    pen.setWidthF(1);
    line->raw->setPen(pen);
  }
  m_moment->setPen(QPen(theme.accent, 2));
  m_changes->setTheme(theme);
}

template <typename Function>
void CurvePlot::forEachPoint(Function function) {
  for (const Line* line : lines())
    for (const CurvePoint& point : line->curve.points()) function(point);
}

void CurvePlot::fitLoss(const Theme& theme, double labelShare) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  forEachPoint([&](const CurvePoint& point) {
    if (point.y > kSmallestLoss) low = std::min(low, point.y);
    high = std::max(high, point.y);
  });
  if (!(high > kSmallestLoss)) low = 0.1, high = 3;
  for (const Line* line : lines()) {
    setData(line->graph, line->curve.points(), low);  // zero lies below every logarithm
    setData(line->raw, line->unsmoothed.points(), low);
  }
  if (!leaveOutliersOut(labelShare)) {
    const double room = std::max(std::pow(high / low, 0.06), 1.05);
    m_plot->yAxis->setRange(low / room, high * room * std::pow(high / low * room * room, labelShare));
  }
  const QCPRange range = m_plot->yAxis->range();
  const std::size_t most = std::clamp<std::size_t>(std::size_t(m_plot->height() / (2.2 * theme.body.pixelSize())), 2, 7);
  const auto ticker = m_plot->yAxis->ticker().dynamicCast<QCPAxisTickerText>();
  ticker->clear();
  for (const double tick : logarithmicTicks(range.lower, range.upper, most)) ticker->addTick(tick, plainNumber(tick));
}

// The last percents matter most once a network is good.
void CurvePlot::fitShare(double labelShare) {
  double lowest = 100;
  bool any = false;
  forEachPoint([&](const CurvePoint& point) {
    any = true;
    if (point.x >= m_longFrom) lowest = std::min(lowest, point.y);
  });
  const double floor = !any || lowest < 50 ? 0 : lowest < 80 ? 50 : lowest < 90 ? 80 : 90;
  m_plot->yAxis->setRange(floor - (100 - floor) * labelShare, 100 + (100 - floor) * 0.02);
}

// To the largest, but for the beginning of a long run.
void CurvePlot::fitFromZero(double labelShare) {
  double high = 0;
  forEachPoint([&](const CurvePoint& point) {
    if ((point.x >= m_longFrom || m_isLoss) && std::isfinite(point.y)) high = std::max(high, point.y);
  });
  if (!(high > kSmallestLoss)) high = 1;
  m_isLoss ? m_plot->yAxis->setRange(0, high * (1.05 + labelShare)) : m_plot->yAxis->setRange(-high * labelShare, high * 1.05);
}

// False where that is not asked for, or hardly anything would be left.
bool CurvePlot::leaveOutliersOut(double labelShare) {
  if (!m_options.leavesOutliersOut) return false;
  std::vector<double> values;
  forEachPoint([&](const CurvePoint& point) { values.push_back(point.y); });
  if (values.size() < std::size_t(1 / kOutlierShare)) return false;
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) { return values[std::size_t(share * double(values.size() - 1))]; };
  double low = at(kOutlierShare), high = at(1 - kOutlierShare);
  if (!(high > low)) return false;
  if (m_plot->yAxis->scaleType() == QCPAxis::stLogarithmic) {
    low = std::max(low, kSmallestLoss);
    const double room = std::pow(high / low, 0.06 + labelShare);
    m_plot->yAxis->setRange(low / std::pow(high / low, 0.06), high * room);
  } else {
    const double room = (high - low) * 0.06;
    m_plot->yAxis->setRange(low - room - (m_isLoss ? 0 : (high - low) * labelShare),
                            high + room + (m_isLoss ? (high - low) * labelShare : 0));
  }
  return true;
}

void CurvePlot::draw(const Theme& theme, const Range& range, double end, bool hasMarks) {
  const double high = std::max(1, m_plot->axisRect()->height());
  const double labels = hasMarks ? std::min(0.3, 1.2 * QFontMetricsF(theme.small).height() / high) : 0;  // of the height, free of curves
  if (m_plot->yAxis->scaleType() == QCPAxis::stLogarithmic) {
    fitLoss(theme, labels);
  } else {
    for (const Line* line : lines()) {
      setData(line->graph, line->curve.points());
      setData(line->raw, line->unsmoothed.points());
    }
    if (!leaveOutliersOut(labels)) m_metric.format == tasks::MetricFormat::Percent && !m_isLoss ? fitShare(labels) : fitFromZero(labels);
  }
  for (const Line* line : lines()) line->raw->setVisible(m_options.smoothing > 0);
  style(theme);
  showPlaces(*m_plot, m_options.axis, range ? range->first : 0, range ? range->second : end);
  for (const auto& [line, shape] : {std::pair(&m_validation, QCPScatterStyle::ssDisc), std::pair(&m_part, QCPScatterStyle::ssCircle)}) {
    const bool crowded = line->graph->dataCount() > m_plot->width() / 12;
    line->graph->setScatterStyle(crowded ? QCPScatterStyle(QCPScatterStyle::ssNone) : QCPScatterStyle(shape, 5));
  }
  m_plot->replot(QCustomPlot::rpRefreshHint);
}

QString CurvePlot::textOf(double value) const {
  if (m_isLoss) return lossText(value);
  return m_metric.format == tasks::MetricFormat::Percent ? QString::fromStdString(scene::percent(value)) : QString::number(value, 'g', 3);
}

QString CurvePlot::figureOf(const Line& line) const {
  return line.unsmoothed.last() ? textOf(line.unsmoothed.last()->y / m_scale) : QString();
}

}  // namespace ui
