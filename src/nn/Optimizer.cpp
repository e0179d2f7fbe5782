#include "nn/Optimizer.h"

#include <cassert>
#include <cmath>

#include "nn/EnumNames.h"
#include "nn/VectorClones.h"

namespace nn {

namespace {

constexpr EnumNames<OptimizerKind, 7> kOptimizerNames{"sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw"};

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

CONVSCOPE_VECTOR_CLONES void nesterovRange(const OptimizerSettings& settings, float* __restrict parameters,
                                           const float* __restrict gradients, float* __restrict velocity, std::size_t count) {
  const float rate = settings.learningRate, decay = settings.weightDecay, momentum = settings.momentum;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradients[i] + decay * parameters[i];
    velocity[i] = momentum * velocity[i] + g;
    parameters[i] -= rate * (g + momentum * velocity[i]);
  }
}

// RMSprop: keep = smoothing, add = 1 - smoothing. Adagrad: keep = add = 1.
CONVSCOPE_VECTOR_CLONES void squaresRange(const OptimizerSettings& settings, float keep, float add, float* __restrict parameters,
                                          const float* __restrict gradients, float* __restrict squares, std::size_t count) {
  const float rate = settings.learningRate, decay = settings.weightDecay, epsilon = settings.epsilon;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradients[i] + decay * parameters[i];
    squares[i] = keep * squares[i] + add * g * g;
    parameters[i] -= rate * g / (std::sqrt(squares[i]) + epsilon);
  }
}

// Adam: decay is added to the gradient. AdamW: the parameters shrink by themselves, shrink = 1 - rate * decay.
CONVSCOPE_VECTOR_CLONES void adamRange(const OptimizerSettings& settings, float decay, float shrink, float* __restrict parameters,
                                       const float* __restrict gradients, float* __restrict first, float* __restrict second,
                                       std::size_t count, std::uint64_t stepNumber) {
  const float beta1 = settings.beta1, beta2 = settings.beta2, epsilon = settings.epsilon;
  // Both bias corrections in double, once: beta2^t is close to 1 for thousands of steps.
  const double t = double(stepNumber);
  const float rate = float(double(settings.learningRate) / (1.0 - std::pow(double(beta1), t)));
  const float correction = float(1.0 / std::sqrt(1.0 - std::pow(double(beta2), t)));
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradients[i] + decay * parameters[i];
    first[i] = beta1 * first[i] + (1.0f - beta1) * g;
    second[i] = beta2 * second[i] + (1.0f - beta2) * g * g;
    parameters[i] = shrink * parameters[i] - rate * first[i] / (std::sqrt(second[i]) * correction + epsilon);
  }
}

bool hasFirst(OptimizerKind kind) {
  return kind != OptimizerKind::Sgd && kind != OptimizerKind::RmsProp && kind != OptimizerKind::Adagrad;
}

bool hasSecond(OptimizerKind kind) {
  return kind != OptimizerKind::Sgd && kind != OptimizerKind::Momentum && kind != OptimizerKind::Nesterov;
}

}  // namespace

std::span<const OptimizerKind> optimizerKinds() {
  return kOptimizerNames.all();
}

float standardLearningRate(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::Sgd:
      return 0.1f;
    case OptimizerKind::Momentum:
    case OptimizerKind::Nesterov:
      return 0.02f;
    case OptimizerKind::Adagrad:
      return 0.01f;
    default:
      return 0.001f;
  }
}

int momentCount(OptimizerKind kind) {
  return int(hasFirst(kind)) + int(hasSecond(kind));
}

std::string_view optimizerName(OptimizerKind kind) {
  return kOptimizerNames.of(kind);
}

std::optional<OptimizerKind> optimizerKindOf(std::string_view name) {
  return kOptimizerNames.find(name);
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

bool Optimizer::restore(const OptimizerState& state) {
  if (state.first.size() != m_first.size() || state.second.size() != m_second.size()) return false;
  m_first = state.first;
  m_second = state.second;
  m_steps = state.steps;
  return true;
}

void Optimizer::allocateMoments() {
  m_first.assign(hasFirst(m_settings.kind) ? m_count : 0, 0.0f);
  m_second.assign(hasSecond(m_settings.kind) ? m_count : 0, 0.0f);
}

void Optimizer::stepRange(std::span<float> parameters, std::span<const float> gradients, std::size_t begin, std::size_t end,
                          std::uint64_t stepNumber, float rateFactor) {
  assert(parameters.size() == m_count && gradients.size() == m_count);
  assert(begin <= end && end <= m_count && stepNumber >= 1);
  float* const p = parameters.data() + begin;
  const float* const g = gradients.data() + begin;
  const std::size_t count = end - begin;
  float* const first = m_first.empty() ? nullptr : m_first.data() + begin;
  float* const second = m_second.empty() ? nullptr : m_second.data() + begin;
  OptimizerSettings settings = m_settings;
  settings.learningRate *= rateFactor;
  const float decay = settings.weightDecay;
  switch (settings.kind) {
    case OptimizerKind::Sgd:
      return sgdRange(settings, p, g, count);
    case OptimizerKind::Momentum:
      return momentumRange(settings, p, g, first, count);
    case OptimizerKind::Nesterov:
      return nesterovRange(settings, p, g, first, count);
    case OptimizerKind::RmsProp:
      return squaresRange(settings, settings.smoothing, 1.0f - settings.smoothing, p, g, second, count);
    case OptimizerKind::Adagrad:
      return squaresRange(settings, 1.0f, 1.0f, p, g, second, count);
    case OptimizerKind::Adam:
      return adamRange(settings, decay, 1.0f, p, g, first, second, count, stepNumber);
    case OptimizerKind::AdamW:
      return adamRange(settings, 0.0f, 1.0f - settings.learningRate * decay, p, g, first, second, count, stepNumber);
  }
}

}  // namespace nn
