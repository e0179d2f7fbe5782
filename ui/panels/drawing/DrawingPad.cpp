#include "ui/panels/drawing/DrawingPad.h"

#include <algorithm>
#include <cmath>

#include <QApplication>
#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QTabletEvent>
#include <QTouchEvent>

#include "ui/app/FileCommands.h"
#include "ui/base/ColorPicture.h"
#include "ui/base/Icons.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {

constexpr double kCorner = 8;
constexpr double kInvitationMargin = 6;
constexpr int kLeastType = 9;
constexpr double kBeyond = 3;  // of the dirty area, on each side

// The pen's width where the stylus presses this hard.
double widthAt(double penWidth, double pressure) {
  return penWidth * (0.35 + 0.65 * std::clamp(pressure, 0.0, 1.0));
}

}  // namespace

DrawingPad::DrawingPad(QWidget* parent)
    : QWidget(parent),
      m_theme(lightTheme()),
      m_shown(InkCanvas::kFineSide, InkCanvas::kFineSide, QImage::Format_RGB32),
      m_invitation(tr("Draw a digit")) {
  setAttribute(Qt::WA_AcceptTouchEvents);
  setAcceptDrops(true);
  setFocusPolicy(Qt::ClickFocus);
  setAccessibleName(tr("Drawing pad"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  setTheme(m_theme);
}

void DrawingPad::setTheme(const Theme& theme) {
  m_theme = theme;
  for (int i = 0; i < 256; ++i) m_colors[std::size_t(i)] = mix(theme.paper, theme.ink, i / 255.0).rgb();
  redrawInk(QRectF(0, 0, InkCanvas::kSide, InkCanvas::kSide));
  updateCursor();
  update();
}

void DrawingPad::setInvitation(const QString& text) {
  m_invitation = text;
  if (m_empty) update();
}

QRectF DrawingPad::square() const {
  const double side = std::min(width(), height()) - 2;
  return {(width() - side) / 2, (height() - side) / 2, side, side};
}

QPointF DrawingPad::toPad(QPointF widget) const {
  const QRectF area = square();
  return (widget - area.topLeft()) * (InkCanvas::kSide / std::max(1.0, area.width()));
}

void DrawingPad::setInk(const data::GrayImage& image, std::shared_ptr<const data::ColorImage> colors) {
  const auto change = [&] {
    m_canvas.load(image);
    setSource(std::make_shared<const data::Picture>(data::Picture{image, std::move(colors)}));
  };
  replace(change, tr("picture"));
}

void DrawingPad::showPicture(const data::Picture& picture) {
  const auto change = [&] {
    m_canvas.load(picture.ink);
    setSource(std::make_shared<const data::Picture>(picture));
  };
  replace(change, {});
}

void DrawingPad::setContent(const Content& content, const QString& edit) {
  const auto change = [&] {
    m_canvas.setFine(content.pixels, content.strokes);
    setSource(content.source);
  };
  replace(change, edit);
}

void DrawingPad::setSource(std::shared_ptr<const data::Picture> picture) {
  if (picture == m_source.picture) return;
  m_source.picture = std::move(picture);
  m_source.image = hasColors() ? imageOf(*m_source.picture->colors) : QImage();
  update();
}

void DrawingPad::setShowsColors(bool shows, const QColor& around) {
  m_source.colorsShown = shows;
  m_source.around = around;
  update();
}

data::Picture DrawingPad::drawing() const {
  return m_source.picture ? *m_source.picture : data::Picture{ink(), nullptr, m_canvas.strokes()};
}

QImage DrawingPad::picture() const {
  constexpr int side = InkCanvas::kFineSide;
  return QImage(m_canvas.fine().data(), side, side, side, QImage::Format_Grayscale8).copy();
}

void DrawingPad::setTool(Tool tool) {
  if (tool == m_tool) return;
  m_tool = tool;
  updateCursor();
  emit toolChanged(tool);
}

void DrawingPad::setPenWidth(double width) {
  width = std::clamp(width, kMinimumWidth, kMaximumWidth);
  if (width == m_penWidth) return;
  m_penWidth = width;
  updateCursor();
  emit penWidthChanged(width);
}

void DrawingPad::clear() {
  const auto change = [this] {
    m_canvas.clear();
    setSource(nullptr);
  };
  replace(change, tr("clearing"));
}

void DrawingPad::begin(QPointF at, double pressure, bool erase) {
  finishStroke();
  m_beforeStroke = content();
  setSource(nullptr);
  const QRectF area = m_canvas.beginStroke(toPad(at), widthAt(m_penWidth, pressure) * (erase ? 1.6 : 1), erase);
  changed(area);
}

void DrawingPad::extend(QPointF at, double pressure) {
  if (!m_canvas.strokeRunning()) return;
  changed(m_canvas.extendStroke(toPad(at), widthAt(m_penWidth, pressure) * (m_canvas.erasing() ? 1.6 : 1)));
}

void DrawingPad::finishStroke() {
  if (!m_canvas.strokeRunning()) return;
  changed(m_canvas.endStroke());
  if (m_canvas.isEmpty() != m_empty) {
    m_empty = !m_empty;
    update();
  }
  emit strokeFinished();
  if (content() != m_beforeStroke) emit edited(m_beforeStroke, m_canvas.erasing() ? tr("erasing") : tr("drawing"));
}

void DrawingPad::changed(const QRectF& padArea) {
  if (padArea.isEmpty()) return;
  redrawInk(padArea);
  const QRectF area = square();
  const double zoom = area.width() / InkCanvas::kSide;
  if (m_empty) {
    m_empty = m_canvas.erasing();
    update();
  } else {
    const QRectF dirty(area.topLeft() + padArea.topLeft() * zoom, padArea.size() * zoom);
    update(dirty.toAlignedRect().adjusted(-2, -2, 2, 2));
  }
  emit inkChanged();
}

void DrawingPad::replace(const std::function<void()>& change, const QString& what) {
  finishStroke();
  const Content before = content();
  change();
  m_empty = m_canvas.isEmpty() && !hasColors();
  redrawInk(QRectF(0, 0, InkCanvas::kSide, InkCanvas::kSide));
  update();
  emit inkChanged();
  if (!what.isEmpty() && content() != before) emit edited(before, what);
}

// Ink as the theme's colors, in the area that changed only.
void DrawingPad::redrawInk(const QRectF& padArea) {
  const int scale = InkCanvas::kFineSide / InkCanvas::kSide;
  const QRect area = QRectF(padArea.topLeft() * scale, padArea.size() * scale).toAlignedRect() & m_shown.rect();
  for (int y = area.top(); y <= area.bottom(); ++y) {
    const std::uint8_t* from = m_canvas.fine().data() + std::size_t(y) * InkCanvas::kFineSide;
    auto* to = reinterpret_cast<QRgb*>(m_shown.scanLine(y));
    for (int x = area.left(); x <= area.right(); ++x) to[x] = m_colors[from[x]];
  }
}

void DrawingPad::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
  const QRectF area = square();
  QPainterPath frame;
  frame.addRoundedRect(area, kCorner, kCorner);
  const bool photo = !m_empty && m_source.colorsShown && !m_source.image.isNull();
  painter.fillPath(frame, photo && m_source.around.isValid() ? m_source.around : m_theme.paper);
  if (m_empty) {
    paintInvitation(painter, area);
  } else if (photo) {
    const QSizeF size = QSizeF(m_source.image.size()).scaled(area.adjusted(3, 3, -3, -3).size(), Qt::KeepAspectRatio);
    painter.drawImage(QRectF(area.center() - QPointF(size.width() / 2, size.height() / 2), size), m_source.image);
  } else {
    // Only the part of the picture under the dirty area is resampled, and a little beyond: its own rim may cut through pixels of the
    // screen, which would keep a share of the paper. What is too much is clipped by the event.
    const double zoom = InkCanvas::kFineSide / area.width();
    const QRectF dirty = QRectF(event->rect()).adjusted(-kBeyond, -kBeyond, kBeyond, kBeyond) & area.adjusted(3, 3, -3, -3);
    const QRectF source((dirty.left() - area.left()) * zoom, (dirty.top() - area.top()) * zoom, dirty.width() * zoom,
                        dirty.height() * zoom);
    painter.drawImage(dirty, m_shown, source);
  }
  const bool active = m_dropping;
  painter.setPen(QPen(active ? m_theme.accent : m_theme.line, active ? 2 : 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), kCorner, kCorner);
}

void DrawingPad::paintInvitation(QPainter& painter, const QRectF& area) const {
  const double side = area.width();
  QPen pen(m_theme.line, 1.5);
  pen.setDashPattern({4, 5});
  painter.setPen(pen);
  const double inset = side * 0.14;  // where a digit sits well
  const QRectF frame = area.adjusted(inset, inset, -inset, -inset);
  painter.drawRoundedRect(frame, kCorner, kCorner);
  paintIcon(painter, QRectF(area.center().x() - side * 0.06, area.center().y() - side * 0.17, side * 0.12, side * 0.12), Icon::Pen,
            m_theme.faint);
  // On a small pad the first line in smaller type, the second one broken, in smaller type too, and left out where it is not whole then.
  QFont title = m_theme.title;
  const double room = frame.width() - 2 * kInvitationMargin, wide = QFontMetricsF(title).horizontalAdvance(m_invitation);
  if (wide > room) title.setPixelSize(std::max(kLeastType, int(title.pixelSize() * room / wide)));
  const double top = area.center().y(), second = top + title.pixelSize() * 1.6;
  drawWords(painter, {area.left(), top, side, second - top}, Qt::AlignCenter, m_invitation, title, m_theme.muted);
  const QString words = m_source.colorsShown ? tr("drop or paste one, or draw") : tr("or drop or paste a picture");
  const QRectF below(frame.left() + kInvitationMargin, second, room, frame.bottom() - second - 2);
  constexpr int kBroken = Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap;
  QFont small = m_theme.small;
  const auto fits = [&] { return below.contains(QFontMetricsF(small).boundingRect(below, kBroken, words)); };
  while (!fits() && small.pixelSize() > kLeastType) small.setPixelSize(small.pixelSize() - 1);
  if (fits()) drawWords(painter, below, kBroken, words, small, m_theme.faint);
}

void DrawingPad::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  updateCursor();
}

// A ring of the pen's width, so that one sees what a stroke will cover.
void DrawingPad::updateCursor() {
  const double zoom = square().width() / InkCanvas::kSide;
  const double diameter = std::clamp(m_penWidth * (m_tool == Tool::Eraser ? 1.6 : 1) * zoom, 6.0, 120.0);
  const int side = int(diameter) + 5;
  const double ratio = devicePixelRatioF();
  QPixmap ring(QSize(side, side) * ratio);
  ring.setDevicePixelRatio(ratio);
  ring.fill(Qt::transparent);
  QPainter painter(&ring);
  painter.setRenderHint(QPainter::Antialiasing);
  QColor halo = m_theme.paper;
  halo.setAlpha(200);
  const QPointF center(side / 2.0, side / 2.0);
  painter.setPen(QPen(halo, 3));
  painter.drawEllipse(center, diameter / 2, diameter / 2);
  painter.setPen(QPen(m_theme.accent, 1.25, m_tool == Tool::Eraser ? Qt::DashLine : Qt::SolidLine));
  painter.drawEllipse(center, diameter / 2, diameter / 2);
  painter.end();
  setCursor(QCursor(ring, side / 2, side / 2));
}

// The right button erases where it is dragged; a click of it asks for the menu.
void DrawingPad::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::RightButton && !m_canvas.strokeRunning()) m_rightPress = event->position();
  if (event->button() == Qt::LeftButton && !m_rightPress) begin(event->position(), 1.0, m_tool == Tool::Eraser);
  if (event->button() != Qt::LeftButton && event->button() != Qt::RightButton) QWidget::mousePressEvent(event);
}

void DrawingPad::mouseMoveEvent(QMouseEvent* event) {
  if (m_rightPress) {
    if ((event->position() - *m_rightPress).manhattanLength() < QApplication::startDragDistance()) return;
    begin(*m_rightPress, 1.0, true);
    m_rightPress.reset();
  }
  if (event->buttons() & (Qt::LeftButton | Qt::RightButton)) extend(event->position(), 1.0);
}

void DrawingPad::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::RightButton && m_rightPress) {
    m_rightPress.reset();
    emit menuRequested(event->globalPosition().toPoint());
    return;
  }
  if (event->buttons() & (Qt::LeftButton | Qt::RightButton)) return;
  extend(event->position(), 1.0);
  finishStroke();
}

void DrawingPad::contextMenuEvent(QContextMenuEvent* event) {
  event->accept();
  if (event->reason() == QContextMenuEvent::Keyboard) emit menuRequested(mapToGlobal(square().center().toPoint()));
}

void DrawingPad::tabletEvent(QTabletEvent* event) {
  const bool erase = m_tool == Tool::Eraser || event->pointerType() == QPointingDevice::PointerType::Eraser;
  if (event->type() == QEvent::TabletPress && event->button() == Qt::LeftButton) {
    m_tabletDown = true;
    begin(event->position(), event->pressure(), erase);
  } else if (event->type() == QEvent::TabletMove && m_tabletDown) {
    extend(event->position(), event->pressure());
  } else if (event->type() == QEvent::TabletRelease && m_tabletDown) {
    m_tabletDown = false;
    finishStroke();
  }
  event->accept();
}

bool DrawingPad::event(QEvent* event) {
  auto* touched = dynamic_cast<QTouchEvent*>(event);
  return touched ? touch(touched) : QWidget::event(event);
}

// One finger draws; further fingers are ignored until it lifts.
bool DrawingPad::touch(QTouchEvent* event) {
  if (event->type() == QEvent::TouchCancel) {
    m_touchId = -1;
    finishStroke();
    return true;
  }
  const bool pressureKnown = event->pointingDevice() && event->pointingDevice()->hasCapability(QInputDevice::Capability::Pressure);
  for (const QEventPoint& point : event->points()) {
    const double pressure = pressureKnown && point.pressure() > 0 ? point.pressure() : 1.0;
    if (point.state() == QEventPoint::Pressed && m_touchId < 0) {
      m_touchId = point.id();
      begin(point.position(), pressure, m_tool == Tool::Eraser);
    } else if (point.id() == m_touchId && point.state() == QEventPoint::Updated) {
      extend(point.position(), pressure);
    } else if (point.id() == m_touchId && point.state() == QEventPoint::Released) {
      m_touchId = -1;
      finishStroke();
    }
  }
  event->accept();
  return true;
}

void DrawingPad::dragEnterEvent(QDragEnterEvent* event) {
  if (QApplication::activeModalWidget()) return;  // it waits for an answer
  if (!FileCommands::understands(*event->mimeData())) return;
  m_dropping = true;
  event->acceptProposedAction();
  update();
}

void DrawingPad::dragLeaveEvent(QDragLeaveEvent*) {
  m_dropping = false;
  update();
}

void DrawingPad::dropEvent(QDropEvent* event) {
  m_dropping = false;
  update();
  if (!FileCommands::understands(*event->mimeData())) return;
  event->acceptProposedAction();
  emit filesDropped(*event->mimeData());
}

}  // namespace ui
