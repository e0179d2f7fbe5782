#include <array>
#include <cmath>
#include <numbers>

#include "nn/layers/Pointwise.h"

namespace nn {

namespace {

struct Curve {
  const char* name;
  double (*value)(double x, double exponent);
  double (*slope)(double x, double exponent);
};

double noSlope(double, double) {
  return 0;
}

constexpr std::array kCurves{
    Curve{"power", [](double x, double p) { return std::pow(x, p); }, [](double x, double p) { return p * std::pow(x, p - 1); }},
    Curve{"exp", [](double x, double) { return std::exp(x); }, [](double x, double) { return std::exp(x); }},
    Curve{"log", [](double x, double) { return std::log(x); }, [](double x, double) { return 1 / x; }},
    Curve{"erf", [](double x, double) { return std::erf(x); },
          [](double x, double) { return 2 * std::numbers::inv_sqrtpi * std::exp(-x * x); }},
    Curve{"sin", [](double x, double) { return std::sin(x); }, [](double x, double) { return std::cos(x); }},
    Curve{"cos", [](double x, double) { return std::cos(x); }, [](double x, double) { return -std::sin(x); }},
    Curve{"abs", [](double x, double) { return std::abs(x); }, [](double x, double) { return double((x > 0) - (x < 0)); }},
    Curve{"sign", [](double x, double) { return double((x > 0) - (x < 0)); }, noSlope},
    Curve{"floor", [](double x, double) { return std::floor(x); }, noSlope},
    Curve{"ceil", [](double x, double) { return std::ceil(x); }, noSlope},
    Curve{"round", [](double x, double) { return std::nearbyint(x); }, noSlope}};

// One function of every value, of those that are no activations: pieces of what is computed step by step.
class Function : public Pointwise {
 public:
  Function(const Shape& shape, const Curve& curve, double exponent) : Pointwise(shape), m_curve(curve), m_exponent(exponent) {}
  std::string_view type() const override { return "function"; }
  Combine combineKind() const override { return Combine::Pointwise; }
  std::uint64_t multiplyAdds() const override { return m_outputShape.size(); }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    const float value = at(inputs[0]);
    return {value, value};
  }
  // All is the input's where nothing is known of zero.
  void contributions(const Cell& cell, const CellLinks& links, std::span<const float> inputs, const Combined& combined,
                     std::span<const float> parameters, std::span<float> weights) const override {
    Pointwise::contributions(cell, links, inputs, combined, parameters, weights);
    if (inputs[0] != 0 && !std::isfinite(at(0))) weights[0] = combined.preActivation / inputs[0];
  }

  void forward(const ForwardCall& call) const override {
    const std::size_t count = call.output.rowFloats();
    forEachRow([&](int c, int y) {
      const float* in = call.inputs[0].at(c, y, 0);
      float* out = call.output.at(c, y, 0);
      for (std::size_t i = 0; i < count; ++i) out[i] = at(in[i]);
    });
  }
  void backward(const BackwardCall& call) const override {
    const GradientTarget& target = call.inputGradients[0];
    if (!target.wanted) return;
    const std::size_t count = call.gradient.rowFloats();
    forEachRow([&](int c, int y) {
      const float *in = call.inputs[0].at(c, y, 0), *gradient = call.gradient.at(c, y, 0);
      float* to = target.tensor.at(c, y, 0);
      for (std::size_t i = 0; i < count; ++i) {
        const float value = gradient[i] * float(m_curve.slope(double(in[i]), m_exponent));
        to[i] = target.accumulate ? to[i] + value : value;
      }
    });
  }

 private:
  float at(float x) const { return float(m_curve.value(double(x), m_exponent)); }

  const Curve& m_curve;
  double m_exponent;
};

std::shared_ptr<const Layer> createFunction(const LayerRequest& request) {
  const std::string& name = textField(request.fields, "function");
  for (const Curve& curve : kCurves)
    if (name == curve.name) return std::make_shared<Function>(request.inputs[0], curve, realField(request.fields, "exponent"));
  return nullptr;  // the catalogue has checked it
}

}  // namespace

LayerType describeFunction() {
  std::vector<std::string> names;
  for (const Curve& curve : kCurves) names.emplace_back(curve.name);
  LayerType type{"function", "Function", "Computes one function of every value, such as a power or a logarithm.", createFunction};
  type.fields = {choiceField("function", "Function", "What is computed of each value.", names),
                 {"exponent", "Exponent", "Of the power.", 2.0, -1000, 1000}};
  return type;
}

}  // namespace nn
