// What ProbabilityBars paints in place of bars; nothing is kept. UI thread.
#pragma once

#include <QRectF>

#include "ui/app/PictureAnswer.h"
#include "ui/base/Theme.h"

class QPainter;

namespace ui {

// The answer of a network whose output is a picture: what was given and what was made of it beside each other, of one size, as large as the
// area allows, with their names and how far they are apart below.
void paintPictureAnswer(QPainter& painter, const PictureAnswer& answer, const QRectF& all, const Theme& theme);

// Where there is no answer: a short head, and below it why.
void paintReason(QPainter& painter, const QString& head, const QString& why, const QRectF& area, const Theme& theme);

}  // namespace ui
