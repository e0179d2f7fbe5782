// The shape of one sample's activations: channels x height x width, float32, CHW order. A dense layer's output is Cx1x1.
#pragma once

#include <cstddef>
#include <string>

#include "nn/SizeText.h"

namespace nn {

struct Shape {
  int channels = 0;
  int height = 0;
  int width = 0;

  std::size_t size() const { return std::size_t(channels) * std::size_t(height) * std::size_t(width); }
  bool isVector() const { return height == 1 && width == 1; }
  bool operator==(const Shape&) const = default;
  // "16 × 10 × 10", "28 × 28" for one map, "120" for a vector.
  std::string text() const {
    if (isVector()) return std::to_string(channels);
    return channels == 1 ? mapText() : std::to_string(channels) + " × " + mapText();
  }
  std::string mapText() const { return sizeText(height, width); }  // of each map
};

// One unit of a feature map.
struct Cell {
  int channel = 0;
  int row = 0;
  int column = 0;
  bool operator==(const Cell&) const = default;
};

inline std::size_t flatIndex(const Shape& shape, const Cell& cell) {
  return (std::size_t(cell.channel) * std::size_t(shape.height) + std::size_t(cell.row)) * std::size_t(shape.width) +
         std::size_t(cell.column);
}
inline Cell cellAt(const Shape& shape, std::size_t flat) {
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  return {int(flat / area), int(flat % area / std::size_t(shape.width)), int(flat % std::size_t(shape.width))};
}

}  // namespace nn
