#include "ui/panels/prediction/PaintedPictures.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "ui/base/ColorPicture.h"
#include "ui/base/DevicePixels.h"
#include "ui/panels/prediction/ProbabilityBars.h"

namespace ui {

void paintPictureAnswer(QPainter& painter, const PictureAnswer& answer, const QRectF& all, const Theme& theme) {
  const QFontMetricsF metrics(theme.body);
  const double gap = theme.grid, words = 1.2 * metrics.height();
  const double side = std::floor(std::min((all.width() - gap) / 2, all.height() - 2 * words));
  if (side < 1) return;
  const double left = all.center().x() - side - gap / 2, top = all.center().y() - (side + 2 * words) / 2;
  const auto paint = [&](const data::GrayImage& ink, const QImage& colors, double x, const QString& name) {
    const QRectF place = onDevicePixels(painter, QRectF(std::round(x), std::round(top), side, side));
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(place, colors.isNull() ? inkImage(ink, theme.paper, theme.ink) : colors);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.line, 1));
    painter.drawRect(place);
    painter.setFont(theme.body);
    painter.setPen(theme.muted);
    painter.drawText(QRectF(x, top + side, side, words), Qt::AlignCenter, metrics.elidedText(name, Qt::ElideRight, side));
  };
  const bool alone = answer.given.ink.empty();
  if (!alone) paint(answer.given, answer.givenColors, left, answer.givenName);
  paint(answer.made, answer.madeColors, alone ? all.center().x() - side / 2 : left + side + gap, answer.madeName);
  painter.setFont(theme.bold(theme.body));
  painter.setPen(theme.text);
  painter.drawText(QRectF(all.left(), top + side + words, all.width(), words), Qt::AlignCenter, answer.words);
}

}  // namespace ui
