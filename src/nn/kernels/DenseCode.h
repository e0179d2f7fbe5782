// Dense layers: matrix products with the samples innermost, and matrix times vector for one sample.
#pragma once

#include "nn/kernels/Vectors.h"

namespace nn {
namespace {

constexpr int kUnitTile = kRegisters >= 32 && kVectorsPerCell == 1 ? 8 : 4;
constexpr int kDenseVectors = kVectorsPerCell < 2 ? kVectorsPerCell : 2;  // of a cell, per tile

template <int Units>
void denseTile(const DenseCall& call, int unit, int lane) {
  Vec sums[Units][kDenseVectors];
  CONVSCOPE_UNROLL for (int u = 0; u < Units; ++u) CONVSCOPE_UNROLL for (int v = 0; v < kDenseVectors; ++v) sums[u][v] =
      call.bias ? splat(call.bias[unit + u]) : Vec{};
  const float* weights = call.weights + std::ptrdiff_t(unit) * call.inputs;
  const float* in = call.input + lane;
  for (int i = 0; i < call.inputs; ++i, in += kBlockLanes) {
    Vec x[kDenseVectors];
    CONVSCOPE_UNROLL for (int v = 0; v < kDenseVectors; ++v) x[v] = load(in + v * kWidth);
    CONVSCOPE_UNROLL for (int u = 0; u < Units; ++u) {
      const Vec weight = splat(weights[std::ptrdiff_t(u) * call.inputs + i]);
      CONVSCOPE_UNROLL for (int v = 0; v < kDenseVectors; ++v) sums[u][v] += weight * x[v];
    }
  }
  CONVSCOPE_UNROLL for (int u = 0; u < Units; ++u) CONVSCOPE_UNROLL for (int v = 0; v < kDenseVectors; ++v) {
    const std::ptrdiff_t at = std::ptrdiff_t(unit + u) * kBlockLanes + lane + v * kWidth;
    finishVector(call.finish, sums[u][v], call.output + at, nullptr, kWidth);
  }
}

// Row after row of the weights against one vector, four at a time.
void denseSingle(const DenseCall& call) {
  constexpr int kRows = 4;
  for (int unit = 0; unit < call.units; unit += kRows) {
    const int rows = smaller(kRows, call.units - unit);
    const float* weights[kRows];
    for (int r = 0; r < kRows; ++r) weights[r] = call.weights + std::ptrdiff_t(unit + smaller(r, rows - 1)) * call.inputs;
    Vec sums[kRows] = {};
    int i = 0;
    for (; i + kWidth <= call.inputs; i += kWidth) {
      const Vec x = load(call.input + i);
      CONVSCOPE_UNROLL for (int r = 0; r < kRows; ++r) sums[r] += x * load(weights[r] + i);
    }
    if (i < call.inputs) {
      const int rest = call.inputs - i;
      const Vec x = loadPart(call.input + i, rest);
      CONVSCOPE_UNROLL for (int r = 0; r < kRows; ++r) sums[r] += x * loadPart(weights[r] + i, rest);
    }
    for (int r = 0; r < rows; ++r) call.output[unit + r] = sumOf(sums[r]) + (call.bias ? call.bias[unit + r] : 0.0f);
  }
  activateRun(call.finish.activation, call.output, std::size_t(call.units));
}

void dense(const DenseCall& call) {
  if (call.lanes == 1) {
    denseSingle(call);
    return;
  }
  for (int lane = 0; lane < kBlockLanes; lane += kDenseVectors * kWidth) {
    int unit = 0;
    for (; unit + kUnitTile <= call.units; unit += kUnitTile) denseTile<kUnitTile>(call, unit, lane);
    for (; unit + 2 <= call.units; unit += 2) denseTile<2>(call, unit, lane);
    for (; unit < call.units; ++unit) denseTile<1>(call, unit, lane);
  }
  if (!isCheap(call.finish.activation)) activateRun(call.finish.activation, call.output, std::size_t(call.units) * kBlockLanes);
}

constexpr int kInputTile = kRegisters >= 32 && kVectorsPerCell == 1 ? 16 : 4;

template <int Inputs>
void denseInputTile(const DenseGradientCall& call, int input, int lane) {
  Vec sums[Inputs][kDenseVectors] = {};
  const float* weights = call.weights + input;
  const float* gradient = call.gradient + lane;
  for (int u = 0; u < call.units; ++u, gradient += kBlockLanes, weights += call.inputs) {
    Vec g[kDenseVectors];
    CONVSCOPE_UNROLL for (int v = 0; v < kDenseVectors; ++v) g[v] = load(gradient + v * kWidth);
    CONVSCOPE_UNROLL for (int i = 0; i < Inputs; ++i) {
      const Vec weight = splat(weights[i]);
      CONVSCOPE_UNROLL for (int v = 0; v < kDenseVectors; ++v) sums[i][v] += weight * g[v];
    }
  }
  CONVSCOPE_UNROLL for (int i = 0; i < Inputs; ++i) CONVSCOPE_UNROLL for (int v = 0; v < kDenseVectors; ++v) {
    const std::ptrdiff_t at = std::ptrdiff_t(input + i) * kBlockLanes + lane + v * kWidth;
    finishVector(call.finish, sums[i][v], call.inputGradient + at, call.finish.values ? call.finish.values + at : nullptr, kWidth);
  }
}

void denseInputSingle(const DenseGradientCall& call) {
  for (int input = 0; input < call.inputs; input += kWidth) {
    const int count = smaller(kWidth, call.inputs - input);
    Vec sum{};
    for (int u = 0; u < call.units; ++u) {
      const float* weights = call.weights + std::ptrdiff_t(u) * call.inputs + input;
      sum += call.gradient[u] * (count == kWidth ? load(weights) : loadPart(weights, count));
    }
    finishVector(call.finish, sum, call.inputGradient + input, call.finish.values ? call.finish.values + input : nullptr, count);
  }
}

void denseInputGradient(const DenseGradientCall& call) {
  if (call.lanes == 1) {
    denseInputSingle(call);
    return;
  }
  for (int lane = 0; lane < kBlockLanes; lane += kDenseVectors * kWidth) {
    int input = 0;
    for (; input + kInputTile <= call.inputs; input += kInputTile) denseInputTile<kInputTile>(call, input, lane);
    for (; input < call.inputs; ++input) denseInputTile<1>(call, input, lane);
  }
}

// The product of a few units' gradients with all samples of some inputs. `turned`: [lane][input].
template <int Units, int Vectors>
void denseWeightTile(const DenseGradientCall& call, const float* turned, std::ptrdiff_t turnedStride, int unit, int input) {
  float* target = call.weightGradients + std::ptrdiff_t(unit) * call.inputs + input;
  Vec sums[Units][Vectors] = {};
  const int rest = call.inputs - input - (Vectors - 1) * kWidth;  // floats of the last vector
  for (int l = 0; l < call.lanes; ++l) {
    Vec x[Vectors];
    CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) x[v] = load(turned + l * turnedStride + input + v * kWidth);
    CONVSCOPE_UNROLL for (int u = 0; u < Units; ++u) {
      const Vec g = splat(call.gradient[std::ptrdiff_t(unit + u) * call.lanes + l]);
      CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) sums[u][v] += g * x[v];
    }
  }
  CONVSCOPE_UNROLL for (int u = 0; u < Units; ++u) CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) {
    float* to = target + std::ptrdiff_t(u) * call.inputs + v * kWidth;
    const bool whole = v + 1 < Vectors || rest >= kWidth;
    if (!call.replace) sums[u][v] += whole ? load(to) : loadPart(to, rest);
    if (whole)
      store(to, sums[u][v]);
    else
      storePart(to, sums[u][v], rest);
  }
}

// All inputs of a few units: their gradients lie one after the other in memory.
template <int Units>
void denseWeightRows(const DenseGradientCall& call, const float* turned, std::ptrdiff_t stride, int unit) {
  constexpr int kVectors = kRegisters >= 32 ? 4 : 2;
  int input = 0;
  for (; input + kVectors * kWidth <= call.inputs; input += kVectors * kWidth)
    denseWeightTile<Units, kVectors>(call, turned, stride, unit, input);
  for (; input < call.inputs; input += kWidth) denseWeightTile<Units, 1>(call, turned, stride, unit, input);
}

inline std::ptrdiff_t turnedFloats(int inputs) {
  return (std::ptrdiff_t(inputs) + kBlockLanes - 1) / kBlockLanes * kBlockLanes;
}

// [input][lane] becomes [lane][input].
void turnInputs(const DenseGradientCall& call, std::ptrdiff_t stride) {
  int input = 0;
  for (; call.lanes == kBlockLanes && input + kWidth <= call.inputs; input += kWidth)
    for (int l = 0; l < kBlockLanes; l += kWidth) {
      Vec square[kWidth];
      CONVSCOPE_UNROLL for (int i = 0; i < kWidth; ++i) square[i] = load(call.input + (input + i) * kBlockLanes + l);
      transpose(square);
      CONVSCOPE_UNROLL for (int i = 0; i < kWidth; ++i) store(call.scratch + (l + i) * stride + input, square[i]);
    }
  for (; input < stride; ++input)
    for (int l = 0; l < call.lanes; ++l) call.scratch[l * stride + input] = input < call.inputs ? call.input[input * call.lanes + l] : 0.0f;
}

void denseWeightGradient(const DenseGradientCall& call) {
  const std::ptrdiff_t stride = turnedFloats(call.inputs);
  turnInputs(call, stride);
  int unit = 0;
  for (; unit + 4 <= call.units; unit += 4) denseWeightRows<4>(call, call.scratch, stride, unit);
  for (; unit < call.units; ++unit) denseWeightRows<1>(call, call.scratch, stride, unit);
  if (!call.biasGradients) return;
  for (int u = 0; u < call.units; ++u) {
    const float* gradient = call.gradient + std::ptrdiff_t(u) * call.lanes;
    Vec lanes{};
    for (int l = 0; call.lanes == kBlockLanes && l < kBlockLanes; l += kWidth) lanes += load(gradient + l);
    call.biasGradients[u] = (call.replace ? 0.0f : call.biasGradients[u]) + (call.lanes == 1 ? gradient[0] : sumOf(lanes));
  }
}

}  // namespace
}  // namespace nn
