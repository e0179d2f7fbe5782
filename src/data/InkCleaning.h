// What is on the paper besides the digit: ruled lines, the edge of the page, a stray dot. It is found by its shape in the ink, left out
// before the drawing is prepared, and said; two digits side by side are only said. Pure functions; under a millisecond for a 280x280 pad.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/Preprocessing.h"

namespace data {

struct CleanedInk {
  std::optional<GrayImage> ink;    // without what is left out; nothing where all of the drawing stays as it is
  std::vector<std::string> notes;  // a sentence each
};
CleanedInk cleaned(const GrayImage& drawing);

// Erases thin straight lines that run across the whole picture; how many there were.
int eraseRuledLines(GrayImage& drawing);

}  // namespace data
