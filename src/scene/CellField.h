// What the cells of a scene show in place of activations and weights: one number per unit and one per weight, of one quantity. Computed
// beside the window and handed to SceneState, which colors it by scales of its own. Plain data, immutable once shared.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/Network.h"

namespace scene {

enum class CellQuantity {
  Activation,    // no field: what the network computes, and its weights
  Gradient,      // of the loss of the input that is shown, by each unit and by each weight
  WeightChange,  // each weight, and by that each activation, less what it was before training
  Relevance,     // what a method says that counts for an answer (analysis/Method.h)
};
inline constexpr int kCellQuantityCount = 4;

// What a number of a field is called, "gradient", and what the ends of the color bar say.
struct FieldWords {
  std::string name, low, high;
};

struct CellField {
  CellQuantity quantity = CellQuantity::Gradient;
  std::shared_ptr<const nn::Network> network;
  std::vector<std::vector<float>> units;  // per node, CHW; empty where the cells keep their activations
  std::vector<float> weights;             // flat, as the network's parameters; empty: the kernels keep showing weights
  std::string subject;                    // what it is of: "the loss for class 3"; in lines, where it is more than that
  bool isSigned = true;                   // else no number of the units is negative
  FieldWords words;                       // of relevance; the other quantities have their own
};

FieldWords fieldWords(const CellField& field);

}  // namespace scene
