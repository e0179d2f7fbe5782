// How layers compute: views of the tensors of one block, and what one call of forward or backward receives. Tensors hold
// `lanes` samples innermost: [channel][row][column][lane], with a halo of zeros around each map where a layer reads past its
// border, and strides in floats. Everything lies in the Workspace's one allocation; a layer allocates nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "nn/Interventions.h"
#include "nn/Layer.h"
#include "nn/Shape.h"

namespace nn {

struct KernelTable;  // nn/kernels/Kernels.h: the inner loops for the instruction set of this machine

template <typename T>
struct BasicTensor {
  T* data = nullptr;  // lane 0 of cell (0, 0, 0); the halo lies before and after it
  Shape shape;
  int lanes = 1;
  std::ptrdiff_t rowStride = 0;
  std::ptrdiff_t channelStride = 0;

  BasicTensor() = default;
  BasicTensor(T* first, const Shape& dims, int laneCount, std::ptrdiff_t row, std::ptrdiff_t channel)
      : data(first), shape(dims), lanes(laneCount), rowStride(row), channelStride(channel) {}
  operator BasicTensor<const T>() const { return {data, shape, lanes, rowStride, channelStride}; }

  T* at(int channel, int row, int column) const {
    return data + channel * channelStride + row * rowStride + std::ptrdiff_t(column) * lanes;
  }
  // Floats of one row without its halo; always contiguous.
  std::size_t rowFloats() const { return std::size_t(shape.width) * std::size_t(lanes); }
  std::size_t floats() const { return shape.size() * std::size_t(lanes); }
  // No halo and no gaps: floats() floats from `data` on.
  bool isContiguous() const {
    return (shape.height == 1 || rowStride == std::ptrdiff_t(rowFloats())) &&
           (shape.channels == 1 || channelStride == std::ptrdiff_t(rowFloats()) * shape.height);
  }
};
using Tensor = BasicTensor<float>;
using ConstTensor = BasicTensor<const float>;

// Cells of zeros around a map.
struct Halo {
  int top = 0, left = 0, bottom = 0, right = 0;
  void include(const Halo& other) {
    top = std::max(top, other.top), left = std::max(left, other.left);
    bottom = std::max(bottom, other.bottom), right = std::max(right, other.right);
  }
  bool operator==(const Halo&) const = default;
};

// What a layer wants of the memory that the Workspace lays out for it.
struct MemoryNeeds {
  Halo input;                     // around its inputs' activations
  Halo gradient;                  // around the gradient at its own output
  bool contiguousInput = false;   // faster when its inputs have no gaps
  std::size_t scratchFloats = 0;  // during a call; not kept, not zeroed
};

// What calls either way have in common.
struct LayerCall {
  std::span<const ConstTensor> inputs;
  const float* parameters = nullptr;  // the layer's own
  const float* packed = nullptr;      // what Layer::pack() made of them
  float* scratch = nullptr;
  const KernelTable* kernels = nullptr;
  bool training = false;
  int samples = 1;                      // lanes that carry one
  const BatchMoments* batch = nullptr;  // of the whole mini-batch, one per channel; null: use what the parameters hold
  std::uint64_t randomKey = 0;          // of this pass and node
};

struct ForwardCall : LayerCall {
  Tensor output;
  Activation activation = Activation::None;  // to apply: the layer's own, or none where the Workspace applies it afterwards
};

// The gradient at one input, to be computed by the layer that reads it.
struct GradientTarget {
  Tensor tensor;
  bool wanted = false;
  bool accumulate = false;                   // add to what is there instead of replacing it
  Activation activation = Activation::None;  // multiply by this derivative, taken from the input's values (see Layer::fusesInputDerivative)
};

struct BackwardCall : LayerCall {
  ConstTensor output;
  ConstTensor gradient;  // derivative with respect to the layer's combined value, before its activation()
  std::span<const GradientTarget> inputGradients;
  float* parameterGradients = nullptr;  // the layer's own; to be added to, unless replaceGradients; null: not wanted
  bool replaceGradients = false;        // only where Layer::replacesGradients()
};

// output = activation(output), in place.
void applyActivation(const KernelTable& kernels, Activation activation, const Tensor& tensor);
// target = gradient * derivative, where the derivative is taken from the activated values; of an activation that
// derivativeNeedsInput(), from the values before it. target may be gradient, unless another rule is asked for.
void applyDerivative(const KernelTable& kernels, Activation activation, const ConstTensor& values, const ConstTensor& gradient,
                     const Tensor& target, DerivativeRule rule = DerivativeRule::Gradient);

// The interventions in one node, in all lanes: on its values, and on the gradient at them, which is cleared where they are at a limit.
void holdUnits(std::span<const Intervention> interventions, int node, const Tensor& values);
void clearGradientOfHeld(std::span<const Intervention> interventions, int node, const ConstTensor& values, const Tensor& gradient);

void fillCells(const Tensor& tensor, float value);  // leaves the halo alone
void copyCells(const ConstTensor& source, const Tensor& target);
void addCells(const ConstTensor& source, const Tensor& target);
// The cells of a tensor without gaps: itself, or a copy in `scratch` (floats() floats).
const float* contiguousCells(const ConstTensor& tensor, float* scratch);

}  // namespace nn
