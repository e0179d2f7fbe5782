#include "ui/base/PictureGrid.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include "ui/base/ColorPicture.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {
constexpr int kBetweenPx = 8;
}  // namespace

PictureGrid::PictureGrid(QWidget* parent, int picturePx) : QAbstractScrollArea(parent), m_picturePx(picturePx) {
  setFocusPolicy(Qt::StrongFocus);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFrameShape(QFrame::NoFrame);
  setAccessibleName(tr("Pictures of the data"));
}

void PictureGrid::setPictures(const std::shared_ptr<const data::Dataset>& set, std::vector<std::uint32_t> indices) {
  setPictures({[set](std::size_t index) { return imageAt(*set, index); },
               [set](std::size_t index) { return QString::fromStdString(set->classNames[set->labels[index]]); }},
              std::move(indices));
}

void PictureGrid::setPictures(Source source, std::vector<std::uint32_t> indices) {
  m_source = std::move(source);
  m_indices = std::move(indices);
  m_current = -1;
  verticalScrollBar()->setValue(0);
  fitRange();
  setCurrent(m_indices.empty() ? -1 : 0);
  viewport()->update();
  emit seenChanged();
}

std::vector<std::uint32_t> PictureGrid::seen() const {
  const std::size_t first = std::size_t(std::max(0, verticalScrollBar()->value() / cell().height()) * columns());
  const std::size_t count = std::size_t((viewport()->height() / cell().height() + 2) * columns());
  if (first >= m_indices.size()) return {};
  const auto from = m_indices.begin() + std::ptrdiff_t(first);
  return {from, from + std::ptrdiff_t(std::min(count, m_indices.size() - first))};
}

void PictureGrid::scrollContentsBy(int, int) {
  viewport()->update();
  emit seenChanged();
}

void PictureGrid::setCaption(Caption caption, int lines, int widthPx) {
  m_caption = std::move(caption);
  m_lines = lines;
  m_wordsPx = widthPx;
  fitRange();
  viewport()->update();
}

QStringList PictureGrid::captionOf(std::size_t index) const {
  return m_caption ? m_caption(index) : QStringList(m_source.words(index));
}

void PictureGrid::setCurrent(int place) {
  place = std::clamp(place, -1, int(m_indices.size()) - 1);
  if (place == m_current) return;
  m_current = place;
  viewport()->update();
  if (place < 0) return;
  emit currentChanged(m_indices[std::size_t(place)]);
  if (!isVisible()) return;  // it has no size yet
  const QRect rect = cellRect(place);
  QScrollBar& bar = *verticalScrollBar();
  if (rect.top() < 0) bar.setValue(bar.value() + rect.top());
  if (rect.bottom() >= viewport()->height()) bar.setValue(bar.value() + rect.bottom() - viewport()->height() + 1);
}

void PictureGrid::chooseCurrent() {
  if (m_current >= 0) emit chosen(m_indices[std::size_t(m_current)]);
}

QSize PictureGrid::cell() const {
  return {std::max(m_picturePx, m_wordsPx) + kBetweenPx, m_picturePx + m_lines * fontMetrics().height() + kBetweenPx};
}

int PictureGrid::columns() const {
  return std::max(1, (viewport()->width() - kBetweenPx) / cell().width());
}

// The columns stand in the middle.
int PictureGrid::left() const {
  return std::max(kBetweenPx, (viewport()->width() - columns() * cell().width() + kBetweenPx) / 2);
}

QRect PictureGrid::cellRect(int place) const {
  const QSize size = cell();
  return {left() + place % columns() * size.width(), kBetweenPx + place / columns() * size.height() - verticalScrollBar()->value(),
          size.width() - kBetweenPx, size.height() - kBetweenPx};
}

int PictureGrid::placeAt(QPoint position) const {
  const QSize size = cell();
  const int column = (position.x() - left()) / size.width(),
            row = (position.y() - kBetweenPx + verticalScrollBar()->value()) / size.height();
  const int place = row * columns() + column;
  const bool there = column >= 0 && column < columns() && place >= 0 && place < int(m_indices.size());
  return there && cellRect(place).contains(position) ? place : -1;
}

void PictureGrid::fitRange() {
  const int rows = int((m_indices.size() + std::size_t(columns()) - 1) / std::size_t(columns()));
  verticalScrollBar()->setRange(0, std::max(0, rows * cell().height() + 2 * kBetweenPx - viewport()->height()));
  verticalScrollBar()->setPageStep(viewport()->height());
  verticalScrollBar()->setSingleStep(cell().height() / 2);
}

void PictureGrid::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  painter.fillRect(viewport()->rect(), palette().base());
  if (m_indices.empty()) return;
  const int height = cell().height(), first = std::max(0, verticalScrollBar()->value() / height) * columns();
  for (int place = first; place < int(m_indices.size()); ++place) {
    const QRect rect = cellRect(place);
    if (rect.top() > viewport()->height()) break;
    const std::size_t index = m_indices[std::size_t(place)];
    const QImage image = m_source.picture(index);
    const QSize whole = image.isNull() ? QSize(m_picturePx, m_picturePx) : image.size();
    const QSize size = whole.scaled(m_picturePx, m_picturePx, Qt::KeepAspectRatio).expandedTo({1, 1});
    const QRect area(rect.left() + (rect.width() - size.width()) / 2, rect.top() + (m_picturePx - size.height()) / 2, size.width(),
                     size.height());
    painter.setRenderHint(QPainter::SmoothPixmapTransform, image.width() > m_picturePx);  // small ones keep their pixels
    image.isNull() ? painter.fillRect(area, palette().alternateBase()) : painter.drawImage(area, image);
    const bool current = place == m_current;
    if (current) {
      painter.setPen(QPen(palette().highlight().color(), hasFocus() ? 3 : 2));
      painter.drawRect(area.adjusted(-2, -2, 1, 1));
    }
    painter.setPen(palette().text().color());
    QRect words(rect.left(), rect.top() + m_picturePx + 2, rect.width(), fontMetrics().height());
    for (const QString& line : captionOf(index)) {
      painter.drawText(words, Qt::AlignCenter, fontMetrics().elidedText(line, Qt::ElideRight, words.width()));
      words.translate(0, words.height());
    }
  }
}

// Its keys are its own, also where the window has them for something else; but Space, which begins and ends training there.
bool PictureGrid::event(QEvent* event) {
  if (event->type() != QEvent::ShortcutOverride) return QAbstractScrollArea::event(event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  const auto own = {Qt::Key_Left,     Qt::Key_Right, Qt::Key_Up,  Qt::Key_Down,   Qt::Key_PageUp,
                    Qt::Key_PageDown, Qt::Key_Home,  Qt::Key_End, Qt::Key_Return, Qt::Key_Enter};
  event->setAccepted(std::find(own.begin(), own.end(), key) != own.end());
  return true;
}

bool PictureGrid::viewportEvent(QEvent* event) {
  if (event->type() != QEvent::ToolTip || !m_caption) return QAbstractScrollArea::viewportEvent(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const int place = placeAt(help->pos());
  QToolTip::showText(help->globalPos(), place < 0 ? QString() : captionOf(m_indices[std::size_t(place)]).join(QStringLiteral(", ")), this);
  return true;
}

void PictureGrid::resizeEvent(QResizeEvent*) {
  fitRange();
  emit seenChanged();
}

void PictureGrid::mousePressEvent(QMouseEvent* event) {
  const int place = placeAt(event->pos());
  if (place < 0) return;
  setCurrent(place);
  if (m_oneClick && event->button() == Qt::LeftButton) chooseCurrent();
}

void PictureGrid::mouseDoubleClickEvent(QMouseEvent* event) {
  if (const int place = placeAt(event->pos()); place >= 0 && !m_oneClick) emit chosen(m_indices[std::size_t(place)]);
}

void PictureGrid::keyPressEvent(QKeyEvent* event) {
  const int rows = std::max(1, viewport()->height() / cell().height()), last = int(m_indices.size()) - 1;
  const auto to = [&](int place) { setCurrent(std::clamp(place, 0, last)); };
  if (last < 0) return QAbstractScrollArea::keyPressEvent(event);
  switch (event->key()) {
    case Qt::Key_Left:
      return to(m_current - 1);
    case Qt::Key_Right:
      return to(m_current + 1);
    case Qt::Key_Up:
      return to(m_current >= columns() ? m_current - columns() : m_current);
    case Qt::Key_Down:
      return to(m_current + columns() <= last ? m_current + columns() : m_current);
    case Qt::Key_PageUp:
      return to(m_current - rows * columns());
    case Qt::Key_PageDown:
      return to(m_current + rows * columns());
    case Qt::Key_Home:
      return to(0);
    case Qt::Key_End:
      return to(last);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
      return chooseCurrent();
    default:
      QAbstractScrollArea::keyPressEvent(event);
  }
}

void PictureGrid::focusInEvent(QFocusEvent* event) {
  QAbstractScrollArea::focusInEvent(event);
  viewport()->update();
}

void PictureGrid::focusOutEvent(QFocusEvent* event) {
  QAbstractScrollArea::focusOutEvent(event);
  viewport()->update();
}

}  // namespace ui
