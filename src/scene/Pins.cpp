#include "scene/Pins.h"

#include <algorithm>
#include <array>

namespace scene {

std::vector<UnitId> Pins::all() const {
  std::vector<UnitId> units = beside;
  if (current && !isBeside(*current)) units.push_back(*current);
  return units;
}

bool Pins::isBeside(const UnitId& unit) const {
  return std::find(beside.begin(), beside.end(), unit) != beside.end();
}

bool Pins::pinBeside(const UnitId& unit) {
  if (isBeside(unit)) return true;
  if (full()) return false;
  beside.push_back(unit);
  return true;
}

void Pins::unpin(const UnitId& unit) {
  std::erase(beside, unit);
  if (current != unit) return;
  current = beside.empty() ? std::nullopt : std::optional(beside.back());
}

bool Pins::toggle(const UnitId& unit) {
  if (unit == current || isBeside(unit)) {
    unpin(unit);
    return true;
  }
  if (current && !pinBeside(*current)) return false;
  current = unit;
  pinBeside(unit);  // as long as a place is left for the next one
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
