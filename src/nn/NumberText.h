// Numbers as a program writes and reads them, the same in every locale: with a point, as few digits as give the same number back.
// Pure functions. (How people read numbers is in scene/text/Text.h.)
#pragma once

#include <cctype>
#include <charconv>
#include <locale>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace nn {

// Nothing where anything stands before or behind the number, or where Number cannot hold it. By a stream, because std::from_chars of
// real numbers is missing from one of the standard libraries that compile this.
template <typename Number>
std::optional<Number> numberOf(std::string_view text) {
  std::istringstream stream{std::string(text)};
  stream.imbue(std::locale::classic());
  Number number{};
  if (text.empty() || std::isspace(static_cast<unsigned char>(text[0])) || !(stream >> number) || stream.peek() != EOF) return std::nullopt;
  return number;
}

// The fewest digits that are read as the same number.
template <typename Number>
std::string shortestText(Number number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

}  // namespace nn
