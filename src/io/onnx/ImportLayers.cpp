// Layers with windows and weights.
#include <algorithm>
#include <array>
#include <cmath>

#include "io/onnx/Importer.h"

namespace io::onnxfile {

namespace {

// One axis of a window, as ONNX says it.
struct Axis {
  std::int64_t input = 1, kernel = 1, stride = 1, before = 0, after = 0;
  std::int64_t output(bool ceil) const {
    const std::int64_t room = input + before + after - kernel;
    if (room < 0) return 0;
    std::int64_t count = (ceil ? (room + stride - 1) / stride : room / stride) + 1;
    // The last window must begin inside the input or the padding before it.
    if (ceil && (count - 1) * stride >= input + before) --count;
    return count;
  }
};

// What one of our paddings means on that axis: zeros before, and the output's size.
struct Planned {
  std::int64_t before = 0, output = 0;
  bool operator==(const Planned&) const = default;
};

Planned planSame(const Axis& axis) {
  const std::int64_t output = (axis.input + axis.stride - 1) / axis.stride;
  return {std::max<std::int64_t>((output - 1) * axis.stride + axis.kernel - axis.input, 0) / 2, output};
}

Planned planNumber(const Axis& axis, std::int64_t padding) {
  const std::int64_t room = axis.input + 2 * padding - axis.kernel;
  return {padding, room < 0 ? 0 : room / axis.stride + 1};
}

constexpr std::int64_t kLargestWindow = 4096;

// A convolution in groups as our table of connections: "0 1; 0 1; 2 3; 2 3".
std::string groupTable(std::int64_t outputs, std::int64_t groupInputs, std::int64_t group) {
  std::string table;
  for (std::int64_t out = 0; out < outputs; ++out) {
    const std::int64_t first = out / (outputs / group) * groupInputs;
    if (out > 0) table += "; ";
    for (std::int64_t in = 0; in < groupInputs; ++in) table += (in > 0 ? " " : "") + std::to_string(first + in);
  }
  return table;
}

std::vector<std::int64_t> twoOf(const onnx::NodeProto& node, std::string_view name, std::int64_t otherwise) {
  return intsAttribute(node, name, {otherwise, otherwise});
}

}  // namespace

nn::Fields Importer::windowFields(const Node& node, const Value& source, std::vector<std::int64_t> kernel) const {
  const nn::Shape from = shapeOf(source);
  const std::vector<std::int64_t> stride = twoOf(node, "strides", 1);
  std::vector<std::int64_t> pads = intsAttribute(node, "pads", {0, 0, 0, 0});
  if (kernel.size() != 2 || stride.size() != 2 || pads.size() != 4) refuse(node, "only two-dimensional windows are supported");
  for (const std::int64_t dilation : twoOf(node, "dilations", 1)) {
    if (dilation != 1) refuse(node, "dilation is not supported", "Use dilation 1");
  }
  for (const std::int64_t size : {kernel[0], kernel[1], stride[0], stride[1]}) {
    if (size < 1 || size > kLargestWindow) refuse(node, "its kernel or stride is out of range");
  }
  for (std::size_t side = 0; side < 4; ++side) {
    if (pads[side] < 0 || pads[side] > kLargestWindow) refuse(node, "its padding is out of range");
    pads[side] += source.pads[side];
  }
  std::array<Axis, 2> axes{Axis{from.height, kernel[0], stride[0], pads[0], pads[2]},
                           Axis{from.width, kernel[1], stride[1], pads[1], pads[3]}};
  const std::string automatic = textAttribute(node, "auto_pad", "NOTSET");
  if (automatic.starts_with("SAME") && source.pads != std::array<std::int64_t, 4>{}) refuse(node, "padding twice is not supported");
  if (automatic == "SAME_LOWER") refuse(node, "auto_pad SAME_LOWER is not supported", "Use SAME_UPPER or explicit padding");
  const bool ceil = intAttribute(node, "ceil_mode", 0) != 0;
  std::array<Planned, 2> wanted;
  for (std::size_t i = 0; i < 2; ++i) {
    if (automatic == "VALID") axes[i].before = source.pads[i], axes[i].after = source.pads[i + 2];
    wanted[i] = automatic == "SAME_UPPER" ? planSame(axes[i]) : Planned{axes[i].before, axes[i].output(ceil)};
  }
  nn::Fields fields{{"kernel", kernel}, {"stride", stride}};
  const auto fits = [&](auto plan) { return plan(axes[0]) == wanted[0] && plan(axes[1]) == wanted[1]; };
  if (fits([](const Axis& axis) { return planNumber(axis, 0); })) {
    fields["padding"] = std::string("valid");
  } else if (fits(planSame)) {
    fields["padding"] = std::string("same");
  } else if (fits([&](const Axis& axis) { return planNumber(axis, axes[0].before); })) {
    fields["padding"] = std::to_string(axes[0].before);
  } else {
    refuse(node, "its padding differs from side to side in a way that is not supported", "Use the same padding on all sides, or \"same\"");
  }
  return fields;
}

void Importer::conv(const Node& node) {
  const Value source = asMap(node, padded(node, 0));
  if (source.order == Order::ChannelsLast && shapeOf(source).channels > 1) refuse(node, "it reads maps with the channels last");
  const Tensor weights = constant(node, 1);
  if (weights.dims.size() != 4) refuse(node, "only two-dimensional convolution is supported");
  const std::int64_t group = intAttribute(node, "group", 1), outputs = weights.dims[0], groupInputs = weights.dims[1];
  const nn::Shape from = shapeOf(source);
  if (group < 1 || outputs < 1 || outputs % group != 0 || groupInputs < 1 || group > from.channels ||
      groupInputs * group != from.channels) {
    damaged(node, "its kernels expect other channels than the " + std::to_string(from.channels) + " that its input has");
  }
  nn::Fields fields = windowFields(node, source, {weights.dims[2], weights.dims[3]});
  fields["filters"] = outputs;
  std::vector<float> bias(std::size_t(outputs), 0.0f);
  if (hasInput(node, 2)) {
    bias = constant(node, 2).values;
    if (bias.size() != std::size_t(outputs)) damaged(node, "its bias does not have one value per filter");
  }
  if (group > 1) fields["connections"] = groupTable(outputs, groupInputs, group);
  Value result;
  result.node = addNode(node, nameFor(node, "conv"), "conv2d", std::move(fields), {source.node});
  Draft& draft = m_nodes[std::size_t(result.node)];
  draft.blocks["kernel"] = weights.values;  // in groups: the table's order is the file's
  draft.blocks["bias"] = std::move(bias);
  define(node, result);
}

void Importer::pool(const Node& node) {
  const bool average = node.op_type() == "AveragePool";
  // Zeros put around a map before it is averaged count, as those of count_include_pad do.
  const Value source = asMap(node, average ? padded(node, 0) : value(node, 0));
  if (source.order == Order::ChannelsLast && shapeOf(source).channels > 1) refuse(node, "it reads maps with the channels last");
  nn::Fields fields = windowFields(node, source, intsAttribute(node, "kernel_shape", {}));
  const bool paddedBefore = source.pads != std::array<std::int64_t, 4>{}, countsOwn = intAttribute(node, "count_include_pad", 0) != 0;
  const std::string name = uniqueName("pool" + std::to_string(++m_counters["pool"]));
  Value result;
  result.node = addNode(node, name, average ? "average-pool" : "max-pool", fields, {source.node});
  const nn::Window window = *m_nodes[std::size_t(result.node)].layer->window();
  const std::vector<std::int64_t> own = intsAttribute(node, "pads", {});
  const bool paddedHere = std::any_of(own.begin(), own.end(), [](std::int64_t size) { return size != 0; });
  if (average && paddedBefore && paddedHere && !countsOwn) refuse(node, "padding twice is not supported");
  if (average && (paddedBefore || (paddedHere && countsOwn))) {
    m_nodes.pop_back();
    result.node = addMeans(node, name, std::move(fields), source.node, window);
  }
  define(node, result);
}

// Means that count the zeros around a map, as a convolution of each map with equal weights.
int Importer::addMeans(const Node& node, const std::string& name, nn::Fields fields, int source, const nn::Window& window) {
  const std::int64_t maps = m_nodes[std::size_t(source)].layer->outputShape().channels;
  fields["filters"] = maps;
  if (maps > 1) fields["connections"] = groupTable(maps, 1, maps);
  const int index = addNode(node, name, "conv2d", std::move(fields), {source});
  const std::size_t cells = std::size_t(window.height) * std::size_t(window.width);
  Draft& draft = m_nodes[std::size_t(index)];
  draft.blocks["kernel"].assign(std::size_t(maps) * cells, 1.0f / float(cells));
  draft.blocks["bias"].assign(std::size_t(maps), 0.0f);
  m_notes.push_back("'" + name + "' counts the zeros around the maps in its means: it became a convolution with equal weights");
  return index;
}

void Importer::globalPool(const Node& node) {
  const Value source = asMap(node, value(node, 0));
  if (source.order == Order::ChannelsLast && shapeOf(source).channels > 1) refuse(node, "it reads maps with the channels last");
  Value result;
  result.node = addWholePool(node, source.node, node.op_type() == "GlobalMaxPool" ? "max-pool" : "global-average-pool");
  define(node, result);
}

int Importer::addWholePool(const Node& node, int source, const char* type) {
  const nn::Shape from = m_nodes[std::size_t(source)].layer->outputShape();
  const std::vector<std::int64_t> whole{from.height, from.width};
  nn::Fields fields;
  if (std::string_view(type) == "max-pool") fields = {{"kernel", whole}, {"stride", whole}, {"padding", std::string("valid")}};
  return addNode(node, uniqueName("pool" + std::to_string(++m_counters["pool"])), type, std::move(fields), {source});
}

// The mean, or the largest, of all rows and columns, which is global pooling.
void Importer::reduce(const Node& node) {
  const Value source = asMap(node, value(node, 0));
  std::vector<std::int64_t> axes = hasInput(node, 1) ? integers(node, 1) : intsAttribute(node, "axes", {});
  for (std::int64_t& axis : axes) axis += axis < 0 ? 4 : 0;
  std::sort(axes.begin(), axes.end());
  const bool last = source.order == Order::ChannelsLast;
  const bool rowsAndColumns = axes == (last ? std::vector<std::int64_t>{1, 2} : std::vector<std::int64_t>{2, 3});
  if (source.flat || !rowsAndColumns) refuse(node, "it reduces other dimensions than the rows and columns of maps");
  Value result;
  result.node = addWholePool(node, source.node, node.op_type() == "ReduceMax" ? "max-pool" : "global-average-pool");
  result.flat = intAttribute(node, "keepdims", 1) == 0;
  result.order = result.flat ? Order::ChannelsFirst : source.order;
  define(node, result);
}

int Importer::addDense(const Node& node, const Value& source, const Tensor& weights, bool outputsFirst, float scale,
                       const std::vector<float>& bias) {
  if (weights.dims.size() != 2) refuse(node, "its weights are not a matrix");
  const nn::Shape from = shapeOf(source);
  const std::int64_t outputs = weights.dims[outputsFirst ? 0 : 1], inputs = weights.dims[outputsFirst ? 1 : 0];
  if (outputs < 1 || std::size_t(inputs) != from.size()) {
    damaged(node, "its weights expect " + std::to_string(inputs) + " inputs, but " + std::to_string(from.size()) + " values arrive");
  }
  if (bias.size() != std::size_t(outputs) && bias.size() != 1) damaged(node, "its bias does not have one value per unit");
  const int index = addNode(node, nameFor(node, "dense"), "dense", {{"units", outputs}}, {source.node});
  std::vector<float> kernel(weights.values.size());
  const std::size_t channels = std::size_t(from.channels), area = from.size() / channels;
  for (std::size_t in = 0; in < from.size(); ++in) {
    // `in` counts as the values lie in the file; ours lie channel by channel.
    const std::size_t own = source.order == Order::ChannelsLast ? in % channels * area + in / channels : in;
    for (std::size_t out = 0; out < std::size_t(outputs); ++out) {
      const std::size_t at = outputsFirst ? out * std::size_t(inputs) + in : in * std::size_t(outputs) + out;
      kernel[out * std::size_t(inputs) + own] = weights.values[at] * scale;
    }
  }
  Draft& draft = m_nodes[std::size_t(index)];
  draft.blocks["kernel"] = std::move(kernel);
  draft.blocks["bias"] = bias.size() == 1 ? std::vector<float>(std::size_t(outputs), bias[0]) : bias;
  return index;
}

void Importer::gemm(const Node& node) {
  const Value source = value(node, 0);
  if (intAttribute(node, "transA", 0) != 0) refuse(node, "transA is not supported");
  std::vector<float> bias{0.0f};
  if (hasInput(node, 2)) {
    bias = constant(node, 2).values;
    for (float& term : bias) term *= floatAttribute(node, "beta", 1.0f);
  }
  Value result;
  result.node = addDense(node, source, constant(node, 1), intAttribute(node, "transB", 0) != 0, floatAttribute(node, "alpha", 1.0f), bias);
  result.flat = true;
  define(node, result);
}

void Importer::matMul(const Node& node) {
  const Value source = value(node, 0);
  if (!source.flat && !shapeOf(source).isVector()) refuse(node, "it multiplies maps that are not flattened");
  Value result;
  result.node = addDense(node, source, constant(node, 1), false, 1.0f, {0.0f});
  result.flat = true;
  define(node, result);
}

}  // namespace io::onnxfile
