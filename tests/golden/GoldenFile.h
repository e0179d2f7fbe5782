// Reads the files that make_golden.py writes, and computes the inputs and parameters that both sides take from the same formula.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nn/NetworkSpec.h"
#include "nn/Optimizer.h"

namespace golden {

struct Line {
  std::vector<std::string> words;  // of a statement, or the name of the numbers
  std::vector<double> values;
};

// The lines of numbers/NAME.txt. Throws std::runtime_error when it cannot be read or a count does not match.
std::vector<Line> readFile(const std::string& name);
// Names, without the ending, of the files that start with `prefix`.
std::vector<std::string> filesStartingWith(const std::string& prefix);
// The one line with this first word; throws std::runtime_error when there is none.
const Line& lineOf(const std::vector<Line>& lines, const std::string& word);

nn::NetworkSpec networkOf(const std::vector<Line>& lines);               // of the lines "node ..."
nn::OptimizerSettings optimizerOf(const Line& line, std::size_t first);  // words[first...] are name=value

std::vector<float> formula(std::uint64_t stream, std::size_t count, float scale = 1.0f);  // in -scale..scale
std::vector<std::uint8_t> byteFormula(std::uint64_t stream, std::size_t count);

// The largest difference, as a share of the larger of |expected| and a tenth of the largest |expected| of all: values
// that are nearly zero beside the others are sums that cancel, whose relative error says nothing.
double largestRelativeError(const std::vector<float>& values, const std::vector<double>& expected);

}  // namespace golden
