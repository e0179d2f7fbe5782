// Winograd's minimal filtering F(2x2, 3x3) (Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", 2016): four outputs of
// a 3x3 kernel for 16 multiplications instead of 36. Tiles of 4x4 inputs are transformed by additions alone; each of their 16
// places is then a matrix product over the channels, whose columns are the tiles with their lanes. Blocks of kBlockLanes only.
#pragma once

#include "nn/kernels/Vectors.h"

namespace nn {
namespace {

constexpr int kPlaces = 16;  // of a transformed tile
constexpr int kProductFilters = kRegisters >= 32 ? 8 : 4;
constexpr int kProductVectors = kRegisters >= 32 ? 3 : 2;
// Places lie in planes; this much between them keeps equal cells of all planes off the same lines of the first-level cache.
constexpr std::ptrdiff_t kPlaneGap = kBlockLanes;

alignas(64) const float kNoCells[4 * kBlockLanes] = {};  // in place of rows and columns outside the input

// One vector of a transformed tile: B' d B. `rows`: the first cell of each of the tile's rows; `ends`: the fourth.
CONVSCOPE_INLINE void transformInput(const float* const (&rows)[4], std::ptrdiff_t cell, const float* const (&ends)[4], float* to,
                                     std::ptrdiff_t plane) {
  CONVSCOPE_UNROLL for (int j = 0; j < 4; ++j) {
    Vec d[4];
    CONVSCOPE_UNROLL for (int r = 0; r < 4; ++r) {
      if (j == 0) d[r] = load(rows[r]) - load(rows[r] + 2 * cell);
      if (j == 1) d[r] = load(rows[r] + cell) + load(rows[r] + 2 * cell);
      if (j == 2) d[r] = load(rows[r] + 2 * cell) - load(rows[r] + cell);
      if (j == 3) d[r] = load(rows[r] + cell) - load(ends[r]);
    }
    store(to + j * plane, d[0] - d[2]);
    store(to + (4 + j) * plane, d[1] + d[2]);
    store(to + (8 + j) * plane, d[2] - d[1]);
    store(to + (12 + j) * plane, d[1] - d[3]);
  }
}

// A few filters of one place: sums over the channels. `step`: between channels of the tiles, and between filters of the sums.
template <int Vectors>
void placeProduct(const float* weights, const float* tiles, std::ptrdiff_t step, int channels, float* to) {
  Vec sums[kProductFilters][Vectors] = {};
  for (int c = 0; c < channels; ++c, tiles += step, weights += kFilterGroup) {
    Vec x[Vectors];
    CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) x[v] = load(tiles + v * kWidth);
    CONVSCOPE_UNROLL for (int f = 0; f < kProductFilters; ++f) {
      const Vec weight = splat(weights[f]);
      CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) sums[f][v] += weight * x[v];
    }
  }
  CONVSCOPE_UNROLL for (int f = 0; f < kProductFilters; ++f) CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v)
      store(to + f * step + v * kWidth, sums[f][v]);
}

// As many tiles as stay in the second-level cache together with their products.
class WinogradBatch {
 public:
  WinogradBatch(const ConvolutionCall& call, int firstTile, int tiles) : m_call(call), m_first(firstTile), m_tiles(tiles) {
    m_inputPlane = call.input.channels * kStep + kPlaneGap;
    m_groups = (call.output.channels + kFilterGroup - 1) / kFilterGroup;
    m_productPlane = m_groups * kFilterGroup * kStep + kPlaneGap;
    m_products = call.scratch + kPlaces * m_inputPlane;
  }

  void compute() {
    for (int t = 0; t < m_tiles; ++t) transformTile(t);
    for (int place = 0; place < kPlaces; ++place) multiply(place);
    for (int t = 0; t < m_tiles; ++t) finishTile(t);
  }

 private:
  static constexpr std::ptrdiff_t kStep = kWinogradTiles * kBlockLanes;

  int row(int t) const { return (m_first + t) / tilesAcross() * 2; }  // of the output
  int column(int t) const { return (m_first + t) % tilesAcross() * 2; }
  int tilesAcross() const { return (m_call.output.width + 1) / 2; }

  void transformTile(int t) {
    const Maps<const float>& input = m_call.input;
    const float *rows[4], *ends[4];
    std::ptrdiff_t rowSteps[4], endSteps[4];  // between channels
    const int top = row(t) - m_call.window.paddingTop, left = column(t) - m_call.window.paddingLeft;
    const bool whole = column(t) + 1 < m_call.output.width;
    for (int r = 0; r < 4; ++r) {
      const bool inside = top + r >= 0 && top + r < input.height;
      rows[r] = inside ? input.data + (top + r) * input.rowStride + std::ptrdiff_t(left) * kBlockLanes : kNoCells;
      rowSteps[r] = inside ? input.channelStride : 0;
      ends[r] = inside && whole ? rows[r] + 3 * kBlockLanes : kNoCells;
      endSteps[r] = inside && whole ? input.channelStride : 0;
    }
    float* to = m_call.scratch + t * kBlockLanes;
    for (int c = 0; c < input.channels; ++c, to += kStep) {
      for (int v = 0; v < kVectorsPerCell; ++v) {
        const float* const r[4] = {rows[0] + v * kWidth, rows[1] + v * kWidth, rows[2] + v * kWidth, rows[3] + v * kWidth};
        const float* const e[4] = {ends[0] + v * kWidth, ends[1] + v * kWidth, ends[2] + v * kWidth, ends[3] + v * kWidth};
        transformInput(r, kBlockLanes, e, to + v * kWidth, m_inputPlane);
      }
      CONVSCOPE_UNROLL for (int r = 0; r < 4; ++r) rows[r] += rowSteps[r], ends[r] += endSteps[r];
    }
  }

  void multiply(int place) {
    const int channels = m_call.input.channels, vectors = m_tiles * kVectorsPerCell;
    const float* tiles = m_call.scratch + place * m_inputPlane;
    const float* weights = m_call.weights + std::ptrdiff_t(place) * m_groups * channels * kFilterGroup;
    float* to = m_products + place * m_productPlane;
    for (int f = 0; f < m_groups * kFilterGroup; f += kProductFilters) {
      const float* own = weights + std::ptrdiff_t(f / kFilterGroup) * channels * kFilterGroup + f % kFilterGroup;
      int v = 0;
      for (; v + kProductVectors <= vectors; v += kProductVectors)
        placeProduct<kProductVectors>(own, tiles + v * kWidth, kStep, channels, to + f * kStep + v * kWidth);
      if (kProductVectors == 3 && v + 2 <= vectors) {
        placeProduct<2>(own, tiles + v * kWidth, kStep, channels, to + f * kStep + v * kWidth);
        v += 2;
      }
      if (v < vectors) placeProduct<1>(own, tiles + v * kWidth, kStep, channels, to + f * kStep + v * kWidth);
    }
  }

  // A' m A, and what follows it.
  void finishTile(int t) {
    const Finish& finish = m_call.finish;
    const int y = row(t), x = column(t);
    const bool lower = y + 1 < m_call.output.height, right = x + 1 < m_call.output.width;
    float* output = m_call.output.data + y * m_call.output.rowStride + std::ptrdiff_t(x) * kBlockLanes;
    const float* values = finish.values ? finish.values + y * finish.rowStride + std::ptrdiff_t(x) * kBlockLanes : nullptr;
    for (int f = 0; f < m_call.output.channels; ++f) {
      const Vec bias = m_call.bias ? splat(m_call.bias[f]) : Vec{};
      for (int v = 0; v < kBlockLanes; v += kWidth) {
        const float* products = m_products + f * kStep + t * kBlockLanes + v;
        Vec upper[4], under[4];
        CONVSCOPE_UNROLL for (int j = 0; j < 4; ++j) {
          const Vec first = load(products + j * m_productPlane), second = load(products + (4 + j) * m_productPlane);
          const Vec third = load(products + (8 + j) * m_productPlane), fourth = load(products + (12 + j) * m_productPlane);
          upper[j] = first + second + third;
          under[j] = second - third - fourth;
        }
        const auto put = [&](Vec sum, std::ptrdiff_t at, std::ptrdiff_t valuesAt) {
          finishVector(finish, sum + bias, output + at + v, values ? values + valuesAt + v : nullptr, kWidth);
        };
        put(upper[0] + upper[1] + upper[2], 0, 0);
        if (right) put(upper[1] - upper[2] - upper[3], kBlockLanes, kBlockLanes);
        if (!lower) continue;
        put(under[0] + under[1] + under[2], m_call.output.rowStride, finish.rowStride);
        if (right) put(under[1] - under[2] - under[3], m_call.output.rowStride + kBlockLanes, finish.rowStride + kBlockLanes);
      }
      output += m_call.output.channelStride;
      if (values) values += finish.channelStride;
    }
  }

  const ConvolutionCall& m_call;
  int m_first, m_tiles, m_groups;
  std::ptrdiff_t m_inputPlane, m_productPlane;
  float* m_products;
};

void winograd(const ConvolutionCall& call) {
  const int tiles = (call.output.width + 1) / 2 * ((call.output.height + 1) / 2);
  for (int first = 0; first < tiles; first += kWinogradTiles) WinogradBatch(call, first, smaller(kWinogradTiles, tiles - first)).compute();
  if (isCheap(call.finish.activation)) return;
  for (int f = 0; f < call.output.channels; ++f)
    for (int y = 0; y < call.output.height; ++y)
      activateRun(call.finish.activation, call.output.data + f * call.output.channelStride + y * call.output.rowStride,
                  std::size_t(call.output.width) * kBlockLanes);
}

}  // namespace
}  // namespace nn
