// Operators that compute with whole numbers of a few bits, as the operators that they stand for between conversions from such and to such.
#include <algorithm>
#include <set>

#include "io/onnx/GraphForms.h"
#include "io/onnx/OnnxAttributes.h"

namespace io::onnxfile {

namespace {

// A letter for each input. x: whole numbers, behind which their scale and zero point follow; b: a bias, in the scales of those before it
// multiplied; y: scale and zero point of the result.
struct Form {
  std::string_view name;
  const char* plain;
  std::string_view inputs;
};
constexpr Form kForms[] = {{"QLinearConv", "Conv", "x--x--y-b"},
                           {"QLinearMatMul", "MatMul", "x--x--y-"},
                           {"QLinearAdd", "Add", "x--x--y-"},
                           {"QLinearMul", "Mul", "x--x--y-"},
                           {"QGemm", "Gemm", "x--x--by-"},
                           {"QLinearSigmoid", "Sigmoid", "x--y-"},
                           {"QLinearLeakyRelu", "LeakyRelu", "x--y-"},
                           {"QLinearSoftmax", "Softmax", "x--y-"},
                           {"QLinearAveragePool", "AveragePool", "x--y-"},
                           {"QLinearGlobalAveragePool", "GlobalAveragePool", "x--y-"},
                           {"QLinearConcat", "Concat", "y-x--"}};

class Spelling {
 public:
  explicit Spelling(onnx::GraphProto& graph) : m_graph(graph) {}

  void run() {
    const Nodes before = m_graph.node();
    if (std::none_of(before.begin(), before.end(), [](const onnx::NodeProto& node) { return isQuantized(node); })) return;
    for (const onnx::NodeProto& node : before) {
      const auto form = std::find_if(std::begin(kForms), std::end(kForms), [&](const Form& one) { return one.name == node.op_type(); });
      if (!isQuantized(node))
        *m_nodes.Add() = node;
      else if (form != std::end(kForms))
        spellOut(node, *form);
      else if (node.op_type() == "DynamicQuantizeLinear")
        spellOutDynamic(node);
      else
        spellOutInteger(node);
    }
    m_graph.mutable_node()->Swap(&m_nodes);
  }

 private:
  using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

  // Those of ONNX Runtime among them, which say so by their domain.
  static bool isQuantized(const onnx::NodeProto& node) {
    constexpr std::string_view kOthers = "DynamicQuantizeLinear ConvInteger MatMulInteger";
    const bool known = holds(kOthers, node.op_type()) ||
                       std::any_of(std::begin(kForms), std::end(kForms), [&](const Form& form) { return form.name == node.op_type(); });
    const bool domain = node.domain().empty() || node.domain() == "ai.onnx" || node.domain() == "com.microsoft";
    return known && domain && node.output_size() > 0 && intAttribute(node, "channels_last", 0) == 0;
  }

  onnx::NodeProto& add(const onnx::NodeProto& like, const std::string& op, const std::vector<std::string>& inputs,
                       const std::string& output) {
    onnx::NodeProto& node = *m_nodes.Add();
    node.set_name(like.name());
    node.set_op_type(op);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output);
    return node;
  }
  std::string real(const onnx::NodeProto& like, const std::string& whole, const std::string& scale, const std::string& zero, int axis) {
    const std::string name = like.output(0) + "/" + whole;
    if (!m_real.insert(name).second) return name;  // it reads one twice
    onnx::AttributeProto& attribute = *add(like, "DequantizeLinear", {whole, scale, zero}, name).add_attribute();
    attribute.set_name("axis");
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(axis);
    return name;
  }
  onnx::NodeProto& addPlain(const onnx::NodeProto& like, const char* op, const std::vector<std::string>& inputs,
                            const std::string& output) {
    onnx::NodeProto& node = add(like, op, inputs, output);
    for (const onnx::AttributeProto& attribute : like.attribute())
      if (attribute.name() != "channels_last" && attribute.name() != "opset") *node.add_attribute() = attribute;
    return node;
  }

  void spellOut(const onnx::NodeProto& node, const Form& form) {
    const auto input = [&](int i) { return i < node.input_size() ? node.input(i) : std::string(); };
    // Scales of weights are one for each output.
    const int axis = std::string_view(form.plain) == "Conv" || intAttribute(node, "transB", 0) != 0 ? 0 : 1;
    std::string letters(form.inputs);
    while (form.name == "QLinearConcat" && int(letters.size()) < node.input_size()) letters += "x--";
    std::vector<std::string> inputs, scales;
    std::string scale, zero;
    for (int i = 0; i < int(letters.size()); ++i) {
      if (letters[std::size_t(i)] == 'y') scale = input(i), zero = input(i + 1);
      if (input(i).empty()) continue;
      if (letters[std::size_t(i)] == 'x') {
        inputs.push_back(real(node, input(i), input(i + 1), input(i + 2), scales.empty() ? 1 : axis));
        scales.push_back(input(i + 1));
      } else if (letters[std::size_t(i)] == 'b' && scales.size() == 2) {
        const std::string both = node.output(0) + "/scales";
        add(node, "Mul", scales, both);
        inputs.push_back(real(node, input(i), both, "", 0));
      }
    }
    const std::string result = node.output(0) + "/real";
    addPlain(node, form.plain, inputs, result);
    add(node, "QuantizeLinear", {result, scale, zero}, node.output(0));
  }

  // Its scale depends on the picture, which is of no account where nothing is rounded.
  void spellOutDynamic(const onnx::NodeProto& node) {
    add(node, "Identity", {node.input(0)}, node.output(0));
    if (node.output_size() > 1) addConstant(node.output(1), onnx::TensorProto::FLOAT, 1);
    if (node.output_size() > 2) addConstant(node.output(2), onnx::TensorProto::UINT8, 0);
  }
  void spellOutInteger(const onnx::NodeProto& node) {
    const std::string one = node.output(0) + "/one";
    addConstant(one, onnx::TensorProto::FLOAT, 1);
    std::vector<std::string> inputs;
    for (int i = 0; i < std::min(node.input_size(), 2); ++i)
      inputs.push_back(real(node, node.input(i), one, i + 2 < node.input_size() ? node.input(i + 2) : "", 1));
    addPlain(node, node.op_type() == "ConvInteger" ? "Conv" : "MatMul", inputs, node.output(0));
  }
  void addConstant(const std::string& name, onnx::TensorProto::DataType type, int value) {
    onnx::TensorProto& tensor = *m_graph.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    if (type == onnx::TensorProto::FLOAT)
      tensor.add_float_data(float(value));
    else
      tensor.add_int32_data(value);
  }

  onnx::GraphProto& m_graph;
  Nodes m_nodes;
  std::set<std::string> m_real;
};

}  // namespace

void spellOutQuantized(onnx::GraphProto& graph) {
  Spelling(graph).run();
}

}  // namespace io::onnxfile
