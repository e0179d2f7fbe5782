// From a unit down to the pixels: what every unit and every edge below it adds to its value, for and against.
//
// The method follows Bach et al. 2015 (layer-wise relevance propagation), in the form of Ancona et al. 2018 and Shrikumar et
// al. 2017: contributions are activation x multiplier, multipliers run backwards through the weights, and at an activation g
// the multiplier is (g(z) - g(0)) / z instead of the slope. For ReLU, leaky ReLU and every other piecewise linear network this
// is gradient x input, exactly; a maximum passes everything to its winner, a product shares equally between its factors.
// Whatever the network: the contributions of the inputs + of all biases + the rest (g(0) of sigmoids, shifts of normalizations,
// what was not followed) is the unit's pre-activation. Pure, any thread.
#pragma once

#include <span>
#include <vector>

#include "analysis/Contribution.h"

namespace analysis {

// A unit whose pre-activation is asked for (of a softmax: the logit), with a sign: two classes with +1 and -1 ask why the one
// and not the other.
struct TraceTarget {
  int node = -1;
  nn::Cell cell;
  float sign = 1;
};

struct TraceOptions {
  std::size_t edges = 12;          // the strongest edges into each layer that are listed, from units that are listed already
  std::size_t links = 48'000'000;  // in all, an equal part for each layer; of more, only the strongest units' are followed
};

struct TraceEdge {
  int node = -1, source = -1;  // of the reader, and of the unit that is read
  nn::Cell cell, from;
  float amount = 0;  // what flows along it into the total, signed
  float share = 0;   // of all that flows into the reader's layer, for and against: amounts / sum of |amounts|
};

struct Trace {
  double total = 0;                         // sum of sign x pre-activation of the targets
  std::vector<std::vector<float>> amounts;  // per node, what each unit's value adds to the total; empty where nothing was reached
  std::vector<double> bias;                 // per node, what its biases add
  double rest = 0;
  bool complete = true;          // every unit was followed
  std::vector<TraceEdge> edges;  // from the target downwards, each layer's strongest last
};

Trace traceOf(const Activations& at, std::span<const TraceTarget> targets, const TraceOptions& options = {});

}  // namespace analysis
