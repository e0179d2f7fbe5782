#include "render/ThemeColors.h"

namespace render {

const ThemeColors& themeColors(bool dark) {
  static const ThemeColors light{QColor("#1b2027"), QColor("#59626e"), QColor("#7c8693"), QColor("#087f5f"),
                                 QColor("#ffffff"), QColor("#d9620a"), QColor("#1f5fbf"), QColor("#8a94a1")};
  static const ThemeColors night{QColor("#eef1f5"), QColor("#a5afbc"), QColor("#77828f"), QColor("#3dd6a5"),
                                 QColor("#252a33"), QColor("#ff9a3d"), QColor("#4f9bff"), QColor("#8a94a1")};
  return dark ? night : light;
}

QColor mix(const QColor& from, const QColor& to, float share) {
  const auto between = [share](float a, float b) { return a + (b - a) * share; };
  return QColor::fromRgbF(between(from.redF(), to.redF()), between(from.greenF(), to.greenF()), between(from.blueF(), to.blueF()),
                          between(from.alphaF(), to.alphaF()));
}

}  // namespace render
