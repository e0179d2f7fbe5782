// What attribution methods share: the map of pixels from numbers of each input cell, and the layer whose maps are seen last. Pure
// functions.
#pragma once

#include <span>
#include <vector>

#include "analysis/Method.h"

namespace analysis {

// Of the pixels of an input: height and width of its picture, one row where it is none; `channels` counts the cells of one pixel.
nn::Shape pixelsOf(const nn::Shape& input);
// Over the channels of each pixel, from numbers of each cell (CHW): their sum; the largest.
HeatMap sumOfChannels(const nn::Shape& input, std::span<const float> cells);
HeatMap largestOfChannels(const nn::Shape& input, std::span<const float> cells);

// The score of a target, from the values of its node.
double scoreOf(const Target& target, std::span<const float> values);

// Whether one node leads to another, at least over one step.
bool leadsTo(const nn::Network& network, int from, int to);
// The last node with maps of more than one cell that leads to `to`, or what it pools, which shows the same finer; no input. -1: none.
int lastMaps(const nn::Network& network, int to);

// A map in another size, bilinearly, by the middles of its cells; beyond the outermost middles it goes on as it ends.
std::vector<float> resized(std::span<const float> map, int width, int height, int newWidth, int newHeight);

}  // namespace analysis
