// Functions of the numbers of constants, one by one.
#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "io/onnx/ConstantParts.h"
#include "io/onnx/OnnxAttributes.h"

namespace io::onnxfile {

std::optional<Dims> commonDims(const Dims& a, const Dims& b) {
  Dims dims(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const std::int64_t one = i < a.size() ? a[a.size() - 1 - i] : 1, other = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (one != other && one != 1 && other != 1) return std::nullopt;
    dims[dims.size() - 1 - i] = one == 1 ? other : one;
  }
  return dims;
}

Folded foldArithmetic(const onnx::NodeProto& node, Inputs inputs, std::size_t most) {
  static const std::map<std::string_view, double (*)(double, double)> table{
      {"Add", [](double a, double b) { return a + b; }},
      {"Sub", [](double a, double b) { return a - b; }},
      {"Mul", [](double a, double b) { return a * b; }},
      {"Div", [](double a, double b) { return a / b; }},
      {"Pow", [](double a, double b) { return std::pow(a, b); }},
      {"Mod", [](double a, double b) { return a - b * std::floor(a / b); }},
      {"Min", [](double a, double b) { return std::min(a, b); }},
      {"Max", [](double a, double b) { return std::max(a, b); }},
      {"Equal", [](double a, double b) { return double(a == b); }},
      {"Less", [](double a, double b) { return double(a < b); }},
      {"Greater", [](double a, double b) { return double(a > b); }},
      {"LessOrEqual", [](double a, double b) { return double(a <= b); }},
      {"GreaterOrEqual", [](double a, double b) { return double(a >= b); }},
      {"And", [](double a, double b) { return double(a != 0 && b != 0); }},
      {"Or", [](double a, double b) { return double(a != 0 || b != 0); }}};
  // Files of the first opsets could say where the second begins; the remainder of fractions is another.
  const bool other = hasAttribute(node, "axis") || intAttribute(node, "fmod", 0) != 0;
  if (inputs.size() != 2 || !inputs[0] || !inputs[1] || other) return std::nullopt;
  const std::optional<Dims> dims = commonDims(inputs[0]->dims, inputs[1]->dims);
  if (!dims) return std::nullopt;
  Folded left = broadcast(*inputs[0], *dims, most);
  const Folded right = broadcast(*inputs[1], *dims, most);
  if (!left || !right) return std::nullopt;
  const auto function = table.at(node.op_type());
  const bool divides = node.op_type() == "Div" && left->whole;
  for (std::size_t i = 0; i < left->values.size(); ++i) {
    if (divides && right->values[i] == 0) return std::nullopt;
    const double value = function(left->values[i], right->values[i]);
    left->values[i] = divides ? std::trunc(value) : value;
  }
  constexpr std::string_view kTruths = "Equal Less Greater LessOrEqual GreaterOrEqual And Or";
  left->whole = left->whole || holds(kTruths, node.op_type());
  return left;
}

Folded foldOfEach(const onnx::NodeProto& node, Inputs inputs, std::size_t) {
  static const std::map<std::string_view, double (*)(double)> table{{"Neg", [](double a) { return -a; }},
                                                                    {"Sqrt", [](double a) { return std::sqrt(a); }},
                                                                    {"Reciprocal", [](double a) { return 1 / a; }},
                                                                    {"Floor", [](double a) { return std::floor(a); }},
                                                                    {"Ceil", [](double a) { return std::ceil(a); }},
                                                                    {"Round", [](double a) { return std::nearbyint(a); }},
                                                                    {"Exp", [](double a) { return std::exp(a); }},
                                                                    {"Log", [](double a) { return std::log(a); }},
                                                                    {"Erf", [](double a) { return std::erf(a); }},
                                                                    {"Sin", [](double a) { return std::sin(a); }},
                                                                    {"Cos", [](double a) { return std::cos(a); }},
                                                                    {"Tanh", [](double a) { return std::tanh(a); }},
                                                                    {"Sign", [](double a) { return double((a > 0) - (a < 0)); }},
                                                                    {"Not", [](double a) { return double(a == 0); }},
                                                                    {"Abs", [](double a) { return std::abs(a); }}};
  if (inputs.size() != 1 || !inputs[0]) return std::nullopt;
  Constant result = *inputs[0];
  for (double& value : result.values) value = table.at(node.op_type())(value);
  return result;
}

Folded foldClip(const onnx::NodeProto& node, Inputs inputs, std::size_t) {
  if (inputs.empty() || !inputs[0]) return std::nullopt;
  const auto limit = [&](std::size_t input, const char* attribute, float open) {
    const bool given = input < inputs.size() && inputs[input] && inputs[input]->values.size() == 1;
    return given ? inputs[input]->values[0] : double(floatAttribute(node, attribute, open));
  };
  Constant result = *inputs[0];
  const double low = limit(1, "min", -HUGE_VALF), high = limit(2, "max", HUGE_VALF);
  for (double& value : result.values) value = std::min(std::max(value, low), high);
  return result;
}

Folded foldWhere(const onnx::NodeProto&, Inputs inputs, std::size_t most) {
  if (inputs.size() != 3 || !inputs[0] || !inputs[1] || !inputs[2]) return std::nullopt;
  const std::optional<Dims> both = commonDims(inputs[1]->dims, inputs[2]->dims);
  const std::optional<Dims> dims = both ? commonDims(*both, inputs[0]->dims) : std::nullopt;
  if (!dims) return std::nullopt;
  const Folded which = broadcast(*inputs[0], *dims, most), other = broadcast(*inputs[2], *dims, most);
  Folded result = broadcast(*inputs[1], *dims, most);
  if (!which || !other || !result) return std::nullopt;
  for (std::size_t i = 0; i < result->values.size(); ++i)
    if (which->values[i] == 0) result->values[i] = other->values[i];
  return result;
}

Folded foldCast(const onnx::NodeProto& node, Inputs inputs, std::size_t) {
  if (inputs.size() != 1 || !inputs[0]) return std::nullopt;
  Constant result = *inputs[0];
  const std::int64_t to = intAttribute(node, "to", onnx::TensorProto::FLOAT);
  result.whole = to == onnx::TensorProto::INT64 || to == onnx::TensorProto::INT32 || to == onnx::TensorProto::BOOL;
  const bool fraction = to == onnx::TensorProto::FLOAT || to == onnx::TensorProto::DOUBLE || to == onnx::TensorProto::FLOAT16 ||
                        to == onnx::TensorProto::BFLOAT16;
  if (!result.whole && !fraction) return std::nullopt;
  for (double& value : result.values)
    if (result.whole) value = to == onnx::TensorProto::BOOL ? double(value != 0) : std::trunc(value);
  return result;
}

}  // namespace io::onnxfile
