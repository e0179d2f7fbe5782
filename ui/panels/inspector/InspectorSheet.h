// The scrolled part of the inspector: places the sections of an explanation below each other, paints the visible ones, and
// finds the term under the mouse. UI thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QWidget>

#include "scene/Explanation.h"
#include "scene/Picking.h"
#include "ui/base/Theme.h"
#include "ui/panels/inspector/Sections.h"

namespace ui {

class InspectorSheet : public QWidget {
  Q_OBJECT

 public:
  explicit InspectorSheet(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  void setPalette(scene::Palette palette);
  void setExplanation(std::shared_ptr<const scene::Explanation> explanation);
  // One unit under all its names (a block merges nodes that pass values on), pointed at somewhere else; empty: none.
  void setPointed(std::vector<scene::UnitId> names);
  void setPointedWeight(const std::optional<scene::Pick>& weight);  // the same of a number of a kernel
  // Of the explanation that comes next: it is an animation's, and how many of its products are worked out (-1: all).
  void setPlayed(bool played, int worked);
  // Beside other sheets: whether their sections are of the same kinds, how high they are here, how high they must be at least.
  bool isLike(const InspectorSheet& other) const;
  std::vector<double> ownHeights() const;
  void setLeastHeights(std::vector<double> heights);
  void setBeside(std::vector<std::shared_ptr<const scene::Explanation>> others);  // colors and bars on one scale with theirs
  // For screen readers: see SheetAccessible.
  int sectionCount() const { return int(m_sections.size()); }
  AccessibleSection sectionAccessible(int index) const;
  QRect sectionRect(int index) const;
  // The term at a position, or the unit that a picture there stands for; for the tests, which hover and click there.
  std::optional<scene::UnitId> unitAt(QPointF position) const;

 signals:
  void termHovered(const std::optional<scene::UnitId>& unit);
  void unitRequested(const scene::UnitId& unit);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  struct Placed {
    std::unique_ptr<Section> section;
    std::size_t link = 0;  // 0: the unit itself; then those that follow
    double top = 0, height = 0;
  };
  struct Hit {
    std::size_t link = 0;
    int term = -1;
    bool operator==(const Hit&) const = default;
  };
  const scene::Explanation& at(std::size_t link) const;
  SectionView view(std::size_t link) const;
  std::vector<int> litTerms(std::size_t link) const;
  int termOfWeight() const;
  void showPointedMap();
  void place();
  const Placed* placedAt(QPointF position) const;  // null: none
  Hit hitAt(QPointF position) const;
  int patchAt(QPointF position) const;
  std::optional<scene::UnitId> neighborAt(QPointF position) const;  // of the unit's own layer
  void setHovered(Hit hit);
  void paintEmpty(QPainter& painter) const;
  QString hint(Hit hit) const;

  Theme m_theme;
  scene::Palette m_palette = scene::Palette::Glow;
  std::shared_ptr<const scene::Explanation> m_explanation;
  std::vector<Placed> m_sections;
  std::vector<double> m_leastHeights;  // empty: none
  std::vector<std::shared_ptr<const scene::Explanation>> m_beside;
  Hit m_hovered;
  std::vector<scene::UnitId> m_pointed;
  std::optional<scene::Pick> m_pointedWeight;
  bool m_played = false;
  int m_worked = -1;
  std::size_t m_patch = 0;  // the input map worked out: the strongest when the unit was pinned, or the one clicked
  int m_pointedPatch = -1;  // shown instead while one of its cells is pointed at in the scene
};

}  // namespace ui
