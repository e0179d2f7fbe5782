#include "data/InkCleaning.h"

#include <algorithm>
#include <cmath>

#include "data/InkParts.h"

namespace data {
namespace {

constexpr int kMostFigures = 50;       // more parts are a texture, of which none is stray
constexpr double kLeastFigure = 0.08;  // of the picture's side: what is left must still be a drawing

double gapBetween(const InkPart& a, const InkPart& b) {
  const int across = std::max({0, a.left - b.right, b.left - a.right}), down = std::max({0, a.top - b.bottom, b.top - a.bottom});
  return std::hypot(double(across), double(down));
}

int sizeOf(const InkPart& part) {
  return std::max(part.width(), part.height());
}

double gapToOthers(const std::vector<InkPart>& parts, const std::vector<bool>& without, std::size_t part) {
  double least = 1e9;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (i != part && !without[i]) least = std::min(least, gapBetween(parts[part], parts[i]));
  return least;
}

// The edge of the page, the table beside it or a finger: it lies on the picture's edge for much of it, apart from a drawing.
std::vector<bool> edgesAmong(const std::vector<InkPart>& parts, const GrayImage& drawing) {
  constexpr double kMuchOfEdge = 0.35, kApart = 0.02;
  const double side = std::min(drawing.width, drawing.height);
  std::vector<bool> edges(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) edges[i] = double(parts[i].alongEdge) > kMuchOfEdge * side;
  const bool figure = std::any_of(parts.begin(), parts.end(), [&](const InkPart& part) {
    return !edges[std::size_t(&part - parts.data())] && sizeOf(part) >= kLeastFigure * side;
  });
  for (std::size_t i = 0; i < parts.size(); ++i) edges[i] = edges[i] && figure && gapToOthers(parts, edges, i) > kApart * side;
  return edges;
}

// Far smaller than the largest part and apart from what is no dot. The dot of an i is nearer to its stem.
std::vector<bool> dotsAmong(const std::vector<InkPart>& parts) {
  std::vector<bool> dots(parts.size());
  if (parts.size() < 2) return dots;
  const InkPart largest = *std::max_element(parts.begin(), parts.end(), [](const InkPart& a, const InkPart& b) { return a.area < b.area; });
  const double size = sizeOf(largest);
  const auto small = [&](const InkPart& part, double share) {
    return double(part.area) < share * double(largest.area) && sizeOf(part) < 0.3 * size;
  };
  for (std::size_t i = 0; i < parts.size(); ++i) dots[i] = small(parts[i], 0.15);
  if (std::count(dots.begin(), dots.end(), false) > kMostFigures) return std::vector<bool>(parts.size());
  const std::vector<bool> candidates = dots;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double gap = gapToOthers(parts, candidates, i);
    dots[i] = dots[i] && (gap > 0.5 * size || (gap > 0.25 * size && small(parts[i], 0.06)));
  }
  return dots;
}

// Erases parts with their soft sides; what stays keeps its own.
void eraseParts(const InkParts& found, const std::vector<bool>& erased, GrayImage& drawing) {
  const int fringe = std::max(1, std::min(drawing.width, drawing.height) / 60);
  const auto width = std::size_t(drawing.width);
  std::vector<bool> stays(drawing.ink.size());
  for (const InkRun& run : found.runs)
    if (!erased[std::size_t(run.part)])
      for (int y = std::max(0, run.y - fringe); y <= std::min(drawing.height - 1, run.y + fringe); ++y)
        std::fill(stays.begin() + std::ptrdiff_t(std::size_t(y) * width) + std::max(0, run.from - fringe),
                  stays.begin() + std::ptrdiff_t(std::size_t(y) * width) + std::min(drawing.width, run.to + fringe), true);
  for (std::size_t i = 0; i < drawing.ink.size(); ++i)
    if (!stays[i]) drawing.ink[i] = 0;
}

// Parts above each other are of one figure, those beside each other of several; a figure is as high as the highest, about, and two are
// wide.
int figuresAmong(std::vector<InkPart> parts) {
  constexpr double kLikeHeight = 0.6, kApart = 0.06, kWide = 0.75;
  std::sort(parts.begin(), parts.end(), [](const InkPart& a, const InkPart& b) { return a.left < b.left; });
  std::vector<InkPart> figures;
  for (const InkPart& part : parts) {
    if (figures.empty() || part.left >= figures.back().right) {
      figures.push_back(part);
      continue;
    }
    InkPart& figure = figures.back();
    figure.right = std::max(figure.right, part.right);
    figure.top = std::min(figure.top, part.top);
    figure.bottom = std::max(figure.bottom, part.bottom);
  }
  int highest = 0;
  for (const InkPart& figure : figures) highest = std::max(highest, figure.height());
  std::erase_if(figures, [&](const InkPart& figure) { return figure.height() < kLikeHeight * highest; });
  if (figures.size() < 2 || figures.back().right - figures.front().left < kWide * highest) return 1;
  int count = 1;
  for (std::size_t i = 1; i < figures.size(); ++i) {
    const InkPart &before = figures[i - 1], &here = figures[i];
    const int shared = std::min(before.bottom, here.bottom) - std::max(before.top, here.top);
    count += here.left - before.right >= kApart * highest && 2 * shared >= std::min(before.height(), here.height()) ? 1 : 0;
  }
  return count;
}

bool showsFigure(const GrayImage& drawing) {
  const double side = std::min(drawing.width, drawing.height);
  const std::vector<InkPart> parts = partsOf(drawing, outlineOf(drawing)).parts;
  return std::any_of(parts.begin(), parts.end(), [&](const InkPart& part) { return sizeOf(part) >= kLeastFigure * side; });
}

}  // namespace

CleanedInk cleaned(const GrayImage& drawing) {
  CleanedInk clean;
  if (!isWhole(drawing)) return clean;
  GrayImage ink = drawing;
  const auto leaveOut = [&](const InkParts& found, const std::vector<bool>& erased) {
    const auto count = std::count(erased.begin(), erased.end(), true);
    if (count > 0) eraseParts(found, erased, ink);
    return count;
  };
  if (eraseRuledLines(ink) > 0) {
    if (showsFigure(ink))
      clean.notes.emplace_back("Ruled lines were left out.");
    else
      ink = drawing;
  }
  InkParts found = partsOf(ink, outlineOf(ink));
  if (leaveOut(found, edgesAmong(found.parts, ink)) > 0) {
    clean.notes.emplace_back("What lies along the edge of the picture was left out.");
    found = partsOf(ink, outlineOf(ink));
  }
  const std::vector<bool> dots = dotsAmong(found.parts);
  const bool ruled = !clean.notes.empty();  // then they are what is left of the lines
  if (const auto count = leaveOut(found, dots); count > 0 && !ruled)
    clean.notes.emplace_back(count == 1 ? "A stray dot was left out." : std::to_string(count) + " stray dots were left out.");
  if (!clean.notes.empty()) clean.ink = std::move(ink);
  std::vector<InkPart> rest;
  for (std::size_t i = 0; i < found.parts.size(); ++i)
    if (!dots[i]) rest.push_back(found.parts[i]);
  if (const int figures = figuresAmong(rest); figures > 1)
    clean.notes.emplace_back("This looks like " + std::to_string(figures) +
                             " digits side by side: the network was shown them as one picture.");
  return clean;
}

}  // namespace data
