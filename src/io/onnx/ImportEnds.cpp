// What a graph begins and ends with: constants, inputs, and the network that comes of it.
#include "io/onnx/ImportEnds.h"

#include <algorithm>

#include "io/onnx/ImportContext.h"
#include "io/onnx/InputRange.h"
#include "io/onnx/Operators.h"
#include "nn/Counted.h"

namespace io::onnxfile {

namespace {

constexpr std::size_t kMostReasons = 6;  // that are told
constexpr std::int64_t kOpen = -1;       // a dimension that the file leaves open; many programs write it so
constexpr std::int64_t kLargestDimension = 65536;
// Of ONNX, as they were when this was written.
constexpr std::int64_t kNewestOperators = 23;
constexpr std::int64_t kNewestFormat = 11;

// Three dimensions are gray pictures, unless a layer of signals reads them: then channels of values, as maps of one row.
bool isLine(const ImportContext& context, const std::string& input) {
  constexpr std::string_view kLayers = "Conv MaxPool AveragePool BatchNormalization GlobalAveragePool Pad";
  return std::any_of(context.graph.node().begin(), context.graph.node().end(),
                     [&](const Node& node) { return node.input_size() > 0 && node.input(0) == input && holds(kLayers, node.op_type()); });
}

// The nodes that read an input say how its images lie; else a last dimension of one or three.
bool hasChannelsLast(ImportContext& context, const std::string& input, const std::vector<std::int64_t>& dims) {
  constexpr std::string_view kChannelsFirst =
      "Conv ConvTranspose MaxPool AveragePool LRN PRelu GlobalAveragePool BatchNormalization Resize Upsample GlobalMaxPool "
      "InstanceNormalization GroupNormalization DepthToSpace SpaceToDepth";
  for (const Node& node : context.graph.node()) {
    if (node.input_size() == 0 || node.input(0) != input) continue;
    if (node.op_type() == "Transpose" && intsAttribute(node, "perm", {}) == std::vector<std::int64_t>{0, 3, 1, 2}) return true;
    if (holds(kChannelsFirst, node.op_type())) return false;
  }
  const bool guess = (dims[3] == 1 || dims[3] == 3) && dims[1] > 4;
  if (guess && dims[3] == 3) context.notes.push_back("its input '" + cleaned(input) + "' is taken for images with the channels last");
  return guess;
}

bool isWhole(std::int32_t type) {
  using Type = onnx::TensorProto;
  static const std::set<std::int32_t> kWhole{Type::INT8,  Type::INT16,  Type::INT32,  Type::INT64,
                                             Type::UINT8, Type::UINT16, Type::UINT32, Type::UINT64};
  return kWhole.contains(type);
}

// The numbers of a picture are 0 to 1, with fractions: what else an input takes, it gets those all the same, which is said.
void noteType(ImportContext& context, const std::string& input, std::int32_t type, const std::string& place) {
  using Type = onnx::TensorProto;
  static const std::set<std::int32_t> kWithFractions{Type::DOUBLE, Type::FLOAT16, Type::BFLOAT16};
  if (type == Type::FLOAT) return;
  const std::string known = Type::DataType_IsValid(type) ? Type::DataType_Name(Type::DataType(type)) : "";
  const std::string name = known.empty() ? "type " + std::to_string(type) : known;
  if (type == Type::UNDEFINED)
    context.notes.push_back("the file does not say which numbers " + input + " takes; 32-bit floats from 0 to 1 are assumed");
  else if (kWithFractions.contains(type))
    context.notes.push_back(input + " takes numbers of another length (" + name + "); here everything is computed with 32-bit floats");
  else if (isWhole(type))
    context.notes.push_back(input + " takes whole numbers (" + name + "): black is taken for 0 and white for 255");
  else if (type == Type::BOOL)
    context.notes.push_back(input + " takes only true and false (" + name +
                            "); here it gets the numbers of a picture, 0 to 1 with fractions");
  else
    throw nn::Error("it takes " + name + ", and a picture is made of plain numbers", place, "Export the model for 32-bit floats");
}

// Whether what reads it puts the batch before its dimensions first, or it has only one: then all of them are the image's.
bool isWithoutBatch(const ImportContext& context, const std::string& input, std::size_t dimensions) {
  if (dimensions == 1) return true;
  return std::any_of(context.graph.node().begin(), context.graph.node().end(), [&](const Node& node) {
    if (node.op_type() != "Unsqueeze" || node.input_size() == 0 || node.input(0) != input) return false;
    const bool constant = node.input_size() > 1 && context.isConstant(node.input(1));
    const std::vector<std::int64_t> axes = constant ? context.integers(node, 1) : intsAttribute(node, "axes", {});
    return std::find(axes.begin(), axes.end(), 0) != axes.end();
  });
}

// Of all dimensions but the first, the batch.
void requireSizes(const std::vector<std::int64_t>& dims, const std::string& place) {
  for (std::size_t i = 1; i < dims.size(); ++i) {
    if (dims[i] == kOpen)
      throw nn::Error("its size is not fixed", place, "Export the model with a fixed image size; only the batch may vary");
    const std::string said = "the file says that dimension " + std::to_string(i + 1) + " of it is " + std::to_string(dims[i]);
    if (dims[i] < 1) throw nn::Error(said + ", and a size is 1 or more", place, "Export the model with a fixed image size");
    if (dims[i] > kLargestDimension)
      throw nn::Error(said + "; at most " + std::to_string(kLargestDimension) + " is read", place, "Export the model for smaller images");
  }
}

void readInput(ImportContext& context, const onnx::ValueInfoProto& info, const std::string& name) {
  const std::string called = "its input '" + cleaned(info.name()) + "'", place = context.where + ", input '" + cleaned(info.name()) + "'";
  if (info.has_type() && !info.type().has_tensor_type())
    throw nn::Error("it takes no tensor, and a picture is one", place, "Export the model with one tensor for each input");
  noteType(context, called, info.type().tensor_type().elem_type(), place);
  if (!info.type().tensor_type().has_shape())
    throw nn::Error("the file does not say how large its images are", place, "Export the model with a fixed image size");
  std::vector<std::int64_t> dims;
  for (const auto& dim : info.type().tensor_type().shape().dim()) dims.push_back(dim.has_dim_value() ? dim.dim_value() : kOpen);
  Value value;
  value.batchless = !dims.empty() && dims.size() < 4 && isWithoutBatch(context, info.name(), dims.size());
  if (value.batchless) dims.insert(dims.begin(), 1);
  if (dims.size() < 2 || dims.size() > 4) {
    throw nn::Error("it has " + std::to_string(dims.size()) + " dimensions; images have two to four, the first of them the batch", place);
  }
  requireSizes(dims, place);
  context.saidBatch = std::max(context.saidBatch, dims[0]);
  if (dims[0] > 1)
    context.notes.push_back("the first dimension of " + called + ", " + std::to_string(dims[0]) +
                            ", is taken for the number of images at a time; one is computed");
  nn::Shape shape{int(dims[1]), 1, 1};
  value.flat = dims.size() == 2;
  value.line = dims.size() == 3 && !value.batchless && isLine(context, info.name());
  if (dims.size() == 3) shape = value.line ? nn::Shape{int(dims[1]), 1, int(dims[2])} : nn::Shape{1, int(dims[1]), int(dims[2])};
  if (dims.size() == 3 && !value.line) value.box = {dims[1], dims[2]};
  if (dims.size() == 3 && !value.line)
    context.notes.push_back(called + " has three dimensions: taken for gray images of " + nn::sizeText(int(dims[2]), int(dims[1])));
  if (dims.size() == 4) {
    const bool channelsLast = hasChannelsLast(context, info.name(), dims);
    value.order = channelsLast ? Order::ChannelsLast : Order::ChannelsFirst;
    shape = channelsLast ? nn::Shape{int(dims[3]), int(dims[1]), int(dims[2])} : nn::Shape{int(dims[1]), int(dims[2]), int(dims[3])};
  }
  Node node;
  node.set_name(info.name());
  value.node = context.addNode(
      node, context.uniqueName(name), "input",
      {{"channels", std::int64_t(shape.channels)}, {"height", std::int64_t(shape.height)}, {"width", std::int64_t(shape.width)}}, {});
  value.shared = true;
  if (isWhole(info.type().tensor_type().elem_type())) context.wholeInputs.insert(context.drafts[std::size_t(value.node)].spec.name);
  context.tensorValues[info.name()] = value;
}

// Where the file says how many values an output has for each image, and it has others here.
void noteSize(ImportContext& context, const onnx::ValueInfoProto& output, const Value& value) {
  const auto& dims = output.type().tensor_type().shape().dim();
  if (dims.size() < 2) return;
  std::int64_t said = 1;
  for (int i = 1; i < dims.size(); ++i) {
    if (dims[i].dim_value() < 1 || said > (std::int64_t(1) << 31)) return;  // it does not say
    said *= std::min(dims[i].dim_value(), std::int64_t(1) << 31);
  }
  if (const std::size_t found = context.shapeOf(value).size(); said != std::int64_t(found))
    context.notes.push_back("the file says that its output '" + cleaned(output.name()) + "' has " + std::to_string(said) +
                            " values; as it is read here, it has " + std::to_string(found));
}

void rename(ImportContext& context, const std::string& from, const std::string& to) {
  for (Draft& draft : context.drafts) {
    if (draft.spec.name == from) draft.spec.name = to;
    std::replace(draft.spec.inputs.begin(), draft.spec.inputs.end(), from, to);
  }
  std::replace(context.normalized.begin(), context.normalized.end(), from, to);
}

// Several outputs are told apart by the names that the file gives them; another layer of that name makes room.
void nameAsInFile(ImportContext& context, int node, const std::string& wish) {
  const nn::NodeSpec& spec = context.drafts[std::size_t(node)].spec;
  if (spec.name == wish || spec.type == "input") return;
  rename(context, wish, context.uniqueName(wish));
  rename(context, std::string(spec.name), wish);
}

// The nodes that are the graph's outputs; none where the graph names none, or none of them can be computed.
std::vector<std::string> outputs(ImportContext& context) {
  std::vector<std::pair<int, std::string>> nodes;  // with their names in the file
  for (const onnx::ValueInfoProto& output : context.graph.output()) {
    if (context.leftOut.contains(output.name())) continue;
    const auto found = context.tensorValues.find(output.name());
    const auto makesIt = [&](const Node& node) {
      return node.output_size() > 1 && std::find(node.output().begin() + 1, node.output().end(), output.name()) != node.output().end();
    };
    if (const auto maker = std::find_if(context.graph.node().begin(), context.graph.node().end(), makesIt);
        found == context.tensorValues.end() && maker != context.graph.node().end() && context.graph.output_size() > 1) {
      context.notes.push_back("its output '" + cleaned(output.name()) + "' is not the first of " + context.spotOf(*maker) +
                              ", and is not shown");
      continue;
    }
    if (found == context.tensorValues.end())
      throw nn::Error("its output '" + cleaned(output.name()) + "' is computed by nothing", context.where, "Save or export the file again");
    Value& value = found->second;
    Node node;
    node.set_name(output.name());
    if (value.pads != std::array<std::int64_t, 4>{}) value = context.zeroPadded(node, value, value.pads);
    if (value.box.size() < 4) value = context.viewed(node, value);
    noteSize(context, output, value);
    if (context.drafts.size() == 1 && value.flat) value = context.asVector(node, value);
    if (context.drafts.size() == 1)  // nothing is computed: something to show all the same
      value.node = context.addNode(node, context.uniqueName("output"), "activation", {{"activation", std::string("none")}}, {value.node});
    const auto same = [&](const auto& other) { return other.first == value.node; };
    if (std::none_of(nodes.begin(), nodes.end(), same)) nodes.emplace_back(value.node, cleaned(output.name()));
  }
  std::vector<std::string> names;
  for (const auto& [node, name] : nodes)
    if (nodes.size() > 1 && !name.empty()) nameAsInFile(context, node, name);
  for (const auto& [node, name] : nodes) names.push_back(context.drafts[std::size_t(node)].spec.name);
  return names;
}

void noteOutputs(ImportContext& context, const nn::Network& network) {
  const std::string names = nn::joined(network.outputs(), [&](int output) { return network.node(output).name; });
  if (context.graph.output_size() == 0)
    context.notes.push_back("the file names no output: taken is what nothing in it reads, " + names);
  else
    context.missing.push_back("none of its outputs can be computed: shown instead is what is computed last, " + names);
}

// What is in the file beside the nodes, and is not looked at.
void noteFile(ImportContext& context) {
  const auto says = [](const onnx::OperatorSetIdProto& set) {
    return set.version() > 0 && (set.domain().empty() || set.domain() == "ai.onnx");
  };
  const std::string newest = ", and the newest that is known here is ";
  if (std::none_of(context.model.opset_import().begin(), context.model.opset_import().end(), says))
    context.notes.emplace_back("the file does not say which version of ONNX's operators it uses; they are read as those of the first");
  if (context.opset() > kNewestOperators)
    context.notes.push_back("the file uses version " + std::to_string(context.opset()) + " of ONNX's operators" + newest +
                            std::to_string(kNewestOperators) + "; they are taken to compute what they did then");
  if (context.model.ir_version() > kNewestFormat)
    context.notes.push_back("the file is written in version " + std::to_string(context.model.ir_version()) + " of ONNX's format" + newest +
                            std::to_string(kNewestFormat) + "; what is new in it is not looked at");
  if (context.graph.quantization_annotation_size() > 0)
    context.notes.emplace_back("the file says how its values are to be quantized; here they are computed with 32-bit floats");
  if (context.model.training_info_size() > 0) context.notes.emplace_back("the file says how it is to be trained, which is not looked at");
}

void tellOverlooked(ImportContext& context) {
  for (std::size_t i = 0; i < std::min(context.overlookedParts.size(), kMostReasons); ++i) {
    const Overlooked& one = context.overlookedParts[i];
    context.notes.push_back(one.node + (one.count > 1 ? " and " + std::to_string(one.count - 1) + " more" : "") + ": " + one.what);
  }
  if (context.overlookedParts.size() > kMostReasons)
    context.notes.push_back(std::to_string(context.overlookedParts.size() - kMostReasons) +
                            " other attributes or inputs are not known here, either");
}

// What stays is drawn; the notes say what is missing.
void noteLeftOut(ImportContext& context) {
  if (context.unreadable.empty()) return;
  const auto inputs =
      std::count_if(context.drafts.begin(), context.drafts.end(), [](const Draft& draft) { return draft.spec.type == "input"; });
  if (context.drafts.size() == std::size_t(inputs) + context.passedOver) throw nn::Error(context.unreadable.front());
  // One note for each reason, with the first node that has it.
  std::vector<std::pair<nn::Issue, std::size_t>> reasons;
  for (const nn::Issue& issue : context.unreadable) {
    const auto known = std::find_if(reasons.begin(), reasons.end(), [&](const auto& reason) { return reason.first.what == issue.what; });
    if (known != reasons.end())
      ++known->second;
    else
      reasons.emplace_back(issue, 1);
  }
  for (std::size_t i = 0; i < std::min(reasons.size(), kMostReasons); ++i) {
    const auto& [issue, count] = reasons[i];
    const std::string others = count > 1 ? " and " + std::to_string(count - 1) + " more" : "";
    context.missing.push_back("not read: " + issue.where.substr(context.where.size() + 2) + others + ": " + issue.what +
                              (issue.hint.empty() ? "" : ". " + issue.hint));
  }
  if (reasons.size() > kMostReasons)
    context.missing.push_back("not read, for " + std::to_string(reasons.size() - kMostReasons) + " other reasons: more nodes");
  const std::size_t leftOut = context.unreadable.size() - context.passedOver + context.dependent;
  const std::string all = " of " + nn::counted(std::size_t(context.graph.node_size()), "operator ", "operators ");
  if (context.passedOver > 0)
    context.missing.push_back(std::to_string(context.passedOver) + all + (context.passedOver == 1 ? "was" : "were") +
                              " passed over: what lies behind them is drawn, but its numbers are not the model's");
  if (leftOut > 0)
    context.missing.push_back(std::to_string(leftOut) + all +
                              (leftOut == 1 ? "was left out: what does not depend on it is drawn and computed"
                                            : "were left out: what does not depend on them is drawn and computed"));
}

// The drawing goes to a network's first input: that is to be one on which the answer depends, and of those a picture.
void putPictureFirst(nn::NetworkSpec& spec, const nn::Network& network) {
  std::vector<bool> counts(network.nodes().size(), false);
  counts[std::size_t(network.outputs().front())] = true;
  for (int i = int(counts.size()) - 1; i >= 0; --i)
    for (const int input : network.node(i).inputs) counts[std::size_t(input)] = counts[std::size_t(input)] || counts[std::size_t(i)];
  const auto rank = [&](int input) { return !counts[std::size_t(input)] ? 2 : network.node(input).shape.isVector() ? 1 : 0; };
  const int first = *std::min_element(network.inputs().begin(), network.inputs().end(), [&](int a, int b) { return rank(a) < rank(b); });
  const auto node =
      std::find_if(spec.nodes.begin(), spec.nodes.end(), [&](const nn::NodeSpec& one) { return one.name == network.node(first).name; });
  std::rotate(spec.nodes.begin(), node, node + 1);
}

}  // namespace

void readConstants(ImportContext& context) {
  if (context.graph.sparse_initializer_size() > 0)
    throw nn::Error("some of its weights are stored as sparse tensors", context.where,
                    "Save the model with all of its weights as full tensors");
  for (const onnx::TensorProto& tensor : context.graph.initializer())
    if (!context.tensors.emplace(tensor.name(), &tensor).second)
      throw nn::Error("two of its initializers are called '" + cleaned(tensor.name()) + "'", context.where,
                      "Save or export the file again");
  for (const Node& node : context.graph.node()) {
    if (node.op_type() != "Constant" || !isStandard(node) || node.output_size() != 1 || node.attribute_size() != 1) continue;
    context.requireNew(node);
    const onnx::AttributeProto& attribute = node.attribute(0);
    if (attribute.name() == "value") {
      context.tensors[node.output(0)] = &attribute.t();
      continue;
    }
    onnx::TensorProto& tensor = context.ownTensors.emplace_back();
    tensor.set_name(node.output(0));
    if (attribute.name() == "value_float") {
      tensor.set_data_type(onnx::TensorProto::FLOAT);
      tensor.add_float_data(attribute.f());
    } else if (attribute.name() == "value_floats") {
      tensor.set_data_type(onnx::TensorProto::FLOAT);
      *tensor.mutable_float_data() = attribute.floats();
      tensor.add_dims(attribute.floats_size());
    } else if (attribute.name() == "value_int" || attribute.name() == "value_ints") {
      tensor.set_data_type(onnx::TensorProto::INT64);
      if (attribute.name() == "value_int")
        tensor.add_int64_data(attribute.i());
      else
        *tensor.mutable_int64_data() = attribute.ints();
      if (attribute.name() == "value_ints") tensor.add_dims(attribute.ints_size());
    }
    context.tensors[node.output(0)] = &tensor;
  }
}

void readInputs(ImportContext& context) {
  std::vector<const onnx::ValueInfoProto*> inputs;
  for (const onnx::ValueInfoProto& info : context.graph.input())
    if (!context.isConstant(info.name())) inputs.push_back(&info);  // older files list their weights as inputs
  if (inputs.empty()) throw nn::Error("the model has no input", context.where);
  for (const onnx::ValueInfoProto* info : inputs)
    readInput(context, *info, inputs.size() == 1 || info->name().empty() ? "input" : cleaned(info->name()));
}

Model finish(ImportContext& context) {
  noteLeftOut(context);
  noteFile(context);
  tellOverlooked(context);
  nn::NetworkSpec spec;
  spec.input = takeInputSpec(context);
  spec.name = cleaned(context.title);
  spec.title = context.title;
  const std::string producer = cleaned(context.model.producer_name());
  spec.description = "Imported from an ONNX file" + (producer.empty() ? std::string() : " written by " + producer) + ".";
  spec.outputs = outputs(context);
  for (const Draft& draft : context.drafts) spec.nodes.push_back(draft.spec);
  Model model;
  const std::vector<nn::Issue> issues = nn::validate(spec);
  if (!issues.empty()) throw nn::Error(issues.front().what, context.where + ", " + issues.front().where, issues.front().hint);
  model.network = nn::Network::create(spec);
  if (model.network->inputs().size() > 1) {
    putPictureFirst(spec, *model.network);
    model.network = nn::Network::create(spec);
  }
  if (spec.outputs.empty()) noteOutputs(context, *model.network);
  model.parameters.assign(model.network->parameterCount(), 0.0f);
  for (const Draft& draft : context.drafts) {
    const nn::Network::Node& node = model.network->node(model.network->find(draft.spec.name));
    for (const nn::ParameterBlock& block : node.layer->parameterBlocks()) {
      const auto values = draft.blocks.find(block.name);
      if (values == draft.blocks.end()) continue;
      if (values->second.size() != block.count) throw nn::Error("its weights do not fit", context.where + ", " + draft.spec.name);
      std::copy(values->second.begin(), values->second.end(),
                model.parameters.begin() + std::ptrdiff_t(node.parameterOffset + block.offset));
    }
  }
  if (context.normalized.size() == 1) context.notes.push_back("batch normalization became weights of '" + context.normalized[0] + "'");
  if (context.normalized.size() > 1) {
    context.notes.push_back("batch normalization became weights of " + std::to_string(context.normalized.size()) + " layers, from '" +
                            context.normalized.front() + "' to '" + context.normalized.back() + "'");
  }
  model.notes = context.missing;
  model.notes.insert(model.notes.end(), context.notes.begin(), context.notes.end());
  // What no output depends on is no loss.
  const bool cut = std::any_of(context.graph.output().begin(), context.graph.output().end(),
                               [&](const onnx::ValueInfoProto& output) { return context.leftOut.contains(output.name()); });
  if (cut || context.passedOver > 0) model.unread = context.unreadable;
  return model;
}

}  // namespace io::onnxfile
