#include "scene/Explanation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace scene {
namespace {

std::string number(float value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", std::abs(value) >= 100 ? 1 : 2, double(value));
  return std::string(text) == "-0.00" ? "0.00" : text;
}

std::string signedNumber(float value) {
  const std::string text = number(value);
  return text.front() == '-' ? "(" + text + ")" : text;
}

bool namesClasses(const nn::Network& network, int node) {
  return node == network.logitsNode() || std::find(network.outputs().begin(), network.outputs().end(), node) != network.outputs().end();
}

std::string nameOfUnit(const nn::Network& network, int node, const nn::Cell& cell) {
  const nn::Shape& shape = network.node(node).shape;
  const std::string unit = "unit " + std::to_string(cell.channel + 1);
  if (shape.isVector()) return namesClasses(network, node) ? unit + ", class " + network.className(cell.channel) : unit;
  if (shape.channels == 1) return "row " + std::to_string(cell.row + 1) + ", column " + std::to_string(cell.column + 1);
  return "map " + std::to_string(cell.channel + 1) + ", row " + std::to_string(cell.row + 1) + ", column " +
         std::to_string(cell.column + 1);
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

// "0.12 × 0.50 + 0.30 × (-0.20) + … + 0.03": the terms that weigh most, in their own order.
std::string productsText(const Explanation& explanation, std::size_t shown) {
  std::vector<std::size_t> order(explanation.terms.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto weight = [&](std::size_t i) { return std::abs(explanation.terms[i].product); };
  const std::size_t kept = std::min(shown, order.size());
  std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(kept), order.end(),
                    [&](auto a, auto b) { return weight(a) > weight(b); });
  order.resize(kept);
  std::sort(order.begin(), order.end());
  std::string text;
  for (std::size_t i : order) {
    const Term& term = explanation.terms[i];
    if (!text.empty()) text += " + ";
    text += signedNumber(term.input) + " × " + signedNumber(term.weight);
  }
  if (explanation.terms.empty()) return "0";
  if (kept < explanation.terms.size()) text += text.empty() ? "…" : " + …";
  return text;
}

std::string listText(const Explanation& explanation, const char* separator, std::size_t shown) {
  std::string text;
  for (std::size_t i = 0; i < explanation.terms.size() && i < shown; ++i)
    text += (i ? separator : "") + signedNumber(explanation.terms[i].input);
  if (explanation.terms.size() > shown) text += std::string(separator) + "…";
  return text;
}

std::string activationText(const Explanation& explanation) {
  if (explanation.activation == nn::Activation::None) return {};
  return ", " + std::string(nn::activationName(explanation.activation)) + "(" + number(explanation.preActivation) +
         ") = " + number(explanation.value);
}

std::string formulaOf(const Explanation& e) {
  constexpr std::size_t kShown = 3;
  switch (e.kind) {
    case nn::Combine::Input:
      return "input = " + number(e.value);
    case nn::Combine::WeightedSum:
      return productsText(e, kShown) + (e.hasBias ? " + " + signedNumber(e.bias) : "") + " = " + number(e.preActivation) +
             activationText(e);
    case nn::Combine::Maximum:
      return "max(" + listText(e, ", ", 9) + ") = " + number(e.value);
    case nn::Combine::Average: {
      std::string mean = "(" + listText(e, " + ", 9) + ") / " + std::to_string(e.terms.size());
      if (e.hasScale) mean = signedNumber(e.scale) + " × " + mean;
      if (e.hasBias) mean += " + " + signedNumber(e.bias);
      return mean + " = " + number(e.preActivation) + activationText(e);
    }
    case nn::Combine::Softmax:
      return "exp(" + number(e.preActivation) + ") / Σ exp = " + number(e.value);
    case nn::Combine::LogSoftmax:
      return number(e.terms[std::size_t(e.unit.cell.channel)].input) + " − log Σ exp = " + number(e.value);
    case nn::Combine::Standardise:
      return signedNumber(e.scale) + " × (I − mean) / deviation + " + signedNumber(e.bias) + " = " + number(e.value);
    case nn::Combine::Inhibit:
      return "I / (k + α mean of I²)^β = " + number(e.value);
    case nn::Combine::Sum:
      return listText(e, " + ", 9) + " = " + number(e.value);
    case nn::Combine::Product:
      return listText(e, " × ", 9) + " = " + number(e.value);
    case nn::Combine::Pointwise:
      if (e.hasScale && e.hasBias)
        return signedNumber(e.scale) + " × (" + signedNumber(e.terms.front().input) + " − mean) / deviation + " + signedNumber(e.bias) +
               " = " + number(e.preActivation) + activationText(e);
      if (e.hasScale && e.terms.front().input < 0)
        return signedNumber(e.scale) + " × " + signedNumber(e.terms.front().input) + " = " + number(e.value);
      if (e.activation != nn::Activation::None)
        return std::string(nn::activationName(e.activation)) + "(" + number(e.preActivation) + ") = " + number(e.value);
      return number(e.value);
    case nn::Combine::Copy:
      return number(e.value);
  }
  return {};
}

// "I1 w1 + I2 w2 + … + I25 w25"
std::string symbols(const Explanation& e, const char* separator, bool weighted) {
  const auto term = [&](std::size_t i) {
    const std::string index = std::to_string(i + 1);
    return weighted ? "I" + index + " w" + index : "I" + index;
  };
  std::string text = e.terms.empty() ? "0" : "";  // a cell that nothing leads to
  const std::size_t count = e.terms.size();
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 2); ++i) text += (i ? separator : "") + term(i);
  if (count > 3) text += std::string(separator) + "…";
  if (count > 2) text += separator + term(count - 1);
  return text;
}

// Of a normalisation: which of its terms is the cell's own.
std::size_t ownTerm(const Explanation& e) {
  for (std::size_t i = 0; i < e.terms.size(); ++i)
    if (e.terms[i].source.cell == e.unit.cell) return i;
  return 0;
}

std::string notationOf(const Explanation& e) {
  const std::string activation(e.activation == nn::Activation::None ? "" : nn::activationName(e.activation));
  const auto activated = [&](const std::string& inner) { return activation.empty() ? inner : activation + "(" + inner + ")"; };
  switch (e.kind) {
    case nn::Combine::Input:
      return "I, as it comes in";
    case nn::Combine::WeightedSum:
      return activated(symbols(e, " + ", true) + (e.hasBias ? " + b" : ""));
    case nn::Combine::Maximum:
      return "max(" + symbols(e, ", ", false) + ")";
    case nn::Combine::Average: {
      const std::string mean = "(" + symbols(e, " + ", false) + ") / " + std::to_string(e.terms.size());
      return activated((e.hasScale ? "w · " + mean : mean) + (e.hasBias ? " + b" : ""));
    }
    case nn::Combine::Softmax:
      return "exp(I" + std::to_string(e.unit.cell.channel + 1) + ") / (exp(I1) + … + exp(I" + std::to_string(e.terms.size()) + "))";
    case nn::Combine::LogSoftmax:
      return "I" + std::to_string(e.unit.cell.channel + 1) + " − log(exp(I1) + … + exp(I" + std::to_string(e.terms.size()) + "))";
    case nn::Combine::Standardise:
      return "γ (I" + std::to_string(ownTerm(e) + 1) + " − mean) / deviation + β";
    case nn::Combine::Inhibit:
      return "I" + std::to_string(ownTerm(e) + 1) + " / (k + α / n (I1² + … + I" + std::to_string(e.terms.size()) + "²))^β";
    case nn::Combine::Sum:
      return symbols(e, " + ", false);
    case nn::Combine::Product:
      return symbols(e, " · ", false);
    case nn::Combine::Pointwise:
      if (e.hasScale && e.hasBias) return activated("γ (I − mean) / deviation + β");
      return e.hasScale ? "I above 0, a · I below" : activated("I");
    case nn::Combine::Copy:
      return "I";
  }
  return {};
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
UnitId makerOf(const nn::Network& network, UnitId unit, nn::CellLinks& links) {
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
    explanation.sources.push_back({term.source.node, node.name, node.shape});
  }
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
    const float weight = link.parameter < 0 ? link.factor : own[std::size_t(link.parameter)];
    inputs.push_back(input);
    result.terms.push_back({makerOf(network, source, passing), input, weight, input * weight, false});
    result.sum += input * weight;
  }
  result.hasBias = links.bias >= 0;
  if (result.hasBias) result.bias = own[std::size_t(links.bias)];
  result.hasScale = links.scale >= 0;
  if (result.hasScale) result.scale = own[std::size_t(links.scale)];
  const nn::Layer::Combined combined = layer.combine(unit.cell, links, inputs, own);
  result.preActivation = combined.preActivation;
  result.value = combined.value;
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
    const bool sameValue = kind == nn::Combine::Copy || (kind == nn::Combine::Pointwise && node.layer->parameterBlocks().empty() &&
                                                         node.layer->activation() == nn::Activation::None);
    if (sameValue) continue;  // flatten, dropout
    last->then.push_back(explainOne(network, parameters, values, at));
    last = &last->then.back();
  }
  return result;
}

}  // namespace scene
