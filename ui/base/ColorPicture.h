// A photo's colors, or those that a network received, as an image that can be painted. Free function; thread: any.
#pragma once

#include <QImage>

#include "data/Preprocessing.h"

namespace ui {

QImage imageOf(const data::ColorImage& colors);

}  // namespace ui
