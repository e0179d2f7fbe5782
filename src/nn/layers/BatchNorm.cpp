#include <cmath>

#include "nn/layers/Pointwise.h"

namespace nn {

namespace {

enum Block { kScale, kBias, kMean, kVariance };

// Ioffe and Szegedy 2015: each channel is brought to mean 0 and variance 1 over the whole mini-batch, then has a learned scale and
// bias. Afterwards, instead of the mini-batch's, running means and variances are used, which training keeps beside the weights.
class BatchNorm : public Pointwise {
 public:
  BatchNorm(const Shape& shape, double epsilon, double momentum, Activation function)
      : Pointwise(shape), m_epsilon(epsilon), m_momentum(momentum) {
    m_activation = function;
    const auto count = std::size_t(shape.channels);
    m_blocks.push_back({"scale", {shape.channels}, 0, count, 1, 1, Initial::One});
    m_blocks.push_back({"bias", {shape.channels}, count, count, 1, 1, Initial::Zero});
    m_blocks.push_back({"mean", {shape.channels}, 2 * count, count, 1, 1, Initial::Zero, false});
    m_blocks.push_back({"variance", {shape.channels}, 3 * count, count, 1, 1, Initial::One, false});
  }
  std::string_view type() const override { return "batch-norm"; }
  Combine combineKind() const override { return Combine::Pointwise; }
  std::uint64_t multiplyAdds() const override { return 2 * m_outputShape.size(); }

  void linksInto(const Cell& cell, CellLinks& links) const override {
    Pointwise::linksInto(cell, links);
    links.scale = cell.channel;
    links.bias = m_outputShape.channels + cell.channel;
  }
  Combined combine(const Cell& cell, const CellLinks&, std::span<const float> inputs, std::span<const float> parameters) const override {
    const Map map = mapOf(cell.channel, parameters.data(), nullptr);
    const float value = (inputs[0] - map.mean) * map.inverse * map.scale + map.bias;
    return {value, activate(m_activation, value), map.mean, 1 / map.inverse};
  }

  int batchChannels() const override { return m_outputShape.channels; }
  void gatherMoments(const ForwardCall& call, std::span<BatchMoments> moments) const override;
  void gatherGradients(const BackwardCall& call, std::span<BatchMoments> moments) const override;
  void blendMoments(std::span<const BatchMoments> moments, std::span<float> parameters) const override;

  void forward(const ForwardCall& call) const override {
    const std::size_t count = call.output.rowFloats();
    forEachRow([&](int c, int y) {
      const Map map = mapOf(c, call.parameters, call.batch);
      const float factor = map.inverse * map.scale;
      const float* in = call.inputs[0].at(c, y, 0);
      float* out = call.output.at(c, y, 0);
      for (std::size_t i = 0; i < count; ++i) out[i] = (in[i] - map.mean) * factor + map.bias;
    });
    applyActivation(*call.kernels, call.activation, call.output);
  }
  void backward(const BackwardCall& call) const override {
    const int samples = call.batch ? call.samples : call.gradient.lanes;
    for (int c = 0; c < m_outputShape.channels; ++c) {
      if (call.parameterGradients) parameterGradients(call, c, samples);
      if (call.inputGradients[0].wanted) inputGradient(call, c, samples);
    }
  }

 private:
  // What one channel is normalized with.
  struct Map {
    float mean, inverse;  // one over the deviation
    float scale, bias;
  };
  float parameter(const float* parameters, Block block, int channel) const {
    return parameters[m_blocks[std::size_t(block)].offset + std::size_t(channel)];
  }
  Map mapOf(int c, const float* parameters, const BatchMoments* batch) const {
    const double mean = batch ? batch[c].mean : double(parameter(parameters, kMean, c));
    const double variance = batch ? batch[c].variance() : std::max(0.0, double(parameter(parameters, kVariance, c)));
    return {float(mean), float(1 / std::sqrt(variance + m_epsilon)), parameter(parameters, kScale, c), parameter(parameters, kBias, c)};
  }
  template <typename Function>
  void forEachCell(Function function) const {
    for (int y = 0; y < m_outputShape.height; ++y)
      for (int x = 0; x < m_outputShape.width; ++x) function(y, x);
  }

  void parameterGradients(const BackwardCall& call, int c, int samples) const;
  void inputGradient(const BackwardCall& call, int c, int samples) const;

  double m_epsilon, m_momentum;
};

// Two passes, so that a mean far from zero costs no digits of the variance.
void BatchNorm::gatherMoments(const ForwardCall& call, std::span<BatchMoments> moments) const {
  for (int c = 0; c < m_outputShape.channels; ++c) {
    double sums[16] = {}, squares[16] = {};
    forEachCell([&](int y, int x) {
      const float* in = call.inputs[0].at(c, y, x);
      for (int l = 0; l < call.samples; ++l) sums[l] += double(in[l]);
    });
    BatchMoments& own = moments[std::size_t(c)];
    own = {};
    own.count = double(m_outputShape.height) * m_outputShape.width * call.samples;
    for (const double sum : sums) own.mean += sum / own.count;
    forEachCell([&](int y, int x) {
      const float* in = call.inputs[0].at(c, y, x);
      for (int l = 0; l < call.samples; ++l) squares[l] += (double(in[l]) - own.mean) * (double(in[l]) - own.mean);
    });
    for (const double square : squares) own.squares += square;
  }
}

void BatchNorm::gatherGradients(const BackwardCall& call, std::span<BatchMoments> moments) const {
  for (int c = 0; c < m_outputShape.channels; ++c) {
    const Map map = mapOf(c, call.parameters, call.batch);
    double sums[16] = {}, products[16] = {};
    forEachCell([&](int y, int x) {
      const float *in = call.inputs[0].at(c, y, x), *gradient = call.gradient.at(c, y, x);
      for (int l = 0; l < call.samples; ++l) {
        sums[l] += double(gradient[l]);
        products[l] += double(gradient[l] * ((in[l] - map.mean) * map.inverse));
      }
    });
    BatchMoments& own = moments[std::size_t(c)];
    own.gradient = own.product = 0;
    for (int l = 0; l < 16; ++l) own.gradient += sums[l], own.product += products[l];
  }
}

// As PyTorch does: the variance that is kept is that of a sample, divided by one less.
void BatchNorm::blendMoments(std::span<const BatchMoments> moments, std::span<float> parameters) const {
  for (std::size_t c = 0; c < std::size_t(m_outputShape.channels); ++c) {
    float &mean = parameters[m_blocks[kMean].offset + c], &variance = parameters[m_blocks[kVariance].offset + c];
    const double unbiased = moments[c].squares / std::max(1.0, moments[c].count - 1);
    mean = float((1 - m_momentum) * double(mean) + m_momentum * moments[c].mean);
    variance = float((1 - m_momentum) * double(variance) + m_momentum * unbiased);
  }
}

// While training, of scale and bias alone; else what the running figures do counts too: they are numbers like any other.
void BatchNorm::parameterGradients(const BackwardCall& call, int c, int samples) const {
  const Map map = mapOf(c, call.parameters, call.batch);
  float sums[16] = {}, products[16] = {};
  forEachCell([&](int y, int x) {
    const float *in = call.inputs[0].at(c, y, x), *gradient = call.gradient.at(c, y, x);
    for (int l = 0; l < samples; ++l) {
      sums[l] += gradient[l];
      products[l] += gradient[l] * ((in[l] - map.mean) * map.inverse);
    }
  });
  float sum = 0, product = 0;
  for (int l = 0; l < 16; ++l) sum += sums[l], product += products[l];
  const auto add = [&](Block block, float value) {
    call.parameterGradients[m_blocks[std::size_t(block)].offset + std::size_t(c)] += value;
  };
  add(kScale, product);
  add(kBias, sum);
  if (call.batch) return;
  add(kMean, -sum * map.scale * map.inverse);
  add(kVariance, -0.5f * product * map.scale * map.inverse * map.inverse);
}

// With n the normalized values: dx = scale / deviation * (g - mean(g) - n mean(g n)), the means over the mini-batch.
void BatchNorm::inputGradient(const BackwardCall& call, int c, int samples) const {
  const GradientTarget& target = call.inputGradients[0];
  const Map map = mapOf(c, call.parameters, call.batch);
  const float factor = map.scale * map.inverse;
  const float mean = call.batch ? float(call.batch[c].gradient / call.batch[c].count) : 0.0f;
  const float product = call.batch ? float(call.batch[c].product / call.batch[c].count) * map.inverse : 0.0f;
  forEachCell([&](int y, int x) {
    const float *in = call.inputs[0].at(c, y, x), *gradient = call.gradient.at(c, y, x);
    float* to = target.tensor.at(c, y, x);
    for (int l = 0; l < samples; ++l) {
      const float value = factor * (gradient[l] - mean - (in[l] - map.mean) * product);
      to[l] = target.accumulate ? to[l] + value : value;
    }
    // Lanes without a sample must not change any gradient.
    for (int l = samples; l < call.gradient.lanes && !target.accumulate; ++l) to[l] = 0;
  });
}

std::shared_ptr<const Layer> createBatchNorm(const LayerRequest& request) {
  return std::make_shared<BatchNorm>(request.inputs[0], realField(request.fields, "epsilon"), realField(request.fields, "momentum"),
                                     activationOf(request.fields));
}

}  // namespace

LayerType describeBatchNorm() {
  LayerType type{"batch-norm", "Batch normalization", "Brings each map to mean 0 and variance 1 over the mini-batch.", createBatchNorm};
  type.fields = {epsilonField(),
                 {"momentum", "Momentum", "How much of each mini-batch the running means and variances take over.", 0.1, 0.0, 1.0},
                 activationField()};
  return type;
}

}  // namespace nn
