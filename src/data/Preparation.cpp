#include "data/Preparation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/Resampling.h"

namespace data {
namespace {

constexpr float kFaintestInk = 0.02f;     // below: paper, whatever else is on the pad
constexpr float kEdgeOfStrongest = 0.3f;  // the outline of a soft stroke, as a share of the strongest ink

bool isWhole(const GreyImage& image) {
  return image.width > 0 && image.height > 0 && image.ink.size() == std::size_t(image.width) * std::size_t(image.height);
}

struct Extent {
  bool empty = true;
  float left = 0, top = 0, right = 0, bottom = 0;
  float centreX = 0, centreY = 0;
};

// The box of what is clearly ink, and the centre of mass of all ink.
Extent measure(const GreyImage& drawing) {
  Extent extent;
  const float strongest = *std::max_element(drawing.ink.begin(), drawing.ink.end());
  if (!(strongest > kFaintestInk)) return extent;
  const float edge = std::max(kFaintestInk, strongest * kEdgeOfStrongest);
  int left = drawing.width, right = -1, top = drawing.height, bottom = -1;
  double mass = 0, massX = 0, massY = 0;
  for (int y = 0; y < drawing.height; ++y) {
    const float* row = drawing.ink.data() + std::size_t(y) * std::size_t(drawing.width);
    float rowMass = 0, rowMassX = 0;
    for (int x = 0; x < drawing.width; ++x) {
      rowMass += row[x];
      rowMassX += row[x] * (float(x) + 0.5f);
    }
    if (rowMass <= 0) continue;
    mass += rowMass;
    massX += rowMassX;
    massY += rowMass * (float(y) + 0.5f);
    int first = 0, last = drawing.width - 1;
    while (first <= last && row[first] < edge) ++first;
    if (first > last) continue;
    while (row[last] < edge) --last;
    left = std::min(left, first);
    right = std::max(right, last);
    top = std::min(top, y);
    bottom = y;
  }
  if (right < 0) return extent;
  extent = {false, float(left), float(top), float(right + 1), float(bottom + 1), float(massX / mass), float(massY / mass)};
  return extent;
}

GreyImage blank(int width, int height) {
  return {width, height, std::vector<float>(std::size_t(width) * std::size_t(height), 0.0f)};
}

void scaleWholePad(const GreyImage& drawing, PreparedDrawing& prepared) {
  const float side = float(std::max(drawing.width, drawing.height));
  const float left = (float(drawing.width) - side) / 2, top = (float(drawing.height) - side) / 2;
  GreyImage& result = prepared.result;
  resample(drawing.ink, drawing.width, drawing.height, {left, top, left + side, top + side}, result.ink, result.width, result.height);
  prepared.fitted = result;
}

// Where the box's edge comes to lie: its centre of mass in the middle, unless that would cut ink off. MNIST moved by whole
// pixels, to the pixel right of and below the middle: the centres of its images spread evenly from 14 to 15.
float placed(float centreInBox, int boxSize, int outputSize) {
  const float wanted = float(outputSize / 2) + 0.5f - centreInBox;
  return std::round(std::clamp(wanted, 0.0f, float(std::max(0, outputSize - boxSize))));
}

void paste(const GreyImage& fitted, int left, int top, GreyImage& result) {
  for (int y = 0; y < fitted.height; ++y) {
    if (y + top < 0 || y + top >= result.height) continue;
    for (int x = 0; x < fitted.width; ++x) {
      if (x + left < 0 || x + left >= result.width) continue;
      result.ink[std::size_t(y + top) * std::size_t(result.width) + std::size_t(x + left)] =
          fitted.ink[std::size_t(y) * std::size_t(fitted.width) + std::size_t(x)];
    }
  }
}

}  // namespace

PreparedDrawing prepare(const GreyImage& drawing, const PreparationOptions& options) {
  PreparedDrawing prepared;
  const int output = std::max(1, options.outputPx);
  prepared.result = blank(output, output);
  if (!isWhole(drawing)) return prepared;
  const Extent extent = measure(drawing);
  if (extent.empty) return prepared;
  prepared.empty = false;
  prepared.boxLeft = extent.left;
  prepared.boxTop = extent.top;
  prepared.boxRight = extent.right;
  prepared.boxBottom = extent.bottom;
  prepared.centreX = extent.centreX;
  prepared.centreY = extent.centreY;
  if (!options.enabled) {
    scaleWholePad(drawing, prepared);
    return prepared;
  }
  const int box = std::clamp(options.boxPx, 1, output);
  const float width = extent.right - extent.left, height = extent.bottom - extent.top;
  const float step = std::max(width, height) / float(box);  // pad pixels in one result pixel
  const int fittedWidth = std::clamp(int(std::lround(width / step)), 1, box);
  const int fittedHeight = std::clamp(int(std::lround(height / step)), 1, box);
  // The exact scale in both directions; the side that does not come out in whole pixels is centred in them.
  const float left = (extent.left + extent.right - step * float(fittedWidth)) / 2;
  const float top = (extent.top + extent.bottom - step * float(fittedHeight)) / 2;
  prepared.fitted = blank(fittedWidth, fittedHeight);
  resample(drawing.ink, drawing.width, drawing.height, {left, top, left + step * float(fittedWidth), top + step * float(fittedHeight)},
           prepared.fitted.ink, fittedWidth, fittedHeight);
  prepared.shiftX = placed((extent.centreX - left) / step, fittedWidth, output);
  prepared.shiftY = placed((extent.centreY - top) / step, fittedHeight, output);
  paste(prepared.fitted, int(prepared.shiftX), int(prepared.shiftY), prepared.result);
  return prepared;
}

GreyImage enlargeToPad(const GreyImage& image, int padPx, const PadPlacement& placement) {
  GreyImage pad = blank(std::max(1, padPx), std::max(1, padPx));
  if (!isWhole(image) || !(placement.scale > 0)) return pad;
  const float pixel = float(std::max(image.width, image.height)) / float(pad.width);  // image pixels in one pad pixel
  const float angle = placement.rotateDegrees * std::numbers::pi_v<float> / 180;
  const float cosine = std::cos(angle) / placement.scale, sine = std::sin(angle) / placement.scale;
  const auto inkAt = [&image](int x, int y) {
    return x < 0 || y < 0 || x >= image.width || y >= image.height ? 0.0f
                                                                   : image.ink[std::size_t(y) * std::size_t(image.width) + std::size_t(x)];
  };
  for (int row = 0; row < pad.height; ++row) {
    for (int column = 0; column < pad.width; ++column) {
      const float x = (float(column) + 0.5f - float(pad.width) / 2) * pixel - placement.shiftXPx;
      const float y = (float(row) + 0.5f - float(pad.height) / 2) * pixel - placement.shiftYPx;
      // Screen coordinates point down, so this turns counter-clockwise for positive angles.
      const float sourceX = x * cosine - y * sine + float(image.width) / 2 - 0.5f;
      const float sourceY = x * sine + y * cosine + float(image.height) / 2 - 0.5f;
      const float floorX = std::floor(sourceX), floorY = std::floor(sourceY);
      if (!(floorX >= -1 && floorY >= -1 && floorX < float(image.width) && floorY < float(image.height))) continue;
      const int x0 = int(floorX), y0 = int(floorY);
      const float u = sourceX - floorX, v = sourceY - floorY;
      pad.ink[std::size_t(row) * std::size_t(pad.width) + std::size_t(column)] =
          (1 - v) * ((1 - u) * inkAt(x0, y0) + u * inkAt(x0 + 1, y0)) + v * ((1 - u) * inkAt(x0, y0 + 1) + u * inkAt(x0 + 1, y0 + 1));
    }
  }
  return pad;
}

}  // namespace data
