#include "render/SceneStyle.h"

#include <algorithm>

#include <QGuiApplication>

#include "scene/Pins.h"

namespace render {
namespace {

void raiseContrast(SceneStyle& style) {
  const QColor far = style.dark ? QColor(Qt::black) : QColor(Qt::white), near = style.dark ? QColor(Qt::white) : QColor(Qt::black);
  style.glow = mix(style.glow, far, 0.6f);
  style.ground = mix(style.ground, far, 0.8f);
  style.text = near;
  style.muted = mix(style.muted, near, 0.6f);
  style.faint = mix(style.faint, near, 0.5f);
  style.slab = mix(style.slab, near, 0.25f);
  style.panelLine = mix(style.panelLine, near, 0.4f);
  style.panel.setAlpha(255);
  style.lineScale = 1.6f;
}

}  // namespace

QFont SceneStyle::font(float pixelSize, bool bold) const {
  QFont font = QGuiApplication::font();
  font.setPixelSize(std::max(6, int(pixelSize * textScale + 0.5f)));
  font.setWeight(bold ? QFont::DemiBold : QFont::Normal);
  return font;
}

QColor SceneStyle::pin(std::size_t index) const {
  const scene::Rgb color = scene::pinColor(index, dark);
  return {color.r, color.g, color.b};
}

QColor SceneStyle::fade() const {
  return mix(glow, ground, 0.5f);
}

QColor SceneStyle::blank() const {
  return mix(slabShade, slab, 0.35f);
}

SceneStyle SceneStyle::of(bool dark, float textScale, bool contrast) {
  SceneStyle style{render::themeColors(dark)};
  style.dark = dark;
  style.textScale = textScale;
  style.glow = QColor(dark ? "#20262f" : "#ffffff");
  style.ground = QColor(dark ? "#0d1014" : "#e6e9ee");
  style.slab = QColor(dark ? "#4a5564" : "#c9d0d8");
  style.slabShade = QColor(dark ? "#14181e" : "#8f99a5");
  style.panel = dark ? QColor(20, 24, 30, 235) : QColor(255, 255, 255, 240);
  style.panelLine = QColor(dark ? "#3d4653" : "#c3cad3");
  if (contrast) raiseContrast(style);
  return style;
}

}  // namespace render
