#include "nn/layers/Connections.h"

#include <algorithm>
#include <sstream>

namespace nn {

std::optional<Connections> Connections::parse(const std::string& text, int outputs, int inputs, const LayerRequest& request) {
  Connections connections(outputs, inputs);
  if (text.find_first_not_of(" \t\n") == std::string::npos) return connections;
  const std::string example = "Write the input maps of each output map, output maps apart by semicolons, as \"0 1 2; 1 2 3\"";
  std::istringstream rows(text);
  std::string row;
  connections.m_firstKernels.push_back(0);
  while (std::getline(rows, row, ';')) {
    if (row.find_first_not_of(" \t\n") == std::string::npos && rows.eof()) break;  // a semicolon after the last
    std::istringstream numbers(row);
    std::vector<int> maps;
    for (std::string word; numbers >> word;) {
      const bool plain = word.size() < 8 && word.find_first_not_of("0123456789") == std::string::npos;
      const int map = plain ? std::stoi(word) : -1;
      if (map < 0 || map >= inputs) {
        request.report(
            "Its connection table names an input map \"" + word.substr(0, 20) + "\", and there are " + std::to_string(inputs) + " (from 0)",
            example);
        return std::nullopt;
      }
      maps.push_back(map);
    }
    std::sort(maps.begin(), maps.end());
    if (maps.empty() || std::adjacent_find(maps.begin(), maps.end()) != maps.end()) {
      request.report("Row " + std::to_string(connections.m_table.size()) + " of its connection table " +
                         (maps.empty() ? "is empty" : "names a map twice"),
                     example);
      return std::nullopt;
    }
    connections.m_firstKernels.push_back(connections.m_firstKernels.back() + std::int64_t(maps.size()));
    connections.m_table.push_back(std::move(maps));
  }
  if (int(connections.m_table.size()) != outputs) {
    request.report(
        "Its connection table has " + std::to_string(connections.m_table.size()) + " rows for " + std::to_string(outputs) + " filters",
        example);
    return std::nullopt;
  }
  return connections;
}

std::int64_t Connections::kernels() const {
  return isFull() ? std::int64_t(m_outputs) * m_inputs : m_firstKernels.back();
}

std::int64_t Connections::kernelIndex(int output, int input) const {
  if (isFull()) return std::int64_t(output) * m_inputs + input;
  const std::vector<int>& maps = m_table[std::size_t(output)];
  const auto found = std::lower_bound(maps.begin(), maps.end(), input);
  if (found == maps.end() || *found != input) return -1;
  return m_firstKernels[std::size_t(output)] + (found - maps.begin());
}

}  // namespace nn
