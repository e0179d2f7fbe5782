// An explanation laid out as things to paint: texts, number cells, bars, the curve of an activation. Computed from the explanation,
// a width and the theme alone, so that the inspector only paints and hit-tests. Pure; UI thread.
#pragma once

#include <vector>

#include <QFont>
#include <QRectF>
#include <QString>

#include "scene/Explanation.h"
#include "ui/Theme.h"

namespace ui {

struct InspectorItem {
  enum class Kind { Text, Cell, Bar, Curve, Rule };
  Kind kind = Kind::Text;
  QRectF rect;
  QString text;
  QFont font;
  QColor color;  // of the text, the cell or the bar
  Qt::Alignment align = Qt::AlignLeft | Qt::AlignVCenter;
  int term = -1;                                     // index of the explanation's term that it shows; -1: none
  int patch = -1;                                    // the input map it belongs to, for choosing the one that is worked out; -1: none
  bool winner = false;                               // framed: what max-pooling passed on, or the chosen map
  nn::Activation activation = nn::Activation::None;  // Curve
  float x = 0, y = 0;                                // Curve: the point on it
};

struct InspectorPage {
  std::vector<InspectorItem> items;
  double height = 0;
};

// The map whose numbers are worked out when the person has chosen none: the one that weighs most.
int strongestPatch(const scene::Explanation& explanation);
// patch: the input map to work out, see strongestPatch().
InspectorPage layOutInspector(const scene::Explanation& explanation, int patch, double width, const Theme& theme);
// Everything as text for the clipboard.
QString inspectorText(const scene::Explanation& explanation);
// "−0.31"; tabular: always two decimals up to 100.
QString inspectorNumber(float value);

}  // namespace ui
