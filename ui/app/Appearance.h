// Which theme the program wears: the person's choice, the system's wish and projector mode in one. Applies it to the
// application and tells the widgets. Made by main() before the first widget; UI thread.
#pragma once

#include <QObject>
#include <QPalette>

#include "ui/base/Theme.h"

namespace ui {

class Appearance : public QObject {
  Q_OBJECT
 public:
  explicit Appearance(QObject* parent = nullptr);

  const Theme& theme() const { return m_theme; }
  ThemeChoice choice() const { return m_choice; }
  void setChoice(ThemeChoice choice);  // remembered in the settings
  void setProjector(bool projector);
  bool large() const { return m_large; }
  void setLarge(bool large);  // large type and high contrast outside projector mode too; remembered

 signals:
  void themeChanged();

 private:
  void apply();

  QPalette m_systemPalette;
  ThemeChoice m_choice = ThemeChoice::System;
  bool m_projector = false;
  bool m_large = false;
  Theme m_theme;
};

}  // namespace ui
