// The layers as nodes of ONNX.
#include <algorithm>
#include <array>
#include <map>

#include "io/onnx/GraphWriter.h"

namespace io::onnxfile {

namespace {

onnx::AttributeProto& attribute(onnx::NodeProto& node, const char* name, onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto& added = *node.add_attribute();
  added.set_name(name);
  added.set_type(type);
  return added;
}

// Zeros that the window sees beyond the bottom or right edge.
std::int64_t endPadding(int input, int output, int kernel, int stride, int dilation, int before) {
  return std::max(0, (output - 1) * stride + (kernel - 1) * dilation + 1 - input - before);
}

void addWindow(onnx::NodeProto& node, const nn::Window& window, const nn::Shape& from, const nn::Shape& to, bool dilated) {
  addInts(node, "kernel_shape", {window.height, window.width});
  addInts(node, "strides", {window.strideY, window.strideX});
  addInts(node, "pads",
          {window.paddingTop, window.paddingLeft,
           endPadding(from.height, to.height, window.height, window.strideY, window.dilationY, window.paddingTop),
           endPadding(from.width, to.width, window.width, window.strideX, window.dilationX, window.paddingLeft)});
  if (dilated) addInts(node, "dilations", {window.dilationY, window.dilationX});
}

void writeConvolution(onnx::NodeProto& proto, const nn::Layer& layer) {
  addWindow(proto, *layer.window(), layer.inputShapes()[0], layer.outputShape(), true);
  const int groups = layer.inputShapes()[0].channels / layer.parameterBlocks()[0].dims[1];
  if (groups > 1) addInt(proto, "group", groups);
}

}  // namespace

void addInts(onnx::NodeProto& node, const char* name, std::span<const std::int64_t> values) {
  onnx::AttributeProto& list = attribute(node, name, onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) list.add_ints(value);
}

void addFloat(onnx::NodeProto& node, const char* name, float value) {
  attribute(node, name, onnx::AttributeProto::FLOAT).set_f(value);
}

void addText(onnx::NodeProto& node, const char* name, const char* value) {
  attribute(node, name, onnx::AttributeProto::STRING).set_s(value);
}

void addInt(onnx::NodeProto& node, const char* name, std::int64_t value) {
  attribute(node, name, onnx::AttributeProto::INT).set_i(value);
}

GraphWriter::LayerWriter GraphWriter::writerOf(std::string_view type) {
  static const std::map<std::string_view, LayerWriter> table{
      {"input", &GraphWriter::writeInput},
      {"conv2d", &GraphWriter::writeWeightedSum},
      {"dense", &GraphWriter::writeWeightedSum},
      {"transposed-conv2d", &GraphWriter::writeTransposed},
      {"max-pool", &GraphWriter::writePool},
      {"average-pool", &GraphWriter::writePool},
      {"global-average-pool", &GraphWriter::writeGlobalPool},
      {"adaptive-average-pool", &GraphWriter::writeAdaptivePool},
      {"adaptive-max-pool", &GraphWriter::writeAdaptivePool},
      {"flatten", &GraphWriter::writeFlatten},
      {"softmax", &GraphWriter::writeSoftmax},
      {"log-softmax", &GraphWriter::writeSoftmax},
      {"dropout", &GraphWriter::writeDropout},
      {"spatial-dropout", &GraphWriter::writeDropout},
      {"activation", &GraphWriter::writeActivationLayer},
      {"prelu", &GraphWriter::writePRelu},
      {"batch-norm", &GraphWriter::writeBatchNorm},
      {"layer-norm", &GraphWriter::writeLayerNorm},
      {"local-response-norm", &GraphWriter::writeResponseNorm},
      {"add", &GraphWriter::writeJoin},
      {"concat", &GraphWriter::writeJoin},
      {"multiply", &GraphWriter::writeProduct},
      {"matmul", &GraphWriter::writeMatMul},
      {"function", &GraphWriter::writeFunction},
      {"zero-pad", &GraphWriter::writeZeroPad},
      {"upsample", &GraphWriter::writeUpsample},
      {"reshape", &GraphWriter::writeReshape},
      {"slice", &GraphWriter::writeSlice},
      {"affine", &GraphWriter::writeAffine},
      {"rearrange", &GraphWriter::writeRearrange},
      {"select", &GraphWriter::writeSelect},
      {"resize", &GraphWriter::writeResize},
  };
  const auto found = table.find(type);
  return found == table.end() ? nullptr : found->second;
}

void GraphWriter::writeInput(int index) {
  m_flat[std::size_t(index)] = node(index).shape.isVector();
  addValueInfo(*m_graph.add_input(), index);
}

void GraphWriter::writeWeightedSum(int index) {
  const nn::Layer& layer = *node(index).layer;
  const bool convolution = layer.window().has_value();
  const Names inputs = parameterNames(index, {source(index, 0, !convolution)});
  onnx::NodeProto& proto = add(combinedName(index), convolution ? "Conv" : "Gemm", inputs);
  if (convolution)
    writeConvolution(proto, layer);
  else
    addInt(proto, "transB", 1);
  m_flat[std::size_t(index)] = !convolution;
  finish(index);
}

void GraphWriter::writePool(int index) {
  const nn::Layer& layer = *node(index).layer;
  const char* op = layer.combineKind() == nn::Combine::Maximum ? "MaxPool" : "AveragePool";
  const Names parameters = parameterNames(index);
  const bool trainable = parameters.size() == 2;
  const std::string pooled = trainable ? node(index).name + "/pooled" : combinedName(index);
  addWindow(add(pooled, op, {source(index, 0, false)}), *layer.window(), layer.inputShapes()[0], layer.outputShape(), false);
  if (trainable) {
    add(node(index).name + "/scaled", "Mul", {pooled, parameters[0]});
    add(combinedName(index), "Add", {node(index).name + "/scaled", parameters[1]});
  }
  finish(index);
}

void GraphWriter::writeTransposed(int index) {
  const nn::Layer& layer = *node(index).layer;
  const nn::Window window = *layer.window();
  const nn::Shape &from = layer.inputShapes()[0], &to = layer.outputShape();
  const Names inputs = parameterNames(index, {source(index, 0, false)});
  onnx::NodeProto& proto = add(combinedName(index), "ConvTranspose", inputs);
  addInts(proto, "kernel_shape", {window.height, window.width});
  addInts(proto, "strides", {window.shrinkY, window.shrinkX});
  addInts(proto, "pads", {window.paddingTop, window.paddingLeft, window.paddingTop, window.paddingLeft});
  const auto extra = [](int size, int output, int kernel, int stride, int padding) {
    return output - ((size - 1) * stride - 2 * padding + kernel);
  };
  addInts(proto, "output_padding",
          {extra(from.height, to.height, window.height, window.shrinkY, window.paddingTop),
           extra(from.width, to.width, window.width, window.shrinkX, window.paddingLeft)});
  finish(index);
}

void GraphWriter::writeGlobalPool(int index) {
  add(node(index).name, "GlobalAveragePool", {source(index, 0, false)});
}

// The standard has no such operator. Where the windows are not all alike, they are written one by one, first those of the rows.
void GraphWriter::writeAdaptivePool(int index) {
  const nn::Layer& layer = *node(index).layer;
  if (layer.window()) return writePool(index);
  const nn::Shape &from = layer.inputShapes()[0], &to = layer.outputShape();
  const std::string rows = reduceBins(source(index, 0, false), node(index).name + "/rows", layer.combineKind(), 2, from.height, to.height);
  const std::string both = reduceBins(rows, node(index).name + "/columns", layer.combineKind(), 3, from.width, to.width);
  add(node(index).name, "Identity", {both});
}

// `count` windows along one axis of `size` cells, each reduced to one cell.
std::string GraphWriter::reduceBins(const std::string& input, const std::string& name, nn::Combine kind, int axis, int size, int count) {
  Names parts;
  const std::string axes = integers(name + ".axes", {axis});
  for (int i = 0; i < count; ++i) {
    const std::string part = name + std::to_string(i);
    const int first = i * size / count, last = ((i + 1) * size + count - 1) / count;
    const std::string starts = integers(part + ".starts", {first}), ends = integers(part + ".ends", {last});
    add(part + "/window", "Slice", {input, starts, ends, axes});
    addInts(add(part, kind == nn::Combine::Maximum ? "ReduceMax" : "ReduceMean", {part + "/window"}), "axes", {axis});
    parts.push_back(part);
  }
  addInt(add(name, "Concat", parts), "axis", axis);
  return name;
}

void GraphWriter::writeFlatten(int index) {
  m_flat[std::size_t(index)] = true;
  addInt(add(node(index).name, "Flatten", {node(node(index).inputs[0]).name}), "axis", 1);
}

void GraphWriter::writeSoftmax(int index) {
  const char* op = node(index).layer->combineKind() == nn::Combine::Softmax ? "Softmax" : "LogSoftmax";
  addInt(add(node(index).name, op, {sourceAsItIs(index)}), "axis", 1);
}

void GraphWriter::writeDropout(int index) {
  add(node(index).name, "Dropout", {sourceAsItIs(index)});
}

void GraphWriter::writeActivationLayer(int index) {
  writeActivation(node(index).name, node(index).layer->activation(), sourceAsItIs(index));
}

void GraphWriter::writePRelu(int index) {
  const bool vector = node(index).shape.isVector();
  m_flat[std::size_t(index)] = vector;
  add(node(index).name, "PRelu", {source(index, 0, vector), parameterNames(index)[0]});
}

// What is trained on the mini-batch is written as it is used afterwards, with the running means and variances.
void GraphWriter::writeBatchNorm(int index) {
  const Names inputs = parameterNames(index, {sourceAsItIs(index)});
  addFloat(add(combinedName(index), "BatchNormalization", inputs), "epsilon", float(realField(index, "epsilon")));
  finish(index);
}

// Step by step: opset 13 has no operator for it.
void GraphWriter::writeLayerNorm(int index) {
  if (std::get<std::string>(field(index, "over")) == "groups") return writeGroupNorm(index, wholeField(index, "groups"));
  const std::string& name = node(index).name;
  const bool overChannels = node(index).layer->window().has_value(), vector = node(index).shape.isVector();
  m_flat[std::size_t(index)] = vector;
  const std::string input = source(index, 0, vector);
  const auto meanOf = [&](const std::string& tensor, const std::string& result) {
    onnx::NodeProto& mean = add(result, "ReduceMean", {tensor});
    if (overChannels || vector)
      addInts(mean, "axes", {1});
    else
      addInts(mean, "axes", {1, 2, 3});
    return result;
  };
  add(name + "/centered", "Sub", {input, meanOf(input, name + "/mean")});
  add(name + "/squared", "Mul", {name + "/centered", name + "/centered"});
  const std::string epsilon = number(name + ".epsilon", float(realField(index, "epsilon")));
  add(name + "/raised", "Add", {meanOf(name + "/squared", name + "/variance"), epsilon});
  add(name + "/deviation", "Sqrt", {name + "/raised"});
  add(name + "/normal", "Div", {name + "/centered", name + "/deviation"});
  const Names parameters = parameterNames(index);
  add(name + "/scaled", "Mul", {name + "/normal", parameters[0]});
  add(name, "Add", {name + "/scaled", parameters[1]});
}

// As others write it: opset 13 normalizes each channel by itself alone.
void GraphWriter::writeGroupNorm(int index, std::int64_t groups) {
  const std::string& name = node(index).name;
  const nn::Shape& to = node(index).shape;
  const std::vector<float> ones(std::size_t(groups), 1.0f), zeros(std::size_t(groups), 0.0f);
  const std::array<std::int64_t, 1> dims{groups};
  m_flat[std::size_t(index)] = to.isVector();
  add(name + "/groups", "Reshape", {source(index, 0, to.isVector()), integers(name + ".groups", {0, groups, -1})});
  onnx::NodeProto& normal = add(name + "/normal", "InstanceNormalization",
                                {name + "/groups", constant(name + ".ones", dims, ones), constant(name + ".zeros", dims, zeros)});
  addFloat(normal, "epsilon", float(realField(index, "epsilon")));
  const std::string shape =
      to.isVector() ? integers(name + ".shape", {0, to.channels}) : integers(name + ".shape", {0, to.channels, to.height, to.width});
  add(name + "/maps", "Reshape", {name + "/normal", shape});
  const Names parameters = parameterNames(index);
  add(name + "/scaled", "Mul", {name + "/maps", parameters[0]});
  add(name, "Add", {name + "/scaled", parameters[1]});
}

void GraphWriter::writeAffine(int index) {
  const bool vector = node(index).shape.isVector();
  m_flat[std::size_t(index)] = vector;
  const Names parameters = parameterNames(index);
  const std::string &name = node(index).name, scaled = name + "/scaled";
  add(scaled, "Mul", {source(index, 0, vector), parameters[0]});
  add(name, "Add", {scaled, parameters[1]});
}

void GraphWriter::writeResponseNorm(int index) {
  onnx::NodeProto& proto = add(node(index).name, "LRN", {source(index, 0, false)});
  addInt(proto, "size", std::int64_t(wholeField(index, "size")));
  addFloat(proto, "alpha", float(realField(index, "alpha")));
  addFloat(proto, "beta", float(realField(index, "beta")));
  addFloat(proto, "bias", float(realField(index, "k")));
}

void GraphWriter::writeJoin(int index) {
  const bool anyFlat = std::any_of(node(index).inputs.begin(), node(index).inputs.end(), [&](int from) { return flat(from); });
  const bool joins = node(index).layer->combineKind() == nn::Combine::Copy;
  Names inputs;
  for (std::size_t i = 0; i < node(index).inputs.size(); ++i) inputs.push_back(source(index, i, anyFlat));
  onnx::NodeProto& proto = add(combinedName(index), joins ? "Concat" : "Sum", inputs);
  if (joins && !node(index).layer->window())
    addInt(proto, "axis", std::get<std::string>(field(index, "axis")) == "rows" ? 2 : 3);
  else if (joins)
    addInt(proto, "axis", 1);
  m_flat[std::size_t(index)] = anyFlat;
  finish(index);
}

// Two at a time; whole maps by one number each only where both have four dimensions.
void GraphWriter::writeProduct(int index) {
  const bool vector = node(index).shape.isVector();
  m_flat[std::size_t(index)] = vector;
  const std::string& name = node(index).name;
  const std::size_t count = node(index).inputs.size();
  std::string product = source(index, 0, vector);
  for (std::size_t i = 1; i < count; ++i) {
    const std::string partial = i + 1 == count ? name : name + "/product" + std::to_string(i);
    add(partial, "Mul", {product, source(index, i, vector)});
    product = partial;
  }
}

void GraphWriter::writeMatMul(int index) {
  add(node(index).name, "MatMul", {source(index, 0, false), source(index, 1, false)});
}

// The standard calls them as we do, but for the first letter.
void GraphWriter::writeFunction(int index) {
  std::string op = std::get<std::string>(field(index, "function"));
  Names inputs{sourceAsItIs(index)};
  if (op == "power") op = "pow", inputs.push_back(number(node(index).name + ".exponent", float(realField(index, "exponent"))));
  op[0] = char(op[0] - 'a' + 'A');
  add(node(index).name, op.c_str(), inputs);
}

void GraphWriter::writeActivation(const std::string& name, nn::Activation activation, const std::string& input) {
  using enum nn::Activation;
  // Opset 13 has no operator for the others.
  static const std::map<nn::Activation, const char*> operators{
      {None, "Identity"},           {Relu, "Relu"},         {LeakyRelu, "LeakyRelu"}, {Sigmoid, "Sigmoid"}, {Tanh, "Tanh"}, {Elu, "Elu"},
      {HardSigmoid, "HardSigmoid"}, {Softplus, "Softplus"}, {Softsign, "Softsign"}};
  if (const auto found = operators.find(activation); found != operators.end()) {
    onnx::NodeProto& proto = add(name, found->second, {input});
    if (activation == LeakyRelu) addFloat(proto, "alpha", 0.01f);
    if (activation == HardSigmoid) addFloat(proto, "alpha", 1.0f / 6);  // what is not said of beta is a half
  } else if (activation == ScaledTanh) {
    add(name + "/inner", "Mul", {input, number("scaled-tanh.slope", 2.0f / 3.0f)});
    add(name + "/tanh", "Tanh", {name + "/inner"});
    add(name, "Mul", {name + "/tanh", number("scaled-tanh.amplitude", 1.7159f)});
  } else if (activation == Relu6) {
    add(name, "Clip", {input, number("relu6.low", 0), number("relu6.high", 6)});
  } else if (activation == HardTanh) {
    add(name, "Clip", {input, number("hard-tanh.low", -1), number("hard-tanh.high", 1)});
  } else if (activation == BinaryStep) {
    add(name + "/above", "Greater", {input, number("binary-step.threshold", 0)});
    addInt(add(name, "Cast", {name + "/above"}), "to", onnx::TensorProto::FLOAT);
  } else if (activation == Silu) {
    add(name + "/sigmoid", "Sigmoid", {input});
    add(name, "Mul", {input, name + "/sigmoid"});
  } else if (activation == Mish) {
    add(name + "/softplus", "Softplus", {input});
    add(name + "/tanh", "Tanh", {name + "/softplus"});
    add(name, "Mul", {input, name + "/tanh"});
  } else if (activation == HardSwish) {
    writeActivation(name + "/gate", HardSigmoid, input);
    add(name, "Mul", {input, name + "/gate"});
  } else if (activation == Gelu) {
    add(name + "/scaled", "Mul", {input, number("gelu.scale", 0.70710678f)});
    add(name + "/erf", "Erf", {name + "/scaled"});
    add(name + "/twice", "Add", {name + "/erf", number("gelu.one", 1.0f)});
    add(name + "/share", "Mul", {name + "/twice", number("gelu.half", 0.5f)});
    add(name, "Mul", {input, name + "/share"});
  }
}

}  // namespace io::onnxfile
