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
  int firstTapColumn, lastTapColumn;
  int firstVector;      // of the row
  std::ptrdiff_t step;  // between cells or rows in the input
  int floats;           // of the row that the tile covers; the last vector may be partial
};

// How the vectors of a tile follow each other in the input: in one run, cell by cell where the window moves by more than one, or
// (maps of one sample no wider than a vector) one to a row.
enum class Reading { Run, Cells, Rows };

// Where vector v reads; `step` is between cells or rows.
inline std::ptrdiff_t vectorOffset(Reading how, int v, std::ptrdiff_t step) {
  if (how == Reading::Rows) return v * step;
  return how == Reading::Cells ? (v / kVectorsPerCell) * step + (v % kVectorsPerCell) * kWidth : std::ptrdiff_t(v) * kWidth;
}

template <int Filters, int Vectors, Reading How>
void convolutionTile(const ConvolutionCall& call, const TilePlace& place) {
  Vec sums[Filters][Vectors];
  CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) {
    const Vec bias = place.bias ? splat(place.bias[f]) : Vec{};
    CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) sums[f][v] = bias;
  }
  std::ptrdiff_t offsets[Vectors];
  CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) offsets[v] = vectorOffset(How, place.firstVector + v, place.step);
  const std::ptrdiff_t rowWeights = std::ptrdiff_t(call.window.width) * kFilterGroup;
  const float* first = place.input + (How == Reading::Run ? offsets[0] : 0) + std::ptrdiff_t(place.firstTapColumn) * call.lanes;
  const float* firstWeight = place.weights + std::ptrdiff_t(place.firstTapColumn) * kFilterGroup;
  for (int c = 0; c < call.input.channels; ++c)
    for (int ky = place.firstTapRow; ky < place.lastTapRow; ++ky) {
      const float* in = first + c * call.input.channelStride + ky * call.input.rowStride;
      const float* weights = firstWeight + (std::ptrdiff_t(c) * call.window.height + ky) * rowWeights;
      for (int kx = place.firstTapColumn; kx < place.lastTapColumn; ++kx, in += call.lanes, weights += kFilterGroup) {
        Vec x[Vectors];
        CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) x[v] =
            load(in + (How == Reading::Run ? std::ptrdiff_t(v) * kWidth : offsets[v]));
        CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) {
          const Vec weight = splat(weights[f]);
          CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) sums[f][v] += weight * x[v];
        }
      }
    }
  if (How != Reading::Rows && finishesSimply(call.finish, place.floats >= Vectors * kWidth)) {
    const Vec floor = splat(call.finish.activation == Activation::Relu ? 0.0f : -__builtin_inff());
    CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v)
        store(place.output + f * call.output.channelStride + v * kWidth, sums[f][v] < floor ? floor : sums[f][v]);
    return;
  }
  CONVSCOPE_UNROLL for (int f = 0; f < Filters; ++f) CONVSCOPE_UNROLL for (int v = 0; v < Vectors; ++v) {
    const bool rows = How == Reading::Rows;
    const std::ptrdiff_t at = f * call.output.channelStride + v * (rows ? call.output.rowStride : kWidth);
    const std::ptrdiff_t valuesAt = f * call.finish.channelStride + v * (rows ? call.finish.rowStride : kWidth);
    finishVector(call.finish, sums[f][v], place.output + at, place.values ? place.values + valuesAt : nullptr,
                 place.floats - (rows ? 0 : v * kWidth));
  }
}

using ConvolutionTile = void (*)(const ConvolutionCall&, const TilePlace&);

template <int Filters, int Vectors, Reading How>
constexpr ConvolutionTile tileOrNone() {
  if constexpr (Filters <= kTileFilters && Vectors <= tileVectors(Filters))
    return convolutionTile<Filters, Vectors, How>;
  else
    return nullptr;
}

template <Reading How, int Filters>
constexpr ConvolutionTile kTilesOf[kLargestTile] = {tileOrNone<Filters, 1, How>(), tileOrNone<Filters, 2, How>(),
                                                    tileOrNone<Filters, 3, How>(), tileOrNone<Filters, 4, How>(),
                                                    tileOrNone<Filters, 5, How>(), tileOrNone<Filters, 6, How>()};
template <Reading How>
constexpr const ConvolutionTile* kTiles[kFilterGroup] = {kTilesOf<How, 1>, kTilesOf<How, 2>, kTilesOf<How, 3>, kTilesOf<How, 4>,
                                                         kTilesOf<How, 5>, kTilesOf<How, 6>, kTilesOf<How, 7>, kTilesOf<How, 8>};

// Of the filters that are left in a group, how many the next tile takes.
inline int tileFilters(int left) {
  if (left <= kTileFilters) return left;
  return 4;
}

// One run of filters over the map: rows, shared out among tiles as evenly as they go.
class FilterRun {
 public:
  FilterRun(const ConvolutionCall& call, int filter, int filters) : m_call(call), m_filter(filter), m_filters(filters) {
    const std::ptrdiff_t groupWeights = std::ptrdiff_t(call.input.channels) * call.window.height * call.window.width * kFilterGroup;
    m_place.weights = call.weights + (filter / kFilterGroup) * groupWeights + filter % kFilterGroup;
    m_place.bias = call.bias ? call.bias + filter : nullptr;
    m_rowFloats = call.output.width * call.lanes;
  }

  void compute() {
    const bool narrow = m_call.lanes == 1 && m_rowFloats <= kWidth;
    for (int y = 0; y < m_call.output.height;) {
      enterRow(y);
      const int rows = narrow ? alikeRows(y) : 1;
      if (rows > 1)
        rowTile(rows);
      else
        rowTiles();
      y += rows;
    }
    if (isCheap(m_call.finish.activation)) return;
    for (int f = 0; f < m_filters; ++f)
      for (int y = 0; y < m_call.output.height; ++y)
        activateRun(m_call.finish.activation,
                    m_call.output.data + (m_filter + f) * m_call.output.channelStride + y * m_call.output.rowStride,
                    std::size_t(m_rowFloats));
  }

 private:
  int top(int y) const { return y * m_call.window.strideY - m_call.window.paddingTop; }

  void enterRow(int y) {
    const Finish& finish = m_call.finish;
    m_place.firstTapRow = larger(0, -top(y));
    m_place.lastTapRow = smaller(m_call.window.height, m_call.input.height - top(y));
    m_place.output = m_call.output.data + m_filter * m_call.output.channelStride + y * m_call.output.rowStride;
    m_place.values = finish.values ? finish.values + m_filter * finish.channelStride + y * finish.rowStride : nullptr;
    m_place.input = m_call.input.data + top(y) * m_call.input.rowStride - std::ptrdiff_t(m_call.window.paddingLeft) * m_call.lanes;
    m_place.firstVector = 0;
    m_place.firstTapColumn = 0;
    m_place.lastTapColumn = m_call.window.width;
    m_place.floats = m_rowFloats;
  }

  // How many rows from y on see their whole window inside the input, as far as one tile goes.
  int alikeRows(int y) const {
    int whole = 0;
    while (y + whole < m_call.output.height && top(y + whole) >= 0 && top(y + whole) + m_call.window.height <= m_call.input.height) ++whole;
    const int most = tileVectors(m_filters);
    const int tiles = (whole + most - 1) / most;
    return whole < 2 ? 1 : (whole + tiles - 1) / tiles;
  }

  void rowTile(int rows) {
    m_place.step = m_call.window.strideY * m_call.input.rowStride;
    kTiles<Reading::Rows>[m_filters - 1][rows - 1](m_call, m_place);
  }

  // Leaves out the columns of the window that lie outside the input for all cells of a tile.
  void skipOutside(int vectors) {
    const int first = m_place.firstVector / kVectorsPerCell, last = (m_place.firstVector + vectors - 1) / kVectorsPerCell;
    m_place.firstTapColumn = larger(0, m_call.window.paddingLeft - last);
    m_place.lastTapColumn = smaller(m_call.window.width, m_call.input.width + m_call.window.paddingLeft - first);
  }

  void rowTiles() {
    const ConvolutionTile* tiles = (m_call.window.strideX != 1 ? kTiles<Reading::Cells> : kTiles<Reading::Run>)[m_filters - 1];
    const int vectors = (m_rowFloats + kWidth - 1) / kWidth;
    const int tileCount = (vectors + tileVectors(m_filters) - 1) / tileVectors(m_filters);
    m_place.step = std::ptrdiff_t(m_call.window.strideX) * m_call.lanes;
    for (int tile = 0; tile < tileCount; ++tile) {
      const int count = (vectors - m_place.firstVector) / (tileCount - tile);
      if (m_call.lanes == kBlockLanes && m_call.window.strideX == 1) skipOutside(count);
      tiles[count - 1](m_call, m_place);
      m_place.firstVector += count;
      m_place.output += std::ptrdiff_t(count) * kWidth;
      if (m_place.values) m_place.values += std::ptrdiff_t(count) * kWidth;
      m_place.floats -= count * kWidth;
    }
  }

  const ConvolutionCall& m_call;
  TilePlace m_place{};
  int m_filter, m_filters, m_rowFloats;
};

void convolution(const ConvolutionCall& call) {
  for (int group = 0; group < call.output.channels; group += kFilterGroup) {
    const int last = smaller(group + kFilterGroup, call.output.channels);
    for (int filter = group; filter < last;) {
      const int filters = tileFilters(last - filter);
      FilterRun(call, filter, filters).compute();
      filter += filters;
    }
  }
}

}  // namespace
}  // namespace nn
