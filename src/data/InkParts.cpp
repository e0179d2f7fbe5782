#include "data/InkParts.h"

#include <algorithm>
#include <array>

namespace data {
namespace {

int rootOf(std::vector<int>& parents, int run) {
  while (parents[std::size_t(run)] != run) run = parents[std::size_t(run)] = parents[std::size_t(parents[std::size_t(run)])];
  return run;
}

// The runs of row y, each joined with those of the row before that it touches.
void addRow(const GrayImage& drawing, int y, float leastInk, std::size_t before, std::vector<InkRun>& runs, std::vector<int>& parents) {
  const float* row = drawing.ink.data() + std::size_t(y) * std::size_t(drawing.width);
  const std::size_t beforeEnd = runs.size();
  for (int x = 0; x < drawing.width; ++x) {
    if (!(row[x] >= leastInk)) continue;
    const int from = x;
    while (x < drawing.width && row[x] >= leastInk) ++x;
    const int run = int(runs.size());
    runs.push_back({y, from, x});
    parents.push_back(run);
    while (before < beforeEnd && runs[before].to < from) ++before;
    for (std::size_t other = before; other < beforeEnd && runs[other].from <= x; ++other)
      parents[std::size_t(rootOf(parents, int(other)))] = rootOf(parents, run);
  }
}

}  // namespace

float outlineOf(const GrayImage& drawing) {
  constexpr float kFaintest = 0.02f, kShareOfStrongest = 0.3f;
  return std::max(kFaintest, kShareOfStrongest * *std::max_element(drawing.ink.begin(), drawing.ink.end()));
}

InkParts partsOf(const GrayImage& drawing, float leastInk) {
  InkParts found;
  std::vector<int> parents;
  std::size_t before = 0;
  for (int y = 0; y < drawing.height; ++y) {
    const std::size_t first = found.runs.size();
    addRow(drawing, y, leastInk, before, found.runs, parents);
    before = first;
  }
  std::vector<int> parts(parents.size(), -1);
  std::vector<std::array<std::size_t, 4>> edges;
  for (std::size_t i = 0; i < found.runs.size(); ++i) {
    InkRun& run = found.runs[i];
    int& index = parts[std::size_t(rootOf(parents, int(i)))];
    if (index < 0) {
      index = int(found.parts.size());
      found.parts.push_back({run.from, run.y, run.to, run.y + 1});
      edges.push_back({});
    }
    run.part = index;
    InkPart& part = found.parts[std::size_t(index)];
    part.left = std::min(part.left, run.from);
    part.right = std::max(part.right, run.to);
    part.bottom = run.y + 1;
    const std::size_t length = std::size_t(run.to - run.from);
    part.area += length;
    std::array<std::size_t, 4>& edge = edges[std::size_t(index)];
    edge[0] += run.y == 0 ? length : 0;
    edge[1] += run.y + 1 == drawing.height ? length : 0;
    edge[2] += run.from == 0 ? 1 : 0;
    edge[3] += run.to == drawing.width ? 1 : 0;
    part.alongEdge = *std::max_element(edge.begin(), edge.end());
  }
  return found;
}

}  // namespace data
