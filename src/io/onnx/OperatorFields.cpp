#include "io/onnx/OperatorFields.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "io/onnx/OnnxAttributes.h"

namespace io::onnxfile {

namespace {

using Attribute = onnx::AttributeProto;

// Lists of names, divided by spaces.
struct Fields {
  int inputs = 1;                 // as many as are looked at
  std::string_view read;          // attributes that are looked at
  std::string_view harmless;      // those that change nothing that is computed here
  std::string_view withDefaults;  // those of which only the default is computed: kDefaults
};

constexpr int kAny = 1 << 20;

// What is said of making smaller, of cubic curves and of what lies outside is for ways of resizing that are not read.
constexpr Fields kResize{4, "axes coordinate_transformation_mode mode nearest_mode",
                         "antialias cubic_coeff_a exclude_outside extrapolation_value", "keep_aspect_ratio_policy"};

const std::map<std::string_view, Fields>& operators() {
  static const std::map<std::string_view, Fields> table{
      {"Conv", {3, "auto_pad dilations group kernel_shape pads strides"}},
      {"ConvTranspose", {3, "auto_pad dilations group kernel_shape output_padding output_shape pads strides"}},
      {"MaxPool", {1, "auto_pad ceil_mode dilations kernel_shape pads strides", "storage_order"}},
      {"AveragePool", {1, "auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides"}},
      {"GlobalAveragePool", {}},
      {"GlobalMaxPool", {}},
      {"ReduceMean", {2, "axes keepdims", "noop_with_empty_axes"}},  // without axes it is not read
      {"ReduceMax", {2, "axes keepdims", "noop_with_empty_axes"}},
      {"Gemm", {3, "alpha beta transA transB", "broadcast"}},
      {"MatMul", {2}},
      {"BatchNormalization", {5, "epsilon", "momentum is_test", "training_mode spatial"}},
      {"Relu", {}},
      {"LeakyRelu", {1, "alpha"}},
      {"PRelu", {2}},
      {"Sigmoid", {}},
      {"Tanh", {}},
      {"Elu", {1, "alpha"}},
      {"Gelu", {1, "approximate"}},
      {"Erf", {}},
      {"HardSigmoid", {1, "alpha beta"}},
      {"HardSwish", {}},
      {"Greater", {2, "axis", "broadcast"}},
      {"Clip", {3, "max min"}},
      {"Min", {kAny}},
      {"Max", {kAny}},
      {"Identity", {}},
      {"Cast", {1, "to", "saturate round_mode"}},  // of eight-bit floats only
      {"Dropout", {3, "ratio", "seed is_test"}},
      {"Pad", {4, "mode paddings pads value"}},
      {"Flatten", {1, "axis"}},
      {"Reshape", {2, "allowzero shape"}},
      {"Squeeze", {2, "axes"}},
      {"Unsqueeze", {2, "axes"}},
      {"Transpose", {1, "perm"}},
      {"Softmax", {1, "axis"}},
      {"LogSoftmax", {1, "axis"}},
      {"Add", {kAny, "axis", "broadcast"}},
      {"Sum", {kAny}},
      {"Sub", {2, "axis", "broadcast"}},
      {"Mul", {2, "axis", "broadcast"}},
      {"Div", {2, "axis", "broadcast"}},
      {"Pow", {2, "axis", "broadcast"}},
      {"Neg", {}},
      {"Sqrt", {}},
      {"Reciprocal", {}},
      {"Floor", {}},
      {"Ceil", {}},
      {"LRN", {1, "alpha beta bias size"}},
      {"Resize", kResize},
      {"Upsample", {2, "mode"}},
      {"Slice", {5, "axes ends starts"}},
      {"Gather", {2, "axis"}},
      {"Concat", {kAny, "axis"}},
      {"Shape", {1, "end start"}},
      {"ConstantOfShape", {1, "value"}},
  };
  return table;
}

// Every operator could have it in the first version of the standard; it says what may be written over.
constexpr std::string_view kOfOldFiles = "consumed_inputs";

const std::map<std::string_view, Attribute::AttributeType>& types() {
  static const std::map<std::string_view, Attribute::AttributeType> table{
      {"allowzero", Attribute::INT},
      {"alpha", Attribute::FLOAT},
      {"approximate", Attribute::STRING},
      {"auto_pad", Attribute::STRING},
      {"axes", Attribute::INTS},
      {"axis", Attribute::INT},
      {"beta", Attribute::FLOAT},
      {"bias", Attribute::FLOAT},
      {"ceil_mode", Attribute::INT},
      {"coordinate_transformation_mode", Attribute::STRING},
      {"count_include_pad", Attribute::INT},
      {"dilations", Attribute::INTS},
      {"end", Attribute::INT},
      {"ends", Attribute::INTS},
      {"epsilon", Attribute::FLOAT},
      {"group", Attribute::INT},
      {"keep_aspect_ratio_policy", Attribute::STRING},
      {"keepdims", Attribute::INT},
      {"kernel_shape", Attribute::INTS},
      {"max", Attribute::FLOAT},
      {"min", Attribute::FLOAT},
      {"mode", Attribute::STRING},
      {"nearest_mode", Attribute::STRING},
      {"output_padding", Attribute::INTS},
      {"output_shape", Attribute::INTS},
      {"paddings", Attribute::INTS},
      {"pads", Attribute::INTS},
      {"perm", Attribute::INTS},
      {"ratio", Attribute::FLOAT},
      {"shape", Attribute::INTS},
      {"size", Attribute::INT},
      {"spatial", Attribute::INT},
      {"start", Attribute::INT},
      {"starts", Attribute::INTS},
      {"strides", Attribute::INTS},
      {"to", Attribute::INT},
      {"training_mode", Attribute::INT},
      {"transA", Attribute::INT},
      {"transB", Attribute::INT},
  };
  return table;
}

// UNDEFINED: nothing is said of it.
Attribute::AttributeType typeOf(const onnx::NodeProto& node, const std::string& attribute) {
  if (attribute == "value") return node.op_type() == "Pad" ? Attribute::FLOAT : Attribute::TENSOR;
  const auto found = types().find(attribute);
  return found == types().end() ? Attribute::UNDEFINED : found->second;
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

bool holds(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

// What is wrong with an attribute that has only one value here: nothing where it is that one.
std::string differing(const onnx::NodeProto& node, const std::string& name) {
  const Default& usual = defaults().at(name);
  const bool ofText = !usual.text.empty();
  const std::string found = ofText ? textAttribute(node, name, {}) : std::to_string(intAttribute(node, name, 0));
  const std::string wanted = ofText ? usual.text : std::to_string(usual.number);
  return found == wanted ? "" : "its " + name + " is " + cleaned(found) + ", and it is computed as if it were " + wanted;
}

}  // namespace

bool isStandard(const onnx::NodeProto& node) {
  return node.domain().empty() || node.domain() == "ai.onnx";
}

std::string contradiction(const onnx::NodeProto& node) {
  const auto fields = operators().find(node.op_type());
  if (fields == operators().end()) return {};
  for (int i = 0; i < node.attribute_size(); ++i) {
    const Attribute& attribute = node.attribute(i);
    const std::string& name = attribute.name();
    for (int before = 0; before < i; ++before)
      if (node.attribute(before).name() == name) return "its attribute '" + cleaned(name) + "' is given twice";
    const bool used = holds(fields->second.read, name) || holds(fields->second.withDefaults, name);
    if (used && !attribute.ref_attr_name().empty()) return "its attribute '" + name + "' is that of a function around it";
    const Attribute::AttributeType type = used ? typeOf(node, name) : Attribute::UNDEFINED;
    const bool known = type != Attribute::UNDEFINED && attribute.type() != Attribute::UNDEFINED;  // old files do not say it
    if (known && attribute.type() != type)
      return "its attribute '" + name + "' holds " + Attribute::AttributeType_Name(attribute.type()) + ", where the standard has " +
             Attribute::AttributeType_Name(type);
  }
  return {};
}

std::vector<std::string> overlooked(const onnx::NodeProto& node) {
  std::vector<std::string> all;
  const auto found = operators().find(node.op_type());
  if (found == operators().end()) return all;
  const Fields& fields = found->second;
  for (const Attribute& attribute : node.attribute()) {
    const std::string& name = attribute.name();
    if (holds(fields.read, name) || holds(fields.harmless, name) || name == kOfOldFiles) continue;
    const std::string problem = holds(fields.withDefaults, name)
                                    ? differing(node, name)
                                    : "its attribute '" + cleaned(name) + "' is not known here, and it is computed without it";
    if (!problem.empty()) all.push_back(problem);
  }
  const auto given = std::any_of(node.input().begin() + std::min(fields.inputs, node.input_size()), node.input().end(),
                                 [](const std::string& input) { return !input.empty(); });
  if (given)
    all.push_back("it has more inputs than the " + std::to_string(fields.inputs) + " that are known here, and it is computed without them");
  return all;
}

}  // namespace io::onnxfile
