// From a specification to nodes in topological order, or to the list of what is wrong with it. Used by validate() and
// Network::create(); time and memory stay proportional to the size of the specification, however hostile it is.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "nn/Network.h"

namespace nn {

class NetworkBuilder {
 public:
  explicit NetworkBuilder(const NetworkSpec& spec) : m_spec(spec) {}
  // nullopt: see issues().
  std::optional<Network::Built> build();
  std::vector<Issue>& issues() { return m_issues; }

 private:
  std::string where(std::size_t index) const;
  void checkNames();
  void resolveInputs();
  bool resolveNode(std::size_t index, std::vector<int>& inputs);
  bool sort();
  void makeLayers(Network::Built& built);
  void makeLayer(std::size_t index, Network::Node& node, const Network::Built& built, const std::vector<int>& position);
  void findOutputs(Network::Built& built, const std::vector<int>& position);
  void checkClassNames(const Network::Built& built);

  const NetworkSpec& m_spec;
  std::vector<Issue> m_issues;
  std::unordered_map<std::string, int> m_indexByName;
  std::vector<std::vector<int>> m_inputs;  // by index in the spec
  std::vector<int> m_order;                // indices in the spec, inputs first
};

}  // namespace nn
