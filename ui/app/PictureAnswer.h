// What a network makes of the drawing whose output is a picture, to be shown beside what it was given. Free function, UI thread.
#pragma once

#include <optional>

#include <QImage>

#include "data/Preprocessing.h"

namespace ui {

class Workbench;

struct PictureAnswer {
  data::GrayImage given, made;     // as ink, of one size
  QImage givenColors, madeColors;  // where the drawing has colors that the network takes; null else
  double error = 0;                // the mean of their squared differences, in ink
};

// Nothing where the network's output is no picture of its input's size, and where nothing is drawn or computed.
std::optional<PictureAnswer> pictureAnswer(const Workbench& workbench);

}  // namespace ui
