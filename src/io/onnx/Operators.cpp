#include "io/onnx/Operators.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "io/onnx/OnnxAttributes.h"

namespace io::onnxfile {

namespace {

using Attribute = onnx::AttributeProto;

// Every operator could have it in the first version of the standard; it says what may be written over.
constexpr std::string_view kOfOldFiles = "consumed_inputs";

// UNDEFINED: nothing is said of it.
Attribute::AttributeType typeOf(const onnx::NodeProto& node, const std::string& attribute) {
  static const std::map<Attribute::AttributeType, std::string_view> names{
      {Attribute::INT,
       "align_corners allowzero antialias axis blocksize ceil_mode count_include_pad end group keepdims num_groups size spatial start to "
       "training_mode "
       "transA "
       "transB"},
      {Attribute::INTS, "axes dilations ends kernel_shape output_padding output_shape paddings pads perm shape split starts strides"},
      {Attribute::FLOAT, "alpha beta bias cubic_coeff_a epsilon gamma max min ratio"},
      {Attribute::STRING, "approximate auto_pad coordinate_transformation_mode keep_aspect_ratio_policy mode nearest_mode padding_mode"}};
  if (attribute == "value") return node.op_type() == "Pad" ? Attribute::FLOAT : Attribute::TENSOR;
  for (const auto& [type, list] : names)
    if (holds(list, attribute)) return type;
  return Attribute::UNDEFINED;
}

struct Default {
  std::int64_t number = 0;
  std::string text;
};

const std::map<std::string_view, Default>& defaults() {
  static const std::map<std::string_view, Default> table{
      {"training_mode", {0, {}}}, {"spatial", {1, {}}}, {"keep_aspect_ratio_policy", {0, "stretch"}}};
  return table;
}

// What is wrong with an attribute that has only one value here: nothing where it is that one.
std::string differing(const onnx::NodeProto& node, const std::string& name) {
  const Default& usual = defaults().at(name);
  const bool ofText = !usual.text.empty();
  const std::string found = ofText ? textAttribute(node, name, {}) : std::to_string(intAttribute(node, name, 0));
  const std::string wanted = ofText ? usual.text : std::to_string(usual.number);
  return found == wanted ? "" : "its " + name + " is " + cleaned(found) + ", and it is computed as if it were " + wanted;
}

// What limits or fills may be infinite.
bool isPossible(const Attribute& attribute) {
  const bool unlimited = attribute.name() == "min" || attribute.name() == "max" || attribute.name() == "value";
  return std::isfinite(attribute.f()) || (unlimited && std::isinf(attribute.f()));
}

}  // namespace

const Operator* findOperator(std::string_view name) {
  static const std::map<std::string_view, const Operator*> all = [] {
    std::map<std::string_view, const Operator*> found;
    for (const auto& kind : {layerOperators(), mapOperators(), joinOperators(), moveOperators(), normOperators(), reduceOperators(),
                             activationOperators(), curveOperators(), arithmeticOperators(), shapeOperators(), otherOperators()})
      for (const Operator& one : kind) found.emplace(one.name, &one);
    return found;
  }();
  const auto found = all.find(name);
  return found == all.end() ? nullptr : found->second;
}

bool isStandard(const onnx::NodeProto& node) {
  return node.domain().empty() || node.domain() == "ai.onnx";
}

std::string contradiction(const onnx::NodeProto& node) {
  const Operator* known = findOperator(node.op_type());
  if (!known) return {};
  for (int i = 0; i < node.attribute_size(); ++i) {
    const Attribute& attribute = node.attribute(i);
    const std::string& name = attribute.name();
    for (int before = 0; before < i; ++before)
      if (node.attribute(before).name() == name) return "its attribute '" + cleaned(name) + "' is given twice";
    const bool used = holds(known->attributes, name) || holds(known->withDefaults, name);
    if (used && !attribute.ref_attr_name().empty()) return "its attribute '" + name + "' is that of a function around it";
    const Attribute::AttributeType type = used ? typeOf(node, name) : Attribute::UNDEFINED;
    const bool said = type != Attribute::UNDEFINED && attribute.type() != Attribute::UNDEFINED;  // old files do not say it
    if (said && attribute.type() != type)
      return "its attribute '" + name + "' holds " + Attribute::AttributeType_Name(attribute.type()) + ", where the standard has " +
             Attribute::AttributeType_Name(type);
    if (type == Attribute::FLOAT && !isPossible(attribute)) return "its attribute '" + name + "' is not a finite number";
  }
  return {};
}

std::vector<std::string> overlooked(const onnx::NodeProto& node) {
  std::vector<std::string> all;
  const Operator* known = findOperator(node.op_type());
  if (!known) return all;
  for (const Attribute& attribute : node.attribute()) {
    const std::string& name = attribute.name();
    if (holds(known->attributes, name) || holds(known->harmless, name) || name == kOfOldFiles) continue;
    const std::string problem = holds(known->withDefaults, name)
                                    ? differing(node, name)
                                    : "its attribute '" + cleaned(name) + "' is not known here, and it is computed without it";
    if (!problem.empty()) all.push_back(problem);
  }
  const auto given = std::any_of(node.input().begin() + std::min(known->inputs, node.input_size()), node.input().end(),
                                 [](const std::string& input) { return !input.empty(); });
  if (given)
    all.push_back("it has more inputs than the " + std::to_string(known->inputs) + " that are known here, and it is computed without them");
  return all;
}

}  // namespace io::onnxfile
