// From a drawing to what the network receives, the way MNIST was made (LeCun et al. 1998): the ink's bounding box, fitted
// into 20x20 pixels keeping its aspect, placed in 28x28 with its center of mass in the middle. Every step is kept so that
// it can be shown. Pure functions; under a millisecond for a 280x280 pad.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nn/Shape.h"

namespace data {

struct GrayImage {
  int width = 0;
  int height = 0;
  std::vector<float> ink;   // 0 paper .. 1 ink, row by row
  bool localPaper = false;  // of a photo in uneven light: paper and ink were told apart place by place
  bool operator==(const GrayImage& other) const { return width == other.width && height == other.height && ink == other.ink; }
};

// A photo, as a data set holds its pictures: bytes, 3 x height x width.
struct ColorImage {
  nn::Shape shape;
  std::vector<std::uint8_t> pixels;
};

// Where a pen went: the middle of its tip and its radius, in pixels of the drawing, from point to point of each stroke.
struct PenPoint {
  float x = 0, y = 0, radius = 0;
  bool operator==(const PenPoint&) const = default;
};
using PenStrokes = std::vector<std::vector<PenPoint>>;

// What a person brings: the ink of a drawing or photo, and a photo's colors.
struct Picture {
  GrayImage ink;
  std::shared_ptr<const ColorImage> colors = nullptr;  // null: a drawing
  PenStrokes strokes = {};                             // that made all of its ink; none where they are not known
};

struct PreprocessingOptions {
  bool enabled = true;  // off: the whole pad is scaled down as it is, the way other tools do
  int boxPx = 20;       // the longer side of the ink's bounding box afterwards
  int outputPx = 28;
};

struct PreparedDrawing {
  bool empty = true;                                           // no ink: result is all zero
  float boxLeft = 0, boxTop = 0, boxRight = 0, boxBottom = 0;  // of the ink, in pad pixels
  GrayImage fitted;                                            // the box at its new size (20 px on the longer side), full contrast
  float centerX = 0, centerY = 0;                              // center of mass in pad pixels
  float shiftX = 0, shiftY = 0;                                // of the fitted box's top left corner in the result, in result pixels
  GrayImage result;                                            // outputPx x outputPx
  std::vector<std::string> notes;  // what was noticed of the drawing and left out of it, a sentence each (data/InkCleaning.h)
};

PreparedDrawing prepare(const GrayImage& drawing, const PreprocessingOptions& options = {});
bool isWhole(const GrayImage& image);   // it has pixels, as many as its size says
bool hasInk(const GrayImage& drawing);  // what prepare() finds, without preparing it
// For people, who see no more of it: each pixel the mean of those in its place. An image that is no larger stays as it is.
GrayImage shrunk(const GrayImage& image, int mostPx);

// How a small image is put on the pad, about the pad's middle: first scaled and turned, then moved.
struct PadPlacement {
  float shiftXPx = 0, shiftYPx = 0;  // in pixels of the small image, to the right and down
  float scale = 1;                   // 1: the image fills the pad
  float rotateDegrees = 0;           // counter-clockwise
};

// A 28x28 image as if it had been drawn on a pad of padPx x padPx (bilinear); what falls off the pad is lost.
GrayImage enlargeToPad(const GrayImage& image, int padPx, const PadPlacement& placement = {});

}  // namespace data
