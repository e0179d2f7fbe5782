// The attributes of an ONNX node, and its names. Free functions. Thread: any.
#pragma once

#include <cstdint>
#include <onnx/onnx_pb.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace io::onnxfile {

// Whole numbers beyond 2^31 mean nothing that could be opened ("to the end" at most): cut there, sums and products stay whole.
std::int64_t bounded(std::int64_t value);

// Names come from a file: only letters that can be shown and written anywhere.
std::string cleaned(const std::string& name);

// Whether a list divided by spaces has this name.
bool holds(std::string_view names, std::string_view name);

bool hasAttribute(const onnx::NodeProto& node, std::string_view name);
// With the default that ONNX gives them; whole numbers bounded.
std::int64_t intAttribute(const onnx::NodeProto& node, std::string_view name, std::int64_t otherwise);
float floatAttribute(const onnx::NodeProto& node, std::string_view name, float otherwise);
std::string textAttribute(const onnx::NodeProto& node, std::string_view name, const std::string& otherwise);
std::vector<std::int64_t> intsAttribute(const onnx::NodeProto& node, std::string_view name, std::vector<std::int64_t> otherwise);

std::vector<float> floatsAttribute(const onnx::NodeProto& node, std::string_view name);

// Of as many dimensions, the first that a Shape node gives and the one behind the last.
std::pair<std::int64_t, std::int64_t> shapePart(const onnx::NodeProto& node, std::int64_t dimensions);

}  // namespace io::onnxfile
