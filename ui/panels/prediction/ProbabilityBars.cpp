#include "ui/panels/prediction/ProbabilityBars.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <QFontMetricsF>
#include <QMouseEvent>
#include <QPainter>

#include "nn/Counted.h"
#include "scene/text/Text.h"
#include "tasks/EnergyScore.h"
#include "ui/base/Icons.h"
#include "ui/base/Widgets.h"
#include "ui/panels/prediction/PaintedAnswers.h"

namespace ui {

namespace {

constexpr int kMostRows = 10;
constexpr QSize kLeast(240, 176);                        // with a note of the fewest lines
constexpr int kFewestNoteLines = 2, kMostNoteLines = 6;  // that a panel makes room for
constexpr double kNoteShare = 0.25;                      // of the height
constexpr int kTall = 10000;
constexpr int kSmallestType = 8;  // pixels

}  // namespace

ProbabilityBars::ProbabilityBars(QWidget* parent) : QWidget(parent), m_theme(lightTheme()), m_invitation(tr("Draw a digit")) {
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setAccessibleName(tr("Probabilities"));
  showTip();
}

void ProbabilityBars::setTheme(const Theme& theme) {
  m_theme = theme;
  fitNote();
  update();
}

void ProbabilityBars::setClassNames(const QStringList& names) {
  m_names = names;
  showTip();
  update();
}

void ProbabilityBars::setInvitation(const QString& text) {
  m_invitation = text;
  update();
}

QString ProbabilityBars::className(int index) const {
  return index < m_names.size() ? m_names[index] : QString::number(index);
}

QString ProbabilityBars::restingText() const {
  if (m_names.size() <= kMostRows) return {};
  return tr("Of its %1 the %2 likeliest will stand here.")
      .arg(QString::fromStdString(nn::counted(std::size_t(m_names.size()), "class", "classes")))
      .arg(kMostRows);
}

QString ProbabilityBars::percent(float probability) const {
  return QString::fromStdString(scene::probabilityPercent(double(probability), int(m_probabilities.size())));
}

void ProbabilityBars::setProbabilities(std::span<const float> probabilities, std::optional<double> familiarity) {
  m_familiarity = familiarity;
  m_why.clear();
  m_pictures.reset();
  m_probabilities.assign(probabilities.begin(), probabilities.end());
  m_order.resize(m_probabilities.size());
  std::iota(m_order.begin(), m_order.end(), 0);
  const auto larger = [this](int a, int b) {
    const float x = m_probabilities[std::size_t(a)], y = m_probabilities[std::size_t(b)];
    return x != y ? x > y : a < b;
  };
  m_winner = m_order.empty() ? -1 : *std::min_element(m_order.begin(), m_order.end(), larger);
  if (m_order.size() > kMostRows) {
    std::partial_sort(m_order.begin(), m_order.begin() + kMostRows, m_order.end(), larger);
    m_order.resize(kMostRows);
  }
  showTip();
  update();
}

bool ProbabilityBars::isUnusual() const {
  return !isEmpty() && !tasks::unusualText(m_familiarity).empty();
}

void ProbabilityBars::setTruth(const std::optional<Truth>& truth) {
  if (truth == m_truth) return;
  m_truth = truth;
  emit truthChanged(truth && truth->index >= 0 ? std::optional(truth->index) : std::nullopt);
  update();
}

QString ProbabilityBars::verdict() const {
  if (!m_truth || isEmpty()) return {};
  if (m_truth->index < 0) return tr("a sample of %1").arg(m_truth->name);
  return m_truth->index == m_winner ? tr("right") : tr("it is %1").arg(m_truth->name);
}

void ProbabilityBars::setNoAnswer(const QString& why) {
  clear();
  m_why = why;
}

void ProbabilityBars::setPictures(PictureAnswer pictures) {
  clear();
  m_pictures = std::move(pictures);
}

void ProbabilityBars::setNote(const QString& note) {
  if (note == m_note) return;
  m_note = note;
  showTip();
  fitNote();
  update();
}

// What was taken for granted, and what can be done with the classes, where there are any.
void ProbabilityBars::showTip() {
  QStringList parts;
  if (!m_note.isEmpty()) parts << m_note;
  if (m_familiarity && !isUnusual())
    parts << tr("More familiar to the network than %1 % of the pictures that it was validated on.").arg(std::floor(*m_familiarity * 100));
  if (!m_names.isEmpty())
    parts << tr("Click a class: its unit and numbers.\nCtrl or Shift and click another one: why the one and not the other?");
  setToolTip(parts.join(QStringLiteral("\n\n")));
}

void ProbabilityBars::setCompared(int one, int other) {
  m_compared = {one, other};
  update();
}

void ProbabilityBars::clear() {
  m_probabilities.clear();
  m_familiarity.reset();
  m_order.clear();
  m_winner = -1;
  m_truth.reset();
  m_why.clear();
  m_pictures.reset();
  setHovered(-1);
  update();
}

void ProbabilityBars::resizeEvent(QResizeEvent*) {
  fitNote();
}

int ProbabilityBars::noteHeight(const QString& text) const {
  const QRect room(0, 0, width() - 2 * m_theme.grid, kTall);
  return text.isEmpty() ? 0 : QFontMetrics(m_theme.small).boundingRect(room, Qt::TextWordWrap, text).height();
}

QSize ProbabilityBars::minimumSizeHint() const {
  const int line = QFontMetrics(m_theme.small).lineSpacing(), usual = kFewestNoteLines * line;
  return {kLeast.width(), kLeast.height() + std::clamp(noteHeight(m_note) - usual, 0, kMostNoteLines * line - usual)};
}

// Whole where the answer keeps its room beside it, else as many words as there is room for; the tip has all of them.
void ProbabilityBars::fitNote() {
  const int usual = kFewestNoteLines * QFontMetrics(m_theme.small).lineSpacing();
  const int most = std::max({usual, int(height() * kNoteShare), usual + height() - kLeast.height()});
  m_fitted.shown = m_note;
  for (qsizetype end = m_note.size(); end > 0 && noteHeight(m_fitted.shown) > most;) {
    end = m_note.lastIndexOf(u' ', end - 1);
    m_fitted.shown = m_note.left(std::max<qsizetype>(end, 0)) + QStringLiteral(" …");
  }
  m_fitted.height = noteHeight(m_fitted.shown);
  const int before = std::exchange(m_fitted.leastOfAll, minimumSizeHint().height());
  if (m_fitted.leastOfAll != before) updateGeometry();  // the note has other lines now
}

QRectF ProbabilityBars::content() const {
  const double margin = m_theme.grid;
  return QRectF(rect()).adjusted(margin, margin, -margin, -margin - m_fitted.height);
}

// Beside the bars in a low panel, above them in a high one.
QRectF ProbabilityBars::winnerArea() const {
  const QRectF all = content();
  if (all.height() > all.width() * 1.15) return {all.left(), all.top(), all.width(), all.height() * 0.4};
  return {all.left(), all.top(), all.width() * 0.36, all.height()};
}

QRectF ProbabilityBars::rowRect(int row) const {
  return rowRect(row, int(m_order.size()));
}

QRectF ProbabilityBars::rowRect(int row, int rows) const {
  const double margin = m_theme.grid;
  const QRectF all = content();
  const QRectF winner = winnerArea();
  const bool above = winner.width() == all.width();
  QRectF area = above ? QRectF(QPointF(all.left(), winner.bottom() + margin), all.bottomRight())
                      : QRectF(QPointF(winner.right() + margin, all.top()), all.bottomRight());
  rows = std::max(rows, 1);
  const double height = std::min(area.height() / rows, m_theme.body.pixelSize() * 3.0);
  const double top = area.top() + (area.height() - height * rows) / 2;
  return {area.left(), top + row * height, area.width(), height};
}

void ProbabilityBars::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (!m_note.isEmpty()) {
    const QRectF line(m_theme.grid, height() - m_theme.grid / 2.0 - m_fitted.height, width() - 2 * m_theme.grid, m_fitted.height);
    drawWords(painter, line, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_fitted.shown, m_theme.small, m_theme.muted);
  }
  if (!m_why.isEmpty()) return paintReason(painter, tr("No class"), m_why, content(), m_theme);
  if (m_pictures) return paintPictureAnswer(painter, *m_pictures, content(), m_theme);
  if (isEmpty()) return paintEmpty(painter);
  paintWinner(painter);
  const QFontMetricsF metrics(m_theme.bold(m_theme.body));
  double nameWidth = 0;
  for (const int index : m_order) nameWidth = std::max(nameWidth, metrics.horizontalAdvance(className(index)));
  nameWidth = std::min(nameWidth + 4, rowRect(0).width() * 0.4);
  for (int row = 0; row < int(m_order.size()); ++row) paintRow(painter, row, nameWidth);
}

// The network at rest: the classes with empty bars, and the invitation where the winner will stand. Of more classes than there are bars
// nobody knows yet which ones will be shown.
void ProbabilityBars::paintEmpty(QPainter& painter) const {
  const int rows = m_names.size() > kMostRows ? 0 : int(m_names.size());
  QRectF area = content();
  if (const QString words = restingText(); !words.isEmpty()) {
    const QFontMetricsF metrics(m_theme.body);
    const double height = metrics.boundingRect(area, Qt::AlignHCenter | Qt::TextWordWrap, words).height();
    const double top = std::min(area.center().y() + m_theme.title.pixelSize(), area.bottom() - height);
    drawWords(painter, {area.left(), top, area.width(), height}, Qt::AlignHCenter | Qt::TextWordWrap, words, m_theme.body, m_theme.muted);
    area.setBottom(top);
    area.setTop(std::max(area.top(), area.bottom() - 2.5 * m_theme.title.pixelSize()));
  }
  if (rows > 1) {
    area = winnerArea();
    const double numberWidth = QFontMetricsF(m_theme.bold(m_theme.body)).horizontalAdvance(QStringLiteral("> 99.9 %")) + 2;
    const QFontMetricsF metrics(m_theme.body);
    double nameWidth = 0;
    for (int row = 0; row < rows; ++row) nameWidth = std::max(nameWidth, metrics.horizontalAdvance(m_names[row]));
    nameWidth = std::min(nameWidth + 4, rowRect(0, rows).width() * 0.4);
    for (int row = 0; row < rows; ++row) {
      const QRectF line = rowRect(row, rows);
      const double thickness = std::min(line.height() * 0.6, 18.0);
      drawElided(painter, {line.left(), line.top(), nameWidth, line.height()}, Qt::AlignVCenter, m_names[row], m_theme.body, m_theme.faint);
      painter.setPen(Qt::NoPen);
      painter.setBrush(mix(m_theme.window, m_theme.text, 0.05));
      const double left = line.left() + nameWidth + 6;
      painter.drawRoundedRect(QRectF(left, line.center().y() - thickness / 2, line.right() - numberWidth - 4 - left, thickness), 3, 3);
    }
  }
  const QStringList words = m_invitation.split(u' ');
  const QFontMetricsF title(m_theme.title);
  const bool fits =
      std::all_of(words.begin(), words.end(), [&](const QString& word) { return title.horizontalAdvance(word) <= area.width(); });
  drawWords(painter, area, Qt::AlignCenter | Qt::TextWordWrap, m_invitation, fits ? m_theme.title : m_theme.bold(m_theme.small),
            m_theme.muted);
}

void ProbabilityBars::paintWinner(QPainter& painter) const {
  const QRectF area = winnerArea();
  const QString name = className(m_winner);
  const double certaintyHeight = m_theme.title.pixelSize() * 1.6;
  const bool doubted = !m_truth && isUnusual(), judged = m_truth || doubted;
  const double judgeHeight = judged ? m_theme.body.pixelSize() * 1.7 : 0;
  const QRectF nameArea = area.adjusted(0, 0, 0, -certaintyHeight - judgeHeight);
  // As large as the area allows, measured by what the name really covers.
  QFont font = m_theme.displayAt(100);
  const QRectF cover = QFontMetricsF(font).tightBoundingRect(name.size() == 1 ? QStringLiteral("0") : name);
  const double size =
      100 * std::min(nameArea.width() * 0.92 / std::max(1.0, cover.width()), nameArea.height() * 0.86 / std::max(1.0, cover.height()));
  font = m_theme.displayAt(int(std::clamp(size, 12.0, 400.0)));
  painter.setFont(font);
  painter.setPen(doubted ? m_theme.muted : m_theme.text);
  const QString shown = QFontMetricsF(font).elidedText(name, Qt::ElideRight, nameArea.width() + 1);  // where even small type is too wide
  const QRectF inked = QFontMetricsF(font).tightBoundingRect(shown);
  const QRectF whole = QFontMetricsF(font).tightBoundingRect(name.size() == 1 ? QStringLiteral("0") : shown);
  const double height = whole.height() + certaintyHeight + judgeHeight;
  const double top = area.top() + (area.height() - height) / 2;
  painter.drawText(QPointF(area.center().x() - inked.width() / 2 - inked.left(), top - whole.top()), shown);
  const QRectF line(area.left() - 4, top + whole.height() + m_theme.grid / 2.0, area.width() + 8, certaintyHeight);
  drawWords(painter, line, Qt::AlignCenter, percent(m_probabilities[std::size_t(m_winner)]), m_theme.title,
            doubted ? m_theme.muted : m_theme.accent);
  const QRectF under(area.left() - 4, line.bottom(), area.width() + 8, judgeHeight);
  if (m_truth) paintVerdict(painter, under);
  if (doubted) drawWords(painter, under, Qt::AlignCenter, tr("none of these?"), m_theme.bold(m_theme.body), m_theme.warning);
}

void ProbabilityBars::paintVerdict(QPainter& painter, const QRectF& line) const {
  const bool judged = m_truth->index >= 0, right = m_truth->index == m_winner;
  const QFontMetricsF metrics(m_theme.body);
  const double icon = judged ? m_theme.body.pixelSize() * 1.25 : 0, gap = judged ? 4 : 0;
  const QString words = metrics.elidedText(verdict(), Qt::ElideRight, line.width() - icon - gap);
  const double left = line.center().x() - (icon + gap + metrics.horizontalAdvance(words)) / 2;
  const QColor color = !judged ? m_theme.muted : right ? m_theme.accent : m_theme.warning;
  if (judged) paintIcon(painter, {left, line.center().y() - icon / 2, icon, icon}, right ? Icon::Check : Icon::Cross, color);
  drawWords(painter, {left + icon + gap, line.top(), line.width(), line.height()}, Qt::AlignVCenter, words, m_theme.body, color);
}

void ProbabilityBars::paintRow(QPainter& painter, int row, double nameWidth) const {
  const int index = m_order[std::size_t(row)];
  const float p = m_probabilities[std::size_t(index)];
  const bool winner = index == m_winner;
  const QRectF area = rowRect(row);
  if (row == m_hovered) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(mix(m_theme.window, m_theme.text, 0.06));
    painter.drawRoundedRect(area.adjusted(-4, 0.5, 4, -0.5), 4, 4);
  }
  QFont font = winner ? m_theme.bold(m_theme.body) : m_theme.body;
  if (area.height() < font.pixelSize() * 1.25) font.setPixelSize(std::max(8, int(area.height() / 1.25)));
  const QRectF nameArea(area.left(), area.top(), nameWidth, area.height());
  const bool truth = m_truth && m_truth->index == index;
  const QColor ofTruth = winner ? m_theme.accent : m_theme.warning, ofText = winner ? m_theme.text : m_theme.muted;
  drawElided(painter, nameArea, Qt::AlignVCenter | Qt::AlignLeft, className(index), font, truth ? ofTruth : ofText);
  const double numberWidth = QFontMetricsF(m_theme.bold(m_theme.body)).horizontalAdvance(QStringLiteral("> 99.9 %")) + 2;
  const QRectF numberArea(area.right() - numberWidth, area.top(), numberWidth, area.height());
  const double thickness = std::min(area.height() * 0.6, 18.0);
  const QRectF track(nameArea.right() + 6, area.center().y() - thickness / 2, numberArea.left() - nameArea.right() - 10, thickness);
  painter.setPen(Qt::NoPen);
  painter.setBrush(mix(m_theme.window, m_theme.text, 0.07));
  painter.drawRoundedRect(track, 3, 3);
  const double share = std::isfinite(p) ? std::clamp(double(p), 0.0, 1.0) : 0;
  if (share > 0.002) {
    QRectF bar = track;
    bar.setWidth(std::max(3.0, track.width() * share));
    painter.setBrush(winner ? m_theme.accent : m_theme.faint);
    painter.drawRoundedRect(bar, 3, 3);
  }
  if (index == m_compared.one || index == m_compared.other) paintCompared(painter, track, index == m_compared.one, share > 0.6);
  if (truth) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ofTruth, 1.25));
    painter.drawRoundedRect(track.adjusted(-1.5, -1.5, 1.5, 1.5), 4, 4);
  }
  painter.setPen(ofText);
  painter.drawText(numberArea, Qt::AlignVCenter | Qt::AlignRight, percent(p));
}

// Framed in the color of what speaks for it or against it, and signed; in a low bar with smaller type, so that no letter is cut off.
void ProbabilityBars::paintCompared(QPainter& painter, const QRectF& track, bool one, bool filled) const {
  const QColor color = one ? m_theme.positive : m_theme.negative;
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(color, 2));
  painter.drawRoundedRect(track.adjusted(-1, -1, 1, 1), 4, 4);
  if (filled) painter.setPen(m_theme.onAccent);
  const QFont usual = painter.font();
  const QString words = one ? tr("why") : tr("and not");
  QFont font = usual;
  QRectF ink = QFontMetricsF(font).tightBoundingRect(words);
  for (int size = QFontInfo(usual).pixelSize(); ink.height() > track.height() - 1 && size > kSmallestType; --size) {
    font.setPixelSize(size - 1);
    ink = QFontMetricsF(font).tightBoundingRect(words);
  }
  painter.setFont(font);
  painter.drawText(QPointF(track.right() - 6 - ink.right(), track.center().y() - ink.center().y()), words);
  painter.setFont(usual);
}

int ProbabilityBars::rowAt(QPointF position) const {
  for (int row = 0; row < int(m_order.size()); ++row) {
    if (rowRect(row).contains(position)) return row;
  }
  return -1;
}

void ProbabilityBars::setHovered(int row) {
  if (row == m_hovered) return;
  m_hovered = row;
  update();
  emit classHovered(row < 0 || row >= int(m_order.size()) ? -1 : m_order[std::size_t(row)]);
}

void ProbabilityBars::mouseMoveEvent(QMouseEvent* event) {
  setHovered(rowAt(event->position()));
}

void ProbabilityBars::leaveEvent(QEvent*) {
  setHovered(-1);
}

void ProbabilityBars::mousePressEvent(QMouseEvent* event) {
  const int row = rowAt(event->position());
  if (row < 0 || event->button() != Qt::LeftButton) return;
  const int index = m_order[std::size_t(row)];
  event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier) ? emit classCompared(index) : emit classClicked(index);
}

}  // namespace ui
