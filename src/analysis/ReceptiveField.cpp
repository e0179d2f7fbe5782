#include "analysis/ReceptiveField.h"

#include <algorithm>

namespace analysis {

namespace {

void include(MapRegion& region, const nn::Cell& cell) {
  if (region.empty()) {
    region = {cell.row, cell.column, cell.row, cell.column};
    return;
  }
  region.top = std::min(region.top, cell.row);
  region.left = std::min(region.left, cell.column);
  region.bottom = std::max(region.bottom, cell.row);
  region.right = std::max(region.right, cell.column);
}

bool seesEverything(const nn::Network::Node& node, const std::vector<UnitReceptiveField>& receptiveFields) {
  return std::all_of(node.inputs.begin(), node.inputs.end(), [&](int input) {
    const UnitReceptiveField& receptiveField = receptiveFields[std::size_t(input)];
    return std::all_of(receptiveField.channels.begin(), receptiveField.channels.end(), [](bool reached) { return reached; });
  });
}

// False where the cell reads nothing.
bool addLinks(const nn::Network::Node& node, const nn::Cell& cell, std::vector<UnitReceptiveField>& receptiveFields, nn::CellLinks& links) {
  node.layer->linksInto(cell, links);
  for (const nn::Link& link : links.terms) {
    UnitReceptiveField& source = receptiveFields[std::size_t(node.inputs[std::size_t(link.input)])];
    include(source.region, link.cell);
    source.channels[std::size_t(link.cell.channel)] = true;
  }
  return !links.terms.empty();
}

// Windows move evenly: what the corners of a region read bounds what the region reads. What moves cells by itself may take them anywhere.
void pass(const nn::Network& network, int index, std::vector<UnitReceptiveField>& receptiveFields, nn::CellLinks& links) {
  const nn::Network::Node& node = network.node(index);
  const MapRegion region = receptiveFields[std::size_t(index)].region;
  const std::vector<bool> channels = receptiveFields[std::size_t(index)].channels;
  const bool evenly = node.layer->window() || node.layer->combineKind() != nn::Combine::Copy;
  for (int c = 0; c < node.shape.channels; ++c) {
    if (!channels[std::size_t(c)]) continue;
    const bool above = addLinks(node, {c, region.top, region.left}, receptiveFields, links);
    const bool below = addLinks(node, {c, region.bottom, region.right}, receptiveFields, links);
    // A corner that reads nothing, in the middle of padding or between stamps, says nothing about the others.
    for (int row = region.top; !(evenly && above && below) && row <= region.bottom; ++row)
      for (int column = region.left; column <= region.right; ++column) addLinks(node, {c, row, column}, receptiveFields, links);
    // A unit of a flattened map has a place of its own; elsewhere one map says it all once it reads every map below.
    const bool keepsPlaces = network.node(node.inputs[0]).shape.height == node.shape.height || !node.layer->isPointwise();
    if (evenly && keepsPlaces && seesEverything(node, receptiveFields)) return;
  }
}

}  // namespace

std::vector<UnitReceptiveField> receptiveFieldsOf(const nn::Network& network, int node, const nn::Cell& cell) {
  std::vector<UnitReceptiveField> receptiveFields(network.nodes().size());
  for (std::size_t i = 0; i < receptiveFields.size(); ++i)
    receptiveFields[i].channels.assign(std::size_t(network.node(int(i)).shape.channels), false);
  include(receptiveFields[std::size_t(node)].region, cell);
  receptiveFields[std::size_t(node)].channels[std::size_t(cell.channel)] = true;
  nn::CellLinks links;
  for (int index = node; index >= 0; --index)
    if (!receptiveFields[std::size_t(index)].empty() && !network.node(index).inputs.empty()) pass(network, index, receptiveFields, links);
  return receptiveFields;
}

}  // namespace analysis
