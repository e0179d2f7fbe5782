// How the scene writes numbers in sentences: few digits, a true minus. Pure functions; UTF-8.
#pragma once

#include <string>

namespace scene {

// "0.84", "−0.062", "1.2e+03": three significant digits.
std::string shortNumber(float value);
// A share of 1: "97 %", between 99.5 % and 100 % and below 1 % with a decimal.
std::string percent(float share);
// "6 × 28 × 28", "28 × 28" for one map, "120" for a vector.
std::string sizeWords(int channels, int height, int width);
// "1 map", "6 maps".
std::string counted(std::size_t count, const std::string& one, const std::string& many);

}  // namespace scene
