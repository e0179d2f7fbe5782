#include "io/onnx/OnnxAttributes.h"

#include <algorithm>

namespace io::onnxfile {

namespace {

const onnx::AttributeProto* findAttribute(const onnx::NodeProto& node, std::string_view name) {
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    if (attribute.name() == name) return &attribute;
  }
  return nullptr;
}

}  // namespace

std::int64_t bounded(std::int64_t value) {
  constexpr std::int64_t kBound = std::int64_t(1) << 31;
  return std::clamp(value, -kBound, kBound);
}

std::int64_t intAttribute(const onnx::NodeProto& node, std::string_view name, std::int64_t otherwise) {
  const onnx::AttributeProto* found = findAttribute(node, name);
  return found ? bounded(found->i()) : otherwise;
}
float floatAttribute(const onnx::NodeProto& node, std::string_view name, float otherwise) {
  const onnx::AttributeProto* found = findAttribute(node, name);
  return found ? found->f() : otherwise;
}
std::string textAttribute(const onnx::NodeProto& node, std::string_view name, const std::string& otherwise) {
  const onnx::AttributeProto* found = findAttribute(node, name);
  return found ? found->s() : otherwise;
}
std::vector<std::int64_t> intsAttribute(const onnx::NodeProto& node, std::string_view name, std::vector<std::int64_t> otherwise) {
  const onnx::AttributeProto* found = findAttribute(node, name);
  if (!found) return otherwise;
  std::vector<std::int64_t> values(found->ints().begin(), found->ints().end());
  std::transform(values.begin(), values.end(), values.begin(), bounded);
  return values;
}

}  // namespace io::onnxfile
