#include "data/Preprocessing.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/Resampling.h"

namespace data {
namespace {

constexpr float kFaintestInk = 0.02f;     // below: paper, whatever else is on the pad
constexpr float kEdgeOfStrongest = 0.3f;  // the outline of a soft stroke, as a share of the strongest ink

struct Extent {
  bool empty = true;
  float left = 0, top = 0, right = 0, bottom = 0;
};

// The strongest ink of every row and column, in one pass of vector loops.
struct Profiles {
  std::vector<float> rows, columns;
};

Profiles profilesOf(const GrayImage& drawing) {
  constexpr int kLanes = 8;
  Profiles profiles{std::vector<float>(std::size_t(drawing.height)), std::vector<float>(std::size_t(drawing.width))};
  float* columns = profiles.columns.data();
  for (int y = 0; y < drawing.height; ++y) {
    const float* row = drawing.ink.data() + std::size_t(y) * std::size_t(drawing.width);
    float most[kLanes] = {};
    int x = 0;
    for (; x + kLanes <= drawing.width; x += kLanes) {
      for (int k = 0; k < kLanes; ++k) {
        const float value = row[x + k];
        most[k] = value > most[k] ? value : most[k];
        columns[x + k] = value > columns[x + k] ? value : columns[x + k];
      }
    }
    for (; x < drawing.width; ++x) {
      most[0] = std::max(most[0], row[x]);
      columns[x] = std::max(columns[x], row[x]);
    }
    profiles.rows[std::size_t(y)] = *std::max_element(most, most + kLanes);
  }
  return profiles;
}

double centerOf(const std::vector<float>& sums) {
  double mass = 0, moment = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    mass += double(sums[i]);
    moment += double(sums[i]) * (double(i) + 0.5);
  }
  return mass > 0 ? moment / mass : 0;
}

// From the first to behind the last entry that reaches the edge's strength.
void span(const std::vector<float>& most, float edge, float& from, float& to) {
  const auto strong = [edge](float value) { return value >= edge; };
  from = float(std::find_if(most.begin(), most.end(), strong) - most.begin());
  to = float(most.rend() - std::find_if(most.rbegin(), most.rend(), strong));
}

// The box of what is clearly ink.
Extent measure(const GrayImage& drawing) {
  const Profiles profiles = profilesOf(drawing);
  const float strongest = *std::max_element(profiles.columns.begin(), profiles.columns.end());
  Extent extent;
  if (!(strongest > kFaintestInk)) return extent;
  const float edge = std::max(kFaintestInk, strongest * kEdgeOfStrongest);
  extent.empty = false;
  span(profiles.columns, edge, extent.left, extent.right);
  span(profiles.rows, edge, extent.top, extent.bottom);
  return extent;
}

GrayImage blank(int width, int height) {
  return {width, height, std::vector<float>(std::size_t(width) * std::size_t(height), 0.0f)};
}

struct Center {
  float x = 0, y = 0;
};

Center centerOfMass(const GrayImage& image) {
  std::vector<float> columns(std::size_t(image.width)), rows(std::size_t(image.height));
  const float* ink = image.ink.data();
  for (float& row : rows)
    for (float& column : columns) {
      column += *ink;
      row += *ink++;
    }
  return {float(centerOf(columns)), float(centerOf(rows))};
}

void scaleWholePad(const GrayImage& drawing, PreparedDrawing& prepared) {
  const float side = float(std::max(drawing.width, drawing.height));
  const float left = (float(drawing.width) - side) / 2, top = (float(drawing.height) - side) / 2;
  GrayImage& result = prepared.result;
  resample(drawing.ink, drawing.width, drawing.height, {left, top, left + side, top + side}, result.ink, result.width, result.height);
  prepared.fitted = result;
  const Center center = centerOfMass(result);
  prepared.centerX = left + center.x * side / float(result.width);
  prepared.centerY = top + center.y * side / float(result.height);
}

// Thin or faint strokes come out at full strength: the strongest pixel of every MNIST image is white.
void stretchContrast(GrayImage& fitted) {
  const float strongest = *std::max_element(fitted.ink.begin(), fitted.ink.end());
  if (!(strongest > 0)) return;
  for (float& ink : fitted.ink) ink = std::clamp(ink / strongest, 0.0f, 1.0f);
}

// Where the box's edge comes to lie: its center of mass in the middle, unless that would cut ink off. MNIST moved by whole
// pixels, to the pixel right of and below the middle: the centers of its images spread evenly from 14 to 15. Other sizes keep the place.
float placed(float centerInBox, int boxSize, int outputSize) {
  const float wanted = float(outputSize / 2) + float(outputSize) / 56 - centerInBox;
  return std::round(std::clamp(wanted, 0.0f, float(std::max(0, outputSize - boxSize))));
}

void paste(const GrayImage& fitted, int left, int top, GrayImage& result) {
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

bool isWhole(const GrayImage& image) {
  return image.width > 0 && image.height > 0 && image.ink.size() == std::size_t(image.width) * std::size_t(image.height);
}

bool hasInk(const GrayImage& drawing) {
  return isWhole(drawing) && !measure(drawing).empty;
}

GrayImage shrunk(const GrayImage& image, int mostPx) {
  const int longer = std::max(image.width, image.height);
  if (longer <= mostPx || !isWhole(image)) return image;
  const auto side = [&](int px) { return std::max(1, int(std::int64_t(px) * mostPx / longer)); };
  GrayImage small = blank(side(image.width), side(image.height));
  resample(image.ink, image.width, image.height, {0, 0, float(image.width), float(image.height)}, small.ink, small.width, small.height);
  return small;
}

PreparedDrawing prepare(const GrayImage& drawing, const PreprocessingOptions& options) {
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
  if (!options.enabled) {
    scaleWholePad(drawing, prepared);
    return prepared;
  }
  const int box = std::clamp(options.boxPx, 1, output);
  const float width = extent.right - extent.left, height = extent.bottom - extent.top;
  const float step = std::max(width, height) / float(box);  // pad pixels in one result pixel
  const int fittedWidth = std::clamp(int(std::lround(width / step)), 1, box);
  const int fittedHeight = std::clamp(int(std::lround(height / step)), 1, box);
  // The exact scale in both directions; the side that does not come out in whole pixels is centered in them.
  const float left = (extent.left + extent.right - step * float(fittedWidth)) / 2;
  const float top = (extent.top + extent.bottom - step * float(fittedHeight)) / 2;
  prepared.fitted = blank(fittedWidth, fittedHeight);
  resample(drawing.ink, drawing.width, drawing.height, {left, top, left + step * float(fittedWidth), top + step * float(fittedHeight)},
           prepared.fitted.ink, fittedWidth, fittedHeight);
  stretchContrast(prepared.fitted);
  const Center center = centerOfMass(prepared.fitted);
  prepared.centerX = left + center.x * step;
  prepared.centerY = top + center.y * step;
  prepared.shiftX = placed(center.x, fittedWidth, output);
  prepared.shiftY = placed(center.y, fittedHeight, output);
  paste(prepared.fitted, int(prepared.shiftX), int(prepared.shiftY), prepared.result);
  return prepared;
}

GrayImage enlargeToPad(const GrayImage& image, int padPx, const PadPlacement& placement) {
  GrayImage pad = blank(std::max(1, padPx), std::max(1, padPx));
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
