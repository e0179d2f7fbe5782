#include "scene/Walk.h"

#include <algorithm>

namespace scene {

namespace {

bool holds(const Block& block, int sheet) {
  return sheet >= block.firstSheet && sheet < block.firstSheet + block.sheetCount;
}

std::optional<CellRef> beside(const Layout& layout, CellRef cell, int columns, int rows) {
  const Sheet* sheet = &layout.sheets[std::size_t(cell.sheet)];
  cell.row += rows;
  cell.column += columns;
  if (cell.column < 0 || cell.column >= sheet->columns) {
    const int next = cell.sheet + columns;
    if (!holds(layout.blockOf(cell), next)) return std::nullopt;
    cell.sheet = next;
    sheet = &layout.sheets[std::size_t(next)];
    cell.column = columns > 0 ? 0 : sheet->columns - 1;
  }
  if (cell.row < 0 || cell.row >= sheet->rows || cell.row * sheet->columns + cell.column >= sheet->count) return std::nullopt;
  return cell;
}

// A last row may be short.
CellRef inside(const Layout& layout, CellRef cell) {
  const Sheet& sheet = layout.sheets[std::size_t(cell.sheet)];
  cell.column = std::clamp(cell.column, 0, sheet.columns - 1);
  cell.row = std::clamp(cell.row, 0, (sheet.count - 1) / sheet.columns);
  if (cell.row * sheet.columns + cell.column >= sheet.count) cell.column = sheet.count - 1 - cell.row * sheet.columns;
  return cell;
}

std::optional<CellRef> onMap(const Layout& layout, CellRef cell, int by) {
  if (!holds(layout.blockOf(cell), cell.sheet + by)) return std::nullopt;
  cell.sheet += by;
  return inside(layout, cell);
}

CellRef samePlace(const Layout& layout, const CellRef& cell, const Block& to) {
  const auto scaled = [](int index, int count, int newCount) { return int((float(index) + 0.5f) / float(count) * float(newCount)); };
  const Block& from = layout.blockOf(cell);
  const Sheet& sheet = layout.sheets[std::size_t(cell.sheet)];
  CellRef result;
  result.sheet = to.firstSheet + scaled(cell.sheet - from.firstSheet, from.sheetCount, to.sheetCount);
  const Sheet& target = layout.sheets[std::size_t(result.sheet)];
  result.row = scaled(cell.row, sheet.rows, target.rows);
  result.column = scaled(cell.column, sheet.columns, target.columns);
  return inside(layout, result);
}

std::optional<CellRef> onLayer(const Layout& layout, const CellRef& cell, bool towardsOutput) {
  const int own = layout.sheets[std::size_t(cell.sheet)].block;
  if (!towardsOutput) {
    const std::vector<int>& sources = layout.blocks[std::size_t(own)].sources;
    if (sources.empty()) return std::nullopt;
    return samePlace(layout, cell, layout.blocks[std::size_t(sources.front())]);
  }
  for (const Block& block : layout.blocks)
    if (std::find(block.sources.begin(), block.sources.end(), own) != block.sources.end()) return samePlace(layout, cell, block);
  return std::nullopt;
}

std::optional<CellRef> moved(const Layout& layout, const CellRef& cell, Step step) {
  switch (step) {
    case Step::Left:
      return beside(layout, cell, -1, 0);
    case Step::Right:
      return beside(layout, cell, 1, 0);
    case Step::Up:
      return beside(layout, cell, 0, -1);
    case Step::Down:
      return beside(layout, cell, 0, 1);
    case Step::PreviousMap:
      return onMap(layout, cell, -1);
    case Step::NextMap:
      return onMap(layout, cell, 1);
    case Step::TowardsInput:
      return onLayer(layout, cell, false);
    case Step::TowardsOutput:
      return onLayer(layout, cell, true);
  }
  return std::nullopt;
}

}  // namespace

std::optional<UnitId> neighbor(const Layout& layout, const UnitId& unit, Step step) {
  const CellRef from = *layout.locate(unit);
  // On a slab there is nowhere to go but out of the layer.
  if (layout.sheets[std::size_t(from.sheet)].kind == Sheet::Kind::Slab && step != Step::TowardsInput && step != Step::TowardsOutput)
    return std::nullopt;
  const std::optional<CellRef> cell = moved(layout, from, step);
  return cell ? std::optional(layout.unitAt(*cell)) : std::nullopt;
}

}  // namespace scene
