// onnx_samples FOLDER: writes every shipped network and model, and a small network for each example of each layer, as ONNX files, with
// random inputs and what ConvScope computes of them. onnx_samples FOLDER MODEL.onnx ...: the same of models that other programs wrote
// (channels first), each beside a copy of its file. compare_runtime.mjs gives the inputs to ONNX Runtime.
#include <cstdio>
#include <random>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "io/Model.h"
#include "nn/Error.h"
#include "nn/Workspace.h"
#include "support/LayerCases.h"

namespace {

constexpr int kSamples = 20;

void appendFloats(QFile& file, std::span<const float> values) {
  const auto bytes = qint64(values.size_bytes());
  if (file.write(reinterpret_cast<const char*>(values.data()), bytes) != bytes)
    throw nn::Error("it cannot be written", file.fileName().toStdString());
}

QJsonArray tensorsOf(const nn::Network& network, std::span<const int> nodes) {
  QJsonArray tensors;
  for (const int node : nodes) {
    const nn::Shape& shape = network.node(node).shape;
    // A vector is written with two dimensions.
    const QJsonArray dims = shape.isVector() ? QJsonArray{shape.channels} : QJsonArray{shape.channels, shape.height, shape.width};
    tensors.append(
        QJsonObject{{"name", QString::fromStdString(network.node(node).name)}, {"values", qint64(shape.size())}, {"dims", dims}});
  }
  return tensors;
}

// FOLDER/NAME.bin: for each sample the values of every input, then those of every output.
QJsonObject writeSamples(const QDir& folder, const QString& name, const io::Model& model) {
  QFile file(folder.filePath(name + ".bin"));
  if (!file.open(QIODevice::WriteOnly)) throw nn::Error("it cannot be written", file.fileName().toStdString());
  nn::Weights weights(model.network);
  weights.assign(model.parameters);
  nn::Workspace workspace(model.network, 1, false);
  for (int sample = 0; sample < kSamples; ++sample) {
    const std::span<const int> inputs = model.network->inputs();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::vector<float> values =
          nntest::randomValues(model.network->node(inputs[i]).shape.size(), std::uint64_t(sample) * 31 + std::uint64_t(i) + 1);
      workspace.setInput(0, values, int(i));
      appendFloats(file, values);
    }
    workspace.forward(weights);
    for (const int output : model.network->outputs()) appendFloats(file, nntest::readNode(workspace, output, 0));
  }
  return {{"name", name},
          {"samples", kSamples},
          {"inputs", tensorsOf(*model.network, model.network->inputs())},
          {"outputs", tensorsOf(*model.network, model.network->outputs())}};
}

// Noise on the initial parameters, so that biases and scales take part.
io::Model modelOf(const nn::NetworkSpec& spec) {
  io::Model model;
  model.network = nn::Network::create(spec);
  model.parameters = model.network->initialParameters(3);
  std::mt19937 random(5);
  for (float& parameter : model.parameters) parameter += std::uniform_real_distribution<float>(-0.05f, 0.05f)(random);
  return model;
}

QJsonObject writeOwn(const QDir& folder, const QString& name, const io::Model& model) {
  io::saveOnnx(folder.filePath(name + ".onnx"), *model.network, model.parameters);
  return writeSamples(folder, name, model);
}

QJsonArray writeShipped(const QDir& folder) {
  QJsonArray index;
  for (const nn::NetworkSpec& spec : io::shippedNetworks())
    index.append(writeOwn(folder, "network-" + QString::fromStdString(spec.name), modelOf(spec)));
  for (const QString& name : io::shippedModels()) index.append(writeOwn(folder, "model-" + name, io::loadModel(name)));
  for (const nntest::LayerCase& layerCase : nntest::layerCases())
    index.append(writeOwn(folder, "layer-" + QString::fromStdString(layerCase.name), modelOf(nntest::specOf(layerCase))));
  return index;
}

QJsonArray writeForeign(const QDir& folder, const QStringList& files) {
  QJsonArray index;
  for (const QString& file : files) {
    const io::Model model = io::loadOnnx(file);
    for (const std::string& note : model.notes) std::printf("%s: %s\n", qPrintable(file), note.c_str());
    const QString name = QFileInfo(file).completeBaseName();
    QFile::remove(folder.filePath(name + ".onnx"));
    if (!QFile::copy(file, folder.filePath(name + ".onnx"))) throw nn::Error("it cannot be copied", file.toStdString());
    index.append(writeSamples(folder, name, model));
  }
  return index;
}

int writeAll(const QDir& folder, const QStringList& foreign) {
  if (!folder.mkpath(".")) throw nn::Error("the folder cannot be made", folder.path().toStdString());
  const QJsonArray index = foreign.isEmpty() ? writeShipped(folder) : writeForeign(folder, foreign);
  QFile file(folder.filePath("index.json"));
  if (!file.open(QIODevice::WriteOnly)) throw nn::Error("it cannot be written", file.fileName().toStdString());
  file.write(QJsonDocument(index).toJson());
  std::printf("%d models in %s\n", int(index.size()), qPrintable(folder.path()));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  QStringList words;
  for (int i = 1; i < count; ++i) words << QString::fromLocal8Bit(arguments[i]);
  if (words.isEmpty()) return std::fprintf(stderr, "usage: onnx_samples FOLDER [MODEL.onnx ...]\n"), 2;
  try {
    return writeAll(QDir(words.first()), words.mid(1));
  } catch (const nn::Error& error) {
    return std::fprintf(stderr, "%s: %s\n", error.issue().where.c_str(), error.issue().what.c_str()), 1;
  }
}
