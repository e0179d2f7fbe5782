#include "render/SceneStyle.h"

#include <algorithm>

#include <QGuiApplication>

#include "scene/Pins.h"

namespace render {
namespace {

void raiseContrast(SceneStyle& style) {
  const QColor far = style.dark ? QColor(Qt::black) : QColor(Qt::white), near = style.dark ? QColor(Qt::white) : QColor(Qt::black);
  const auto towards = [](QColor& color, const QColor& goal, float share) {
    const auto mixed = [share](float a, float b) { return a + (b - a) * share; };
    color = QColor::fromRgbF(mixed(color.redF(), goal.redF()), mixed(color.greenF(), goal.greenF()), mixed(color.blueF(), goal.blueF()),
                             color.alphaF());
  };
  towards(style.glow, far, 0.6f);
  towards(style.ground, far, 0.8f);
  style.text = near;
  towards(style.muted, near, 0.6f);
  towards(style.faint, near, 0.5f);
  towards(style.slab, near, 0.25f);
  towards(style.panelLine, near, 0.4f);
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
  return QColor::fromRgbF((glow.redF() + ground.redF()) / 2, (glow.greenF() + ground.greenF()) / 2, (glow.blueF() + ground.blueF()) / 2);
}

QColor SceneStyle::blank() const {
  const auto mixed = [](float a, float b) { return a + (b - a) * 0.35f; };
  return QColor::fromRgbF(mixed(slabShade.redF(), slab.redF()), mixed(slabShade.greenF(), slab.greenF()),
                          mixed(slabShade.blueF(), slab.blueF()));
}

SceneStyle SceneStyle::of(bool dark, float textScale, bool contrast) {
  SceneStyle style{render::themeColors(dark)};
  style.dark = dark;
  style.textScale = textScale;
  if (dark) {
    style.glow = QColor("#20262f");
    style.ground = QColor("#0d1014");
    style.slab = QColor("#4a5564");
    style.slabShade = QColor("#14181e");
    style.panel = QColor(20, 24, 30, 235);
    style.panelLine = QColor("#3d4653");
  } else {
    style.glow = QColor("#ffffff");
    style.ground = QColor("#e6e9ee");
    style.slab = QColor("#c9d0d8");
    style.slabShade = QColor("#8f99a5");
    style.panel = QColor(255, 255, 255, 240);
    style.panelLine = QColor("#c3cad3");
  }
  if (contrast) raiseContrast(style);
  return style;
}

}  // namespace render
