// Direct convolution: a tile of filters x vectors of the row stays in registers while all taps pass by.
#pragma once

#include "nn/kernels/Vectors.h"

namespace nn {
namespace {

// Vectors of a row per tile, for a tile of so many filters.
constexpr int tileVectors(int filters) {
  if (kRegisters >= 32) return filters >= 7 ? 3 : filters >= 5 ? 4 : 6;
  return filters >= 4 ? 2 : filters == 3 ? 3 : filters == 2 ? 4 : 6;
}
constexpr int kLargestTile = 6;
constexpr int kTileFilters = kRegisters >= 32 ? 8 : 6;

struct TilePlace {
  const float* input;    // first tap of the row's first cell, in the first channel
  const float* weights;  // of the tile's first filter
  const float* bias;
  float* output;
  const float* values;
  int firstTapRow, lastTapRow;
  int firstVector;  // of the row
  int floats;       // of the row that the tile covers; the last vector may be partial
};

// Where vector v of a row reads, for output cells that are `step` floats apart in the input.
template <bool Strided>
inline std::ptrdiff_t vectorOffset(int v, std::ptrdiff_t step) {
  return Strided ? (v / kVectorsPerCell) * step + (v % kVectorsPerCell) * kWidth : std::ptrdiff_t(v) * kWidth;
}

template <int Filters, int Vectors, bool Strided>
void convolutionTile(const ConvolutionCall& call, const TilePlace& place) {
  Vec sums[Filters][Vectors];
  CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) {
    const Vec bias = place.bias ? splat(place.bias[f]) : Vec{};
    CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) sums[f][v] = bias;
  }
  const std::ptrdiff_t step = std::ptrdiff_t(call.window.strideX) * call.lanes;
  std::ptrdiff_t offsets[Vectors];
  CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) offsets[v] = vectorOffset<Strided>(place.firstVector + v, step);
  const std::ptrdiff_t rowWeights = std::ptrdiff_t(call.window.width) * kFilterGroup;
  for (int c = 0; c < call.input.channels; ++c)
    for (int ky = place.firstTapRow; ky < place.lastTapRow; ++ky) {
      const float* in = place.input + (Strided ? 0 : offsets[0]) + c * call.input.channelStride + ky * call.input.rowStride;
      const float* weights = place.weights + (std::ptrdiff_t(c) * call.window.height + ky) * rowWeights;
      for (int kx = 0; kx < call.window.width; ++kx, in += call.lanes, weights += kFilterGroup) {
        Vec x[Vectors];
        CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) x[v] = load(in + (Strided ? offsets[v] : std::ptrdiff_t(v) * kWidth));
        CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) {
          const Vec weight = splat(weights[f]);
          CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) sums[f][v] += weight * x[v];
        }
      }
    }
  CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) {
    const std::ptrdiff_t at = std::ptrdiff_t(v) * kWidth;
    const float* values = place.values ? place.values + f * call.finish.channelStride + at : nullptr;
    finishVector(call.finish, sums[f][v], place.output + f * call.output.channelStride + at, values, place.floats - int(at));
  }
}

using ConvolutionTile = void (*)(const ConvolutionCall&, const TilePlace&);

template <int Filters, int Vectors, bool Strided>
constexpr ConvolutionTile tileOrNone() {
  if constexpr (Filters <= kTileFilters && Vectors <= tileVectors(Filters))
    return convolutionTile<Filters, Vectors, Strided>;
  else
    return nullptr;
}

template <bool Strided, int Filters>
constexpr ConvolutionTile kTilesOf[kLargestTile] = {tileOrNone<Filters, 1, Strided>(), tileOrNone<Filters, 2, Strided>(),
                                                    tileOrNone<Filters, 3, Strided>(), tileOrNone<Filters, 4, Strided>(),
                                                    tileOrNone<Filters, 5, Strided>(), tileOrNone<Filters, 6, Strided>()};
template <bool Strided>
constexpr const ConvolutionTile* kTiles[kFilterGroup] = {kTilesOf<Strided, 1>, kTilesOf<Strided, 2>, kTilesOf<Strided, 3>,
                                                         kTilesOf<Strided, 4>, kTilesOf<Strided, 5>, kTilesOf<Strided, 6>,
                                                         kTilesOf<Strided, 7>, kTilesOf<Strided, 8>};

// Of the filters that are left in a group, how many the next tile takes.
inline int tileFilters(int left) {
  if (left <= kTileFilters) return left;
  return 4;
}

void convolutionRows(const ConvolutionCall& call, int filter, int filters) {
  const bool strided = call.window.strideX != 1;
  const ConvolutionTile* tiles = (strided ? kTiles<true> : kTiles<false>)[filters - 1];
  const int rowFloats = call.output.width * call.lanes;
  const int vectors = (rowFloats + kWidth - 1) / kWidth;
  const int tileCount = (vectors + tileVectors(filters) - 1) / tileVectors(filters);
  const std::ptrdiff_t groupWeights = std::ptrdiff_t(call.input.channels) * call.window.height * call.window.width * kFilterGroup;
  TilePlace place{};
  place.weights = call.weights + (filter / kFilterGroup) * groupWeights + filter % kFilterGroup;
  place.bias = call.bias ? call.bias + filter : nullptr;
  for (int y = 0; y < call.output.height; ++y) {
    const int top = y * call.window.strideY - call.window.paddingTop;
    place.firstTapRow = larger(0, -top);
    place.lastTapRow = smaller(call.window.height, call.input.height - top);
    float* row = call.output.data + filter * call.output.channelStride + y * call.output.rowStride;
    const float* values =
        call.finish.values ? call.finish.values + filter * call.finish.channelStride + y * call.finish.rowStride : nullptr;
    const float* in = call.input.data + top * call.input.rowStride - std::ptrdiff_t(call.window.paddingLeft) * call.lanes;
    int first = 0;
    for (int tile = 0; tile < tileCount; ++tile) {
      const int count = (vectors - first) / (tileCount - tile);  // the rest shared out evenly
      place.input = in;
      place.firstVector = first;
      place.output = row + std::ptrdiff_t(first) * kWidth;
      place.values = values ? values + std::ptrdiff_t(first) * kWidth : nullptr;
      place.floats = rowFloats - first * kWidth;
      tiles[count - 1](call, place);
      first += count;
    }
    if (isCheap(call.finish.activation)) continue;
    for (int f = 0; f < filters; ++f) activateRun(call.finish.activation, row + f * call.output.channelStride, std::size_t(rowFloats));
  }
}

void convolution(const ConvolutionCall& call) {
  for (int group = 0; group < call.output.channels; group += kFilterGroup) {
    const int last = smaller(group + kFilterGroup, call.output.channels);
    for (int filter = group; filter < last;) {
      const int filters = tileFilters(last - filter);
      convolutionRows(call, filter, filters);
      filter += filters;
    }
  }
}

}  // namespace
}  // namespace nn
