// Optimizers as one loop over the flat parameter array, each as PyTorch writes it. Sources: Sutskever et al. 2013 (momentum and
// Nesterov's), Duchi et al. 2011 (Adagrad), Tieleman and Hinton 2012 (RMSprop), Kingma and Ba 2015 (Adam), Loshchilov and
// Hutter 2019 (AdamW). Owned by a Trainer; ranges of one step may be computed by several threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace nn {

enum class OptimizerKind { Sgd, Momentum, Nesterov, RmsProp, Adagrad, Adam, AdamW };
std::span<const OptimizerKind> optimizerKinds();     // all, in the order of a menu
std::string_view optimizerName(OptimizerKind kind);  // "sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw"
float standardLearningRate(OptimizerKind kind);      // a rate to begin with
int momentCount(OptimizerKind kind);                 // numbers that it keeps for each parameter: 0, 1 or 2
std::optional<OptimizerKind> optimizerKindOf(std::string_view name);

struct OptimizerSettings {
  OptimizerKind kind = OptimizerKind::Adam;
  float learningRate = 1e-3f;
  float momentum = 0.9f;    // of Momentum and Nesterov
  float smoothing = 0.99f;  // of RmsProp's mean square
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weightDecay = 0;   // L2, added to the gradient; of AdamW: the share of the parameters taken off per step and rate
  float gradientClip = 0;  // the largest Euclidean norm of the mean gradient (Pascanu et al. 2013); 0: any. The Trainer's affair
  bool operator==(const OptimizerSettings&) const = default;
};

// All that an optimizer remembers from step to step.
struct OptimizerState {
  std::vector<float> first, second;  // moments, as many as the kind keeps: each the number of parameters, or none
  std::uint64_t steps = 0;
};

class Optimizer {
 public:
  Optimizer(OptimizerSettings settings, std::size_t parameterCount);
  void set(const OptimizerSettings& settings);  // clears the moments when the kind changes
  void reset();                                 // moments and step count as at the start
  OptimizerState state() const { return {m_first, m_second, m_steps}; }
  // False, and nothing is changed, where the moments are not those of this kind and this number of parameters.
  bool restore(const OptimizerState& state);

  // A step, which threads may share: beginStep() once, then stepRange() for ranges that together cover the arrays, each with the number
  // that beginStep() returned. rateFactor: on the learning rate, of this range.
  std::uint64_t beginStep() { return ++m_steps; }
  std::uint64_t stepNumber() const { return m_steps; }  // the last one of these
  void stepRange(std::span<float> parameters, std::span<const float> gradients, std::size_t begin, std::size_t end,
                 std::uint64_t stepNumber, float rateFactor = 1);

 private:
  void allocateMoments();

  OptimizerSettings m_settings;
  std::size_t m_count;
  std::vector<float> m_first, m_second;
  std::uint64_t m_steps = 0;
};

}  // namespace nn
