#include "scene/Picking.h"

#include <limits>

namespace scene {
namespace {

bool meets(const Box& box, const Ray& ray) {
  constexpr float kSlack = 1e-3f;  // flat boxes have no thickness
  float near = 0, far = std::numeric_limits<float>::max();
  const float origin[3] = {ray.origin.x, ray.origin.y, ray.origin.z}, direction[3] = {ray.direction.x, ray.direction.y, ray.direction.z};
  const float low[3] = {box.low.x, box.low.y, box.low.z}, high[3] = {box.high.x, box.high.y, box.high.z};
  for (int i = 0; i < 3; ++i) {
    if (std::abs(direction[i]) < 1e-9f) {
      if (origin[i] < low[i] - kSlack || origin[i] > high[i] + kSlack) return false;
      continue;
    }
    const float a = (low[i] - kSlack - origin[i]) / direction[i], b = (high[i] + kSlack - origin[i]) / direction[i];
    near = std::max(near, std::min(a, b));
    far = std::min(far, std::max(a, b));
  }
  return near <= far;
}

std::optional<CellRef> cellAt(const Sheet& sheet, float x, float y) {  // x, y in cells from the corner
  CellRef ref;
  float tileX = 0, tileY = 0;
  if (sheet.kind == Sheet::Kind::Kernels) {
    const float stepX = float(sheet.columns) + sheet.tileGap, stepY = float(sheet.rows) + sheet.tileGap;
    const int column = int(std::floor(x / stepX)), row = int(std::floor(y / stepY));
    if (column < 0 || row < 0 || column >= sheet.tilesAcross) return std::nullopt;
    ref.tile = row * sheet.tilesAcross + column;
    if (ref.tile >= sheet.tileCount) return std::nullopt;
    tileX = float(column) * stepX, tileY = float(row) * stepY;
  }
  ref.column = int(std::floor(x - tileX));
  ref.row = int(std::floor(y - tileY));
  if (ref.column < 0 || ref.row < 0 || ref.column >= sheet.columns || ref.row >= sheet.rows) return std::nullopt;
  if (sheet.kind == Sheet::Kind::Slab) return CellRef{};
  if (sheet.kind != Sheet::Kind::Kernels && ref.row * sheet.columns + ref.column >= sheet.count) return std::nullopt;
  return ref;
}

void pickSheets(const Layout& layout, const Ray& ray, int first, int count, std::optional<Pick>& best) {
  for (int i = first; i < first + count; ++i) {
    const Sheet& sheet = layout.sheets[std::size_t(i)];
    const Vec3 normal = sheet.normal();
    const float towards = dot(normal, ray.direction);
    if (std::abs(towards) < 1e-7f) continue;
    const float distance = dot(normal, sheet.origin - ray.origin) / towards;
    if (distance <= 0 || (best && best->distance <= distance)) continue;
    const Vec3 at = ray.origin + ray.direction * distance - sheet.origin;
    std::optional<CellRef> cell = cellAt(sheet, dot(at, sheet.right) / sheet.pitch, dot(at, sheet.down) / sheet.pitch);
    if (!cell) continue;
    cell->sheet = i;
    Pick found;
    found.cell = *cell;
    found.distance = distance;
    found.kernel = sheet.kind == Sheet::Kind::Kernels;
    found.slab = sheet.kind == Sheet::Kind::Slab;
    found.unit = found.kernel ? UnitId{layout.blocks[std::size_t(sheet.block)].node, {sheet.channel, 0, 0}} : layout.unitAt(*cell);
    best = found;
  }
}

}  // namespace

std::optional<Pick> pick(const Layout& layout, const Ray& ray) {
  std::optional<Pick> best;
  for (const Block& block : layout.blocks) {
    if (meets(block.bounds, ray)) pickSheets(layout, ray, block.firstSheet, block.sheetCount, best);
    if (block.kernelSheetCount > 0 && meets(block.kernelBounds, ray))
      pickSheets(layout, ray, block.firstKernelSheet, block.kernelSheetCount, best);
  }
  return best;
}

}  // namespace scene
