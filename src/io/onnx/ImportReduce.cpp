// Means, sums and the largest of whole maps, or of any other dimensions.
#include <algorithm>

#include "io/onnx/ImportContext.h"
#include "io/onnx/OperatorParts.h"
#include "io/onnx/Operators.h"

namespace io::onnxfile {

namespace {

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

// Sums are means times as many as there are.
Value timesCount(ImportContext& context, const Node& node, const Value& mean, double count) {
  const bool isSum = node.op_type() != "ReduceMean" && node.op_type() != "ReduceMax" && node.op_type() != "ReduceMin";
  return isSum ? scaled(context, node, mean, {float(count)}, {0.0f}) : mean;
}

// What is reduced of others than sums, means and the largest: a function of each value before.
Value beforeReduction(ImportContext& context, const Node& node, const Value& source) {
  const std::string& op = node.op_type();
  if (op == "ReduceL2" || op == "ReduceSumSquare") return functionLayer(context, node, source, "power", 2);
  if (op == "ReduceL1") return functionLayer(context, node, source, "abs");
  if (op == "ReduceLogSumExp") return functionLayer(context, node, source, "exp");
  return op == "ReduceMin" ? scaledBy(context, node, source, {{}, {}, {-1}}, {{}, {}, {0}}) : source;
}

// And one of the result.
Value afterReduction(ImportContext& context, const Node& node, const Value& result) {
  const std::string& op = node.op_type();
  if (op == "ReduceL2") return functionLayer(context, node, result, "power", 0.5);
  if (op == "ReduceLogSum" || op == "ReduceLogSumExp") return functionLayer(context, node, result, "log");
  return op == "ReduceMin" ? scaledBy(context, node, result, {{}, {}, {-1}}, {{}, {}, {0}}) : result;
}

// Of all rows and columns it is global pooling; else what is reduced is brought to rows and columns before.
void reduce(ImportContext& context, const Node& node) {
  if (node.op_type() == "ReduceMean" && layerNorm(context, node)) return;
  const Value source = beforeReduction(context, node, context.anyValue(node, 0));
  std::vector<std::int64_t> axes = context.hasInput(node, 1) ? context.integers(node, 1) : intsAttribute(node, "axes", {});
  if (axes.empty() && intAttribute(node, "noop_with_empty_axes", 0) != 0)
    return context.define(node, afterReduction(context, node, source));
  for (std::int64_t& axis : axes) axis = context.axisOf(node, source, axis);
  std::vector<std::int64_t> dims = context.dimensionsOf(source);
  if (axes.empty())
    for (std::size_t i = 1; i < dims.size(); ++i) axes.push_back(std::int64_t(i));
  std::sort(axes.begin(), axes.end());
  if (axes.front() == 0) context.refuse(node, "it reduces the batch, of which one image is computed");
  const bool keeps = intAttribute(node, "keepdims", 1) != 0, last = source.order == Order::ChannelsLast;
  const char* type = node.op_type() == "ReduceMax" || node.op_type() == "ReduceMin" ? "max-pool" : "global-average-pool";
  std::vector<std::int64_t> maps{2, 3};
  if (source.line) maps = {2};
  if (last) maps = {1, 2};
  std::int64_t count = 1;
  std::vector<std::int64_t> kept, rest;  // sides of the box, and its dimensions afterwards
  Value result = source;
  result.shared = false;
  for (std::int64_t i = 1; i < std::int64_t(dims.size()); ++i) {
    const bool reduced = std::find(axes.begin(), axes.end(), i) != axes.end();
    if (!reduced) kept.push_back(i - 1);
    if (reduced) count *= dims[std::size_t(i)];
    if (!reduced || keeps) rest.push_back(reduced ? 1 : dims[std::size_t(i)]);
  }
  if (axes == maps && !source.flat && source.box.empty() && !(source.line && last)) {
    result.node = addWholePool(context, node, source.node, type);
    result.order = keeps ? source.order : Order::ChannelsFirst;
    result.flat = !keeps;
    result.line = keeps && source.line;
    return context.define(node, afterReduction(context, node, timesCount(context, node, result, double(count))));
  }
  const Value box = context.asBox(node, source);
  std::vector<std::int64_t> order = kept;
  for (const std::int64_t axis : axes) order.push_back(axis - 1);
  const std::vector<std::int64_t> shape{std::int64_t(context.shapeOf(source).size()) / count, 1, count};
  result.node = context.addCounted(node, "rearrange", {{"box", box.box}, {"order", order}, {"shape", shape}}, {box.node});
  result.node = addWholePool(context, node, result.node, type);
  result.order = Order::ChannelsFirst;
  result.flat = rest.size() <= 1;
  result.line = false;
  result.box.clear();
  result = timesCount(context, node, result, double(count));
  if (!result.flat) result.box = rest;
  context.define(node, afterReduction(context, node, result));
}

}  // namespace

std::span<const Operator> reduceOperators() {
  constexpr std::string_view kSaid = "axes keepdims noop_with_empty_axes";
  static const std::vector<Operator> table{
      {"GlobalAveragePool", globalPool},  {"GlobalMaxPool", globalPool},         {"ReduceMean", reduce, 2, kSaid},
      {"ReduceMax", reduce, 2, kSaid},    {"ReduceMin", reduce, 2, kSaid},       {"ReduceSum", reduce, 2, kSaid},
      {"ReduceL1", reduce, 2, kSaid},     {"ReduceL2", reduce, 2, kSaid},        {"ReduceSumSquare", reduce, 2, kSaid},
      {"ReduceLogSum", reduce, 2, kSaid}, {"ReduceLogSumExp", reduce, 2, kSaid},
  };
  return table;
}

}  // namespace io::onnxfile
