// Things in words, for messages: how many there are, in the singular where it is one ("1 output", "10 outputs"), and which, in one line
// ("relu, tanh"). Pure functions; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace nn {

inline std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// projection: from an item to its words.
template <typename Items, typename Projection = std::identity>
std::string joined(const Items& items, Projection projection = {}, const char* between = ", ") {
  std::string text;
  for (const auto& item : items) text.append(text.empty() ? "" : between).append(std::invoke(projection, item));
  return text;
}

}  // namespace nn
