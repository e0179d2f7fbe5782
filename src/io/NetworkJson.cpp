// Networks as JSON: one object with "name", "title", "description", "nodes" (each with "name", "type", "inputs", "group" and the
// fields of its type side by side), "outputs", "classes", "task", "scores" (what the numbers of the answer are) and "input", the contract
// of how a picture becomes the input's values.
#include <algorithm>

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

#include "io/Json.h"
#include "io/Model.h"
#include "nn/LayerCatalogue.h"
#include "tasks/Task.h"

namespace io {

namespace {

constexpr qsizetype kLargestJson = 16 << 20;

// Said of nothing, it would be taken for nothing said.
void refuseEmptyList(const JsonEntries& entries, const QString& key, const char* hint) {
  const QJsonValue value = entries.object().value(key);
  if (value.isArray() && value.toArray().isEmpty()) throw nn::Error("'" + key.toStdString() + "' is an empty list", entries.where(), hint);
}

std::string requiredText(const JsonEntries& node, const QString& key) {
  if (!node.has(key)) throw nn::Error("'" + key.toStdString() + "' is missing", node.where(), "Every node needs a name and a type");
  return node.text(key);
}

// A field that takes any number reads a whole one as such too.
bool takesReal(const std::string& type, const std::string& name) {
  const nn::LayerType* row = nn::findLayerType(type);
  if (!row) return false;
  return std::any_of(row->fields.begin(), row->fields.end(),
                     [&](const nn::FieldInfo& info) { return info.name == name && std::holds_alternative<double>(info.defaultValue); });
}

// The value as it stands; whether the layer has such a field, and of which type, is nn::validate's affair.
nn::FieldValue fieldValue(const JsonEntries& node, const QString& key, bool asReal) {
  const QJsonValue value = node.object().value(key);
  if (asReal && value.isDouble()) return value.toDouble();
  if (const auto scalar = jsonScalar(value)) return *scalar;
  if (value.isArray()) return node.wholes(key);
  node.refuse(key, "a number, a text, a list of whole numbers, true or false", value);
}

nn::NodeSpec readNode(const JsonEntries& numbered, const std::string& file) {
  nn::NodeSpec node;
  node.name = requiredText(numbered, "name");
  const JsonEntries entries(numbered.object(), file + ", node '" + node.name + "'");
  node.type = requiredText(entries, "type");
  node.inputs = entries.texts("inputs");
  node.group = entries.text("group");
  if (node.type != "input")
    refuseEmptyList(entries, "inputs", "Name the nodes that it reads, or leave the key out: then it reads the node before");
  for (const QString& written : entries.object().keys()) {
    // An older spelling of the same field.
    const std::string key = written == QLatin1String("initialisation") ? "initialization" : written.toStdString();
    if (key == "name" || key == "type" || key == "inputs" || key == "group") continue;
    if (node.fields.contains(key))
      throw nn::Error("'" + key + "' is given twice, in two spellings", entries.where(), "Keep the one that is meant");
    node.fields[key] = fieldValue(entries, written, takesReal(node.type, key));
  }
  return node;
}

// One of the names of an enumeration; what is there already where the key is missing.
template <typename Choice>
void readChoice(const JsonEntries& entries, const char* key, int count, Choice& choice) {
  const std::string name = entries.text(key);
  if (name.empty()) return;
  std::string all;
  for (int i = 0; i < count; ++i) {
    if (nn::nameOf(Choice(i)) == name) {
      choice = Choice(i);
      return;
    }
    all += (all.empty() ? "" : ", ") + std::string(nn::nameOf(Choice(i)));
  }
  throw nn::Error("'" + std::string(key) + "' is '" + name + "', which is none of its values", entries.where(), "It is one of: " + all);
}

nn::InputSpec readInputSpec(const JsonEntries& input) {
  input.allowOnly({"colors", "range", "mean", "deviation", "ink", "fit"}, "'input'");
  nn::InputSpec spec;
  readChoice(input, "colors", nn::kInputColorsCount, spec.colors);
  readChoice(input, "ink", nn::kInkPolarityCount, spec.ink);
  readChoice(input, "fit", nn::kInputFitCount, spec.fit);
  spec.mean = input.reals("mean");
  spec.deviation = input.reals("deviation");
  const std::vector<double> range = input.reals("range");
  if (range.empty()) return spec;
  if (range.size() != 2)
    throw nn::Error("'range' must be two numbers, what black and what white is", input.where(), "Usual are [0, 1], [0, 255] and [-1, 1]");
  spec.low = range[0];
  spec.high = range[1];
  return spec;
}

QString numberList(const std::vector<double>& numbers) {
  QStringList parts;
  for (const double number : numbers) parts << jsonText(nn::FieldValue(number));
  return "[" + parts.join(", ") + "]";
}

// What differs from what is taken where nothing is said.
QString inputText(const nn::InputSpec& spec) {
  const nn::InputSpec none;
  QStringList parts;
  if (spec.colors != none.colors) parts << "\"colors\": " + jsonText(std::string(nn::nameOf(spec.colors)));
  if (spec.low != none.low || spec.high != none.high) parts << "\"range\": " + numberList({spec.low, spec.high});
  if (!spec.mean.empty()) parts << "\"mean\": " + numberList(spec.mean);
  if (!spec.deviation.empty()) parts << "\"deviation\": " + numberList(spec.deviation);
  if (spec.ink != none.ink) parts << "\"ink\": " + jsonText(std::string(nn::nameOf(spec.ink)));
  if (spec.fit != none.fit) parts << "\"fit\": " + jsonText(std::string(nn::nameOf(spec.fit)));
  return "{" + parts.join(", ") + "}";
}

QString quotedList(const std::vector<std::string>& texts) {
  QStringList parts;
  for (const std::string& text : texts) parts << jsonText(text);
  return "[" + parts.join(", ") + "]";
}

QString nodeText(const nn::NodeSpec& node) {
  QStringList parts{"\"name\": " + jsonText(node.name), "\"type\": " + jsonText(node.type)};
  if (!node.inputs.empty()) parts << "\"inputs\": " + quotedList(node.inputs);
  if (!node.group.empty()) parts << "\"group\": " + jsonText(node.group);
  for (const auto& [key, value] : node.fields) parts << jsonText(key) + ": " + jsonText(value);
  return "    {" + parts.join(", ") + "}";
}

}  // namespace

nn::NetworkSpec readNetworkJson(const QByteArray& json, const QString& where) {
  const std::string file = where.toStdString();
  if (json.size() > kLargestJson) throw nn::Error("the file is larger than 16 MB, too large for a network description", file);
  const JsonEntries entries(parseJsonObject(json, file, "a network"), file);
  entries.allowOnly({"name", "title", "description", "nodes", "outputs", "classes", "input", "task", "scores"}, "A network");
  nn::NetworkSpec spec;
  spec.name = entries.text("name");
  spec.title = entries.text("title");
  spec.description = entries.text("description");
  spec.outputs = entries.texts("outputs");
  refuseEmptyList(entries, "outputs", "Name the nodes whose values are the answer, or leave the key out: then it is what no node reads");
  spec.classNames = entries.texts("classes");
  spec.task = entries.text("task");
  tasks::requireKnownTask(spec.task, file);
  readChoice(entries, "scores", int(nn::allScores().size()), spec.scores);
  if (entries.has("input")) spec.input = readInputSpec(entries.inside("input"));
  if (!entries.has("nodes")) throw nn::Error("'nodes' is missing", file, "A network needs a list of nodes, the first of type \"input\"");
  for (const JsonEntries& node : entries.objects("nodes", "node")) spec.nodes.push_back(readNode(node, file));
  return spec;
}

QByteArray writeNetworkJson(const nn::NetworkSpec& spec) {
  QStringList lines;
  if (!spec.name.empty()) lines << "  \"name\": " + jsonText(spec.name);
  if (!spec.title.empty()) lines << "  \"title\": " + jsonText(spec.title);
  if (!spec.description.empty()) lines << "  \"description\": " + jsonText(spec.description);
  QStringList nodes;
  for (const nn::NodeSpec& node : spec.nodes) nodes << nodeText(node);
  lines << "  \"nodes\": [\n" + nodes.join(",\n") + "\n  ]";
  if (!spec.outputs.empty()) lines << "  \"outputs\": " + quotedList(spec.outputs);
  if (!spec.classNames.empty()) lines << "  \"classes\": " + quotedList(spec.classNames);
  if (!spec.task.empty()) lines << "  \"task\": " + jsonText(spec.task);
  if (spec.scores != nn::Scores::ByLayers) lines << "  \"scores\": " + jsonText(std::string(nn::nameOf(spec.scores)));
  if (spec.input != nn::InputSpec()) lines << "  \"input\": " + inputText(spec.input);
  return ("{\n" + lines.join(",\n") + "\n}\n").toUtf8();
}

}  // namespace io
