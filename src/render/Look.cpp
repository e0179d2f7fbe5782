#include "render/Look.h"

#include <algorithm>

#include <QGuiApplication>

namespace render {

QFont Look::font(float pixelSize, bool bold) const {
  QFont font = QGuiApplication::font();
  font.setPixelSize(std::max(6, int(pixelSize * textScale + 0.5f)));
  font.setWeight(bold ? QFont::DemiBold : QFont::Normal);
  return font;
}

QColor Look::fade() const {
  return QColor::fromRgbF((glow.redF() + ground.redF()) / 2, (glow.greenF() + ground.greenF()) / 2, (glow.blueF() + ground.blueF()) / 2);
}

Look Look::of(bool dark, float textScale) {
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
  return look;
}

}  // namespace render
