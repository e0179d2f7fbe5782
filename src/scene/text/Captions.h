// What happens in one plain sentence, with the numbers of this network: of a layer that the data have reached, and of a step of the
// sliding window. Pure functions; UTF-8, English.
#pragma once

#include <string>

#include "scene/animation/SlidingWindow.h"

namespace scene {

// "conv1: 6 kernels of 5 × 5 slide over the picture and make 6 maps of 28 × 28." values: null, or of a network at rest: nothing is said
// of who wins. A type of layer without words of its own is told by its line in the catalogue.
std::string layerCaption(const nn::Network& network, std::span<const float> parameters, const Values* values, int node);
// The captions of all nodes that a block shows, one after the other; of those that only pass values on while there are others, none.
std::string forwardPassCaption(const Layout& layout, std::span<const float> parameters, const Values* values, std::size_t step);
// "conv1, map 3, row 7, column 12 of 28 × 28: the 25 products add up to 0.0664; with the bias (−0.0531): 0.0133; ReLU keeps it." The
// numbers add up as they are written. What lies in the padding is said, and at the beginning of a map how the window moves.
std::string windowCaption(const nn::Network& network, const SlidingWindow& run, const WindowStep& step, const Explanation& explanation);

}  // namespace scene
