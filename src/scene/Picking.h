// What lies under the pointer: a ray against every sheet, exact to the cell. Microseconds for thousands of cells, since only
// sheets are searched. Pure functions.
#pragma once

#include <optional>

#include "scene/Layout.h"

namespace scene {

struct Pick {
  CellRef cell;
  bool kernel = false;  // a weight; else a unit
  bool slab = false;    // a layer that is folded away; unit: its first
  UnitId unit;          // for a weight: node and output channel of its kernel
  float distance = 0;   // from the ray's origin
};

std::optional<Pick> pick(const Layout& layout, const Ray& ray);

}  // namespace scene
