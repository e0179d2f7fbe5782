// What may be changed about a pass through a network to find out what its units do: units are held at values, and rectifiers hand the
// gradient back by another rule than their derivative. Part of nn::Pass; plain data.
#pragma once

#include <cstddef>

namespace nn {

// Keeps units of a node within limits while a network computes: low = high holds them at a value, 0 silences them. What reads them
// reads what they are held at; on the way back a unit at a limit is a constant, whose gradient is 0.
struct Intervention {
  int node = -1;
  std::size_t first = 0, count = 1;  // units, as they lie in CHW order: one cell, a map, or all of the node
  float low = 0, high = 0;
};

// How a rectifier (ReLU, ReLU6; no other activation) hands a gradient back. Gradient: its derivative. Deconvolution (Zeiler and Fergus
// 2014): what is above zero of the gradient, wherever the unit stood. Guided backpropagation (Springenberg et al. 2015): both, what is
// above zero of the gradient, where the unit was on.
enum class DerivativeRule { Gradient, Guided, Deconvolution };

}  // namespace nn
