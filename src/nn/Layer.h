// One operation of a network. Immutable: it holds neither parameters nor activations, so that one layer serves the
// training thread and the window at once, without a lock. It also says which inputs and parameters make one output cell
// (linksInto) and how they combine (combine); 3D edges, formulas, receptive fields and traces all come from these two.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/Fields.h"
#include "nn/Shape.h"

namespace nn {

inline constexpr int kLanes = 16;  // samples that one block computes side by side

enum class Initial { Weight, Zero, One, Quarter };

// A named part of a layer's parameters, e.g. "kernel" [16, 6, 5, 5] or "bias" [16].
struct ParameterBlock {
  std::string name;
  std::vector<int> dims;
  std::size_t offset = 0;  // from the layer's first parameter
  std::size_t count = 0;   // product of dims, or fewer where a connection table leaves kernels out
  int fanIn = 0;           // for initialization
  int fanOut = 0;
  Initial initial = Initial::Weight;  // how Network::initialParameters() starts it
  bool learned = true;                // by the optimizer; else kept by the layer itself, as running means are
};

// One term of an output cell: a cell of one of the layer's inputs, and the parameter that multiplies it.
struct Link {
  int input = 0;                  // which of the layer's inputs
  Cell cell;                      // in that input; never outside it (padding makes no link)
  std::ptrdiff_t parameter = -1;  // from the layer's first parameter; -1: none
  float factor = 1;               // a fixed weight, where there is no parameter
};

struct CellLinks {
  std::vector<Link> terms;
  std::ptrdiff_t bias = -1;   // parameter added to the sum; -1: none
  std::ptrdiff_t scale = -1;  // parameter that multiplies the whole (trainable average pooling, PReLU below zero); -1: none
  void clear() { terms.clear(), bias = scale = -1; }
};

// How the terms of one output cell combine; the inspector chooses its formula by it.
enum class Combine { Input, Copy, WeightedSum, Maximum, Average, Pointwise, Softmax, LogSoftmax, Sum, Product, Standardize, Inhibit };

// The sliding window of convolution and pooling; size 1, stride 1 where a layer works cell by cell.
struct Window {
  int height = 1, width = 1;
  int strideY = 1, strideX = 1;
  int paddingTop = 0, paddingLeft = 0;
  int dilationY = 1, dilationX = 1;
  // Of upsampling and transposed convolution, which go the other way: output cell o reads those input cells i for which
  // o + padding - i * shrink lies in 0 .. size - 1. The stride is 1 then.
  bool transposed = false;
  int shrinkY = 1, shrinkX = 1;
};

enum class Activation {
  None,
  Relu,
  LeakyRelu,
  Sigmoid,
  Tanh,
  ScaledTanh,
  BinaryStep,
  Elu,
  Gelu,
  Silu,
  Relu6,
  HardSigmoid,
  HardTanh,
  HardSwish,
  Softplus,
  Softsign,
  Mish
};
inline constexpr int kActivationCount = 17;
// "none", "relu", "leaky-relu", "sigmoid", "tanh", "scaled-tanh", "binary-step", "elu", "gelu", "silu", "relu6", "hard-sigmoid",
// "hard-tanh", "hard-swish", "softplus", "softsign", "mish"
std::string_view activationName(Activation activation);
// Leaky ReLU has slope 0.01; scaled tanh is 1.7159 tanh(2x/3) (LeCun et al. 1998); the step is 1 above zero, 0 elsewhere, and
// its derivative 0 (Rosenblatt 1958); ELU is exp(x) - 1 below zero (Clevert et al. 2016); GELU is x times the normal
// distribution's integral up to x, exactly (Hendrycks and Gimpel 2016); SiLU is x sigmoid(x) (Elfwing et al. 2018). Those of
// straight lines: ReLU6 ends at 6 (Krizhevsky 2010), the hard sigmoid is x/6 + 1/2 between 0 and 1, the hard tanh x between -1 and 1,
// the hard swish x times the hard sigmoid (Howard et al. 2019). Softplus is log(1 + exp(x)) (Dugas et al. 2000), softsign x / (1 + |x|)
// (Bergstra et al. 2009), Mish x tanh(softplus(x)) (Misra 2019).
float activate(Activation activation, float x);
// GELU, SiLU, the hard swish and Mish fall and rise again: their derivative cannot be told from their value.
inline bool derivativeNeedsInput(Activation activation) {
  return activation == Activation::Gelu || activation == Activation::Silu || activation == Activation::HardSwish ||
         activation == Activation::Mish;
}

// What a layer that looks at the whole mini-batch knows of one channel: of one block, or of all blocks together.
struct BatchMoments {
  double count = 0, mean = 0, squares = 0;  // values; sum of squared differences from the mean
  double gradient = 0, product = 0;         // sums of the gradient, and of the gradient times the normalized value
  double variance() const { return squares / count; }
  void include(const BatchMoments& other);
};

struct ForwardCall;  // nn/LayerCalls.h: the views, parameters and scratch of one call
struct BackwardCall;
struct MemoryNeeds;

class Layer {
 public:
  virtual ~Layer() = default;

  virtual std::string_view type() const = 0;  // its name in the catalogue
  const Shape& outputShape() const { return m_outputShape; }
  std::span<const Shape> inputShapes() const { return m_inputShapes; }

  std::span<const ParameterBlock> parameterBlocks() const { return m_blocks; }
  Activation activation() const { return m_activation; }  // applied to the combined value
  virtual Combine combineKind() const = 0;
  // nullopt: every output sees every input (dense, softmax), or no one window describes it (uneven adaptive pooling)
  virtual std::optional<Window> window() const { return std::nullopt; }
  virtual std::uint64_t multiplyAdds() const { return 0; }  // per sample, forward
  // First weight of the kernel that leads from an input to an output map, from the layer's first parameter; -1: not
  // connected, or no such kernel. For a dense layer: the weight of that pair of units.
  virtual std::ptrdiff_t kernelOffset(int outputChannel, int inputChannel) const {
    (void)outputChannel, (void)inputChannel;
    return -1;
  }
  // True when a cell's value does not depend on the position or the kernel, only on the same cell of the input
  // (activation, softmax, dropout, flatten): the scene shows such a layer together with the one before it.
  virtual bool isPointwise() const { return false; }

  // The terms of one output cell at inference. `links` is reused: cleared first.
  virtual void linksInto(const Cell& cell, CellLinks& links) const = 0;
  // The cell's pre-activation and value, from its terms' input values (in the order of linksInto). By default the value of the only
  // term, zero where there is none.
  struct Combined {
    float preActivation = 0;
    float value = 0;
    float center = 0, divisor = 1;  // of a normalization: taken off the cell's own term, and what it is then divided by
  };
  virtual Combined combine(const Cell& cell, const CellLinks& links, std::span<const float> inputs,
                           std::span<const float> parameters) const;
  // What one unit of each term's input adds to the pre-activation, in the order of the terms: a term contributes its input times
  // this. `combined` is what combine() gave for them. By default each term's parameter, or its fixed factor. Whatever the layer,
  // contributions + bias + what no input adds is the pre-activation.
  virtual void contributions(const Cell& cell, const CellLinks& links, std::span<const float> inputs, const Combined& combined,
                             std::span<const float> parameters, std::span<float> weights) const;

  // The rest is the Workspace's business.
  virtual MemoryNeeds memoryNeeds(int lanes, bool gradients) const;
  // Floats of the copy of the parameters in the order that the kernels read them, and how to make it.
  virtual std::size_t packedCount() const { return 0; }
  virtual void pack(std::span<const float> parameters, std::span<float> packed) const { (void)parameters, (void)packed; }
  // True when backward() can multiply an input's gradient by the derivative of the activation before it, on the way.
  virtual bool fusesInputDerivative() const { return false; }
  // True when backward() adds to each parameter's gradient in one addition, after all samples: then gradients of several blocks
  // may be added here or by the caller, with the same bits.
  virtual bool addsGradientsOnce() const { return false; }
  // True when backward() can write the gradients of all its parameters instead of adding to zeros.
  virtual bool replacesGradients() const { return false; }
  // Above zero: while training, the layer needs figures of the whole mini-batch for so many channels. Before forward() and
  // backward() of any block it is asked for those of each (the pass's samples alone), and finds the sums in the call.
  virtual int batchChannels() const { return 0; }
  virtual void gatherMoments(const ForwardCall& call, std::span<BatchMoments> moments) const { (void)call, (void)moments; }
  virtual void gatherGradients(const BackwardCall& call, std::span<BatchMoments> moments) const { (void)call, (void)moments; }
  // After a training step: takes the mini-batch's figures over into the layer's own parameters.
  virtual void blendMoments(std::span<const BatchMoments> moments, std::span<float> parameters) const { (void)moments, (void)parameters; }
  virtual void forward(const ForwardCall& call) const = 0;
  virtual void backward(const BackwardCall& call) const = 0;

 protected:
  Layer(std::vector<Shape> inputs, const Shape& output) : m_outputShape(output), m_inputShapes(std::move(inputs)) {}

  Shape m_outputShape;
  std::vector<Shape> m_inputShapes;
  std::vector<ParameterBlock> m_blocks;
  Activation m_activation = Activation::None;
};

// Whether it is an input whose values are drawn at random, by the key of the pass (layers/Input.cpp).
bool drawsNoise(const Layer& layer);

}  // namespace nn
