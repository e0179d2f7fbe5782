#include "scene/Edges.h"

#include <numeric>
#include <optional>

namespace scene {

UnitId firstOf(const Layout& layout, const UnitId& unit) {
  const Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(unit.node)])];
  const nn::Shape& from = layout.network->node(unit.node).shape;
  return {block.node, nn::cellAt(layout.network->node(block.node).shape, nn::flatIndex(from, unit.cell))};
}

float UnitEdges::largest(Measure measure) const {
  float most = 0;
  for (const Edge& edge : edges) most = std::max(most, std::abs(edge.measured(measure)));
  return most;
}

analysis::Activations activationsOf(const Values& values, std::span<const float> parameters) {
  return {*values.network, parameters, values.offset, values.values};
}

UnitEdges edgesInto(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit) {
  UnitEdges result;
  result.unit = firstOf(layout, unit);
  const nn::Network::Node& node = layout.network->node(result.unit.node);
  analysis::UnitDecomposition sum;
  decompose(activationsOf(values, parameters), result.unit.node, result.unit.cell, sum);
  result.edges.reserve(sum.weights.size());
  for (std::size_t i = 0; i < sum.weights.size(); ++i) {
    const nn::Link& link = sum.links.terms[i];
    Edge edge;
    const UnitId source{node.inputs[std::size_t(link.input)], link.cell};
    edge.cell = *layout.locate(source);
    edge.other = firstOf(layout, source);
    edge.input = sum.inputs[i];
    edge.hasWeight = link.parameter >= 0;
    edge.weight = sum.weights[i];
    edge.contribution = sum.amount(i);
    result.edges.push_back(edge);
  }
  return result;
}

UnitEdges edgesOutOf(const Layout& layout, std::span<const float> parameters, const Values& values, const UnitId& unit) {
  UnitEdges result;
  result.direction = Direction::Outgoing;
  result.unit = firstOf(layout, unit);
  const UnitId last = layout.shownUnit(result.unit);
  const float value = values.at(last);
  for (const analysis::OutgoingLink& link : analysis::outgoingLinksOf(activationsOf(values, parameters), last.node, last.cell)) {
    Edge edge;
    edge.cell = *layout.locate({link.node, link.cell});
    edge.other = firstOf(layout, {link.node, link.cell});
    edge.input = value;
    edge.hasWeight = link.hasParameter;
    edge.weight = link.weight;
    edge.contribution = link.amount;
    result.edges.push_back(edge);
  }
  return result;
}

WeightEdges edgesOfWeight(const Layout& layout, std::span<const float> parameters, const Values& values, const CellRef& weight) {
  WeightEdges result;
  const Sheet& sheet = layout.sheets[std::size_t(weight.sheet)];
  result.node = layout.blocks[std::size_t(sheet.block)].node;
  const nn::Network::Node& node = layout.network->node(result.node);
  result.parameter = layout.parameterAt(weight);
  const auto own = std::ptrdiff_t(result.parameter - node.parameterOffset);
  const auto add = [&](const nn::Cell& reader, const UnitId& source) {
    Edge edge;
    edge.cell = *layout.locate({result.node, reader});
    edge.other = {result.node, reader};
    edge.input = values.at(source);
    edge.hasWeight = true;
    edge.weight = parameters[result.parameter];
    edge.contribution = edge.input * edge.weight;
    result.edges.push_back(edge);
    result.sources.push_back(*layout.locate(source));
  };
  // Of a window that reads where it lies, straight to the cell below the weight: a unit may have thousands of links.
  const std::optional<nn::Window> window = node.layer->window();
  const nn::Shape& from = node.layer->inputShapes()[0];
  const int channel = layout.tiles[sheet.firstTile + std::size_t(weight.tile)].inputChannel;
  nn::CellLinks links;
  for (int row = 0; row < node.shape.height; ++row)
    for (int column = 0; column < node.shape.width; ++column) {
      const nn::Cell reader{sheet.channel, row, column};
      if (window && !window->transposed) {
        const int y = row * window->strideY - window->paddingTop + weight.row * window->dilationY;
        const int x = column * window->strideX - window->paddingLeft + weight.column * window->dilationX;
        if (y >= 0 && y < from.height && x >= 0 && x < from.width) add(reader, {node.inputs[0], {channel, y, x}});
        continue;
      }
      node.layer->linksInto(reader, links);
      for (const nn::Link& link : links.terms)
        if (link.parameter == own) add(reader, {node.inputs[std::size_t(link.input)], link.cell});
    }
  return result;
}

std::vector<int> strongest(std::span<const Edge> edges, std::size_t k, Measure measure) {
  std::vector<int> order(edges.size());
  std::iota(order.begin(), order.end(), 0);
  const auto stronger = [&](int a, int b) {
    const float x = std::abs(edges[std::size_t(a)].measured(measure)), y = std::abs(edges[std::size_t(b)].measured(measure));
    return x != y ? x > y : a < b;
  };
  k = std::min(k, order.size());
  std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(k), order.end(), stronger);
  order.resize(k);
  std::reverse(order.begin(), order.end());
  return order;
}

}  // namespace scene
