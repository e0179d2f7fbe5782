#include "io/onnx/OnnxWriter.h"

#include <algorithm>

#include <QCryptographicHash>
#include <QString>
#include <QStringList>

#include "io/Model.h"
#include "io/onnx/GraphWriter.h"
#include "io/onnx/OnnxTensor.h"
#include "nn/Error.h"

namespace io::onnxfile {

namespace {

constexpr int kOpset = 13;
constexpr int kIrVersion = 7;

// Convolutions with a connection table leave kernels out; the file holds zeros there.
std::vector<float> fullKernels(const nn::Layer& layer, const nn::ParameterBlock& block, std::span<const float> parameters) {
  const int outputs = block.dims[0], inputs = block.dims[1];
  const std::size_t area = std::size_t(block.dims[2]) * std::size_t(block.dims[3]);
  std::vector<float> full(std::size_t(outputs) * std::size_t(inputs) * area, 0.0f);
  for (int out = 0; out < outputs; ++out) {
    for (int in = 0; in < inputs; ++in) {
      const std::ptrdiff_t offset = layer.kernelOffset(out, in);
      if (offset < 0) continue;
      std::copy_n(parameters.begin() + offset, area,
                  full.begin() + std::ptrdiff_t((std::size_t(out) * std::size_t(inputs) + std::size_t(in)) * area));
    }
  }
  return full;
}

void writeParameters(onnx::GraphProto& graph, const nn::Network& network, std::span<const float> parameters) {
  for (const nn::Network::Node& node : network.nodes()) {
    const std::span<const float> own = parameters.subspan(node.parameterOffset, node.parameterCount);
    for (const nn::ParameterBlock& block : node.layer->parameterBlocks()) {
      const std::string name = initializerName(node, block);
      std::vector<std::int64_t> dims(block.dims.begin(), block.dims.end());
      // One number for each map, of all rows and columns.
      const bool perMap = node.layer->type() == "prelu" || (node.layer->type() == "layer-norm" && dims.size() == 1);
      const bool ofMaps = node.layer->type() == "average-pool" || (perMap && !node.shape.isVector());
      if (ofMaps) dims = {std::int64_t(block.count), 1, 1};
      if ((node.layer->type() == "layer-norm" || node.layer->type() == "affine") && node.shape.isVector())
        dims = {std::int64_t(block.count)};
      std::size_t full = 1;
      for (const std::int64_t dim : dims) full *= std::size_t(dim);
      if (full == block.count)
        writeTensor(*graph.add_initializer(), name, dims, own.subspan(block.offset, block.count));
      else
        writeTensor(*graph.add_initializer(), name, dims, fullKernels(*node.layer, block, own));
    }
  }
}

QString fingerprintOf(std::span<const float> parameters) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  hash.addData({reinterpret_cast<const char*>(parameters.data()), qsizetype(parameters.size_bytes())});
  return QString::fromLatin1(hash.result().toHex());
}

}  // namespace

std::string energyText(const tasks::EnergyCalibration& calibration, std::span<const float> parameters) {
  QStringList words{fingerprintOf(parameters)};
  for (const float score : calibration.quantiles()) words << QString::number(double(score), 'g', 9);
  return words.join(u' ').toStdString();
}

tasks::EnergyCalibration calibrationIn(const std::string& text, std::span<const float> parameters) {
  const QStringList words = QString::fromStdString(text).split(u' ', Qt::SkipEmptyParts);
  if (words.isEmpty() || words.front() != fingerprintOf(parameters)) return {};
  std::vector<float> scores;
  for (const QString& word : words.mid(1)) scores.push_back(word.toFloat());
  try {
    return tasks::EnergyCalibration::ofQuantiles(std::move(scores));
  } catch (const nn::Error&) {
    return {};  // what is unusual is then not told
  }
}

std::string initializerName(const nn::Network::Node& node, const nn::ParameterBlock& block) {
  return node.name + "." + block.name;
}

onnx::ModelProto writeModel(const nn::Network& network, std::span<const float> parameters, const tasks::EnergyCalibration& calibration,
                            const std::string& unread) {
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name(kOwnProducer);
  onnx::OperatorSetIdProto& opset = *model.add_opset_import();
  opset.set_domain("");
  opset.set_version(kOpset);
  model.set_doc_string(network.spec().description);
  writeGraph(*model.mutable_graph(), network);
  writeParameters(*model.mutable_graph(), network, parameters);
  const auto say = [&](const char* key, const std::string& value) {
    onnx::StringStringEntryProto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  };
  say(kNetworkKey, writeNetworkJson(network.spec()).toStdString());
  if (!calibration.empty()) say(kEnergyKey, energyText(calibration, parameters));
  if (!unread.empty()) say(kUnreadKey, unread);
  return model;
}

}  // namespace io::onnxfile
