// Functions of each value that are rarer than the usual activations, or made of several of them.
#include <cmath>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

// ELU with factors of its own:  above relu(x) + below elu(-relu(-x) / inner).
Value bentBelow(ImportContext& context, const Node& node, Value source, float above, float below, float inner) {
  source.shared = true;
  const auto times = [&](const Value& value, float factor) { return factor == 1 ? value : scaled(context, node, value, {factor}, {0}); };
  const Value negative = activated(context, node, scaled(context, node, source, {-1}, {0}), nn::Activation::Relu);
  const Value curve = activated(context, node, times(negative, -1 / inner), nn::Activation::Elu);
  context.notes.push_back(node.op_type() + " is shown as several layers, which compute the same");
  return sum(context, node, {times(activated(context, node, source, nn::Activation::Relu), above), times(curve, below)});
}

void elu(ImportContext& context, const Node& node) {
  const Value source = context.anyValue(node, 0);
  const float alpha = floatAttribute(node, "alpha", 1);
  if (isNear(alpha, 1)) return context.define(node, activated(context, node, source, nn::Activation::Elu));
  const bool continuous = node.op_type() == "Celu";
  if (continuous && alpha == 0) context.damaged(node, "it divides by its alpha, which is 0");
  context.define(node, bentBelow(context, node, source, 1, alpha, continuous ? alpha : 1));
}

// Klambauer et al. 2017; the standard says its numbers.
void selu(ImportContext& context, const Node& node) {
  const float alpha = floatAttribute(node, "alpha", 1.67326319f), gamma = floatAttribute(node, "gamma", 1.05070102f);
  context.define(node, bentBelow(context, node, context.anyValue(node, 0), gamma, gamma * alpha, 1));
}

// x tanh(softplus(x)), written as three nodes.
bool mish(ImportContext& context, const Node& softplus) {
  const Node* tanh = context.onlyReader(softplus);
  const Node* product = tanh && tanh->op_type() == "Tanh" ? context.onlyReader(*tanh) : nullptr;
  if (!product || product->op_type() != "Mul" || product->input_size() != 2) return false;
  if (product->input(product->input(0) == tanh->output(0) ? 1 : 0) != softplus.input(0)) return false;
  context.skipped.insert({tanh, product});
  context.define(*product, activated(context, *product, context.anyValue(softplus, 0), nn::Activation::Mish));
  return true;
}

void curve(ImportContext& context, const Node& node) {
  if (node.op_type() == "Softplus" && mish(context, node)) return;
  const nn::Activation activation = node.op_type() == "Softplus"   ? nn::Activation::Softplus
                                    : node.op_type() == "Softsign" ? nn::Activation::Softsign
                                                                   : nn::Activation::Mish;
  context.define(node, activated(context, node, context.anyValue(node, 0), activation));
}

// x where it is above alpha, else 0: x times the step.
void thresholdedRelu(ImportContext& context, const Node& node) {
  Value source = context.anyValue(node, 0);
  source.shared = true;
  const float alpha = floatAttribute(node, "alpha", 1);
  const Value step = activated(context, node, scaled(context, node, source, {1}, {-alpha}), nn::Activation::BinaryStep);
  context.notes.push_back("ThresholdedRelu is shown as several layers, which compute the same");
  context.define(node, product(context, node, source, step));
}

// By one number for all.
void power(ImportContext& context, const Node& node) {
  const float exponent = context.hasInput(node, 1) ? context.numberBeside(node, node.input(0)) : std::nanf("");
  if (!(std::abs(exponent) <= 1000)) context.refuse(node, "only powers by one number are supported");
  const Value source = context.anyValue(node, 0);
  context.define(node, exponent == 1 ? source : functionLayer(context, node, source, "power", exponent));
}

void function(ImportContext& context, const Node& node) {
  const std::string& op = node.op_type();
  const bool root = op == "Sqrt";
  std::string name = op;
  name[0] = char(name[0] - 'A' + 'a');
  const bool power = root || op == "Reciprocal";
  context.define(node, functionLayer(context, node, context.anyValue(node, 0), power ? "power" : name, root ? 0.5 : -1));
}

// Of a softmax it is a layer of its own, and computed more exactly.
void logarithm(ImportContext& context, const Node& node) {
  const Value source = context.anyValue(node, 0);
  Draft& before = context.drafts[std::size_t(source.node)];
  if (before.spec.type != "softmax" || !source.box.empty()) return function(context, node);
  if (!source.shared) {
    before.spec.type = "log-softmax";
    before.spec.name = context.uniqueName("log-softmax");
    context.remake(node, source.node);
    return context.define(node, source);
  }
  int scores = -1;
  for (std::size_t i = 0; i < context.drafts.size(); ++i)
    if (context.drafts[i].spec.name == before.spec.inputs.front()) scores = int(i);
  context.define(node, source, context.addNode(node, context.uniqueName("log-softmax"), "log-softmax", {}, {scores}));
}

}  // namespace

Value functionLayer(ImportContext& context, const Node& node, Value source, const std::string& name, double exponent) {
  nn::Fields fields{{"function", name}};
  if (name == "power") fields["exponent"] = exponent;
  source.node = context.addNode(node, context.uniqueName(name + std::to_string(++context.counters[name])), "function", std::move(fields),
                                {source.node});
  source.shared = false;
  return source;
}

std::span<const Operator> curveOperators() {
  static const std::vector<Operator> table{
      {"Elu", elu, 1, "alpha"},
      {"Celu", elu, 1, "alpha"},
      {"Selu", selu, 1, "alpha gamma"},
      {"Softplus", curve},
      {"Softsign", curve},
      {"Mish", curve},
      {"ThresholdedRelu", thresholdedRelu, 1, "alpha"},
      {"Abs", function},
      {"Pow", power, 2, "axis broadcast"},
      {"Log", logarithm},
      {"Sqrt", function},
      {"Reciprocal", function},
      {"Exp", function},
      {"Erf", function},
      {"Sin", function},
      {"Cos", function},
      {"Sign", function},
      {"Floor", function},
      {"Ceil", function},
      {"Round", function},
  };
  return table;
}

}  // namespace io::onnxfile
