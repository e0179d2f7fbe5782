// Max pooling, forward and back. The winner of a window is found again by its value; of equal ones the first wins.
#pragma once

#include "nn/kernels/Vectors.h"

namespace nn {
namespace {

// The cells of one window that lie inside the input.
struct Inside {
  int firstRow, lastRow, firstColumn, lastColumn;
};
inline Inside windowInside(const WindowSize& window, int y, int x, int height, int width) {
  const int top = y * window.strideY - window.paddingTop, left = x * window.strideX - window.paddingLeft;
  return {larger(0, top), smaller(height, top + window.height), larger(0, left), smaller(width, left + window.width)};
}

CONVSCOPE_INLINE Vec largerOf(Vec a, Vec b) {
  return ((b > a) | (b != b)) ? b : a;  // a NaN stays
}

void maxPoolBlock(const PoolCall& call, int c, int y) {
  const float* map = call.input.data + c * call.input.channelStride;
  float* out = call.output.data + c * call.output.channelStride + y * call.output.rowStride;
  for (int x = 0; x < call.output.width; ++x, out += kBlockLanes) {
    const Inside inside = windowInside(call.window, y, x, call.input.height, call.input.width);
    for (int l = 0; l < kBlockLanes; l += kWidth) {
      Vec largest = splat(-__builtin_inff());
      for (int iy = inside.firstRow; iy < inside.lastRow; ++iy) {
        const float* in = map + iy * call.input.rowStride + l;
        for (int ix = inside.firstColumn; ix < inside.lastColumn; ++ix) {
          largest = largerOf(largest, load(in + std::ptrdiff_t(ix) * kBlockLanes));
        }
      }
      store(out + l, largest);
    }
  }
}

// The usual window, 2x2 without overlap, of blocks.
void maxPoolFour(const PoolCall& call, int c, int y) {
  const float* upper = call.input.data + c * call.input.channelStride + 2 * y * call.input.rowStride;
  const float* lower = upper + call.input.rowStride;
  float* out = call.output.data + c * call.output.channelStride + y * call.output.rowStride;
  for (int x = 0; x < call.output.width; ++x, upper += 2 * kBlockLanes, lower += 2 * kBlockLanes, out += kBlockLanes)
    CONVSCOPE_UNROLL for (int l = 0; l < kBlockLanes; l += kWidth) {
      const Vec first = largerOf(load(upper + l), load(upper + kBlockLanes + l));
      store(out + l, largerOf(first, largerOf(load(lower + l), load(lower + kBlockLanes + l))));
    }
}

void maxPoolSingle(const PoolCall& call, int c, int y) {
  const float* map = call.input.data + c * call.input.channelStride;
  float* out = call.output.data + c * call.output.channelStride + y * call.output.rowStride;
  for (int x = 0; x < call.output.width; ++x) {
    const Inside inside = windowInside(call.window, y, x, call.input.height, call.input.width);
    float largest = -__builtin_inff();
    for (int iy = inside.firstRow; iy < inside.lastRow; ++iy)
      for (int ix = inside.firstColumn; ix < inside.lastColumn; ++ix) {
        const float value = map[iy * call.input.rowStride + ix];
        largest = value > largest || value != value ? value : largest;
      }
    out[x] = largest;
  }
}

// The same window of one sample: the larger of two rows, then of neighbors.
void maxPoolPairs(const PoolCall& call, int c, int y) {
  const float* upper = call.input.data + c * call.input.channelStride + 2 * y * call.input.rowStride;
  const float* lower = upper + call.input.rowStride;
  float* out = call.output.data + c * call.output.channelStride + y * call.output.rowStride;
  for (int x = 0; x < call.output.width; x += kWidth) {
    // Reads past the row's end fall on what follows it in the workspace, and only lead to results that are not stored.
    const Vec left = largerOf(load(upper + 2 * x), load(lower + 2 * x));
    const bool more = 2 * x + kWidth < 2 * call.output.width;
    const Vec right = more ? largerOf(load(upper + 2 * x + kWidth), load(lower + 2 * x + kWidth)) : Vec{};
    const Vec result = largerOf(evensOf(left, right), oddsOf(left, right));
    const int count = call.output.width - x;
    if (count >= kWidth)
      store(out + x, result);
    else
      storePart(out + x, result, count);
  }
}

void maxPool(const PoolCall& call) {
  const WindowSize& window = call.window;
  const bool usual = window.height == 2 && window.width == 2 && window.strideY == 2 && window.strideX == 2 && window.paddingTop == 0 &&
                     window.paddingLeft == 0 && call.output.width * 2 <= call.input.width && call.output.height * 2 <= call.input.height;
  for (int c = 0; c < call.output.channels; ++c)
    for (int y = 0; y < call.output.height; ++y) {
      if (usual)
        (call.lanes == 1 ? maxPoolPairs : maxPoolFour)(call, c, y);
      else if (call.lanes == 1)
        maxPoolSingle(call, c, y);
      else
        maxPoolBlock(call, c, y);
    }
}

template <bool Covers>
void maxPoolGradientBlock(const PoolGradientCall& call, int c, int y) {
  const float* map = call.input.data + c * call.input.channelStride;
  float* target = call.target.data + c * call.target.channelStride;
  const float* output = call.output.data + c * call.output.channelStride + y * call.output.rowStride;
  const float* gradient = call.gradient.data + c * call.gradient.channelStride + y * call.gradient.rowStride;
  for (int x = 0; x < call.output.width; ++x) {
    const Inside inside = windowInside(call.window, y, x, call.input.height, call.input.width);
    for (int l = 0; l < kBlockLanes; l += kWidth) {
      const std::ptrdiff_t at = std::ptrdiff_t(x) * kBlockLanes + l;
      const Vec largest = load(output + at);
      Vec open = differentiated(call.derivative, largest, load(gradient + at));
      for (int iy = inside.firstRow; iy < inside.lastRow; ++iy)
        for (int ix = inside.firstColumn; ix < inside.lastColumn; ++ix) {
          const std::ptrdiff_t column = std::ptrdiff_t(ix) * kBlockLanes + l;
          const IntVec wins = load(map + iy * call.input.rowStride + column) == largest;
          const Vec share = wins ? open : Vec{};
          open = wins ? Vec{} : open;
          float* to = target + iy * call.target.rowStride + column;
          store(to, Covers ? share : load(to) + share);
        }
    }
  }
}

// The usual window, 2x2 without overlap.
template <Activation Derivative>
void maxPoolGradientFour(const PoolGradientCall& call, int c, int y) {
  const std::ptrdiff_t rows[2] = {call.input.rowStride, call.target.rowStride};
  const float* map = call.input.data + c * call.input.channelStride + 2 * y * rows[0];
  float* target = call.target.data + c * call.target.channelStride + 2 * y * rows[1];
  const float* output = call.output.data + c * call.output.channelStride + y * call.output.rowStride;
  const float* gradient = call.gradient.data + c * call.gradient.channelStride + y * call.gradient.rowStride;
  for (int x = 0; x < call.output.width; ++x) {
    CONVSCOPE_UNROLL for (int l = 0; l < kBlockLanes; l += kWidth) {
      const Vec largest = load(output + l);
      Vec open = differentiated(Derivative, largest, load(gradient + l));
      CONVSCOPE_UNROLL for (int i = 0; i < 4; ++i) {
        const IntVec wins = load(map + (i / 2) * rows[0] + (i % 2) * kBlockLanes + l) == largest;
        store(target + (i / 2) * rows[1] + (i % 2) * kBlockLanes + l, wins ? open : Vec{});
        open = wins ? Vec{} : open;
      }
    }
    map += 2 * kBlockLanes, target += 2 * kBlockLanes, output += kBlockLanes, gradient += kBlockLanes;
  }
}

void maxPoolGradientSingle(const PoolGradientCall& call, int c, int y) {
  const float* map = call.input.data + c * call.input.channelStride;
  float* target = call.target.data + c * call.target.channelStride;
  const float* output = call.output.data + c * call.output.channelStride + y * call.output.rowStride;
  const float* gradient = call.gradient.data + c * call.gradient.channelStride + y * call.gradient.rowStride;
  for (int x = 0; x < call.output.width; ++x) {
    const Inside inside = windowInside(call.window, y, x, call.input.height, call.input.width);
    float open = differentiated(call.derivative, splat(output[x]), splat(gradient[x]))[0];
    for (int iy = inside.firstRow; iy < inside.lastRow; ++iy)
      for (int ix = inside.firstColumn; ix < inside.lastColumn; ++ix) {
        const bool wins = map[iy * call.input.rowStride + ix] == output[x];
        const float share = wins ? open : 0.0f;
        open = wins ? 0.0f : open;
        float& to = target[iy * call.target.rowStride + ix];
        to = call.covers ? share : to + share;
      }
  }
}

void maxPoolGradient(const PoolGradientCall& call) {
  const bool four = call.covers && call.window.height == 2 && call.window.width == 2;
  for (int c = 0; c < call.output.channels; ++c)
    for (int y = 0; y < call.output.height; ++y) {
      if (call.lanes == 1)
        maxPoolGradientSingle(call, c, y);
      else if (four && call.derivative == Activation::None)
        maxPoolGradientFour<Activation::None>(call, c, y);
      else if (four && call.derivative == Activation::Relu)
        maxPoolGradientFour<Activation::Relu>(call, c, y);
      else if (call.covers)
        maxPoolGradientBlock<true>(call, c, y);
      else
        maxPoolGradientBlock<false>(call, c, y);
    }
}

}  // namespace
}  // namespace nn
