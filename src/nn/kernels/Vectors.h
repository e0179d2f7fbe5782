// Vectors of the target that the including file is compiled for. CONVSCOPE_WIDTH: floats in a register; CONVSCOPE_REGISTERS: how
// many there are. Everything here and in the *Code.h files lies in an unnamed namespace, and no inline function of the standard
// library is used: the linker must never take a copy that was compiled for another machine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nn/kernels/Kernels.h"

#if CONVSCOPE_WIDTH >= 8
#include <immintrin.h>
#endif

#define CONVSCOPE_INLINE inline __attribute__((always_inline))
#define CONVSCOPE_UNROLL _Pragma("GCC unroll 16")

namespace nn {
namespace {

constexpr int kWidth = CONVSCOPE_WIDTH;
constexpr int kRegisters = CONVSCOPE_REGISTERS;
constexpr int kBlockLanes = 16;
constexpr int kVectorsPerCell = kBlockLanes / kWidth;  // with kBlockLanes lanes

typedef float Vec __attribute__((vector_size(CONVSCOPE_WIDTH * 4)));
typedef float UnalignedVec __attribute__((vector_size(CONVSCOPE_WIDTH * 4), aligned(4), may_alias));
typedef std::int32_t IntVec __attribute__((vector_size(CONVSCOPE_WIDTH * 4)));

CONVSCOPE_INLINE Vec load(const float* from) {
  return *reinterpret_cast<const UnalignedVec*>(from);
}
CONVSCOPE_INLINE void store(float* to, Vec value) {
  *reinterpret_cast<UnalignedVec*>(to) = value;
}
CONVSCOPE_INLINE Vec splat(float value) {
  return value - Vec{};
}
inline int smaller(int a, int b) {
  return a < b ? a : b;
}
inline int larger(int a, int b) {
  return a > b ? a : b;
}

// The first `count` floats only, 0 < count < kWidth; the others are zero.
CONVSCOPE_INLINE Vec loadPart(const float* from, int count) {
#if CONVSCOPE_WIDTH == 16
  return (Vec)_mm512_maskz_loadu_ps(__mmask16((1u << count) - 1), from);
#else
  Vec value{};
  for (int i = 0; i < count; ++i) value[i] = from[i];
  return value;
#endif
}

CONVSCOPE_INLINE void storePart(float* to, Vec value, int count) {
#if CONVSCOPE_WIDTH == 16
  _mm512_mask_storeu_ps(to, __mmask16((1u << count) - 1), (__m512)value);
#elif CONVSCOPE_WIDTH == 8
  const IntVec places{0, 1, 2, 3, 4, 5, 6, 7};
  _mm256_maskstore_ps(to, (__m256i)(places < count), (__m256)value);
#else
  for (int i = 0; i < count; ++i) to[i] = value[i];
#endif
}

#if CONVSCOPE_WIDTH >= 8
CONVSCOPE_INLINE float sumOfEight(__m256 value) {
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}
#endif

CONVSCOPE_INLINE float sumOf(Vec value) {
#if CONVSCOPE_WIDTH == 16
  return sumOfEight(_mm256_add_ps(_mm512_extractf32x8_ps((__m512)value, 0), _mm512_extractf32x8_ps((__m512)value, 1)));
#elif CONVSCOPE_WIDTH == 8
  return sumOfEight((__m256)value);
#else
  return (value[0] + value[2]) + (value[1] + value[3]);
#endif
}

// Places in two vectors, one after the other: every second one, and the two halves interleaved.
#if CONVSCOPE_WIDTH == 16
#define CONVSCOPE_EVENS 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define CONVSCOPE_ODDS 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#define CONVSCOPE_LOW_HALVES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define CONVSCOPE_HIGH_HALVES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif CONVSCOPE_WIDTH == 8
#define CONVSCOPE_EVENS 0, 2, 4, 6, 8, 10, 12, 14
#define CONVSCOPE_ODDS 1, 3, 5, 7, 9, 11, 13, 15
#define CONVSCOPE_LOW_HALVES 0, 8, 1, 9, 2, 10, 3, 11
#define CONVSCOPE_HIGH_HALVES 4, 12, 5, 13, 6, 14, 7, 15
#else
#define CONVSCOPE_EVENS 0, 2, 4, 6
#define CONVSCOPE_ODDS 1, 3, 5, 7
#define CONVSCOPE_LOW_HALVES 0, 4, 1, 5
#define CONVSCOPE_HIGH_HALVES 2, 6, 3, 7
#endif
CONVSCOPE_INLINE Vec evensOf(Vec a, Vec b) {
  return __builtin_shufflevector(a, b, CONVSCOPE_EVENS);
}
CONVSCOPE_INLINE Vec oddsOf(Vec a, Vec b) {
  return __builtin_shufflevector(a, b, CONVSCOPE_ODDS);
}

// A square of vectors becomes its transpose: each round moves the row number's highest bit to the bottom of the column number.
CONVSCOPE_INLINE void transpose(Vec (&rows)[kWidth]) {
  CONVSCOPE_UNROLL for (int round = 1; round < kWidth; round *= 2) {
    Vec mixed[kWidth];
    CONVSCOPE_UNROLL for (int i = 0; i < kWidth / 2; ++i) {
      mixed[2 * i] = __builtin_shufflevector(rows[i], rows[i + kWidth / 2], CONVSCOPE_LOW_HALVES);
      mixed[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + kWidth / 2], CONVSCOPE_HIGH_HALVES);
    }
    CONVSCOPE_UNROLL for (int i = 0; i < kWidth; ++i) rows[i] = mixed[i];
  }
}

// Minimax polynomials fitted for these intervals; errors below 2e-7 of the result.
CONVSCOPE_INLINE Vec exponential(Vec x) {
  x = x > 88.0f ? splat(88.0f) : x;  // written so that NaN stays
  x = x < -87.0f ? splat(-87.0f) : x;
  const Vec magic = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds
  const Vec shifted = x * 1.44269504f + magic;
  const Vec whole = shifted - magic;
  const Vec r = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
  Vec q = splat(0.00138145f);
  q = q * r + 0.00836878f;
  q = q * r + 0.04166839f;
  q = q * r + 0.1666652f;
  q = q * r + 0.49999993f;
  const Vec fraction = r * r * q + r + 1.0f;
  const IntVec exponent = ((IntVec)shifted - (IntVec)magic) << 23;
  return (Vec)((IntVec)fraction + exponent);
}

CONVSCOPE_INLINE Vec hyperbolicTangent(Vec x) {
  const IntVec sign = (IntVec)x & (IntVec)splat(-0.0f);
  const Vec size = (Vec)((IntVec)x & ~(IntVec)splat(-0.0f));
  const Vec far = 1.0f - 2.0f / (exponential(size + size) + 1.0f);
  const Vec z = x * x;
  Vec q = splat(0.00214754f);
  q = q * z + -0.00818267f;
  q = q * z + 0.02170297f;
  q = q * z + -0.0539472f;
  q = q * z + 0.1333321f;
  q = q * z + -0.33333331f;
  const Vec near = x + x * z * q;
  return size < 0.625f ? near : (Vec)((IntVec)far | sign);
}

// exp(x) - 1 for x <= 0, exact near zero as well.
CONVSCOPE_INLINE Vec exponentialLessOne(Vec x) {
  Vec q = splat(0.00138145f);
  q = q * x + 0.00836878f;
  q = q * x + 0.04166839f;
  q = q * x + 0.1666652f;
  q = q * x + 0.49999993f;
  return x > -0.34f ? x * x * q + x : exponential(x) - 1.0f;
}

// The integral of the standard normal distribution up to x, (1 + erf(x / sqrt 2)) / 2: near zero by a polynomial for erf(z) / z,
// further out by one for erfc(z) exp(z^2) in 1 / (1 + z / 2). Both fitted for least relative error (4e-8 and 6e-8).
CONVSCOPE_INLINE Vec normalIntegral(Vec x) {
  const Vec z = x * 0.70710678f;
  const Vec square = z * z;
  Vec p = splat(-0.000563164854f);
  p = p * square + 0.00491761414f;
  p = p * square + -0.0267113746f;
  p = p * square + 0.112801829f;
  p = p * square + -0.376123267f;
  p = p * square + 1.12837912f;
  const Vec near = 0.5f + 0.5f * z * p;
  const Vec size = z < 0.0f ? -z : z;
  const Vec t = 1.0f / (1.0f + 0.5f * size);
  Vec q = splat(0.0735835505f);
  q = q * t + -0.32656567f;
  q = q * t + 0.370373097f;
  q = q * t + 0.0371281083f;
  q = q * t + 0.287108913f;
  q = q * t + 0.275169993f;
  q = q * t + 0.282746994f;
  q = q * t + -2.58702029e-5f;
  const Vec tail = 0.5f * q * exponential(-square);
  return size < 1.0f ? near : (x < 0.0f ? tail : 1.0f - tail);
}

CONVSCOPE_INLINE Vec sizeOf(Vec x) {
  return (Vec)((IntVec)x & ~(IntVec)splat(-0.0f));
}

// log(1 + exp(x)): log(1 + z) as 2 artanh(z / (2 + z)), whose series ends soon, since z is at most 1.
CONVSCOPE_INLINE Vec softplus(Vec x) {
  const Vec z = exponential(-sizeOf(x));
  const Vec s = z / (2.0f + z);
  const Vec square = s * s;
  Vec q = splat(1.0f / 13);
  q = q * square + 1.0f / 11;
  q = q * square + 1.0f / 9;
  q = q * square + 1.0f / 7;
  q = q * square + 1.0f / 5;
  q = q * square + 1.0f / 3;
  q = q * square + 1.0f;
  return (x < 0.0f ? Vec{} : x) + 2.0f * s * q;
}

// tanh(softplus(x)) without either: with n = exp(x) it is (n^2 + 2n) / (n^2 + 2n + 2).
CONVSCOPE_INLINE Vec mishShare(Vec x) {
  const Vec n = exponential(x > 20.0f ? splat(20.0f) : x);
  const Vec part = n * (n + 2.0f);
  return part / (part + 2.0f);
}

constexpr float kLeaky = 0.01f;
constexpr float kAmplitude = 1.7159f;  // of the scaled tanh
constexpr float kSlope = 2.0f / 3.0f;
constexpr float kSixth = 1.0f / 6.0f;  // of the hard sigmoid and the hard swish

inline Vec activated(Activation activation, Vec x) {
  switch (activation) {
    case Activation::None:
      return x;
    case Activation::Relu:
      return x < 0.0f ? Vec{} : x;
    case Activation::LeakyRelu:
      return x < 0.0f ? x * kLeaky : x;
    case Activation::Sigmoid:
      return 1.0f / (1.0f + exponential(-x));
    case Activation::Tanh:
      return hyperbolicTangent(x);
    case Activation::ScaledTanh:
      return kAmplitude * hyperbolicTangent(x * kSlope);
    case Activation::BinaryStep:
      return x > 0.0f ? splat(1.0f) : (x <= 0.0f ? Vec{} : x);
    case Activation::Elu:
      return x < 0.0f ? exponentialLessOne(x) : x;
    case Activation::Gelu:
      return x * normalIntegral(x);
    case Activation::Silu:
      return x / (1.0f + exponential(-x));
    case Activation::Relu6:
      return x < 0.0f ? Vec{} : (x > 6.0f ? splat(6.0f) : x);
    case Activation::HardSigmoid:
      return x < -3.0f ? Vec{} : (x > 3.0f ? splat(1.0f) : x * kSixth + 0.5f);
    case Activation::HardTanh:
      return x < -1.0f ? splat(-1.0f) : (x > 1.0f ? splat(1.0f) : x);
    case Activation::HardSwish:
      return x < -3.0f ? Vec{} : (x > 3.0f ? x : x * (x * kSixth + 0.5f));
    case Activation::Softplus:
      return softplus(x);
    case Activation::Softsign:
      return sizeOf(x) > 1e30f ? (x < 0.0f ? splat(-1.0f) : splat(1.0f)) : x / (1.0f + sizeOf(x));
    case Activation::Mish:
      return x < -85.0f ? Vec{} : x * mishShare(x);
  }
  return x;
}

inline Vec differentiated(Activation activation, Vec value, Vec gradient) {
  switch (activation) {
    case Activation::None:
      return gradient;
    case Activation::Relu:
      return value > 0.0f ? gradient : Vec{};
    case Activation::LeakyRelu:
      return value > 0.0f ? gradient : gradient * kLeaky;
    case Activation::Sigmoid:
      return gradient * (value * (1.0f - value));
    case Activation::Tanh:
      return gradient * (1.0f - value * value);
    case Activation::ScaledTanh:
      return gradient * (kSlope * (kAmplitude - value * value * (1.0f / kAmplitude)));
    case Activation::BinaryStep:
      return Vec{};
    case Activation::Elu:
      return value > 0.0f ? gradient : gradient * (value + 1.0f);
    case Activation::Relu6:
      return value > 0.0f ? (value < 6.0f ? gradient : Vec{}) : Vec{};
    case Activation::HardSigmoid:
      return value > 0.0f ? (value < 1.0f ? gradient * kSixth : Vec{}) : Vec{};
    case Activation::HardTanh:
      return value > -1.0f ? (value < 1.0f ? gradient : Vec{}) : Vec{};
    case Activation::Softplus:
      return gradient * -exponentialLessOne(-value);  // the sigmoid of what it was computed from
    case Activation::Softsign:
      return gradient * ((1.0f - sizeOf(value)) * (1.0f - sizeOf(value)));
    case Activation::Gelu:
    case Activation::Silu:
    case Activation::HardSwish:
    case Activation::Mish:
      break;  // differentiatedInput()
  }
  return gradient;
}

// For the activations whose derivative needs the value before them, x. Apart from the others, to keep it out of the tiles.
inline Vec differentiatedInput(Activation activation, Vec x, Vec gradient) {
  if (activation == Activation::Gelu) return gradient * (normalIntegral(x) + x * 0.39894228f * exponential(-0.5f * x * x));
  if (activation == Activation::HardSwish) return x < -3.0f ? Vec{} : (x > 3.0f ? gradient : gradient * (x * (2 * kSixth) + 0.5f));
  const Vec sigmoid = 1.0f / (1.0f + exponential(-x));
  if (activation == Activation::Mish) {
    const Vec share = mishShare(x);
    return gradient * (share + x * sigmoid * (1.0f - share) * (1.0f + share));
  }
  return gradient * (sigmoid * (1.0f + x * (1.0f - sigmoid)));
}

// The rectifiers cost nothing inside a tile; the others, long polynomials, are applied to whole rows afterwards.
inline bool isCheap(Activation activation) {
  return activation == Activation::None || activation == Activation::Relu || activation == Activation::LeakyRelu;
}

CONVSCOPE_INLINE Vec cheaplyActivated(Activation activation, Vec x) {
  if (activation == Activation::Relu) return x < 0.0f ? Vec{} : x;
  if (activation == Activation::LeakyRelu) return x < 0.0f ? x * kLeaky : x;
  return x;
}

void activateRun(Activation activation, float* values, std::size_t count) {
  if (activation == Activation::None) return;
  std::size_t i = 0;
  for (; i + kWidth <= count; i += kWidth) store(values + i, activated(activation, load(values + i)));
  if (i < count) storePart(values + i, activated(activation, loadPart(values + i, int(count - i))), int(count - i));
}

void differentiateInputRun(Activation activation, const float* values, const float* gradient, float* target, std::size_t count) {
  std::size_t i = 0;
  for (; i + kWidth <= count; i += kWidth) store(target + i, differentiatedInput(activation, load(values + i), load(gradient + i)));
  if (i >= count) return;
  const int rest = int(count - i);
  storePart(target + i, differentiatedInput(activation, loadPart(values + i, rest), loadPart(gradient + i, rest)), rest);
}

void differentiateRun(Activation activation, const float* values, const float* gradient, float* target, std::size_t count) {
  if (derivativeNeedsInput(activation)) return differentiateInputRun(activation, values, gradient, target, count);
  std::size_t i = 0;
  for (; i + kWidth <= count; i += kWidth) store(target + i, differentiated(activation, load(values + i), load(gradient + i)));
  if (i >= count) return;
  const int rest = int(count - i);
  storePart(target + i, differentiated(activation, loadPart(values + i, rest), loadPart(gradient + i, rest)), rest);
}

// Whether results are just stored, rectified or not, vector by vector: true of most tiles.
inline bool finishesSimply(const Finish& finish, bool whole) {
  const bool rectifies = finish.activation == Activation::Relu || finish.activation == Activation::None;
  return whole && rectifies && !finish.accumulate && finish.derivative == Activation::None;
}

// One vector of a result on its way to memory; `count` floats of it.
CONVSCOPE_INLINE void finishVector(const Finish& finish, Vec sum, float* to, const float* values, int count) {
  const bool whole = count >= kWidth;
  if (finish.accumulate) sum += whole ? load(to) : loadPart(to, count);
  sum = cheaplyActivated(finish.activation, sum);
  if (finish.derivative != Activation::None) sum = differentiated(finish.derivative, whole ? load(values) : loadPart(values, count), sum);
  if (whole)
    store(to, sum);
  else
    storePart(to, sum, count);
}

}  // namespace
}  // namespace nn
