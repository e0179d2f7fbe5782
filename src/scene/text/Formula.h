// The calculation of one unit in the notation of the lectures: with symbols, and with its numbers. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "scene/Explanation.h"
#include "scene/text/Numbers.h"

namespace scene {

// A piece of a formula that is not broken over lines; pieces are joined by spaces.
struct FormulaPart {
  std::string text;
  int term = -1;  // index into Explanation::terms that it stands for; -1: none
};

// "… +" "0.12 × 0.5" "+ 0.3 × (−0.2)" "+ …" "+ 0.03" "= 0.842": of many terms those that weigh most, in their own order with dots where
// others are left out, and in any case `shown`.
std::vector<FormulaPart> formulaParts(const Explanation& explanation, int shown = -1);
std::string formulaOf(const Explanation& explanation);  // the parts joined
// Which of the terms the formula writes out: "the 3 largest of 25 products, in the order of the grid"; empty where it writes out all, or
// the first of them.
std::string choiceOf(const Explanation& explanation);
// All terms together (of a mean, times its coefficient), then the bias where there is one, and the sum before the activation.
SumWords totalWords(const Explanation& explanation);
// A value as it stands alone: as shortNumber() writes it, a softmax's share as probabilityFigure() does. A sigmoid, too, never reaches the
// 0 or the 1 that its floats are rounded to. classes: among which the softmax shares.
std::string valueWords(nn::Combine kind, nn::Activation activation, std::size_t classes, float value);
std::string valueWords(const Explanation& explanation);
// "I1 w1 + I2 w2 + … + I25 w25 + b"
std::string notationOf(const Explanation& explanation);

}  // namespace scene
