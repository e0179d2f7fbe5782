// The units that a person compares: the current one and those pinned beside it, at most four together, in the order in
// which their sheets stand. Plain value, a part of Selection.
#pragma once

#include <optional>
#include <vector>

#include "scene/ColorMap.h"
#include "scene/Scene.h"

namespace scene {

inline constexpr std::size_t kMostPins = 4;

struct Pins {
  std::optional<UnitId> current;  // the one that edges, trace and keys are about
  std::vector<UnitId> beside;     // stay when another becomes the current one; one place is always left for that

  // Those beside it in their order, then the current one where it is none of them.
  std::vector<UnitId> all() const;
  bool isBeside(const UnitId& unit) const;
  bool full() const { return beside.size() + 1 >= kMostPins; }
  bool pinBeside(const UnitId& unit);  // false: there is no more room
  void unpin(const UnitId& unit);      // neither beside the others nor current any more
  // What a click does that adds: the current unit is pinned beside, and `unit` too and becomes the current one; one that is there
  // already is unpinned. False: there is no more room.
  bool toggle(const UnitId& unit);
  bool operator==(const Pins&) const = default;
};

// What marks the unit at `index` of all(), in the scene and at the head of its sheet; told apart without red and green, and by the
// letters A to D.
Rgb pinColor(std::size_t index, bool dark);
char pinLetter(std::size_t index);

}  // namespace scene
