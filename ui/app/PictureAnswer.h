// The answer of a network whose output is a picture, to be shown beside what it was given. Free function, UI thread.
#pragma once

#include <optional>

#include <QImage>
#include <QString>

#include "data/Preprocessing.h"

namespace ui {

class Workbench;

struct PictureAnswer {
  data::GrayImage given, made;     // as ink, of one size; none given where nothing is drawn
  QImage givenColors, madeColors;  // where the drawing has colors that the network takes; null else
  double error = 0;                // of a reconstruction: the mean of their squared differences, in ink
  QString givenName, madeName;     // what the two are
  QString words;                   // what is to be said of them: how far they are apart, what a discriminator says
};

// Nothing where the network's output is no picture of its input's size, and where nothing is computed. What is generated is there without a
// drawing too.
std::optional<PictureAnswer> pictureAnswer(const Workbench& workbench);

}  // namespace ui
