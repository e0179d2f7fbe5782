#include <algorithm>
#include <cmath>

#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// What softmax and its logarithm share: each looks at all channels of one position and at no other position.
class OverChannels : public Layer {
 public:
  explicit OverChannels(const Shape& shape) : Layer({shape}, shape) {}
  std::optional<Window> window() const override { return m_outputShape.isVector() ? std::nullopt : std::optional(Window{}); }
  bool isPointwise() const override { return true; }
  void linksInto(const Cell& cell, CellLinks& links) const override {
    links.clear();
    for (int c = 0; c < m_outputShape.channels; ++c) links.terms.push_back({0, {c, cell.row, cell.column}});
  }
  // The unit's own logit; what the others have in it is nobody's.
  void contributions(const Cell& cell, const CellLinks&, std::span<const float>, const Combined&, std::span<const float>,
                     std::span<float> weights) const override {
    for (int c = 0; c < m_outputShape.channels; ++c) weights[std::size_t(c)] = c == cell.channel ? 1.0f : 0.0f;
  }

 protected:
  // The channels of one position and lane.
  template <typename T>
  struct Column {
    T* first;
    std::ptrdiff_t step;
    T& operator[](int channel) const { return first[channel * step]; }
  };
  template <typename T>
  static Column<T> columnOf(const BasicTensor<T>& tensor, int y, int x, int lane) {
    return {tensor.at(0, y, x) + lane, tensor.channelStride};
  }

  // function(in, out, largest of in)
  template <typename Function>
  void forEachColumn(const ForwardCall& call, Function function) const {
    forEachPlace(call.output.lanes, [&](int y, int x, int lane) {
      const auto in = columnOf(call.inputs[0], y, x, lane);
      float largest = in[0];
      for (int c = 1; c < m_outputShape.channels; ++c) largest = std::max(largest, in[c]);
      function(in, columnOf(call.output, y, x, lane), largest);
    });
  }
  // The gradient of each input is gradientOf(y, dy, sum of part(y, dy) over the channels).
  template <typename Part, typename Gradient>
  void backwardWith(const BackwardCall& call, Part part, Gradient gradientOf) const {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    forEachPlace(call.output.lanes, [&](int y, int x, int lane) {
      const auto out = columnOf(call.output, y, x, lane);
      const auto from = columnOf(call.gradient, y, x, lane);
      const auto to = columnOf(target.tensor, y, x, lane);
      float sum = 0;
      for (int c = 0; c < m_outputShape.channels; ++c) sum += part(out[c], from[c]);
      for (int c = 0; c < m_outputShape.channels; ++c) {
        const float value = gradientOf(out[c], from[c], sum);
        to[c] = target.accumulate ? to[c] + value : value;
      }
    });
  }

 private:
  template <typename Function>
  void forEachPlace(int lanes, Function function) const {
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x)
        for (int lane = 0; lane < lanes; ++lane) function(y, x, lane);
  }
};

// exp(x) / sum of exp over the channels, at each position on its own.
class Softmax : public OverChannels {
 public:
  using OverChannels::OverChannels;
  std::string_view type() const override { return "softmax"; }
  Combine combineKind() const override { return Combine::Softmax; }
  Combined combine(const Cell& cell, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    const float own = inputs[std::size_t(cell.channel)];
    const float largest = *std::max_element(inputs.begin(), inputs.end());
    double sum = 0;
    for (const float value : inputs) sum += std::exp(double(value) - largest);
    return {own, float(std::exp(double(own) - largest) / sum)};
  }

  void forward(const ForwardCall& call) const override {
    forEachColumn(call, [this](const auto& in, const auto& out, float largest) {
      float sum = 0;
      for (int c = 0; c < m_outputShape.channels; ++c) sum += out[c] = std::exp(in[c] - largest);
      for (int c = 0; c < m_outputShape.channels; ++c) out[c] /= sum;
    });
  }
  // dx = y * (dy - sum(y * dy))
  void backward(const BackwardCall& call) const override {
    backwardWith(
        call, [](float y, float dy) { return y * dy; }, [](float y, float dy, float sum) { return y * (dy - sum); });
  }
};

// The logarithm of the softmax, x - log(sum of exp), over the channels, at each position on its own.
class LogSoftmax : public OverChannels {
 public:
  using OverChannels::OverChannels;
  std::string_view type() const override { return "log-softmax"; }
  Combine combineKind() const override { return Combine::LogSoftmax; }
  Combined combine(const Cell& cell, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    const float own = inputs[std::size_t(cell.channel)];
    const float largest = *std::max_element(inputs.begin(), inputs.end());
    double sum = 0;
    for (const float value : inputs) sum += std::exp(double(value) - largest);
    const auto value = float(double(own) - largest - std::log(sum));
    return {value, value};
  }

  void forward(const ForwardCall& call) const override {
    forEachColumn(call, [this](const auto& in, const auto& out, float largest) {
      float sum = 0;
      for (int c = 0; c < m_outputShape.channels; ++c) sum += std::exp(in[c] - largest);
      const float logarithm = std::log(sum);
      for (int c = 0; c < m_outputShape.channels; ++c) out[c] = (in[c] - largest) - logarithm;
    });
  }
  // dx = dy - exp(y) * sum(dy)
  void backward(const BackwardCall& call) const override {
    backwardWith(
        call, [](float, float dy) { return dy; }, [](float y, float dy, float sum) { return dy - std::exp(y) * sum; });
  }
};

}  // namespace

LayerType describeSoftmax() {
  return {"softmax", "Softmax", "Turns scores into probabilities that add up to one.", createOfShape<Softmax>};
}

LayerType describeLogSoftmax() {
  return {"log-softmax", "Log-softmax", "Turns scores into the logarithms of probabilities that add up to one.", createOfShape<LogSoftmax>};
}

}  // namespace nn
