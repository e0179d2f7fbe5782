// The entry points that libFuzzer looks for, where the compiler has it: the same target, guided by what code an input reaches.
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "fuzz/FuzzTarget.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  fuzz::read(std::string(reinterpret_cast<const char*>(bytes), count));
  return 0;
}

// An empty or one-byte corpus begins with our seeds.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t count, std::size_t most, unsigned int seed) {
  static const std::vector<std::string> seeds = fuzz::seeds();
  data::Random random(seed);
  const std::string input(reinterpret_cast<const char*>(bytes), count);
  const std::string result = count < 4 ? seeds[random.below(seeds.size())] : fuzz::mutated(input, seeds, random);
  const std::size_t length = std::min(most, result.size());
  std::memcpy(bytes, result.data(), length);
  return length;
}
