#include "scene/Plane.h"

namespace scene {
namespace {

constexpr float kSlender = 4;  // longer side of an input by its shorter one, from where on it is larger than others, to be seen
constexpr float kMostStretch = 2.5f, kMostStretchAlong = 2;
constexpr float kMapGap = 0.2f;         // between maps, of a map's larger side
constexpr float kPictureGap = 0.45f;    // between a picture in color and its channels, of its width
constexpr float kPictureShare = 0.74f;  // of the room, for the channels beside their picture
constexpr float kVectorWidth = 10.4f;   // of the longest row of a dense layer
constexpr float kVectorCell = 0.152f;   // largest side of a dense unit
constexpr float kVectorArea = 11.0f;    // limits the height of very long dense layers
constexpr int kVectorPiece = 10;        // units beside each other before a small gap
constexpr float kTileCell = 0.66f;      // an output shown large
constexpr float kTilePitch = 0.92f;
constexpr int kSlabColumns = 12;  // a folded layer, in squares of kSlabPitch
constexpr float kSlabPitch = 0.22f;

// Maps beside each other, in as many rows as make them largest. One row may be as high as its maps, several at most `most` together.
Plane mapPlane(Block& block, int b, float room, float most, bool turned) {
  const int h = turned ? block.shape.width : block.shape.height, w = turned ? block.shape.height : block.shape.width;
  const int n = block.shape.channels, longer = std::max(h, w);
  const float gapX = kMapGap * std::max(float(w), 0.1f * float(longer)), gapY = kMapGap * std::max(float(h), 0.1f * float(longer));
  const float slender = std::sqrt(float(longer) / float(std::min(h, w)) / kSlender);
  const float stretch = block.isInput ? std::clamp(slender, 1.0f, w > h ? kMostStretch : kMostStretchAlong) : 1.0f;
  const float cap = stretch * std::clamp(1.9f * std::pow(float(longer) / 32.0f, 0.42f), 0.5f, 2.1f) / float(longer);
  float pitch = 0;
  int across = 1;
  for (int columns = 1; columns <= n; ++columns) {
    const int rows = (n + columns - 1) / columns;
    const float wide = room / (float(columns) * (float(w) + gapX) - gapX),
                high = rows == 1 ? cap : most / (float(rows) * (float(h) + gapY) - gapY);
    const float fits = std::min({cap, wide, high});
    if (fits > pitch * 1.001f) pitch = fits, across = columns;
  }
  across = (n + (n + across - 1) / across - 1) / ((n + across - 1) / across);  // rows of equal length
  block.unitsPerSheet = h * w;
  Plane plane;
  const float stepX = (float(w) + gapX) * pitch, stepY = (float(h) + gapY) * pitch;
  for (int c = 0; c < n; ++c) {
    const int row = c / across, inRow = std::min(across, n - row * across);
    Placed placed;
    placed.sheet = {.kind = Sheet::Kind::Map, .block = b, .channel = c, .pitch = pitch, .rows = h, .columns = w, .count = h * w};
    placed.x = (float(c % across) - float(inRow) / 2) * stepX + gapX * pitch / 2;
    placed.y = float(row) * stepY;
    plane.sheets.push_back(placed);
  }
  plane.width = float(std::min(across, n)) * stepX - gapX * pitch;
  plane.height = float((n + across - 1) / across) * stepY - gapY * pitch;
  return plane;
}

// Before its channels.
void addPicture(Plane& plane) {
  Placed placed = plane.sheets.front();
  placed.sheet.kind = Sheet::Kind::Picture;
  const float step = placed.sheet.width() * (1 + kPictureGap);
  for (Placed& map : plane.sheets) map.x += step / 2;
  plane.width += step;
  placed.x = -plane.width / 2;
  plane.sheets.push_back(placed);
}

Plane tilePlane(Block& block, int b, float room) {
  block.unitsPerSheet = 1;
  const int n = block.shape.channels;
  const float step = std::min(kTilePitch, room / float(n));
  Plane plane;
  for (int c = 0; c < n; ++c) {
    Placed placed;
    placed.sheet = {.kind = Sheet::Kind::Vector, .block = b, .channel = c, .pitch = kTileCell * step / kTilePitch, .count = 1};
    placed.x = (float(c) - float(n) / 2) * step + (step - placed.sheet.pitch) / 2;
    plane.sheets.push_back(placed);
  }
  plane.width = float(n) * step;
  plane.height = kTileCell * step / kTilePitch;
  return plane;
}

// A dense layer: pieces of ten columns, each filled row by row before the next piece begins.
Plane vectorPlane(Block& block, int b, float room) {
  const int n = block.shape.channels;
  const float pitch = std::min(kVectorCell, std::sqrt(kVectorArea / float(n)));
  const int most = std::max(1, int(kVectorWidth * room / kRowWidth / (pitch * (kVectorPiece + 0.7f))));
  const int rows = std::max(1, (n + most * kVectorPiece - 1) / (most * kVectorPiece));
  const int perPiece = rows * kVectorPiece, pieces = (n + perPiece - 1) / perPiece;
  const float step = (kVectorPiece + 0.7f) * pitch;
  block.unitsPerSheet = perPiece;
  Plane plane;
  plane.width = float(pieces) * step - 0.7f * pitch;
  plane.height = float(rows) * pitch;
  for (int p = 0; p < pieces; ++p) {
    Placed placed;
    const int count = std::min(perPiece, n - p * perPiece);
    placed.sheet = {.kind = Sheet::Kind::Vector,
                    .block = b,
                    .channel = p,
                    .pitch = pitch,
                    .rows = (count + kVectorPiece - 1) / kVectorPiece,
                    .columns = std::min(count, kVectorPiece),
                    .count = count};
    placed.x = -plane.width / 2 + float(p) * step;
    plane.sheets.push_back(placed);
  }
  return plane;
}

}  // namespace

void turn(Plane& plane) {
  for (Placed& placed : plane.sheets) {
    Sheet& sheet = placed.sheet;
    const float x = placed.x;
    placed.x = placed.y - plane.height / 2;
    placed.y = x + plane.width / 2;
    std::swap(sheet.rows, sheet.columns);
    if (sheet.kind == Sheet::Kind::Vector) sheet.rows = (sheet.count + sheet.columns - 1) / sheet.columns;
    if (sheet.kind == Sheet::Kind::Kernels && sheet.tileCount > 0)
      sheet.tilesAcross = (sheet.tileCount + sheet.tilesAcross - 1) / sheet.tilesAcross;
  }
  std::swap(plane.width, plane.height);
}

Plane unitPlane(Block& block, int index, float room, float high, bool turned, bool picture) {
  Plane plane;
  if (!block.shape.isVector())
    plane = mapPlane(block, index, picture ? kPictureShare * room : room, high, turned);
  else
    plane = block.tiles ? tilePlane(block, index, room) : vectorPlane(block, index, room);
  if (picture) addPicture(plane);
  if (turned) turn(plane);
  return plane;
}

Plane slabPlane(Block& block, int index, bool turned) {
  block.unitsPerSheet = int(block.shape.size());
  Placed placed;
  placed.sheet = {.kind = Sheet::Kind::Slab, .block = index, .pitch = kSlabPitch, .rows = 1, .columns = kSlabColumns, .count = 1};
  placed.x = -placed.sheet.width() / 2;
  Plane plane{{placed}, placed.sheet.width(), placed.sheet.height()};
  if (turned) turn(plane);
  return plane;
}

}  // namespace scene
