// How sizes are written, wherever one is told: "6 × 28 × 28", "5 × 5"; of maps and kernels the rows before the columns, of pictures the
// width before the height. Pure functions; UTF-8.
#pragma once

#include <string>

namespace nn {

// Of any container of whole numbers.
template <typename Sizes>
std::string sizeText(const Sizes& sizes) {
  std::string text;
  for (const auto& size : sizes) text += (text.empty() ? "" : " × ") + std::to_string(size);
  return text;
}
inline std::string sizeText(int first, int second) {
  return std::to_string(first) + " × " + std::to_string(second);
}

}  // namespace nn
