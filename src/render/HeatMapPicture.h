// What a method found as one picture: what the network received, beside it the numbers laid over it, the key of their colors, and in words
// what is explained and what was assumed. For `convscope explain`. Needs a QGuiApplication; any thread.
#pragma once

#include <QImage>
#include <QSize>
#include <QStringList>

#include "analysis/Method.h"

namespace render {

struct HeatMapOptions {
  QSize size{1080, 680};
  bool dark = true;
  QString title;      // the largest type: "Grad-CAM: class 3"
  QStringList lines;  // below it, one each
  QStringList notes;  // at the foot, as far as there is room
  QString source;     // whose method it is
};

// received: the input as a picture, one pixel each, of the map's size. Null where there is too little memory.
QImage heatMapPicture(const analysis::Result& result, const QImage& received, const HeatMapOptions& options);

}  // namespace render
