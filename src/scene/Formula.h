// The calculation of one unit in the notation of the lectures: with symbols, and with its numbers. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "scene/Explanation.h"

namespace scene {

// A piece of a formula that is not broken over lines; pieces are joined by spaces.
struct FormulaPart {
  std::string text;
  int term = -1;  // index into Explanation::terms that it stands for; -1: none
};

// "0.12 × 0.50" "+ 0.30 × (-0.20)" "+ …" "+ 0.03" "= 0.84": of many terms those that weigh most, in their own order, and in
// any case `shown`.
std::vector<FormulaPart> formulaParts(const Explanation& explanation, int shown = -1);
std::string formulaOf(const Explanation& explanation);  // the parts joined
// "I1 w1 + I2 w2 + … + I25 w25 + b"
std::string notationOf(const Explanation& explanation);

}  // namespace scene
