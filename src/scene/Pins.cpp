#include "scene/Pins.h"

#include <algorithm>
#include <array>

namespace scene {

std::vector<UnitId> Pins::all() const {
  std::vector<UnitId> units = kept;
  if (current && !keeps(*current)) units.push_back(*current);
  return units;
}

bool Pins::keeps(const UnitId& unit) const {
  return std::find(kept.begin(), kept.end(), unit) != kept.end();
}

bool Pins::keep(const UnitId& unit) {
  if (keeps(unit)) return true;
  if (full()) return false;
  kept.push_back(unit);
  return true;
}

void Pins::release(const UnitId& unit) {
  std::erase(kept, unit);
  if (current != unit) return;
  current = kept.empty() ? std::nullopt : std::optional(kept.back());
}

bool Pins::toggle(const UnitId& unit) {
  if (unit == current || keeps(unit)) {
    release(unit);
    return true;
  }
  if (current && !keep(*current)) return false;
  current = unit;
  keep(unit);  // as long as a place is left for the next one
  return true;
}

// The first is the accent, since mostly it is the only one. All keep away from the orange and blue of values.
Rgb pinColor(std::size_t index, bool dark) {
  constexpr std::array<Rgb, kMostPins> kOnDark = {{{61, 214, 165}, {240, 128, 210}, {245, 217, 92}, {176, 164, 255}}};
  constexpr std::array<Rgb, kMostPins> kOnLight = {{{8, 127, 95}, {178, 32, 138}, {122, 98, 0}, {92, 62, 214}}};
  return (dark ? kOnDark : kOnLight)[index % kMostPins];
}

char pinLetter(std::size_t index) {
  return char('A' + index % kMostPins);
}

}  // namespace scene
