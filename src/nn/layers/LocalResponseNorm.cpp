#include <cmath>

#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

struct Response {
  int size;
  float alpha, beta, k;
};

// AlexNet's (Krizhevsky et al. 2012, section 3.3): x / (k + alpha / size * sum of the squares of the neighboring maps)^beta, so
// that strong responses hold their neighbors down. The sum runs over `size` maps around its own, those outside being zero.
class LocalResponseNorm : public Layer {
 public:
  LocalResponseNorm(const Shape& shape, const Response& response)
      : Layer({shape}, shape), m_response(response), m_reach(response.size / 2) {}
  std::string_view type() const override { return "local-response-norm"; }
  Combine combineKind() const override { return Combine::Inhibit; }
  std::optional<Window> window() const override { return Window{}; }
  std::uint64_t multiplyAdds() const override { return m_outputShape.size() * std::uint64_t(m_response.size); }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    for (int c = first(cell.channel); c < last(cell.channel); ++c) links.terms.push_back({0, {c, cell.row, cell.column}});
  }
  Combined combine(const Cell& cell, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    double squares = 0;
    for (const float value : inputs) squares += double(value) * value;
    const double own = inputs[std::size_t(cell.channel - first(cell.channel))];
    const double divisor = std::pow(m_response.k + m_response.alpha / float(m_response.size) * squares, m_response.beta);
    const auto value = float(own / divisor);
    return {value, value, 0, float(divisor)};
  }
  // The divisor is taken as it is: the unit's own value counts.
  void contributions(const Cell& cell, const CellLinks&, std::span<const float>, const Combined& combined, std::span<const float>,
                     std::span<float> weights) const override {
    std::fill(weights.begin(), weights.end(), 0.0f);
    weights[std::size_t(cell.channel - first(cell.channel))] = 1 / combined.divisor;
  }

  MemoryNeeds memoryNeeds(int lanes, bool) const override {
    return {.scratchFloats = 2 * std::size_t(m_outputShape.channels) * std::size_t(lanes)};
  }
  void forward(const ForwardCall& call) const override {
    withLanes(call.output.lanes, [&]<int Lanes>() {
      forEachPosition([&](int y, int x) {
        for (int c = 0; c < m_outputShape.channels; ++c) {
          float divisor[Lanes];
          divisors<Lanes>(call.inputs[0], c, y, x, divisor);
          const float* in = call.inputs[0].at(c, y, x);
          float* out = call.output.at(c, y, x);
          for (int l = 0; l < Lanes; ++l) out[l] = in[l] * std::pow(divisor[l], -m_response.beta);
        }
      });
    });
  }
  // With d the divisors: dx = g d^-beta - 2 alpha beta / size x * sum over the neighbors of g x d^(-beta-1).
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    withLanes(call.gradient.lanes, [&]<int Lanes>() {
      float *direct = call.scratch, *others = call.scratch + std::ptrdiff_t(m_outputShape.channels) * Lanes;
      const float factor = 2 * m_response.alpha * m_response.beta / float(m_response.size);
      forEachPosition([&](int y, int x) {
        for (int c = 0; c < m_outputShape.channels; ++c) {
          float divisor[Lanes];
          divisors<Lanes>(call.inputs[0], c, y, x, divisor);
          const float *in = call.inputs[0].at(c, y, x), *gradient = call.gradient.at(c, y, x);
          for (int l = 0; l < Lanes; ++l) {
            direct[c * Lanes + l] = gradient[l] * std::pow(divisor[l], -m_response.beta);
            others[c * Lanes + l] = direct[c * Lanes + l] * in[l] / divisor[l];
          }
        }
        for (int c = 0; c < m_outputShape.channels; ++c) {
          float sums[Lanes] = {};
          for (int other = first(c); other < last(c); ++other)
            for (int l = 0; l < Lanes; ++l) sums[l] += others[other * Lanes + l];
          const float* in = call.inputs[0].at(c, y, x);
          float* to = target.tensor.at(c, y, x);
          for (int l = 0; l < Lanes; ++l) {
            const float value = direct[c * Lanes + l] - factor * in[l] * sums[l];
            to[l] = target.accumulate ? to[l] + value : value;
          }
        }
      });
    });
  }

 private:
  int first(int channel) const { return std::max(0, channel - m_reach); }
  int last(int channel) const { return std::min(m_outputShape.channels, channel + m_reach + 1); }
  template <typename Function>
  void forEachPosition(Function function) const {
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x) function(y, x);
  }

  // What the values of one map at one position are divided by, before the power.
  template <int Lanes>
  void divisors(const ConstTensor& input, int c, int y, int x, float* divisor) const {
    std::fill_n(divisor, Lanes, 0.0f);
    for (int other = first(c); other < last(c); ++other) {
      const float* in = input.at(other, y, x);
      for (int l = 0; l < Lanes; ++l) divisor[l] += in[l] * in[l];
    }
    for (int l = 0; l < Lanes; ++l) divisor[l] = m_response.k + m_response.alpha / float(m_response.size) * divisor[l];
  }

  Response m_response;
  int m_reach;  // maps on either side
};

std::shared_ptr<const Layer> createLocalResponseNorm(const LayerRequest& request) {
  const Response response{int(wholeField(request.fields, "size")), float(realField(request.fields, "alpha")),
                          float(realField(request.fields, "beta")), float(realField(request.fields, "k"))};
  if (response.size % 2 == 0) {
    request.report("Its size of " + std::to_string(response.size) + " maps has no middle", "Use an odd number");
    return nullptr;
  }
  return std::make_shared<LocalResponseNorm>(request.inputs[0], response);
}

}  // namespace

LayerType describeLocalResponseNorm() {
  LayerType type{"local-response-norm", "Local response normalization", "Lets strong responses hold those of neighboring maps down.",
                 createLocalResponseNorm};
  type.fields = {{"size", "Size", "How many neighboring maps take part, its own included; odd.", std::int64_t(5), 1, 1023},
                 {"alpha", "Alpha", "How much the squares of the neighbors count.", 1e-4, 0.0, 1000.0},
                 {"beta", "Beta", "The power that the sum is raised to.", 0.75, 0.0, 10.0},
                 {"k", "k", "What is added to the sum; AlexNet's is 2.", 1.0, 1e-3, 1000.0}};
  return type;
}

}  // namespace nn
