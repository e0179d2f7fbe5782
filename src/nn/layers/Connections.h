// Which input maps each output map of a convolution reads. All of them, or a table as in LeNet-5's third layer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nn/LayerCatalogue.h"

namespace nn {

class Connections {
 public:
  Connections(int outputs, int inputs) : m_outputs(outputs), m_inputs(inputs) {}
  // From text: per output map the numbers of the input maps it reads, output maps apart by ";". Empty: all. nullopt after reporting.
  static std::optional<Connections> parse(const std::string& text, int outputs, int inputs, const LayerRequest& request);

  bool isFull() const { return m_table.empty(); }
  std::int64_t kernels() const;  // how many pairs are connected
  // Which kernel, in storage order, leads from an input map to an output map; -1: none.
  std::int64_t kernelIndex(int output, int input) const;

 private:
  int m_outputs;
  int m_inputs;
  std::vector<std::vector<int>> m_table;     // per output map, sorted
  std::vector<std::int64_t> m_firstKernels;  // of each output map, and the total at the end
};

}  // namespace nn
