// A small digit that was drawn with a wide pen, drawn again with as wide a pen as the digits of the data have for their size: fitted to the
// input as it is, its strokes would run into each other. Pure functions; under a millisecond for a 280x280 pad.
#pragma once

#include <optional>

#include "data/Preprocessing.h"

namespace data {

inline constexpr const char* kReinkedNote = "The lines are wide for so small a drawing: the network was shown them thinner.";

// The strokes of `drawing`, those that are erased in it left out, with a thinner pen; nothing where the pen is not wide for them.
std::optional<GrayImage> reinked(const GrayImage& drawing, const PenStrokes& strokes);
// The same of a picture whose strokes are not known: where its lines are far wider than those of the data, as much as is too wide is taken
// from their sides.
std::optional<GrayImage> reinked(const GrayImage& drawing);

}  // namespace data
