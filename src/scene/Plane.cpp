#include "scene/Plane.h"

#include <algorithm>
#include <cmath>

#include "nn/SizeText.h"

namespace scene {

namespace {

constexpr float kTileGap = 0.7f;       // between kernels, in weights
constexpr float kKernelShare = 0.70f;  // of the width that a map has, for its kernels
constexpr float kKernelCell = 0.105f;  // largest side of a weight

// How many tiles stand beside each other; returns the sheet with the most tiles, at a pitch of 1.
Sheet shapeKernels(Plane& plane, int most) {
  const int across = std::max(1, int(std::ceil(std::sqrt(float(most) * 1.4f))));
  for (Placed& placed : plane.sheets) placed.sheet.tilesAcross = std::max(1, std::min(across, placed.sheet.tileCount));
  Sheet largest = plane.sheets[0].sheet;
  largest.tilesAcross = across;
  largest.tileCount = most;
  largest.pitch = 1;
  return largest;
}

// Where the units are no maps but single cells (a convolution whose output is 1 x 1), in rows as long as the block.
void kernelsInRows(Plane& plane, const Plane& maps, const Sheet& largest, float high) {
  const int n = int(plane.sheets.size());
  const float stepX = largest.width() * 1.3f, stepY = largest.height() * 1.25f;
  float pitch = 0;
  int across = 1;
  for (int columns = 1; columns <= n; ++columns) {
    const int rows = (n + columns - 1) / columns;
    const float fits = std::min({kKernelCell, maps.width / (float(columns) * stepX), high / (float(rows) * stepY)});
    if (fits > pitch * 1.001f) pitch = fits, across = columns;
  }
  for (int i = 0; i < n; ++i) {
    const int row = i / across, inRow = std::min(across, n - row * across);
    Placed& placed = plane.sheets[std::size_t(i)];
    placed.sheet.pitch = pitch;
    placed.x = (float(i % across) - float(inRow) / 2 + 0.5f) * stepX * pitch - placed.sheet.width() / 2;
    placed.y = float(row) * stepY * pitch;
  }
  plane.width = float(std::min(across, n)) * stepX * pitch;
  plane.height = (float((n + across - 1) / across - 1) * stepY + largest.height()) * pitch;
}

// Each under (or, for many rows of maps, in the order of) the map that it leads into.
void kernelsUnderMaps(Plane& plane, const Plane& maps, const Sheet& largest, float high) {
  int mapRows = 1;
  for (std::size_t i = 1; i < maps.sheets.size(); ++i) mapRows += maps.sheets[i].y > maps.sheets[i - 1].y + 1e-4f;
  const float column =
      maps.sheets.size() > 1 && maps.sheets[1].y == maps.sheets[0].y ? maps.sheets[1].x - maps.sheets[0].x : maps.sheets[0].sheet.width();
  const float rowHeight = high / (float(mapRows) + 0.25f * float(mapRows - 1));
  const float pitch = std::min({kKernelCell, column * kKernelShare / largest.width(), rowHeight / largest.height()});
  int row = 0;
  for (std::size_t i = 0; i < plane.sheets.size(); ++i) {
    if (i > 0 && maps.sheets[i].y > maps.sheets[i - 1].y + 1e-4f) ++row;
    Sheet& sheet = plane.sheets[i].sheet;
    sheet.pitch = pitch;
    plane.sheets[i].x = maps.sheets[i].x + (maps.sheets[i].sheet.width() - sheet.width()) / 2;
    plane.sheets[i].y = float(row) * largest.height() * pitch * 1.25f;
  }
  plane.width = maps.width;
  plane.height = (float(row) * 1.25f + 1) * largest.height() * pitch;
}

}  // namespace

KernelSheets kernelSheets(Layout& layout, int b, bool turned) {
  Block& block = layout.blocks[std::size_t(b)];
  const nn::Network::Node& node = layout.network->node(block.node);
  const std::optional<nn::Window> window = node.layer->window();
  KernelSheets kernels;
  if (!window || node.layer->combineKind() != nn::Combine::WeightedSum) return kernels;
  const int inputs = node.layer->inputShapes()[0].channels;
  for (int c = 0; c < block.shape.channels; ++c) {
    Placed placed;
    placed.sheet = {.kind = Sheet::Kind::Kernels,
                    .block = b,
                    .channel = c,
                    .rows = turned ? window->width : window->height,
                    .columns = turned ? window->height : window->width,
                    .tileCount = 0};
    placed.sheet.tileGap = window->height * window->width == 1 ? 0 : kTileGap;
    placed.sheet.firstTile = layout.tiles.size();
    for (int i = 0; i < inputs; ++i) {
      const std::ptrdiff_t offset = node.layer->kernelOffset(c, i);
      if (offset < 0) continue;
      layout.tiles.push_back({i, node.parameterOffset + std::size_t(offset)});
      ++placed.sheet.tileCount;
    }
    placed.sheet.count = placed.sheet.tileCount * window->height * window->width;
    kernels.most = std::max(kernels.most, placed.sheet.tileCount);
    kernels.plane.sheets.push_back(placed);
  }
  if (kernels.most == 0) return {};
  block.kernelDims = (kernels.most > 1 ? std::to_string(kernels.most) + " × " : "") + nn::sizeText(window->height, window->width);
  return kernels;
}

void arrangeKernels(Plane& kernels, const Plane& maps, int most, float high) {
  const Sheet largest = shapeKernels(kernels, most);
  if (maps.sheets.size() == kernels.sheets.size())
    kernelsUnderMaps(kernels, maps, largest, high);
  else
    kernelsInRows(kernels, maps, largest, high);
}

}  // namespace scene
