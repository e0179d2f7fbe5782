// The values that a lesson names, computed from a network at work when they are shown: activations, sums, weights, sizes. So that no number
// of a lesson is ever typed, and none can drift from what the scene shows. Pure functions; any thread.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/Lesson.h"
#include "nn/Error.h"
#include "nn/Network.h"

namespace lessons {

// What the arguments of a value or a verb are. Counted from 1.
enum class Argument { Layer, Map, Row, Column, KernelRow, KernelColumn };

struct ExpressionForm {
  const char* name;
  std::vector<Argument> arguments;
  bool window;       // the layer slides one kernel over a single map
  bool figure;       // shown as tables, a paragraph of its own; no number
  const char* help;  // for who writes lessons
};
// In the order in which they are told.
std::span<const ExpressionForm> expressionForms();
const ExpressionForm* findExpressionForm(std::string_view name);  // null: there is none

// What is wrong with it for this network, in a sentence each; where: as the issues' place.
void checkExpression(const Expression& expression, const nn::Network& network, const std::string& where, std::vector<nn::Issue>& issues);

// Arguments as places of a network, checked: a layer, and what follows it. The cell's parts that are not given are -1.
struct Place {
  int node = -1;
  nn::Cell cell = {-1, -1, -1};
  int kernelRow = -1, kernelColumn = -1;
};
std::optional<Place> readPlace(std::span<const std::string> words, std::span<const Argument> arguments, const nn::Network& network,
                               const std::string& where, std::vector<nn::Issue>& issues);

// A network at work. values: the activations of a node, CHW.
struct Live {
  const nn::Network& network;
  std::span<const float> parameters;
  std::function<std::span<const float>(int node)> values;
};

// A kernel over one place of a map, cell by cell, row by row.
struct WindowFigure {
  int rows = 0, columns = 0;
  std::vector<float> inputs, weights;  // inputs: empty where the kernel alone is shown; 0 where it reaches beyond the map
  std::vector<bool> outside;
  float bias = 0, sum = 0, value = 0;  // of the unit: sum with the bias, and what the activation makes of it
  std::string activation;
};

struct Value {
  enum class Kind { Real, Count, Words, Figure };  // Count: a whole number that counts something
  Kind kind = Kind::Real;
  double number = 0;
  std::string words;
  WindowFigure figure;
};
// Nothing where the expression does not fit the network, or there are no values yet.
std::optional<Value> evaluate(const Expression& expression, const Live& live);
// Whether it holds; nothing where a side has no value. Numbers are equal when they agree in four digits.
std::optional<bool> holds(const Expectation& expectation, const Live& live);

}  // namespace lessons
