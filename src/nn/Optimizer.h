// Optimizers as one loop over the flat parameter array. Sources: Sutskever et al. 2013 (momentum, as PyTorch writes it),
// Kingma and Ba 2015 (Adam). Owned by a Trainer; ranges of one step may be computed by several threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace nn {

enum class OptimizerKind { Sgd, Momentum, Adam };
std::string_view optimizerName(OptimizerKind kind);  // "sgd", "momentum", "adam"
std::optional<OptimizerKind> optimizerKindOf(std::string_view name);

struct OptimizerSettings {
  OptimizerKind kind = OptimizerKind::Adam;
  float learningRate = 1e-3f;
  float momentum = 0.9f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weightDecay = 0;  // L2, added to the gradient
  bool operator==(const OptimizerSettings&) const = default;
};

class Optimizer {
 public:
  Optimizer(OptimizerSettings settings, std::size_t parameterCount);
  const OptimizerSettings& settings() const { return m_settings; }
  void set(const OptimizerSettings& settings);  // clears the moments when the kind changes
  void reset();                                 // moments and step count as at the start
  void step(std::span<float> parameters, std::span<const float> gradients);

  // The same step shared between threads: beginStep() once, then stepRange() for ranges that together cover the arrays, each
  // with the number that beginStep() returned.
  std::uint64_t beginStep() { return ++m_steps; }
  void stepRange(std::span<float> parameters, std::span<const float> gradients, std::size_t begin, std::size_t end,
                 std::uint64_t stepNumber);

 private:
  void allocateMoments();

  OptimizerSettings m_settings;
  std::size_t m_count;
  std::vector<float> m_first, m_second;
  std::uint64_t m_steps = 0;
};

}  // namespace nn
