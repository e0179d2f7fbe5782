#include "ui/panels/prediction/PaintedReason.h"

#include <algorithm>

#include <QFontMetricsF>

namespace ui {

void paintReason(QPainter& painter, const QString& head, const QString& why, const QRectF& area, const Theme& theme) {
  const QRectF words = QFontMetricsF(theme.body).boundingRect(area, Qt::AlignHCenter | Qt::TextWordWrap, why);
  const double headHeight = theme.title.pixelSize() * 1.8;
  const double top = std::max(area.top(), area.center().y() - (headHeight + words.height()) / 2);
  painter.setFont(theme.title);
  painter.setPen(theme.text);
  painter.drawText(QRectF(area.left(), top, area.width(), headHeight), Qt::AlignHCenter | Qt::AlignTop, head);
  painter.setFont(theme.body);
  painter.setPen(theme.muted);
  painter.drawText(QRectF(area.left(), top + headHeight, area.width(), area.bottom() - top - headHeight),
                   Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, why);
}

}  // namespace ui
