// Named, typed values of a layer (filters, kernel, activation, ...) and the rows that describe them. One FieldInfo gives
// the JSON key, the editor with its range and tooltip, and the default.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nn {

using FieldValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>>;
using Fields = std::map<std::string, FieldValue>;

struct FieldInfo {
  std::string name;     // JSON key, e.g. "filters"
  std::string label;    // e.g. "Filters"
  std::string tooltip;  // one sentence
  FieldValue defaultValue;
  double minimum = 0;
  double maximum = 0;                // of every number in the value
  std::vector<std::string> choices;  // for text fields with a fixed set of values
  bool required = false;
  int maximumCount = 0;        // of the numbers in a list; a single number stands for a list of one. With numberAllowed: 1, 2 or 4
  bool numberAllowed = false;  // a text field that also takes a whole number within the range ("same" or 2)
};

// A text field with a fixed set of values, the first of which is the default.
inline FieldInfo choiceField(std::string name, std::string label, std::string tooltip, std::vector<std::string> choices) {
  const std::string first = choices.front();
  return {std::move(name), std::move(label), std::move(tooltip), first, 0, 0, std::move(choices)};
}

}  // namespace nn
