#include "ui/panels/prediction/PaintedAnswers.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "ui/base/ColorPicture.h"
#include "ui/base/DevicePixels.h"
#include "ui/base/Widgets.h"
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
    drawElided(painter, {x, top + side, side, words}, Qt::AlignCenter, name, theme.body, theme.muted);
  };
  const bool alone = answer.given.ink.empty();
  if (!alone) paint(answer.given, answer.givenColors, left, answer.givenName);
  paint(answer.made, answer.madeColors, alone ? all.center().x() - side / 2 : left + side + gap, answer.madeName);
  drawWords(painter, {all.left(), top + side + words, all.width(), words}, Qt::AlignCenter, answer.words, theme.bold(theme.body),
            theme.text);
}

void paintReason(QPainter& painter, const QString& head, const QString& why, const QRectF& area, const Theme& theme) {
  const QRectF words = QFontMetricsF(theme.body).boundingRect(area, Qt::AlignHCenter | Qt::TextWordWrap, why);
  const double headHeight = theme.title.pixelSize() * 1.8;
  const double top = std::max(area.top(), area.center().y() - (headHeight + words.height()) / 2);
  drawWords(painter, {area.left(), top, area.width(), headHeight}, Qt::AlignHCenter | Qt::AlignTop, head, theme.title, theme.text);
  drawWords(painter, {area.left(), top + headHeight, area.width(), area.bottom() - top - headHeight},
            Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, why, theme.body, theme.muted);
}

}  // namespace ui
