#include "analysis/Trace.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace analysis {

namespace {

constexpr float kNearZero = 1e-4f;  // of a pre-activation: the quotient of two roundings says nothing
constexpr float kStep = 1e-2f;      // from which the slope beside zero is taken then

// What one unit of pre-activation adds to the value; value = g(0) + ratio x pre-activation, or as near to it as can be.
float ratioOf(const nn::Layer& layer, const UnitDecomposition& sum) {
  if (layer.combineKind() == nn::Combine::Softmax) return 0;  // it has no share of its own in what the others decide as well
  const nn::Activation activation = layer.activation();
  if (activation == nn::Activation::None) return 1;
  const float zero = nn::activate(activation, 0);
  if (std::abs(sum.preActivation) >= kNearZero) return (sum.value - zero) / sum.preActivation;
  const float step = sum.preActivation < 0 ? -kStep : kStep;
  return (nn::activate(activation, step) - zero) / step;
}

bool isPlain(const nn::Layer& layer) {
  const nn::Activation activation = layer.activation();
  const bool linear = activation == nn::Activation::None || activation == nn::Activation::Relu || activation == nn::Activation::LeakyRelu;
  return linear && layer.combineKind() == nn::Combine::WeightedSum && layer.inputShapes().size() == 1 &&
         (layer.window() ? !layer.window()->transposed : layer.outputShape().isVector());
}

float slopeAt(nn::Activation activation, float value) {
  if (activation == nn::Activation::None || value > 0) return 1;
  return activation == nn::Activation::LeakyRelu ? nn::activate(activation, -1) / -1 : 0;
}

// One unit's weights, run over once: multipliers handed down, the sum and the flow added up.
struct PlainSum {
  float before;  // the multiplier of the unit's sum
  const float* inputs;
  float* multipliers;  // of the inputs
  double sum = 0, flow = 0;

  void addRow(std::size_t first, const float* weights, int count) {
    float part = 0, size = 0;
    for (int i = 0; i < count; ++i) {
      const float product = inputs[first + std::size_t(i)] * weights[i];
      multipliers[first + std::size_t(i)] += before * weights[i];
      part += product;
      size += std::abs(product);
    }
    sum += part;
    flow += std::abs(before) * size;
  }
  void addUnit(const nn::Layer& layer, const nn::Cell& cell, const float* parameters) {
    const nn::Shape& from = layer.inputShapes()[0];
    const std::optional<nn::Window> window = layer.window();
    if (!window) return addRow(0, parameters + layer.kernelOffset(cell.channel, 0), int(from.size()));
    const int top = cell.row * window->strideY - window->paddingTop, left = cell.column * window->strideX - window->paddingLeft;
    const int firstX = left < 0 ? (-left + window->dilationX - 1) / window->dilationX : 0;
    const int lastX = std::min(window->width, (from.width - left + window->dilationX - 1) / window->dilationX);
    for (int c = 0; c < from.channels; ++c) {
      const std::ptrdiff_t kernel = layer.kernelOffset(cell.channel, c);
      if (kernel < 0) continue;
      for (int ky = 0; ky < window->height; ++ky) {
        const int y = top + ky * window->dilationY;
        if (y < 0 || y >= from.height) continue;
        const float* weights = parameters + kernel + ky * window->width;
        const std::size_t row = nn::flatIndex(from, {c, y, 0});
        if (window->dilationX == 1 && firstX < lastX) addRow(row + std::size_t(left + firstX), weights + firstX, lastX - firstX);
        for (int kx = firstX; window->dilationX > 1 && kx < lastX; ++kx)
          addRow(row + std::size_t(left + kx * window->dilationX), weights + kx, 1);
      }
    }
  }
};

class Tracer {
 public:
  Tracer(const Activations& at, std::span<const TraceTarget> targets, const TraceOptions& options)
      : m_at(at), m_targets(targets), m_options(options), m_multipliers(at.network.nodes().size()), m_listed(m_multipliers.size()) {
    m_trace.amounts.resize(m_multipliers.size());
    m_trace.bias.assign(m_multipliers.size(), 0);
  }

  Trace run() {
    int last = -1;
    for (const TraceTarget& target : m_targets) {
      last = std::max(last, target.node);
      list(target.node, target.cell);
    }
    for (int node = last; node >= 0; --node) follow(node);
    return std::move(m_trace);
  }

 private:
  const nn::Network::Node& nodeAt(int node) const { return m_at.network.node(node); }
  std::vector<float>& multipliers(int node) {
    std::vector<float>& all = m_multipliers[std::size_t(node)];
    if (all.empty()) all.assign(nodeAt(node).shape.size(), 0.0f);
    return all;
  }
  void list(int node, const nn::Cell& cell) {
    std::vector<bool>& listed = m_listed[std::size_t(node)];
    if (listed.empty()) listed.assign(nodeAt(node).shape.size(), false);
    listed[nn::flatIndex(nodeAt(node).shape, cell)] = true;
  }

  void follow(int node);
  void followUnit(int node, std::size_t flat, float before);
  bool followPlainly(int node, std::size_t flat, float multiplier);
  bool isListed(int node, std::size_t flat) const { return !m_listed[std::size_t(node)].empty() && m_listed[std::size_t(node)][flat]; }
  std::vector<std::size_t> unitsOf(int node);
  void choose();

  const Activations& m_at;
  std::span<const TraceTarget> m_targets;
  TraceOptions m_options;
  std::vector<std::vector<float>> m_multipliers;  // of the units' values, per node
  std::vector<std::vector<bool>> m_listed;
  UnitDecomposition m_sum;
  std::vector<TraceEdge> m_candidates;
  double m_forwardPass = 0;  // sum of |amounts| into the node that is followed
  Trace m_trace;
};

// The units to follow; where these are too many, those that matter most, and what the others would add goes to the rest.
std::vector<std::size_t> Tracer::unitsOf(int node) {
  const std::vector<float>& multiplier = m_multipliers[std::size_t(node)];
  std::vector<std::size_t> units;
  for (std::size_t i = 0; i < multiplier.size(); ++i)
    if (multiplier[i] != 0) units.push_back(i);
  if (units.empty()) return units;
  nodeAt(node).layer->linksInto(nn::cellAt(nodeAt(node).shape, units[units.size() / 2]), m_sum.links);
  const std::size_t links = std::max<std::size_t>(m_sum.links.terms.size(), 1),
                    most = std::max<std::size_t>(m_options.links / m_at.network.nodes().size() / links, 1);
  if (units.size() <= most) return units;
  const std::span<const float> values = m_at.of(node);
  const auto weight = [&](std::size_t i) { return std::abs(multiplier[i] * values[i]); };
  std::nth_element(units.begin(), units.begin() + std::ptrdiff_t(most), units.end(),
                   [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
  for (auto left = units.begin() + std::ptrdiff_t(most); left != units.end(); ++left)
    m_trace.rest += double(multiplier[*left]) * values[*left];
  m_trace.complete = false;
  units.resize(most);
  return units;
}

void Tracer::follow(int node) {
  const std::vector<std::size_t> units = unitsOf(node);
  std::vector<float>& amounts = m_trace.amounts[std::size_t(node)];
  if (const std::vector<float>& multiplier = m_multipliers[std::size_t(node)]; !multiplier.empty()) {
    const std::span<const float> values = m_at.of(node);
    amounts.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) amounts[i] = multiplier[i] * values[i];
  }
  m_candidates.clear();
  m_forwardPass = 0;
  for (const std::size_t flat : units) {
    if (nodeAt(node).inputs.empty()) break;
    const float multiplier = m_multipliers[std::size_t(node)][flat];
    if (followPlainly(node, flat, multiplier)) continue;
    decompose(m_at, node, nn::cellAt(nodeAt(node).shape, flat), m_sum);
    const float ratio = ratioOf(*nodeAt(node).layer, m_sum);
    m_trace.rest += double(multiplier) * (double(m_sum.value) - double(ratio) * m_sum.preActivation);
    followUnit(node, flat, multiplier * ratio);
  }
  for (const TraceTarget& target : m_targets) {
    if (target.node != node) continue;
    const std::size_t flat = nn::flatIndex(nodeAt(node).shape, target.cell);
    decompose(m_at, node, target.cell, m_sum);
    m_trace.total += double(target.sign) * m_sum.preActivation;
    amounts.resize(nodeAt(node).shape.size());
    amounts[flat] += target.sign * m_sum.preActivation;
    if (!nodeAt(node).inputs.empty()) followUnit(node, flat, target.sign);
  }
  choose();
}

// m_sum holds the unit; `before`: the multiplier of its pre-activation.
void Tracer::followUnit(int node, std::size_t flat, float before) {
  if (before == 0) return;
  const bool listed = isListed(node, flat);
  const nn::Network::Node& current = nodeAt(node);
  m_trace.bias[std::size_t(node)] += double(before) * m_sum.bias;
  m_trace.rest += double(before) * m_sum.rest;
  for (const int input : current.inputs) multipliers(input);
  for (std::size_t i = 0; i < m_sum.weights.size(); ++i) {
    const float weight = before * m_sum.weights[i];
    if (weight == 0) continue;
    const nn::Link& link = m_sum.links.terms[i];
    const int source = current.inputs[std::size_t(link.input)];
    m_multipliers[std::size_t(source)][nn::flatIndex(nodeAt(source).shape, link.cell)] += weight;
    const float amount = weight * m_sum.inputs[i];
    m_forwardPass += std::abs(double(amount));
    if (listed && amount != 0) m_candidates.push_back({node, source, nn::cellAt(current.shape, flat), link.cell, amount, 0});
  }
}

// The same as taking the unit apart and following it, many times faster, for what most units are: a weighted sum under a
// rectifier or nothing, whose edges nobody wants to see. False where it is something else.
bool Tracer::followPlainly(int node, std::size_t flat, float multiplier) {
  const nn::Network::Node& current = nodeAt(node);
  const nn::Layer& layer = *current.layer;
  if (isListed(node, flat) || !isPlain(layer)) return false;
  const float value = m_at.of(node)[flat];
  const float ratio = slopeAt(layer.activation(), value);
  if (ratio == 0) return true;
  const int source = current.inputs[0];
  PlainSum sum{multiplier * ratio, m_at.of(source).data(), multipliers(source).data()};
  const float* parameters = m_at.parameters.data() + current.parameterOffset;
  sum.addUnit(layer, nn::cellAt(current.shape, flat), parameters);
  m_forwardPass += sum.flow;
  m_trace.bias[std::size_t(node)] += double(sum.before) * (double(value) / ratio - sum.sum);
  return true;
}

void Tracer::choose() {
  const std::size_t kept = std::min(m_options.edges, m_candidates.size());
  std::partial_sort(m_candidates.begin(), m_candidates.begin() + std::ptrdiff_t(kept), m_candidates.end(),
                    [](const TraceEdge& a, const TraceEdge& b) { return std::abs(a.amount) > std::abs(b.amount); });
  for (std::size_t i = kept; i-- > 0;) {
    TraceEdge edge = m_candidates[i];
    edge.share = m_forwardPass > 0 ? float(edge.amount / m_forwardPass) : 0;
    list(edge.source, edge.from);
    m_trace.edges.push_back(edge);
  }
}

}  // namespace

Trace traceOf(const Activations& at, std::span<const TraceTarget> targets, const TraceOptions& options) {
  return Tracer(at, targets, options).run();
}

}  // namespace analysis
