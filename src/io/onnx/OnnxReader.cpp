#include "io/onnx/OnnxReader.h"

#include <algorithm>
#include <cmath>
#include <google/protobuf/stubs/logging.h>
#include <utility>

#include <QIODevice>

#include "io/ClassLists.h"
#include "io/OtherFiles.h"
#include "io/onnx/ExternalData.h"
#include "io/onnx/GraphForms.h"
#include "io/onnx/OnnxImport.h"
#include "io/onnx/OnnxTensor.h"
#include "io/onnx/OnnxWriter.h"
#include "tasks/ClassNames.h"
#include "tasks/Task.h"

namespace io::onnxfile {

namespace {

constexpr int kMostNodes = 20000;
constexpr qsizetype kMostSaid = 500;  // characters of a sentence that the file brings

// Broken files are our own affair to report; protobuf would write about them to the terminal.
void silenceProtobuf() {
  static const bool done = (google::protobuf::SetLogHandler(nullptr), true);
  (void)done;
}

nn::Error notAModel(const QByteArray& beginning, const std::string& where) {
  if (const std::optional<nn::Error> other = insteadOfModel(beginning, where)) return *other;
  return {"this is not an ONNX model, or it is incomplete or damaged", where, "Save or download the file again"};
}

// Nothing where it is cut off or longer than 64 bits.
std::optional<std::uint64_t> readVarint(QIODevice& file) {
  std::uint64_t number = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    char byte = 0;
    if (!file.getChar(&byte)) return std::nullopt;
    number |= std::uint64_t(static_cast<unsigned char>(byte) & 0x7f) << shift;
    if ((byte & 0x80) == 0) return number;
  }
  return std::nullopt;
}

// The bytes of a field's value behind its tag; what has its length in front is passed over by it.
std::optional<std::uint64_t> lengthOfValue(QIODevice& file, std::uint64_t tag) {
  switch (tag & 7) {
    case 0:
      return readVarint(file) ? std::optional<std::uint64_t>(0) : std::nullopt;
    case 1:
      return 8;
    case 2:
      return readVarint(file);
    case 5:
      return 4;
    default:
      return std::nullopt;  // groups, which ONNX has none of, and nothing
  }
}

// Calls visit(tag, length of the value) with the file at the value of each of the outermost fields. False where they are none, or cut off.
template <typename Visit>
bool eachField(QIODevice& file, Visit visit) {
  file.seek(0);
  while (file.pos() < file.size()) {
    const std::optional<std::uint64_t> tag = readVarint(file);
    const std::optional<std::uint64_t> length = tag && *tag >> 3 != 0 ? lengthOfValue(file, *tag) : std::nullopt;
    if (!length || *length > std::uint64_t(file.size() - file.pos())) return false;
    const qint64 end = file.pos() + qint64(*length);
    visit(*tag, *length);
    if (!file.seek(end)) return false;
  }
  return true;
}

onnx::ModelProto parse(const QByteArray& bytes, const std::string& where) {
  silenceProtobuf();
  onnx::ModelProto model;
  if (bytes.isEmpty()) throw nn::Error("the file is empty", where, "Copy or download it again, or choose another one");
  const QByteArray beginning = bytes.left(kTellingBytes);
  if (!model.ParseFromArray(bytes.constData(), int(bytes.size()))) throw notAModel(beginning, where);
  if (!model.has_graph() || model.graph().node_size() == 0)
    throw insteadOfModel(beginning, where).value_or(nn::Error("the file holds no network", where, "Choose an ONNX model"));
  if (model.graph().node_size() > kMostNodes)
    throw nn::Error("the network has more than " + std::to_string(kMostNodes) + " operators", where);
  return model;
}

// What we have written into the file besides the graph; empty: nothing.
std::string saidUnder(const char* key, const onnx::ModelProto& model) {
  for (const onnx::StringStringEntryProto& entry : model.metadata_props())
    if (entry.key() == key) return entry.value();
  return {};
}

std::shared_ptr<const nn::Network> networkInside(const onnx::ModelProto& model, const std::string& where) {
  const QByteArray json = QByteArray::fromStdString(saidUnder(kNetworkKey, model));
  return json.isEmpty() ? nullptr : makeNetwork(readNetworkJson(json, QString::fromStdString(where)), where);
}

bool sameNode(const onnx::NodeProto& a, const onnx::NodeProto& b) {
  return a.op_type() == b.op_type() && std::equal(a.input().begin(), a.input().end(), b.input().begin(), b.input().end()) &&
         std::equal(a.output().begin(), a.output().end(), b.output().begin(), b.output().end());
}

// Whether the graph is still the one that ConvScope wrote for this network.
bool isUnchanged(const onnx::GraphProto& graph, const nn::Network& network) {
  onnx::GraphProto own;
  writeGraph(own, network);
  return std::equal(graph.node().begin(), graph.node().end(), own.node().begin(), own.node().end(), sameNode);
}

void readBlock(const nn::Network::Node& node, const nn::ParameterBlock& block, const Tensor& tensor, std::span<float> parameters,
               const std::string& where) {
  std::size_t full = 1;
  for (const int dim : block.dims) full *= std::size_t(dim);
  if (tensor.count() != full)
    throw nn::Error("'" + tensor.name + "' does not have the size that its layer needs", where, "The file is damaged");
  if (full == block.count) {
    std::copy(tensor.values.begin(), tensor.values.end(), parameters.begin() + std::ptrdiff_t(block.offset));
    return;
  }
  // A connection table: only the kernels that exist.
  const int outputs = block.dims[0], inputs = block.dims[1];
  const std::size_t area = full / std::size_t(outputs) / std::size_t(inputs);
  for (int out = 0; out < outputs; ++out) {
    for (int in = 0; in < inputs; ++in) {
      const std::ptrdiff_t offset = node.layer->kernelOffset(out, in);
      const std::size_t from = (std::size_t(out) * std::size_t(inputs) + std::size_t(in)) * area;
      if (offset >= 0) std::copy_n(tensor.values.begin() + std::ptrdiff_t(from), area, parameters.begin() + offset);
    }
  }
}

std::vector<float> readParameters(const onnx::GraphProto& graph, const nn::Network& network, const std::string& where) {
  std::map<std::string, const onnx::TensorProto*> tensors;
  for (const onnx::TensorProto& tensor : graph.initializer()) tensors[tensor.name()] = &tensor;
  // Before room is made for what a damaged description may promise.
  if (network.parameterCount() > graph.ByteSizeLong()) throw nn::Error("its weights are missing", where, "The file is incomplete");
  std::vector<float> parameters(network.parameterCount());
  for (const nn::Network::Node& node : network.nodes()) {
    const std::span<float> own = std::span(parameters).subspan(node.parameterOffset, node.parameterCount);
    for (const nn::ParameterBlock& block : node.layer->parameterBlocks()) {
      const auto found = tensors.find(initializerName(node, block));
      if (found == tensors.end())
        throw nn::Error("the weights '" + initializerName(node, block) + "' are missing", where, "The file is damaged");
      readBlock(node, block, readTensor(*found->second, where), own, where);
    }
  }
  return parameters;
}

// What our description says besides the graph, as far as it still holds of what was read instead.
void keepDescribed(const nn::NetworkSpec& before, Model& model) {
  nn::NetworkSpec spec = model.network->spec();
  spec.input = before.input;
  if (!nn::validate(spec).empty()) spec.input = {};
  std::vector<std::string> names = std::exchange(spec.classNames, before.classNames);
  if (!nn::validate(spec).empty()) spec.classNames = std::move(names);
  if (spec != model.network->spec()) model.network = nn::Network::create(spec);
}

Model importForeign(onnx::ModelProto& model, const std::string& where, const std::string& name) {
  inlineFunctions(model, kMostNodes, where);
  sortNodes(*model.mutable_graph());
  spellOutQuantized(*model.mutable_graph());
  const std::vector<std::string> notes = readUpToScores(*model.mutable_graph());
  Model result = importGraph(model, where, name);
  result.notes.insert(result.notes.end(), notes.begin(), notes.end());
  if (!std::all_of(result.parameters.begin(), result.parameters.end(), [](float value) { return std::isfinite(value); })) {
    throw nn::Error("some of its weights are too large", where);
  }
  return result;
}

// Under the words that other programs use for them; told, since only the number of them says that they are those of the answer.
void takeClassNames(const onnx::ModelProto& model, Model& result) {
  const std::string& where = result.network->spec().name;
  for (const char* key : {"names", "classes", "class_names", "labels", "id2label"}) {
    const std::string said = saidUnder(key, model);
    if (said.empty()) continue;
    try {
      nn::NetworkSpec spec = result.network->spec();
      const std::vector<std::string> names = classNamesIn(QByteArray::fromStdString(said), where);
      requireClassNames(names, std::size_t(tasks::classCount(*result.network)), where);
      spec.classNames = names;
      result.network = nn::Network::create(spec);
      result.notes.push_back("its classes are called as the file says under '" + std::string(key) +
                             "': " + tasks::classNamesText(*result.network));
    } catch (const nn::Error& error) {
      result.notes.push_back("what the file says under '" + std::string(key) +
                             "' is not taken for the names of its classes: " + error.issue().what);
    }
    return;
  }
}

// It computes something else than the model that it was saved from.
void takeUnread(const onnx::ModelProto& model, Model& result) {
  const std::string sentence = QString::fromStdString(saidUnder(kUnreadKey, model)).left(kMostSaid).simplified().toStdString();
  if (sentence.empty()) return;
  result.notes.insert(result.notes.begin(), "it was saved from a model that was not whole: " + sentence);
  if (result.unread.empty()) markUnread(result, sentence);
}

}  // namespace

void requireMessage(QIODevice& file, const std::string& where) {
  if (eachField(file, [](std::uint64_t, std::uint64_t) {})) return;
  file.seek(0);
  throw notAModel(file.peek(kTellingBytes), where);
}

std::optional<std::string> writerOf(QIODevice& file) {
  constexpr std::uint64_t kMostName = 1000;
  bool graph = false;
  std::string name;
  const bool message = eachField(file, [&](std::uint64_t tag, std::uint64_t length) {
    if (tag >> 3 == onnx::ModelProto::kGraphFieldNumber && (tag & 7) == 2) graph = true;
    if (tag >> 3 == onnx::ModelProto::kProducerNameFieldNumber && (tag & 7) == 2)
      name = file.peek(qint64(std::min(length, kMostName))).toStdString();
  });
  return message && graph ? std::optional(name) : std::nullopt;
}

Model readModel(const QByteArray& bytes, const std::string& where, const std::string& name, const QString& folder) {
  onnx::ModelProto model = parse(bytes, where);
  takeExternalData(model, folder, where);
  std::shared_ptr<const nn::Network> network;
  std::string problem;
  try {
    network = networkInside(model, where);
  } catch (const nn::Error& error) {
    problem = error.issue().what;
  }
  const bool unchanged = network && isUnchanged(model.graph(), *network);
  Model result = unchanged ? Model{network, readParameters(model.graph(), *network, where), {}} : importForeign(model, where, name);
  if (!network) takeClassNames(model, result);
  takeUnread(model, result);
  if (unchanged) result.calibration = calibrationIn(saidUnder(kEnergyKey, model), result.parameters);
  if (network && !unchanged) {
    keepDescribed(network->spec(), result);
    result.notes.emplace_back("the graph was changed after ConvScope wrote it; it was read anew");
  }
  if (!problem.empty()) result.notes.push_back("its ConvScope description cannot be read (" + problem + "); the graph was read instead");
  return result;
}

}  // namespace io::onnxfile
