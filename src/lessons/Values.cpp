#include "lessons/Values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "nn/Counted.h"
#include "nn/NumberText.h"

namespace lessons {

namespace {

using enum Argument;

const char* nameOf(Argument argument) {
  constexpr std::array kNames = {"LAYER", "MAP", "ROW", "COLUMN", "KERNEL-ROW", "KERNEL-COLUMN"};
  return kNames[std::size_t(argument)];
}

std::string formText(std::string_view name, std::span<const Argument> arguments) {
  std::string text(name);
  for (const Argument argument : arguments) text.append(" ").append(nameOf(argument));
  return text;
}

// The kernel of a layer that slides one over a single map.
std::optional<nn::Window> windowOf(const nn::Network::Node& node) {
  const std::optional<nn::Window> window = node.layer->window();
  const bool one = node.layer->combineKind() == nn::Combine::WeightedSum && window && !window->transposed &&
                   node.layer->inputShapes().size() == 1 && node.layer->inputShapes().front().channels == 1 &&
                   node.layer->kernelOffset(0, 0) >= 0;
  return one ? window : std::nullopt;
}

// How many there are of what an argument counts; 0: it has none.
int countOf(Argument argument, const nn::Network::Node& node) {
  const nn::Window window = node.layer->window().value_or(nn::Window{.height = 0, .width = 0});
  const std::array counts = {0, node.shape.channels, node.shape.height, node.shape.width, window.height, window.width};
  return counts[std::size_t(argument)];
}

// Where the number of an argument belongs; of a layer, its node.
int& partOf(Place& place, Argument argument) {
  const std::array parts = {&place.node, &place.cell.channel, &place.cell.row, &place.cell.column, &place.kernelRow, &place.kernelColumn};
  return *parts[std::size_t(argument)];
}

std::size_t learnedOf(const nn::Network::Node& node) {
  std::size_t count = 0;
  for (const nn::ParameterBlock& block : node.layer->parameterBlocks()) count += block.learned ? block.count : 0;
  return count;
}

// What stands behind the value's name: a unit of a layer without maps is named by its number alone.
std::span<const Argument> argumentsOf(const ExpressionForm& form, const Expression& expression, const nn::Network& network) {
  const std::span<const Argument> all = form.arguments;
  if (expression.arguments.size() != 2 || all.size() != 4) return all;
  const int node = network.find(expression.arguments.front());
  return node >= 0 && network.node(node).shape.isVector() ? all.first(2) : all;
}

// One unit, with the terms of its sum.
struct Unit {
  nn::CellLinks links;
  std::vector<float> inputs;
  nn::Layer::Combined combined;
};

std::optional<Unit> unitAt(const Live& live, int index, const nn::Cell& cell) {
  const nn::Network::Node& node = live.network.node(index);
  if (node.inputs.empty()) return std::nullopt;
  Unit unit;
  node.layer->linksInto(cell, unit.links);
  for (const nn::Link& link : unit.links.terms) {
    const int source = node.inputs[std::size_t(link.input)];
    const std::span<const float> values = live.values(source);
    if (values.empty()) return std::nullopt;
    unit.inputs.push_back(values[nn::flatIndex(live.network.node(source).shape, link.cell)]);
  }
  unit.combined = node.layer->combine(cell, unit.links, unit.inputs, live.parameters.subspan(node.parameterOffset, node.parameterCount));
  return unit;
}

std::optional<WindowFigure> windowFigure(const Live& live, const Place& place, bool kernelAlone) {
  const nn::Network::Node& node = live.network.node(place.node);
  const nn::Window window = *windowOf(node);
  const std::span<const float> own = live.parameters.subspan(node.parameterOffset, node.parameterCount);
  const std::ptrdiff_t first = node.layer->kernelOffset(place.cell.channel, 0);
  WindowFigure figure{
      .rows = window.height, .columns = window.width, .activation = std::string(nn::activationName(node.layer->activation()))};
  const std::size_t count = std::size_t(window.height) * std::size_t(window.width);
  const auto weights = own.subspan(std::size_t(first), count);
  figure.weights.assign(weights.begin(), weights.end());
  if (kernelAlone) return figure;
  const std::optional<Unit> unit = unitAt(live, place.node, place.cell);
  if (!unit) return std::nullopt;
  figure.inputs.assign(count, 0);
  figure.outside.assign(count, true);
  for (std::size_t i = 0; i < unit->links.terms.size(); ++i) {
    const std::size_t at = std::size_t(unit->links.terms[i].parameter - first);
    figure.inputs.at(at) = unit->inputs[i];
    figure.outside.at(at) = false;
  }
  figure.bias = unit->links.bias >= 0 ? own[std::size_t(unit->links.bias)] : 0;
  figure.sum = unit->combined.preActivation;
  figure.value = unit->combined.value;
  return figure;
}

double totalOf(const Live& live, int node, int map) {
  const nn::Shape& shape = live.network.node(node).shape;
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  const std::span<const float> values = live.values(node).subspan(std::size_t(map) * area, area);
  return std::accumulate(values.begin(), values.end(), 0.0);
}

Value real(double number) {
  return {.kind = Value::Kind::Real, .number = number};
}
Value count(double number) {
  return {.kind = Value::Kind::Count, .number = number};
}

// The map of a layer whose activations add up to most, or to least; counted from 1.
Value extremeMap(const Live& live, int node, bool most) {
  std::vector<double> totals;
  totals.reserve(std::size_t(live.network.node(node).shape.channels));
  for (int map = 0; map < live.network.node(node).shape.channels; ++map) totals.push_back(totalOf(live, node, map));
  const auto at = most ? std::max_element(totals.begin(), totals.end()) : std::min_element(totals.begin(), totals.end());
  return count(double(at - totals.begin() + 1));
}

// Of sizes and counts, which need no values.
std::optional<Value> countedValue(const std::string& name, const nn::Network& network, const Place& place) {
  if (name == "parameters" && place.node < 0) {
    double all = 0;
    for (const nn::Network::Node& each : network.nodes()) all += double(learnedOf(each));
    return count(all);
  }
  if (place.node < 0) return std::nullopt;
  const nn::Network::Node& node = network.node(place.node);
  if (name == "parameters") return count(double(learnedOf(node)));
  if (name == "units") return count(double(node.shape.size()));
  if (name == "maps") return count(node.shape.channels);
  if (name == "rows") return count(node.shape.height);
  if (name == "columns") return count(node.shape.width);
  if (name == "size") return Value{.kind = Value::Kind::Words, .words = node.shape.mapText()};
  if (name == "kernel-weights") return count(double(windowOf(node)->height * windowOf(node)->width));
  if (name != "dense-parameters") return std::nullopt;
  double inputs = 0;
  for (const nn::Shape& shape : node.layer->inputShapes()) inputs += double(shape.size());
  return count((inputs + 1) * double(node.shape.size()));
}

std::optional<Value> valueAtWork(const std::string& name, const Live& live, const Place& place) {
  const nn::Network::Node& node = live.network.node(place.node);
  if (name == "kernel") return Value{.kind = Value::Kind::Figure, .figure = *windowFigure(live, place, true)};
  if (name == "weight")
    return real(windowFigure(live, place, true)->weights[std::size_t(place.kernelRow * windowOf(node)->width + place.kernelColumn)]);
  const std::span<const float> values = live.values(place.node);
  if (values.empty()) return std::nullopt;
  if (name == "value") return real(values[nn::flatIndex(node.shape, place.cell)]);
  if (name == "total") return real(totalOf(live, place.node, place.cell.channel));
  if (name == "brightest" || name == "darkest") return extremeMap(live, place.node, name == "brightest");
  if (name == "sum" || name == "bias") {
    const std::optional<Unit> unit = unitAt(live, place.node, place.cell);
    if (!unit) return std::nullopt;
    const std::ptrdiff_t bias = unit->links.bias;
    return real(name == "sum" ? unit->combined.preActivation : bias < 0 ? 0 : live.parameters[node.parameterOffset + std::size_t(bias)]);
  }
  const std::optional<WindowFigure> figure = windowFigure(live, place, false);
  if (!figure) return std::nullopt;
  if (name == "window") return Value{.kind = Value::Kind::Figure, .figure = *figure};
  const std::size_t at = std::size_t(place.kernelRow * figure->columns + place.kernelColumn);
  if (name == "input") return real(figure->inputs[at]);
  if (name == "product") return real(figure->inputs[at] * figure->weights[at]);
  return std::nullopt;
}

}  // namespace

std::span<const ExpressionForm> expressionForms() {
  static const std::vector<ExpressionForm> forms = {
      {"value", {Layer, Map, Row, Column}, false, false, "what the unit computed"},
      {"sum", {Layer, Map, Row, Column}, false, false, "the same before the activation function"},
      {"bias", {Layer, Map, Row, Column}, false, false, "what is added to the unit's sum"},
      {"weight", {Layer, Map, KernelRow, KernelColumn}, true, false, "one number of the map's kernel"},
      {"input", {Layer, Map, Row, Column, KernelRow, KernelColumn}, true, false, "what lies below that number of the kernel; 0 outside"},
      {"product", {Layer, Map, Row, Column, KernelRow, KernelColumn}, true, false, "the two multiplied"},
      {"window", {Layer, Map, Row, Column}, true, true, "input, kernel and products as tables, and their sum"},
      {"kernel", {Layer, Map}, true, true, "the map's kernel as a table"},
      {"total", {Layer, Map}, false, false, "all values of a map added up"},
      {"brightest", {Layer}, false, false, "the map with the greatest total"},
      {"darkest", {Layer}, false, false, "the map with the least total"},
      {"maps", {Layer}, false, false, "how many maps"},
      {"rows", {Layer}, false, false, "of each map"},
      {"columns", {Layer}, false, false, "of each map"},
      {"size", {Layer}, false, false, "of each map, as 28 × 28"},
      {"units", {Layer}, false, false, "of all maps together"},
      {"kernel-weights", {Layer}, true, false, "numbers in each kernel"},
      {"parameters", {Layer}, false, false, "what the layer learns: weights and biases; without a layer, the whole network"},
      {"dense-parameters", {Layer}, false, false, "what a dense layer between the same units would have to learn"},
  };
  return forms;
}

const ExpressionForm* findExpressionForm(std::string_view name) {
  const auto forms = expressionForms();
  const auto form = std::find_if(forms.begin(), forms.end(), [name](const ExpressionForm& f) { return f.name == name; });
  return form == forms.end() ? nullptr : &*form;
}

std::optional<Place> readPlace(std::span<const std::string> words, std::span<const Argument> arguments, const nn::Network& network,
                               const std::string& where, std::vector<nn::Issue>& issues) {
  Place place;
  for (std::size_t i = 0; i < std::min(words.size(), arguments.size()); ++i) {
    if (arguments[i] == Layer) {
      place.node = network.find(words[i]);
      if (place.node >= 0) continue;
      issues.push_back({where, "the network has no layer '" + words[i] + "'",
                        "Its layers are " + nn::joined(network.nodes(), &nn::Network::Node::name)});
      return std::nullopt;
    }
    const int most = countOf(arguments[i], network.node(place.node));
    const std::optional<double> number = nn::numberOf<double>(words[i]);
    if (!number || *number != std::floor(*number) || *number < 1 || *number > most) {
      issues.push_back({where, "'" + words[i] + "' is no " + nameOf(arguments[i]) + " of " + network.node(place.node).name,
                        most > 0 ? "Write a whole number from 1 to " + std::to_string(most) : "This layer has none"});
      return std::nullopt;
    }
    partOf(place, arguments[i]) = int(*number) - 1;
  }
  return place;
}

void checkExpression(const Expression& expression, const nn::Network& network, const std::string& where, std::vector<nn::Issue>& issues) {
  const ExpressionForm* form = findExpressionForm(expression.function);
  if (!form) {
    if (nn::numberOf<double>(expression.function) && expression.arguments.empty()) return;
    issues.push_back(
        {where, "there is no value '" + expression.function + "'", "Values are " + nn::joined(expressionForms(), &ExpressionForm::name)});
    return;
  }
  const bool whole = expression.function == "parameters" && expression.arguments.empty();
  if (whole) return;
  const std::span<const Argument> arguments = argumentsOf(*form, expression, network);
  if (expression.arguments.size() != arguments.size()) {
    issues.push_back({where, "'" + expression.text() + "' has " + std::to_string(expression.arguments.size()) + " words behind its name",
                      "Write " + formText(form->name, form->arguments)});
    return;
  }
  const std::optional<Place> place = readPlace(expression.arguments, arguments, network, where, issues);
  if (place && network.node(place->node).inputs.empty() && (expression.function == "sum" || expression.function == "bias"))
    issues.push_back({where, network.node(place->node).name + " adds nothing up", "Name a layer behind it"});
  if (place && form->window && !windowOf(network.node(place->node)))
    issues.push_back(
        {where, network.node(place->node).name + " slides no kernel over a single map", "Name a convolution whose input has one map"});
}

std::optional<Value> evaluate(const Expression& expression, const Live& live) {
  if (const auto number = nn::numberOf<double>(expression.function); number && expression.arguments.empty()) return real(*number);
  std::vector<nn::Issue> issues;
  checkExpression(expression, live.network, "", issues);
  if (!issues.empty()) return std::nullopt;
  const ExpressionForm& form = *findExpressionForm(expression.function);
  std::optional<Place> place = readPlace(expression.arguments, argumentsOf(form, expression, live.network), live.network, "", issues);
  if (auto counted = countedValue(expression.function, live.network, *place)) return counted;
  place->cell.row = std::max(0, place->cell.row);
  place->cell.column = std::max(0, place->cell.column);
  return valueAtWork(expression.function, live, *place);
}

std::optional<bool> holds(const Expectation& expectation, const Live& live) {
  const std::optional<Value> left = evaluate(expectation.left, live), right = evaluate(expectation.right, live);
  if (!left || !right) return std::nullopt;
  const double a = left->number, b = right->number, slack = 1e-4 * std::max({std::abs(a), std::abs(b), 1e-6});
  const bool equal = std::abs(a - b) <= slack;
  if (expectation.comparison == "=") return equal;
  if (expectation.comparison == "<") return a < b && !equal;
  if (expectation.comparison == ">") return a > b && !equal;
  return equal || (expectation.comparison == "<=") == (a < b);
}

}  // namespace lessons
