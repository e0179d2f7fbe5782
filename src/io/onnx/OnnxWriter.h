// A network with its parameters as a standard ONNX model (opset 13): real operators, named nodes and weights, any batch
// size. Pure function of its arguments; the file is written by io/Model.h. Thread: any.
#pragma once

#include <onnx/onnx_pb.h>
#include <span>

#include "nn/Network.h"
#include "tasks/EnergyScore.h"

namespace io::onnxfile {

inline constexpr const char* kOwnProducer = "ConvScope";  // producer_name: tells our own files from others
// Keys of metadata_props that let our own files come back exactly.
inline constexpr const char* kNetworkKey = "convscope.network";  // the NetworkSpec as JSON
inline constexpr const char* kUnreadKey = "convscope.unread";    // unreadText() of the model that it was saved from; missing: it was whole
inline constexpr const char* kEnergyKey = "convscope.energy";    // what energyText() says

// The graph alone, without weights: what tells whether a file is still the one that was written.
void writeGraph(onnx::GraphProto& graph, const nn::Network& network);
onnx::ModelProto writeModel(const nn::Network& network, std::span<const float> parameters, const tasks::EnergyCalibration& calibration = {},
                            const std::string& unread = {});
// A calibration and the parameters that it is of, as one text; read again, of nothing where it is damaged or of other parameters.
std::string energyText(const tasks::EnergyCalibration& calibration, std::span<const float> parameters);
tasks::EnergyCalibration calibrationIn(const std::string& text, std::span<const float> parameters);

// Name of a parameter block's initializer: "conv1.kernel".
std::string initializerName(const nn::Network::Node& node, const nn::ParameterBlock& block);

}  // namespace io::onnxfile
