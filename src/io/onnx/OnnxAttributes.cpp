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

std::string cleaned(const std::string& name) {
  std::string result;
  for (const char letter : name) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    result += plain || letter == '_' || letter == '-' || letter == '.' ? letter : '_';
    if (result.size() >= 60) break;
  }
  return result;
}

std::int64_t bounded(std::int64_t value) {
  constexpr std::int64_t kBound = std::int64_t(1) << 31;
  return std::clamp(value, -kBound, kBound);
}

bool holds(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

bool hasAttribute(const onnx::NodeProto& node, std::string_view name) {
  return findAttribute(node, name) != nullptr;
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

std::vector<float> floatsAttribute(const onnx::NodeProto& node, std::string_view name) {
  const onnx::AttributeProto* found = findAttribute(node, name);
  return found ? std::vector<float>(found->floats().begin(), found->floats().end()) : std::vector<float>();
}

std::pair<std::int64_t, std::int64_t> shapePart(const onnx::NodeProto& node, std::int64_t dimensions) {
  const auto within = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + dimensions : at, 0, dimensions); };
  const std::int64_t first = within(intAttribute(node, "start", 0)), last = within(intAttribute(node, "end", dimensions));
  return {first, std::max(first, last)};
}

}  // namespace io::onnxfile
