#include "scene/Explanation.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/Answer.h"
#include "nn/LayerCatalogue.h"
#include "scene/text/Formula.h"
#include "scene/text/Text.h"

namespace scene {
namespace {

std::string nameOfUnit(const nn::Network& network, int node, const nn::Cell& cell) {
  const nn::Shape& shape = network.node(node).shape;
  const std::string answer = analysis::answerWords(network, node, cell.channel), number = std::to_string(cell.channel + 1);
  if (shape.isVector()) return answer.empty() ? "unit " + number : answer;
  const std::string place = "row " + std::to_string(cell.row + 1) + ", column " + std::to_string(cell.column + 1);
  if (shape.channels == 1) return place;
  return (answer.empty() ? "map " + number : answer) + ", " + place;
}

// The terms laid out as the window sees them: one grid for each input map, padding included.
std::vector<Patch> layOut(const Explanation& explanation, const nn::Layer& layer, const nn::CellLinks& links,
                          std::span<const float> parameters) {
  const nn::Window window = *layer.window();
  std::map<std::pair<int, int>, std::size_t> place;
  std::vector<Patch> patches;
  const int top = explanation.unit.cell.row * window.strideY - window.paddingTop;
  const int left = explanation.unit.cell.column * window.strideX - window.paddingLeft;
  for (std::size_t i = 0; i < links.terms.size(); ++i) {
    const nn::Link& link = links.terms[i];
    const auto [found, isNew] = place.try_emplace({link.input, link.cell.channel}, patches.size());
    if (isNew) {
      Patch patch{explanation.terms[i].source.node, explanation.terms[i].source.cell.channel, window.height, window.width, {}, 0};
      patch.cells.resize(std::size_t(window.height) * std::size_t(window.width), PatchCell{.inside = false});
      const std::ptrdiff_t kernel = layer.kernelOffset(explanation.unit.cell.channel, link.cell.channel);
      for (std::size_t k = 0; kernel >= 0 && k < patch.cells.size(); ++k) patch.cells[k].weight = parameters[std::size_t(kernel) + k];
      patches.push_back(std::move(patch));
    }
    Patch& patch = patches[found->second];
    const int row = (link.cell.row - top) / window.dilationY, column = (link.cell.column - left) / window.dilationX;
    const Term& term = explanation.terms[i];
    patch.cells[std::size_t(row * window.width + column)] = {true, int(i), term.input, term.weight, term.product, term.winner};
    patch.sum += term.product;
  }
  return patches;
}

// The maps that a dense layer reads, each whole.
std::vector<Patch> wholeMaps(const Explanation& explanation) {
  if (explanation.sources.size() != 1 || explanation.sources.front().shape.isVector()) return {};
  const Source& source = explanation.sources.front();
  if (explanation.terms.size() != source.shape.size()) return {};
  std::vector<Patch> patches(std::size_t(source.shape.channels));
  for (int c = 0; c < source.shape.channels; ++c) {
    Patch& patch = patches[std::size_t(c)];
    patch = {source.node, c, source.shape.height, source.shape.width, {}, 0};
    patch.cells.resize(std::size_t(patch.rows) * std::size_t(patch.columns));
  }
  for (std::size_t i = 0; i < explanation.terms.size(); ++i) {
    const Term& term = explanation.terms[i];
    Patch& patch = patches[std::size_t(term.source.cell.channel)];
    patch.cells[std::size_t(term.source.cell.row * patch.columns + term.source.cell.column)] = {true,        int(i),       term.input,
                                                                                                term.weight, term.product, false};
    patch.sum += term.product;
  }
  return patches;
}

// The terms of a layer whose windows differ from cell to cell, as the rectangle that they fill; nothing where they fill none.
std::vector<Patch> region(const Explanation& explanation, const nn::CellLinks& links) {
  if (links.terms.size() < 2) return {};
  const nn::Cell first = links.terms.front().cell, last = links.terms.back().cell;
  Patch patch{explanation.terms.front().source.node,
              explanation.terms.front().source.cell.channel,
              last.row - first.row + 1,
              last.column - first.column + 1,
              {},
              0};
  if (patch.rows < 1 || patch.columns < 1 || explanation.terms.size() != std::size_t(patch.rows) * std::size_t(patch.columns)) return {};
  for (std::size_t i = 0; i < explanation.terms.size(); ++i) {
    const Term& term = explanation.terms[i];
    patch.cells.push_back({true, int(i), term.input, term.weight, term.product, term.winner});
    patch.sum += term.product;
  }
  return {patch};
}

void markWinner(Explanation& explanation) {
  const auto largest =
      std::max_element(explanation.terms.begin(), explanation.terms.end(), [](const Term& a, const Term& b) { return a.input < b.input; });
  if (largest != explanation.terms.end()) largest->winner = true;
}

void weighSoftmax(Explanation& explanation) {
  explanation.largest = explanation.terms.empty() ? 0 : explanation.terms.front().input;
  for (const Term& term : explanation.terms) explanation.largest = std::max(explanation.largest, term.input);
  for (const Term& term : explanation.terms) explanation.denominator += std::exp(term.input - explanation.largest);
}

// The unit that made a value: layers that only pass values on are seen through.
UnitId makerOfUnit(const nn::Network& network, UnitId unit, nn::CellLinks& links) {
  while (network.node(unit.node).layer->combineKind() == nn::Combine::Copy) {
    network.node(unit.node).layer->linksInto(unit.cell, links);
    if (links.terms.size() != 1) break;
    unit = {network.node(unit.node).inputs[std::size_t(links.terms[0].input)], links.terms[0].cell};
  }
  return unit;
}

void nameSources(const nn::Network& network, Explanation& explanation) {
  for (const Term& term : explanation.terms) {
    const auto same = [&](const Source& source) { return source.node == term.source.node; };
    if (std::any_of(explanation.sources.rbegin(), explanation.sources.rend(), same)) continue;
    const nn::Network::Node& node = network.node(term.source.node);
    Source source{term.source.node, node.name, node.shape, {}};
    if (node.shape.isVector() && !analysis::answerName(network, term.source.node, 0).empty())
      for (int i = 0; i < node.shape.channels; ++i) source.classes.push_back(analysis::answerName(network, term.source.node, i));
    explanation.sources.push_back(std::move(source));
  }
}

// "exp", or "power −0.5" with its exponent.
std::string functionOf(const nn::Network& network, const std::string& name) {
  const std::vector<nn::NodeSpec>& nodes = network.spec().nodes;
  const auto spec = std::find_if(nodes.begin(), nodes.end(), [&](const nn::NodeSpec& one) { return one.name == name; });
  std::vector<nn::Issue> issues;
  const std::optional<nn::Fields> fields = nn::completeFields(*nn::findLayerType("function"), spec->fields, name, issues);
  const std::string& function = std::get<std::string>(fields->at("function"));
  return function == "power" ? "power " + shortNumber(float(std::get<double>(fields->at("exponent")))) : function;
}

Explanation explainOne(const nn::Network& network, std::span<const float> parameters, const Values& values, const UnitId& unit) {
  const nn::Network::Node& node = network.node(unit.node);
  const nn::Layer& layer = *node.layer;
  const auto own = parameters.subspan(node.parameterOffset, node.parameterCount);
  Explanation result;
  result.unit = unit;
  result.shape = node.shape;
  result.nodeName = node.name;
  result.unitName = nameOfUnit(network, unit.node, unit.cell);
  result.layerType = layer.type();
  result.kind = layer.combineKind();
  result.activation = layer.activation();
  if (result.layerType == "function") result.function = functionOf(network, node.name);
  if (node.inputs.empty()) {
    result.kind = nn::Combine::Input;
    result.value = result.preActivation = values.at(unit);
    result.notation = notationOf(result);
    result.formula = formulaOf(result);
    return result;
  }
  nn::CellLinks links;
  layer.linksInto(unit.cell, links);
  std::vector<float> inputs;
  inputs.reserve(links.terms.size());
  result.terms.reserve(links.terms.size());
  nn::CellLinks passing;
  for (const nn::Link& link : links.terms) {
    const UnitId source{node.inputs[std::size_t(link.input)], link.cell};
    const float input = values.at(source);
    if (link.input == 0 && link.cell == unit.cell) result.own = int(result.terms.size());
    const float weight = link.parameter < 0 ? link.factor : own[std::size_t(link.parameter)];
    inputs.push_back(input);
    result.terms.push_back({makerOfUnit(network, source, passing), input, weight, input * weight, false});
    result.sum += input * weight;
  }
  result.hasBias = links.bias >= 0;
  if (result.hasBias) result.bias = own[std::size_t(links.bias)];
  result.hasScale = links.scale >= 0;
  if (result.hasScale) result.scale = own[std::size_t(links.scale)];
  const nn::Layer::Combined combined = layer.combine(unit.cell, links, inputs, own);
  result.preActivation = combined.preActivation;
  result.value = combined.value;
  result.center = combined.center;
  result.divisor = combined.divisor;
  if (result.kind == nn::Combine::Maximum) markWinner(result);
  if (result.kind == nn::Combine::Softmax) {
    weighSoftmax(result);
    result.preActivation = values.at({node.inputs.front(), unit.cell});
  }
  nameSources(network, result);
  if (const std::optional<nn::Window> window = layer.window(); window && !window->transposed && window->height * window->width > 1)
    result.patches = layOut(result, layer, links, own);
  else if (!window && result.kind == nn::Combine::WeightedSum)
    result.patches = wholeMaps(result);
  else if (!window && (result.kind == nn::Combine::Maximum || result.kind == nn::Combine::Average))
    result.patches = region(result, links);
  result.notation = notationOf(result);
  result.formula = formulaOf(result);
  return result;
}

}  // namespace

Explanation explain(const nn::Network& network, std::span<const float> parameters, const Values& values, const UnitId& unit) {
  Explanation result = explainOne(network, parameters, values, unit);
  Explanation* last = &result;
  UnitId at = unit;
  while (network.node(at.node).consumers.size() == 1) {
    const int next = network.node(at.node).consumers.front();
    const nn::Network::Node& node = network.node(next);
    if (!node.layer->isPointwise() || node.inputs.size() != 1) break;
    const nn::Shape from = network.node(at.node).shape;
    at = {next, nn::cellAt(node.shape, nn::flatIndex(from, at.cell))};
    const nn::Combine kind = node.layer->combineKind();
    const bool sameValue =
        kind == nn::Combine::Copy || (kind == nn::Combine::Pointwise && node.layer->parameterBlocks().empty() &&
                                      node.layer->activation() == nn::Activation::None && node.layer->type() != "function");
    if (sameValue) continue;  // flatten, dropout
    last->then.push_back(explainOne(network, parameters, values, at));
    last = &last->then.back();
  }
  return result;
}

}  // namespace scene
