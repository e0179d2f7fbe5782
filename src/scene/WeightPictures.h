// The weights of a whole layer as pictures: what each unit of a dense layer over an image looks for, and the kernels of a layer that
// reads a color picture, each as one tile in colors. Plain data and a pure function.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scene/Scene.h"

namespace scene {

struct WeightPicture {
  UnitId unit;                 // a unit that weighs with it: of a convolution the one in the middle of its map
  std::string name;            // "7", "cat", "unit 3", "kernel 12"
  std::vector<float> weights;  // channel by channel, row by row
  float largest = 0;           // |weight|
};

struct WeightPictures {
  int node = -1, sourceNode = -1;
  std::string nodeName, sourceName;
  bool kernels = false;  // of a convolution; else of a dense layer
  int channels = 1, rows = 0, columns = 0;
  std::vector<WeightPicture> pictures;
  float largest = 0;  // of all of them
  float range = 0;    // what colors reach to: the largest, or less where a few weights stand out so far that the others would pale
  bool colored() const { return channels == 3; }
  float at(std::size_t picture, int channel, int row, int column) const {
    return pictures[picture].weights[std::size_t((channel * rows + row) * columns + column)];
  }
};

// Nullopt where weights are no pictures: a dense layer has them over one map or three (also through layers that only pass values on)
// with up to 128 units, a convolution where it reads the network's picture in three colors, with kernels of at least 2 x 2.
std::optional<WeightPictures> weightPictures(const nn::Network& network, std::span<const float> parameters, int node);
// Each weight times the value that it weighs, in place of the weights. input: the values of sourceNode, of a dense layer's pictures.
void weighInput(WeightPictures& pictures, std::span<const float> input);
// The same question without the work.
bool hasWeightPictures(const nn::Network& network, int node);
// The layer to look at first: the one asked, else the last one that has pictures, -1 without any.
int pictureNode(const nn::Network& network, int asked);

}  // namespace scene
