// Pictures of a few cells on whole pixels of the screen: scaled to 125 or 150 % a cell's border falls between two pixels, which then
// would show a mixture, or a line of what lies below. Pure functions; UI thread.
#pragma once

#include <QColor>
#include <QImage>
#include <QPainter>
#include <QRectF>

namespace ui {

// The rectangle with each side moved to the nearest pixel of the device. The painter may be moved and scaled, not turned.
QRectF onDevicePixels(const QPainter& painter, const QRectF& rect);

// Each pixel of the picture as a rectangle of one color that ends where its neighbor begins. line: drawn between them, where they are
// at least `linesFrom` wide (painter's units); an invalid color: none.
void drawCells(QPainter& painter, const QRectF& rect, const QImage& picture, const QColor& line = {}, double linesFrom = 3.5);

}  // namespace ui
