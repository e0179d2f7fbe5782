#include "render/Look.h"

#include <algorithm>

#include <QGuiApplication>

#include "scene/Pins.h"

namespace render {
namespace {

void raiseContrast(Look& look) {
  const QColor far = look.dark ? QColor(Qt::black) : QColor(Qt::white), near = look.dark ? QColor(Qt::white) : QColor(Qt::black);
  const auto towards = [](QColor& colour, const QColor& goal, float share) {
    const auto mixed = [share](float a, float b) { return a + (b - a) * share; };
    colour = QColor::fromRgbF(mixed(colour.redF(), goal.redF()), mixed(colour.greenF(), goal.greenF()), mixed(colour.blueF(), goal.blueF()),
                              colour.alphaF());
  };
  towards(look.glow, far, 0.6f);
  towards(look.ground, far, 0.8f);
  look.text = near;
  towards(look.muted, near, 0.6f);
  towards(look.faint, near, 0.5f);
  towards(look.slab, near, 0.25f);
  towards(look.panelLine, near, 0.4f);
  look.panel.setAlpha(255);
  look.lineScale = 1.6f;
}

}  // namespace

QFont Look::font(float pixelSize, bool bold) const {
  QFont font = QGuiApplication::font();
  font.setPixelSize(std::max(6, int(pixelSize * textScale + 0.5f)));
  font.setWeight(bold ? QFont::DemiBold : QFont::Normal);
  return font;
}

QColor Look::pin(std::size_t index) const {
  const scene::Rgb colour = scene::pinColour(index, dark);
  return {colour.r, colour.g, colour.b};
}

QColor Look::fade() const {
  return QColor::fromRgbF((glow.redF() + ground.redF()) / 2, (glow.greenF() + ground.greenF()) / 2, (glow.blueF() + ground.blueF()) / 2);
}

QColor Look::blank() const {
  const auto mixed = [](float a, float b) { return a + (b - a) * 0.35f; };
  return QColor::fromRgbF(mixed(slabShade.redF(), slab.redF()), mixed(slabShade.greenF(), slab.greenF()),
                          mixed(slabShade.blueF(), slab.blueF()));
}

Look Look::of(bool dark, float textScale, bool contrast) {
  Look look;
  look.dark = dark;
  look.textScale = textScale;
  if (dark) {
    look.glow = QColor("#20262f");
    look.ground = QColor("#0d1014");
    look.text = QColor("#eef1f5");
    look.muted = QColor("#a5afbc");
    look.faint = QColor("#77828f");
    look.slab = QColor("#4a5564");
    look.slabShade = QColor("#14181e");
    look.accent = QColor("#3dd6a5");
    look.panel = QColor(20, 24, 30, 235);
    look.panelLine = QColor("#3d4653");
    look.positive = QColor("#ff9a3d");
    look.negative = QColor("#4f9bff");
    look.neutral = QColor("#8a94a1");
  } else {
    look.glow = QColor("#ffffff");
    look.ground = QColor("#e6e9ee");
    look.text = QColor("#1b2027");
    look.muted = QColor("#59626e");
    look.faint = QColor("#7c8693");
    look.slab = QColor("#c9d0d8");
    look.slabShade = QColor("#8f99a5");
    look.accent = QColor("#087f5f");
    look.panel = QColor(255, 255, 255, 240);
    look.panelLine = QColor("#c3cad3");
    look.positive = QColor("#d9620a");
    look.negative = QColor("#1f5fbf");
    look.neutral = QColor("#8a94a1");
  }
  if (contrast) raiseContrast(look);
  return look;
}

}  // namespace render
