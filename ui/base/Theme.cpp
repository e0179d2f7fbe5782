#include "ui/base/Theme.h"

#include <algorithm>
#include <cmath>

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QGuiApplication>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleHints>

namespace ui {

namespace {

QFont tabular(QFont font, int pixelSize, QFont::Weight weight = QFont::Normal) {
  font.setPixelSize(pixelSize);
  font.setWeight(weight);
  font.setKerning(false);  // kerned figures would not stand below each other
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
  font.setFeature("tnum", 1);
#endif
  return font;
}

void setType(Theme& theme, bool projector) {
  theme.projector = projector;
  const QFont system = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
  const double scale = projector ? 1.35 : 1.0;
  const double base = std::clamp(QFontInfo(system).pixelSize(), 12, 22) * scale;
  theme.small = tabular(system, int(std::lround(base * 0.875)));
  theme.body = tabular(system, int(std::lround(base)));
  theme.title = tabular(system, int(std::lround(base * 1.25)), QFont::DemiBold);
  theme.display = tabular(system, int(std::lround(base * 6)), QFont::DemiBold);
}

// What a projector in a lit room leaves of fine grays is nothing.
void raiseContrast(Theme& theme) {
  const QColor far = theme.dark ? QColor(Qt::black) : QColor(Qt::white), near = theme.dark ? QColor(Qt::white) : QColor(Qt::black);
  theme.window = mix(theme.window, far, 0.7);
  theme.surface = mix(theme.surface, far, 0.5);
  theme.raised = mix(theme.raised, far, 0.3);
  theme.text = near;
  theme.muted = mix(theme.muted, near, 0.6);
  theme.faint = mix(theme.faint, near, 0.4);
  theme.line = mix(theme.line, near, 0.35);
}

Theme themeOf(bool isDark, bool projector) {
  Theme t{render::themeColors(isDark)};
  t.dark = isDark;
  const auto pick = [isDark](const char* light, const char* dark) { return QColor(isDark ? dark : light); };
  t.window = pick("#eceef1", "#14171c");
  t.surface = pick("#f7f8fa", "#1b1f26");
  t.line = pick("#d5d9df", "#353c47");
  t.onAccent = pick("#ffffff", "#06231a");
  t.accentSoft = pick("#d3ebe3", "#1c4438");
  t.warning = pick("#c22f3d", "#ff7381");
  t.zero = pick("#eef0f2", "#2b313a");
  t.paper = pick("#ffffff", "#0e1115");
  t.ink = pick("#14181f", "#f4f6f8");
  setType(t, projector);
  if (projector) raiseContrast(t);
  return t;
}

double luminance(const QColor& color) {
  const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

}  // namespace

QColor mix(const QColor& from, const QColor& to, double share) {
  return render::mix(from, to, float(std::clamp(share, 0.0, 1.0)));
}

QColor Theme::valueColor(float t) const {
  if (!std::isfinite(t)) return warning;
  return t < 0 ? mix(zero, negative, -t) : mix(zero, positive, t);
}

QColor Theme::readableOn(const QColor& background) const {
  const double l = luminance(background);
  return (l + 0.05) / 0.05 > 1.05 / (l + 0.05) ? QColor(Qt::black) : QColor(Qt::white);
}

QFont Theme::bold(const QFont& font) const {
  QFont result = font;
  result.setWeight(QFont::DemiBold);
  return result;
}

QFont Theme::displayAt(int pixelSize) const {
  QFont result = display;
  result.setPixelSize(std::max(1, pixelSize));
  return result;
}

Theme lightTheme(bool projector) {
  return themeOf(false, projector);
}

Theme darkTheme(bool projector) {
  return themeOf(true, projector);
}

bool systemIsDark(const QPalette& systemPalette) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
  const Qt::ColorScheme scheme = QGuiApplication::styleHints()->colorScheme();
  if (scheme != Qt::ColorScheme::Unknown) return scheme == Qt::ColorScheme::Dark;
#endif
  return systemPalette.color(QPalette::Window).lightness() < systemPalette.color(QPalette::WindowText).lightness();
}

Theme makeTheme(ThemeChoice choice, bool projector, const QPalette& systemPalette) {
  const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && systemIsDark(systemPalette));
  return themeOf(dark, projector);
}

QPalette paletteOf(const Theme& t) {
  QPalette p(t.raised, t.window);
  p.setColor(QPalette::Window, t.window);
  p.setColor(QPalette::WindowText, t.text);
  p.setColor(QPalette::Base, t.raised);
  p.setColor(QPalette::AlternateBase, t.surface);
  p.setColor(QPalette::Text, t.text);
  p.setColor(QPalette::PlaceholderText, t.faint);
  p.setColor(QPalette::Button, t.raised);
  p.setColor(QPalette::ButtonText, t.text);
  p.setColor(QPalette::BrightText, t.warning);
  p.setColor(QPalette::ToolTipBase, t.raised);
  p.setColor(QPalette::ToolTipText, t.text);
  p.setColor(QPalette::Highlight, t.accent);
  p.setColor(QPalette::HighlightedText, t.onAccent);
  p.setColor(QPalette::Link, t.accent);
  p.setColor(QPalette::LinkVisited, t.accent);
  p.setColor(QPalette::Light, mix(t.raised, t.text, 0.02));
  p.setColor(QPalette::Midlight, mix(t.raised, t.text, 0.06));
  p.setColor(QPalette::Mid, t.line);
  p.setColor(QPalette::Dark, mix(t.line, t.text, 0.15));
  p.setColor(QPalette::Shadow, mix(t.window, Qt::black, 0.5));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) p.setColor(QPalette::Disabled, role, t.faint);
  p.setColor(QPalette::Disabled, QPalette::Highlight, t.line);
  p.setColor(QPalette::Disabled, QPalette::HighlightedText, t.muted);
  return p;
}

QString styleSheetOf(const Theme& t) {
  QString sheet = QStringLiteral(R"(
QToolTip, #numberNote { background: @raised; color: @text; border: 1px solid @line; padding: 4px 6px; }
QMainWindow::separator { background: @window; width: @gridpx; height: @gridpx; }
QMainWindow::separator:hover { background: @accentSoft; }
QDockWidget { color: @muted; font-weight: 600; }
QDockWidget::title { background: @window; padding: 4px @gridpx; text-align: left; }
QMenuBar { background: @window; color: @text; border: none; }
QMenuBar::item { background: transparent; padding: 5px @gridpx; border-radius: 4px; }
QMenuBar::item:selected { background: @hover; }
QMenu { menu-scrollable: 1; }
#qt_menubar_ext_button { padding: 0; background: @raised; }
QStatusBar { background: @window; color: @muted; }
QStatusBar::item { border: none; }
QToolBar { border: none; background: transparent; spacing: 4px; padding: 0; }
QToolButton { border: 1px solid transparent; border-radius: 6px; padding: 5px; background: transparent; color: @text; }
QToolButton:hover { background: @hover; }
QToolButton:pressed { background: @accentSoft; }
QToolButton:checked { background: @accentSoft; color: @accent; }
QToolButton:focus { border-color: @accent; }
QToolButton:disabled { color: @faint; }
QToolButton::menu-indicator { image: none; }
#sceneButtons { background: @surface; border-radius: 6px; }
QToolButton#colorsButton { background: @surface; }
QToolButton#colorsButton:hover { background: @hover; }
QPushButton { border: 1px solid @line; border-radius: 6px; padding: 5px 12px; background: @raised; color: @text; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @accentSoft; }
QPushButton:default { background: @accent; border-color: @accent; color: @onAccent; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @faint; background: @surface; }
QScrollArea { border: none; background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 3px; margin: 2px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: @accent; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: @accent; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: @faint; }
QProgressBar { border: none; border-radius: 3px; background: @line; max-height: 6px; text-align: center; color: transparent; }
QProgressBar::chunk { border-radius: 3px; background: @accent; }
)");
  const auto put = [&sheet](const char* key, const QString& value) { sheet.replace(QLatin1String(key), value); };
  put("@accentSoft", t.accentSoft.name());  // the longer names first
  put("@onAccent", t.onAccent.name());
  put("@accent", t.accent.name());
  put("@window", t.window.name());
  put("@surface", t.surface.name());
  put("@raised", t.raised.name());
  put("@hover", mix(t.surface, t.text, 0.08).name());
  put("@line", t.line.name());
  put("@text", t.text.name());
  put("@muted", t.muted.name());
  put("@faint", t.faint.name());
  put("@grid", QString::number(t.grid));
  return sheet;
}

void applyTheme(QApplication& application, const Theme& theme) {
  if (QApplication::style()->objectName().compare(QLatin1String("fusion"), Qt::CaseInsensitive) != 0) {
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  }
  QApplication::setPalette(paletteOf(theme));
  QApplication::setFont(theme.body);
  application.setStyleSheet(styleSheetOf(theme));
}

}  // namespace ui
