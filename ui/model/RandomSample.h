// A picture to put on the pad, with what is known of it: of the chosen data set where it is loaded, of the stroke generator where not. A
// free function; UI thread.
#pragma once

#include <QString>

#include "data/Dataset.h"
#include "data/Preprocessing.h"
#include "ui/model/SampleMemory.h"

namespace ui {

struct Sample {
  data::Picture picture;
  KnownClass known;
  QString origin;  // for the person
};

// `takesColors`: the network does; another one is given no picture in color. sizePx: of the side of a drawn digit.
Sample randomSample(const data::DataSplit& split, bool takesColors, int sizePx);

}  // namespace ui
