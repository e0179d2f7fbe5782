// Numbers that are read together: the parts of a sum, written so that they add up as they stand there, and the cells of a grid,
// written alike. Pure functions; UTF-8.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace scene {

// A sum with the same number of decimals in all its parts. The total reads as shortNumber() writes it; the addends are rounded so that
// what is written adds up to it.
struct SumWords {
  std::vector<std::string> addends;
  std::string total;
  int decimals = 0;
};
// loose: the first so many addends take what the rounding of all of them leaves over; the others are rounded as they are, and keep a
// digit of their own where that would make 0 of them. Not-finite numbers are written as they are.
SumWords sumWords(std::span<const float> addends, float total, std::size_t loose);
// The same with a given number of decimals, also of the total.
SumWords sumWords(std::span<const float> addends, float total, std::size_t loose, int decimals);
// "−0.0130"
std::string fixedNumber(float value, int decimals);

// How the numbers of one grid are written in its cells: all with the same decimals. Where plain numbers would be long, in units of a
// power of ten that is said once beside the grid.
struct CellNumbers {
  int exponent = 0;  // a multiple of 3
  int decimals = 2;
  bool alone = false;  // each as it stands alone, see shortNumber(): where cells have room for any number
  // ".46", "−1.2", "12", "0". What is not zero, but would be written as zero, is "≈0".
  std::string text(float value) const;
  // "× 10⁻³", empty without.
  std::string unit() const;
  // digits: significant ones of the largest value. Plain: without a power of ten, however small the numbers are.
  static CellNumbers of(float largest, int digits, bool plain = false);
  // The fewest digits with which numbers a good deal smaller than the largest still have two: ".46", "1.04", "12.3".
  static CellNumbers compact(float largest, bool plain = false);
  bool operator==(const CellNumbers&) const = default;
};

}  // namespace scene
