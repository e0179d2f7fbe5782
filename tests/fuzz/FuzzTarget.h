// What a fuzz target says of one reader. Any bytes may be given to it: an answer or an nn::Error is well, anything else (a crash,
// another exception, a broken promise) is a finding. Each target is one file; FuzzDriver.cpp or libFuzzer runs it.
#pragma once

#include <string>
#include <vector>

#include "data/Random.h"

namespace fuzz {

// Gives the bytes to the reader; true when they were read. Throws or aborts on a finding.
bool read(const std::string& bytes);

// Files that are well, made by our own writers: small, and together with everything that the format can say.
std::vector<std::string> seeds();

// What stands in such files: a byte or two changed at random seldom makes another of them.
std::vector<std::string> words();

// A change that leaves the format whole and makes its contents wrong; empty where the reader has no such level.
std::string changedInside(const std::string& bytes, data::Random& random);

// A promise that does not hold is a finding.
void require(bool holds, const char* promise);

// The mutation that both runners use: bytes changed, cut, doubled, spliced with another seed, words put in, or changedInside().
std::string mutated(const std::string& bytes, const std::vector<std::string>& others, data::Random& random);

}  // namespace fuzz
