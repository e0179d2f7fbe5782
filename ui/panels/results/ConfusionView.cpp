#include "ui/panels/results/ConfusionView.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "scene/text/Text.h"
#include "ui/base/Numbers.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {

constexpr double kNamesGapPx = 6;      // between names and cells
constexpr double kWidestCell = 1.7;    // of its height
constexpr double kMostForNames = 0.3;  // of the width
constexpr int kSmallestFigurePx = 7;
constexpr double kFaintest = 0.16, kDeepest = 0.9;  // of the color of mistakes

QString percentWords(double share) {
  return QString::fromStdString(scene::percent(share));
}

}  // namespace

ConfusionView::ConfusionView(QWidget* parent) : QWidget(parent) {
  setObjectName("confusionView");
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAccessibleName(tr("Confusion matrix"));
}

void ConfusionView::setTheme(const Theme& theme) {
  m_theme = theme;
  layOut();
  update();
}

void ConfusionView::setTable(const ConfusionTable& table) {
  const bool others = table.names() != m_table.names();
  m_table = table;
  if (others) {
    m_current = {};
    m_hovered.reset();
    m_chosen.reset();
  }
  layOut();
  update();
}

void ConfusionView::setShares(bool shares) {
  m_shares = shares;
  update();
}

void ConfusionView::setChosen(const std::optional<ClassPair>& cell) {
  m_chosen = cell;
  update();
}

QFont ConfusionView::fitting(const QFont& font, double height) const {
  QFont fitted = font;
  fitted.setPixelSize(std::clamp(int(height), kSmallestFigurePx, std::max(kSmallestFigurePx, font.pixelSize())));
  return fitted;
}

// Rows and columns get what the names leave; a cell is never much wider than it is high, so that the diagonal is one.
void ConfusionView::layOut() {
  const auto classes = double(m_table.classes());
  if (m_table.isEmpty()) return;
  const QFontMetricsF metrics(m_theme.body), small(m_theme.small);
  double widest = small.horizontalAdvance(tr("is"));
  for (const QString& name : m_table.names()) widest = std::max(widest, metrics.horizontalAdvance(name));
  const double names = std::min(widest, width() * kMostForNames) + kNamesGapPx;
  m_rightWidth = metrics.horizontalAdvance(QStringLiteral("> 99.9 %")) + kNamesGapPx;
  const double keyHeight = small.height() + 4;
  const double across = std::max(classes, width() - names - m_rightWidth - 2 * kNamesGapPx);
  const double wide = across / classes;
  m_turned = widest + 2 > wide && widest > metrics.horizontalAdvance(QStringLiteral("00"));
  const double heads = small.height() + 2 + (m_turned ? std::min(widest, width() * kMostForNames) : metrics.height()) + 2;
  setMaximumHeight(int(std::ceil(heads + wide * classes + keyHeight)) + 6);  // the rest is for what is below
  const double down = std::max(classes, height() - heads - keyHeight - 6);
  const double high = std::min(down / classes, wide);
  const double cell = std::min(wide, high * kWidestCell);
  const double left = std::max(0.0, (width() - names - m_rightWidth - 2 * kNamesGapPx - cell * classes) / 2);
  m_cells = QRectF(left + names, heads, cell * classes, high * classes);
  m_key = QRectF(m_cells.left(), m_cells.bottom() + 4, m_cells.width(), keyHeight);
}

QRectF ConfusionView::cellRect(ClassPair cell) const {
  const double width = m_cells.width() / double(m_table.classes()), height = m_cells.height() / double(m_table.classes());
  return {m_cells.left() + double(cell.answer) * width, m_cells.top() + double(cell.label) * height, width, height};
}

std::optional<ClassPair> ConfusionView::cellAt(QPointF position) const {
  if (m_table.isEmpty() || !m_cells.contains(position)) return std::nullopt;
  const auto place = [&](double offset, double whole) {
    return std::min(m_table.classes() - 1, std::size_t(offset / whole * double(m_table.classes())));
  };
  return ClassPair{place(position.y() - m_cells.top(), m_cells.height()), place(position.x() - m_cells.left(), m_cells.width())};
}

QString ConfusionView::text(ClassPair cell) const {
  if (m_table.count(cell) == 0) return {};
  if (!m_shares) return countText(m_table.count(cell));
  const double share = 100 * m_table.share(cell);
  return share < 0.05 ? QStringLiteral("<0.1") : QString::number(share, 'f', share < 99.95 ? 1 : 0);
}

QColor ConfusionView::color(ClassPair cell) const {
  const QColor ground = mix(m_theme.window, m_theme.text, 0.03);
  if (cell.isRight()) return mix(m_theme.window, m_theme.text, 0.1);
  if (m_table.count(cell) == 0 || m_table.largestMistake() == 0) return ground;
  return mix(ground, m_theme.warning, kFaintest + (kDeepest - kFaintest) * m_table.share(cell) / m_table.largestMistake());
}

// One size for all figures: as large as the longest has room for.
QFont ConfusionView::figureFont() const {
  const QRectF cell = cellRect({});
  QFont font = m_theme.body;
  font.setPixelSize(100);
  const QFontMetricsF metrics(font);
  double widest = 1;
  for (std::size_t label = 0; label < m_table.classes(); ++label)
    for (std::size_t answer = 0; answer < m_table.classes(); ++answer)
      widest = std::max(widest, metrics.horizontalAdvance(text({label, answer})));
  const double size = std::min({100 * (cell.width() - 3) / widest, cell.height() * 0.62, m_theme.title.pixelSize() * 1.5});
  font.setPixelSize(std::max(1, int(size)));
  return font;
}

void ConfusionView::paintEvent(QPaintEvent*) {
  ++m_paints;
  if (m_table.isEmpty()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  paintHeads(painter);
  for (std::size_t label = 0; label < m_table.classes(); ++label) paintRow(painter, label);
  paintFrames(painter);
  paintKey(painter);
}

void ConfusionView::paintHeads(QPainter& painter) const {
  const double small = QFontMetricsF(m_theme.small).height(), right = m_cells.right() + kNamesGapPx;
  drawElided(painter, {m_cells.left(), 0, m_cells.width(), small}, Qt::AlignCenter, tr("taken for"), m_theme.small, m_theme.muted);
  const double above = m_cells.top() - small - 2;
  drawElided(painter, {0, above, m_cells.left() - kNamesGapPx, small}, Qt::AlignRight | Qt::AlignVCenter, tr("is"), m_theme.small,
             m_theme.muted);
  drawElided(painter, {right, above, m_rightWidth + kNamesGapPx, small}, Qt::AlignRight | Qt::AlignVCenter, tr("right"), m_theme.small,
             m_theme.muted);
  const double wide = cellRect({}).width();
  const QFont font = fitting(m_theme.body, m_turned ? wide * 0.9 : m_theme.body.pixelSize());
  for (std::size_t answer = 0; answer < m_table.classes(); ++answer) {
    const bool marked = m_hovered && m_hovered->answer == answer;
    const QColor ink = marked ? m_theme.accent : m_theme.text;
    const QRectF area(cellRect({0, answer}).left(), small + 2, wide, m_cells.top() - small - 4);
    if (!m_turned) {
      drawWords(painter, area, Qt::AlignCenter, m_table.name(answer), fitting(font, wide * 1.2), ink);
      continue;
    }
    painter.save();
    painter.translate(area.center().x() - wide / 2, area.bottom());
    painter.rotate(-90);
    drawElided(painter, {0, 0, area.height(), wide}, Qt::AlignLeft | Qt::AlignVCenter, m_table.name(answer), font, ink);
    painter.restore();
  }
}

void ConfusionView::paintRow(QPainter& painter, std::size_t label) const {
  const QRectF first = cellRect({label, 0});
  const bool marked = m_hovered && m_hovered->label == label;
  const QFont names = fitting(m_theme.body, first.height() * 0.86), figures = figureFont();
  drawElided(painter, {0, first.top(), m_cells.left() - kNamesGapPx, first.height()}, Qt::AlignRight | Qt::AlignVCenter,
             m_table.name(label), names, marked ? m_theme.accent : m_theme.text);
  const double gap = first.width() > 12 ? 1 : 0.5;
  for (std::size_t answer = 0; answer < m_table.classes(); ++answer) {
    const ClassPair cell{label, answer};
    const QRectF rect = cellRect(cell).adjusted(0, 0, -gap, -gap);
    const QColor ground = color(cell);
    painter.fillRect(rect, ground);
    if (figures.pixelSize() < kSmallestFigurePx) continue;
    const QColor ink = cell.isRight() ? m_theme.text : m_theme.readableOn(ground);
    drawWords(painter, rect, Qt::AlignCenter, text(cell), figures, ink);
  }
  if (m_table.asked(label) == 0) return;
  const double share = m_table.share({label, label});
  QRectF bar(m_cells.right() + kNamesGapPx, first.top(), m_rightWidth + kNamesGapPx, first.height() - gap);
  painter.fillRect(bar, mix(m_theme.window, m_theme.text, 0.03));
  painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), m_theme.accentSoft);
  drawWords(painter, bar.adjusted(0, 0, -3, 0), Qt::AlignRight | Qt::AlignVCenter, percentWords(share), names, m_theme.text);
}

void ConfusionView::paintFrames(QPainter& painter) const {
  painter.setBrush(Qt::NoBrush);
  const auto frame = [&](ClassPair cell, const QColor& color, double thick) {
    painter.setPen(QPen(color, thick));
    painter.drawRect(cellRect(cell).adjusted(0, 0, -1, -1));
  };
  if (m_hovered) frame(*m_hovered, m_theme.text, 1.5);
  if (hasFocus()) frame(m_current, m_theme.accent, 2);
  if (m_chosen) frame(*m_chosen, m_theme.accent, 3);
}

// What the colors stand for: the least and the largest share of a row that is one mistake.
void ConfusionView::paintKey(QPainter& painter) const {
  const double largest = m_table.largestMistake();
  if (largest == 0) return drawElided(painter, m_key, Qt::AlignCenter, tr("no mistake"), m_theme.small, m_theme.muted);
  const QString from = tr("mistakes: 0"), to = tr("%1 of a row").arg(percentWords(largest));
  const QFontMetricsF metrics(m_theme.small);
  const double left = metrics.horizontalAdvance(from) + kNamesGapPx, right = metrics.horizontalAdvance(to) + kNamesGapPx;
  const QRectF whole(0, m_key.top(), width(), m_key.height());
  const double strip = std::clamp(m_key.width() - left - right, 24.0, 120.0);
  const double begin = std::max(0.0, m_key.center().x() - (left + strip + right) / 2);
  QLinearGradient gradient(begin + left, 0, begin + left + strip, 0);
  const QColor ground = mix(m_theme.window, m_theme.text, 0.03);
  gradient.setColorAt(0, mix(ground, m_theme.warning, kFaintest));
  gradient.setColorAt(1, mix(ground, m_theme.warning, kDeepest));
  painter.fillRect(QRectF(begin + left, whole.center().y() - 4, strip, 8), gradient);
  drawWords(painter, {begin, whole.top(), left, whole.height()}, Qt::AlignLeft | Qt::AlignVCenter, from, m_theme.small, m_theme.muted);
  drawWords(painter, {begin + left + strip + kNamesGapPx, whole.top(), right, whole.height()}, Qt::AlignLeft | Qt::AlignVCenter, to,
            m_theme.small, m_theme.muted);
}

void ConfusionView::resizeEvent(QResizeEvent*) {
  layOut();
}

bool ConfusionView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {  // its keys are its own, also where the window has them for something else
    const int key = static_cast<QKeyEvent*>(event)->key();
    const auto own = {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down, Qt::Key_Home, Qt::Key_End, Qt::Key_Return, Qt::Key_Enter};
    event->setAccepted(std::find(own.begin(), own.end(), key) != own.end() || (key == Qt::Key_Escape && m_chosen));
    return true;
  }
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const std::optional<ClassPair> cell = cellAt(help->pos());
    cell ? QToolTip::showText(help->globalPos(), m_table.words(*cell), this) : QToolTip::hideText();
    return true;
  }
  return QWidget::event(event);
}

void ConfusionView::setHovered(const std::optional<ClassPair>& cell) {
  if (cell == m_hovered) return;
  m_hovered = cell;
  update();
  cell ? emit pointed(*cell) : emit left();
}

void ConfusionView::setCurrent(ClassPair cell) {
  m_current = cell;
  update();
  emit pointed(cell);
}

void ConfusionView::mouseMoveEvent(QMouseEvent* event) {
  setHovered(cellAt(event->position()));
}

void ConfusionView::leaveEvent(QEvent*) {
  setHovered(std::nullopt);
}

void ConfusionView::mousePressEvent(QMouseEvent* event) {
  const std::optional<ClassPair> cell = cellAt(event->position());
  if (!cell || event->button() != Qt::LeftButton) return;
  setCurrent(*cell);
  emit chosen(*cell);
}

void ConfusionView::keyPressEvent(QKeyEvent* event) {
  if (m_table.isEmpty()) return QWidget::keyPressEvent(event);
  const std::size_t last = m_table.classes() - 1;
  auto [label, answer] = m_current;
  switch (event->key()) {
    case Qt::Key_Left:
      return setCurrent({label, answer == 0 ? 0 : answer - 1});
    case Qt::Key_Right:
      return setCurrent({label, std::min(answer + 1, last)});
    case Qt::Key_Up:
      return setCurrent({label == 0 ? 0 : label - 1, answer});
    case Qt::Key_Down:
      return setCurrent({std::min(label + 1, last), answer});
    case Qt::Key_Home:
      return setCurrent({label, 0});
    case Qt::Key_End:
      return setCurrent({label, last});
    case Qt::Key_Return:
    case Qt::Key_Enter:
      emit chosen(m_current);
      return;
    case Qt::Key_Escape:
      if (!m_chosen) break;
      emit allWanted();
      return;
    default:
      break;
  }
  QWidget::keyPressEvent(event);
}

void ConfusionView::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  if (!m_table.isEmpty()) emit pointed(m_current);
  update();
}

void ConfusionView::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

}  // namespace ui
