// The only owner of what is pinned, hovered and asked about units. The scene, the sheets and the answer show it, and tell it what the
// person does. It knows the network, so that nothing is pinned that is not there. Owned by the Workbench; UI thread.
#pragma once

#include <memory>

#include <QObject>

#include "nn/Network.h"
#include "scene/Selection.h"

namespace ui {

class Selection : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;

  const scene::Selection& value() const { return m_value; }
  const scene::Pins& pins() const { return m_value.pins; }
  const std::optional<scene::UnitId>& pinned() const { return m_value.pins.current; }
  const scene::ConnectionOptions& connectionOptions() const { return m_value.connectionOptions; }

  // What belonged to the network before is forgotten; what the person wants to know stays.
  void setNetwork(std::shared_ptr<const nn::Network> network);
  void pin(const std::optional<scene::UnitId>& unit);  // instead of the current one; ignored when there is no such unit
  void pinBeside(const scene::UnitId& unit, bool on);  // stays when another one is pinned, or no longer
  void toggle(const scene::UnitId& unit);              // pins it and the one before side by side; unpins it where it was there
  void unpin(const scene::UnitId& unit);
  void unpinAll() { setPins({}); }
  // The trace, else the weight, the pinned unit, those beside it; false when there was nothing to let go.
  bool unpinNext();
  void setHovered(const std::optional<scene::Pick>& pick);
  void holdWeight(const std::optional<scene::Pick>& weight);  // of a kernel
  void forgetCells();                                         // the scene is laid out anew: what is hovered and held is elsewhere
  void setConnectionOptions(const scene::ConnectionOptions& options);
  // change: given the options as they are.
  void changeConnectionOptions(const std::function<void(scene::ConnectionOptions&)>& change);

 signals:
  void changed();  // any of it; before those that follow
  void pinsChanged();
  void hoveredChanged();
  void connectionOptionsChanged();
  void full();  // there is no more room beside the others

 private:
  void set(const scene::Selection& value);
  void setPins(const scene::Pins& pins);
  template <typename Change>
  void change(Change change);
  bool exists(const scene::UnitId& unit) const;

  std::shared_ptr<const nn::Network> m_network;
  scene::Selection m_value;
};

}  // namespace ui
