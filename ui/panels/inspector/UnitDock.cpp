#include "ui/panels/inspector/UnitDock.h"

#include <algorithm>

#include <QDockWidget>
#include <QMainWindow>

#include "scene/ShownColors.h"
#include "ui/app/Workbench.h"
#include "ui/panels/inspector/Inspector.h"

namespace ui {

namespace {

constexpr double kSceneShare = 0.42;  // what several units leave to the scene

}  // namespace

UnitDock::UnitDock(Workbench& workbench, const scene::SceneState& scene, Inspector& inspector, QDockWidget& dock, QMainWindow& window)
    : QObject(&window), m_workbench(workbench), m_scene(scene), m_inspector(inspector), m_dock(dock), m_window(window) {
  connect(&m_workbench.selection(), &Selection::pinsChanged, this, &UnitDock::followPins);
  connect(&m_workbench.inference(), &LiveInference::valuesChanged, this, &UnitDock::show);
  connect(&m_dock, &QDockWidget::visibilityChanged, this, &UnitDock::show);
}

// Unless the person had it open before, it goes with the last unit.
void UnitDock::followPins() {
  const bool any = !m_workbench.selection().pins().all().empty() || m_played;
  if (any && !m_reduced && m_dock.isHidden()) {
    m_dock.show();
    m_dock.raise();  // in front of what shares its place
    m_came = true;
  } else if (!any && m_came) {
    m_dock.hide();
    m_came = false;
  }
  show();
  fitWidth();
}

void UnitDock::rearranged() {
  m_came = true;
  followPins();
}

void UnitDock::setPlayed(const std::optional<scene::UnitId>& unit, int products, const std::shared_ptr<const nn::Network>& network) {
  m_playedIn = network;
  if (unit == m_played && products == m_products) return;
  const bool other = unit.has_value() != m_played.has_value();
  m_played = unit;
  m_products = products;
  other ? followPins() : show();
}

// In the colors of the scene, with the weights of the whole layer where they are pictures.
scene::Explanation UnitDock::explained(const scene::UnitId& unit) const {
  const scene::Values& values = *m_workbench.inference().values();
  scene::Explanation e = scene::explain(*values.network, *values.parameters, values, unit);
  if (m_scene.network() == m_workbench.network()) scene::takeScales(m_scene, e);
  if (auto pictures = scene::weightPictures(*values.network, *values.parameters, unit.node))
    e.pictures = std::make_shared<const scene::WeightPictures>(std::move(*pictures));
  return e;
}

void UnitDock::show() {
  const std::shared_ptr<const scene::Values> values = m_workbench.inference().values();
  // The scene may still show the network before.
  if (m_played && values && m_workbench.network() == m_playedIn && values->network == m_playedIn) {
    if (!m_dock.isVisible()) return;
    return m_inspector.setUnits({{explained(*m_played), true, false, true, m_products}});
  }
  const std::vector<scene::UnitId> pinned = m_workbench.selection().pins().all();
  if (pinned.empty() || !values) return m_inspector.clear();
  if (!m_dock.isVisible()) return;
  std::vector<ShownUnit> units;
  for (const scene::UnitId& unit : pinned)
    units.push_back({explained(unit), unit == m_workbench.selection().pinned(), m_workbench.selection().pins().isBeside(unit)});
  m_inspector.setUnits(units);
}

// Wider for several, as far as the scene keeps its room; afterwards as it was for one.
void UnitDock::fitWidth() {
  const int count = std::max(1, m_inspector.unitCount());
  if (count == m_count || !m_dock.isVisible()) return;
  if (m_count == 1) m_widthOfOne = m_dock.width();
  const bool other = m_count > 0;
  m_count = count;
  if (!other) return;
  const int wanted = count == 1 && m_widthOfOne > 0 ? m_widthOfOne : m_inspector.wantedWidth();
  if (m_dock.isFloating()) return m_dock.resize(wanted, m_dock.height());
  const int room = int((m_dock.width() + m_window.centralWidget()->width()) * (1 - kSceneShare));
  m_window.resizeDocks({&m_dock}, {count == 1 ? wanted : std::min(wanted, std::max(room, m_dock.width()))}, Qt::Horizontal);
}

}  // namespace ui
