#include <cmath>

#include <QFontMetricsF>
#include <QLinearGradient>

#include "render/OverlayWriter.h"

namespace render {

using scene::Vec3;

namespace {
constexpr qreal kLegendsFrom = 380;  // width of a view; in a narrower one they would cover the cells
constexpr qreal kKeyFrom = 960;      // narrower pictures have no room for the key: every layer has its own legend
}  // namespace

void Writer::bar(const QRectF& rect, const scene::ColorMap& map, float low, float high) {
  QLinearGradient gradient(rect.topLeft(), rect.topRight());
  constexpr int kStops = 16;
  for (int i = 0; i <= kStops; ++i) {
    const scene::Rgb c = map.at(low + (high - low) * float(i) / kStops);
    gradient.setColorAt(qreal(i) / kStops, QColor(c.r, c.g, c.b));
  }
  m_painter.fillRect(rect, gradient);
}

void Writer::legend(const Vec3& anchor, const scene::Scale& scale, bool on) {
  if (m_area.width() < kLegendsFrom * m_look.textScale) return;
  const QColor ink = on ? m_look.muted : m_look.faint;
  const Vec3 at = m_camera.project(anchor);
  const QFont font = m_look.font(typeSize(anchor, 0.165f, 10.0f, 13.0f));
  const QFontMetricsF metrics(font);
  const qreal width = kBarWidth * m_look.textScale;
  QRectF rect(std::round(at.x + kLabelGap), std::round(at.y - (kBarHeight + metrics.height()) / 2), width, kBarHeight + metrics.height());
  const QString low = numberText(scale.low, 2), high = numberText(scale.high, 2);
  const qreal overhang = std::max(0.0, metrics.horizontalAdvance(high) / 2);
  const bool moved = rect.right() + overhang > m_area.width() - kEdge;
  if (moved) rect.moveRight(m_area.width() - kEdge - overhang);
  if (rect.left() < 0 || rect.bottom() > m_area.height() || !claim(rect.adjusted(-2, 1, 2, -1))) return;
  if (moved) backing(rect.adjusted(-6, -3, 6, 3));
  const scene::ColorMap& map = scale.diverging ? scene::ColorMap::diverging(m_look.dark) : scene::ColorMap::sequential(m_look.dark);
  const QRectF strip(rect.left(), rect.top() + 1, width, kBarHeight);
  m_painter.setOpacity(on ? 1.0 : 0.45);
  bar(strip, map, 0, 1);
  m_painter.setPen(QPen(m_look.slab, 1));
  m_painter.setBrush(Qt::NoBrush);
  m_painter.drawRect(strip.adjusted(-0.5, -0.5, 0.5, 0.5));
  m_painter.setOpacity(1);
  const qreal baseline = rect.bottom() - metrics.descent() + 1;
  text({rect.left(), baseline}, low, font, ink);
  text({rect.right() - metrics.horizontalAdvance(high), baseline}, high, font, ink);
  const qreal middle = metrics.horizontalAdvance(QStringLiteral("0"));
  if (scale.diverging && metrics.horizontalAdvance(low) + metrics.horizontalAdvance(high) + middle + 8 < width) {
    text({rect.center().x() - middle / 2, baseline}, QStringLiteral("0"), font, ink);
  }
}

void Writer::key() {
  const QFont font = m_look.font(11);
  const QFontMetricsF metrics(font);
  const qreal width = 150 * m_look.textScale, line = metrics.height();
  const qreal left = m_area.width() - width - 16;
  qreal top = m_area.height() - 16 - 2 * (line + 10) - line;
  if (m_area.width() < kKeyFrom * m_look.textScale || top < m_area.height() / 2) return;
  backing(QRectF(left - 10, top - 8, width + 20, m_area.height() - top));
  const auto row = [&](const scene::ColorMap& map, const QString& low, const QString& middle, const QString& high) {
    const QRectF strip(left, top, width, 6);
    bar(strip, map, 0, 1);
    m_painter.setPen(QPen(m_look.slab, 1));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(strip.adjusted(-0.5, -0.5, 0.5, 0.5));
    const qreal baseline = top + 8 + metrics.ascent();
    text({left, baseline}, low, font, m_look.muted);
    text({left + (width - metrics.horizontalAdvance(middle)) / 2, baseline}, middle, font, m_look.muted);
    text({left + width - metrics.horizontalAdvance(high), baseline}, high, font, m_look.muted);
    top += line + 18;
  };
  row(scene::ColorMap::sequential(m_look.dark), QStringLiteral("inactive"), QString(), QStringLiteral("most active"));
  row(scene::ColorMap::diverging(m_look.dark), QStringLiteral("negative"), QStringLiteral("0"), QStringLiteral("positive"));
}

}  // namespace render
