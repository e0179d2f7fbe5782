// The reader of network descriptions, and what stands behind it: validation, building, the cost table. A description that is
// read must come back the same after writing.
#include "analysis/Cost.h"
#include "fuzz/FuzzTarget.h"
#include "io/Model.h"
#include "nn/LayerCatalogue.h"
#include "nn/Network.h"

namespace fuzz {

bool read(const std::string& bytes) {
  nn::NetworkSpec spec;
  try {
    spec = io::readNetworkJson(QByteArray::fromStdString(bytes), "fuzz");
  } catch (const nn::Error&) {
    return false;
  }
  require(io::readNetworkJson(io::writeNetworkJson(spec), "again") == spec, "a description comes back the same");
  const std::vector<nn::Issue> issues = nn::validate(spec);
  if (!issues.empty()) return false;
  const auto network = nn::Network::create(spec);
  std::uint64_t learned = 0;
  for (const nn::Network::Node& node : network->nodes())
    for (const nn::ParameterBlock& block : node.layer->parameterBlocks()) learned += block.learned ? block.count : 0;
  require(analysis::costOf(*network).parameters == learned, "the cost table counts every learned parameter");
  return true;
}

std::vector<std::string> seeds() {
  std::vector<std::string> result;
  for (const nn::NetworkSpec& spec : io::shippedNetworks()) result.push_back(io::writeNetworkJson(spec).toStdString());
  return result;
}

std::vector<std::string> words() {
  std::vector<std::string> result{"true",   "false",   "null", "[]",   "{}",   "[3, 1]", "nodes",
                                  "inputs", "outputs", "name", "type", "same", "valid"};
  for (const nn::LayerType& type : nn::layerTypes()) {
    result.push_back(type.name);
    for (const nn::FieldInfo& field : type.fields) {
      result.push_back(field.name);
      result.insert(result.end(), field.choices.begin(), field.choices.end());
    }
  }
  return result;
}

std::string changedInside(const std::string&, data::Random&) {
  return {};
}

}  // namespace fuzz
