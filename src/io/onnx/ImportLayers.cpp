// Layers with windows and weights.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"
#include "nn/Counted.h"
#include "nn/SizeText.h"

namespace io::onnxfile {

namespace {

// Whether zeros may be put around a map as a layer of their own before it is read through a window: they would be wrong, are right
// where no padding of ours fits, or are right and those of ours wrong.
enum class Zeros { Refused, Allowed, Wanted };

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
  // Zeros after it that a plan needs.
  template <typename Plan>
  std::int64_t missing(const Plan& plan) const {
    return std::max<std::int64_t>(0, (plan.output - 1) * stride + kernel - input - plan.before);
  }
};

// What one of our paddings means on that axis: zeros before, and the output's size.
struct Planned {
  std::int64_t before = 0, output = 0;
  bool operator==(const Planned&) const = default;
};

// As many outputs as the stride leaves of the inputs; an odd zero more after them, or before.
void padToSame(Axis& axis, bool lower) {
  const std::int64_t output = (axis.input + axis.stride - 1) / axis.stride;
  const std::int64_t all = std::max<std::int64_t>((output - 1) * axis.stride + axis.kernel - axis.input, 0);
  axis.before = lower ? all - all / 2 : all / 2;
  axis.after = all - axis.before;
}

Planned planSame(const Axis& axis) {
  const std::int64_t output = (axis.input + axis.stride - 1) / axis.stride;
  return {std::max<std::int64_t>((output - 1) * axis.stride + axis.kernel - axis.input, 0) / 2, output};
}

Planned planNumber(const Axis& axis, std::int64_t padding) {
  const std::int64_t room = axis.input + 2 * padding - axis.kernel;
  return {padding, room < 0 ? 0 : room / axis.stride + 1};
}

constexpr std::int64_t kLargestWindow = 4096;

std::vector<std::int64_t> twoOf(const onnx::NodeProto& node, std::string_view name, std::int64_t otherwise) {
  return intsAttribute(node, name, {otherwise, otherwise});
}

std::string automaticPadding(const ImportContext& context, const Node& node) {
  static const std::set<std::string_view> kKnown{"", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"};
  const std::string automatic = textAttribute(node, "auto_pad", "NOTSET");
  if (!kKnown.contains(automatic))
    context.damaged(node, "its auto_pad is \"" + cleaned(automatic) + "\", which the standard does not know",
                    "It is NOTSET, VALID, SAME_UPPER or SAME_LOWER");
  return automatic.empty() ? "NOTSET" : automatic;
}

// Kernel, stride and padding as fields of ours. Padding that our layers do not have becomes a layer before it, and `source` that layer,
// where `zeros` allows it.
nn::Fields windowFields(ImportContext& context, const Node& node, Value& source, std::vector<std::int64_t> kernel, Zeros zeros) {
  const nn::Shape from = context.shapeOf(source);
  std::vector<std::int64_t> stride = twoOf(node, "strides", 1);
  std::vector<std::int64_t> pads = intsAttribute(node, "pads", {0, 0, 0, 0});
  if (source.line) {
    // The one axis is that of the columns.
    if (kernel.size() == 1) kernel.insert(kernel.begin(), 1);
    if (stride.size() == 1) stride.insert(stride.begin(), 1);
    if (pads.size() == 2) pads = {0, pads[0], 0, pads[1]};
  }
  if (kernel.size() != 2 || stride.size() != 2 || pads.size() != 4) context.refuse(node, "only two-dimensional windows are supported");
  std::vector<std::int64_t> dilation = twoOf(node, "dilations", 1);
  if (source.line && dilation.size() == 1) dilation.insert(dilation.begin(), 1);
  const bool dilated = dilation != std::vector<std::int64_t>(dilation.size(), 1);
  if (dilation.size() != 2 || (dilated && node.op_type() != "Conv"))
    context.refuse(node, "dilation is only supported for convolutions", "Use dilation 1");
  for (const std::int64_t size : {kernel[0], kernel[1], stride[0], stride[1], dilation[0], dilation[1]}) {
    if (size < 1 || size > kLargestWindow) context.refuse(node, "its kernel or stride is out of range");
  }
  std::array<Axis, 2> axes{Axis{from.height, (kernel[0] - 1) * dilation[0] + 1, stride[0]},
                           Axis{from.width, (kernel[1] - 1) * dilation[1] + 1, stride[1]}};
  const std::string automatic = automaticPadding(context, node);
  const bool same = automatic.starts_with("SAME"), ceil = intAttribute(node, "ceil_mode", 0) != 0;
  if (same && source.pads != std::array<std::int64_t, 4>{}) context.refuse(node, "padding twice is not supported");
  const bool explicitly = pads != std::vector<std::int64_t>(4, 0);
  std::array<Planned, 2> wanted;
  for (std::size_t i = 0; i < 2; ++i) {
    if (pads[i] < 0 || pads[i] > kLargestWindow || pads[i + 2] < 0 || pads[i + 2] > kLargestWindow)
      context.refuse(node, "its padding is out of range");
    if (same) padToSame(axes[i], automatic == "SAME_LOWER");
    if (!same) axes[i].before = source.pads[i], axes[i].after = source.pads[i + 2];
    if (automatic == "NOTSET") axes[i].before += pads[i], axes[i].after += pads[i + 2];
    if (automatic != "NOTSET" && explicitly && (!same || axes[i].before != pads[i] || axes[i].after != pads[i + 2]))
      context.refuse(node, "its pads and its auto_pad (" + automatic + ") contradict each other", "Give one of the two");
    wanted[i] = {axes[i].before, axes[i].output(ceil)};
  }
  nn::Fields fields{{"kernel", kernel}, {"stride", stride}, {"padding", std::string("valid")}};
  if (dilated) fields["dilation"] = dilation;
  const auto fits = [&](auto plan) { return plan(axes[0]) == wanted[0] && plan(axes[1]) == wanted[1]; };
  const auto number = [&](const Axis& axis) { return planNumber(axis, axes[0].before); };
  if (fits([](const Axis& axis) { return planNumber(axis, 0); })) return fields;
  if (zeros != Zeros::Wanted && fits(planSame)) {
    fields["padding"] = std::string("same");
  } else if (zeros != Zeros::Wanted && axes[0].before < std::min(axes[0].kernel, axes[1].kernel) && fits(number)) {
    fields["padding"] = std::to_string(axes[0].before);
  } else if (const std::vector<std::int64_t> sides{axes[0].before, axes[1].before, axes[0].missing(wanted[0]), axes[1].missing(wanted[1])};
             zeros != Zeros::Wanted && std::max(sides[0], sides[2]) < axes[0].kernel && std::max(sides[1], sides[3]) < axes[1].kernel) {
    fields["padding"] = sides;
  } else {
    if (zeros == Zeros::Refused || (zeros == Zeros::Wanted && ceil))
      context.refuse(node, "its padding differs from side to side in a way that is not supported",
                     "Use the same padding on all sides, or \"same\"");
    source = context.zeroPadded(node, source, {axes[0].before, axes[1].before, axes[0].missing(wanted[0]), axes[1].missing(wanted[1])});
  }
  return fields;
}

void conv(ImportContext& context, const Node& node) {
  Value source = context.asMap(node, context.padded(node, 0));
  Tensor weights = context.constant(node, 1);
  if (source.line && weights.dims.size() == 3) weights.dims.insert(weights.dims.begin() + 2, 1);
  if (weights.dims.size() != 4) context.refuse(node, "only one- and two-dimensional convolution is supported");
  const std::int64_t group = intAttribute(node, "group", 1), outputs = weights.dims[0], groupInputs = weights.dims[1];
  const nn::Shape from = context.shapeOf(source);
  if (group < 1 || outputs < 1 || outputs % group != 0 || groupInputs < 1 || group > from.channels ||
      groupInputs * group != from.channels) {
    context.damaged(node, "its kernels expect other channels than the " + std::to_string(from.channels) + " that its input has");
  }
  requireKernelShape(context, node, weights, source.line);
  nn::Fields fields = windowFields(context, node, source, {weights.dims[2], weights.dims[3]}, Zeros::Allowed);
  fields["filters"] = outputs;
  std::vector<float> bias(std::size_t(outputs), 0.0f);
  if (context.hasInput(node, 2)) {
    bias = context.constant(node, 2).values;
    if (bias.size() != std::size_t(outputs)) context.damaged(node, "its bias does not have one value per filter");
  }
  if (group > 1) fields["groups"] = group;
  Value result;
  result.line = source.line;
  result.node = context.addNode(node, context.nameFor(node, "conv"), "conv2d", std::move(fields), {source.node});
  Draft& draft = context.drafts[std::size_t(result.node)];
  draft.blocks["kernel"] = weights.values;  // in groups: the table's order is the file's
  draft.blocks["bias"] = std::move(bias);
  context.define(node, result);
}

bool neverNegative(const ImportContext& context, int index) {
  const Draft& draft = context.drafts[std::size_t(index)];
  const nn::Activation activation = draft.layer->activation();
  const bool rectified = activation == nn::Activation::Relu || activation == nn::Activation::Relu6;
  const bool share = activation == nn::Activation::Sigmoid || activation == nn::Activation::HardSigmoid;
  if (rectified || share || draft.spec.type == "input") return true;
  if (draft.spec.type != "max-pool" || draft.spec.inputs.size() != 1) return false;
  for (int before = index; before-- > 0;) {
    if (context.drafts[std::size_t(before)].spec.name == draft.spec.inputs[0]) return neverNegative(context, before);
  }
  return false;
}

void pool(ImportContext& context, const Node& node) {
  const bool average = node.op_type() == "AveragePool";
  Value source = context.asMap(node, average ? context.padded(node, 0) : context.value(node, 0));
  // Zeros put around a map before it is averaged count, as those of count_include_pad do; where nothing is below zero, they do not
  // change which one is the largest.
  const std::vector<std::int64_t> own = intsAttribute(node, "pads", {});
  const bool paddedHere = std::any_of(own.begin(), own.end(), [](std::int64_t size) { return size != 0; });
  const bool paddedBefore = source.pads != std::array<std::int64_t, 4>{}, countsOwn = intAttribute(node, "count_include_pad", 0) != 0;
  if (average && paddedBefore && paddedHere && !countsOwn) context.refuse(node, "padding twice is not supported");
  const bool counted = average && (paddedBefore || (paddedHere && countsOwn));
  const Zeros zeros = counted ? Zeros::Wanted : !average && neverNegative(context, source.node) ? Zeros::Allowed : Zeros::Refused;
  nn::Fields fields = windowFields(context, node, source, intsAttribute(node, "kernel_shape", {}), zeros);
  Value result;
  result.line = source.line;
  result.node = context.addNode(node, context.uniqueName("pool" + std::to_string(++context.counters["pool"])),
                                average ? "average-pool" : "max-pool", std::move(fields), {source.node});
  context.define(node, result);
}

int addWholePool(ImportContext& context, const Node& node, int source, const char* type) {
  const nn::Shape from = context.drafts[std::size_t(source)].layer->outputShape();
  const std::vector<std::int64_t> whole{from.height, from.width};
  nn::Fields fields;
  if (std::string_view(type) == "max-pool") fields = {{"kernel", whole}, {"stride", whole}, {"padding", std::string("valid")}};
  return context.addNode(node, context.uniqueName("pool" + std::to_string(++context.counters["pool"])), type, std::move(fields), {source});
}

void globalPool(ImportContext& context, const Node& node) {
  const Value source = context.asMap(node, context.value(node, 0));
  Value result;
  result.line = source.line;
  result.node = addWholePool(context, node, source.node, node.op_type() == "GlobalMaxPool" ? "max-pool" : "global-average-pool");
  context.define(node, result);
}

// The mean, or the largest, of all rows and columns, which is global pooling.
void reduce(ImportContext& context, const Node& node) {
  if (node.op_type() == "ReduceMean" && layerNorm(context, node)) return;
  const Value source = context.asMap(node, context.value(node, 0), true);
  std::vector<std::int64_t> axes = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "axes", {});
  for (std::int64_t& axis : axes) axis += axis < 0 ? context.rankOf(source) : 0;
  std::sort(axes.begin(), axes.end());
  const bool last = source.order == Order::ChannelsLast;
  std::vector<std::int64_t> maps{2, 3};
  if (source.line) maps = {2};
  if (last) maps = {1, 2};
  const bool rowsAndColumns = axes == maps;
  if (source.flat || !rowsAndColumns) context.refuse(node, "it reduces other dimensions than the rows and columns of maps");
  Value result;
  result.node = addWholePool(context, node, source.node, node.op_type() == "ReduceMax" ? "max-pool" : "global-average-pool");
  result.flat = intAttribute(node, "keepdims", 1) == 0;
  result.line = !result.flat && source.line;
  result.order = result.flat ? Order::ChannelsFirst : source.order;
  context.define(node, result);
}

int addDense(ImportContext& context, const Node& node, const Value& source, const Tensor& weights, bool outputsFirst, float scale,
             const std::vector<float>& bias) {
  if (weights.dims.size() != 2) context.refuse(node, "its weights are not a matrix");
  const nn::Shape from = context.shapeOf(source);
  const std::int64_t outputs = weights.dims[outputsFirst ? 0 : 1], inputs = weights.dims[outputsFirst ? 1 : 0];
  if (outputs < 1 || std::size_t(inputs) != from.size()) {
    context.damaged(node, "its weights expect " + nn::counted(std::size_t(inputs), "input", "inputs") + ", but " +
                              nn::counted(from.size(), "value arrives", "values arrive"));
  }
  if (bias.size() != std::size_t(outputs) && bias.size() != 1) context.damaged(node, "its bias does not have one value per unit");
  const int index = context.addNode(node, context.nameFor(node, "dense"), "dense", {{"units", outputs}}, {source.node});
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
  Draft& draft = context.drafts[std::size_t(index)];
  draft.blocks["kernel"] = std::move(kernel);
  draft.blocks["bias"] = bias.size() == 1 ? std::vector<float>(std::size_t(outputs), bias[0]) : bias;
  return index;
}

void gemm(ImportContext& context, const Node& node) {
  const Value source = context.value(node, 0);
  if (intAttribute(node, "transA", 0) != 0) context.refuse(node, "transA is not supported");
  std::vector<float> bias{0.0f};
  if (context.hasInput(node, 2)) {
    bias = context.constant(node, 2).values;
    for (float& term : bias) term *= floatAttribute(node, "beta", 1.0f);
  }
  Value result;
  result.node = addDense(context, node, source, context.constant(node, 1), intAttribute(node, "transB", 0) != 0,
                         floatAttribute(node, "alpha", 1.0f), bias);
  result.flat = true;
  context.define(node, result);
}

void matMul(ImportContext& context, const Node& node) {
  const Value source = context.value(node, 0);
  if (!source.flat && !context.shapeOf(source).isVector()) context.refuse(node, "it multiplies maps that are not flattened");
  Value result;
  result.node = addDense(context, node, source, context.constant(node, 1), false, 1.0f, {0.0f});
  result.flat = true;
  context.define(node, result);
}

}  // namespace

// Where a node says how large its kernels are, it must say what they are.
void requireKernelShape(const ImportContext& context, const Node& node, const Tensor& weights, bool line) {
  std::vector<std::int64_t> said = intsAttribute(node, "kernel_shape", {});
  if (said.empty()) return;
  if (line && said.size() == 1) said.insert(said.begin(), 1);
  const std::vector<std::int64_t> held(weights.dims.begin() + 2, weights.dims.end());
  if (said != held)
    context.damaged(node, "its kernel_shape is " + nn::sizeText(said) + ", and its weights hold kernels of " + nn::sizeText(held),
                    "Save or export the file again");
}

std::span<const Operator> layerOperators() {
  static const std::vector<Operator> table{
      {"Conv", conv, 3, "auto_pad dilations group kernel_shape pads strides"},
      {"MaxPool", pool, 1, "auto_pad ceil_mode dilations kernel_shape pads strides", "storage_order"},
      {"AveragePool", pool, 1, "auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides"},
      {"GlobalAveragePool", globalPool},
      {"GlobalMaxPool", globalPool},
      // Without axes they are not read.
      {"ReduceMean", reduce, 2, "axes keepdims", "noop_with_empty_axes"},
      {"ReduceMax", reduce, 2, "axes keepdims", "noop_with_empty_axes"},
      {"Gemm", gemm, 3, "alpha beta transA transB", "broadcast"},
      {"MatMul", matMul, 2},
  };
  return table;
}

}  // namespace io::onnxfile
