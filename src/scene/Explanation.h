// One unit worked out to the last multiplication, for every layer type: its terms, the sum, the bias, the activation.
// Computed from Layer::linksInto and combine, so it cannot drift from what the engine computes. Pure function.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scene/Scales.h"
#include "scene/WeightPictures.h"

namespace scene {

struct Term {
  UnitId source;  // the unit that made the value: flatten, dropout and concat, which only pass values on, are seen through
  float input = 0;
  float weight = 1;     // fixed by the layer where it has no parameter for it; mostly 1
  float product = 0;    // input x weight
  bool winner = false;  // max-pooling: the cell that was passed on
};

// The terms of one input map as a grid the size of the kernel, so that patch, kernel and products stand side by side.
// Cells in the padding are `inside` = false, with input 0. For a dense layer that reads maps: each map with its weights.
struct PatchCell {
  bool inside = true;
  int term = -1;  // index into Explanation::terms
  float input = 0, weight = 0, product = 0;
  bool winner = false;
};
struct Patch {
  int inputNode = -1;
  int inputChannel = 0;
  int rows = 0, columns = 0;
  std::vector<PatchCell> cells;
  float sum = 0;  // of the products
};

// A node that terms come from, so that whoever shows them needs no network.
struct Source {
  int node = -1;
  std::string name;
  nn::Shape shape;
  std::vector<std::string> classes;  // what its units stand for; empty where they stand for none
};

struct Explanation {
  UnitId unit;
  nn::Shape shape;        // of the unit's layer
  std::string nodeName;   // "conv1"
  std::string unitName;   // "map 3, row 7, column 12" (counted from 1), or "unit 42"
  std::string layerType;  // catalogue name
  std::string function;   // of a layer that computes one of every value: "exp", "power"; else empty
  nn::Combine kind = nn::Combine::WeightedSum;
  nn::Activation activation = nn::Activation::None;
  std::vector<Term> terms;
  std::vector<Patch> patches;  // windowed layers, and dense layers that read maps
  int own = 0;                 // index of the term that stands at the unit's own place: what a normalization or softmax is about
  std::vector<Source> sources;
  bool hasBias = false;
  float bias = 0;
  bool hasScale = false;
  float scale = 1;
  float sum = 0;  // of the products, without the bias
  float preActivation = 0;
  float value = 0;
  float center = 0;       // normalizations: what is taken off the cell's own term
  float divisor = 1;      // normalizations: what it is then divided by
  float denominator = 0;  // softmax: the sum of exponentials, each relative to the largest
  float largest = 0;      // softmax: the largest logit, taken off before the exponential
  std::string notation;   // the formula in the notation of the lectures: "I1 w1 + I2 w2 + … + I25 w25 + b"
  std::string formula;    // with these numbers, in the notation of the lectures: "0.12 × 0.5 + … + 0.03 = 0.842"
  // From whoever shows the unit beside a scene (scene/ShownColors.h): one for each patch, and of the kernel; empty: not known.
  std::vector<Scale> inputScales;
  std::optional<Scale> kernelScale;
  std::shared_ptr<const WeightPictures> pictures;  // of the whole layer, from whoever wants them shown; null: none
  std::vector<Explanation> then;                   // the softmax or activation layers that follow cell by cell and are shown with this unit

  // A sum of products of two terms each: the first half of the terms times the second.
  bool pairs() const { return layerType == "matmul"; }
  // What the scene shows for the unit: the value after the last of `then`.
  float shownValue() const { return then.empty() ? value : then.back().shownValue(); }
};

// Follows into pointwise layers (softmax, activation) as the scene does. `unit` must exist in `network`.
Explanation explain(const nn::Network& network, std::span<const float> parameters, const Values& values, const UnitId& unit);

}  // namespace scene
