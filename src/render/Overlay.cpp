#include <cmath>

#include <QFontMetricsF>
#include <QPicture>

#include "render/OverlayWriter.h"

namespace render {

using scene::Block;
using scene::Vec3;

namespace {

// Type in shares of a world unit, between two sizes in pixels.
constexpr float kNameShare = 0.24f, kNameLeast = 11.5f, kNameMost = 19.0f, kDimsShare = 0.84f;
constexpr float kKernelShare = 0.19f, kKernelLeast = 10.5f, kKernelMost = 15.0f;

QString kernelWords(const Block& block) {
  return QStringLiteral("kernels ") + QString::fromStdString(block.kernelDims);
}

}  // namespace

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

void Writer::layers() {
  for (auto block = m_layout.blocks.rbegin(); block != m_layout.blocks.rend(); ++block)
    if (visible(block->bounds)) layerName(*block);
  for (const Block& block : m_layout.blocks)
    if (block.kernelSheetCount > 0 && visible(block.kernelBounds)) kernelName(block);
  for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
    const Block& block = m_layout.blocks[b];
    if (visible(block.bounds) && !m_state.resting()) legend(block.legendAnchor, legendOf(int(b), false));
    if (block.kernelSheetCount > 0 && visible(block.kernelBounds)) legend(block.kernelLegendAnchor, legendOf(int(b), true));
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
