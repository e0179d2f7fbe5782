#include "io/onnx/GraphForms.h"

#include <algorithm>
#include <map>
#include <set>

#include <queue>

#include "io/onnx/OnnxAttributes.h"
#include "nn/Error.h"

namespace io::onnxfile {

namespace {

using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

const onnx::FunctionProto* functionOf(const onnx::ModelProto& model, const onnx::NodeProto& node) {
  const auto found = std::find_if(model.functions().begin(), model.functions().end(), [&](const onnx::FunctionProto& one) {
    return one.name() == node.op_type() && one.domain() == node.domain();
  });
  return found == model.functions().end() ? nullptr : &*found;
}

// Attributes that a function leaves to who calls it. What nobody gives is left out, so that the operator's own default counts.
void giveAttributes(const onnx::NodeProto& call, onnx::NodeProto& inner) {
  for (int i = inner.attribute_size(); i-- > 0;) {
    onnx::AttributeProto& attribute = *inner.mutable_attribute(i);
    if (attribute.ref_attr_name().empty()) continue;
    const std::string name = attribute.name();
    const auto given = std::find_if(call.attribute().begin(), call.attribute().end(),
                                    [&](const auto& one) { return one.name() == attribute.ref_attr_name(); });
    if (given == call.attribute().end()) {
      inner.mutable_attribute()->DeleteSubrange(i, 1);
      continue;
    }
    attribute = *given;
    attribute.set_name(name);
  }
}

// The function's nodes, with the names of the call's tensors and, for those inside, names of their own.
void expand(const onnx::FunctionProto& function, const onnx::NodeProto& call, Nodes& nodes) {
  std::map<std::string, std::string> names{{"", ""}};
  for (int i = 0; i < function.input_size(); ++i) names[function.input(i)] = i < call.input_size() ? call.input(i) : "";
  for (int i = 0; i < function.output_size(); ++i)
    if (i < call.output_size() && !call.output(i).empty()) names[function.output(i)] = call.output(i);
  const std::string before = (call.output_size() > 0 ? call.output(0) : call.name()) + "/";
  const auto renamed = [&](const std::string& name) { return names.try_emplace(name, before + name).first->second; };
  for (const onnx::NodeProto& inner : function.node()) {
    onnx::NodeProto& node = *nodes.Add();
    node = inner;
    node.set_name(call.name().empty() ? inner.name() : call.name() + "/" + inner.name());
    for (std::string& input : *node.mutable_input()) input = renamed(input);
    for (std::string& output : *node.mutable_output()) output = renamed(output);
    giveAttributes(call, node);
  }
}

bool isDefault(const std::string& domain) {
  return domain.empty() || domain == "ai.onnx";
}

}  // namespace

void inlineFunctions(onnx::ModelProto& model, int mostNodes, const std::string& where) {
  constexpr int kDeepest = 32;
  for (int depth = 0; model.functions_size() > 0; ++depth) {
    Nodes nodes;
    bool any = false;
    for (const onnx::NodeProto& node : model.graph().node()) {
      const onnx::FunctionProto* function = functionOf(model, node);
      if (!function)
        *nodes.Add() = node;
      else
        expand(*function, node, nodes), any = true;
      if (nodes.size() > mostNodes || depth > kDeepest)
        throw nn::Error("its functions become more than " + std::to_string(mostNodes) + " operators", where,
                        "Export the model without functions");
    }
    if (!any) return;
    model.mutable_graph()->mutable_node()->Swap(&nodes);
  }
}

void sortNodes(onnx::GraphProto& graph) {
  const int count = graph.node_size();
  std::map<std::string, int> makers;
  for (int i = 0; i < count; ++i)
    for (const std::string& output : graph.node(i).output())
      if (!output.empty()) makers.try_emplace(output, i);
  std::vector<std::vector<int>> readers(static_cast<std::size_t>(count));
  std::vector<int> missing(std::size_t(count), 0);
  bool sorted = true;
  for (int i = 0; i < count; ++i)
    for (const std::string& input : graph.node(i).input()) {
      const auto maker = makers.find(input);
      if (maker == makers.end() || maker->second == i) continue;
      readers[std::size_t(maker->second)].push_back(i);
      ++missing[std::size_t(i)];
      sorted = sorted && maker->second < i;
    }
  if (sorted) return;
  // Of those that can come next, the one that stands first in the file.
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (int i = 0; i < count; ++i)
    if (missing[std::size_t(i)] == 0) ready.push(i);
  std::vector<int> order;
  while (!ready.empty()) {
    const int next = ready.top();
    ready.pop();
    order.push_back(next);
    for (const int reader : readers[std::size_t(next)])
      if (--missing[std::size_t(reader)] == 0) ready.push(reader);
  }
  if (int(order.size()) < count) return;  // they read each other in a circle, which the reader tells of
  Nodes nodes;
  for (const int i : order) *nodes.Add() = graph.node(i);
  graph.mutable_node()->Swap(&nodes);
}

namespace {

// The tensors of a graph, by who makes and who reads them.
class Tracks {
 public:
  explicit Tracks(const onnx::GraphProto& graph) : m_graph(graph) {
    for (const onnx::NodeProto& node : graph.node())
      for (const std::string& output : node.output()) m_makers.try_emplace(output, &node);
    for (const onnx::TensorProto& tensor : graph.initializer()) m_constants.insert(tensor.name());
    for (const onnx::NodeProto& node : graph.node()) {
      const bool constant = std::all_of(node.input().begin(), node.input().end(),
                                        [&](const std::string& input) { return input.empty() || m_constants.contains(input); });
      if (constant && isDefault(node.domain())) m_constants.insert(node.output().begin(), node.output().end());
    }
    for (const onnx::ValueInfoProto& info : graph.input())
      if (!m_constants.contains(info.name())) m_inputs.push_back(info.name());
  }
  const onnx::NodeProto* makerOf(const std::string& tensor) const {
    const auto found = m_makers.find(tensor);
    return found == m_makers.end() ? nullptr : found->second;
  }
  bool isConstant(const std::string& tensor) const { return m_constants.contains(tensor); }
  bool isInput(const std::string& tensor) const { return std::find(m_inputs.begin(), m_inputs.end(), tensor) != m_inputs.end(); }
  const std::vector<std::string>& inputs() const { return m_inputs; }
  // All that a tensor leads to, with itself; the nodes are in order.
  std::set<std::string> behind(const std::string& tensor) const {
    std::set<std::string> all{tensor};
    for (const onnx::NodeProto& node : m_graph.node())
      if (std::any_of(node.input().begin(), node.input().end(), [&](const std::string& input) { return all.contains(input); }))
        all.insert(node.output().begin(), node.output().end());
    all.erase("");
    return all;
  }
  // The only input of a node that is computed; empty where several are.
  std::string computedInput(const onnx::NodeProto& node) const {
    std::string found;
    for (const std::string& input : node.input()) {
      if (input.empty() || isConstant(input) || input == found) continue;
      if (!found.empty()) return {};
      found = input;
    }
    return found;
  }
  bool hasWeights(const onnx::NodeProto& node) const {
    constexpr std::string_view kWithWeights = "Conv ConvTranspose Gemm BatchNormalization LSTM GRU RNN QLinearConv";
    const bool product = node.op_type() == "MatMul" && node.input_size() == 2 && (isConstant(node.input(0)) || isConstant(node.input(1)));
    return product || holds(kWithWeights, node.op_type()) || !isDefault(node.domain());
  }

 private:
  const onnx::GraphProto& m_graph;
  std::map<std::string, const onnx::NodeProto*> m_makers;
  std::set<std::string> m_constants;
  std::vector<std::string> m_inputs;
};

// What turns scores into an answer: which is the largest, or a count of that.
constexpr std::string_view kDecisions = "ArgMax ArgMin TopK Hardmax OneHot ArrayFeatureExtractor ZipMap";
constexpr std::string_view kHandedOn = "Identity Squeeze Unsqueeze Reshape Flatten Cast Gather";

// 1 - p before p, as some write the two classes of one sigmoid.
std::string probabilityOfYes(const Tracks& tracks, const onnx::NodeProto& node) {
  if (node.op_type() != "Concat" || node.input_size() != 2) return {};
  const onnx::NodeProto *no = tracks.makerOf(node.input(0)), *yes = tracks.makerOf(node.input(1));
  const bool rest = no && yes && no->op_type() == "Sub" && no->input_size() == 2 && tracks.isConstant(no->input(0)) &&
                    no->input(1) == node.input(1) && yes->op_type() == "Sigmoid";
  return rest ? node.input(1) : std::string();
}

// Where decisions lead back to; the tensor itself where there are none.
std::string beforeDecisions(const Tracks& tracks, const std::string& tensor, std::string& by) {
  std::string scores = tensor, at = tensor;
  for (std::set<std::string> seen; seen.insert(at).second;) {  // a damaged graph may lead in a circle
    const onnx::NodeProto* maker = tracks.makerOf(at);
    if (!maker) return scores;
    const bool decides = holds(kDecisions, maker->op_type());
    if (const std::string yes = probabilityOfYes(tracks, *maker); !yes.empty()) return by = maker->op_type(), yes;
    if (!decides && !holds(kHandedOn, maker->op_type())) return scores;
    at = tracks.computedInput(*maker);
    if (at.empty() || tracks.isInput(at)) return scores;
    if (decides) scores = at, by = maker->op_type();
  }
  return tensor;
}

// Inputs that meet the network only where its answer is compared with them, or counted: nothing that has weights reads what depends on
// them, and an output does.
std::vector<std::string> labelsOf(const onnx::GraphProto& graph, const Tracks& tracks) {
  std::vector<std::string> labels;
  for (const std::string& input : tracks.inputs()) {
    const std::set<std::string> behind = tracks.behind(input);
    constexpr std::string_view kCompared = "Equal SoftmaxCrossEntropyLoss NegativeLogLikelihoodLoss ReduceMean ReduceSum Log ArgMax OneHot";
    bool weights = false, meets = false, compared = false;
    for (const onnx::NodeProto& node : graph.node()) {
      const auto reads = [&](const std::string& one) { return behind.contains(one); };
      if (std::none_of(node.input().begin(), node.input().end(), reads)) continue;
      weights = weights || tracks.hasWeights(node);
      compared = compared || holds(kCompared, node.op_type());
      meets = meets || std::any_of(node.input().begin(), node.input().end(),
                                   [&](const std::string& one) { return !one.empty() && !reads(one) && !tracks.isConstant(one); });
    }
    const bool answers =
        std::any_of(graph.output().begin(), graph.output().end(), [&](const auto& out) { return behind.contains(out.name()); });
    if (!weights && meets && compared && answers) labels.push_back(input);
  }
  return labels.size() < tracks.inputs().size() ? labels : std::vector<std::string>();
}

// What meets the labels on the way to an output, from the network's side.
std::set<std::string> meetingLabels(const Tracks& tracks, const std::set<std::string>& withLabels, const std::string& output) {
  std::set<std::string> met, seen;
  std::vector<std::string> waiting{output};
  while (!waiting.empty()) {
    const std::string at = waiting.back();
    waiting.pop_back();
    if (!seen.insert(at).second || at.empty() || tracks.isConstant(at)) continue;
    const onnx::NodeProto* maker = tracks.makerOf(at);
    if (!withLabels.contains(at))
      met.insert(at);
    else if (maker)
      waiting.insert(waiting.end(), maker->input().begin(), maker->input().end());
  }
  return met;
}

// The last tensor from which all of these come by functions of single values.
std::string commonSource(const Tracks& tracks, const std::set<std::string>& tensors) {
  std::map<std::string, std::size_t> times;
  for (const std::string& tensor : tensors)
    for (std::string at = tensor; !at.empty();) {
      if (++times[at] == tensors.size()) return at;
      const onnx::NodeProto* maker = tracks.makerOf(at);
      constexpr std::string_view kOfValues = "Log Exp Neg Sub Add Mul Div Clip Max Min Sigmoid Softplus LogSoftmax Softmax";
      if (!maker || !(holds(kOfValues, maker->op_type()) || holds(kHandedOn, maker->op_type()))) break;
      at = tracks.computedInput(*maker);
    }
  return {};
}

// Nodes that led to the outputs of before alone, and inputs that nothing reads any more.
void dropUnread(onnx::GraphProto& graph, const std::vector<std::string>& before) {
  const auto needed = [&](const std::vector<std::string>& outputs) {
    std::set<std::string> all(outputs.begin(), outputs.end());
    for (int i = graph.node_size(); i-- > 0;) {
      const onnx::NodeProto& node = graph.node(i);
      if (std::any_of(node.output().begin(), node.output().end(), [&](const std::string& one) { return all.contains(one); }))
        all.insert(node.input().begin(), node.input().end());
    }
    return all;
  };
  std::vector<std::string> now;
  for (const onnx::ValueInfoProto& output : graph.output()) now.push_back(output.name());
  const std::set<std::string> once = needed(before), still = needed(now);
  const auto dropped = [&](const std::string& tensor) { return once.contains(tensor) && !still.contains(tensor); };
  for (int i = graph.node_size(); i-- > 0;) {
    const auto& outputs = graph.node(i).output();
    const bool kept = std::any_of(outputs.begin(), outputs.end(), [&](const std::string& one) { return still.contains(one); });
    if (!kept && std::any_of(outputs.begin(), outputs.end(), dropped)) graph.mutable_node()->DeleteSubrange(i, 1);
  }
  for (int i = graph.input_size(); i-- > 0;)
    if (dropped(graph.input(i).name())) graph.mutable_input()->DeleteSubrange(i, 1);
}

}  // namespace

std::vector<std::string> readUpToScores(onnx::GraphProto& graph) {
  const Tracks tracks(graph);
  const std::vector<std::string> labels = labelsOf(graph, tracks);
  std::set<std::string> withLabels;
  for (const std::string& label : labels) withLabels.merge(tracks.behind(label));
  std::vector<std::string> before, notes;
  std::vector<std::string> kept;  // without those that another output says already
  for (const onnx::ValueInfoProto& output : graph.output()) before.push_back(output.name());
  std::vector<std::pair<std::string, std::string>> replaced;
  for (const std::string& output : before) {
    std::string by, scores = output;
    const bool compared = withLabels.contains(output) && !tracks.isInput(output);
    if (compared) {
      const std::set<std::string> met = meetingLabels(tracks, withLabels, output);
      std::set<std::string> undecided;
      for (const std::string& one : met) undecided.insert(beforeDecisions(tracks, one, by));
      scores = undecided.empty() ? "" : commonSource(tracks, undecided);
      if (scores.empty() || !tracks.makerOf(scores)) scores = output;
      if (scores != output)
        notes.push_back("its output '" + cleaned(output) + "' compares the answer with its input '" + cleaned(labels.front()) +
                        "': read is the answer before that");
    } else {
      scores = beforeDecisions(tracks, output, by);
      if (scores != output)
        notes.push_back("its output '" + cleaned(output) + "' only says what its scores decide (" + by +
                        "): read are the scores before that");
    }
    if (scores == output)
      kept.push_back(output);
    else
      replaced.emplace_back(output, scores);
  }
  if (replaced.empty()) return {};
  for (const auto& pair : replaced) {
    const std::string& scores = pair.second;
    // Another output may be these scores already, or be made of them.
    const std::set<std::string> behind = tracks.behind(scores);
    const bool said = std::any_of(kept.begin(), kept.end(),
                                  [&](const std::string& one) { return behind.contains(one) || tracks.behind(one).contains(scores); });
    if (!said) kept.push_back(scores);
  }
  google::protobuf::RepeatedPtrField<onnx::ValueInfoProto> outputs;
  for (const std::string& name : kept) {
    const auto known = std::find_if(graph.output().begin(), graph.output().end(), [&](const auto& one) { return one.name() == name; });
    if (known != graph.output().end())
      *outputs.Add() = *known;
    else
      outputs.Add()->set_name(name);
  }
  graph.mutable_output()->Swap(&outputs);
  dropUnread(graph, before);
  return notes;
}

}  // namespace io::onnxfile
