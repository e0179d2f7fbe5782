// One pinned unit worked out with the real numbers: patch, kernel and products, sums, bias, activation and value, for every
// layer type, below a head with its name and what can be done with it. Shows the explanation it is given; knows neither network
// nor session. Cheap to update while the pen moves. Part of Inspector; UI thread.
#pragma once

#include <memory>
#include <optional>

#include <QWidget>

#include "scene/Explanation.h"
#include "ui/base/Theme.h"

class QScrollArea;
class QScrollBar;

namespace ui {

class Inspector;
class InspectorSheet;
class UnitHead;

// What one panel shows.
struct ShownUnit {
  scene::Explanation explanation;
  bool current = true;  // the one that edges, trace and keys are about
  bool kept = false;    // stays when another unit is pinned
  bool played = false;  // the cell that an animation's sliding window is at
  int worked = -1;      // its products that are worked out so far; -1: all
};

class UnitPanel : public QWidget {
  Q_OBJECT

 public:
  UnitPanel(Inspector& inspector, QWidget* parent);  // whose signals it emits

  void setTheme(const Theme& theme);
  // letter: which of several, as it is marked in the scene; -1: the only one.
  void setUnit(const ShownUnit& unit, int letter);
  void clear();  // no unit is pinned: the invitation
  bool isEmpty() const { return !m_explanation; }
  const scene::Explanation* explanation() const { return m_explanation.get(); }
  std::shared_ptr<const scene::Explanation> shared() const { return m_explanation; }
  void setTracing(bool on);
  QString text() const;  // the whole calculation as plain text
  InspectorSheet* sheet() const { return m_sheet; }
  QScrollBar* scrollBar() const;

 public slots:
  void copyText();  // to the clipboard

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void present(std::shared_ptr<const scene::Explanation> explanation);

  Inspector& m_inspector;
  Theme m_theme;
  std::shared_ptr<const scene::Explanation> m_explanation;
  int m_letter = -1;
  bool m_current = true;
  bool m_played = false;
  int m_worked = -1;
  UnitHead* m_head;
  QScrollArea* m_scroll;
  InspectorSheet* m_sheet;
};

}  // namespace ui
