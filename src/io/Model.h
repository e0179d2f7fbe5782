// A network with its parameters, as files hold it. Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <QString>

#include "nn/Error.h"
#include "nn/Network.h"
#include "tasks/EnergyScore.h"

namespace io {

struct Model {
  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;
  std::vector<std::string> notes;  // what an import could not read, then what it took for granted; empty for our own files
  // Why, of each operator of the file that is not read although its outputs need it: the network then computes something else than the
  // file's does, and saved it would lack them. Empty: it is whole.
  std::vector<nn::Issue> unread = {};
  tasks::EnergyCalibration calibration = {};  // of these parameters, by which what is unusual is told; empty: not known
};

// "2 of its operators are not read: node 'act' (Mish), node 'up' (DepthToSpace)", for one sentence of a message. Empty when the model is
// whole.
std::string unreadText(const Model& model);
// Of a model that was saved from one that is not whole, with that sentence of the former.
void markUnread(Model& model, const std::string& sentence);

nn::NetworkSpec readNetworkJson(const QByteArray& json, const QString& where);  // syntax and field types; shapes are nn::validate's affair
QByteArray writeNetworkJson(const nn::NetworkSpec& spec);
// A JSON file, or a name of resources/networks or of resources/networks/published: large ones, to be described rather than trained.
nn::NetworkSpec loadNetworkSpec(const QString& nameOrPath);
std::shared_ptr<const nn::Network> loadNetwork(const QString& nameOrPath);  // made of it; says of which file it is that it cannot be
std::shared_ptr<const nn::Network> makeNetwork(const nn::NetworkSpec& spec, const std::string& file);
bool isNetworkName(const QString& word);           // of one of these
std::vector<nn::NetworkSpec> shippedNetworks();    // resources/networks, in menu order, without the published ones
std::vector<nn::NetworkSpec> publishedNetworks();  // the large ones, by name

Model loadOnnx(const QString& path);  // also ":/models/harley.onnx"
// calibration: of these parameters. unread: as unreadText() says it of the model; the file then says both, too.
void saveOnnx(const QString& path, const nn::Network& network, std::span<const float> parameters,
              const tasks::EnergyCalibration& calibration = {}, const std::string& unread = {});
bool isOwnModelFile(const QString& path);  // one that saveOnnx() has written, by what it says of itself
// By name ("harley") from the models shipped in the program, a .onnx file, or the model of a session file as it was saved.
Model loadModel(const QString& nameOrPath);
std::vector<QString> shippedModels();

}  // namespace io
