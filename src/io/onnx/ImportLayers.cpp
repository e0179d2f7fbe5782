// Layers with windows and weights.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
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

// A window with both its sides, and what is wanted of each.
struct Sides {
  std::vector<std::int64_t> kernel, stride, dilation;
  std::array<Axis, 2> axes;
  std::array<Planned, 2> wanted;
  bool ceil = false;
  bool dilated() const { return dilation != std::vector<std::int64_t>(dilation.size(), 1); }
};

Sides sidesOf(const ImportContext& context, const Node& node, const Value& source, std::vector<std::int64_t> kernel) {
  const nn::Shape from = context.shapeOf(source);
  std::vector<std::int64_t> stride = twoOf(node, "strides", 1), dilation = twoOf(node, "dilations", 1);
  std::vector<std::int64_t> pads = intsAttribute(node, "pads", {0, 0, 0, 0});
  if (source.line) {
    // The one axis is that of the columns.
    for (std::vector<std::int64_t>* list : {&kernel, &stride, &dilation})
      if (list->size() == 1) list->insert(list->begin(), 1);
    if (pads.size() == 2) pads = {0, pads[0], 0, pads[1]};
  }
  if (kernel.size() != 2 || stride.size() != 2 || dilation.size() != 2 || pads.size() != 4)
    context.refuse(node, "only two-dimensional windows are supported");
  for (const std::int64_t size : {kernel[0], kernel[1], stride[0], stride[1], dilation[0], dilation[1]}) {
    if (size < 1 || size > kLargestWindow) context.refuse(node, "its kernel or stride is out of range");
  }
  Sides sides{kernel, stride, dilation, {}, {}, intAttribute(node, "ceil_mode", 0) != 0};
  sides.axes = {Axis{from.height, (kernel[0] - 1) * dilation[0] + 1, stride[0]},
                Axis{from.width, (kernel[1] - 1) * dilation[1] + 1, stride[1]}};
  const std::string automatic = automaticPadding(context, node);
  const bool same = automatic.starts_with("SAME");
  if (same && source.pads != std::array<std::int64_t, 4>{}) context.refuse(node, "padding twice is not supported");
  const bool explicitly = pads != std::vector<std::int64_t>(4, 0);
  for (std::size_t i = 0; i < 2; ++i) {
    Axis& axis = sides.axes[i];
    if (pads[i] < 0 || pads[i] > kLargestWindow || pads[i + 2] < 0 || pads[i + 2] > kLargestWindow)
      context.refuse(node, "its padding is out of range");
    if (same) padToSame(axis, automatic == "SAME_LOWER");
    if (!same) axis.before = source.pads[i], axis.after = source.pads[i + 2];
    if (automatic == "NOTSET") axis.before += pads[i], axis.after += pads[i + 2];
    if (automatic != "NOTSET" && explicitly && (!same || axis.before != pads[i] || axis.after != pads[i + 2]))
      context.refuse(node, "its pads and its auto_pad (" + automatic + ") contradict each other", "Give one of the two");
    sides.wanted[i] = {axis.before, axis.output(sides.ceil)};
  }
  return sides;
}

// Kernel, stride and padding as fields of ours. Padding that our layers do not have becomes a layer before it, and `source` that layer,
// where `zeros` allows it. Nothing where it does not.
std::optional<nn::Fields> windowFields(ImportContext& context, const Node& node, Value& source, const Sides& sides, Zeros zeros) {
  const auto& [kernel, stride, dilation, axes, wanted, ceil] = sides;
  nn::Fields fields{{"kernel", kernel}, {"stride", stride}, {"padding", std::string("valid")}};
  if (sides.dilated()) fields["dilation"] = dilation;
  const auto fits = [&, &axes = axes, &wanted = wanted](auto plan) { return plan(axes[0]) == wanted[0] && plan(axes[1]) == wanted[1]; };
  const auto number = [before = axes[0].before](const Axis& axis) { return planNumber(axis, before); };
  if (fits([](const Axis& axis) { return planNumber(axis, 0); })) return fields;
  if (zeros != Zeros::Wanted && fits(planSame)) {
    fields["padding"] = std::string("same");
  } else if (zeros != Zeros::Wanted && axes[0].before < std::min(axes[0].kernel, axes[1].kernel) && fits(number)) {
    fields["padding"] = std::to_string(axes[0].before);
  } else if (const std::vector<std::int64_t> padding{axes[0].before, axes[1].before, axes[0].missing(wanted[0]),
                                                     axes[1].missing(wanted[1])};
             zeros != Zeros::Wanted && std::max(padding[0], padding[2]) < axes[0].kernel &&
             std::max(padding[1], padding[3]) < axes[1].kernel) {
    fields["padding"] = padding;
  } else {
    if (zeros == Zeros::Refused || (zeros == Zeros::Wanted && ceil)) return std::nullopt;
    source = context.zeroPadded(node, source, {padding[0], padding[1], padding[2], padding[3]});
  }
  return fields;
}

void conv(ImportContext& context, const Node& node) {
  Value source = context.asMap(node, context.viewed(node, context.padded(node, 0)));
  Tensor weights = context.constant(node, 1);
  if (source.line && weights.dims.size() == 3) weights.dims.insert(weights.dims.begin() + 2, 1);
  if (weights.dims.size() != 4) context.refuse(node, "only one- and two-dimensional convolution is supported");
  const std::int64_t group = intAttribute(node, "group", 1), outputs = weights.dims[0], groupInputs = weights.dims[1];
  const nn::Shape from = context.shapeOf(source);
  if (outputs < 1) context.damaged(node, "it has no kernels: its weights are " + nn::sizeText(weights.dims));
  if (group < 1 || outputs % group != 0 || groupInputs < 1 || group > from.channels || groupInputs * group != from.channels) {
    context.damaged(node, "its kernels expect other channels than the " + std::to_string(from.channels) + " that its input has");
  }
  requireKernelShape(context, node, weights, source.line);
  nn::Fields fields =
      *windowFields(context, node, source, sidesOf(context, node, source, {weights.dims[2], weights.dims[3]}), Zeros::Allowed);
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

// The cells under each window beside each other, so that windows need no gaps and no border: where one lies outside, the largest gets
// another of its window instead, which changes nothing; the mean gets zero, where that counts.
void laidOut(ImportContext& context, const Node& node, Value& source, const Sides& sides, bool average, bool countsZeros) {
  nn::Fields fields;
  for (const std::size_t i : {0, 1}) {
    const Axis& axis = sides.axes[i];
    std::vector<std::int64_t> list;
    for (std::int64_t window = 0; window < sides.wanted[i].output; ++window) {
      const auto place = [&](std::int64_t tap) { return window * axis.stride + tap * sides.dilation[i] - axis.before; };
      std::int64_t inside = -1;
      for (std::int64_t tap = sides.kernel[i]; tap-- > 0;)
        if (place(tap) >= 0 && place(tap) < axis.input) inside = place(tap);
      for (std::int64_t tap = 0; tap < sides.kernel[i]; ++tap) {
        const bool outside = place(tap) < 0 || place(tap) >= axis.input;
        if (outside && (average ? !countsZeros : inside < 0))
          context.refuse(node, "its padding differs from side to side in a way that is not supported",
                         "Use the same padding on all sides, or \"same\"");
        list.push_back(!outside ? place(tap) : average ? -1 : inside);
      }
    }
    fields[i == 0 ? "rows" : "columns"] = list;
  }
  source.node = context.addCounted(node, "select", std::move(fields), {source.node});
  source.pads = {};
  source.shared = false;
}

void pool(ImportContext& context, const Node& node) {
  const bool average = node.op_type() == "AveragePool";
  Value source = context.asMap(node, context.viewed(node, average ? context.padded(node, 0) : context.anyValue(node, 0)));
  // Zeros put around a map before it is averaged count, as those of count_include_pad do; where nothing is below zero, they do not
  // change which one is the largest.
  const std::vector<std::int64_t> own = intsAttribute(node, "pads", {});
  const bool paddedHere = automaticPadding(context, node).starts_with("SAME") ||
                          std::any_of(own.begin(), own.end(), [](std::int64_t size) { return size != 0; });
  const bool paddedBefore = source.pads != std::array<std::int64_t, 4>{}, countsOwn = intAttribute(node, "count_include_pad", 0) != 0;
  if (average && paddedBefore && paddedHere && !countsOwn) context.refuse(node, "padding twice is not supported");
  const bool counted = average && (paddedBefore || (paddedHere && countsOwn));
  const Zeros zeros = counted ? Zeros::Wanted : !average && neverNegative(context, source.node) ? Zeros::Allowed : Zeros::Refused;
  const Sides sides = sidesOf(context, node, source, intsAttribute(node, "kernel_shape", {}));
  std::optional<nn::Fields> fields = sides.dilated() ? std::nullopt : windowFields(context, node, source, sides, zeros);
  if (!fields) {
    laidOut(context, node, source, sides, average, counted && !sides.ceil);
    fields = nn::Fields{{"kernel", sides.kernel}, {"stride", sides.kernel}, {"padding", std::string("valid")}};
  }
  Value result;
  result.line = source.line;
  result.node = context.addNode(node, context.uniqueName("pool" + std::to_string(++context.counters["pool"])),
                                average ? "average-pool" : "max-pool", std::move(*fields), {source.node});
  context.define(node, result);
}

int addDense(ImportContext& context, const Node& node, const Value& source, const Tensor& weights, bool outputsFirst, float scale,
             const std::vector<float>& bias) {
  if (weights.dims.size() != 2) context.refuse(node, "its weights are not a matrix");
  const nn::Shape from = context.shapeOf(source);
  const std::int64_t outputs = weights.dims[outputsFirst ? 0 : 1], inputs = weights.dims[outputsFirst ? 1 : 0];
  if (outputs < 1) context.damaged(node, "it has no units: its weights are " + nn::sizeText(weights.dims));
  if (std::size_t(inputs) != from.size()) {
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

// Of a matrix, which is no row of values for each image.
void gemmOfRows(ImportContext& context, const Node& node, const Value& source) {
  Tensor weights = context.constant(node, 1);
  if (weights.dims.size() != 2) context.refuse(node, "its weights are not a matrix");
  const std::int64_t first = weights.dims[0], second = weights.dims[1];
  if (intAttribute(node, "transB", 0) != 0) {
    const std::vector<float> values = weights.values;
    weights.dims = {second, first};
    for (std::int64_t i = 0; i < first * second; ++i) weights.values[std::size_t(i % second * first + i / second)] = values[std::size_t(i)];
  }
  for (float& weight : weights.values) weight *= floatAttribute(node, "alpha", 1.0f);
  const Value result = alongLast(context, node, source, weights);
  if (!context.hasInput(node, 2)) return context.define(node, result);
  Tensor bias = context.constant(node, 2);
  for (float& term : bias.values) term *= floatAttribute(node, "beta", 1.0f);
  context.define(node, scaledBy(context, node, result, {{}, {}, {1}}, bias));
}

void gemm(ImportContext& context, const Node& node) {
  const Value given = context.anyValue(node, 0);
  if (intAttribute(node, "transA", 0) != 0) context.refuse(node, "transA is not supported");
  if (const auto dims = context.writtenDimensionsOf(given); dims.size() == 2 && dims.front() > 1) return gemmOfRows(context, node, given);
  const Value source = context.viewed(node, given);
  std::vector<float> bias{0.0f};
  if (context.hasInput(node, 2)) {
    bias = context.constant(node, 2).values;
    for (float& term : bias) term *= floatAttribute(node, "beta", 1.0f);
  }
  Value result;
  result.node = addDense(context, node, source, context.constant(node, 1), intAttribute(node, "transB", 0) != 0,
                         floatAttribute(node, "alpha", 1.0f), bias);
  result.flat = true;
  result.batchless = source.batchless;
  context.define(node, result);
}

void matMul(ImportContext& context, const Node& node) {
  const bool computed = !context.hasInput(node, 1) || !context.isConstant(node.input(1));
  if (computed || context.constant(node, 1).dims.size() > 2) return matrixProduct(context, node);
  const Value source = context.anyValue(node, 0);
  const bool vector = source.flat || (source.box.empty() && context.shapeOf(source).isVector() && source.order == Order::ChannelsFirst);
  if (!vector) return context.define(node, alongLast(context, node, source, context.constant(node, 1)));
  Value result;
  result.node = addDense(context, node, source, context.constant(node, 1), false, 1.0f, {0.0f});
  result.flat = true;
  result.batchless = source.batchless;
  context.define(node, result);
}

}  // namespace

bool neverNegative(const ImportContext& context, int layer) {
  constexpr std::string_view kHandOn =
      "add multiply concat reshape flatten rearrange select slice dropout zero-pad global-average-pool max-pool";
  const Draft& draft = context.drafts[std::size_t(layer)];
  const nn::Activation activation = draft.layer->activation();
  const bool rectified = activation == nn::Activation::Relu || activation == nn::Activation::Relu6;
  const bool share = activation == nn::Activation::Sigmoid || activation == nn::Activation::HardSigmoid || draft.spec.type == "softmax";
  if (rectified || share || draft.spec.type == "input") return true;
  if (!holds(kHandOn, draft.spec.type)) return false;
  return std::all_of(draft.spec.inputs.begin(), draft.spec.inputs.end(), [&](const std::string& input) {
    int before = layer;
    while (before-- > 0)
      if (context.drafts[std::size_t(before)].spec.name == input) break;
    return before >= 0 && neverNegative(context, before);
  });
}

// A convolution of one cell over the channels, once they are that.
Value alongLast(ImportContext& context, const Node& node, Value source, const Tensor& weights) {
  if (weights.dims.size() != 2) context.refuse(node, "its weights are not a matrix");
  std::vector<std::int64_t> dims = context.dimensionsOf(source);
  dims.erase(dims.begin());
  if (source.order == Order::ChannelsFirst) {
    const Value box = context.asBox(node, source);
    const std::int64_t last = dims.back(), others = std::int64_t(context.shapeOf(source).size()) / last;
    const std::int64_t rows = dims.size() == 3 ? dims.front() : 1;
    source.node = context.addCounted(node, "rearrange",
                                     {{"box", std::vector<std::int64_t>{others, last}},
                                      {"order", std::vector<std::int64_t>{1, 0}},
                                      {"shape", std::vector<std::int64_t>{last, rows, others / rows}}},
                                     {box.node});
    source.order = Order::ChannelsLast;
    source.line = dims.size() != 3;
    source.flat = false;
    source.box.clear();
  }
  const std::int64_t inputs = weights.dims[0], outputs = weights.dims[1];
  if (inputs != context.shapeOf(source).channels || outputs < 1)
    context.refuse(node, "its weights expect " + std::to_string(inputs) + " values at each place, and " +
                             std::to_string(context.shapeOf(source).channels) + " arrive");
  Value result = source;
  result.shared = false;
  result.node = context.addNode(node, context.nameFor(node, "conv"), "conv2d",
                                {{"filters", outputs}, {"kernel", std::vector<std::int64_t>{1}}}, {source.node});
  Draft& draft = context.drafts[std::size_t(result.node)];
  std::vector<float>& kernel = draft.blocks["kernel"];
  for (std::int64_t out = 0; out < outputs; ++out)
    for (std::int64_t in = 0; in < inputs; ++in) kernel.push_back(weights.values[std::size_t(in * outputs + out)]);
  draft.blocks["bias"].assign(std::size_t(outputs), 0.0f);
  if (dims.size() < 4) return result;
  dims.back() = outputs;
  result = context.asBox(node, result);
  result.box = dims;
  return result;
}

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
      {"Gemm", gemm, 3, "alpha beta transA transB", "broadcast"},
      {"MatMul", matMul, 2},
  };
  return table;
}

}  // namespace io::onnxfile
