// The ink of a picture whose paper is not equally light everywhere: a shadow lies on it, or the page ends in the picture. Pure functions,
// any thread.
#pragma once

#include <vector>

namespace io {

struct Canvas {
  int width = 0, height = 0;
  std::vector<float> light;  // 0 black .. 1 white
};

constexpr float kLeastContrast = 0.06f;  // a picture with less is blank paper

float median(std::vector<float> values);
// Whether one level of paper, taken from the border, does not do for the whole picture; ink: what it gives.
bool needsLocalPaper(const Canvas& canvas, const std::vector<float>& border, const std::vector<float>& ink);
// Ink is what is thin: darker than the paper around it, or lighter, whichever there is more of. 0 paper .. 1 ink; empty: there is none.
std::vector<float> localInk(Canvas canvas);

}  // namespace io
