// How people write the ten digits: the styles of each, and what varies within a style. Pure; one Random and one Skeleton
// per thread.
#pragma once

#include "data/Random.h"
#include "data/Skeleton.h"

namespace data {

// Knots of a digit 0..9, about 1 high (y points down) and up to 0.8 wide, in a style that `random` chooses.
void writeDigit(int digit, Random& random, Skeleton& skeleton);

}  // namespace data
