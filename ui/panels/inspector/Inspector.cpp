#include "ui/panels/inspector/Inspector.h"

#include <algorithm>

#include <QScrollArea>
#include <QScrollBar>

#include "ui/base/Widgets.h"
#include "ui/panels/inspector/InspectorSheet.h"

namespace ui {

namespace {

constexpr int kSinglePx = 344, kEachPx = 300;  // as a panel likes to be: alone, beside others
constexpr int kNarrowestPx = 232;
constexpr int kBodyPx = 12;  // of the type that these are for

}  // namespace

Inspector::Inspector(QWidget* parent) : QWidget(parent), m_theme(lightTheme()), m_scroll(new QScrollArea(this)) {
  auto* content = new QWidget;
  m_row = rowOf(content, {}, 0);
  m_scroll->setWidgetResizable(true);
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setWidget(content);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  columnOf(this, {}, -1, {m_scroll});
  addPanel();
}

void Inspector::addPanel() {
  auto* panel = new UnitPanel(*this, m_scroll->widget());
  panel->setTheme(m_theme);
  panel->sheet()->setPalette(m_palette);
  panel->setTracing(m_tracing);
  connect(panel->scrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
    for (UnitPanel* other : m_panels) other->scrollBar()->setValue(value);
  });
  m_row->addWidget(panel, 1);
  m_panels.push_back(panel);
  panel->show();
}

void Inspector::setTheme(const Theme& theme) {
  m_theme = theme;
  for (UnitPanel* panel : m_panels) panel->setTheme(theme);
  widen();
}

void Inspector::setPalette(scene::Palette palette) {
  m_palette = palette;
  for (UnitPanel* panel : m_panels) panel->sheet()->setPalette(palette);
}

void Inspector::setUnits(const std::vector<ShownUnit>& units) {
  while (m_panels.size() < units.size()) addPanel();
  while (m_panels.size() > std::max<std::size_t>(units.size(), 1)) {
    m_panels.back()->hide();
    m_panels.back()->deleteLater();
    m_panels.pop_back();
  }
  if (units.empty()) m_panels.front()->clear();
  for (std::size_t i = 0; i < units.size(); ++i) m_panels[i]->setUnit(units[i], units.size() > 1 ? int(i) : -1);
  widen();
  align();
  const auto current = std::find_if(units.begin(), units.end(), [](const ShownUnit& unit) { return unit.current; });
  if (current == units.end() || current->explanation.unit == m_current) return;
  m_current = current->explanation.unit;
  m_row->activate();
  m_scroll->ensureWidgetVisible(m_panels[std::size_t(current - units.begin())], 0, 0);
}

int Inspector::wantedWidth() const {
  return m_panels.size() > 1 ? int(m_panels.size()) * kEachPx : kSinglePx;
}

void Inspector::widen() {
  const int share = width() / int(m_panels.size());
  const int least = m_panels.size() > 1 ? std::max(share, kNarrowestPx * m_theme.body.pixelSize() / kBodyPx) : 0;
  for (UnitPanel* panel : m_panels) panel->setMinimumWidth(least);
}

// Sections that are of one kind begin at the same height everywhere.
void Inspector::align() {
  std::vector<double> most;
  const bool alike = std::all_of(m_panels.begin(), m_panels.end(),
                                 [this](const UnitPanel* panel) { return panel->sheet()->isLike(*m_panels.front()->sheet()); });
  for (const UnitPanel* panel : m_panels) {
    const std::vector<double> heights = alike && m_panels.size() > 1 ? panel->sheet()->ownHeights() : std::vector<double>();
    most.resize(std::max(most.size(), heights.size()), 0.0);
    for (std::size_t i = 0; i < heights.size(); ++i) most[i] = std::max(most[i], heights[i]);
  }
  for (UnitPanel* panel : m_panels) {
    std::vector<std::shared_ptr<const scene::Explanation>> others;
    for (const UnitPanel* other : m_panels)
      if (alike && other != panel) others.push_back(other->shared());
    panel->sheet()->setLeastHeights(most);
    panel->sheet()->setBeside(std::move(others));
  }
}

void Inspector::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  widen();
  align();
}

void Inspector::setPointed(const std::vector<scene::UnitId>& names) {
  for (UnitPanel* panel : m_panels) panel->sheet()->setPointed(names);
}

void Inspector::setPointedWeight(const std::optional<scene::Pick>& weight) {
  for (UnitPanel* panel : m_panels) panel->sheet()->setPointedWeight(weight);
}

void Inspector::setTracing(bool on) {
  m_tracing = on;
  for (UnitPanel* panel : m_panels) panel->setTracing(on);
}

}  // namespace ui
