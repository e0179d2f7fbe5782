// Networks as JSON: one object with "name", "title", "description", "nodes" (each with "name", "type", "inputs", "group" and the
// fields of its type side by side), "outputs", "classes", "task" and "input", the contract of how a picture becomes the input's values.
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

// Where in the file we are, for messages: "harley.json, node 'conv1'".
struct Place {
  std::string text;
  Place inside(const std::string& what) const { return {text.empty() ? what : text + ", " + what}; }
  [[noreturn]] void wrongType(const std::string& key, const char* wanted, const QJsonValue& found) const {
    throw nn::Error("'" + key + "' must be " + wanted + ", but it is " + jsonKind(found), text);
  }
};

std::string textOf(const QJsonObject& object, const char* key, const Place& place, bool required = false) {
  const QJsonValue value = object.value(QLatin1String(key));
  if (value.isUndefined()) {
    if (required) throw nn::Error(std::string("'") + key + "' is missing", place.text, "Every node needs a name and a type");
    return {};
  }
  if (!value.isString()) place.wrongType(key, "a text", value);
  return value.toString().toStdString();
}

std::vector<std::string> textsOf(const QJsonObject& object, const char* key, const Place& place) {
  std::vector<std::string> result;
  const QJsonValue value = object.value(QLatin1String(key));
  if (value.isUndefined()) return result;
  if (value.isString()) return {value.toString().toStdString()};
  if (!value.isArray()) place.wrongType(key, "a list of texts", value);
  for (const QJsonValue& entry : value.toArray()) {
    if (!entry.isString()) place.wrongType(key, "a list of texts", entry);
    result.push_back(entry.toString().toStdString());
  }
  return result;
}

// Said of nothing, it would be taken for nothing said.
void refuseEmptyList(const QJsonObject& object, const char* key, const Place& place, const char* hint) {
  const QJsonValue value = object.value(QLatin1String(key));
  if (value.isArray() && value.toArray().isEmpty()) throw nn::Error(std::string("'") + key + "' is an empty list", place.text, hint);
}

std::vector<std::int64_t> wholeNumbersOf(const QJsonValue& value, const std::string& key, const Place& place) {
  std::vector<std::int64_t> result;
  for (const QJsonValue& entry : value.toArray()) {
    const auto number = jsonScalar(entry);
    if (!number || !std::holds_alternative<std::int64_t>(*number)) place.wrongType(key, "a list of whole numbers", entry);
    result.push_back(std::get<std::int64_t>(*number));
  }
  return result;
}

// The value as it stands; whether the layer has such a field, and of which type, is nn::validate's affair.
nn::FieldValue fieldValue(const QJsonValue& value, const std::string& key, const Place& place) {
  if (const auto scalar = jsonScalar(value)) return *scalar;
  if (value.isArray()) return wholeNumbersOf(value, key, place);
  place.wrongType(key, "a number, a text, a list of whole numbers, true or false", value);
}

// A field that takes any number reads a whole one as such too.
bool takesReal(const std::string& type, const std::string& name) {
  const nn::LayerType* row = nn::findLayerType(type);
  if (!row) return false;
  return std::any_of(row->fields.begin(), row->fields.end(),
                     [&](const nn::FieldInfo& info) { return info.name == name && std::holds_alternative<double>(info.defaultValue); });
}

nn::NodeSpec readNode(const QJsonValue& value, const Place& place) {
  if (!value.isObject()) place.wrongType("nodes", "a list of objects", value);
  const QJsonObject object = value.toObject();
  nn::NodeSpec node;
  node.name = textOf(object, "name", place, true);
  const Place here = Place{place.text.substr(0, place.text.rfind(", "))}.inside("node '" + node.name + "'");
  node.type = textOf(object, "type", here, true);
  node.inputs = textsOf(object, "inputs", here);
  node.group = textOf(object, "group", here);
  if (node.type != "input")
    refuseEmptyList(object, "inputs", here, "Name the nodes that it reads, or leave the key out: then it reads the node before");
  for (auto entry = object.begin(); entry != object.end(); ++entry) {
    // An older spelling of the same field.
    const std::string key = entry.key() == QLatin1String("initialisation") ? "initialization" : entry.key().toStdString();
    if (key == "name" || key == "type" || key == "inputs" || key == "group") continue;
    const QJsonValue field = entry.value();
    if (node.fields.contains(key))
      throw nn::Error("'" + key + "' is given twice, in two spellings", here.text, "Keep the one that is meant");
    node.fields[key] = field.isDouble() && takesReal(node.type, key) ? nn::FieldValue(field.toDouble()) : fieldValue(field, key, here);
  }
  return node;
}

void rejectUnknownKeys(const QJsonObject& object, const Place& place, const QStringList& known, const std::string& owner) {
  for (const QString& key : object.keys())
    if (!known.contains(key))
      throw nn::Error("unknown key '" + key.toStdString() + "'", place.text, owner + " has the keys " + known.join(", ").toStdString());
}

std::vector<double> realsOf(const QJsonObject& object, const char* key, const Place& place) {
  const QJsonValue value = object.value(QLatin1String(key));
  if (value.isDouble()) return {value.toDouble()};
  std::vector<double> result;
  if (value.isUndefined()) return result;
  if (!value.isArray()) place.wrongType(key, "a list of numbers", value);
  for (const QJsonValue& entry : value.toArray()) {
    if (!entry.isDouble()) place.wrongType(key, "a list of numbers", entry);
    result.push_back(entry.toDouble());
  }
  return result;
}

// One of the names of an enumeration; what is there already where the key is missing.
template <typename Choice>
void readChoice(const QJsonObject& object, const char* key, int count, const Place& place, Choice& choice) {
  const std::string name = textOf(object, key, place);
  if (name.empty()) return;
  std::string all;
  for (int i = 0; i < count; ++i) {
    if (nn::nameOf(Choice(i)) == name) {
      choice = Choice(i);
      return;
    }
    all += (all.empty() ? "" : ", ") + std::string(nn::nameOf(Choice(i)));
  }
  throw nn::Error("'" + std::string(key) + "' is '" + name + "', which is none of its values", place.text, "It is one of: " + all);
}

nn::InputSpec readInputSpec(const QJsonValue& value, const Place& place) {
  if (value.isUndefined()) return {};
  if (!value.isObject()) place.wrongType("input", "an object", value);
  const QJsonObject object = value.toObject();
  const Place here = place.inside("'input'");
  rejectUnknownKeys(object, here, {"colors", "range", "mean", "deviation", "ink", "fit"}, "'input'");
  nn::InputSpec spec;
  readChoice(object, "colors", nn::kInputColorsCount, here, spec.colors);
  readChoice(object, "ink", nn::kInkPolarityCount, here, spec.ink);
  readChoice(object, "fit", nn::kInputFitCount, here, spec.fit);
  spec.mean = realsOf(object, "mean", here);
  spec.deviation = realsOf(object, "deviation", here);
  const std::vector<double> range = realsOf(object, "range", here);
  if (range.empty()) return spec;
  if (range.size() != 2)
    throw nn::Error("'range' must be two numbers, what black and what white is", here.text, "Usual are [0, 1], [0, 255] and [-1, 1]");
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
  const Place place{where.toStdString()};
  if (json.size() > kLargestJson) throw nn::Error("the file is larger than 16 MB, too large for a network description", place.text);
  const QJsonObject object = parseJsonObject(json, place.text, "a network");
  rejectUnknownKeys(object, place, {"name", "title", "description", "nodes", "outputs", "classes", "input", "task"}, "A network");
  nn::NetworkSpec spec;
  spec.name = textOf(object, "name", place);
  spec.title = textOf(object, "title", place);
  spec.description = textOf(object, "description", place);
  spec.outputs = textsOf(object, "outputs", place);
  refuseEmptyList(object, "outputs", place,
                  "Name the nodes whose values are the answer, or leave the key out: then it is what no node reads");
  spec.classNames = textsOf(object, "classes", place);
  spec.task = textOf(object, "task", place);
  tasks::requireKnownTask(spec.task, place.text);
  spec.input = readInputSpec(object.value(QLatin1String("input")), place);
  const QJsonValue nodes = object.value(QLatin1String("nodes"));
  if (nodes.isUndefined())
    throw nn::Error("'nodes' is missing", place.text, "A network needs a list of nodes, the first of type \"input\"");
  if (!nodes.isArray()) place.wrongType("nodes", "a list", nodes);
  int number = 0;
  for (const QJsonValue& node : nodes.toArray()) spec.nodes.push_back(readNode(node, place.inside("node " + std::to_string(++number))));
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
  if (spec.input != nn::InputSpec()) lines << "  \"input\": " + inputText(spec.input);
  return ("{\n" + lines.join(",\n") + "\n}\n").toUtf8();
}

}  // namespace io
