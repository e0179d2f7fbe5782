#include "scene/text/Numbers.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <sstream>

#include "scene/text/Text.h"

namespace scene {
namespace {

constexpr int kDigits = 3;        // significant ones of a total
constexpr int kBeyond = 4;        // so many decimals more than the largest addend needs: what is smaller is the noise of rounding
constexpr float kLargest = 1e5f;  // of what is written without an exponent
constexpr int kMostDecimals = 9;

// 0 of 1 to 9.99, -1 of 0.1 to 0.999, as they are when they are rounded to so many digits.
int magnitude(float value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*e", digits - 1, double(std::abs(value)));
  const std::string words = text;
  return std::atoi(words.c_str() + words.find('e') + 1);
}

int decimalsFor(float value, int digits) {
  return std::clamp(digits - 1 - magnitude(value, digits), 0, kMostDecimals);
}

std::string signedText(const std::string& text) {
  const bool nothing = text.find_first_of("123456789") == std::string::npos;
  if (text[0] != '-') return text;
  return nothing ? text.substr(1) : "−" + text.substr(1);
}

std::string inUnits(std::int64_t units, int decimals) {
  return signedText(fixedText(double(units) / std::pow(10.0, decimals), decimals));
}

// Moves addends by one unit each, those first that were rounded the other way most, until they add up.
void addUp(std::vector<std::int64_t>& units, const std::vector<double>& exact, std::size_t loose, std::int64_t total) {
  std::int64_t rest = total - std::accumulate(units.begin(), units.end(), std::int64_t(0));
  std::vector<std::size_t> order(loose);
  std::iota(order.begin(), order.end(), std::size_t(0));
  const double sign = rest > 0 ? 1 : -1;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sign * (exact[a] - double(units[a])) > sign * (exact[b] - double(units[b]));
  });
  const std::int64_t each = rest / std::int64_t(loose);  // more than rounding: the engine adds in another order
  for (const std::size_t i : order) units[i] += each;
  rest -= each * std::int64_t(loose);
  for (std::size_t i = 0; rest != 0; ++i, rest -= rest > 0 ? 1 : -1) units[order[i]] += rest > 0 ? 1 : -1;
}

bool canBeWritten(std::span<const float> addends, float total) {
  const auto fine = [](float value) { return std::isfinite(value) && std::abs(value) < kLargest; };
  return fine(total) && std::all_of(addends.begin(), addends.end(), fine);
}

SumWords written(std::span<const float> addends, std::size_t loose, int decimals, const std::string& totalText) {
  SumWords words{{}, totalText, decimals};
  const double scale = std::pow(10.0, decimals);
  std::vector<std::int64_t> units;
  std::vector<double> exact;
  for (const float addend : addends) {
    exact.push_back(double(addend) * scale);
    units.push_back(std::llround(exact.back()));
  }
  if (loose > 0) {
    std::string plain = totalText;
    if (plain.rfind("−", 0) == 0) plain.replace(0, std::string("−").size(), "-");
    double total = 0;
    std::istringstream(plain) >> total;
    addUp(units, exact, std::min(loose, units.size()), std::llround(total * scale));
  }
  for (std::size_t i = 0; i < units.size(); ++i) {
    const bool lost = i >= loose && units[i] == 0 && addends[i] != 0;
    const bool plain = units[i] == 0 && addends[i] == 0;
    words.addends.push_back(plain ? "0" : lost ? shortNumber(addends[i], 2) : inUnits(units[i], decimals));
  }
  return words;
}

SumWords apart(std::span<const float> addends, float total) {
  SumWords words{{}, shortNumber(total), 0};
  for (const float addend : addends) words.addends.push_back(shortNumber(addend));
  return words;
}

}  // namespace

std::string fixedNumber(float value, int decimals) {
  if (value == 0 || !std::isfinite(value) || std::abs(value) >= kLargest) return shortNumber(value);
  return signedText(fixedText(double(value), decimals));
}

SumWords sumWords(std::span<const float> addends, float total, std::size_t loose) {
  if (addends.empty() || !canBeWritten(addends, total)) return apart(addends, total);
  float largest = std::abs(total);
  for (const float addend : addends) largest = std::max(largest, std::abs(addend));
  if (largest == 0) return apart(addends, total);
  const int most = std::min(decimalsFor(largest, kDigits) + kBeyond, kMostDecimals);
  const std::string text = shortNumber(total);
  const std::size_t whole = text.find("0.999");  // just below it: as many digits as stand there
  const int digits = whole == std::string::npos ? kDigits : int(text.size() - whole) - 2;
  const int decimals = total == 0 ? decimalsFor(largest, kDigits) : std::min(decimalsFor(total, digits), most);
  return written(addends, loose, decimals, text);
}

SumWords sumWords(std::span<const float> addends, float total, std::size_t loose, int decimals) {
  if (addends.empty() || !canBeWritten(addends, total)) return apart(addends, total);
  return written(addends, loose, decimals, fixedNumber(total, decimals));
}

std::string CellNumbers::text(float value) const {
  if (!std::isfinite(value)) return "!";
  if (value == 0) return "0";
  if (alone) return shortNumber(value);
  std::string text = fixedText(double(value) / std::pow(10.0, exponent), decimals);
  if (text.find_first_of("123456789") == std::string::npos) return "≈0";
  const std::size_t digits = text[0] == '-' ? 1 : 0;
  if (text.compare(digits, 2, "0.") == 0) text.erase(digits, 1);
  return signedText(text);
}

std::string CellNumbers::unit() const {
  static const char* const kRaised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  if (exponent == 0) return {};
  std::string text = exponent < 0 ? "× 10⁻" : "× 10";
  for (const char digit : std::to_string(std::abs(exponent))) text += kRaised[digit - '0'];
  return text;
}

CellNumbers CellNumbers::of(float largest, int digits, bool plain) {
  CellNumbers numbers;
  numbers.decimals = digits;
  if (!std::isfinite(largest) || largest <= 0) return numbers;
  int power = magnitude(largest, digits);
  if (!plain && (power < -1 || power > 2)) {
    numbers.exponent = int(std::floor(power / 3.0)) * 3;
    power -= numbers.exponent;
  }
  numbers.decimals = std::clamp(digits - 1 - power, 0, kMostDecimals);
  return numbers;
}

CellNumbers CellNumbers::compact(float largest, bool plain) {
  const CellNumbers two = of(largest, 2, plain);
  return two.decimals >= 2 ? two : of(largest, 3, plain);
}

}  // namespace scene
