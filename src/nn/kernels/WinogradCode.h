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

// One vector of a transformed tile: B' d B. `rows`: the first cell of each of the tile's rows; `cell`: between cells.
CONVSCOPE_INLINE void transformInput(const float* const (&rows)[4], std::ptrdiff_t cell, float* to, std::ptrdiff_t plane) {
  Vec d[4][4];
  CONVSCOPE_UNROLL for (int r = 0; r < 4; ++r) {
    const Vec first = load(rows[r]), second = load(rows[r] + cell), third = load(rows[r] + 2 * cell), fourth = load(rows[r] + 3 * cell);
    d[r][0] = first - third;
    d[r][1] = second + third;
    d[r][2] = third - second;
    d[r][3] = second - fourth;
  }
  CONVSCOPE_UNROLL for (int j = 0; j < 4; ++j) {
    store(to + j * plane, d[0][j] - d[2][j]);
    store(to + (4 + j) * plane, d[1][j] + d[2][j]);
    store(to + (8 + j) * plane, d[2][j] - d[1][j]);
    store(to + (12 + j) * plane, d[1][j] - d[3][j]);
  }
}

// A few filters of one place: sums over the channels. Steps: between channels of the tiles, and between filters of the sums.
template <int Vectors>
void placeProduct(const float* weights, const float* tiles, std::ptrdiff_t step, int channels, float* to, std::ptrdiff_t toStep) {
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
      store(to + f * toStep + v * kWidth, sums[f][v]);
}

// As many tiles as stay in the second-level cache; of their products, as many as stay in the first.
class WinogradBatch {
 public:
  WinogradBatch(const ConvolutionCall& call, int firstTile, int tiles) : m_call(call), m_tiles(tiles) {
    m_inputPlane = call.input.channels * kStep + kPlaneGap;
    m_groups = (call.output.channels + kFilterGroup - 1) / kFilterGroup;
    m_products = call.scratch + kPlaces * m_inputPlane;
    const int across = (call.output.width + 1) / 2;
    for (int t = 0; t < tiles; ++t) {
      m_rows[t] = (firstTile + t) / across * 2;
      m_columns[t] = (firstTile + t) % across * 2;
    }
  }

  void compute() {
    transformTiles();
    for (int group = 0; group < m_groups; ++group)
      for (int t = 0; t < m_tiles; t += kProductTiles) {
        const int last = smaller(t + kProductTiles, m_tiles);
        for (int place = 0; place < kPlaces; ++place) {
          expectOutput(group * kFilterGroup + place / 2, place % 2, t, last);
          multiply(place, group, t, last);
        }
        for (int tile = t; tile < last; ++tile) finishTile(tile, group, m_products + (tile - t) * kBlockLanes);
      }
  }

 private:
  static constexpr std::ptrdiff_t kStep = kWinogradTiles * kBlockLanes;
  static constexpr int kProductTiles = 3;
  static constexpr std::ptrdiff_t kProductStep = kProductTiles * kBlockLanes;
  static constexpr std::ptrdiff_t kProductPlane = kFilterGroup * kProductStep + kPlaneGap;

  // Channel by channel, so that the cells of one come in runs; those of the next are asked for in advance. In the last column of
  // an odd width the tile's fourth cells lie beyond the halo: they only lead to results that are not stored.
  void transformTiles() {
    const Maps<const float>& input = m_call.input;
    const float* rows[kWinogradTiles][4];
    std::ptrdiff_t steps[kWinogradTiles][4];  // between channels
    for (int t = 0; t < m_tiles; ++t)
      for (int r = 0; r < 4; ++r) {
        const int y = m_rows[t] - m_call.window.paddingTop + r;
        const bool inside = y >= 0 && y < input.height;
        rows[t][r] =
            inside ? input.data + y * input.rowStride + std::ptrdiff_t(m_columns[t] - m_call.window.paddingLeft) * kBlockLanes : kNoCells;
        steps[t][r] = inside ? input.channelStride : 0;
      }
    float* to = m_call.scratch;
    for (int c = 0; c < input.channels; ++c, to += kStep)
      for (int t = 0; t < m_tiles; ++t) {
        CONVSCOPE_UNROLL for (int r = 0; r < 4; ++r) {
          __builtin_prefetch(rows[t][r] + steps[t][r] + 2 * kBlockLanes);
          __builtin_prefetch(rows[t][r] + steps[t][r] + 3 * kBlockLanes);
        }
        for (int v = 0; v < kBlockLanes; v += kWidth) {
          const float* const r[4] = {rows[t][0] + v, rows[t][1] + v, rows[t][2] + v, rows[t][3] + v};
          transformInput(r, kBlockLanes, to + t * kBlockLanes + v, m_inputPlane);
        }
        CONVSCOPE_UNROLL for (int r = 0; r < 4; ++r) rows[t][r] += steps[t][r];
      }
  }

  // Asks for the cells that finishTile() will write and read: one row of the tiles of one filter.
  void expectOutput(int filter, int r, int firstTile, int lastTile) const {
    if (filter >= m_call.output.channels) return;
    for (int t = firstTile; t < lastTile; ++t) {
      const std::ptrdiff_t x = std::ptrdiff_t(m_columns[t]) * kBlockLanes;
      const float* output = m_call.output.data + filter * m_call.output.channelStride + (m_rows[t] + r) * m_call.output.rowStride + x;
      __builtin_prefetch(output, 1);
      __builtin_prefetch(output + kBlockLanes, 1);
      if (!m_call.finish.values) continue;
      const float* values = m_call.finish.values + filter * m_call.finish.channelStride + (m_rows[t] + r) * m_call.finish.rowStride + x;
      __builtin_prefetch(values);
      __builtin_prefetch(values + kBlockLanes);
    }
  }

  void multiply(int place, int group, int firstTile, int lastTile) {
    const int channels = m_call.input.channels, vectors = (lastTile - firstTile) * kVectorsPerCell;
    const float* tiles = m_call.scratch + place * m_inputPlane + firstTile * kBlockLanes;
    const float* weights = m_call.weights + (std::ptrdiff_t(place) * m_groups + group) * channels * kFilterGroup;
    for (int f = 0; f < kFilterGroup; f += kProductFilters) {
      float* to = m_products + place * kProductPlane + f * kProductStep;
      int v = 0;
      for (; v + kProductVectors <= vectors; v += kProductVectors)
        placeProduct<kProductVectors>(weights + f, tiles + v * kWidth, kStep, channels, to + v * kWidth, kProductStep);
      if (kProductVectors == 3 && v + 2 <= vectors) {
        placeProduct<2>(weights + f, tiles + v * kWidth, kStep, channels, to + v * kWidth, kProductStep);
        v += 2;
      }
      if (v < vectors) placeProduct<1>(weights + f, tiles + v * kWidth, kStep, channels, to + v * kWidth, kProductStep);
    }
  }

  // A' m A, and what follows it.
  void finishTile(int t, int group, const float* tileProducts) {
    const Finish& finish = m_call.finish;
    const int y = m_rows[t], x = m_columns[t];
    const bool lower = y + 1 < m_call.output.height, right = x + 1 < m_call.output.width;
    const int firstFilter = group * kFilterGroup, lastFilter = smaller(firstFilter + kFilterGroup, m_call.output.channels);
    float* output =
        m_call.output.data + firstFilter * m_call.output.channelStride + y * m_call.output.rowStride + std::ptrdiff_t(x) * kBlockLanes;
    const float* values = finish.values
                              ? finish.values + firstFilter * finish.channelStride + y * finish.rowStride + std::ptrdiff_t(x) * kBlockLanes
                              : nullptr;
    const bool simple = finishesSimply(finish, lower && right);
    const Vec floor = splat(finish.activation == Activation::Relu ? 0.0f : -__builtin_inff());
    for (int f = firstFilter; f < lastFilter; ++f) {
      const Vec bias = m_call.bias ? splat(m_call.bias[f]) : Vec{};
      for (int v = 0; v < kBlockLanes; v += kWidth) {
        const float* products = tileProducts + (f - firstFilter) * kProductStep + v;
        Vec upper[4], under[4];
        CONVSCOPE_UNROLL for (int j = 0; j < 4; ++j) {
          const Vec first = load(products + j * kProductPlane), second = load(products + (4 + j) * kProductPlane);
          const Vec third = load(products + (8 + j) * kProductPlane), fourth = load(products + (12 + j) * kProductPlane);
          upper[j] = first + second + third;
          under[j] = second - third - fourth;
        }
        if (simple) {
          const Vec shift = bias;
          float* const under1 = output + m_call.output.rowStride + v;
          const Vec results[4] = {upper[0] + upper[1] + upper[2] + shift, upper[1] - upper[2] - upper[3] + shift,
                                  under[0] + under[1] + under[2] + shift, under[1] - under[2] - under[3] + shift};
          store(output + v, results[0] < floor ? floor : results[0]);
          store(output + kBlockLanes + v, results[1] < floor ? floor : results[1]);
          store(under1, results[2] < floor ? floor : results[2]);
          store(under1 + kBlockLanes, results[3] < floor ? floor : results[3]);
          continue;
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
  int m_tiles, m_groups;
  int m_rows[kWinogradTiles], m_columns[kWinogradTiles];  // of the tiles' first outputs
  std::ptrdiff_t m_inputPlane;
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
