// Weight gradient of a convolution: a tile of filters x taps sums vectors over rows of cells; lanes are added up at the very end.
// Bands of rows are chosen so that the gradients of a tile's filters stay in the first-level cache while all taps pass by.
#pragma once

#include "nn/kernels/Vectors.h"

namespace nn {
namespace {

constexpr int kLargestTaps = 5;
constexpr int gradientFilters(int taps) {
  if (kRegisters >= 32) return taps >= 4 ? 4 : 8;
  return taps >= 5 ? 2 : taps == 4 ? 3 : 4;
}
// Taps that a tile takes along a kernel row with so many left.
inline int tileTaps(int left) {
  return left <= kLargestTaps ? left : left < 8 ? (left + 1) / 2 : 4;
}

struct BandPlace {
  const float* gradient;  // of the tile's first filter, at the band's first row
  const float* input;     // of the first tap at that row
  std::ptrdiff_t tapStep;
  int rows;
  float* sums;  // [filter][tap][kWidth]
};

template <int Filters, int Taps, bool Strided>
void gradientTile(const ConvolutionGradientCall& call, const BandPlace& place) {
  Vec sums[Filters][Taps];
  CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) CONVSCOPE_UNROLL for (int t = 0; t < Taps; ++t) sums[f][t] =
      load(place.sums + (f * Taps + t) * kWidth);
  const int floats = call.gradient.width * call.lanes;
  const auto add = [&](const float* gradient, const float* input) __attribute__((always_inline)) {
    Vec x[Taps];
    CONVSCOPE_UNROLL for (int t = 0; t < Taps; ++t) x[t] = load(input + t * place.tapStep);
    CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) {
      const Vec g = load(gradient + f * call.gradient.channelStride);
      CONVSCOPE_UNROLL for (int t = 0; t < Taps; ++t) sums[f][t] += g * x[t];
    }
  };
  if (kWidth == kBlockLanes && !Strided && call.lanes == kBlockLanes) {
    // One loop over all rows, without a branch at their ends: rows are short, and each end of one would be mispredicted. (Where
    // a vector holds half a cell, rows are twice as long and the tile too small to hide the counting.)
    const float* gradient = place.gradient;
    const float* input = place.input;
    const std::ptrdiff_t gradientGap = call.gradient.rowStride - floats;
    const std::ptrdiff_t inputGap = call.window.strideY * call.input.rowStride - floats;
    const int vectors = floats / kWidth;
    int left = vectors;
    for (int i = place.rows * vectors; i > 0; --i) {
      add(gradient, input);
      const std::ptrdiff_t atEnd = -std::ptrdiff_t(--left == 0);
      gradient += kWidth + (gradientGap & atEnd);
      input += kWidth + (inputGap & atEnd);
      left += int(vectors & atEnd);
    }
  } else {
    const std::ptrdiff_t step = std::ptrdiff_t(call.window.strideX) * call.lanes;
    for (int y = 0; y < place.rows; ++y) {
      const float* gradient = place.gradient + y * call.gradient.rowStride;
      const float* input = place.input + y * call.window.strideY * call.input.rowStride;
      int i = 0;
      for (; i + kWidth <= floats; i += kWidth) add(gradient + i, input + (Strided ? (i / kBlockLanes) * step + i % kBlockLanes : i));
      if (i == floats) continue;
      const int rest = floats - i;
      CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) {
        const Vec g = loadPart(gradient + f * call.gradient.channelStride + i, rest);
        CONVSCOPE_UNROLL for (int t = 0; t < Taps; ++t) sums[f][t] += g * loadPart(input + i + t * place.tapStep, rest);
      }
    }
  }
  CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) CONVSCOPE_UNROLL for (int t = 0; t < Taps; ++t)
      store(place.sums + (f * Taps + t) * kWidth, sums[f][t]);
}

using GradientTile = void (*)(const ConvolutionGradientCall&, const BandPlace&);

template <int Filters, int Taps, bool Strided>
constexpr GradientTile gradientTileOrNone() {
  if constexpr (Filters <= gradientFilters(Taps))
    return gradientTile<Filters, Taps, Strided>;
  else
    return nullptr;
}
template <bool Strided, int Taps>
constexpr GradientTile kGradientTilesOf[8] = {gradientTileOrNone<1, Taps, Strided>(), gradientTileOrNone<2, Taps, Strided>(),
                                              gradientTileOrNone<3, Taps, Strided>(), gradientTileOrNone<4, Taps, Strided>(),
                                              gradientTileOrNone<5, Taps, Strided>(), gradientTileOrNone<6, Taps, Strided>(),
                                              gradientTileOrNone<7, Taps, Strided>(), gradientTileOrNone<8, Taps, Strided>()};
template <bool Strided>
constexpr const GradientTile* kGradientTiles[kLargestTaps] = {kGradientTilesOf<Strided, 1>, kGradientTilesOf<Strided, 2>,
                                                              kGradientTilesOf<Strided, 3>, kGradientTilesOf<Strided, 4>,
                                                              kGradientTilesOf<Strided, 5>};

// Taps that a tile takes along one kernel row, or along the input channels where the kernel is one column wide.
struct TapGroup {
  int channel, row, column, taps;
};

// Walks over all taps in groups; `visit(group, number)` with the number of taps before the group.
template <typename Visit>
void forEachTapGroup(const ConvolutionGradientCall& call, Visit visit) {
  const int width = call.window.width;
  int before = 0;
  if (width == 1) {
    for (int ky = 0; ky < call.window.height; ++ky)
      for (int c = 0; c < call.input.channels; c += 4) {
        const int taps = smaller(4, call.input.channels - c);
        visit(TapGroup{c, ky, 0, taps}, before);
        before += taps;
      }
    return;
  }
  for (int c = 0; c < call.input.channels; ++c)
    for (int ky = 0; ky < call.window.height; ++ky)
      for (int kx = 0; kx < width;) {
        const int taps = tileTaps(width - kx);
        visit(TapGroup{c, ky, kx, taps}, before);
        kx += taps;
        before += taps;
      }
}

void gradientBand(const ConvolutionGradientCall& call, int filter, int filters, int firstRow, int lastRow) {
  const bool strided = call.window.strideX != 1;
  const bool overChannels = call.window.width == 1;
  forEachTapGroup(call, [&](const TapGroup& group, int before) {
    // Output rows whose tap lies inside the input.
    const int stride = call.window.strideY, offset = group.row - call.window.paddingTop;
    int first = firstRow, last = lastRow;
    while (first < last && first * stride + offset < 0) ++first;
    while (last > first && (last - 1) * stride + offset >= call.input.height) --last;
    if (first == last) return;
    BandPlace place{};
    place.rows = last - first;
    place.tapStep = overChannels ? call.input.channelStride : call.lanes;
    place.gradient = call.gradient.data + filter * call.gradient.channelStride + first * call.gradient.rowStride;
    place.input = call.input.data + group.channel * call.input.channelStride + (first * stride + offset) * call.input.rowStride +
                  std::ptrdiff_t(group.column - call.window.paddingLeft) * call.lanes;
    place.sums = call.scratch + std::ptrdiff_t(before) * filters * kWidth;
    (strided ? kGradientTiles<true> : kGradientTiles<false>)[group.taps - 1][filters - 1](call, place);
  });
}

// The lanes of kWidth vectors, added up: result i is the sum of vector i.
CONVSCOPE_INLINE Vec sumsOf(const float* vectors) {
  Vec sums[kWidth];
  CONVSCOPE_UNROLL for (int i = 0; i < kWidth; ++i) sums[i] = load(vectors + i * kWidth);
  CONVSCOPE_UNROLL for (int count = kWidth / 2; count > 0; count /= 2) CONVSCOPE_UNROLL for (int i = 0; i < count; ++i) sums[i] =
      evensOf(sums[2 * i], sums[2 * i + 1]) + oddsOf(sums[2 * i], sums[2 * i + 1]);
  return sums[0];
}

void addGradientSums(const ConvolutionGradientCall& call, int filter, int filters) {
  const std::ptrdiff_t kernel = std::ptrdiff_t(call.window.height) * call.window.width;
  const std::ptrdiff_t vectors = std::ptrdiff_t(call.input.channels) * kernel * filters;
  // In place: sum i lands before the vectors that are still to be read.
  for (std::ptrdiff_t i = 0; i < vectors; i += kWidth) store(call.scratch + i, sumsOf(call.scratch + i * kWidth));
  forEachTapGroup(call, [&](const TapGroup& group, int before) {
    const float* sums = call.scratch + std::ptrdiff_t(before) * filters;
    const bool overChannels = call.window.width == 1;
    const std::ptrdiff_t step = overChannels ? kernel : 1;
    float* to = call.weights + (std::ptrdiff_t(filter) * call.input.channels + group.channel) * kernel +
                std::ptrdiff_t(group.row) * call.window.width + group.column;
    for (int f = 0; f < filters; ++f, to += call.input.channels * kernel)
      for (int t = 0; t < group.taps; ++t) to[t * step] += *sums++;
  });
}

void addBiasGradient(const ConvolutionGradientCall& call, int filter) {
  const int floats = call.gradient.width * call.lanes;
  Vec sums[2] = {};
  for (int y = 0; y < call.gradient.height; ++y) {
    const float* row = call.gradient.data + filter * call.gradient.channelStride + y * call.gradient.rowStride;
    int i = 0;
    for (; i + 2 * kWidth <= floats; i += 2 * kWidth) {
      sums[0] += load(row + i);
      sums[1] += load(row + i + kWidth);
    }
    for (; i < floats; i += kWidth) sums[0] += floats - i >= kWidth ? load(row + i) : loadPart(row + i, floats - i);
  }
  call.bias[filter] += sumOf(sums[0] + sums[1]);
}

void convolutionGradient(const ConvolutionGradientCall& call) {
  const std::ptrdiff_t taps = std::ptrdiff_t(call.input.channels) * call.window.height * call.window.width;
  constexpr int kBandFloats = 7 * 1024;
  // As many filters as all tap groups of the window can take.
  const int width = call.window.width;
  const int most = gradientFilters(width == 1 || (width > kLargestTaps && width < 8) ? 4 : smaller(width, kLargestTaps));
  for (int filter = 0; filter < call.gradient.channels; filter += most) {
    const int filters = smaller(most, call.gradient.channels - filter);
    for (std::ptrdiff_t i = 0; i < (taps * filters + kWidth - 1) * kWidth; i += kWidth) store(call.scratch + i, Vec{});
    const int rowFloats = filters * call.gradient.width * call.lanes;
    const int bands =
        smaller(call.gradient.height, larger(1, int((std::ptrdiff_t(rowFloats) * call.gradient.height + kBandFloats - 1) / kBandFloats)));
    for (int band = 0; band < bands; ++band)
      gradientBand(call, filter, filters, int(std::ptrdiff_t(call.gradient.height) * band / bands),
                   int(std::ptrdiff_t(call.gradient.height) * (band + 1) / bands));
    addGradientSums(call, filter, filters);
    for (int f = 0; call.bias && f < filters; ++f) addBiasGradient(call, filter + f);
  }
}

void scatter(const ScatterCall& call) {
  const WindowSize& window = call.window;
  for (int y = 0; y < call.height; ++y)
    for (int ky = 0; ky < window.height; ++ky) {
      const int targetY = y * window.strideY - window.paddingTop + ky;
      if (targetY < 0 || targetY >= call.targetHeight) continue;
      for (int kx = 0; kx < window.width; ++kx) {
        const float scalar = call.weights[ky * window.width + kx];
        const Vec weight = splat(scalar);
        for (int x = 0; x < call.width; ++x) {
          const int targetX = x * window.strideX - window.paddingLeft + kx;
          if (targetX < 0 || targetX >= call.targetWidth) continue;
          float* to = call.target + targetY * call.targetRowStride + std::ptrdiff_t(targetX) * call.lanes;
          const float* from = call.gradient + y * call.gradientRowStride + std::ptrdiff_t(x) * call.lanes;
          if (call.lanes == 1)
            *to += scalar * *from;
          else
            for (int l = 0; l < kBlockLanes; l += kWidth) store(to + l, load(to + l) + weight * load(from + l));
        }
      }
    }
}

}  // namespace
}  // namespace nn
