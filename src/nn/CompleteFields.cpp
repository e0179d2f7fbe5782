#include <algorithm>
#include <cmath>

#include "nn/Counted.h"
#include "nn/LayerCatalogue.h"
#include "nn/NumberText.h"

namespace nn {

namespace {

std::string numberText(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e16) return std::to_string(std::int64_t(value));
  return shortestText(value);
}

std::string rangeText(const FieldInfo& info) {
  return numberText(info.minimum) + " to " + numberText(info.maximum);
}

std::string choiceText(const FieldInfo& info) {
  return joined(info.choices) + (info.numberAllowed ? ", or a whole number from " + rangeText(info) : "");
}

std::optional<std::int64_t> wholeNumber(const FieldValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* real = std::get_if<double>(&value))
    if (std::abs(*real) < 9e15 && *real == std::floor(*real)) return std::int64_t(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return numberOf<std::int64_t>(*text);
  return std::nullopt;
}

// Long text of a hostile file is cut: the person needs its beginning only.
std::string inQuotes(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  return '"' + std::string(text.substr(0, kLongest)) + (text.size() > kLongest ? "...\"" : "\"");
}

// One field's value in the type of its default; nullopt after reporting.
class FieldReader {
 public:
  FieldReader(const FieldInfo& info, const std::string& where, std::vector<Issue>& issues)
      : m_info(info), m_where(where), m_issues(issues) {}

  std::optional<FieldValue> read(const FieldValue& given) {
    switch (m_info.defaultValue.index()) {
      case 0:
        return readBool(given);
      case 1:
        return readWhole(given);
      case 2:
        return readReal(given);
      case 3:
        return readText(given);
      default:
        return readList(given);
    }
  }

 private:
  std::nullopt_t fail(const std::string& what, const std::string& hint) {
    m_issues.push_back({m_where, "Field \"" + m_info.name + "\" " + what, hint});
    return std::nullopt;
  }
  std::string listHint() const {
    if (m_info.maximumCount == 2) return "Give one number, or 2 as height and width";
    return "Give up to " + std::to_string(m_info.maximumCount) + " numbers; " + m_info.tooltip;
  }
  bool inRange(double value) const { return value >= m_info.minimum && value <= m_info.maximum; }
  std::optional<FieldValue> readBool(const FieldValue& given) {
    if (const auto* flag = std::get_if<bool>(&given)) return *flag;
    return fail("must be true or false", "Write true or false, without quotes");
  }
  std::optional<FieldValue> readWhole(const FieldValue& given) {
    const auto number = std::holds_alternative<std::string>(given) ? std::nullopt : wholeNumber(given);
    const auto* real = std::get_if<double>(&given);
    if (!number && real && std::abs(*real) >= 1e15) return fail("is out of range", "Give a number from " + rangeText(m_info));
    if (!number) return fail("must be a whole number", "Give a number from " + rangeText(m_info));
    if (!inRange(double(*number))) return fail("is out of range: " + std::to_string(*number), "Give a number from " + rangeText(m_info));
    return *number;
  }
  std::optional<FieldValue> readReal(const FieldValue& given) {
    double number = 0;
    if (const auto* real = std::get_if<double>(&given))
      number = *real;
    else if (const auto* whole = std::get_if<std::int64_t>(&given))
      number = double(*whole);
    else
      return fail("must be a number", "Give a number from " + rangeText(m_info));
    if (!inRange(number)) return fail("is out of range", "Give a number from " + rangeText(m_info));
    return number;
  }
  std::optional<FieldValue> readText(const FieldValue& given) {
    const auto* text = std::get_if<std::string>(&given);
    if (text && (m_info.choices.empty() || std::find(m_info.choices.begin(), m_info.choices.end(), *text) != m_info.choices.end()))
      return *text;
    if (m_info.numberAllowed) {
      if (const auto number = wholeNumber(given)) {
        if (inRange(double(*number))) return std::to_string(*number);
        return fail("is out of range: " + std::to_string(*number), "Choose from: " + choiceText(m_info));
      }
    }
    if (const auto* list = std::get_if<std::vector<std::int64_t>>(&given); list && m_info.maximumCount > 0) return readSides(*list);
    if (!text) return fail("must be a text", m_info.choices.empty() ? "Put it in quotes" : "Choose from: " + choiceText(m_info));
    return fail("has an unknown value " + inQuotes(*text), "Choose from: " + choiceText(m_info));
  }
  // One number for all sides, two or four, as text: "1 0 2 3".
  std::optional<FieldValue> readSides(const std::vector<std::int64_t>& numbers) {
    if (numbers.size() != 1 && numbers.size() != 2 && numbers.size() != 4)
      return fail("has " + std::to_string(numbers.size()) + " numbers", "Give one number, two or four");
    for (const std::int64_t number : numbers)
      if (!inRange(double(number))) return fail("is out of range: " + std::to_string(number), "Choose from: " + choiceText(m_info));
    return joined(
        numbers, [](std::int64_t number) { return std::to_string(number); }, " ");
  }
  std::optional<FieldValue> readList(const FieldValue& given) {
    std::vector<std::int64_t> numbers;
    if (const auto* list = std::get_if<std::vector<std::int64_t>>(&given)) {
      numbers = *list;
    } else if (const auto number = std::holds_alternative<std::string>(given) ? std::nullopt : wholeNumber(given)) {
      numbers = {*number};
    } else {
      return fail("must be a number or a list of numbers", listHint());
    }
    const auto& standard = std::get<std::vector<std::int64_t>>(m_info.defaultValue);
    if (numbers.size() > std::size_t(m_info.maximumCount) || (numbers.empty() && !standard.empty()))
      return fail("has " + std::to_string(numbers.size()) + " numbers", listHint());
    for (const std::int64_t number : numbers)
      if (!inRange(double(number))) return fail("is out of range: " + std::to_string(number), "Give numbers from " + rangeText(m_info));
    return numbers;
  }

  const FieldInfo& m_info;
  const std::string& m_where;
  std::vector<Issue>& m_issues;
};

}  // namespace

const LayerType* findLayerType(std::string_view name) {
  for (const LayerType& type : layerTypes())
    if (type.name == name) return &type;
  return nullptr;
}

std::optional<FieldValue> readField(const FieldInfo& info, const FieldValue& given, const std::string& where, std::vector<Issue>& issues) {
  return FieldReader(info, where, issues).read(given);
}

std::optional<Fields> completeFields(const LayerType& type, const Fields& given, const std::string& where, std::vector<Issue>& issues) {
  const std::size_t before = issues.size();
  Fields complete;
  for (const FieldInfo& info : type.fields) {
    const auto found = given.find(info.name);
    if (found == given.end()) {
      if (info.required) issues.push_back({where, "Field \"" + info.name + "\" is missing", info.tooltip});
      complete[info.name] = info.defaultValue;
    } else if (auto value = readField(info, found->second, where, issues)) {
      complete[info.name] = std::move(*value);
    }
  }
  for (const auto& [name, value] : given) {
    if (std::any_of(type.fields.begin(), type.fields.end(), [&name = name](const FieldInfo& info) { return info.name == name; })) continue;
    const std::string known = joined(type.fields, &FieldInfo::name);
    issues.push_back({where, "A layer of type " + type.name + " has no field " + inQuotes(name),
                      known.empty() ? "Remove it; this type has no fields" : "Its fields are: " + known});
  }
  if (issues.size() != before) return std::nullopt;
  return complete;
}

std::shared_ptr<const Layer> createLayer(const LayerType& type, const std::string& node, const Fields& given, std::span<const Shape> inputs,
                                         std::vector<Issue>& issues) {
  const auto fields = completeFields(type, given, node, issues);
  const auto count = std::ptrdiff_t(inputs.size());
  if (count < type.minimumInputs || (type.maximumInputs >= 0 && count > type.maximumInputs)) {
    const std::string wanted = type.maximumInputs < 0 ? "at least " + std::to_string(type.minimumInputs)
                               : type.minimumInputs == type.maximumInputs
                                   ? std::to_string(type.minimumInputs)
                                   : std::to_string(type.minimumInputs) + " to " + std::to_string(type.maximumInputs);
    const bool one = type.minimumInputs == 1 && type.maximumInputs <= 1;
    issues.push_back(
        {node, "A layer of type " + type.name + " reads " + wanted + (one ? " input, not " : " inputs, not ") + std::to_string(count),
         "Change the list of its inputs"});
    return nullptr;
  }
  if (!fields) return nullptr;
  return type.create({node, *fields, inputs, issues});
}

}  // namespace nn
