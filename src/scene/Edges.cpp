#include "scene/Edges.h"

#include <limits>
#include <numeric>

namespace scene {

UnitEdges edgesInto(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit) {
  UnitEdges result;
  const Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(unit.node)])];
  const nn::Network::Node& node = layout.network->node(block.node);
  const nn::Shape& givenShape = layout.network->node(unit.node).shape;
  result.unit = {block.node, nn::cellAt(node.shape, nn::flatIndex(givenShape, unit.cell))};
  nn::CellLinks links;
  node.layer->linksInto(result.unit.cell, links);
  const nn::Combine kind = node.layer->combineKind();
  const float scale = links.scale >= 0 ? parameters[node.parameterOffset + std::size_t(links.scale)] : 1;
  float highest = -std::numeric_limits<float>::infinity();
  std::size_t winner = 0;
  for (const nn::Link& link : links.terms) {
    Edge edge;
    const int source = node.inputs[std::size_t(link.input)];
    const UnitId asRead{source, link.cell};
    edge.cell = *layout.locate(asRead);
    edge.source = layout.unitAt(edge.cell);
    edge.input = values.at(asRead);
    edge.hasWeight = link.parameter >= 0;
    if (edge.hasWeight) edge.weight = parameters[node.parameterOffset + std::size_t(link.parameter)];
    edge.contribution = edge.input * edge.weight;
    if (kind == nn::Combine::Average) edge.contribution *= scale / float(links.terms.size());
    if (edge.input > highest) highest = edge.input, winner = result.edges.size();
    result.edges.push_back(edge);
  }
  for (std::size_t i = 0; i < result.edges.size(); ++i) {
    if (kind == nn::Combine::Maximum && i != winner) result.edges[i].contribution = 0;
    result.largest = std::max(result.largest, std::abs(result.edges[i].contribution));
  }
  return result;
}

std::vector<int> strongest(const UnitEdges& edges, std::size_t k) {
  std::vector<int> order(edges.edges.size());
  std::iota(order.begin(), order.end(), 0);
  const auto stronger = [&](int a, int b) {
    const float x = std::abs(edges.edges[std::size_t(a)].contribution), y = std::abs(edges.edges[std::size_t(b)].contribution);
    return x != y ? x > y : a < b;
  };
  k = std::min(k, order.size());
  std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(k), order.end(), stronger);
  order.resize(k);
  std::reverse(order.begin(), order.end());
  return order;
}

namespace {

void light(SheetFocus& focus, const CellRef& cell) {
  if (focus.lit && focus.whole()) return;
  if (!focus.lit) {
    focus = {true, cell.column, cell.row, cell.column, cell.row, -1};
    return;
  }
  focus.firstColumn = std::min(focus.firstColumn, cell.column);
  focus.firstRow = std::min(focus.firstRow, cell.row);
  focus.lastColumn = std::max(focus.lastColumn, cell.column);
  focus.lastRow = std::max(focus.lastRow, cell.row);
}

}  // namespace

Discussion discuss(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit, std::size_t most) {
  Discussion result;
  result.edges = edgesInto(layout, parameters, values, unit);
  result.cell = *layout.locate(result.edges.unit);
  result.shown = strongest(result.edges, most);
  result.focus.resize(layout.sheets.size());
  for (const Edge& edge : result.edges.edges) {
    SheetFocus& focus = result.focus[std::size_t(edge.cell.sheet)];
    light(focus, edge.cell);
  }
  for (std::size_t i = 0; i < result.focus.size(); ++i) {
    const SheetFocus& f = result.focus[i];
    if (!f.lit || layout.sheets[i].kind != Sheet::Kind::Map) continue;
    const Sheet& sheet = layout.sheets[i];
    if (f.firstColumn == 0 && f.firstRow == 0 && f.lastColumn == sheet.columns - 1 && f.lastRow == sheet.rows - 1) continue;
    const float left = float(f.firstColumn), top = float(f.firstRow), right = float(f.lastColumn + 1), bottom = float(f.lastRow + 1);
    result.patches.push_back(
        {int(i), {sheet.point(left, top), sheet.point(right, top), sheet.point(right, bottom), sheet.point(left, bottom)}});
  }
  SheetFocus own;
  own.lit = true;
  result.focus[std::size_t(result.cell.sheet)] = own;
  const Block& block = layout.blocks[std::size_t(layout.sheets[std::size_t(result.cell.sheet)].block)];
  if (block.kernelSheetCount > 0) result.focus[std::size_t(block.firstKernelSheet + result.edges.unit.cell.channel)] = own;
  return result;
}

}  // namespace scene
