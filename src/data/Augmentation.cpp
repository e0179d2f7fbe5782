#include "data/Augmentation.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>
#include <vector>

#include "data/Random.h"
#include "nn/VectorClones.h"

namespace data {
namespace {

constexpr int kCells = 4;           // of the elastic grid, in each direction
constexpr int kKnots = kCells + 3;  // control values of a uniform cubic B-spline over them

// From a target pixel back to the source, both measured from the image's middle.
struct Affine {
  float xx = 1, xy = 0, yx = 0, yy = 1, shiftX = 0, shiftY = 0;
};

Affine randomAffine(const Augmentation& amount, Random& random) {
  const float angle = random.around(amount.rotateDegrees) * std::numbers::pi_v<float> / 180;
  const float scale = std::max(0.1f, 1 + random.around(amount.scale));
  const float skew = random.around(amount.skew);
  const float cosine = std::cos(angle) / scale, sine = std::sin(angle) / scale;
  Affine back;
  back.xx = cosine;
  back.xy = -sine + skew * cosine;
  back.yx = sine;
  back.yy = cosine + skew * sine;
  back.shiftX = random.around(amount.shiftPx);
  back.shiftY = random.around(amount.shiftPx);
  return back;
}

// A smooth random displacement: a uniform cubic B-spline over a coarse grid, in place of the blurred noise of the paper,
// since it costs little more than an affine map.
class ElasticField {
 public:
  ElasticField(float amplitudePx, Random& random) {
    for (auto* knots : {&m_x, &m_y}) {
      for (auto& row : *knots) {
        for (float& knot : row) knot = random.around(amplitudePx * 1.5f);  // the spline's smoothing takes the factor back
      }
    }
  }
  // The knots along one row of the image; `y` from 0 to 1 down the image.
  void enterRow(float y) {
    int first = 0;
    const auto weights = weightsAt(y, first);
    for (std::size_t k = 0; k < kKnots; ++k) {
      m_rowX[k] = m_rowY[k] = 0;
      for (std::size_t j = 0; j < 4; ++j) {
        m_rowX[k] += weights[j] * m_x[std::size_t(first) + j][k];
        m_rowY[k] += weights[j] * m_y[std::size_t(first) + j][k];
      }
    }
  }
  void displace(float x, float& dx, float& dy) const {
    int first = 0;
    const auto weights = weightsAt(x, first);
    for (std::size_t j = 0; j < 4; ++j) {
      dx += weights[j] * m_rowX[std::size_t(first) + j];
      dy += weights[j] * m_rowY[std::size_t(first) + j];
    }
  }

 private:
  using Knots = std::array<std::array<float, kKnots>, kKnots>;
  static std::array<float, 4> weightsAt(float position, int& first) {
    const float scaled = std::clamp(position, 0.0f, 1.0f) * kCells;
    first = std::min(int(scaled), kCells - 1);
    const float t = scaled - float(first), s = 1 - t;
    return {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6};
  }
  Knots m_x{}, m_y{};
  std::array<float, kKnots> m_rowX{}, m_rowY{};
};

// The image with a border of paper around it, so that sampling needs no test per neighbor.
struct PaddedPlane {
  static constexpr int kBorder = 2;
  int width, height;
  float* values;

  int stride() const { return width + 2 * kBorder; }
  static std::size_t floats(const nn::Shape& shape) {
    return std::size_t(shape.width + 2 * kBorder) * std::size_t(shape.height + 2 * kBorder);
  }
  void load(std::span<const float> plane) {
    for (int y = 0; y < height; ++y)
      std::copy_n(plane.data() + std::size_t(y) * std::size_t(width), width, values + std::ptrdiff_t(y + kBorder) * stride() + kBorder);
  }
};

// Where the pixels of one row of the result come from; 0 is the center of the first pixel.
CONVSCOPE_VECTOR_CLONES void affineRow(const Affine& back, float firstX, float y, float middleX, float middleY, int count,
                                       float* __restrict sourceX, float* __restrict sourceY) {
  for (int column = 0; column < count; ++column) {
    const float x = float(column) + firstX;
    sourceX[column] = back.xx * x + back.xy * y + middleX;
    sourceY[column] = back.yx * x + back.yy * y + middleY;
  }
}

// Bilinear; beyond the image it is paper.
CONVSCOPE_VECTOR_CLONES void sampleRow(const PaddedPlane& plane, const float* __restrict sourceX, const float* __restrict sourceY,
                                       int count, float* __restrict target) {
  const float* const values = plane.values;
  const int stride = plane.stride();
  const float mostX = float(plane.width) + 0.5f, mostY = float(plane.height) + 0.5f;
  for (int i = 0; i < count; ++i) {
    const float x = std::min(std::max(sourceX[i], -1.5f), mostX) + PaddedPlane::kBorder;
    const float y = std::min(std::max(sourceY[i], -1.5f), mostY) + PaddedPlane::kBorder;
    const int column = int(x), row = int(y);
    const float u = x - float(column), v = y - float(row);
    const int corner = row * stride + column;
    const float upper = values[corner] + u * (values[corner + 1] - values[corner]);
    const float lower = values[corner + stride] + u * (values[corner + stride + 1] - values[corner + stride]);
    target[i] = upper + v * (lower - upper);
  }
}

}  // namespace

std::size_t augmentScratchFloats(const nn::Shape& shape) {
  return PaddedPlane::floats(shape) + 2 * std::size_t(shape.width);  // and where one row comes from
}

void augment(std::span<const float> image, const nn::Shape& shape, const Augmentation& augmentation, std::uint64_t key,
             std::span<float> result) {
  std::vector<float> scratch(augmentScratchFloats(shape));
  augment(image, shape, augmentation, key, result, scratch);
}

void augment(std::span<const float> image, const nn::Shape& shape, const Augmentation& augmentation, std::uint64_t key,
             std::span<float> result, std::span<float> scratch) {
  assert(image.size() == shape.size() && result.size() == shape.size() && scratch.size() == augmentScratchFloats(shape));
  if (!augmentation.any()) {
    std::copy(image.begin(), image.end(), result.begin());
    return;
  }
  Random random(key);
  const Affine back = randomAffine(augmentation, random);
  const bool elastic = augmentation.elasticPx != 0;
  ElasticField field(augmentation.elasticPx, random);
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  const float middleX = float(shape.width - 1) / 2, middleY = float(shape.height - 1) / 2;
  std::fill(scratch.begin(), scratch.end(), 0.0f);
  PaddedPlane plane{shape.width, shape.height, scratch.data()};
  float* const sourceX = scratch.data() + PaddedPlane::floats(shape);
  float* const sourceY = sourceX + shape.width;
  for (int c = 0; c < shape.channels; ++c) {
    plane.load(image.subspan(std::size_t(c) * area, area));
    float* target = result.data() + std::size_t(c) * area;
    for (int row = 0; row < shape.height; ++row, target += shape.width) {
      affineRow(back, -middleX - back.shiftX, float(row) - middleY - back.shiftY, middleX, middleY, shape.width, sourceX, sourceY);
      if (elastic) {
        field.enterRow(float(row) / std::max(1.0f, float(shape.height - 1)));
        for (int column = 0; column < shape.width; ++column)
          field.displace(float(column) / std::max(1.0f, float(shape.width - 1)), sourceX[column], sourceY[column]);
      }
      sampleRow(plane, sourceX, sourceY, shape.width, target);
    }
  }
}

}  // namespace data
