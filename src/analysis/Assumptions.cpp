#include "analysis/Assumptions.h"

#include "analysis/Answer.h"

namespace analysis {

std::vector<std::string> answerAssumptions(const nn::Network& network) {
  std::vector<std::string> all;
  const nn::Network::Node& last = network.node(network.outputs().front());
  const bool answers = whyNoClass(network).empty();
  if (answers && !last.shape.isVector())
    all.push_back("Shares of all pixels that are not ground, which is channel 0 of " + last.name + ".");
  else if (answers && last.layer->activation() != nn::Activation::None)
    all.push_back(last.name + " is no softmax: these are a softmax of its values.");
  if (const std::size_t outputs = network.outputs().size(); answers && outputs > 1)
    all.push_back("The first of its " + std::to_string(outputs) + " outputs, " + last.name + ".");
  if (const std::size_t inputs = network.inputs().size(); inputs > 1)
    all.push_back("The drawing goes to the first of its " + std::to_string(inputs) + " inputs; the others are zero.");
  return all;
}

}  // namespace analysis
