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
  Tensor slopes = context.constant(node, 1);
  const std::size_t channels = std::size_t(context.shapeOf(source).channels), count = slopes.values.size();
  // The standard lines dimensions up from the last one on: one number for each channel must stand in the channels' place.
  const std::int64_t behind = source.flat || source.order == Order::ChannelsLast ? 0 : context.rankOf(source) - 2;
  const auto place = std::int64_t(slopes.dims.size()) - 1 - behind;
  const bool ofChannels = context.opset() < 7 && slopes.dims.size() == 1 && count == channels;  // before dimensions were lined up
  if (count != 1 && !ofChannels && (count != channels || place < 0 || slopes.dims[std::size_t(place)] != std::int64_t(count))) {
    // Each cell has a slope of its own: what is positive, less what is negative times that.
    Value both = source;
    both.shared = true;
    const Value negative = activated(context, node, scaled(context, node, both, {-1}, {0}), nn::Activation::Relu);
    for (float& slope : slopes.values) slope = -slope;
    const Value sloped = scaledBy(context, node, negative, slopes, {{}, {}, {0}});
    return context.define(node, sum(context, node, {activated(context, node, both, nn::Activation::Relu), sloped}));
  }
  const int layer = context.addCounted(node, "prelu", {{"shared", count == 1 && channels != 1}}, {source.node});
  context.drafts[std::size_t(layer)].blocks["slope"] = slopes.values;
  context.define(node, source, layer);
}

// One kernel for each pair of maps, with zeros between groups, and between the cells of kernels that are spread.
std::vector<float> spreadKernel(const Tensor& weights, std::int64_t groups, const std::vector<std::int64_t>& dilation,
                                std::array<std::int64_t, 2>& size) {
  const std::int64_t inputs = weights.dims[0], each = weights.dims[1], rows = weights.dims[2], columns = weights.dims[3];
  size = {(rows - 1) * dilation[0] + 1, (columns - 1) * dilation[1] + 1};
  const std::int64_t outputs = each * groups;
  std::vector<float> kernel(std::size_t(inputs * outputs * size[0] * size[1]), 0.0f);
  for (std::int64_t in = 0; in < inputs; ++in)
    for (std::int64_t out = 0; out < each; ++out)
      for (std::int64_t y = 0; y < rows; ++y)
        for (std::int64_t x = 0; x < columns; ++x) {
          const std::int64_t target = in / (inputs / groups) * each + out;
          kernel[std::size_t(((in * outputs + target) * size[0] + y * dilation[0]) * size[1] + x * dilation[1])] =
              weights.values[std::size_t(((in * each + out) * rows + y) * columns + x)];
        }
  return kernel;
}

// Of rows or columns: how much is cut off before and behind the full result, and how many are added behind it.
struct Cut {
  std::int64_t before = 0, after = 0, extra = 0;
};

std::array<Cut, 2> cutsOf(const ImportContext& context, const Node& node, const nn::Shape& from, const std::array<std::int64_t, 2>& kernel,
                          const std::vector<std::int64_t>& stride) {
  const std::vector<std::int64_t> pads = intsAttribute(node, "pads", {0, 0, 0, 0}), extra = intsAttribute(node, "output_padding", {0, 0});
  std::vector<std::int64_t> shape = intsAttribute(node, "output_shape", {});
  const std::string automatic = textAttribute(node, "auto_pad", "NOTSET");
  const bool same = automatic.starts_with("SAME");
  if (pads.size() != 4 || extra.size() != 2 || (!shape.empty() && shape.size() < 2)) context.refuse(node, "its padding is out of range");
  if (shape.size() > 2) shape.erase(shape.begin(), shape.end() - 2);  // some say batch and channels, too
  std::array<Cut, 2> cuts;
  for (const std::size_t i : {0, 1}) {
    const std::int64_t size = i == 0 ? from.height : from.width, full = (size - 1) * stride[i] + kernel[i] + extra[i];
    cuts[i] = {pads[i], pads[i + 2], extra[i]};
    if (automatic == "VALID") cuts[i] = {0, 0, extra[i]};
    if (!same && shape.empty()) continue;
    const std::int64_t all = full - (shape.empty() ? size * stride[i] : shape[i]), half = all / 2;
    const bool lessBefore = automatic == "SAME_UPPER";
    cuts[i] = {lessBefore ? half : all - half, lessBefore ? all - half : half, extra[i]};
    if (all < 0) cuts[i] = {0, 0, extra[i] - all};
  }
  return cuts;
}

void transposedConvolution(ImportContext& context, const Node& node) {
  Value source = context.asMap(node, context.value(node, 0));
  const nn::Shape from = context.shapeOf(source);
  Tensor weights = context.constant(node, 1);
  std::vector<std::int64_t> stride = intsAttribute(node, "strides", {1, 1}), dilation = intsAttribute(node, "dilations", {1, 1});
  if (weights.dims.size() != 4) context.refuse(node, "only two-dimensional transposed convolution is supported");
  requireKernelShape(context, node, weights, false);
  const std::int64_t groups = intAttribute(node, "group", 1);
  if (weights.dims[0] != from.channels || weights.dims[1] < 1 || groups < 1 || from.channels % groups != 0)
    context.refuse(node, "its kernels expect other channels than the " + std::to_string(from.channels) + " that its input has");
  for (const auto* list : {&stride, &dilation})
    if (list->size() != 2 || *std::min_element(list->begin(), list->end()) < 1 || *std::max_element(list->begin(), list->end()) > 4096)
      context.refuse(node, "its stride or dilation is out of range");
  std::array<std::int64_t, 2> kernel{};
  std::vector<float> values = spreadKernel(weights, groups, dilation, kernel);
  const std::array<Cut, 2> cuts = cutsOf(context, node, from, kernel, stride);
  // What is cut off less below and right is output padding; what does not fit that is cut off, or added, by a layer of its own.
  std::vector<std::int64_t> padding, added;
  bool fits = true;
  for (const std::size_t i : {0, 1}) {
    const Cut& cut = cuts[i];
    fits = fits && cut.before >= 0 && cut.before >= cut.after - cut.extra && cut.extra + cut.before - cut.after < stride[i];
  }
  for (const std::size_t i : {0, 1}) {
    padding.push_back(fits ? cuts[i].before : 0);
    added.push_back(fits ? cuts[i].extra + cuts[i].before - cuts[i].after : 0);
    if (!fits && (cuts[i].before < 0 || cuts[i].extra > cuts[i].after))
      context.refuse(node, "its padding differs from side to side in a way that is not supported");
  }
  const std::int64_t filters = weights.dims[1] * groups;
  nn::Fields fields{{"filters", filters},      {"kernel", std::vector{kernel[0], kernel[1]}},
                    {"stride", stride},        {"padding", padding},
                    {"output-padding", added}, {"bias", context.hasInput(node, 2)}};
  Value result = source;
  result.shared = false;
  result.node = context.addNode(node, context.nameFor(node, "deconv"), "transposed-conv2d", std::move(fields), {source.node});
  Draft& draft = context.drafts[std::size_t(result.node)];
  draft.blocks["kernel"] = std::move(values);
  if (context.hasInput(node, 2)) {
    draft.blocks["bias"] = context.constant(node, 2).values;
    if (draft.blocks["bias"].size() != std::size_t(filters)) context.refuse(node, "its bias does not have one value per filter");
  }
  for (const std::size_t i : {0, 1}) {
    if (fits) continue;
    const nn::Shape shape = context.shapeOf(result);
    const std::int64_t count = (i == 0 ? shape.height : shape.width) - cuts[i].before - cuts[i].after + cuts[i].extra;
    if (count < 1) context.refuse(node, "its padding leaves nothing");
    result.node = context.addCounted(
        node, "slice", {{"axis", std::string(i == 0 ? "rows" : "columns")}, {"first", cuts[i].before}, {"count", count}}, {result.node});
  }
  context.define(node, result);
}

// Where only some dimensions are resized: the others stay.
template <typename Number>
std::vector<Number> ofAllAxes(const ImportContext& context, const Node& node, const Value& source, const std::vector<Number>& given,
                              std::vector<Number> all) {
  const std::vector<std::int64_t> axes = intsAttribute(node, "axes", {});
  if (axes.empty() || given.empty()) return given;
  if (axes.size() != given.size()) context.refuse(node, "its numbers do not fit");
  for (std::size_t i = 0; i < axes.size(); ++i) all[std::size_t(context.axisOf(node, source, axes[i]))] = given[i];
  return all;
}

// What is wanted of rows and columns, in this order.
std::array<ResizedSide, 2> resizedSides(const ImportContext& context, const Node& node, const Value& source) {
  const bool old = node.op_type() == "Upsample" || context.opset() < 11;
  const int place = old ? 1 : 2;
  const std::vector<std::int64_t> dims = context.dimensionsOf(source);
  const std::size_t rows = source.order == Order::ChannelsLast ? 1 : 2;
  std::vector<float> scales = floatsAttribute(node, "scales");
  if (context.hasInput(node, place) && scales.empty()) scales = context.constant(node, place).values;
  scales = ofAllAxes(context, node, source, scales, std::vector<float>(dims.size(), 1.0f));
  std::vector<std::int64_t> sizes;
  if (scales.empty() && context.hasInput(node, 3)) sizes = ofAllAxes(context, node, source, context.integers(node, 3), dims);
  const std::size_t given = std::max(scales.size(), sizes.size());
  bool onlyMaps = given == 4 && dims.size() == 4;
  for (std::size_t i = 0; onlyMaps && i < 4; ++i)
    if (i != rows && i != rows + 1) onlyMaps = sizes.empty() ? scales[i] == 1 : i == 0 || sizes[i] == dims[i];
  if (!onlyMaps) context.refuse(node, "only rows and columns can be resized");
  std::array<ResizedSide, 2> sides;
  for (const std::size_t i : {0, 1}) {
    ResizedSide& side = sides[i];
    side.from = dims[rows + i];
    side.size = sizes.empty() ? std::int64_t(std::floor(double(side.from) * double(scales[rows + i]))) : sizes[rows + i];
    side.scale = sizes.empty() ? double(scales[rows + i]) : double(side.size) / double(side.from);
    if (side.size < 1 || side.size > 65536 || !(side.scale > 0)) context.refuse(node, "its size is out of range");
  }
  return sides;
}

// Resize, and Upsample of older files.
void resize(ImportContext& context, const Node& node) {
  const Value source = context.asMap(node, context.value(node, 0), true);
  const std::array<ResizedSide, 2> sides = resizedSides(context, node, source);
  const bool old = node.op_type() == "Upsample" || context.opset() < 11;
  const std::string mode = textAttribute(node, "mode", "nearest");
  const std::string position = textAttribute(node, "coordinate_transformation_mode", old ? "asymmetric" : "half_pixel");
  // By whole factors, nearest neighbors with half pixels fall where those counted from the corner fall, rounded down.
  const std::string rounding = textAttribute(node, "nearest_mode", old ? "floor" : "round_prefer_floor");
  const bool nearest = mode == "nearest", linear = mode == "linear" || mode == "bilinear", cubic = mode == "cubic";
  const bool knownPlace = position == "half_pixel" || position == "asymmetric" || position == "align_corners" ||
                          position == "pytorch_half_pixel" || (nearest && position == "tf_half_pixel_for_nn");
  const bool smaller = sides[0].scale < 1 || sides[1].scale < 1;
  if (intAttribute(node, "antialias", 0) != 0 && smaller && !nearest)
    context.refuse(node, "it smooths what it makes smaller (antialias), which is not supported", "Export the model without antialias");
  if ((!nearest && !linear && !cubic) || !knownPlace)
    context.refuse(node, "resizing by \"" + cleaned(mode) + "\" with \"" + cleaned(position) + "\" is not supported",
                   "Use nearest, or bilinear with align_corners=False");
  const auto whole = [](const ResizedSide& side) {
    return side.scale >= 1 && side.scale <= 64 && side.scale == std::floor(side.scale) && side.size == side.from * std::int64_t(side.scale);
  };
  const bool plainNearest = nearest && ((position == "asymmetric" && rounding == "floor") ||
                                        (position.ends_with("half_pixel") && rounding.starts_with("round_prefer")));
  const bool plainLinear = linear && position.ends_with("half_pixel");
  if (whole(sides[0]) && whole(sides[1]) && (plainNearest || plainLinear)) {
    const std::vector<std::int64_t> factors{std::int64_t(sides[0].scale), std::int64_t(sides[1].scale)};
    const std::string way = nearest ? "nearest" : "bilinear";
    return context.define(node, source, context.addCounted(node, "upsample", {{"factor", factors}, {"mode", way}}, {source.node}));
  }
  if (nearest) {
    Value result = source;
    for (const std::size_t i : {0, 1}) result = resizedToNearest(context, node, result, i + 1, sides[i], position, rounding);
    return context.define(node, result);
  }
  std::string centers = position;
  std::replace(centers.begin(), centers.end(), '_', '-');
  nn::Fields fields{{"size", std::vector<std::int64_t>{sides[0].size, sides[1].size}},
                    {"mode", std::string(cubic ? "cubic" : "linear")},
                    {"centers", centers},
                    {"bend", double(floatAttribute(node, "cubic_coeff_a", -0.75f))},
                    {"exclude-outside", intAttribute(node, "exclude_outside", 0) != 0},
                    {"scale-rows", sides[0].scale},
                    {"scale-columns", sides[1].scale}};
  context.define(node, source, context.addCounted(node, "resize", std::move(fields), {source.node}));
}

struct Sampling {
  std::string mode, padding;
  bool corners = false;  // whether -1 and 1 are the middles of the outermost cells, not their ends
};

// Which cells of a side of so many are drawn in at a place from -1 to 1, and with which weight.
std::vector<std::pair<std::int64_t, double>> tapsAt(double at, std::int64_t size, const Sampling& how) {
  const double last = double(size - 1), low = how.corners ? 0 : -0.5, high = how.corners ? last : last + 0.5;
  const auto inside = [&](double place) {
    if (how.padding == "reflection" && high > low) {
      const double round = std::fmod(std::abs(place - low), 2 * (high - low));
      place = low + std::min(round, 2 * (high - low) - round);
    }
    return how.padding == "zeros" ? place : std::clamp(place, 0.0, last);
  };
  const double place = how.corners ? (at + 1) / 2 * last : ((at + 1) * double(size) - 1) / 2;
  std::vector<std::pair<double, double>> taps;
  if (how.mode == "nearest") {
    taps = {{inside(std::nearbyint(place)), 1}};
  } else if (how.mode.ends_with("cubic")) {
    const double below = std::floor(place), t = place - below, a = -0.75;  // Keys 1981
    const auto near = [&](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
    const auto far = [&](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
    taps = {{inside(below - 1), far(t + 1)}, {inside(below), near(t)}, {inside(below + 1), near(1 - t)}, {inside(below + 2), far(2 - t)}};
  } else {
    const double within = inside(place), below = std::floor(within);
    taps = {{below, below + 1 - within}, {below + 1, within - below}};
  }
  std::vector<std::pair<std::int64_t, double>> cells;
  for (const auto& tap : taps)
    if (tap.first >= 0 && tap.first <= last && tap.second != 0) cells.emplace_back(std::int64_t(tap.first), tap.second);
  return cells;
}

// At places that the file gives: each value is a weighted sum of cells of its map, with the same weights for every map.
void gridSample(ImportContext& context, const Node& node) {
  const Value source = context.asMap(node, context.value(node, 0));
  const nn::Shape from = context.shapeOf(source);
  const Tensor grid = context.constant(node, 1);
  if (grid.dims.size() != 4 || grid.dims[3] != 2) context.refuse(node, "only maps can be sampled at places in them");
  const Sampling how{textAttribute(node, "mode", "linear"), textAttribute(node, "padding_mode", "zeros"),
                     intAttribute(node, "align_corners", 0) != 0};
  const std::int64_t cells = std::int64_t(from.height) * from.width, rows = grid.dims[1], columns = grid.dims[2];
  if (rows < 1 || columns < 1 || rows > (1 << 24) / columns / cells) context.refuse(node, "its grid has too many places");
  Tensor weights{{}, {cells, rows * columns}, {}};
  weights.values.assign(std::size_t(cells * rows * columns), 0.0f);
  for (std::int64_t i = 0; i < rows * columns; ++i)
    for (const auto& [y, down] : tapsAt(double(grid.values[std::size_t(2 * i + 1)]), from.height, how))
      for (const auto& [x, across] : tapsAt(double(grid.values[std::size_t(2 * i)]), from.width, how))
        weights.values[std::size_t((y * from.width + x) * rows * columns + i)] += float(down * across);
  Value box = context.asBox(node, source);
  box.box = {from.channels, cells};
  context.define(node,
                 ImportContext::boxed(context.asBox(node, alongLast(context, node, box, weights)).node, {1, from.channels, rows, columns}));
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

std::span<const Operator> mapOperators() {
  static const std::vector<Operator> table{
      {"ConvTranspose", transposedConvolution, 3, "auto_pad dilations group kernel_shape output_padding output_shape pads strides"},
      {"PRelu", prelu, 2},
      // What is said of what lies outside is for a way of resizing that is not read.
      {"Resize", resize, 4, "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside mode nearest_mode",
       "extrapolation_value", "keep_aspect_ratio_policy"},
      {"Upsample", resize, 2, "mode scales"},
      {"GridSample", gridSample, 2, "align_corners mode padding_mode"},
      {"LRN", responseNorm, 1, "alpha beta bias size"},
  };
  return table;
}

}  // namespace io::onnxfile
