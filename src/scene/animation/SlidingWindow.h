// A window that slides over the input of one map and writes it cell by cell: where it lies at each step, what it has added up by then, and
// what the scene shows of it. Plain data and pure functions.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "scene/Explanation.h"
#include "scene/Highlight.h"

namespace scene {

// A rectangle of cells of the input; parts of it may lie outside, in the padding.
struct WindowRect {
  int top = 0, left = 0, height = 1, width = 1;
};

// One map and the window that writes it.
struct SlidingWindow {
  int node = -1, channel = 0;
  int rows = 0, columns = 0;  // of the map
  struct Input {
    int input = 0;  // which of the layer's inputs
    int channel = 0;
    bool operator==(const Input&) const = default;
  };
  std::vector<Input> inputs;  // maps that the window lies on, in the layer's order
  nn::Window window;
  bool regular = true;       // the window has the same number of cells everywhere: not of transposed convolution and uneven pooling
  std::size_t products = 0;  // of one cell, those in the padding included; 0 where not regular
  std::size_t cells() const { return std::size_t(rows) * std::size_t(columns); }
};

// Nullopt where no window slides: dense layers, what works cell by cell, the mean of a whole map.
std::optional<SlidingWindow> slidingWindow(const nn::Network& network, const UnitId& unit);
// Where the window lies for one cell of the map; of a transposed one, the cells that it reads.
WindowRect windowAt(const nn::Network& network, const SlidingWindow& run, int row, int column);

struct WindowStep {
  UnitId unit;               // the cell that is being written
  std::size_t cell = 0;      // the same, row by row
  std::size_t products = 0;  // of this cell that are worked out: the last of them is the one shown
  bool writes = true;        // all are, and the cell has its value
  std::size_t written = 0;   // cells that have theirs
};
std::size_t stepCount(const SlidingWindow& run, bool eachProduct);
// eachProduct: a step is one multiplication or comparison instead of a whole cell; where the run is regular.
WindowStep windowStep(const SlidingWindow& run, bool eachProduct, std::size_t step);
// The step at which the cell of `unit` is begun.
std::size_t stepOf(const SlidingWindow& run, bool eachProduct, const nn::Cell& cell);

// What the products of a regular run are, in their order: map by map, row by row, those in the padding included.
std::vector<PatchCell> windowCells(const Explanation& explanation, std::size_t products);

// The sum, or the largest value, of the first `products` of them.
struct Running {
  float sum = 0;
  float largest = 0;  // of those inside
  bool news = false;  // the last one is the largest so far
  PatchCell last;
};
Running runningOver(const std::vector<PatchCell>& cells, std::size_t products);

// What the scene shows of a step. Cells that are not yet written are blank (SheetFocus).
Highlight highlightWindow(const Layout& layout, std::span<const float> parameters, const Values& values, const SlidingWindow& run,
                          const WindowStep& step, const ConnectionOptions& connectionOptions);

}  // namespace scene
