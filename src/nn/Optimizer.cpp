#include "nn/Optimizer.h"

#include <array>
#include <cassert>
#include <cmath>

#include "nn/VectorClones.h"

namespace nn {

namespace {

constexpr std::array kKinds{OptimizerKind::Sgd, OptimizerKind::Momentum, OptimizerKind::Adam};

CONVSCOPE_VECTOR_CLONES void sgdRange(const OptimizerSettings& settings, float* __restrict parameters, const float* __restrict gradients,
                                      std::size_t count) {
  const float rate = settings.learningRate, decay = settings.weightDecay;
  for (std::size_t i = 0; i < count; ++i) parameters[i] -= rate * (gradients[i] + decay * parameters[i]);
}

CONVSCOPE_VECTOR_CLONES void momentumRange(const OptimizerSettings& settings, float* __restrict parameters,
                                           const float* __restrict gradients, float* __restrict velocity, std::size_t count) {
  const float rate = settings.learningRate, decay = settings.weightDecay, momentum = settings.momentum;
  for (std::size_t i = 0; i < count; ++i) {
    velocity[i] = momentum * velocity[i] + (gradients[i] + decay * parameters[i]);
    parameters[i] -= rate * velocity[i];
  }
}

CONVSCOPE_VECTOR_CLONES void adamRange(const OptimizerSettings& settings, float* __restrict parameters, const float* __restrict gradients,
                                       float* __restrict first, float* __restrict second, std::size_t count, std::uint64_t stepNumber) {
  const float beta1 = settings.beta1, beta2 = settings.beta2, decay = settings.weightDecay, epsilon = settings.epsilon;
  // Both bias corrections in double, once: beta2^t is close to 1 for thousands of steps.
  const double t = double(stepNumber);
  const float rate = float(double(settings.learningRate) / (1.0 - std::pow(double(beta1), t)));
  const float correction = float(1.0 / std::sqrt(1.0 - std::pow(double(beta2), t)));
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradients[i] + decay * parameters[i];
    first[i] = beta1 * first[i] + (1.0f - beta1) * g;
    second[i] = beta2 * second[i] + (1.0f - beta2) * g * g;
    parameters[i] -= rate * first[i] / (std::sqrt(second[i]) * correction + epsilon);
  }
}

}  // namespace

std::string_view optimizerName(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::Sgd:
      return "sgd";
    case OptimizerKind::Momentum:
      return "momentum";
    case OptimizerKind::Adam:
      return "adam";
  }
  return "";
}

std::optional<OptimizerKind> optimizerKindOf(std::string_view name) {
  for (const OptimizerKind kind : kKinds)
    if (optimizerName(kind) == name) return kind;
  return std::nullopt;
}

Optimizer::Optimizer(OptimizerSettings settings, std::size_t parameterCount) : m_settings(settings), m_count(parameterCount) {
  allocateMoments();
}

void Optimizer::set(const OptimizerSettings& settings) {
  const bool kindChanged = settings.kind != m_settings.kind;
  m_settings = settings;
  if (kindChanged) {
    m_steps = 0;
    allocateMoments();
  }
}

void Optimizer::reset() {
  m_steps = 0;
  allocateMoments();
}

void Optimizer::allocateMoments() {
  m_first.assign(m_settings.kind == OptimizerKind::Sgd ? 0 : m_count, 0.0f);
  m_second.assign(m_settings.kind == OptimizerKind::Adam ? m_count : 0, 0.0f);
}

void Optimizer::step(std::span<float> parameters, std::span<const float> gradients) {
  stepRange(parameters, gradients, 0, m_count, beginStep());
}

void Optimizer::stepRange(std::span<float> parameters, std::span<const float> gradients, std::size_t begin, std::size_t end,
                          std::uint64_t stepNumber) {
  assert(parameters.size() == m_count && gradients.size() == m_count);
  assert(begin <= end && end <= m_count && stepNumber >= 1);
  float* const p = parameters.data() + begin;
  const float* const g = gradients.data() + begin;
  const std::size_t count = end - begin;
  switch (m_settings.kind) {
    case OptimizerKind::Sgd:
      return sgdRange(m_settings, p, g, count);
    case OptimizerKind::Momentum:
      return momentumRange(m_settings, p, g, m_first.data() + begin, count);
    case OptimizerKind::Adam:
      return adamRange(m_settings, p, g, m_first.data() + begin, m_second.data() + begin, count, stepNumber);
  }
}

}  // namespace nn
