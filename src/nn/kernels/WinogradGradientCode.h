// Weight gradient of a 3x3 convolution by the same transforms as nn/kernels/WinogradCode.h: with U the transformed weights,
// dU = sum over tiles of (A dY A') times (B' d B), place by place, and dg = G' dU G. Here the vectors run over the input channels
// and the sum over tiles and lanes, so that no lanes need to be added up: the inputs are turned, each cell once.
#pragma once

#include "nn/kernels/ConvolutionGradientCode.h"
#include "nn/kernels/WinogradCode.h"

namespace nn {
namespace {

// Adds a few filters of one place: to[filter][channel] += sum over k of gradients[filter][k] * inputs[k][channel].
template <int Vectors>
void placeSums(const float* gradients, std::ptrdiff_t gradientStep, const float* inputs, std::ptrdiff_t channels, int count, float* to) {
  Vec sums[kProductFilters][Vectors];
  CONVSCOPE_UNROLL for (int f = 0; f < kProductFilters; ++f) CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) sums[f][v] =
      load(to + f * channels + v * kWidth);
  for (int k = 0; k < count; ++k, inputs += channels) {
    Vec x[Vectors];
    CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) x[v] = load(inputs + v * kWidth);
    CONVSCOPE_UNROLL for (int f = 0; f < kProductFilters; ++f) {
      const Vec gradient = splat(gradients[f * gradientStep + k]);
      CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) sums[f][v] += gradient * x[v];
    }
  }
  CONVSCOPE_UNROLL for (int f = 0; f < kProductFilters; ++f) CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v)
      store(to + f * channels + v * kWidth, sums[f][v]);
}

class WinogradGradient {
 public:
  explicit WinogradGradient(const ConvolutionGradientCall& call) : m_call(call) {
    m_channels = (call.input.channels + kBlockLanes - 1) / kBlockLanes * kBlockLanes;
    m_filters = (call.gradient.channels + kFilterGroup - 1) / kFilterGroup * kFilterGroup;
    m_tilesAcross = (call.gradient.width + 1) / 2;
    m_cellStep = m_channels * kBlockLanes + kPlaneGap;
    m_rowStep = m_cellStep * (2 * m_tilesAcross + 2);
    m_inputPlane = std::ptrdiff_t(kWinogradGradientTiles) * kBlockLanes * m_channels + kPlaneGap;
    m_gradientPlane = m_filters * kGradientStep + kPlaneGap;
    m_sums = call.scratch;
    m_turned = m_sums + kPlaces * m_filters * m_channels;
    m_inputs = m_turned + 4 * m_rowStep;
    m_gradients = m_inputs + kPlaces * m_inputPlane;
  }

  void compute() {
    for (std::ptrdiff_t i = 0; i < kPlaces * m_filters * m_channels; i += kWidth) store(m_sums + i, Vec{});
    const int rows = (m_call.gradient.height + 1) / 2;
    const int batches = (m_tilesAcross + kWinogradGradientTiles - 1) / kWinogradGradientTiles;
    for (int row = 0; row < rows; ++row) {
      for (int r = row == 0 ? 0 : 2; r < 4; ++r) turnRow(2 * row + r);
      for (int batch = 0; batch < batches; ++batch) addTiles(row, m_tilesAcross * batch / batches, m_tilesAcross * (batch + 1) / batches);
    }
    for (int f = 0; f < m_call.gradient.channels; ++f) {
      for (int c = 0; c < m_call.input.channels; c += kWidth) addKernels(f, c);
      if (m_call.bias) addBiasGradient(m_call, f);
    }
  }

 private:
  static constexpr std::ptrdiff_t kGradientStep = kWinogradGradientTiles * kBlockLanes;

  float* turnedRow(int row) const { return m_turned + (row & 3) * m_rowStep; }

  // One row of the padded input with its channels innermost: [cell][lane][channel].
  void turnRow(int row) {
    const int y = row - m_call.window.paddingTop, cells = 2 * m_tilesAcross + 2;
    const bool inside = y >= 0 && y < m_call.input.height;
    float* to = turnedRow(row);
    for (int cell = 0; cell < cells; ++cell, to += m_cellStep) {
      if (!inside || cell >= m_call.gradient.width + 2) {
        for (std::ptrdiff_t i = 0; i < m_cellStep; i += kWidth) store(to + i, Vec{});
        continue;
      }
      const float* from = m_call.input.data + y * m_call.input.rowStride + std::ptrdiff_t(cell - m_call.window.paddingLeft) * kBlockLanes;
      for (int c = 0; c < m_channels; c += kWidth)
        for (int lane = 0; lane < kBlockLanes; lane += kWidth) {
          Vec square[kWidth];
          CONVSCOPE_UNROLL for (int i = 0; i < kWidth; ++i)
              __builtin_prefetch(from + (c + i) * m_call.input.channelStride + 2 * kBlockLanes + lane);
          CONVSCOPE_UNROLL for (int i = 0; i < kWidth; ++i) square[i] =
              c + i < m_call.input.channels ? load(from + (c + i) * m_call.input.channelStride + lane) : Vec{};
          transpose(square);
          CONVSCOPE_UNROLL for (int i = 0; i < kWidth; ++i) store(to + (lane + i) * m_channels + c, square[i]);
        }
    }
  }

  void addTiles(int row, int first, int last) {
    for (int tile = first; tile < last; ++tile) transformCells(row, tile, m_inputs + (tile - first) * kBlockLanes * m_channels);
    for (int f = 0; f < m_filters; ++f)
      for (int tile = first; tile < last; ++tile)
        transformGradient(row, tile, f, m_gradients + f * kGradientStep + (tile - first) * kBlockLanes);
    const int count = (last - first) * kBlockLanes;
    for (int place = 0; place < kPlaces; ++place)
      for (int f = 0; f < m_filters; f += kProductFilters) {
        const float* gradients = m_gradients + place * m_gradientPlane + f * kGradientStep;
        const float* inputs = m_inputs + place * m_inputPlane;
        float* to = m_sums + (place * m_filters + f) * m_channels;
        int c = 0;
        for (; c + 2 * kWidth <= m_channels; c += 2 * kWidth) placeSums<2>(gradients, kGradientStep, inputs + c, m_channels, count, to + c);
        if (c < m_channels) placeSums<1>(gradients, kGradientStep, inputs + c, m_channels, count, to + c);
      }
  }

  void transformCells(int row, int tile, float* to) {
    for (std::ptrdiff_t i = 0; i < kBlockLanes * m_channels; i += kWidth) {
      const float* rows[4];
      CONVSCOPE_UNROLL for (int r = 0; r < 4; ++r) rows[r] = turnedRow(2 * row + r) + 2 * tile * m_cellStep + i;
      transformInput(rows, m_cellStep, to + i, m_inputPlane);
    }
  }

  // A dY A' of one filter; beyond the map's end, and for filters that are not there, the gradient is zero.
  void transformGradient(int row, int tile, int f, float* to) {
    const int y = 2 * row, x = 2 * tile;
    const bool lower = y + 1 < m_call.gradient.height, right = x + 1 < m_call.gradient.width, real = f < m_call.gradient.channels;
    const float* from = m_call.gradient.data + f * m_call.gradient.channelStride + y * m_call.gradient.rowStride + x * kBlockLanes;
    CONVSCOPE_UNROLL for (int cell = 0; cell < 2; ++cell) {  // the next filter's
      const float* next = from + m_call.gradient.channelStride + cell * kBlockLanes;
      __builtin_prefetch(next);
      __builtin_prefetch(next + m_call.gradient.rowStride);
    }
    for (int lane = 0; lane < kBlockLanes; lane += kWidth) {
      const float* under = from + m_call.gradient.rowStride + lane;
      const Vec d[2][2] = {{real ? load(from + lane) : Vec{}, real && right ? load(from + kBlockLanes + lane) : Vec{}},
                           {real && lower ? load(under) : Vec{}, real && lower && right ? load(under + kBlockLanes) : Vec{}}};
      CONVSCOPE_UNROLL for (int i = 0; i < 4; ++i) {
        Vec a[2];
        CONVSCOPE_UNROLL for (int j = 0; j < 2; ++j) {
          if (i == 0) a[j] = d[0][j];
          if (i == 1) a[j] = d[0][j] + d[1][j];
          if (i == 2) a[j] = d[0][j] - d[1][j];
          if (i == 3) a[j] = -d[1][j];
        }
        float* const place = to + 4 * i * m_gradientPlane + lane;
        store(place, a[0]);
        store(place + m_gradientPlane, a[0] + a[1]);
        store(place + 2 * m_gradientPlane, a[0] - a[1]);
        store(place + 3 * m_gradientPlane, -a[1]);
      }
    }
  }

  // G' dU G of one filter and a vector of channels.
  void addKernels(int f, int c) {
    const auto back = [](Vec first, Vec second, Vec third, Vec fourth, Vec(&to)[3]) {
      const Vec half = 0.5f * (second + third);
      to[0] = first + half;
      to[1] = 0.5f * (second - third);
      to[2] = half + fourth;
    };
    const std::ptrdiff_t plane = m_filters * m_channels;
    const float* sums = m_sums + f * m_channels + c;
    Vec columns[4][3];
    CONVSCOPE_UNROLL for (int j = 0; j < 4; ++j)
        back(load(sums + j * plane), load(sums + (4 + j) * plane), load(sums + (8 + j) * plane), load(sums + (12 + j) * plane), columns[j]);
    float kernels[9][kWidth];
    CONVSCOPE_UNROLL for (int i = 0; i < 3; ++i) {
      Vec row[3];
      back(columns[0][i], columns[1][i], columns[2][i], columns[3][i], row);
      CONVSCOPE_UNROLL for (int j = 0; j < 3; ++j) store(kernels[3 * i + j], row[j]);
    }
    float* to = m_call.weights + (std::ptrdiff_t(f) * m_call.input.channels + c) * 9;
    const int count = smaller(kWidth, m_call.input.channels - c);
    for (int i = 0; i < count; ++i, to += 9)
      for (int tap = 0; tap < 9; ++tap) to[tap] += kernels[tap][i];
  }

  const ConvolutionGradientCall& m_call;
  std::ptrdiff_t m_channels, m_filters;  // padded
  int m_tilesAcross;
  std::ptrdiff_t m_cellStep, m_rowStep, m_inputPlane, m_gradientPlane;
  float *m_sums, *m_turned, *m_inputs, *m_gradients;
};

void winogradGradient(const ConvolutionGradientCall& call) {
  WinogradGradient(call).compute();
}

}  // namespace
}  // namespace nn
