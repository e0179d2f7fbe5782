// Layers that change the size of maps or join them without weights, and those with weights that are rarer than convolutions.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

void prelu(ImportContext& context, const Node& node) {
  const Value source = context.value(node, 0);
  const Tensor slopes = context.constant(node, 1);
  const std::size_t channels = std::size_t(context.shapeOf(source).channels), count = slopes.values.size();
  if (count != 1 && count != channels) context.refuse(node, "its slopes are neither one number nor one for each channel");
  // The standard lines dimensions up from the last one on: one number for each channel must stand in the channels' place.
  const std::int64_t behind = source.flat || source.order == Order::ChannelsLast ? 0 : context.rankOf(source) - 2;
  const auto place = std::int64_t(slopes.dims.size()) - 1 - behind;
  if (count > 1 && (place < 0 || slopes.dims[std::size_t(place)] != std::int64_t(count)))
    context.refuse(node, "its slopes differ within a map");
  const int layer = context.addCounted(node, "prelu", {{"shared", count == 1 && channels != 1}}, {source.node});
  context.drafts[std::size_t(layer)].blocks["slope"] = slopes.values;
  context.define(node, source, layer);
}

void transposedConvolution(ImportContext& context, const Node& node) {
  const Value source = context.asMap(node, context.value(node, 0));
  const nn::Shape from = context.shapeOf(source);
  const Tensor weights = context.constant(node, 1);
  if (weights.dims.size() != 4) context.refuse(node, "only two-dimensional transposed convolution is supported");
  requireKernelShape(context, node, weights, false);
  if (intAttribute(node, "group", 1) != 1) context.refuse(node, "transposed convolution in groups is not supported", "Use one group");
  if (weights.dims[0] != from.channels || weights.dims[1] < 1)
    context.refuse(node, "its kernels expect other channels than the " + std::to_string(from.channels) + " that its input has");
  for (const std::int64_t dilation : intsAttribute(node, "dilations", {1, 1}))
    if (dilation != 1) context.refuse(node, "dilation is not supported", "Use dilation 1");
  const std::vector<std::int64_t> pads = intsAttribute(node, "pads", {0, 0, 0, 0}), stride = intsAttribute(node, "strides", {1, 1}),
                                  extra = intsAttribute(node, "output_padding", {0, 0});
  const bool automatic = textAttribute(node, "auto_pad", "NOTSET") != "NOTSET" || !intsAttribute(node, "output_shape", {}).empty();
  if (automatic) context.refuse(node, "only explicit padding is supported", "Give pads and output_padding as numbers");
  if (pads.size() != 4 || stride.size() != 2 || extra.size() != 2 || pads[0] < pads[2] || pads[1] < pads[3])
    context.refuse(node, "its padding differs from side to side in a way that is not supported");
  // What is cut off less below and right is output padding.
  const std::vector<std::int64_t> added{extra[0] + pads[0] - pads[2], extra[1] + pads[1] - pads[3]};
  for (const std::size_t i : {0, 1})
    if (pads[i] != pads[i + 2] && added[i] >= stride[i])
      context.refuse(node, "its padding differs from side to side, and with its output_padding by a whole stride: that is not supported");
  nn::Fields fields{{"filters", weights.dims[1]}, {"kernel", std::vector{weights.dims[2], weights.dims[3]}},
                    {"stride", stride},           {"padding", std::vector{pads[0], pads[1]}},
                    {"output-padding", added},    {"bias", context.hasInput(node, 2)}};
  const int layer = context.addNode(node, context.nameFor(node, "deconv"), "transposed-conv2d", std::move(fields), {source.node});
  Draft& draft = context.drafts[std::size_t(layer)];
  draft.blocks["kernel"] = weights.values;
  if (context.hasInput(node, 2)) {
    draft.blocks["bias"] = context.constant(node, 2).values;
    if (draft.blocks["bias"].size() != std::size_t(weights.dims[1])) context.refuse(node, "its bias does not have one value per filter");
  }
  context.define(node, source, layer);
}

// Where only some dimensions are resized: the others stay.
std::vector<float> scalesOfAllAxes(const ImportContext& context, const Node& node, const std::vector<std::int64_t>& axes,
                                   const std::vector<float>& scales) {
  std::vector<float> all(4, 1.0f);
  if (axes.size() != scales.size()) context.refuse(node, "its numbers do not fit");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::int64_t axis = axes[i] < 0 ? axes[i] + 4 : axes[i];
    if (axis < 0 || axis > 3) context.refuse(node, "its axis is out of range");
    all[std::size_t(axis)] = scales[i];
  }
  return all;
}

// Resize, and Upsample of older files.
void resize(ImportContext& context, const Node& node) {
  const Value source = context.asMap(node, context.value(node, 0), true);
  const nn::Shape from = context.shapeOf(source);
  const bool old = node.op_type() == "Upsample" || context.opset() < 11;
  std::vector<float> scales;
  const int place = old ? 1 : 2;
  if (context.hasInput(node, place)) scales = context.constant(node, place).values;
  if (scales.empty() && context.hasInput(node, 3)) {
    const std::vector<std::int64_t> sizes = context.integers(node, 3);
    if (hasAttribute(node, "axes")) context.refuse(node, "only the sizes of all dimensions are supported", "Give scales instead");
    if (sizes.size() == 4 && source.order == Order::ChannelsFirst)
      scales = {1, float(sizes[1]) / float(from.channels), float(sizes[2]) / float(from.height), float(sizes[3]) / float(from.width)};
  }
  if (const std::vector<std::int64_t> axes = intsAttribute(node, "axes", {}); !axes.empty())
    scales = scalesOfAllAxes(context, node, axes, scales);
  const std::size_t rows = source.order == Order::ChannelsLast ? 1 : 2;
  if (scales.size() != 4 || scales[0] != 1 || scales[rows == 1 ? 3 : 1] != 1) context.refuse(node, "only rows and columns can be resized");
  const std::string mode = textAttribute(node, "mode", "nearest");
  const std::string position = textAttribute(node, "coordinate_transformation_mode", old ? "asymmetric" : "half_pixel");
  // By whole factors, nearest neighbors with half pixels fall where those counted from the corner fall, rounded down.
  const std::string rounding = textAttribute(node, "nearest_mode", old ? "floor" : "round_prefer_floor");
  const bool nearest = mode == "nearest" && ((position == "asymmetric" && rounding == "floor") ||
                                             (position.ends_with("half_pixel") && rounding.starts_with("round_prefer")));
  const bool bilinear = (mode == "linear" || mode == "bilinear") && position.ends_with("half_pixel");
  if (!nearest && !bilinear)
    context.refuse(node, "resizing by \"" + cleaned(mode) + "\" with \"" + cleaned(position) + "\" is not supported",
                   "Use nearest, or bilinear with align_corners=False");
  std::vector<std::int64_t> factors;
  for (const std::size_t axis : {rows, rows + 1}) {
    const float factor = scales[axis];
    if (!(factor >= 1 && factor <= 64) || factor != std::floor(factor))
      context.refuse(node, "only enlarging by whole numbers is supported");
    factors.push_back(std::int64_t(factor));
  }
  context.define(
      node, source,
      context.addCounted(node, "upsample", {{"factor", factors}, {"mode", std::string(nearest ? "nearest" : "bilinear")}}, {source.node}));
}

// Part of the maps, rows or columns: one axis after the other.
void slice(ImportContext& context, const Node& node) {
  const Value source = context.value(node, 0);
  const std::vector<std::int64_t> starts = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "starts", {}),
                                  ends = context.hasInput(node, 2) ? context.integers(node, 2) : intsAttribute(node, "ends", {});
  std::vector<std::int64_t> axes = context.hasInput(node, 3) ? context.integers(node, 3) : intsAttribute(node, "axes", {});
  const std::vector<std::int64_t> steps =
      context.hasInput(node, 4) ? context.integers(node, 4) : std::vector<std::int64_t>(starts.size(), 1);
  if (axes.empty())
    for (std::size_t i = 0; i < starts.size(); ++i) axes.push_back(std::int64_t(i));
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    context.refuse(node, "its numbers do not fit");
  const std::int64_t rank = context.rankOf(source);
  int layer = source.node;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::int64_t axis = axes[i] < 0 ? axes[i] + rank : axes[i];
    if (axis < 0 || axis >= rank) context.refuse(node, "its axis is out of range");
    if (axis == 0 && starts[i] == 0 && ends[i] >= std::numeric_limits<std::int32_t>::max() && steps[i] == 1) continue;
    const bool ofFlattenedMaps = source.flat && !context.shapeOf(source).isVector();
    if (axis == 0 || steps[i] != 1 || ofFlattenedMaps) context.refuse(node, "only whole pieces of channels, rows or columns can be taken");
    const bool last = source.order == Order::ChannelsLast && !source.flat;
    const bool alongLine = source.line && axis == 2;
    const std::size_t kind = alongLine ? 3 : last ? std::array<std::size_t, 4>{0, 2, 3, 1}[std::size_t(axis)] : std::size_t(axis);
    const nn::Shape& shape = context.drafts[std::size_t(layer)].layer->outputShape();
    const std::int64_t size = kind == 1 ? shape.channels : kind == 2 ? shape.height : shape.width;
    const auto within = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size); };
    const std::int64_t first = within(starts[i]), count = within(ends[i]) - first;
    if (count < 1) context.refuse(node, "it takes nothing");
    const char* names[] = {"", "channels", "rows", "columns"};
    layer = context.addCounted(node, "slice", {{"axis", std::string(names[kind])}, {"first", first}, {"count", count}}, {layer});
  }
  context.define(node, source, layer);
}

void responseNorm(ImportContext& context, const Node& node) {
  const Value source = context.value(node, 0);
  if (source.flat || (source.order == Order::ChannelsLast && context.shapeOf(source).channels > 1))
    context.refuse(node, "it does not read maps");
  const nn::Fields fields{{"size", intAttribute(node, "size", 1)},
                          {"alpha", double(floatAttribute(node, "alpha", 1e-4f))},
                          {"beta", double(floatAttribute(node, "beta", 0.75f))},
                          {"k", double(floatAttribute(node, "bias", 1))}};
  if (intAttribute(node, "size", 1) % 2 == 0) context.refuse(node, "only an odd number of neighboring maps is supported");
  context.define(node, source, context.addCounted(node, "local-response-norm", fields, {source.node}));
}

}  // namespace

// (x - mean) / sqrt(mean((x - mean)^2) + epsilon) * scale + bias, written as nine nodes, of which this is the first.
bool layerNorm(ImportContext& context, const Node& node) {
  const auto reader = [&](const Node* before, const char* op) -> const Node* {
    const Node* found = before ? context.onlyReader(*before) : nullptr;
    return found && found->op_type() == op ? found : nullptr;
  };
  const auto axesOf = [&](const Node& mean) {
    return context.hasInput(mean, 1) ? context.integers(mean, 1) : intsAttribute(mean, "axes", {});
  };
  const Node* centered = reader(&node, "Sub");
  if (!centered || centered->input_size() != 2 || centered->input(0) != node.input(0)) return false;
  const Node* square = nullptr;
  for (const Node& other : context.graph.node()) {
    const bool reads = other.input_size() == 2 && other.output_size() == 1 && other.input(0) == centered->output(0);
    const bool squares = reads && isStandard(other) &&
                         ((other.op_type() == "Mul" && other.input(1) == other.input(0)) ||
                          (other.op_type() == "Pow" && context.numberBeside(other, other.input(0)) == 2));
    if (squares) square = &other;
  }
  const Node* variance = reader(square, "ReduceMean");
  const Node* raised = reader(variance, "Add");
  const Node* root = reader(raised, "Sqrt");
  const Node* normal = reader(root, "Div");
  const Node* scaled = reader(normal, "Mul");
  const Node* last = reader(scaled, "Add");
  if (!last || normal->input_size() != 2 || scaled->input_size() != 2 || last->input_size() != 2) return false;
  if (normal->input(0) != centered->output(0) || axesOf(*variance) != axesOf(node)) return false;
  const auto constantBeside = [&](const Node& joint, const Node& before) { return joint.input(0) == before.output(0) ? 1 : 0; };
  const int scalePlace = constantBeside(*scaled, *normal), biasPlace = constantBeside(*last, *scaled);
  const float epsilon = context.numberBeside(*raised, variance->output(0));
  if (!context.isConstant(scaled->input(scalePlace)) || !context.isConstant(last->input(biasPlace)) || !std::isfinite(epsilon))
    return false;
  const Value source = context.value(node, 0);
  const nn::Shape shape = context.shapeOf(source);
  const std::int64_t rank = source.flat ? 2 : 4;
  std::vector<std::int64_t> axes = axesOf(node);
  for (std::int64_t& axis : axes) axis += axis < 0 ? rank : 0;
  std::sort(axes.begin(), axes.end());
  const bool channelsLast = source.order == Order::ChannelsLast && !source.flat;
  const bool overChannels = axes == std::vector<std::int64_t>{channelsLast ? 3 : 1} && !(source.flat && !shape.isVector());
  const bool overAll = axes == (source.flat ? std::vector<std::int64_t>{1} : std::vector<std::int64_t>{1, 2, 3}) && !channelsLast;
  const std::vector<float> scale = context.constant(*scaled, scalePlace).values, bias = context.constant(*last, biasPlace).values;
  const std::size_t count = overChannels ? std::size_t(shape.channels) : shape.size();
  if ((!overChannels && !overAll) || scale.size() != count || bias.size() != count) return false;
  const int layer = context.addCounted(
      node, "layer-norm", {{"over", std::string(overChannels ? "channels" : "all")}, {"epsilon", std::clamp(double(epsilon), 1e-12, 1.0)}},
      {source.node});
  context.drafts[std::size_t(layer)].blocks = {{"scale", scale}, {"bias", bias}};
  context.skipped.insert({centered, square, variance, raised, root, normal, scaled, last});
  context.define(*last, source, layer);
  return true;
}

// Two tensors that are both computed from the input.
void product(ImportContext& context, const Node& node) {
  const Value first = context.value(node, 0), second = context.value(node, 1);
  if (first.order != second.order || first.flat != second.flat) context.refuse(node, "its inputs lie in different orders");
  const bool gatedByFirst = context.shapeOf(first).isVector() && !context.shapeOf(second).isVector();
  context.define(node, gatedByFirst ? second : first, context.addCounted(node, "multiply", {}, {first.node, second.node}));
}

std::span<const Operator> mapOperators() {
  static const std::vector<Operator> table{
      {"ConvTranspose", transposedConvolution, 3, "auto_pad dilations group kernel_shape output_padding output_shape pads strides"},
      {"PRelu", prelu, 2},
      // What is said of making smaller, of cubic curves and of what lies outside is for ways of resizing that are not read.
      {"Resize", resize, 4, "axes coordinate_transformation_mode mode nearest_mode",
       "antialias cubic_coeff_a exclude_outside extrapolation_value", "keep_aspect_ratio_policy"},
      {"Upsample", resize, 2, "mode"},
      {"Slice", slice, 5, "axes ends starts"},
      {"LRN", responseNorm, 1, "alpha beta bias size"},
  };
  return table;
}

}  // namespace io::onnxfile
