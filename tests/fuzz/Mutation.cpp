#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>

#include "fuzz/FuzzTarget.h"

namespace fuzz {

namespace {

constexpr std::size_t kLongest = 1 << 20;

std::size_t anywhere(const std::string& bytes, data::Random& random) {
  return random.below(bytes.size() + 1);
}

std::string numberText(data::Random& random) {
  static const char* const edges[] = {"0",   "-1",    "1",     "2",          "255",        "65535",      "65536",
                                      "0.5", "1e308", "1e-45", "2147483647", "2147483648", "4294967296", "9223372036854775807"};
  return edges[random.below(std::size(edges))];
}

// One word of the text (a run of letters, digits and signs) becomes another one or a number.
void replaceWord(std::string& bytes, data::Random& random) {
  const auto inWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.'; };
  std::size_t begin = anywhere(bytes, random);
  while (begin < bytes.size() && !inWord(bytes[begin])) ++begin;
  std::size_t end = begin;
  while (end < bytes.size() && inWord(bytes[end])) ++end;
  static const std::vector<std::string> known = words();
  bytes.replace(begin, end - begin, known.empty() || random.chance(0.4f) ? numberText(random) : known[random.below(known.size())]);
}

void changeOnce(std::string& bytes, const std::vector<std::string>& others, data::Random& random) {
  const std::size_t at = anywhere(bytes, random);
  const std::size_t count = 1 + random.below(random.chance(0.8f) ? 8 : 400);
  switch (random.below(8)) {
    case 0:
      if (at < bytes.size()) bytes[at] = char(random.bits());
      return;
    case 1:
      if (at < bytes.size()) bytes[at] = char(bytes[at] ^ (1 << random.below(8)));
      return;
    case 2:
      bytes.erase(at, count);
      return;
    case 3:
      bytes.insert(at, bytes.substr(anywhere(bytes, random), count));
      return;
    case 4:
      for (std::size_t i = 0; i < std::min<std::size_t>(count, 8) && at + i < bytes.size(); ++i)
        bytes[at + i] = char(random.chance(0.5f) ? 0xff : 0);
      return;
    case 5:
      if (!others.empty()) {
        const std::string& other = others[random.below(others.size())];
        bytes = bytes.substr(0, at) + other.substr(std::min(other.size(), random.chance(0.5f) ? at : anywhere(other, random)));
      }
      return;
    case 6:
      replaceWord(bytes, random);
      return;
    default:
      if (random.chance(0.1f)) bytes.resize(at);
  }
}

}  // namespace

void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

std::string mutated(const std::string& bytes, const std::vector<std::string>& others, data::Random& random) {
  std::string result = bytes;
  if (random.chance(0.7f)) {
    const std::string inside = changedInside(result, random);
    if (!inside.empty()) return inside;
  }
  for (std::size_t changes = 1 + random.below(4); changes > 0; --changes) changeOnce(result, others, random);
  if (result.size() > kLongest) result.resize(kLongest);
  return result;
}

}  // namespace fuzz
