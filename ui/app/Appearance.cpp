#include "ui/app/Appearance.h"

#include <QApplication>
#include <QSettings>
#include <QStyleHints>

#include "ui/base/Settings.h"

namespace ui {

Appearance::Appearance(QObject* parent) : QObject(parent), m_systemPalette(QApplication::palette()) {
  const int remembered = QSettings().value("view/theme", int(ThemeChoice::System)).toInt();
  if (remembered >= int(ThemeChoice::System) && remembered <= int(ThemeChoice::Dark)) m_choice = ThemeChoice(remembered);
  m_large = QSettings().value("view/large", false).toBool();
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
  connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, &Appearance::apply);
#endif
  apply();
}

void Appearance::setChoice(ThemeChoice choice) {
  m_choice = choice;
  remember("view/theme", int(choice));
  apply();
}

void Appearance::setProjector(bool projector) {
  if (projector == m_projector) return;
  m_projector = projector;
  apply();
}

void Appearance::setLarge(bool large) {
  if (large == m_large) return;
  m_large = large;
  remember("view/large", large);
  apply();
}

void Appearance::apply() {
  m_theme = makeTheme(m_choice, m_projector || m_large, m_systemPalette);
  applyTheme(*qApp, m_theme);
  emit themeChanged();
}

}  // namespace ui
