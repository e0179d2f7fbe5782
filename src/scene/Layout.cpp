#include "scene/Layout.h"

namespace scene {

float Sheet::width() const {
  if (kind != Kind::Kernels) return float(columns) * pitch;
  return (float(columns * tilesAcross) + tileGap * float(tilesAcross - 1)) * pitch;
}

float Sheet::height() const {
  if (kind != Kind::Kernels) return float(rows) * pitch;
  const int tilesDown = (std::max(tileCount, 1) + tilesAcross - 1) / tilesAcross;
  return (float(rows * tilesDown) + tileGap * float(tilesDown - 1)) * pitch;
}

std::optional<CellRef> Layout::locate(const UnitId& unit) const {
  if (unit.node < 0 || unit.node >= int(blockOfNode.size())) return std::nullopt;
  const nn::Shape& shape = network->node(unit.node).shape;
  const nn::Cell& c = unit.cell;
  const bool inside =
      c.channel >= 0 && c.channel < shape.channels && c.row >= 0 && c.row < shape.height && c.column >= 0 && c.column < shape.width;
  if (!inside) return std::nullopt;
  const Block& block = blocks[std::size_t(blockOfNode[std::size_t(unit.node)])];
  if (block.folded) return CellRef{block.firstSheet, 0, 0, 0};
  const int flat = int(nn::flatIndex(shape, c));
  CellRef ref;
  ref.sheet = block.firstSheet + flat / block.unitsPerSheet;
  const int rest = flat % block.unitsPerSheet;
  const int columns = sheets[std::size_t(ref.sheet)].columns;
  ref.row = rest / columns;
  ref.column = rest % columns;
  return ref;
}

UnitId Layout::unitAt(const CellRef& cell) const {
  const Sheet& sheet = sheets[std::size_t(cell.sheet)];
  const Block& block = blocks[std::size_t(sheet.block)];
  const std::size_t flat = sheet.firstCell - block.firstCell + std::size_t(cell.row * sheet.columns + cell.column);
  return {block.node, nn::cellAt(network->node(block.node).shape, flat)};
}

UnitId Layout::shownUnit(const UnitId& unit) const {
  const Block& block = blocks[std::size_t(blockOfNode[std::size_t(unit.node)])];
  const std::size_t flat = nn::flatIndex(network->node(unit.node).shape, unit.cell);
  return {block.valueNode, nn::cellAt(network->node(block.valueNode).shape, flat)};
}

namespace {
Vec2 tileCorner(const Sheet& sheet, int tile) {
  return {float(tile % sheet.tilesAcross) * (float(sheet.columns) + sheet.tileGap),
          float(tile / sheet.tilesAcross) * (float(sheet.rows) + sheet.tileGap)};
}
}  // namespace

Vec3 Layout::center(const CellRef& cell) const {
  const Sheet& sheet = sheets[std::size_t(cell.sheet)];
  if (sheet.kind == Sheet::Kind::Slab) return sheet.center();
  const Vec2 corner = tileCorner(sheet, cell.tile);
  return sheet.point(corner.x + float(cell.column) + 0.5f, corner.y + float(cell.row) + 0.5f);
}

std::array<Vec3, 4> Layout::corners(const CellRef& cell) const {
  const Sheet& sheet = sheets[std::size_t(cell.sheet)];
  if (sheet.kind == Sheet::Kind::Slab) {
    const float w = float(sheet.columns), h = float(sheet.rows);
    return {sheet.point(0, 0), sheet.point(w, 0), sheet.point(w, h), sheet.point(0, h)};
  }
  const Vec2 corner = tileCorner(sheet, cell.tile);
  const float x = corner.x + float(cell.column), y = corner.y + float(cell.row);
  return {sheet.point(x, y), sheet.point(x + 1, y), sheet.point(x + 1, y + 1), sheet.point(x, y + 1)};
}

std::size_t Layout::cellIndex(const CellRef& cell) const {
  const Sheet& sheet = sheets[std::size_t(cell.sheet)];
  return sheet.firstCell + std::size_t(cell.tile * sheet.rows * sheet.columns + cell.row * sheet.columns + cell.column);
}

std::size_t Layout::parameterAt(const CellRef& cell) const {
  const Sheet& sheet = sheets[std::size_t(cell.sheet)];
  return tiles[sheet.firstTile + std::size_t(cell.tile)].parameter + std::size_t(cell.row * sheet.columns + cell.column);
}

void gatherUnits(const Layout& layout, const Values& values, std::span<float> cells) {
  for (const Block& block : layout.blocks) {
    if (block.folded) continue;
    const std::span<const float> shown = values.of(block.valueNode);
    std::copy(shown.begin(), shown.end(), cells.begin() + std::ptrdiff_t(block.firstCell));
  }
  for (auto sheet = layout.sheets.rbegin(); sheet != layout.sheets.rend() && sheet->kind == Sheet::Kind::Picture; ++sheet) {
    const std::span<const float> shown = values.of(layout.blocks[std::size_t(sheet->block)].valueNode);
    const nn::InputSpec& input = layout.network->spec().input;
    for (std::size_t i = 0; i < shown.size(); ++i)
      cells[sheet->firstCell + i] = nn::lightOf(input, i / std::size_t(sheet->count), shown[i]);
  }
}

void gatherKernels(const Layout& layout, std::span<const float> parameters, std::span<float> cells) {
  for (const Block& block : layout.blocks) {
    for (int k = 0; k < block.kernelSheetCount; ++k) {
      const Sheet& sheet = layout.sheets[std::size_t(block.firstKernelSheet + k)];
      const std::size_t size = std::size_t(sheet.rows * sheet.columns);
      for (std::size_t t = 0; t < std::size_t(sheet.tileCount); ++t) {
        const std::span<const float> weights = parameters.subspan(layout.tiles[sheet.firstTile + t].parameter, size);
        std::copy(weights.begin(), weights.end(), cells.begin() + std::ptrdiff_t(sheet.firstCell + t * size));
      }
    }
  }
}

}  // namespace scene
