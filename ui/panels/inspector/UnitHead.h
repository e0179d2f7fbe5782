// The head of a unit's sheet: its letter among several, the layer's name, the unit's place and value, and the buttons about it.
// UnitPanel owns it. UI thread.
#pragma once

#include <QWidget>

#include "ui/base/Theme.h"

class QLabel;
class QToolButton;

namespace scene {
struct Explanation;
}

namespace ui {

class UnitHead : public QWidget {
  Q_OBJECT

 public:
  explicit UnitHead(QWidget* parent);
  void setTheme(const Theme& theme);
  void setKept(bool kept);
  void setTracing(bool on);
  // letter: which of several, as it is marked in the scene; -1: the only one. worked: how many products of the value are added up, -1: all.
  // explanation: nothing when no unit is pinned.
  void setUnit(const scene::Explanation* explanation, int letter, int worked);
  QString name() const;  // of the unit: the layer and the place

 signals:
  void keepToggled(bool on);
  void traceToggled(bool on);
  void copyRequested();
  void closeRequested();

 private:
  void showLetter(int letter);
  void showValue(const scene::Explanation& explanation, bool alone, int worked);

  Theme m_theme;
  QLabel *m_badge, *m_title, *m_place, *m_value;
  QToolButton *m_keep, *m_trace, *m_copy, *m_close;
};

}  // namespace ui
