// One unit worked out to the last multiplication, as number grids, bars and a formula. Shows only what it is given; says which
// term the mouse is on and which unit is asked for. Grows as tall as its content: put it in a scroll area. UI thread.
#pragma once

#include <optional>

#include <QWidget>

#include "ui/inspector/InspectorPage.h"

namespace ui {

class Inspector : public QWidget {
  Q_OBJECT

 public:
  explicit Inspector(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  void setExplanation(const scene::Explanation& explanation);
  void clear();  // no unit is pinned: the invitation

  bool isEmpty() const { return !m_explanation; }
  const InspectorPage& page() const { return m_page; }
  int hoveredTerm() const { return m_hovered; }

  QSize sizeHint() const override { return {336, 480}; }

 signals:
  void termHovered(const std::optional<scene::UnitId>& unit);
  void unitRequested(const scene::UnitId& unit);  // a term was clicked: walk down the network

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  void layOut();
  void setHovered(int term);
  const InspectorItem* itemAt(QPointF position) const;
  void paintCell(QPainter& painter, const InspectorItem& item) const;
  void paintCurve(QPainter& painter, const InspectorItem& item) const;

  Theme m_theme;
  std::optional<scene::Explanation> m_explanation;
  int m_chosenPatch = -1;  // by the person, for this unit
  int m_hovered = -1;
  InspectorPage m_page;
};

}  // namespace ui
