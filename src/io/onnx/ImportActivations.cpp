// Activations: one operator each, or the several that exporters write where the standard has none.
#include <algorithm>
#include <cmath>

#include "io/onnx/Importer.h"

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
  source.node =
      addNode(node, uniqueName(function + std::to_string(++m_counters[function])), "activation", {{"activation", function}}, {source.node});
  source.shared = false;
  return source;
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

// low .. high, as  high - relu(high - low - relu(x - low)).  Each step is a layer, or the weights of the one before.
Value Importer::clipped(const Node& node, Value source, float low, float high) {
  const bool below = low > -1e30f, above = high < 1e30f;
  if (low > high) damaged(node, "it clips to an empty range");
  if (below && low != 0) source = scaled(node, source, {1}, {-low});
  if (below) source = activated(node, source, nn::Activation::Relu);
  if (above) {
    source = activated(node, scaled(node, source, {-1}, {below ? high - low : high}), nn::Activation::Relu);
    source = scaled(node, source, {-1}, {high});
    m_notes.push_back("clipping to " + std::to_string(low) + " .. " + std::to_string(high) +
                      " is shown as two ReLUs, which compute the same");
  } else if (below && low != 0) {
    source = scaled(node, source, {1}, {low});
  }
  return source;
}

void Importer::clip(const Node& node) {
  float low = floatAttribute(node, "min", -HUGE_VALF), high = floatAttribute(node, "max", HUGE_VALF);
  if (hasInput(node, 1)) low = constant(node, 1).values.empty() ? low : constant(node, 1).values[0];
  if (hasInput(node, 2)) high = constant(node, 2).values.empty() ? high : constant(node, 2).values[0];
  define(node, clipped(node, value(node, 0), low, high));
}

// The smaller, or the larger, of each value and one number.
void Importer::extreme(const Node& node) {
  const int which = hasInput(node, 0) && isConstant(node.input(0)) ? 0 : 1;
  if (node.input_size() != 2 || !hasInput(node, which) || !isConstant(node.input(which)) || constant(node, which).values.size() != 1)
    refuse(node, "only the smaller or larger of a tensor and one number is supported");
  const float bound = constant(node, which).values[0];
  const bool largest = node.op_type() == "Min";
  define(node, clipped(node, value(node, 1 - which), largest ? -HUGE_VALF : bound, largest ? bound : HUGE_VALF));
}

// alpha x + beta between 0 and 1; hard swish is x times that of 1/6 and 1/2 (Howard et al. 2019).
void Importer::hardSigmoid(const Node& node) {
  Value source = value(node, 0);
  if (node.op_type() == "HardSigmoid") {
    const std::vector<float> alpha{floatAttribute(node, "alpha", 0.2f)}, beta{floatAttribute(node, "beta", 0.5f)};
    define(node, clipped(node, scaled(node, source, alpha, beta), 0, 1));
    return;
  }
  source.shared = true;
  const Value gate = clipped(node, scaled(node, source, {1.0f / 6}, {0.5f}), 0, 1);
  define(node, source, addCounted(node, "multiply", {}, {source.node, gate.node}));
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
    if (reads) return other.output_size() == 1 && !m_skipped.contains(&other) ? &other : nullptr;
  }
  return nullptr;
}

// The one number that a node with two inputs joins to this tensor; NaN where there is none.
float Importer::numberBeside(const Node& node, const std::string& tensor) const {
  if (node.input_size() != 2) return std::nanf("");
  const int which = node.input(0) == tensor ? 1 : 0;
  if (!isConstant(node.input(which))) return std::nanf("");
  const Tensor number = constant(node, which);
  return number.values.size() == 1 ? number.values[0] : std::nanf("");
}

}  // namespace io::onnxfile
