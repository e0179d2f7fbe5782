// Activations: one operator each, or the several that exporters write where the standard has none.
#include <algorithm>
#include <cmath>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

// "relu1", and "relu6-1".
std::string activationLayerName(ImportContext& context, nn::Activation activation) {
  const std::string function(nn::activationName(activation));
  const bool endsInDigit = function.back() >= '0' && function.back() <= '9';
  return context.uniqueName(function + (endsInDigit ? "-" : "") + std::to_string(++context.counters[function]));
}

void applyActivation(ImportContext& context, const Node& node, const Value& source, nn::Activation activation) {
  context.define(node, activated(context, node, source, activation));
}

// x sigmoid(x), written as two nodes.
bool silu(ImportContext& context, const Node& node) {
  const Node* product = context.onlyReader(node);
  if (!product || product->op_type() != "Mul" || product->input_size() != 2) return false;
  if (product->input(product->input(0) == node.output(0) ? 1 : 0) != node.input(0)) return false;
  context.skipped.insert(product);
  applyActivation(context, *product, context.anyValue(node, 0), nn::Activation::Silu);
  return true;
}

void activation(ImportContext& context, const Node& node) {
  static const std::map<std::string_view, nn::Activation> table{{"Relu", nn::Activation::Relu},
                                                                {"LeakyRelu", nn::Activation::LeakyRelu},
                                                                {"Sigmoid", nn::Activation::Sigmoid},
                                                                {"Tanh", nn::Activation::Tanh},
                                                                {"Gelu", nn::Activation::Gelu}};
  if (node.op_type() == "Sigmoid" && silu(context, node)) return;
  const nn::Activation activation = table.at(node.op_type());
  const float slope = floatAttribute(node, "alpha", 0.01f);
  if (activation == nn::Activation::LeakyRelu && !isNear(slope, 0.01f)) {
    // One slope for all channels, which training could change.
    const Value source = context.anyValue(node, 0);
    const int layer = context.addCounted(node, "prelu", {{"shared", context.shapeOf(source).channels != 1}}, {source.node});
    context.drafts[std::size_t(layer)].blocks["slope"] = {slope};
    context.define(node, source, layer);
    return;
  }
  const std::string approximate = textAttribute(node, "approximate", "none");
  if (approximate != "none" && approximate != "tanh") context.damaged(node, "its approximate is neither none nor tanh");
  if (approximate != "none") context.notes.emplace_back("GELU was given by its approximation with tanh; here it is exact");
  applyActivation(context, node, context.anyValue(node, 0), activation);
}

// low .. high: ReLU, ReLU6 or the hard tanh, between two scales where the ends are others. Each scale is a layer, or the weights of
// the one before.
Value clipped(ImportContext& context, const Node& node, Value source, float low, float high) {
  const bool below = low > -1e30f, above = high < 1e30f;
  if (low > high) context.damaged(node, "it clips to an empty range");
  if (!below && !above) return source;
  if (low == high) return scaled(context, node, source, {0}, {low});
  if (!below) {  // high - relu(high - x)
    source = activated(context, node, scaled(context, node, source, {-1}, {high}), nn::Activation::Relu);
    return scaled(context, node, source, {-1}, {high});
  }
  if (!above) {
    if (low != 0) source = scaled(context, node, source, {1}, {-low});
    source = activated(context, node, source, nn::Activation::Relu);
    return low == 0 ? source : scaled(context, node, source, {1}, {low});
  }
  const bool rectified = low == 0;
  const float middle = rectified ? 0 : low / 2 + high / 2, unit = rectified ? high / 6 : high / 2 - low / 2;
  const bool plain = middle == 0 && unit == 1;
  if (!plain) {
    context.notes.push_back("clipping to " + std::to_string(low) + " .. " + std::to_string(high) + " is shown as " +
                            (rectified ? "a ReLU6" : "a hard tanh") + " of scaled values, which computes the same");
    source = scaled(context, node, source, {1 / unit}, {-middle / unit});
  }
  source = activated(context, node, source, rectified ? nn::Activation::Relu6 : nn::Activation::HardTanh);
  return plain ? source : scaled(context, node, source, {unit}, {middle});
}

// The smaller of a ReLU's values and 6, written as two nodes.
bool relu6(ImportContext& context, const Node& node, Value source, float high) {
  Draft& draft = context.drafts[std::size_t(source.node)];
  if (high != 6 || source.shared || draft.layer->activation() != nn::Activation::Relu) return false;
  draft.spec.fields["activation"] = std::string(nn::activationName(nn::Activation::Relu6));
  if (draft.spec.type == "activation") draft.spec.name = activationLayerName(context, nn::Activation::Relu6);
  context.remake(node, source.node);
  context.define(node, source);
  return true;
}

// What only limits from above, together with a ReLU right behind it.
bool limitedRelu(ImportContext& context, const Node& node, float high) {
  const Node* relu = context.onlyReader(node);
  const bool rectifies =
      relu && (relu->op_type() == "Relu" || (relu->op_type() == "Max" && context.numberBeside(*relu, node.output(0)) == 0));
  if (!rectifies || high <= 0) return false;
  context.skipped.insert(relu);
  const int which = context.isConstant(node.input(0)) ? 1 : 0;
  context.define(*relu, clipped(context, *relu, context.anyValue(node, which), 0, high));
  return true;
}

void clipInput(ImportContext& context, const Node& node, int input, float low, float high) {
  const bool onlyAbove = low <= -1e30f && high < 1e30f;
  if (onlyAbove && limitedRelu(context, node, high)) return;
  const Value source = context.anyValue(node, input);
  if ((onlyAbove || low == 0) && relu6(context, node, source, high)) return;
  context.define(node, clipped(context, node, source, low, high));
}

// The ends of what clips to two numbers, or limits to one; infinite where there is none.
std::pair<float, float> limitsOf(const ImportContext& context, const Node& node) {
  std::pair<float, float> limits{-HUGE_VALF, HUGE_VALF};
  if (node.op_type() == "Min" || node.op_type() == "Max") {
    if (node.input_size() != 2) return limits;
    const float bound = context.numberBeside(node, node.input(context.isConstant(node.input(0)) ? 1 : 0));
    (node.op_type() == "Min" ? limits.second : limits.first) = bound;
  }
  if (node.op_type() != "Clip") return limits;
  limits = {floatAttribute(node, "min", limits.first), floatAttribute(node, "max", limits.second)};
  const auto given = [&](int input, float& limit) {
    if (!context.hasInput(node, input)) return;
    if (!context.isConstant(node.input(input))) {
      limit = std::nanf("");
      return;
    }
    const Tensor number = context.constant(node, input);
    if (!number.values.empty()) limit = number.values[0];
  };
  given(1, limits.first);
  given(2, limits.second);
  return limits;
}

void clip(ImportContext& context, const Node& node) {
  for (const int bound : {1, 2}) {
    if (context.hasInput(node, bound)) context.constant(node, bound);  // refuses what is computed
  }
  const auto [low, high] = limitsOf(context, node);
  clipInput(context, node, 0, low, high);
}

// The larger is a + relu(b - a), the smaller a - relu(a - b).
void extremeOfTwo(ImportContext& context, const Node& node) {
  Value first = context.anyValue(node, 0), second = context.anyValue(node, 1);
  first.shared = second.shared = true;
  const bool larger = node.op_type() == "Max";
  const Value least = scaled(context, node, larger ? first : second, {-1}, {0});
  const Value above = activated(context, node, sum(context, node, {least, larger ? second : first}), nn::Activation::Relu);
  context.define(node, sum(context, node, {larger ? above : scaled(context, node, above, {-1}, {0}), first}));
}

// The smaller, or the larger, of each value and one number.
void extreme(ImportContext& context, const Node& node) {
  const int which = context.hasInput(node, 0) && context.isConstant(node.input(0)) ? 0 : 1;
  const bool computed = node.input_size() == 2 && !context.isConstant(node.input(which));
  if (computed) return extremeOfTwo(context, node);
  if (node.input_size() == 1) return alias(context, node);
  if (node.input_size() != 2 || !context.hasInput(node, which) || !context.isConstant(node.input(which)) ||
      context.constant(node, which).values.size() != 1)
    context.refuse(node, "only the smaller or larger of a tensor and one number is supported");
  const float bound = context.constant(node, which).values[0];
  const bool largest = node.op_type() == "Min";
  clipInput(context, node, 1 - which, largest ? -HUGE_VALF : bound, largest ? bound : HUGE_VALF);
}

// alpha x + beta between 0 and 1, as the hard sigmoid of a scaled x.
void hardSigmoid(ImportContext& context, const Node& node) {
  if (composed(context, node)) return;
  Value source = context.anyValue(node, 0);
  const float alpha = floatAttribute(node, "alpha", 0.2f), beta = floatAttribute(node, "beta", 0.5f);
  if (!isNear(alpha, 1.0f / 6) || !isNear(beta, 0.5f)) {
    source = scaled(context, node, source, {6 * alpha}, {6 * beta - 3});
    context.notes.push_back("a hard sigmoid of slope " + std::to_string(alpha) +
                            " is shown as one of slope 1/6 of scaled values, which computes "
                            "the same");
  }
  applyActivation(context, node, source, nn::Activation::HardSigmoid);
}

void hardSwish(ImportContext& context, const Node& node) {
  applyActivation(context, node, context.anyValue(node, 0), nn::Activation::HardSwish);
}

// By which number alone a node multiplies this tensor, or divides it; NaN where it does neither.
float factorBeside(const ImportContext& context, const Node& node, const std::string& tensor) {
  if (node.op_type() == "Mul") return context.numberBeside(node, tensor);
  const bool divides = node.op_type() == "Div" && node.input_size() == 2 && node.input(0) == tensor;
  return divides ? 1 / context.numberBeside(node, tensor) : std::nanf("");
}

// The hard sigmoid and the hard swish as exporters write them:  HardSigmoid(x) x,  or with  clip(x + 3, 0, 6) / 6,  where the division
// stands before or behind the product with x, or alone.
std::optional<Composed> hardFamily(const ImportContext& context, const Node& first) {
  Composed found;
  const bool written = first.op_type() == "HardSigmoid";
  if (first.output_size() != 1 || first.input_size() == 0) return std::nullopt;
  found.input = first.input_size() == 2 && context.isConstant(first.input(0)) ? 1 : 0;
  const std::string& x = first.input(found.input);
  const Node* last = &first;
  const auto goTo = [&](const Node* next) {
    last = next;
    found.nodes.push_back(next);
  };
  const auto timesX = [&](const Node* node) {
    return node && node->op_type() == "Mul" && node->input_size() == 2 && x != last->output(0) &&
           node->input(node->input(0) == last->output(0) ? 1 : 0) == x;
  };
  const auto sixth = [&](const Node* node) { return node && isNear(factorBeside(context, *node, last->output(0)), 1.0f / 6); };
  if (written) {
    if (!isNear(floatAttribute(first, "alpha", 0.2f), 1.0f / 6) || !isNear(floatAttribute(first, "beta", 0.5f), 0.5f)) return std::nullopt;
  } else {
    if (first.op_type() != "Add" || !isNear(context.numberBeside(first, x), 3)) return std::nullopt;
    const Node* next = context.onlyReader(first);
    if (next && next->op_type() == "Relu") {
      goTo(next);
      next = context.onlyReader(*next);
      if (!next || limitsOf(context, *next).second != 6) return std::nullopt;
    } else if (!next || limitsOf(context, *next) != std::pair(0.0f, 6.0f)) {
      return std::nullopt;
    }
    goTo(next);
  }
  const Node* next = context.onlyReader(*last);
  bool divided = written;
  if (!divided && sixth(next)) {
    divided = true;
    goTo(next);
    next = context.onlyReader(*last);
  }
  found.activation = nn::Activation::HardSigmoid;
  if (timesX(next)) {
    found.activation = nn::Activation::HardSwish;
    goTo(next);
    next = divided ? nullptr : context.onlyReader(*last);
    if (!divided && sixth(next)) {
      divided = true;
      goTo(next);
    }
  }
  return divided && !found.nodes.empty() ? std::optional(found) : std::nullopt;
}

const Node* makerOf(const ImportContext& context, const std::string& tensor) {
  for (const Node& node : context.graph.node())
    if (node.output_size() == 1 && node.output(0) == tensor) return &node;
  return nullptr;
}

// x (1 + erf(x / sqrt 2)) / 2, written as five nodes around this one: the half multiplies the bracket, the whole, or x. They come in the
// order of the graph.
std::vector<const Node*> geluAround(const ImportContext& context, const Node& erf) {
  const Node* inner = makerOf(context, erf.input(0));
  const Node* bracket = context.onlyReader(erf);
  if (!inner || inner->input_size() != 2 || context.uses(inner->output(0)) != 1) return {};
  const std::string& x = inner->input(context.isConstant(inner->input(0)) ? 1 : 0);
  if (!isNear(factorBeside(context, *inner, x), 0.70710678f)) return {};
  if (!bracket || bracket->op_type() != "Add" || !isNear(context.numberBeside(*bracket, erf.output(0)), 1)) return {};
  const Node* first = context.onlyReader(*bracket);
  if (!first || first->op_type() != "Mul" || first->input_size() != 2) return {};
  const auto beside = [](const Node& joint, const std::string& tensor) { return joint.input(joint.input(0) == tensor ? 1 : 0); };
  const auto halves = [&](const Node* node, const std::string& tensor) {
    return node && isNear(factorBeside(context, *node, tensor), 0.5f);
  };
  const Node *half = makerOf(context, beside(*first, bracket->output(0))), *last = context.onlyReader(*first);
  if (half && halves(half, x) && context.uses(half->output(0)) == 1)
    last = first, first = half;
  else if (!last || !(beside(*first, bracket->output(0)) == x ? halves(last, first->output(0))
                                                              : halves(first, bracket->output(0)) && last->op_type() == "Mul" &&
                                                                    last->input_size() == 2 && beside(*last, first->output(0)) == x))
    return {};
  std::vector<const Node*> nodes;
  for (const Node& node : context.graph.node())
    for (const Node* one : {inner, &erf, bracket, first, last})
      if (one == &node) nodes.push_back(one);
  return nodes;
}

// 1 where the values are above zero, written as a comparison and a cast.
void greater(ImportContext& context, const Node& node) {
  const Node* cast = context.onlyReader(node);
  if (!cast || cast->op_type() != "Cast" || !context.hasInput(node, 1) || !context.isConstant(node.input(1)) ||
      context.numberBeside(node, node.input(0)) != 0)
    context.refuse(node, "comparisons are only read as the binary step: x > 0, cast to numbers");
  context.skipped.insert(cast);
  applyActivation(context, *cast, context.anyValue(node, 0), nn::Activation::BinaryStep);
}

}  // namespace

Value activated(ImportContext& context, const Node& node, Value source, nn::Activation activation) {
  const std::string function(nn::activationName(activation));
  for (const char* type : {"conv2d", "dense", "average-pool"}) {
    Draft* before = context.foldable(source, type);
    if (!before) continue;
    before->spec.fields["activation"] = function;
    context.remake(node, source.node);
    return source;
  }
  source.node = context.addNode(node, activationLayerName(context, activation), "activation", {{"activation", function}}, {source.node});
  source.shared = false;
  return source;
}

// A value that a pattern reads twice is read once by the layer that it becomes, and may be taken into the layer before.
void findComposed(ImportContext& context) {
  for (const Node& node : context.graph.node()) {
    const bool isErf = isStandard(node) && node.op_type() == "Erf" && node.input_size() == 1 && node.output_size() == 1;
    if (const std::vector<const Node*> nodes = isErf ? geluAround(context, node) : std::vector<const Node*>(); !nodes.empty()) {
      const int input = context.isConstant(nodes.front()->input(0)) ? 1 : 0;
      context.composedNodes[nodes.front()] = {{nodes.begin() + 1, nodes.end()}, input, nn::Activation::Gelu};
      --context.useCounts[nodes.front()->input(input)];
    }
    const bool begins = isStandard(node) && (node.op_type() == "Add" || node.op_type() == "HardSigmoid");
    const std::optional<Composed> found = begins ? hardFamily(context, node) : std::nullopt;
    if (!found) continue;
    context.composedNodes[&node] = *found;
    if (found->activation == nn::Activation::HardSwish) --context.useCounts[node.input(found->input)];
  }
}

bool composed(ImportContext& context, const Node& node) {
  const auto known = context.composedNodes.find(&node);
  const std::optional<Composed> found = known != context.composedNodes.end() ? known->second : hardFamily(context, node);
  if (!found) return false;
  context.skipped.insert(found->nodes.begin(), found->nodes.end());
  applyActivation(context, *found->nodes.back(), context.anyValue(node, found->input), found->activation);
  return true;
}

// 1.7159 tanh(2x/3), written as three nodes.
bool scaledTanh(ImportContext& context, const Node& node) {
  const Node* tanh = context.onlyReader(node);
  if (!tanh || tanh->op_type() != "Tanh") return false;
  const Node* last = context.onlyReader(*tanh);
  if (!last || last->op_type() != "Mul" || !isNear(context.numberBeside(*last, tanh->output(0)), 1.7159f)) return false;
  context.skipped.insert(tanh);
  context.skipped.insert(last);
  applyActivation(context, *last, context.anyValue(node, context.isConstant(node.input(0)) ? 1 : 0), nn::Activation::ScaledTanh);
  return true;
}

std::span<const Operator> activationOperators() {
  static const std::vector<Operator> table{
      {"Relu", activation},
      {"LeakyRelu", activation, 1, "alpha"},
      {"Sigmoid", activation},
      {"Tanh", activation},
      {"Gelu", activation, 1, "approximate"},
      {"Greater", greater, 2, "axis", "broadcast"},
      {"Clip", clip, 3, "max min"},
      {"Min", extreme, kAny},
      {"Max", extreme, kAny},
      {"HardSigmoid", hardSigmoid, 1, "alpha beta"},
      {"HardSwish", hardSwish},
  };
  return table;
}

}  // namespace io::onnxfile
