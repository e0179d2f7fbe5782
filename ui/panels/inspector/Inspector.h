// The pinned units side by side, each in a panel of its own, with like rows at the same height and scrolled together, so that
// they can be compared; scrolls sideways where there is no room. Shows what it is given; knows neither network nor workbench.
// UI thread.
#pragma once

#include <optional>
#include <vector>

#include <QWidget>

#include "scene/ColorMap.h"
#include "scene/Picking.h"
#include "ui/panels/inspector/UnitPanel.h"

class QHBoxLayout;
class QScrollArea;

namespace ui {

class Inspector : public QWidget {
  Q_OBJECT

 public:
  explicit Inspector(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  void setPalette(scene::Palette palette);             // the scene's, for values that cannot be negative
  void setUnits(const std::vector<ShownUnit>& units);  // up to scene::kMostPins
  void setExplanation(const scene::Explanation& explanation) { setUnits({{explanation, true, false}}); }
  void clear() { setUnits({}); }  // no unit is pinned: the invitation
  bool isEmpty() const { return m_panels.front()->isEmpty(); }
  int unitCount() const { return isEmpty() ? 0 : int(m_panels.size()); }
  int wantedWidth() const;  // with room for all panels
  void setTracing(bool on);
  void setPointed(const std::vector<scene::UnitId>& names);  // see InspectorSheet
  void setPointedWeight(const std::optional<scene::Pick>& weight);
  UnitPanel* panel(int index = 0) const { return m_panels[std::size_t(index)]; }
  InspectorSheet* sheet() const { return panel()->sheet(); }
  QString text() const { return panel()->text(); }

  QSize sizeHint() const override { return {360, 560}; }
  QSize minimumSizeHint() const override { return {320, 200}; }

 public slots:
  void copyText() { panel()->copyText(); }

 signals:
  // Of any panel. The units are those that made the terms' values (see scene::Term); the scene shows them in their block.
  void termHovered(const std::optional<scene::UnitId>& unit);  // nullopt: none any more
  void unitRequested(const scene::UnitId& unit);               // clicked: walk down the network
  void traceToggled(bool on);                                  // down to the pixels
  void closeRequested(const scene::UnitId& unit);              // the person unpins the unit
  void keepRequested(const scene::UnitId& unit, bool on);      // beside others
  void currentRequested(const scene::UnitId& unit);            // its head was clicked

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void addPanel();
  void align();
  void widen();

  Theme m_theme;
  scene::Palette m_palette = scene::Palette::Glow;
  bool m_tracing = false;
  scene::UnitId m_current;  // scrolled into view when it came
  QScrollArea* m_scroll;
  QHBoxLayout* m_row;
  std::vector<UnitPanel*> m_panels;  // never empty
};

}  // namespace ui
