#include "render/Overlay.h"

#include <cmath>

#include <QFontMetricsF>
#include <QLinearGradient>
#include <QPicture>

namespace render {
namespace {

using scene::Block;
using scene::Vec3;

constexpr qreal kLabelGap = 14;      // between a block and its label
constexpr qreal kLegendsFrom = 380;  // width of a view; in a narrower one they would cover the cells
constexpr qreal kEdge = 10;          // nothing is written nearer to the border
constexpr qreal kKeyFrom = 960;      // narrower pictures have no room for the key: every layer has its own legend
constexpr qreal kBarWidth = 66, kBarHeight = 5;

// Type in shares of a world unit, between two sizes in pixels.
constexpr float kNameShare = 0.24f, kNameLeast = 11.5f, kNameMost = 19.0f, kDimsShare = 0.84f;
constexpr float kKernelShare = 0.19f, kKernelLeast = 10.5f, kKernelMost = 15.0f;

QString kernelWords(const Block& block) {
  return QStringLiteral("kernels ") + QString::fromStdString(block.kernelDims);
}

class Writer {
 public:
  Writer(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const Look& look)
      : m_painter(painter),
        m_state(state),
        m_layout(*state.layout()),
        m_camera(camera),
        m_look(look),
        m_area(0, 0, camera.widthPx(), camera.heightPx()) {
    m_stepBack = state.discussion().has_value() || state.resting();
  }

  void outputs();
  QRectF labelArea() const;  // of all names and legends, wherever they lie
  void layers();
  void tag();
  void invitation();
  void key();

 private:
  bool visible(const scene::Box& box) const;
  void layerName(const Block& block);
  void kernelName(const Block& block);
  void legend(const Vec3& anchor, const scene::Scale& scale, bool on);
  void bar(const QRectF& rect, const scene::ColorMap& map, float low, float high);
  bool claim(const QRectF& rect);
  void backing(const QRectF& rect);
  void text(const QPointF& baseline, const QString& words, const QFont& font, const QColor& color);
  bool discussed(const Block& block) const;
  float typeSize(const Vec3& at, float share, float least, float most) const {
    return std::clamp(m_camera.pixelsPerUnit(at) * share, least, most);
  }

  QPainter& m_painter;
  const scene::SceneState& m_state;
  const scene::Layout& m_layout;
  const scene::Camera& m_camera;
  const Look& m_look;
  QRectF m_area;
  bool m_stepBack = false;
  std::vector<QRectF> m_taken;
};

bool Writer::visible(const scene::Box& box) const {
  QRectF seen;
  for (const float x : {box.low.x, box.high.x})
    for (const float y : {box.low.y, box.high.y})
      for (const float z : {box.low.z, box.high.z}) {
        const Vec3 at = m_camera.project({x, y, z});
        if (at.z <= 0) return false;
        const QRectF point(at.x - 0.5, at.y - 0.5, 1, 1);
        seen = seen.isNull() ? point : seen.united(point);
      }
  return seen.intersects(m_area);
}

// Under what may stand before the cells of a near view.
void Writer::backing(const QRectF& rect) {
  QColor colour = m_look.ground;
  colour.setAlphaF(0.82f);
  m_painter.fillRect(rect, colour);
}

bool Writer::claim(const QRectF& rect) {
  for (const QRectF& other : m_taken)
    if (other.intersects(rect)) return false;
  m_taken.push_back(rect);
  return true;
}

void Writer::text(const QPointF& baseline, const QString& words, const QFont& font, const QColor& color) {
  m_painter.setFont(font);
  m_painter.setPen(color);
  m_painter.drawText(QPointF(std::round(baseline.x()), std::round(baseline.y())), words);
}

bool Writer::discussed(const Block& block) const {
  if (!m_state.discussion()) return true;
  const scene::Discussion& talk = *m_state.discussion();
  for (int i = block.firstSheet; i < block.firstSheet + block.sheetCount; ++i)
    if (talk.focus[std::size_t(i)].lit) return true;
  return false;
}

QRectF Writer::labelArea() const {
  QRectF area;
  const auto add = [&](const Vec3& anchor, qreal left, qreal right) {
    const Vec3 at = m_camera.project(anchor);
    area |= QRectF(QPointF(at.x - left, at.y), QPointF(at.x + right, at.y + 1));
  };
  for (const Block& block : m_layout.blocks) {
    const float size = typeSize(block.labelAnchor, kNameShare, kNameLeast, kNameMost);
    const qreal name = QFontMetricsF(m_look.font(size, true)).horizontalAdvance(QString::fromStdString(block.name));
    const qreal dims = QFontMetricsF(m_look.font(size * kDimsShare)).horizontalAdvance(QString::fromStdString(block.dims));
    add(block.labelAnchor, kLabelGap + std::max(name, dims), 0);
    add(block.legendAnchor, 0, kLabelGap + (kBarWidth + 8) * m_look.textScale);
    if (block.kernelSheetCount == 0) continue;
    const QFont font = m_look.font(typeSize(block.kernelLabelAnchor, kKernelShare, kKernelLeast, kKernelMost));
    add(block.kernelLabelAnchor, kLabelGap + QFontMetricsF(font).horizontalAdvance(kernelWords(block)), 0);
    add(block.kernelLegendAnchor, 0, kLabelGap + (kBarWidth + 8) * m_look.textScale);
  }
  return area;
}

void Writer::layerName(const Block& block) {
  const Vec3 at = m_camera.project(block.labelAnchor);
  const float size = typeSize(block.labelAnchor, kNameShare, kNameLeast, kNameMost);
  const QFont nameFont = m_look.font(size, true), dimsFont = m_look.font(size * kDimsShare);
  const QFontMetricsF nameMetrics(nameFont), dimsMetrics(dimsFont);
  const QString name = QString::fromStdString(block.name), dims = QString::fromStdString(block.dims);
  const qreal width = std::max(nameMetrics.horizontalAdvance(name), dimsMetrics.horizontalAdvance(dims));
  const qreal height = nameMetrics.height() + dimsMetrics.height();
  QRectF rect(at.x - kLabelGap - width, at.y - height / 2, width, height);
  const bool moved = rect.left() < kEdge;
  if (moved) rect.moveLeft(kEdge);
  if (rect.bottom() < 0 || rect.top() > m_area.height() || rect.left() > m_area.width()) return;
  const bool on = discussed(block);
  if (!claim(rect.adjusted(-2, 1, 2, -1))) return;
  if (moved) backing(rect.adjusted(-4, 0, 4, 0));
  text({rect.right() - nameMetrics.horizontalAdvance(name), rect.top() + nameMetrics.ascent()}, name, nameFont,
       on ? m_look.text : m_look.faint);
  text({rect.right() - dimsMetrics.horizontalAdvance(dims), rect.bottom() - dimsMetrics.descent()}, dims, dimsFont,
       on ? m_look.muted : m_look.faint);
}

void Writer::kernelName(const Block& block) {
  const Vec3 at = m_camera.project(block.kernelLabelAnchor);
  const QFont font = m_look.font(typeSize(block.kernelLabelAnchor, kKernelShare, kKernelLeast, kKernelMost));
  const QFontMetricsF metrics(font);
  const QString words = kernelWords(block);
  QRectF rect(at.x - kLabelGap - metrics.horizontalAdvance(words), at.y - metrics.height() / 2, metrics.horizontalAdvance(words),
              metrics.height());
  const bool moved = rect.left() < kEdge;
  if (moved) rect.moveLeft(kEdge);
  if (rect.left() > m_area.width() || !claim(rect.adjusted(-2, 2, 2, -2))) return;
  if (moved) backing(rect.adjusted(-4, 0, 4, 0));
  text({rect.left(), rect.top() + metrics.ascent()}, words, font, m_look.faint);
}

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

void Writer::layers() {
  for (auto block = m_layout.blocks.rbegin(); block != m_layout.blocks.rend(); ++block)
    if (visible(block->bounds)) layerName(*block);
  for (const Block& block : m_layout.blocks)
    if (block.kernelSheetCount > 0 && visible(block.kernelBounds)) kernelName(block);
  for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
    const Block& block = m_layout.blocks[b];
    const bool on = discussed(block);
    if (visible(block.bounds) && !m_state.resting()) legend(block.legendAnchor, m_state.unitScale(int(b)), on);
    if (block.kernelSheetCount > 0 && visible(block.kernelBounds)) legend(block.kernelLegendAnchor, m_state.kernelScale(int(b)), on);
  }
}

void Writer::outputs() {
  const int winner = m_state.winner();
  for (const Block& block : m_layout.blocks) {
    if (!block.isOutput || !block.shape.isVector()) continue;
    for (int unit = block.shape.channels - 1; unit >= 0; --unit) {
      const bool won = unit == winner;
      if (!block.tiles && !won) continue;
      const scene::CellRef cell = *m_layout.locate({block.node, {unit, 0, 0}});
      const scene::Sheet& sheet = m_layout.sheets[std::size_t(cell.sheet)];
      const Vec3 top = sheet.point(float(cell.column) + 0.5f, float(cell.row) - 0.10f);
      const Vec3 at = m_camera.project(top);
      if (at.z <= 0) continue;
      const QFont font = m_look.font(typeSize(top, won ? 0.95f : 0.36f, won ? 30.0f : 11.0f, won ? 92.0f : 34.0f) / m_look.textScale, won);
      const QFontMetricsF metrics(font);
      const QString label = QString::fromStdString(m_layout.network->className(unit));
      const QRectF tight = metrics.tightBoundingRect(label);
      const QPointF baseline(at.x - metrics.horizontalAdvance(label) / 2, at.y - tight.bottom() - 3);
      const QRectF rect = tight.translated(baseline);
      if (!rect.intersects(m_area) || (!won && !claim(rect))) continue;
      if (won) m_taken.push_back(rect);
      text(baseline, label, font, won ? m_look.text : m_stepBack ? m_look.faint : m_look.muted);
    }
  }
}

void Writer::tag() {
  QString words;
  float value = 0;
  Vec3 place;
  if (m_state.hovered()) {
    const scene::Pick& pick = *m_state.hovered();
    words = QString::fromStdString(m_state.describe(pick));
    value = m_state.cells()[m_layout.cellIndex(pick.cell)];
    place = m_layout.corners(pick.cell)[1];
  } else if (m_state.pinned()) {
    words = QString::fromStdString(m_state.describe(*m_state.pinned()));
    value = m_state.shownValue(*m_state.pinned());
    place = m_layout.corners(*m_layout.locate(*m_state.pinned()))[1];
  } else {
    return;
  }
  const Vec3 at = m_camera.project(place);
  if (at.z <= 0) return;
  const QFont small = m_look.font(12), large = m_look.font(16, true);
  const QFontMetricsF smallMetrics(small), largeMetrics(large);
  const QString number = numberText(value);
  const qreal width = std::max(smallMetrics.horizontalAdvance(words), largeMetrics.horizontalAdvance(number)) + 20;
  QRectF rect(at.x + 14, at.y - 20 - smallMetrics.height() - largeMetrics.height(), width,
              smallMetrics.height() + largeMetrics.height() + 12);
  if (rect.right() > m_area.width() - kEdge) rect.moveRight(at.x - 24);
  rect.moveLeft(std::clamp(rect.left(), kEdge, std::max(kEdge, m_area.width() - width - kEdge)));
  rect.moveTop(std::clamp(rect.top(), kEdge, std::max(kEdge, m_area.height() - rect.height() - kEdge)));
  rect = QRectF(rect.toRect());
  m_painter.setPen(QPen(m_state.hovered() ? m_look.panelLine : m_look.accent, 1));
  m_painter.setBrush(m_look.panel);
  m_painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
  text({rect.left() + 10, rect.top() + 6 + smallMetrics.ascent()}, words, small, m_look.muted);
  text({rect.left() + 10, rect.top() + 6 + smallMetrics.height() + largeMetrics.ascent()}, number, large, m_look.text);
}

void Writer::invitation() {
  if (!m_state.resting()) return;
  for (const Block& block : m_layout.blocks) {
    if (!block.isInput) continue;
    const Vec3 at = m_camera.project(block.legendAnchor);
    const QFont font = m_look.font(typeSize(block.legendAnchor, 0.34f, 15.0f, 24.0f), true), small = m_look.font(13);
    const QFontMetricsF metrics(font), smallMetrics(small);
    const qreal left = at.x + kLabelGap + 8;
    const QString head = QStringLiteral("Draw a digit"), more = QStringLiteral("and every neuron answers");
    const QRectF rect(left, at.y - metrics.height(), std::max(metrics.horizontalAdvance(head), smallMetrics.horizontalAdvance(more)),
                      metrics.height() + smallMetrics.height());
    if (rect.right() > m_area.width() - kEdge || !claim(rect)) return;  // the pad invites as well
    text({left, at.y - 2.0}, head, font, m_look.text);
    text({left, at.y + smallMetrics.height()}, more, small, m_look.muted);
    return;
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

}  // namespace

QString numberText(float value, int digits) {
  if (!std::isfinite(value))
    return std::isnan(value) ? QStringLiteral("not a number") : value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
  if (value == 0) return QStringLiteral("0");
  QString words = QString::number(double(value), 'g', digits);
  words.replace(QLatin1Char('-'), QChar(0x2212));
  return words;
}

// Fits the scene as reset() does, sees which labels would lie outside, and makes room for them.
scene::Margins overlayMargins(const scene::SceneState& state, const Look& look, QSizeF size) {
  if (state.empty()) return {};
  const float shrink = std::clamp(float(size.height()) / 800, 0.6f, 1.4f);
  scene::Margins margins{40, 78 * look.textScale * shrink, 60, 26 * shrink};
  scene::Camera camera;
  camera.setScene(*state.layout());
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds; ++round) {
    camera.setViewport(float(size.width()), float(size.height()), margins);
    camera.reset(false);
    QPicture nowhere;
    QPainter painter(&nowhere);
    const QRectF needed = Writer(painter, state, camera, look).labelArea();
    const float left = float(kEdge - needed.left()), right = float(needed.right() - (size.width() - kEdge));
    if (left <= 1 && right <= 1) break;
    const float most = float(size.width()) * 0.3f;
    margins.left = std::min(margins.left + std::max(left, 0.0f), most);
    margins.right = std::min(margins.right + std::max(right, 0.0f), most);
  }
  return margins;
}

void drawOverlay(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const Look& look,
                 const OverlayOptions& options) {
  if (state.empty()) return;
  painter.setRenderHint(QPainter::TextAntialiasing);
  Writer writer(painter, state, camera, look);
  writer.outputs();
  writer.layers();
  if (options.invitation) writer.invitation();
  if (options.key) writer.key();
  if (options.tag) writer.tag();
}

}  // namespace render
