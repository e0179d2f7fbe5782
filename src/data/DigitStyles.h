// How people write the ten digits: the styles of each, and what varies within a style. Pure; one Random and one Skeleton
// per thread.
#pragma once

#include "data/Random.h"
#include "data/Skeleton.h"

namespace data {

// Where a person has learned to write. Europeans begin a 1 with a long upstroke, cross a 7 and leave the 4 open at a slanting side.
enum class Handwriting { Any, American, European };

// Knots of a digit 0..9, about 1 high (y points down) and up to 0.8 wide, in a style that `random` chooses.
void writeDigit(int digit, Handwriting hand, Random& random, Skeleton& skeleton);

}  // namespace data
