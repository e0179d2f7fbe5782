// How the weights of a layer start. Sources: Glorot and Bengio 2010 (Xavier), He et al. 2015 (He), Saxe et al. 2014
// (orthogonal). Pure functions; the numbers come from our own steps from bits to numbers, since the distributions of the
// standard library differ between libraries.
#pragma once

#include <optional>
#include <random>
#include <span>
#include <string_view>

#include "nn/Layer.h"

namespace nn {

enum class Initialization { Auto, HeUniform, HeNormal, XavierUniform, XavierNormal, Orthogonal, Zeros, Constant };
std::span<const Initialization> initializations();
std::string_view initializationName(Initialization kind);  // "auto", "he-uniform", ..., "orthogonal", "zeros", "constant"
std::optional<Initialization> initializationOf(std::string_view name);

// Fills the weights of `block`. behind: the function that the layer's values go through before the next weights.
// Auto: He uniform before ReLU and its kin, else Xavier uniform. Orthogonal: the rows (one per unit or feature map, all its
// weights) or, where there are more of them than weights in each, the columns stand at right angles, times the square root of 2
// before ReLU and its kin; where a connection table leaves kernels out there is no such matrix, and Xavier normal is used.
void initialize(std::span<float> weights, const ParameterBlock& block, Initialization kind, float constant, Activation behind,
                std::mt19937_64& random);

}  // namespace nn
