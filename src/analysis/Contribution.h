// What each input of a unit adds to its sum, and which units read a unit: one step of a network, taken apart. Computed from
// Layer::linksInto and combine, so that edges, traces and the inspector cannot drift from the engine. Pure functions, any thread.
#pragma once

#include <span>
#include <vector>

#include "nn/Network.h"

namespace analysis {

// A network at work: parameters (flat) and the activations of every node, node i from offset[i] on, CHW.
struct Activations {
  const nn::Network& network;
  std::span<const float> parameters;
  std::span<const std::size_t> offset;
  std::span<const float> values;
  std::span<const float> of(int node) const { return values.subspan(offset[std::size_t(node)], network.node(node).shape.size()); }
  float at(int node, const nn::Cell& cell) const { return of(node)[nn::flatIndex(network.node(node).shape, cell)]; }
};

// A unit's pre-activation, taken apart: the sum of input x weight over its terms, + bias + rest.
// The weight is what one unit of the input adds, as its layer says (nn::Layer::contributions): the parameter where there is one; for
// the winner of a maximum 1 and for the others 0; for a mean its share; for a product of n factors the product of the others / n; for
// a softmax or its logarithm 1 at the unit's own logit; for a normalization what it multiplies the unit's own input by. `rest` is what
// no input adds: shift of a normalization, sum of exponentials; zero for every layer that is linear in its inputs.
struct UnitDecomposition {
  nn::CellLinks links;
  std::vector<float> inputs, weights;  // in the order of links.terms
  float bias = 0, rest = 0;
  float preActivation = 0, value = 0;
  float amount(std::size_t term) const { return inputs[term] * weights[term]; }
};
// `sum` is reused: all of it is written anew. Of an input node: no terms, everything is rest.
void decompose(const Activations& at, int node, const nn::Cell& cell, UnitDecomposition& sum);

// A unit that reads another one, and what it gets from it.
struct OutgoingLink {
  int node = -1;
  nn::Cell cell;
  bool hasParameter = false;
  float weight = 0;  // as in UnitDecomposition
  float amount = 0;  // what it adds to the reader's pre-activation
};
// All units of the node's consumers that read this cell, each once for each link. Not every unit is asked for its links: the
// windows and kernels say where to look (equal to asking, by a test over all layer types).
std::vector<OutgoingLink> outgoingLinksOf(const Activations& at, int node, const nn::Cell& cell);

}  // namespace analysis
