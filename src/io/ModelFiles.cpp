// Networks and models by name or path: the shipped ones lie in the program as resources.
#include <QFile>
#include <QFileInfo>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Model.h"
#include "io/Resources.h"
#include "io/onnx/OnnxImport.h"
#include "io/onnx/OnnxReader.h"
#include "io/onnx/OnnxWriter.h"
#include "io/session/Container.h"
#include "io/session/SavedWork.h"

namespace io {

namespace {

constexpr qint64 kLargestModel = qint64(1) << 31;
constexpr qint64 kLargestNetwork = 16 << 20;  // a description

// The shipped networks as a lecture meets them; others follow by name.
QStringList menuOrder(QStringList names) {
  const QStringList order{"harley", "lenet5", "mlp", "softmax"};
  std::stable_sort(names.begin(), names.end(), [&](const QString& a, const QString& b) {
    const auto rank = [&](const QString& name) { return order.contains(name) ? order.indexOf(name) : order.size(); };
    return rank(a) < rank(b);
  });
  return names;
}

bool looksLikePath(const QString& nameOrPath, const QString& ending) {
  return nameOrPath.contains('/') || nameOrPath.endsWith(ending, Qt::CaseInsensitive) || pathExists(nameOrPath);
}

std::string namesHint(const QString& what, const QStringList& names) {
  return (what + names.join(", ")).toStdString();
}

}  // namespace

std::string unreadText(const Model& model) {
  constexpr std::size_t kNamed = 3;
  const std::size_t count = model.unread.size();
  if (count == 0) return {};
  if (model.unread.front().where.empty()) return model.unread.front().what;  // by markUnread()
  std::string text = count == 1 ? "1 of its operators is not read: " : std::to_string(count) + " of its operators are not read: ";
  for (std::size_t i = 0; i < std::min(count, kNamed); ++i) {
    const std::string& where = model.unread[i].where;  // "file.onnx, node 'act' (Mish)"
    const std::size_t node = where.rfind(", node ");
    text += (i == 0 ? "" : ", ") + (node == std::string::npos ? where : where.substr(node + 2));
  }
  return count <= kNamed ? text : text + " and " + std::to_string(count - kNamed) + " more";
}

void markUnread(Model& model, const std::string& sentence) {
  model.unread = {{"", sentence, "Use the file that the model came from"}};
}

nn::NetworkSpec loadNetworkSpec(const QString& nameOrPath) {
  QStringList shipped;
  for (const QString& folder : {QStringLiteral("networks"), QStringLiteral("networks/published")}) {
    const QStringList names = menuOrder(shippedNames(folder, ".json"));
    if (names.contains(nameOrPath))
      return readNetworkJson(readFile(":/" + folder + "/" + nameOrPath + ".json", kLargestNetwork), nameOrPath);
    shipped += names;
  }
  if (!looksLikePath(nameOrPath, ".json")) {
    throw nn::Error("there is no network of this name", shownName(nameOrPath), namesHint("Give a JSON file, or one of: ", shipped));
  }
  if (Container::isContainerFile(nameOrPath))
    throw nn::Error("this is a session or a checkpoint, not a network by itself", shownName(nameOrPath),
                    "Go on with its training by train --resume");
  nn::NetworkSpec spec = readNetworkJson(readFile(nameOrPath, kLargestNetwork), shownPath(QFileInfo(nameOrPath).fileName()));
  if (spec.name.empty()) spec.name = shownName(QFileInfo(nameOrPath).completeBaseName());
  return spec;
}

std::shared_ptr<const nn::Network> makeNetwork(const nn::NetworkSpec& spec, const std::string& file) {
  try {
    return nn::Network::create(spec);
  } catch (const nn::Error& error) {
    nn::Issue issue = error.issue();
    const bool ofNode =
        std::any_of(spec.nodes.begin(), spec.nodes.end(), [&](const nn::NodeSpec& node) { return node.name == issue.where; });
    if (ofNode) issue.where = "node '" + issue.where + "'";
    issue.where = issue.where.empty() || (!ofNode && issue.where == spec.name) ? file : file + ", " + issue.where;
    throw nn::Error(issue);
  }
}

std::shared_ptr<const nn::Network> loadNetwork(const QString& nameOrPath) {
  return makeNetwork(loadNetworkSpec(nameOrPath), shownName(isNetworkName(nameOrPath) ? nameOrPath : QFileInfo(nameOrPath).fileName()));
}

bool isNetworkName(const QString& word) {
  return shippedNames("networks", ".json").contains(word) || shippedNames("networks/published", ".json").contains(word);
}

std::vector<nn::NetworkSpec> shippedNetworks() {
  std::vector<nn::NetworkSpec> specs;
  for (const QString& name : menuOrder(shippedNames("networks", ".json"))) specs.push_back(loadNetworkSpec(name));
  return specs;
}

std::vector<nn::NetworkSpec> publishedNetworks() {
  std::vector<nn::NetworkSpec> specs;
  for (const QString& name : shippedNames("networks/published", ".json")) specs.push_back(loadNetworkSpec(name));
  return specs;
}

Model loadOnnx(const QString& path) {
  ensureResources();
  const std::string where = shownName(QFileInfo(path).fileName());
  const QByteArray bytes = readFile(path, kLargestModel - 1, [&](QIODevice& file) { onnxfile::requireMessage(file, where); });
  return onnxfile::readModel(bytes, where, shownName(QFileInfo(path).completeBaseName()), QFileInfo(path).absolutePath());
}

void saveOnnx(const QString& path, const nn::Network& network, std::span<const float> parameters,
              const tasks::EnergyCalibration& calibration, const std::string& unread) {
  const std::string where = path.toStdString();
  if (parameters.size() != network.parameterCount()) throw nn::Error("the parameters do not belong to this network", where);
  if (!std::all_of(parameters.begin(), parameters.end(), [](float value) { return std::isfinite(value); })) {
    throw nn::Error("some parameters are not finite numbers, since the training diverged", where,
                    "Reset the training, or go back to an earlier step");
  }
  const onnx::ModelProto model = onnxfile::writeModel(network, parameters, calibration, unread);
  if (model.ByteSizeLong() >= std::size_t(kLargestModel)) throw nn::Error("the network is too large for one ONNX file (2 GB)", where);
  std::string bytes;
  if (!model.SerializeToString(&bytes)) throw nn::Error("the network cannot be put into an ONNX file", where);
  writeFile(path, QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())));
}

bool isOwnModelFile(const QString& path) {
  if (isPipeOrDevice(path)) return false;  // what may have to be waited for
  QFile file;
  return openForReading(file, path) && onnxfile::writerOf(file) == std::string(onnxfile::kOwnProducer);
}

namespace {

// Whether the weights are the random ones that the network begins with, whatever is known of how they came about.
bool isUntrained(const SavedModel& model) {
  if (model.startsTrained) return false;
  return *model.parameters == (model.random ? *model.random : model.network->initialParameters(model.randomSeed));
}

// The weights that stood when it was saved.
Model modelOfSession(const QString& path) {
  const SavedWork work = loadWork(path);
  Model model{work.model.network, *work.model.parameters, {}, {}, work.model.calibration};
  if (!work.run && isUntrained(work.model))
    model.notes.push_back("its network is not trained: the weights are the random ones that it begins with");
  if (!work.model.unread.isEmpty()) markUnread(model, work.model.unread.toStdString());
  return model;
}

}  // namespace

Model loadModel(const QString& nameOrPath) {
  const QStringList shipped = menuOrder(shippedNames("models", ".onnx"));
  if (shipped.contains(nameOrPath)) return loadOnnx(":/models/" + nameOrPath + ".onnx");
  if (!looksLikePath(nameOrPath, ".onnx")) {
    throw nn::Error("there is no trained model of this name", shownName(nameOrPath),
                    namesHint("Give an ONNX file, a session, or one of: ", shipped));
  }
  return Container::isContainerFile(nameOrPath) ? modelOfSession(nameOrPath) : loadOnnx(nameOrPath);
}

std::vector<QString> shippedModels() {
  const QStringList names = menuOrder(shippedNames("models", ".onnx"));
  return {names.begin(), names.end()};
}

}  // namespace io
