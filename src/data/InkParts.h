// The connected pieces of the ink of a drawing. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <vector>

#include "data/Preprocessing.h"

namespace data {

struct InkPart {
  int left = 0, top = 0, right = 0, bottom = 0;  // right and bottom lie behind it
  std::size_t area = 0;
  std::size_t alongEdge = 0;  // the most of its pixels on one of the picture's four edges
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

struct InkRun {
  int y = 0, from = 0, to = 0;
  int part = 0;  // in InkParts::parts
};

struct InkParts {
  std::vector<InkRun> runs;  // row by row
  std::vector<InkPart> parts;
};

// The ink at the outline of the drawing's strokes, as where prepare() measures its box.
float outlineOf(const GrayImage& drawing);

// Of the pixels that have at least this much ink; corners join.
InkParts partsOf(const GrayImage& drawing, float leastInk);

}  // namespace data
