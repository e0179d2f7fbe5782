// A photo's colors, or those that a network received, and ink as images that can be painted. Free functions; thread: any.
#pragma once

#include <QColor>
#include <QImage>

#include "data/Dataset.h"
#include "data/Preprocessing.h"

namespace ui {

QImage imageOf(const data::ColorImage& colors);
// One image of a set as it is, with pixels of its own.
QImage imageAt(const data::Dataset& set, std::size_t index);
// Ink on paper: 0 in the color of the one, 1 in that of the other. Null where there are no pixels.
QImage inkImage(const data::GrayImage& ink, const QColor& paperColor, const QColor& inkColor);

}  // namespace ui
