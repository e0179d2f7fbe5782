#include "ui/model/Selection.h"

namespace ui {

namespace {

std::optional<scene::CellRef> cellOf(const std::optional<scene::Pick>& pick) {
  return pick ? std::optional(pick->cell) : std::nullopt;
}

}  // namespace

bool Selection::exists(const scene::UnitId& unit) const {
  if (!m_network || unit.node < 0 || unit.node >= int(m_network->nodes().size())) return false;
  const nn::Shape& shape = m_network->node(unit.node).shape;
  const auto within = [](int index, int count) { return index >= 0 && index < count; };
  return within(unit.cell.channel, shape.channels) && within(unit.cell.row, shape.height) && within(unit.cell.column, shape.width);
}

void Selection::set(const scene::Selection& value) {
  const scene::Selection before = m_value;
  m_value = value;
  const bool pins = before.pins != value.pins, hovered = cellOf(before.hovered) != cellOf(value.hovered);
  const bool options = before.connectionOptions != value.connectionOptions;
  if (!pins && !hovered && !options && cellOf(before.heldWeight) == cellOf(value.heldWeight)) return;
  emit changed();
  if (pins) emit pinsChanged();
  if (hovered) emit hoveredChanged();
  if (options) emit connectionOptionsChanged();
}

template <typename Change>
void Selection::change(Change change) {
  scene::Selection value = m_value;
  change(value);
  set(value);
}

void Selection::setPins(const scene::Pins& pins) {
  change([&](scene::Selection& value) {
    if (pins.current && pins != value.pins) value.heldWeight.reset();  // one thing at a time
    value.pins = pins;
  });
}

void Selection::setNetwork(std::shared_ptr<const nn::Network> network) {
  m_network = std::move(network);
  scene::Selection value;
  value.connectionOptions = m_value.connectionOptions;
  set(value);
}

void Selection::pin(const std::optional<scene::UnitId>& unit) {
  if (unit && !exists(*unit)) return;
  scene::Pins pins = m_value.pins;
  pins.current = unit;
  setPins(pins);
}

void Selection::pinBeside(const scene::UnitId& unit, bool on) {
  if (!exists(unit)) return;
  scene::Pins pins = m_value.pins;
  if (!on) std::erase(pins.beside, unit);
  if (on && !pins.pinBeside(unit)) return emit full();
  setPins(pins);
}

void Selection::toggle(const scene::UnitId& unit) {
  if (!exists(unit)) return;
  scene::Pins pins = m_value.pins;
  if (!pins.toggle(unit)) return emit full();
  setPins(pins);
}

void Selection::unpin(const scene::UnitId& unit) {
  scene::Pins pins = m_value.pins;
  pins.unpin(unit);
  setPins(pins);
}

bool Selection::unpinNext() {
  scene::Selection value = m_value;
  if (value.connectionOptions.trace) {
    value.connectionOptions.trace = false;
    value.connectionOptions.against = -1;
  } else if (value.heldWeight) {
    value.heldWeight.reset();
  } else if (value.pins.current) {
    value.pins.current.reset();
  } else if (!value.pins.beside.empty()) {
    value.pins.beside.clear();
  } else {
    return false;
  }
  set(value);
  return true;
}

void Selection::setHovered(const std::optional<scene::Pick>& pick) {
  change([&](scene::Selection& value) { value.hovered = pick; });
}

void Selection::holdWeight(const std::optional<scene::Pick>& weight) {
  if (!weight || weight->kernel) change([&](scene::Selection& value) { value.heldWeight = weight; });
}

void Selection::forgetCells() {
  change([](scene::Selection& value) { value.hovered = value.heldWeight = std::nullopt; });
}

void Selection::setConnectionOptions(const scene::ConnectionOptions& options) {
  change([&](scene::Selection& value) { value.connectionOptions = options; });
}

void Selection::changeConnectionOptions(const std::function<void(scene::ConnectionOptions&)>& change) {
  this->change([&](scene::Selection& value) { change(value.connectionOptions); });
}

}  // namespace ui
