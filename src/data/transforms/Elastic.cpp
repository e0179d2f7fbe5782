// A smooth random displacement (Simard et al. 2003): a uniform cubic B-spline over a coarse grid, in place of the blurred noise of the
// paper, since it costs little more than an affine map.
#include <algorithm>
#include <array>

#include "data/Transform.h"

namespace data {

namespace {

constexpr int kCells = 4;                   // of the grid, in each direction
constexpr std::size_t kKnots = kCells + 3;  // control values of the spline over them
constexpr std::size_t kGrid = kKnots * kKnots;

// Its own numbers are the knots in x, row by row, then those in y.
void drawKnots(float amount, Random& random, Affine&, std::span<float> own) {
  for (float& knot : own) knot = random.around(amount * 1.5f);  // the spline's smoothing takes the factor back
}

std::array<float, 4> weightsAt(float position, std::size_t& first) {
  const float scaled = std::clamp(position, 0.0f, 1.0f) * kCells;
  const int cell = std::min(int(scaled), kCells - 1);
  first = std::size_t(cell);
  const float t = scaled - float(cell), s = 1 - t;
  return {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6};
}

void bendRow(std::span<const float> own, float y, std::span<float> sourceX, std::span<float> sourceY) {
  std::size_t first = 0;
  const auto down = weightsAt(y, first);
  std::array<float, kKnots> rowX{}, rowY{};
  for (std::size_t k = 0; k < kKnots; ++k) {
    for (std::size_t j = 0; j < 4; ++j) {
      rowX[k] += down[j] * own[(first + j) * kKnots + k];
      rowY[k] += down[j] * own[kGrid + (first + j) * kKnots + k];
    }
  }
  const float last = std::max(1.0f, float(sourceX.size()) - 1);
  for (std::size_t column = 0; column < sourceX.size(); ++column) {
    const auto across = weightsAt(float(column) / last, first);
    for (std::size_t j = 0; j < 4; ++j) {
      sourceX[column] += across[j] * rowX[first + j];
      sourceY[column] += across[j] * rowY[first + j];
    }
  }
}

}  // namespace

Transform describeElastic() {
  Transform transform{"elastic", "Elastic", "Strength of an elastic deformation.", "PX", 10, 0, 2 * kGrid};
  transform.draw = drawKnots;
  transform.bend = bendRow;
  return transform;
}

}  // namespace data
