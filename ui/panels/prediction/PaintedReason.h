// The words that stand in the place of an answer where there is none: a short head, and below it why. Painted by ProbabilityBars; nothing
// is kept. UI thread.
#pragma once

#include <QPainter>
#include <QRectF>
#include <QString>

#include "ui/base/Theme.h"

namespace ui {

void paintReason(QPainter& painter, const QString& head, const QString& why, const QRectF& area, const Theme& theme);

}  // namespace ui
