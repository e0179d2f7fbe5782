// A number of things in words, in the singular where it is one: "1 output", "10 outputs". For every message that counts. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>

namespace nn {

inline std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace nn
