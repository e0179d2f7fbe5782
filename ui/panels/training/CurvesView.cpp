#include "ui/panels/training/CurvesView.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QLabel>
#include <QToolTip>
#include <QWheelEvent>
#include <qcustomplot.h>

#include "ui/base/Numbers.h"
#include "ui/base/Timers.h"
#include "ui/base/Widgets.h"
#include "ui/panels/training/CurveFigures.h"

namespace ui {

using train::MetricLog;

namespace {

constexpr int kRedrawMs = 250;
constexpr double kNearPx = 6;                           // of a mark, where its words are told
constexpr std::size_t kMostTold = 5;                    // of several marks at one place, the last ones
constexpr double kWheelNotch = 120, kWheelShare = 0.8;  // of the range that is left after a notch
constexpr double kShortest = 1e-3;                      // of the run, that can be shown

QString dot(const QColor& color, bool hollow = false) {
  return QStringLiteral("<span style='color:%1'>%2</span>").arg(color.name(), QLatin1String(hollow ? "&#9633;" : "&#9632;"));
}

QString trainingWord() {
  return QObject::tr("training");
}

QString validationWord() {
  return QObject::tr("validation");
}

}  // namespace

CurvesView::CurvesView(QWidget* parent)
    : QWidget(parent), m_legend(named("curveLegend", new QLabel(this))), m_row(new QHBoxLayout), m_left(this, true), m_right(this, false) {
  m_legend->setTextFormat(Qt::RichText);
  m_legend->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  m_legend->setAttribute(Qt::WA_TransparentForMouseEvents);
  m_legend->hide();
  m_row->setSpacing(kPlotGapPx);
  for (const CurvePlot* plot : {&m_left, &m_right}) m_row->addLayout(columnOf(nullptr, {}, 2, {plot->heading(), {plot->plot(), 1}}), 1);
  columnOf(this, {}, 2, {m_legend, {m_row, 1}});
  runOnce(m_soon, 2 * kRedrawMs, this, &CurvesView::drawNow);
  setTask(*tasks::findTask("classify"));
}

void CurvesView::setTheme(const Theme& theme) {
  m_theme = theme;
  useEarlier();
  drawNow();
}

void CurvesView::setTask(const tasks::Task& task) {
  const tasks::Metric loss{"loss", "loss", "loss", tasks::MetricFormat::Number, false};
  if (task.twoLosses) {  // their sum says nothing
    m_left.present(task.metrics[0], {MetricLog::kTrainingMetric, MetricLog::kValidationMetric, MetricLog::kPartMetric}, true);
    m_right.present(task.metrics[1], {MetricLog::kTrainingSecond, MetricLog::kValidationSecond, MetricLog::kPartSecond}, true);
  } else {
    m_left.present(loss, {MetricLog::kTrainingLoss, MetricLog::kValidationLoss, MetricLog::kPartLoss}, true);
    m_right.present(task.metrics[0], {MetricLog::kTrainingMetric, MetricLog::kValidationMetric, MetricLog::kPartMetric}, false);
  }
  useEarlier();
  cleared();
}

void CurvesView::setMetrics(const MetricLog* metrics) {
  m_metrics = metrics;
  cleared();
}

void CurvesView::setEarlier(EarlierRuns* runs) {
  m_earlier = runs;
  connect(runs, &EarlierRuns::changed, this, [this] {
    useEarlier();
    drawNow();
  });
}

void CurvesView::setOptions(const CurveOptions& options) {
  if (options == m_options) return;
  if (options.axis != m_options.axis) m_zoom.range.reset();  // it is in other units
  m_options = options;
  for (CurvePlot* plot : {&m_left, &m_right}) plot->setOptions(options);
  useEarlier();
  drawNow();
}

void CurvesView::copyTo(CurvesView& other) const {
  const auto present = [](CurvePlot& plot, const CurvePlot& as) {
    plot.present(as.metric(), {as.training().name, as.validation().name, as.part().name}, as.isLoss());
  };
  present(other.m_left, m_left);
  present(other.m_right, m_right);
  if (m_earlier) other.setEarlier(m_earlier);
  other.m_diverged = m_diverged;
  other.m_marks.changes = m_marks.changes;
  other.setMetrics(m_metrics);
  other.setOptions(m_options);
  other.useEarlier();
  other.zoomTo(m_zoom.range);
}

std::span<const train::MetricSample> CurvesView::series(std::string_view name) const {
  return m_metrics ? m_metrics->series(name) : std::span<const train::MetricSample>();
}

void CurvesView::setMarks(const std::vector<CurveMark>& marks) {
  if (marks == m_marks.changes) return;
  m_marks.changes = marks;
  pointsAdded();
}

void CurvesView::setMoment(const std::optional<CurveMark>& moment) {
  if (moment == m_marks.moment) return;
  m_marks.moment = moment;
  placeMarks();
  for (const CurvePlot* plot : {&m_left, &m_right}) plot->plot()->replot(QCustomPlot::rpQueuedReplot);
}

void CurvesView::placeMarks() {
  const auto placed = [this](const CurveMark& mark) {
    return m_metrics ? placeOf(m_options.axis, *m_metrics, mark.step, mark.epoch) : mark.epoch;
  };
  std::vector<CurveMark> changes = m_marks.changes;
  for (CurveMark& mark : changes) mark.epoch = placed(mark);
  for (CurvePlot* plot : {&m_left, &m_right}) {
    plot->setMarks(changes);
    plot->setMoment(m_marks.moment ? std::optional(placed(*m_marks.moment)) : std::nullopt);
  }
}

// The figures of Okabe and Ito, which people see apart who see some colors alike ("Color Universal Design", 2008), without the blue and the
// grey, which are the present run's.
std::vector<QColor> CurvesView::colorsOfRuns() const {
  std::vector<QColor> colors{QColor(230, 159, 0), QColor(0, 158, 115), QColor(204, 121, 167), QColor(213, 94, 0), QColor(120, 94, 240)};
  if (!m_theme.dark)
    for (QColor& color : colors) color = color.darker(115);
  return colors;
}

// Of a network that is judged by another figure (a mean error, say) nothing is comparable.
std::vector<EarlierRun> CurvesView::comparable() const {
  std::vector<EarlierRun> runs;
  if (!m_earlier) return runs;
  for (const EarlierRun& run : m_earlier->all())
    if (run.metric == m_right.metric().id) runs.push_back(run);
  return runs;
}

void CurvesView::useEarlier() {
  const std::vector<EarlierRun> runs = comparable();
  for (CurvePlot* plot : {&m_left, &m_right}) plot->setEarlier(runs, colorsOfRuns());
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
  m_zoom.range.reset();
  for (CurvePlot* plot : {&m_left, &m_right}) plot->clear();
  drawNow();
}

void CurvesView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  // Where two plots would be too narrow to read, one is shown.
  const bool both = width() >= kBothPx;
  m_left.heading()->setVisible(both);
  m_left.plot()->setVisible(both);
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

const CurvePlot* CurvesView::plotAt(QPoint position) const {
  for (const CurvePlot* each : {&m_left, &m_right})
    if (each->plot()->isVisible() && each->plot()->geometry().contains(position)) return each;
  return nullptr;
}

QString CurvesView::textAt(QPoint position) const {
  const CurvePlot* plot = plotAt(position);
  if (!plot || !m_metrics) return {};
  const double left = plot->plot()->x(), place = plot->plot()->xAxis->pixelToCoord(position.x() - left);
  const auto nearer = [&](const train::MetricSample& a, const train::MetricSample& b) {
    return std::abs(placeOf(m_options.axis, *m_metrics, a.step, a.epoch) - place) <
           std::abs(placeOf(m_options.axis, *m_metrics, b.step, b.epoch) - place);
  };
  const std::span<const train::MetricSample> losses = series(MetricLog::kTrainingLoss);
  const train::MetricSample* loss = m_options.axis == CurveAxis::Epochs ? train::nearestSample(losses, place)
                                    : losses.empty()                    ? nullptr
                                                                        : &*std::min_element(losses.begin(), losses.end(), nearer);
  if (!loss) return {};
  const double epochs = std::round(loss->epoch * 1000) / 1000;
  QString text = (epochs == 1 ? tr("%1 epoch, step %2") : tr("%1 epochs, step %2")).arg(plainNumber(epochs), countText(loss->step));
  const auto figures = [&](const train::MetricSample& one, const train::MetricSample& other) {
    return tr("%1 %2, %3 %4")
        .arg(QString::fromStdString(m_left.metric().title), m_left.textOf(one.value), QString::fromStdString(m_right.metric().title),
             m_right.textOf(other.value));
  };
  const auto at = [&](std::string_view name) { return train::sampleAt(series(name), loss->step); };
  const auto *trained = at(m_left.training().name), *trainedToo = at(m_right.training().name);
  if (trained && trainedToo) text += QStringLiteral("\n") + tr("training: %1").arg(figures(*trained, *trainedToo));
  const auto *validated = at(m_left.validation().name), *validatedToo = at(m_right.validation().name);
  if (validated && validatedToo)
    text += QStringLiteral("\n") + tr("validation: %1 (step %2)").arg(figures(*validated, *validatedToo), countText(validated->step));
  const auto *part = at(m_left.part().name), *partToo = at(m_right.part().name);
  if (part && partToo && (!validated || validated->step < part->step))
    text += QStringLiteral("\n") + tr("validation on %1: %2 (step %3)").arg(partWords(), figures(*part, *partToo), countText(part->step));
  return text + marksAt(*plot, position.x() - left);
}

QString CurvesView::marksAt(const CurvePlot& plot, double x) const {
  std::vector<QString> near;
  for (const CurveMark& mark : m_marks.changes)
    if (std::abs(plot.plot()->xAxis->coordToPixel(placeOf(m_options.axis, *m_metrics, mark.step, mark.epoch)) - x) <= kNearPx)
      near.push_back(mark.label);
  QString text;
  if (near.size() > kMostTold) text = QStringLiteral("\n") + tr("%1 changes before these").arg(near.size() - kMostTold);
  for (std::size_t i = near.size() - std::min(near.size(), kMostTold); i < near.size(); ++i)
    text += QStringLiteral("\n") + tr("from here on: %1").arg(near[i]);
  return text;
}

void CurvesView::zoomTo(const CurvePlot::Range& range) {
  CurvePlot::Range shown = range;
  if (shown) {
    const double length = std::max(shown->second - shown->first, end() * kShortest);
    shown->first = std::clamp(shown->first, 0.0, std::max(0.0, end() - length));
    shown->second = shown->first + length;
    if (length >= end()) shown.reset();
  }
  if (shown == m_zoom.range) return;
  m_zoom.range = shown;
  for (CurvePlot* plot : {&m_left, &m_right}) plot->clear();
  drawNow();
}

// About what stands below the pointer.
void CurvesView::wheelEvent(QWheelEvent* event) {
  const CurvePlot* plot = plotAt(event->position().toPoint());
  if (!plot || series(MetricLog::kTrainingLoss).empty()) return event->ignore();
  const QCPRange range = plot->plot()->xAxis->range();
  const double at = plot->plot()->xAxis->pixelToCoord(event->position().x() - plot->plot()->x());
  const double share = std::pow(kWheelShare, event->angleDelta().y() / kWheelNotch);
  zoomTo(std::pair(at - (at - range.lower) * share, at + (range.upper - at) * share));
  event->accept();
}

void CurvesView::mousePressEvent(QMouseEvent* event) {
  const CurvePlot* plot = plotAt(event->pos());
  if (!plot || event->button() != Qt::LeftButton) return QWidget::mousePressEvent(event);
  m_zoom.held = plot->plot()->xAxis->pixelToCoord(event->pos().x() - plot->plot()->x());
}

void CurvesView::mouseMoveEvent(QMouseEvent* event) {
  const CurvePlot* plot = plotAt(event->pos());
  if (!plot || !m_zoom.held || !m_zoom.range || !(event->buttons() & Qt::LeftButton)) return;
  const double moved = *m_zoom.held - plot->plot()->xAxis->pixelToCoord(event->pos().x() - plot->plot()->x());
  zoomTo(std::pair(m_zoom.range->first + moved, m_zoom.range->second + moved));
}

void CurvesView::mouseDoubleClickEvent(QMouseEvent*) {
  zoomTo({});
}

// Of a heading with the longest figures, so that it does not change with them.
bool CurvesView::hasRoomForWords(const CurvePlot& plot, const QString& name) const {
  const QFontMetrics metrics(plot.heading()->font());
  return metrics.horizontalAdvance(name + trainingWord() + validationWord() + "> 99.9 %> 99.9 %        ") * 1.15 < plot.plot()->width();
}

// "512 of 1000 images": what the figures of a part are of.
QString CurvesView::partWords() const {
  const auto part = series(MetricLog::kPartImages), all = series(MetricLog::kAllImages);
  if (part.empty() || all.empty()) return tr("a part of the images");
  return tr("%1 of %2 images").arg(countText(qulonglong(part.back().value)), countText(qulonglong(all.back().value)));
}

// With what each was trained by, where there is room for that.
QString CurvesView::earlierWords() const {
  const std::vector<EarlierRun> runs = comparable();
  const std::vector<QColor> colors = colorsOfRuns();
  int length = 0;
  for (const EarlierRun& run : runs) length += QFontMetrics(m_theme.small).horizontalAdvance(run.name + QStringLiteral("     "));
  QStringList words;
  for (std::size_t i = 0; i < runs.size(); ++i)
    words << dot(colors[i % colors.size()]) + u' ' + (length < width() / 2 ? runs[i].name : runs[i].brief).toHtmlEscaped();
  return words.join(QStringLiteral(" &nbsp; "));
}

void CurvesView::setHeading(const CurvePlot& plot, const QString& name, bool words) {
  const QString head = QStringLiteral("<b>%1</b> ").arg(name);
  // What was measured before says nothing of the network that there is now.
  if (m_diverged) return plot.heading()->setText(head + QStringLiteral("&nbsp; <b>%1</b>").arg(plot.isLoss() ? tr("diverged") : tr("–")));
  const auto entry = [](const QString& mark, const QString& word, const QString& value) {
    if (word.isEmpty() && value.isEmpty()) return QString();
    return QStringLiteral("&nbsp; %1 %2 <b>%3</b>").arg(mark, word, value.toHtmlEscaped());
  };
  // A figure of a part stands there only until there is one of all images, and looks and is called different.
  const bool part = plot.validation().curve.empty() && !plot.part().curve.empty();
  const QString validation = plot.figureOf(part ? plot.part() : plot.validation());
  const QString word = !words ? QString() : part ? tr("validation on %1").arg(partWords()) : validationWord();
  const QString last = entry(dot(m_theme.accent, part), word, validation);
  plot.heading()->setText(head + entry(dot(m_theme.faint), words ? trainingWord() : QString(), plot.figureOf(plot.training())) + last);
  // In a narrow plot the figure of the validation needs the room more than the other.
  if (!validation.isEmpty() && plot.heading()->sizeHint().width() > plot.plot()->width()) plot.heading()->setText(head + last);
}

// Where a heading has no room for what its colors mean, a line above both plots says it; and which earlier runs there are.
void CurvesView::setHeadings() {
  const auto nameOf = [](const CurvePlot& plot) {
    const QString brief = QString::fromStdString(plot.metric().brief);
    return brief.left(1).toUpper() + brief.mid(1);
  };
  bool words = true;
  for (const CurvePlot* plot : {&m_left, &m_right}) words = words && (plot->plot()->isHidden() || hasRoomForWords(*plot, nameOf(*plot)));
  m_legend->setFont(m_theme.small);
  const QString earlier = earlierWords();
  const QString legend =
      QStringLiteral("%1 %2 &nbsp; %3 %4").arg(dot(m_theme.faint), trainingWord(), dot(m_theme.accent), validationWord());
  const auto setLegend = [&](const QString& part) {
    QString text = part.isEmpty() ? legend : legend + QStringLiteral(" &nbsp; %1 ").arg(dot(m_theme.accent, true)) + part;
    if (words)
      text = earlier;
    else if (!earlier.isEmpty())
      text += QStringLiteral(" &nbsp; ") + earlier;
    m_legend->setText(text);
  };
  setLegend(m_right.part().curve.empty() ? QString() : tr("on %1").arg(partWords()));
  if (!m_right.part().curve.empty() && m_legend->sizeHint().width() > width()) setLegend(tr("of a part"));
  m_legend->setVisible(!words || !earlier.isEmpty());
  for (const CurvePlot* plot : {&m_left, &m_right}) setHeading(*plot, nameOf(*plot), words);
}

void CurvesView::setDiverged(bool diverged) {
  if (std::exchange(m_diverged, diverged) != diverged) drawNow();
}

// As far as the longest of the runs that are shown.
double CurvesView::end() const {
  const auto endOf = [this](const MetricLog& metrics) {
    const std::span<const train::MetricSample> samples = metrics.series(MetricLog::kTrainingLoss);
    return samples.empty() ? 0.0 : placeOf(m_options.axis, metrics, samples.back().step, samples.back().epoch);
  };
  double last = m_metrics ? endOf(*m_metrics) : 0;
  for (const EarlierRun& run : comparable()) last = std::max(last, endOf(*run.metrics));
  return last > 0 ? std::max(last, 1e-3) : 1.0;
}

void CurvesView::drawNow() {
  m_soon.stop();
  m_sinceDrawn.start();
  placeMarks();
  static const MetricLog kNone;
  const double last = end();
  for (CurvePlot* plot : {&m_left, &m_right}) {
    plot->read(m_metrics ? *m_metrics : kNone, m_zoom.range);
    plot->draw(m_theme, m_zoom.range, last, !m_marks.changes.empty());
  }
  setHeadings();
  ++m_redraws;
}

}  // namespace ui
