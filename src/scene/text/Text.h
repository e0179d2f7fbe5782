// How the scene writes numbers in sentences: few digits, a true minus. Pure functions; UTF-8.
#pragma once

#include <string>

#include "nn/Counted.h"

namespace scene {

std::string fixedText(double value, int decimals);  // "-1.50": with a point whatever the locale
// "0.842", "−0.062", "1234", "1.23e-05": three significant digits, whole numbers up to 99,999 in full, with a point whatever the locale.
// A value is written in this way wherever it stands alone, so that it reads the same everywhere. What lies below 1 is not written as 1
// unless rounding made it so.
std::string shortNumber(float value, int digits = 3);
// A share of 1, with a point whatever the locale: "97.3 %". Only what is exactly 1 or 0 is "100 %" or "0 %"; what would round to them
// is "> 99.9 %" or "< 0.1 %". Not a number: "–".
std::string percent(double share, int decimals = 1);
// The same of one of `classes` probabilities that add up to 1: of several none is ever certain or impossible, and a number that says
// so has only been rounded, by the computer's floats as well.
std::string probabilityPercent(double probability, int classes, int decimals = 1);
// The same as a number, where there is no room for a percentage: "0.97", "> 0.99", "< 0.01". Finite numbers only.
std::string probabilityFigure(double probability, int classes, int decimals);
using nn::counted;  // "1 map", "6 maps"

}  // namespace scene
