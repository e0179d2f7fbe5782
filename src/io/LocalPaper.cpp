#include "io/LocalPaper.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <iterator>
#include <numeric>

namespace io {
namespace {

constexpr int kSmallestPhotoPx = 64;  // of a photo; smaller pictures are of a data set, with nothing around
constexpr float kDarkest = 0.25f;     // paper in the deepest shadow: below, noise would be taken for ink

// The largest of every 2 * radius + 1 values in a row, those at the ends repeated beyond them. Van Herk (1992): three passes.
template <typename Compare>
void extremeInRow(const float* row, int count, std::size_t step, int radius, Compare better, std::vector<float>& ahead,
                  std::vector<float>& behind, float* result) {
  const int window = 2 * radius + 1, padded = (count + 2 * radius + window - 1) / window * window;
  const auto at = [&](int i) { return row[std::size_t(std::clamp(i - radius, 0, count - 1)) * step]; };
  const auto best = [&](float a, float b) { return better(a, b) ? a : b; };
  ahead.resize(std::size_t(padded));
  behind.resize(std::size_t(padded));
  for (int i = 0; i < padded; ++i) ahead[std::size_t(i)] = i % window == 0 ? at(i) : best(ahead[std::size_t(i - 1)], at(i));
  for (int i = padded - 1; i >= 0; --i) behind[std::size_t(i)] = i % window == window - 1 ? at(i) : best(behind[std::size_t(i + 1)], at(i));
  for (int i = 0; i < count; ++i) result[std::size_t(i) * step] = best(behind[std::size_t(i)], ahead[std::size_t(i + window - 1)]);
}

template <typename Compare>
void extremesOf(Canvas& canvas, int radius, Compare better) {
  std::vector<float> ahead, behind, result(canvas.light.size());
  const auto width = std::size_t(canvas.width);
  for (int y = 0; y < canvas.height; ++y) {
    const std::size_t first = std::size_t(y) * width;
    extremeInRow(canvas.light.data() + first, canvas.width, 1, radius, better, ahead, behind, result.data() + first);
  }
  for (int x = 0; x < canvas.width; ++x)
    extremeInRow(result.data() + x, canvas.height, width, radius, better, ahead, behind, canvas.light.data() + x);
}

// With the border repeated around: a dark strip along the border goes on beyond it, a stroke that runs off the page stays thin.
Canvas widened(const Canvas& canvas, int by) {
  Canvas wide{canvas.width + 2 * by, canvas.height + 2 * by, {}};
  wide.light.reserve(std::size_t(wide.width) * std::size_t(wide.height));
  for (int y = -by; y < canvas.height + by; ++y)
    for (int x = -by; x < canvas.width + by; ++x)
      wide.light.push_back(canvas.light[std::size_t(std::clamp(y, 0, canvas.height - 1)) * std::size_t(canvas.width) +
                                        std::size_t(std::clamp(x, 0, canvas.width - 1))]);
  return wide;
}

// Without what is dark and thinner than the window: a morphological closing. It keeps every edge between two large surfaces in its place.
std::vector<float> paperAround(const Canvas& canvas, int window) {
  const int radius = std::max(1, window / 2), by = 2 * radius;
  Canvas wide = widened(canvas, by);
  extremesOf(wide, radius, std::greater<>());
  extremesOf(wide, radius, std::less<>());
  std::vector<float> paper;
  paper.reserve(canvas.light.size());
  for (int y = 0; y < canvas.height; ++y) {
    const auto row = wide.light.begin() + std::ptrdiff_t(y + by) * wide.width + by;
    paper.insert(paper.end(), row, row + canvas.width);
  }
  return paper;
}

Canvas inverted(Canvas canvas) {
  for (float& light : canvas.light) light = 1 - light;
  return canvas;
}

std::vector<float> thinDark(const Canvas& canvas, int sidesPart) {
  std::vector<float> thin = paperAround(canvas, std::min(canvas.width, canvas.height) / sidesPart);
  std::transform(thin.begin(), thin.end(), canvas.light.begin(), thin.begin(), std::minus<>());
  return thin;
}

// What lies between strokes, or between them and the edge of the page, may be thin, too: the narrowest window counts that holds a drawing.
bool hasDarkInk(const Canvas& canvas, const Canvas& negative) {
  constexpr double kLeastArea = 0.004;  // of the picture
  bool dark = true;
  for (const int part : {12, 8, 5}) {
    const std::vector<float> down = thinDark(canvas, part), up = thinDark(negative, part);
    const auto weight = [](const std::vector<float>& thin) { return std::inner_product(thin.begin(), thin.end(), thin.begin(), 0.0); };
    const double most = std::max(*std::max_element(down.begin(), down.end()), *std::max_element(up.begin(), up.end()));
    dark = weight(down) >= weight(up);
    if (std::max(weight(down), weight(up)) > kLeastArea * most * most * double(down.size())) break;
  }
  return dark;
}

// The mean of each pixel and its neighbors: a camera's noise is between neighbors, strokes are wider.
Canvas smoothed(const Canvas& canvas) {
  Canvas smooth = canvas;
  const auto width = std::size_t(canvas.width);
  for (std::size_t y = 1; y + 1 < std::size_t(canvas.height); ++y)
    for (std::size_t x = 1; x + 1 < width; ++x) {
      float sum = 0;
      for (std::size_t row = y - 1; row <= y + 1; ++row)
        for (std::size_t column = x - 1; column <= x + 1; ++column) sum += canvas.light[row * width + column];
      smooth.light[y * width + x] = sum / 9;
    }
  return smooth;
}

// A sheet that lies on a table of one color: what differs from the border is one large rectangle, nearly, with something in it.
bool isSheet(const Canvas& canvas, const std::vector<float>& ink) {
  constexpr double kLarge = 0.3, kFilled = 0.8, kLeastHoles = 0.005;
  const auto strong = [](float value) { return value >= 0.5f; };
  std::ptrdiff_t spanned = 0, inked = 0;
  int left = canvas.width, right = -1, top = canvas.height, bottom = -1;
  for (int y = 0; y < canvas.height; ++y) {
    const auto row = ink.begin() + std::ptrdiff_t(y) * canvas.width, end = row + canvas.width;
    const auto first = std::find_if(row, end, strong);
    if (first == end) continue;
    const auto last = std::find_if(std::make_reverse_iterator(end), std::make_reverse_iterator(row), strong).base();
    inked += std::count_if(first, last, strong);
    spanned += last - first;
    left = std::min(left, int(first - row));
    right = std::max(right, int(last - row));
    top = std::min(top, y);
    bottom = y + 1;
  }
  const double box = double(right - left) * double(bottom - top);
  return spanned > 0 && double(inked) > kLarge * double(ink.size()) && double(spanned) > kFilled * box &&
         double(spanned - inked) > kLeastHoles * box;
}

}  // namespace

float median(std::vector<float> values) {
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

bool needsLocalPaper(const Canvas& canvas, const std::vector<float>& border, const std::vector<float>& ink) {
  constexpr float kOtherPaper = 0.15f;  // of the contrast, on more than a fifth of the border
  if (std::min(canvas.width, canvas.height) < kSmallestPhotoPx) return false;
  const float paper = median(border);
  const auto [darkest, lightest] = std::minmax_element(canvas.light.begin(), canvas.light.end());
  const float contrast = std::max(paper - *darkest, *lightest - paper);
  const auto others = std::count_if(border.begin(), border.end(), [&](float l) { return std::abs(l - paper) > kOtherPaper * contrast; });
  return others * 5 > std::ptrdiff_t(border.size()) || isSheet(canvas, ink);
}

std::vector<float> localInk(Canvas canvas) {
  canvas = smoothed(canvas);
  Canvas negative = inverted(canvas);
  const bool darkInk = hasDarkInk(canvas, negative);
  if (!darkInk) canvas = std::move(negative);
  std::vector<float> ink = paperAround(canvas, std::min(canvas.width, canvas.height) / 5);
  // A shadow takes the same share of the light from paper and ink; of light ink nothing of that kind is known.
  for (std::size_t i = 0; i < ink.size(); ++i) ink[i] = (ink[i] - canvas.light[i]) / (darkInk ? std::max(ink[i], kDarkest) : 1);
  const float usual = median(ink);
  std::vector<float> deviations(ink);
  for (float& value : deviations) value = std::abs(value - usual);
  const float least = usual + std::min(0.3f, 4 * median(std::move(deviations))), most = *std::max_element(ink.begin(), ink.end());
  if (most - least < kLeastContrast) return {};
  for (float& value : ink) value = std::clamp((value - least) / (most - least), 0.0f, 1.0f);
  return ink;
}

}  // namespace io
