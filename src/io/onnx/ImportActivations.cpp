// Activations: one operator each, or the several that exporters write where the standard has none.
#include <algorithm>
#include <cmath>

#include "io/onnx/Importer.h"
#include "io/onnx/OperatorFields.h"

namespace io::onnxfile {

namespace {

bool near(float value, float wanted) {
  return std::abs(value - wanted) <= 1e-4f * std::abs(wanted);
}

}  // namespace

Value Importer::activated(const Node& node, Value source, nn::Activation activation) {
  const std::string function(nn::activationName(activation));
  for (const char* type : {"conv2d", "dense", "average-pool"}) {
    Draft* before = foldable(source, type);
    if (!before) continue;
    before->spec.fields["activation"] = function;
    remake(node, source.node);
    return source;
  }
  source.node = addNode(node, activationLayerName(activation), "activation", {{"activation", function}}, {source.node});
  source.shared = false;
  return source;
}

// "relu1", and "relu6-1".
std::string Importer::activationLayerName(nn::Activation activation) {
  const std::string function(nn::activationName(activation));
  const bool endsInDigit = function.back() >= '0' && function.back() <= '9';
  return uniqueName(function + (endsInDigit ? "-" : "") + std::to_string(++m_counters[function]));
}

void Importer::applyActivation(const Node& node, const Value& source, nn::Activation activation) {
  define(node, activated(node, source, activation));
}

void Importer::activation(const Node& node) {
  static const std::map<std::string_view, nn::Activation> table{{"Relu", nn::Activation::Relu},
                                                                {"LeakyRelu", nn::Activation::LeakyRelu},
                                                                {"Sigmoid", nn::Activation::Sigmoid},
                                                                {"Tanh", nn::Activation::Tanh},
                                                                {"Gelu", nn::Activation::Gelu}};
  if (node.op_type() == "Sigmoid" && silu(node)) return;
  const nn::Activation activation = table.at(node.op_type());
  const float slope = floatAttribute(node, "alpha", 0.01f);
  if (activation == nn::Activation::LeakyRelu && !near(slope, 0.01f)) {
    // One slope for all channels, which training could change.
    const Value source = value(node, 0);
    const int layer = addCounted(node, "prelu", {{"shared", shapeOf(source).channels != 1}}, {source.node});
    m_nodes[std::size_t(layer)].blocks["slope"] = {slope};
    define(node, source, layer);
    return;
  }
  if (textAttribute(node, "approximate", "none") != "none")
    m_notes.push_back("GELU was given by its approximation with tanh; here it is exact");
  applyActivation(node, value(node, 0), activation);
}

// With another alpha than 1, as  relu(x) + alpha elu(-relu(-x)).
void Importer::elu(const Node& node) {
  Value source = value(node, 0);
  const float alpha = floatAttribute(node, "alpha", 1);
  if (near(alpha, 1)) return applyActivation(node, source, nn::Activation::Elu);
  source.shared = true;
  const Value below = activated(node, scaled(node, source, {-1}, {0}), nn::Activation::Relu);
  const Value curve = activated(node, scaled(node, below, {-1}, {0}), nn::Activation::Elu);
  define(node, sum(node, {activated(node, source, nn::Activation::Relu), scaled(node, curve, {alpha}, {0})}));
  m_notes.push_back("ELU with alpha " + std::to_string(alpha) + " is shown as several layers, which compute the same");
}

// low .. high: ReLU, ReLU6 or the hard tanh, between two scales where the ends are others. Each scale is a layer, or the weights of
// the one before.
Value Importer::clipped(const Node& node, Value source, float low, float high) {
  const bool below = low > -1e30f, above = high < 1e30f;
  if (low > high) damaged(node, "it clips to an empty range");
  if (!below && !above) return source;
  if (low == high) return scaled(node, source, {0}, {low});
  if (!below) {  // high - relu(high - x)
    source = activated(node, scaled(node, source, {-1}, {high}), nn::Activation::Relu);
    return scaled(node, source, {-1}, {high});
  }
  if (!above) {
    if (low != 0) source = scaled(node, source, {1}, {-low});
    source = activated(node, source, nn::Activation::Relu);
    return low == 0 ? source : scaled(node, source, {1}, {low});
  }
  const bool rectified = low == 0;
  const float middle = rectified ? 0 : low / 2 + high / 2, unit = rectified ? high / 6 : high / 2 - low / 2;
  const bool plain = middle == 0 && unit == 1;
  if (!plain) {
    m_notes.push_back("clipping to " + std::to_string(low) + " .. " + std::to_string(high) + " is shown as " +
                      (rectified ? "a ReLU6" : "a hard tanh") + " of scaled values, which computes the same");
    source = scaled(node, source, {1 / unit}, {-middle / unit});
  }
  source = activated(node, source, rectified ? nn::Activation::Relu6 : nn::Activation::HardTanh);
  return plain ? source : scaled(node, source, {unit}, {middle});
}

// The smaller of a ReLU's values and 6, written as two nodes.
bool Importer::relu6(const Node& node, Value source, float high) {
  Draft& draft = m_nodes[std::size_t(source.node)];
  if (high != 6 || source.shared || draft.layer->activation() != nn::Activation::Relu) return false;
  draft.spec.fields["activation"] = std::string(nn::activationName(nn::Activation::Relu6));
  if (draft.spec.type == "activation") draft.spec.name = activationLayerName(nn::Activation::Relu6);
  remake(node, source.node);
  define(node, source);
  return true;
}

// What only limits from above, together with a ReLU right behind it.
bool Importer::limitedRelu(const Node& node, float high) {
  const Node* relu = onlyReader(node);
  const bool rectifies = relu && (relu->op_type() == "Relu" || (relu->op_type() == "Max" && numberBeside(*relu, node.output(0)) == 0));
  if (!rectifies || high <= 0) return false;
  m_skipped.insert(relu);
  const int which = isConstant(node.input(0)) ? 1 : 0;
  define(*relu, clipped(*relu, value(node, which), 0, high));
  return true;
}

void Importer::clipInput(const Node& node, int input, float low, float high) {
  const bool onlyAbove = low <= -1e30f && high < 1e30f;
  if (onlyAbove && limitedRelu(node, high)) return;
  const Value source = value(node, input);
  if ((onlyAbove || low == 0) && relu6(node, source, high)) return;
  define(node, clipped(node, source, low, high));
}

void Importer::clip(const Node& node) {
  for (const int bound : {1, 2}) {
    if (hasInput(node, bound)) constant(node, bound);  // refuses what is computed
  }
  const auto [low, high] = limitsOf(node);
  clipInput(node, 0, low, high);
}

// The smaller, or the larger, of each value and one number.
void Importer::extreme(const Node& node) {
  const int which = hasInput(node, 0) && isConstant(node.input(0)) ? 0 : 1;
  if (node.input_size() != 2 || !hasInput(node, which) || !isConstant(node.input(which)) || constant(node, which).values.size() != 1)
    refuse(node, "only the smaller or larger of a tensor and one number is supported");
  const float bound = constant(node, which).values[0];
  const bool largest = node.op_type() == "Min";
  clipInput(node, 1 - which, largest ? -HUGE_VALF : bound, largest ? bound : HUGE_VALF);
}

// alpha x + beta between 0 and 1, as the hard sigmoid of a scaled x.
void Importer::hardSigmoid(const Node& node) {
  if (composed(node)) return;
  Value source = value(node, 0);
  const float alpha = floatAttribute(node, "alpha", 0.2f), beta = floatAttribute(node, "beta", 0.5f);
  if (!near(alpha, 1.0f / 6) || !near(beta, 0.5f)) {
    source = scaled(node, source, {6 * alpha}, {6 * beta - 3});
    m_notes.push_back("a hard sigmoid of slope " + std::to_string(alpha) +
                      " is shown as one of slope 1/6 of scaled values, which computes "
                      "the same");
  }
  applyActivation(node, source, nn::Activation::HardSigmoid);
}

void Importer::hardSwish(const Node& node) {
  applyActivation(node, value(node, 0), nn::Activation::HardSwish);
}

// The hard sigmoid and the hard swish as exporters write them:  HardSigmoid(x) x,  or with  clip(x + 3, 0, 6) / 6,  where the division
// stands before or behind the product with x, or alone.
std::optional<Importer::Composed> Importer::hardFamily(const Node& first) const {
  Composed found;
  const bool written = first.op_type() == "HardSigmoid";
  if (first.output_size() != 1 || first.input_size() == 0) return std::nullopt;
  found.input = first.input_size() == 2 && isConstant(first.input(0)) ? 1 : 0;
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
  const auto sixth = [&](const Node* node) { return node && near(factorBeside(*node, last->output(0)), 1.0f / 6); };
  if (written) {
    if (!near(floatAttribute(first, "alpha", 0.2f), 1.0f / 6) || !near(floatAttribute(first, "beta", 0.5f), 0.5f)) return std::nullopt;
  } else {
    if (first.op_type() != "Add" || !near(numberBeside(first, x), 3)) return std::nullopt;
    const Node* next = onlyReader(first);
    if (next && next->op_type() == "Relu") {
      goTo(next);
      next = onlyReader(*next);
      if (!next || limitsOf(*next).second != 6) return std::nullopt;
    } else if (!next || limitsOf(*next) != std::pair(0.0f, 6.0f)) {
      return std::nullopt;
    }
    goTo(next);
  }
  const Node* next = onlyReader(*last);
  bool divided = written;
  if (!divided && sixth(next)) {
    divided = true;
    goTo(next);
    next = onlyReader(*last);
  }
  found.activation = nn::Activation::HardSigmoid;
  if (timesX(next)) {
    found.activation = nn::Activation::HardSwish;
    goTo(next);
    next = divided ? nullptr : onlyReader(*last);
    if (!divided && sixth(next)) {
      divided = true;
      goTo(next);
    }
  }
  return divided && !found.nodes.empty() ? std::optional(found) : std::nullopt;
}

// A value that a pattern reads twice is read once by the layer that it becomes, and may be taken into the layer before.
void Importer::findComposed() {
  for (const Node& node : m_graph.node()) {
    const bool begins = isStandard(node) && (node.op_type() == "Add" || node.op_type() == "HardSigmoid");
    const std::optional<Composed> found = begins ? hardFamily(node) : std::nullopt;
    if (!found) continue;
    m_composed[&node] = *found;
    if (found->activation == nn::Activation::HardSwish) --m_uses[node.input(found->input)];
  }
}

bool Importer::composed(const Node& node) {
  const auto known = m_composed.find(&node);
  const std::optional<Composed> found = known != m_composed.end() ? known->second : hardFamily(node);
  if (!found) return false;
  m_skipped.insert(found->nodes.begin(), found->nodes.end());
  applyActivation(*found->nodes.back(), value(node, found->input), found->activation);
  return true;
}

// The ends of what clips to two numbers, or limits to one; infinite where there is none.
std::pair<float, float> Importer::limitsOf(const Node& node) const {
  std::pair<float, float> limits{-HUGE_VALF, HUGE_VALF};
  if (node.op_type() == "Min" || node.op_type() == "Max") {
    if (node.input_size() != 2) return limits;
    const float bound = numberBeside(node, node.input(isConstant(node.input(0)) ? 1 : 0));
    (node.op_type() == "Min" ? limits.second : limits.first) = bound;
  }
  if (node.op_type() != "Clip") return limits;
  limits = {floatAttribute(node, "min", limits.first), floatAttribute(node, "max", limits.second)};
  const auto given = [&](int input, float& limit) {
    if (!hasInput(node, input)) return;
    if (!isConstant(node.input(input))) {
      limit = std::nanf("");
      return;
    }
    const Tensor number = constant(node, input);
    if (!number.values.empty()) limit = number.values[0];
  };
  given(1, limits.first);
  given(2, limits.second);
  return limits;
}

// 1.7159 tanh(2x/3), written as three nodes.
bool Importer::scaledTanh(const Node& node) {
  const Node* tanh = onlyReader(node);
  if (!tanh || tanh->op_type() != "Tanh") return false;
  const Node* last = onlyReader(*tanh);
  if (!last || last->op_type() != "Mul" || !near(numberBeside(*last, tanh->output(0)), 1.7159f)) return false;
  m_skipped.insert(tanh);
  m_skipped.insert(last);
  applyActivation(*last, value(node, isConstant(node.input(0)) ? 1 : 0), nn::Activation::ScaledTanh);
  return true;
}

// x sigmoid(x), written as two nodes.
bool Importer::silu(const Node& node) {
  const Node* product = onlyReader(node);
  if (!product || product->op_type() != "Mul" || product->input_size() != 2) return false;
  if (product->input(product->input(0) == node.output(0) ? 1 : 0) != node.input(0)) return false;
  m_skipped.insert(product);
  applyActivation(*product, value(node, 0), nn::Activation::Silu);
  return true;
}

// x (1 + erf(x / sqrt 2)) / 2, written as five nodes: the half multiplies either the bracket or the whole.
bool Importer::gelu(const Node& node) {
  const std::string& x = node.input(isConstant(node.input(0)) ? 1 : 0);
  const Node* erf = onlyReader(node);
  if (!erf || erf->op_type() != "Erf") return false;
  const Node* bracket = onlyReader(*erf);
  if (!bracket || bracket->op_type() != "Add" || !near(numberBeside(*bracket, erf->output(0)), 1)) return false;
  const Node* first = onlyReader(*bracket);
  const Node* last = first ? onlyReader(*first) : nullptr;
  if (!last || first->op_type() != "Mul" || last->op_type() != "Mul") return false;
  const auto takesInput = [&](const Node& product) { return std::count(product.input().begin(), product.input().end(), x) == 1; };
  const auto halves = [&](const Node& product, const Node& before) { return near(numberBeside(product, before.output(0)), 0.5f); };
  if (!(takesInput(*first) && halves(*last, *first)) && !(halves(*first, *bracket) && takesInput(*last))) return false;
  m_skipped.insert({erf, bracket, first, last});
  applyActivation(*last, value(node, isConstant(node.input(0)) ? 1 : 0), nn::Activation::Gelu);
  return true;
}

// 1 where the values are above zero, written as a comparison and a cast.
void Importer::greater(const Node& node) {
  const Node* cast = onlyReader(node);
  if (!cast || cast->op_type() != "Cast" || !hasInput(node, 1) || !isConstant(node.input(1)) || numberBeside(node, node.input(0)) != 0)
    refuse(node, "comparisons are only read as the binary step: x > 0, cast to numbers");
  m_skipped.insert(cast);
  applyActivation(*cast, value(node, 0), nn::Activation::BinaryStep);
}

// The node that reads a node's output, if there is only one and it makes one tensor.
const Importer::Node* Importer::onlyReader(const Node& node) const {
  if (node.output_size() == 0 || uses(node.output(0)) != 1) return nullptr;
  for (const Node& other : m_graph.node()) {
    const bool reads = std::find(other.input().begin(), other.input().end(), node.output(0)) != other.input().end();
    if (reads) return other.output_size() == 1 && isStandard(other) && !m_skipped.contains(&other) ? &other : nullptr;
  }
  return nullptr;
}

// The one number that a node with two inputs joins to this tensor; NaN where there is none.
float Importer::numberBeside(const Node& node, const std::string& tensor) const {
  if (node.input_size() != 2) return std::nanf("");
  const int which = node.input(0) == tensor ? 1 : 0;
  if (!isConstant(node.input(which))) return std::nanf("");
  const onnx::TensorProto& proto = *m_constants.at(node.input(which));
  if (!isNumeric(proto) || std::any_of(proto.dims().begin(), proto.dims().end(), [](std::int64_t size) { return size != 1; }))
    return std::nanf("");
  const Tensor number = constant(node, which);
  return number.values.size() == 1 ? number.values[0] : std::nanf("");
}

// By which number alone a node multiplies this tensor, or divides it; NaN where it does neither.
float Importer::factorBeside(const Node& node, const std::string& tensor) const {
  if (node.op_type() == "Mul") return numberBeside(node, tensor);
  const bool divides = node.op_type() == "Div" && node.input_size() == 2 && node.input(0) == tensor;
  return divides ? 1 / numberBeside(node, tensor) : std::nanf("");
}

}  // namespace io::onnxfile
