// The inner loops of the engine as tables of plain functions, one table per instruction set, compiled from the same source
// and chosen when the program runs. Only plain pointers and numbers cross this border. All strides are in floats.
#pragma once

#include <cstddef>
#include <string_view>

#include "nn/Layer.h"

namespace nn {

// A stack of maps: [channel][row][column][lane], lane 0 of cell (0, 0, 0) at `data`.
template <typename T>
struct Maps {
  T* data = nullptr;
  std::ptrdiff_t channelStride = 0, rowStride = 0;
  int channels = 0, height = 0, width = 0;
};

// What happens to a result before it is stored: activation, or for gradients the derivative taken from activated values.
struct Finish {
  Activation activation = Activation::None;
  bool accumulate = false;  // add to what is there
  Activation derivative = Activation::None;
  const float* values = nullptr;  // of the cells whose derivative is taken
  std::ptrdiff_t channelStride = 0, rowStride = 0;
};

struct WindowSize {
  int height = 1, width = 1;
  int strideY = 1, strideX = 1;
  int paddingTop = 0, paddingLeft = 0;
};

inline constexpr int kFilterGroup = 8;  // filters that lie side by side in packed weights

// Correlation. Weights: [filter group][input channel][row][column][kFilterGroup]. Rows outside the input count as zero; columns
// must be there as a halo. With one lane, strideX must be 1.
struct ConvolutionCall {
  Maps<const float> input;
  Maps<float> output;
  int lanes = 1;
  WindowSize window;
  const float* weights = nullptr;
  const float* bias = nullptr;  // one per filter, or null
  Finish finish;
  float* scratch = nullptr;  // for winograd only: winogradScratch() floats
};

// Gradient of the weights: added to [filter][input channel][row][column]. Rows and columns as for the convolution.
struct ConvolutionGradientCall {
  Maps<const float> input;
  Maps<const float> gradient;  // at the output
  int lanes = 1;
  WindowSize window;
  float* weights = nullptr;
  float* bias = nullptr;     // one per filter, or null
  float* scratch = nullptr;  // convolutionScratch() floats
};
std::size_t convolutionScratch(int inputChannels, int kernelHeight, int kernelWidth);

// Winograd's way takes the same calls, of kBlockLanes lanes and 3x3 windows that move by one. Its weights: the kernels transformed
// to 4x4 places, [place][filter group][input channel][kFilterGroup]; its gradients are those of the kernels themselves.
inline constexpr int kWinogradTiles = 6;          // that are computed together, at most
inline constexpr int kWinogradGradientTiles = 8;  // at most
std::size_t winogradScratch(int inputChannels);
std::size_t winogradGradientScratch(int inputChannels, int outputChannels, int outputWidth);

// Data gradient of a convolution that moves by more than one cell: scatters into the input's gradient, which holds zeros or
// something to add to. Weights as they lie in the parameters of one pair of maps.
struct ScatterCall {
  const float* gradient = nullptr;  // one map
  std::ptrdiff_t gradientRowStride = 0;
  int height = 0, width = 0;
  float* target = nullptr;  // one map
  std::ptrdiff_t targetRowStride = 0;
  int targetHeight = 0, targetWidth = 0;
  int lanes = 1;
  WindowSize window;
  const float* weights = nullptr;
};

// Everything contiguous; `inputs` cells of `lanes` floats in, `units` out; weights [unit][input].
struct DenseCall {
  const float* input = nullptr;
  float* output = nullptr;
  const float* weights = nullptr;
  const float* bias = nullptr;
  int inputs = 0, units = 0, lanes = 1;
  Finish finish;  // its values contiguous as well
};
struct DenseGradientCall {
  const float* input = nullptr;
  const float* gradient = nullptr;  // at the units
  const float* weights = nullptr;
  float* inputGradient = nullptr;  // for denseInputGradient
  Finish finish;
  float* weightGradients = nullptr;  // for denseWeightGradient
  float* biasGradients = nullptr;
  bool replace = false;      // both are written, not added to
  float* scratch = nullptr;  // denseScratch() floats
  int inputs = 0, units = 0, lanes = 1;
};
std::size_t denseScratch(int inputs, int lanes);

struct PoolCall {
  Maps<const float> input;
  Maps<float> output;
  int lanes = 1;
  WindowSize window;
};
struct PoolGradientCall {
  Maps<const float> input;
  Maps<const float> output;
  Maps<const float> gradient;  // at the output
  Maps<float> target;          // at the input; zeros or something to add to, unless `covers`
  int lanes = 1;
  WindowSize window;
  bool covers = false;                       // each cell of the input lies in exactly one window: targets are written, not added to
  Activation derivative = Activation::None;  // of the layer before, taken from this layer's output
};

struct KernelTable {
  std::string_view name;
  void (*convolution)(const ConvolutionCall& call);
  void (*convolutionGradient)(const ConvolutionGradientCall& call);
  void (*winograd)(const ConvolutionCall& call);
  void (*winogradGradient)(const ConvolutionGradientCall& call);
  void (*scatter)(const ScatterCall& call);
  void (*dense)(const DenseCall& call);
  void (*denseInputGradient)(const DenseGradientCall& call);
  void (*denseWeightGradient)(const DenseGradientCall& call);
  void (*maxPool)(const PoolCall& call);
  void (*maxPoolGradient)(const PoolGradientCall& call);
  void (*activate)(Activation activation, float* values, std::size_t count);
  // target = gradient * derivative(values); the values before the activation where derivativeNeedsInput()
  void (*differentiate)(Activation activation, const float* values, const float* gradient, float* target, std::size_t count);
};

// For this machine, or the lesser one that CONVSCOPE_ISA in the environment names.
const KernelTable& chooseKernels();

const KernelTable* avx512Kernels();  // null where the program was not built for it
const KernelTable* avx2Kernels();
const KernelTable& baselineKernels();

}  // namespace nn
