// A network with its parameters, as files hold it. Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <QString>

#include "nn/Network.h"

namespace io {

struct Model {
  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;
  std::vector<std::string> notes;  // what an import had to approximate or leave out; empty for our own files
};

nn::NetworkSpec readNetworkJson(const QByteArray& json, const QString& where);  // syntax and field types; shapes are nn::validate's affair
QByteArray writeNetworkJson(const nn::NetworkSpec& spec);
// A JSON file, or a name of resources/networks or of resources/networks/published: large ones, to be described rather than trained.
nn::NetworkSpec loadNetworkSpec(const QString& nameOrPath);
std::vector<nn::NetworkSpec> shippedNetworks();  // resources/networks, in menu order, without the published ones

Model loadOnnx(const QString& path);  // also ":/models/harley.onnx"
void saveOnnx(const QString& path, const nn::Network& network, std::span<const float> parameters);
// By name ("harley") from the models shipped in the program, or a .onnx file.
Model loadModel(const QString& nameOrPath);
std::vector<QString> shippedModels();

}  // namespace io
