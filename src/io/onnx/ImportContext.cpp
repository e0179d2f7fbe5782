#include "io/onnx/ImportContext.h"

#include <algorithm>
#include <cmath>

#include "io/onnx/Operators.h"
#include "nn/LayerCatalogue.h"

namespace io::onnxfile {

std::string ImportContext::spotOf(const Node& node) {
  const std::string name = !node.name().empty() ? node.name() : node.output_size() > 0 ? node.output(0) : std::string();
  return "node '" + cleaned(name) + "'" + (node.op_type().empty() ? "" : " (" + cleaned(node.op_type()) + ")");
}

Tensor ImportContext::constant(const Node& node, int input) const {
  if (!hasInput(node, input)) damaged(node, "input " + std::to_string(input + 1) + " is missing");
  const auto found = tensors.find(node.input(input));
  if (found == tensors.end()) {
    requireSource(node, input);
    refuse(node, "its input '" + cleaned(node.input(input)) + "' is computed, not a constant",
           "Export the model for inference, with its weights as constants");
  }
  return readTensor(*found->second, where);
}

// What is neither in the file nor an input of it nor computed by any node is missing.
void ImportContext::requireSource(const Node& node, int input) const {
  const std::string& name = node.input(input);
  const auto computes = [&](const Node& other) {
    return std::find(other.output().begin(), other.output().end(), name) != other.output().end();
  };
  const bool given = std::any_of(graph.input().begin(), graph.input().end(), [&](const auto& one) { return one.name() == name; });
  if (!given && !tensors.contains(name) && std::none_of(graph.node().begin(), graph.node().end(), computes))
    damaged(node, "its input '" + cleaned(name) + "' is neither in the file nor computed by anything");
}

std::vector<std::int64_t> ImportContext::integers(const Node& node, int input) const {
  if (!hasInput(node, input)) damaged(node, "input " + std::to_string(input + 1) + " is missing");
  const auto found = tensors.find(node.input(input));
  requireSource(node, input);
  if (found == tensors.end())
    refuse(node, "its input '" + cleaned(node.input(input)) + "' is computed from the image, which is not supported");
  std::vector<std::int64_t> values = readIntegers(*found->second, where);
  std::transform(values.begin(), values.end(), values.begin(), bounded);
  return values;
}

Value ImportContext::zeroPadded(const Node& node, Value source, const std::array<std::int64_t, 4>& sides) {
  source.node = addCounted(node, "zero-pad", {{"padding", std::vector<std::int64_t>(sides.begin(), sides.end())}}, {source.node});
  source.pads = {};
  source.shared = false;
  return source;
}

Value ImportContext::anyValue(const Node& node, int input) {
  const Value& found = padded(node, input);
  return found.pads == std::array<std::int64_t, 4>{} ? found : zeroPadded(node, found, found.pads);
}

Value ImportContext::value(const Node& node, int input) {
  return viewed(node, anyValue(node, input));
}

Value ImportContext::viewed(const Node& node, Value source) {
  if (source.box.empty()) return source;
  if (source.box.size() > 3) refuse(node, "it reads a tensor of " + std::to_string(source.box.size() + 1) + " dimensions");
  std::vector<std::int64_t> shape = source.box;
  source.flat = shape.size() == 1;
  source.line = shape.size() == 2;
  if (source.line) shape.insert(shape.begin() + 1, 1);
  shape.resize(3, 1);
  source.box.clear();
  if (source.flat) return source;
  const int layer = shaped(node, source, shape);
  source.shared = source.shared && layer == source.node;
  source.node = layer;
  return source;
}

int ImportContext::shaped(const Node& node, const Value& source, const std::vector<std::int64_t>& shape) {
  const nn::Shape now = shapeOf(source);
  if (std::vector<std::int64_t>{now.channels, now.height, now.width} == shape) return source.node;
  Draft& before = drafts[std::size_t(source.node)];
  const nn::NodeSpec wanted{{}, "reshape", {before.spec.name}, {{"shape", shape}}};
  for (std::size_t i = 0; i < drafts.size(); ++i)  // several may read it so
    if (drafts[i].spec.type == wanted.type && drafts[i].spec.inputs == wanted.inputs && drafts[i].spec.fields == wanted.fields)
      return int(i);
  if (before.spec.type != "rearrange" || source.shared) return addCounted(node, "reshape", wanted.fields, {source.node});
  before.spec.fields["shape"] = shape;
  remake(node, source.node);
  return source.node;
}

Value ImportContext::boxed(int layer, std::vector<std::int64_t> dims) {
  Value value;
  value.node = layer;
  value.batchless = dims.size() < 2 || dims.front() != 1;
  if (!value.batchless) dims.erase(dims.begin());
  value.box = std::move(dims);
  return value;
}

Value ImportContext::asBox(const Node& node, Value source) {
  const nn::Shape shape = shapeOf(source);
  const bool moves = source.order == Order::ChannelsLast && shape.channels > 1 && shape.size() > std::size_t(shape.channels);
  std::vector<std::int64_t> dims = dimensionsOf(source);
  dims.erase(dims.begin());
  if (moves) {
    // Channels last: only then they lie otherwise than here.
    source.node = addCounted(node, "rearrange",
                             {{"box", std::vector<std::int64_t>{shape.channels, std::int64_t(shape.height) * shape.width}},
                              {"order", std::vector<std::int64_t>{1, 0}},
                              {"shape", std::vector<std::int64_t>{shape.height, shape.width, shape.channels}}},
                             {source.node});
    source.shared = false;
  }
  source.order = Order::ChannelsFirst;
  source.flat = source.line = false;
  source.box = dims;
  return source;
}

const Value& ImportContext::padded(const Node& node, int input) const {
  if (!hasInput(node, input)) damaged(node, "input " + std::to_string(input + 1) + " is missing");
  const auto found = tensorValues.find(node.input(input));
  if (found == tensorValues.end() && isConstant(node.input(input))) {
    const bool alone =
        std::none_of(node.input().begin(), node.input().end(), [&](const auto& name) { return tensorValues.contains(name); });
    refuse(node,
           alone ? "it works on constants alone"
                 : "its input '" + cleaned(node.input(input)) + "' is a constant, and only a computed one is read",
           "Simplify the model before opening it");
  }
  for (const Node& other : graph.node()) {
    const auto& outputs = other.output();
    if (found != tensorValues.end() || &other == &node) break;
    if (std::find(outputs.begin(), outputs.end(), node.input(input)) != outputs.end())
      refuse(node,
             "its input '" + cleaned(node.input(input)) + "' is not the first output of " + spotOf(other) + ", and only that is read");
  }
  if (found == tensorValues.end()) damaged(node, "its input '" + cleaned(node.input(input)) + "' is computed by nothing before it");
  return found->second;
}

// The version of the standard's operators that the file was written for.
std::int64_t ImportContext::opset() const {
  for (const onnx::OperatorSetIdProto& set : model.opset_import())
    if (set.domain().empty() || set.domain() == "ai.onnx") return std::max<std::int64_t>(set.version(), 1);
  return 1;
}

std::size_t ImportContext::uses(const std::string& tensor) const {
  const auto found = useCounts.find(tensor);
  return found == useCounts.end() ? 0 : found->second;
}

void ImportContext::requireNew(const Node& node, int output) const {
  const std::string& tensor = node.output(output);
  if (tensorValues.contains(tensor)) damaged(node, "its output '" + cleaned(tensor) + "' is computed twice");
  if (isConstant(tensor)) damaged(node, "its output '" + cleaned(tensor) + "' is a constant of the file as well");
}

void ImportContext::define(const Node& node, Value value) {
  defineOutput(node, 0, std::move(value));
}

void ImportContext::defineOutput(const Node& node, int output, Value value) {
  const std::string& tensor = node.output(output);
  requireNew(node, output);
  value.shared = value.shared || uses(tensor) > 1;
  tensorValues[tensor] = value;
}

std::string ImportContext::uniqueName(const std::string& wish) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(drafts.begin(), drafts.end(), [&](const Draft& draft) { return draft.spec.name == name; });
  };
  if (!taken(wish)) return wish;
  for (int number = 2;; ++number) {
    const std::string name = wish + "-" + std::to_string(number);
    if (!taken(name)) return name;
  }
}

// The name that the layer had where it was trained ("conv1.weight" gives "conv1"), else a counted one.
std::string ImportContext::nameFor(const Node& node, const char* stem) {
  if (node.input_size() > 1 && isConstant(node.input(1))) {
    std::string weight = node.input(1);
    for (const char* ending : {".weight", ".kernel"}) {
      if (weight.ends_with(ending)) return uniqueName(cleaned(weight.substr(0, weight.size() - std::string_view(ending).size())));
    }
  }
  return uniqueName(stem + std::to_string(++counters[stem]));
}

int ImportContext::addNode(const Node& node, const std::string& name, const std::string& type, nn::Fields fields,
                           const std::vector<int>& inputs) {
  Draft draft;
  draft.spec.name = name;
  draft.spec.type = type;
  draft.spec.fields = std::move(fields);
  for (const int input : inputs) draft.spec.inputs.push_back(drafts[std::size_t(input)].spec.name);
  drafts.push_back(std::move(draft));
  remake(node, int(drafts.size()) - 1);
  return int(drafts.size()) - 1;
}

void ImportContext::remake(const Node& node, int index) {
  Draft& draft = drafts[std::size_t(index)];
  const nn::LayerType* type = nn::findLayerType(draft.spec.type);
  if (!type) refuse(node, "layers of type '" + draft.spec.type + "' are not in the catalogue");
  std::vector<nn::Shape> shapes;
  for (const std::string& input : draft.spec.inputs) {
    const auto source = std::find_if(drafts.begin(), drafts.end(), [&](const Draft& other) { return other.spec.name == input; });
    shapes.push_back(source->layer->outputShape());
  }
  std::vector<nn::Issue> issues;
  draft.layer = nn::createLayer(*type, draft.spec.name, draft.spec.fields, shapes, issues);
  if (!draft.layer)
    damaged(node, issues.empty() ? "its layer cannot be made" : issues.front().what, issues.empty() ? "" : issues.front().hint);
}

Value ImportContext::asVector(const Node& node, const Value& source) {
  if (shapeOf(source).isVector()) return source;
  Value result = asBox(node, source);
  result.box.clear();
  result.node = addNode(node, nameFor(Node(), "flatten"), "flatten", {}, {result.node});
  result.flat = true;
  return result;
}

Value ImportContext::asMap(const Node& node, const Value& source, bool takesChannelsLast) {
  if (source.flat && !shapeOf(source).isVector()) refuse(node, "it reads maps that were flattened before");
  if (!takesChannelsLast && source.order == Order::ChannelsLast && shapeOf(source).channels > 1)
    refuse(node, "it reads maps with the channels last");
  return source;
}

Draft* ImportContext::foldable(const Value& value, std::string_view type) {
  Draft& draft = drafts[std::size_t(value.node)];
  if (value.shared || draft.spec.type != type || draft.layer->activation() != nn::Activation::None) return nullptr;
  return &draft;
}

void ImportContext::define(const Node& node, const Value& like, int layer) {
  Value result = like;
  result.node = layer;
  result.shared = false;
  result.pads = {};
  define(node, result);
}

int ImportContext::addCounted(const Node& node, const std::string& type, nn::Fields fields, const std::vector<int>& inputs) {
  return addNode(node, uniqueName(type + std::to_string(++counters[type])), type, std::move(fields), inputs);
}

// The node that reads a node's output, if there is only one and it makes one tensor.
const Node* ImportContext::onlyReader(const Node& node) const {
  if (node.output_size() == 0 || uses(node.output(0)) != 1) return nullptr;
  for (const Node& other : graph.node()) {
    const bool reads = std::find(other.input().begin(), other.input().end(), node.output(0)) != other.input().end();
    if (reads) return other.output_size() == 1 && isStandard(other) && !skipped.contains(&other) ? &other : nullptr;
  }
  return nullptr;
}

// The one number that a node with two inputs joins to this tensor; NaN where there is none.
float ImportContext::numberBeside(const Node& node, const std::string& tensor) const {
  if (node.input_size() != 2) return std::nanf("");
  const int which = node.input(0) == tensor ? 1 : 0;
  if (!isConstant(node.input(which))) return std::nanf("");
  const onnx::TensorProto& proto = *tensors.at(node.input(which));
  if (!isNumeric(proto) || std::any_of(proto.dims().begin(), proto.dims().end(), [](std::int64_t size) { return size != 1; }))
    return std::nanf("");
  const Tensor number = constant(node, which);
  return number.values.size() == 1 ? number.values[0] : std::nanf("");
}

std::vector<std::int64_t> ImportContext::dimensionsOf(const Value& source) const {
  const nn::Shape shape = shapeOf(source);
  if (!source.box.empty()) {
    std::vector<std::int64_t> dims = source.box;
    dims.insert(dims.begin(), 1);
    return dims;
  }
  if (source.flat) return {1, std::int64_t(shape.size())};
  if (source.line && source.order == Order::ChannelsLast) return {1, shape.width, shape.channels};
  if (source.line) return {1, shape.channels, shape.width};
  if (source.order == Order::ChannelsLast) return {1, shape.height, shape.width, shape.channels};
  return {1, shape.channels, shape.height, shape.width};
}

std::vector<std::int64_t> ImportContext::writtenDimensionsOf(const Value& source) const {
  std::vector<std::int64_t> dims = dimensionsOf(source);
  if (source.batchless) dims.erase(dims.begin());
  return dims;
}

std::int64_t ImportContext::axisOf(const Node& node, const Value& source, std::int64_t axis) const {
  const std::int64_t left = source.batchless ? 1 : 0, rank = rankOf(source) - left;
  const std::int64_t found = (axis < 0 ? axis + rank : axis) + left;
  if (found < left || found >= rank + left) refuse(node, "its axis is out of range");
  return found;
}

}  // namespace io::onnxfile
