#include "ui/base/DevicePixels.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

QRect pixelsOf(const QPainter& painter, const QRectF& rect) {
  const QRectF device = painter.deviceTransform().mapRect(rect);
  const QPoint from(int(std::lround(device.left())), int(std::lround(device.top())));
  const QPoint to(int(std::lround(device.right())), int(std::lround(device.bottom())));
  return {from, QSize(std::max(0, to.x() - from.x()), std::max(0, to.y() - from.y()))};
}

// The first pixel of each of `cells` cells on `pixels` pixels.
int beginOf(int cell, int cells, int pixels) {
  return int((qint64(cell) * pixels + cells - 1) / cells);
}

}  // namespace

QRectF onDevicePixels(const QPainter& painter, const QRectF& rect) {
  return painter.deviceTransform().inverted().mapRect(QRectF(pixelsOf(painter, rect)));
}

void drawCells(QPainter& painter, const QRectF& rect, const QImage& picture, const QColor& line, double linesFrom) {
  const QRect pixels = pixelsOf(painter, rect);
  if (pixels.isEmpty() || picture.isNull()) return;
  const double ratio = pixels.width() / rect.width();
  QImage enlarged(pixels.size(), QImage::Format_ARGB32_Premultiplied);
  if (enlarged.isNull()) return;
  const QImage cells = picture.convertToFormat(QImage::Format_ARGB32_Premultiplied);
  for (int y = 0; y < enlarged.height(); ++y) {
    const auto* from = reinterpret_cast<const QRgb*>(cells.constScanLine(int(qint64(y) * cells.height() / enlarged.height())));
    auto* to = reinterpret_cast<QRgb*>(enlarged.scanLine(y));
    for (int x = 0; x < enlarged.width(); ++x) to[x] = from[qint64(x) * cells.width() / enlarged.width()];
  }
  if (line.isValid()) {
    const int thick = std::max(1, int(ratio));
    const bool columns = rect.width() >= linesFrom * cells.width(), rows = rect.height() >= linesFrom * cells.height();
    QPainter lines(&enlarged);
    for (int i = 1; columns && i < cells.width(); ++i)
      lines.fillRect(beginOf(i, cells.width(), enlarged.width()), 0, thick, enlarged.height(), line);
    for (int i = 1; rows && i < cells.height(); ++i)
      lines.fillRect(0, beginOf(i, cells.height(), enlarged.height()), enlarged.width(), thick, line);
  }
  painter.save();
  painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform, false);
  painter.drawImage(onDevicePixels(painter, rect), enlarged);
  painter.restore();
}

}  // namespace ui
