// The curves as a picture for a report: both plots with their headings, white, as large as a page is wide. Free function; UI thread.
#pragma once

#include <QByteArray>

namespace ui {

class CurvesView;

// The bytes of a PNG, or of an SVG with text and lines as they are.
QByteArray curvesPicture(const CurvesView& curves, bool asSvg);

}  // namespace ui
