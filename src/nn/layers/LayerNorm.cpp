#include <cmath>

#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// Ba et al. 2016: the values of one sample are brought to mean 0 and variance 1, then each has a learned scale and bias. Over all
// cells (a scale and a bias for every cell), at each position over the channels (one for every channel), or over all positions of the maps
// of one group (Wu and He 2018), of which each may be one map (Ulyanov et al. 2016): one for every channel.
enum class Over { All, Channels, Groups };

class LayerNorm : public Layer {
 public:
  LayerNorm(const Shape& shape, Over over, int groups, double epsilon)
      : Layer({shape}, shape), m_over(over), m_groups(groups), m_epsilon(epsilon) {
    const bool ofCells = over == Over::All;
    const std::size_t count = ofCells ? shape.size() : std::size_t(shape.channels);
    const std::vector<int> dims = ofCells ? std::vector{shape.channels, shape.height, shape.width} : std::vector{shape.channels};
    m_blocks.push_back({"scale", dims, 0, count, 1, 1, Initial::One});
    m_blocks.push_back({"bias", dims, count, count, 1, 1, Initial::Zero});
  }
  std::string_view type() const override { return "layer-norm"; }
  Combine combineKind() const override { return Combine::Standardize; }
  std::optional<Window> window() const override { return m_over == Over::Channels ? std::optional(Window{}) : std::nullopt; }
  std::uint64_t multiplyAdds() const override { return 4 * m_outputShape.size(); }

  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.terms.clear();
    forEachCell(setOf(cell), [&](int c, int y, int x) { links.terms.push_back({0, {c, y, x}}); });
    links.scale = parameterOf(cell.channel, cell.row, cell.column);
    links.bias = links.scale + std::ptrdiff_t(m_blocks[0].count);
  }
  Combined combine(const Cell& cell, const CellLinks& links, std::span<const float> inputs,
                   std::span<const float> parameters) const override {
    double sum = 0, squares = 0;
    for (const float value : inputs) sum += value;
    const double mean = sum / double(inputs.size());
    for (const float value : inputs) squares += (value - mean) * (value - mean);
    const double own = inputs[ownTerm(cell)] - mean;
    const double deviation = std::sqrt(squares / double(inputs.size()) + m_epsilon);
    const auto value = float(own / deviation * parameters[std::size_t(links.scale)] + parameters[std::size_t(links.bias)]);
    return {value, value, float(mean), float(deviation)};
  }
  // Mean and deviation are taken as they are: the unit's own value counts, by the scale over the deviation.
  void contributions(const Cell& cell, const CellLinks& links, std::span<const float>, const Combined& combined,
                     std::span<const float> parameters, std::span<float> weights) const override {
    std::fill(weights.begin(), weights.end(), 0.0f);
    weights[ownTerm(cell)] = parameters[std::size_t(links.scale)] / combined.divisor;
  }

  MemoryNeeds memoryNeeds(int, bool) const override { return {.scratchFloats = 2 * m_blocks[0].count}; }
  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() {
      forEachSet([&](const Set& set) {
        const Moments<Lanes> moments = momentsOf<Lanes>(call.inputs[0], set);
        forEachCell(set, [&](int c, int y, int x) {
          const float* in = call.inputs[0].at(c, y, x);
          float* out = call.output.at(c, y, x);
          const float scale = call.parameters[parameterOf(c, y, x)],
                      bias = call.parameters[parameterOf(c, y, x) + std::ptrdiff_t(m_blocks[0].count)];
          for (int l = 0; l < Lanes; ++l) out[l] = (in[l] - moments.mean[l]) * moments.inverse[l] * scale + bias;
        });
      });
    });
  }
  // With n the normalized values and h the gradient times the scale: dx = (h - mean(h) - n mean(h n)) / deviation.
  void backward(const BackwardCall& call) const override {
    withLanes(call.gradient.lanes, [&]<int Lanes>() {
      const GradientTarget& target = call.inputGradients[0];
      const std::size_t count = m_blocks[0].count;
      std::fill_n(call.scratch, 2 * count, 0.0f);  // gradients of scales and biases
      forEachSet([&](const Set& set) {
        const Moments<Lanes> moments = momentsOf<Lanes>(call.inputs[0], set);
        double sums[Lanes] = {}, products[Lanes] = {};
        forEachCell(set, [&](int c, int y, int x) {
          const float *in = call.inputs[0].at(c, y, x), *gradient = call.gradient.at(c, y, x);
          const std::ptrdiff_t parameter = parameterOf(c, y, x);
          float scaleSum = 0, biasSum = 0;
          for (int l = 0; l < Lanes; ++l) {
            const float normal = (in[l] - moments.mean[l]) * moments.inverse[l], scaled = gradient[l] * call.parameters[parameter];
            scaleSum += gradient[l] * normal;
            biasSum += gradient[l];
            sums[l] += double(scaled);
            products[l] += double(scaled * normal);
          }
          call.scratch[parameter] += scaleSum;
          call.scratch[parameter + std::ptrdiff_t(count)] += biasSum;
        });
        if (!target.wanted) return;
        forEachCell(set, [&](int c, int y, int x) {
          const float *in = call.inputs[0].at(c, y, x), *gradient = call.gradient.at(c, y, x);
          const float scale = call.parameters[parameterOf(c, y, x)];
          float* to = target.tensor.at(c, y, x);
          for (int l = 0; l < Lanes; ++l) {
            const float normal = (in[l] - moments.mean[l]) * moments.inverse[l];
            const float value =
                (gradient[l] * scale - float(sums[l] / cellsOfASet()) - normal * float(products[l] / cellsOfASet())) * moments.inverse[l];
            to[l] = target.accumulate ? to[l] + value : value;
          }
        });
      });
      for (std::size_t i = 0; call.parameterGradients && i < 2 * count; ++i) call.parameterGradients[i] += call.scratch[i];
    });
  }

 private:
  // The cells that are normalized together: those of some maps, at one place or at all.
  struct Set {
    int firstChannel, channels, row = kEverywhere, column = kEverywhere;
  };
  static constexpr int kEverywhere = -1;
  Set setOf(const Cell& cell) const {
    if (m_over == Over::Channels) return {0, m_outputShape.channels, cell.row, cell.column};
    return groupAt(m_over == Over::Groups ? cell.channel / groupSize() : 0);
  }
  int groupSize() const { return m_outputShape.channels / m_groups; }
  Set groupAt(int group) const { return {group * groupSize(), groupSize()}; }
  std::size_t ownTerm(const Cell& cell) const {
    const auto own = std::size_t(cell.channel - setOf(cell).firstChannel);
    return m_over == Over::Channels ? own : flatIndex(m_outputShape, {int(own), cell.row, cell.column});
  }
  std::ptrdiff_t parameterOf(int c, int y, int x) const {
    return m_over == Over::All ? std::ptrdiff_t(flatIndex(m_outputShape, {c, y, x})) : c;
  }
  template <typename Function>
  void forEachCell(const Set& set, Function function) const {
    for (int c = set.firstChannel; c < set.firstChannel + set.channels; ++c) {
      if (set.row != kEverywhere) {
        function(c, set.row, set.column);
        continue;
      }
      for (int y = 0; y < m_outputShape.height; ++y)
        for (int x = 0; x < m_outputShape.width; ++x) function(c, y, x);
    }
  }
  template <typename Function>
  void forEachSet(Function function) const {
    for (int group = 0; group < m_groups && m_over != Over::Channels; ++group) function(groupAt(group));
    for (int y = 0; y < m_outputShape.height && m_over == Over::Channels; ++y)
      for (int x = 0; x < m_outputShape.width; ++x) function(setOf({0, y, x}));
  }
  double cellsOfASet() const { return m_over == Over::Channels ? m_outputShape.channels : double(m_outputShape.size()) / double(m_groups); }

  template <int Lanes>
  struct Moments {
    float mean[Lanes], inverse[Lanes];  // of each sample: mean, one over the deviation
  };
  template <int Lanes>
  Moments<Lanes> momentsOf(const ConstTensor& input, const Set& set) const {
    double sums[Lanes] = {}, squares[Lanes] = {};
    forEachCell(set, [&](int c, int y, int x) {
      const float* in = input.at(c, y, x);
      for (int l = 0; l < Lanes; ++l) sums[l] += double(in[l]);
    });
    for (int l = 0; l < Lanes; ++l) sums[l] /= cellsOfASet();
    forEachCell(set, [&](int c, int y, int x) {
      const float* in = input.at(c, y, x);
      for (int l = 0; l < Lanes; ++l) squares[l] += (double(in[l]) - sums[l]) * (double(in[l]) - sums[l]);
    });
    Moments<Lanes> moments;
    for (int l = 0; l < Lanes; ++l) {
      moments.mean[l] = float(sums[l]);
      moments.inverse[l] = float(1 / std::sqrt(squares[l] / cellsOfASet() + m_epsilon));
    }
    return moments;
  }

  Over m_over;
  int m_groups;  // 1 where it is not over them
  double m_epsilon;
};

std::shared_ptr<const Layer> createLayerNorm(const LayerRequest& request) {
  const std::string& over = textField(request.fields, "over");
  const std::int64_t groups = wholeField(request.fields, "groups");
  const int channels = request.inputs[0].channels;
  if (over == "groups" && channels % groups != 0) {
    request.report("Its input has " + std::to_string(channels) + " channels, which are no " + std::to_string(groups) + " equal groups",
                   "Give a number of groups that divides the channels");
    return nullptr;
  }
  return std::make_shared<LayerNorm>(request.inputs[0],
                                     over == "channels" ? Over::Channels
                                     : over == "groups" ? Over::Groups
                                                        : Over::All,
                                     over == "groups" ? int(groups) : 1, realField(request.fields, "epsilon"));
}

}  // namespace

LayerType describeLayerNorm() {
  LayerType type{"layer-norm", "Layer normalization", "Brings the values of each sample to mean 0 and variance 1.", createLayerNorm};
  type.fields = {choiceField("over", "Over", "All cells together, the channels at each position, or groups of whole maps.",
                             {"all", "channels", "groups"}),
                 {"groups", "Groups", "How many, where it is over groups; as many as channels for each map by itself.", std::int64_t(1), 1,
                  2147483647},
                 epsilonField()};
  return type;
}

}  // namespace nn
