#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QLineF>
#include <QPicture>

#include "render/LevelOfDetail.h"
#include "render/OverlayWriter.h"
#include "scene/Labels.h"
#include "scene/text/Text.h"

namespace render {

using scene::Block;
using scene::Vec3;

namespace {

// Type in pixels, between two sizes; what it is of a world unit says scene/Labels.h.
constexpr float kNameLeast = 11.5f, kNameMost = 19.0f;
constexpr float kKernelLeast = 10.5f, kKernelMost = 15.0f;
constexpr qreal kLongestName = 120, kNameShare = 0.22;  // pixels, or a share of the picture's width where that is more
constexpr qreal kInkWithin = 1, kRounded = 1;           // pixels that are free above the letters of a name; that they may reach below it
constexpr qreal kFarthestAside = 80;                    // pixels, of a name from the place beside its layer

}  // namespace

bool Writer::visible(const scene::Box& box) const {
  const std::optional<QRectF> seen = projected(box);
  return seen && seen->intersects(m_area);
}

// Under what may stand before the cells of a near view.
void Writer::backing(const QRectF& rect) {
  QColor color = m_style.ground;
  color.setAlphaF(0.82f);
  m_painter.fillRect(rect, color);
}

bool Writer::isFree(const QRectF& rect) const {
  return std::none_of(m_taken.begin(), m_taken.end(), [&](const QRectF& other) { return other.intersects(rect); });
}

bool Writer::claim(const QRectF& rect) {
  if (!isFree(rect)) return false;
  m_taken.push_back(rect);
  return true;
}

void Writer::text(const QPointF& baseline, const QString& words, const QFont& font, const QColor& color) {
  m_painter.setFont(font);
  m_painter.setPen(color);
  const QPointF at(std::round(baseline.x()), std::round(baseline.y()));
  m_painter.drawText(at, words);
  if (m_written && !words.isEmpty()) m_written->push_back({words, QFontMetricsF(font).tightBoundingRect(words).translated(at)});
}

bool Writer::highlighted(const Block& block) const {
  return !m_state.highlight() || hasLitCell(m_state, block);
}

QRectF Writer::nameRect(const Vec3& anchor, const QSizeF& size) const {
  const Vec3 at = m_camera.project(anchor);
  const QPointF corner = turned() ? QPointF(at.x - size.width() / 2, at.y + kLabelGap / 2)
                                  : QPointF(at.x - kLabelGap - size.width(), at.y - size.height() / 2);
  return {corner, size};
}

QRectF Writer::legendRect(const Vec3& anchor, const QSizeF& size, qreal line) const {
  const Vec3 at = m_camera.project(anchor);
  const QPointF corner =
      turned() ? QPointF(at.x - size.width() / 2, at.y - kLabelGap / 2 - size.height()) : QPointF(at.x + kLabelGap, at.y - line / 2);
  return {QPointF(std::round(corner.x()), std::round(corner.y())), size};
}

BlockName Writer::nameOf(const Block& block, bool kernels) const {
  BlockName name;
  name.of = int(&block - m_layout.blocks.data());
  name.block = kernels ? -1 : name.of;
  name.folded = block.folded;
  name.anchor = kernels ? block.kernelLabelAnchor : block.labelAnchor;
  const float size = kernels ? typeSize(name.anchor, scene::kKernelType, kKernelLeast, kKernelMost)
                             : typeSize(name.anchor, scene::kNameType, kNameLeast, kNameMost);
  name.head = kernels ? QStringLiteral("kernels") : QString::fromStdString(block.name);
  name.below = QString::fromStdString(kernels ? block.kernelDims : block.dims);
  name.headFont = m_style.font(size, !kernels);
  name.belowFont = m_style.font(kernels ? size : size * scene::kDimsShare);
  const bool on = highlighted(block);
  name.headInk = kernels || !on ? m_style.faint : m_style.text;
  if (!kernels && m_state.highlight() && m_state.highlight()->reachedBlock == name.block) name.headInk = m_style.accent;
  name.belowInk = kernels || !on ? m_style.faint : m_style.muted;
  const QFontMetricsF head(name.headFont), below(name.belowFont);
  // Files bring names as long as paths: their end tells them apart.
  name.head = head.elidedText(name.head, Qt::ElideMiddle, std::max(kLongestName, m_area.width() * kNameShare));
  name.size = {std::max(head.horizontalAdvance(name.head), below.horizontalAdvance(name.below)), head.height() + below.height()};
  return name;
}

QRectF Writer::labelArea() const {
  QRectF area;
  const qreal letters = QFontMetricsF(m_style.font(11)).height(), line = kBarHeight + letters, note = turned() ? letters : 0;
  for (const Block& block : m_layout.blocks) {
    for (const bool kernels : {false, true}) {
      if (kernels && block.kernelSheetCount == 0) continue;
      const BlockName name = nameOf(block, kernels);
      area |= nameRect(name.anchor, name.size);
      if (hasLegends()) area |= legendRect(kernels ? block.kernelLegendAnchor : block.legendAnchor, {barWidth() + 8, line + note}, line);
    }
  }
  return area;
}

// A small triangle before the name: it points to what is folded away. On other layers it comes with the pointer.
void Writer::foldMark(const BlockName& name, const QRectF& rect, qreal headLeft, qreal headBaseline) {
  const qreal side = QFontMetricsF(name.headFont).xHeight();
  const QRectF mark(headLeft - side * 1.7, headBaseline - side, side, side);
  if (m_names) m_names->push_back({name.block, rect.united(mark.adjusted(-4, -4, 4, 4)), mark.adjusted(-6, -6, 6, 6)});
  if (!name.folded && name.block != m_pointed) return;
  const QPolygonF right({mark.topLeft(), QPointF(mark.right(), mark.center().y()), mark.bottomLeft()});
  const QPolygonF down({mark.topLeft(), mark.topRight(), QPointF(mark.center().x(), mark.bottom())});
  m_painter.setRenderHint(QPainter::Antialiasing);
  m_painter.setPen(Qt::NoPen);
  m_painter.setBrush(name.block == m_pointed ? m_style.accent : m_style.muted);
  m_painter.drawPolygon(name.folded ? right : down);
}

// A place at the rim of the picture, the upper left corner first, that covers neither cells nor words; that corner, where there is none.
QRectF Writer::alongRim(const QSizeF& size) const {
  constexpr int kPlaces = 12;  // along each side
  const QRectF room = m_area.adjusted(kEdge + 6, kEdge + 4, -kEdge - 6 - size.width(), -kEdge - 4 - size.height());
  for (int i = 0; i <= kPlaces; ++i) {
    const qreal x = room.left() + room.width() * i / kPlaces, y = room.top() + room.height() * i / kPlaces;
    for (const QPointF& corner : {QPointF(x, room.top()), {room.left(), y}, {x, room.bottom()}, {room.right(), y}})
      if (const QRectF rect(corner, size); isFree(rect.adjusted(-6, -4, 6, 4)) && !coversCells(rect)) return rect;
  }
  return {room.topLeft(), size};
}

// Within a layer its name may lie behind the eye or far to the side: it then stands at the rim.
void Writer::nearName() {
  const QPointF middle = m_area.center();
  const auto seen = scene::pick(m_layout, m_camera.rayThrough({float(middle.x()), float(middle.y())}));
  if (!seen) return;
  const scene::Sheet& sheet = m_layout.sheets[std::size_t(seen->cell.sheet)];
  const float side = std::max(sheet.width(), sheet.height()) * m_camera.pixelsPerUnit(m_layout.center(seen->cell));
  if (m_named.contains(sheet.block) || side < std::min(m_area.width(), m_area.height())) return;
  BlockName name = nameOf(m_layout.blocks[std::size_t(sheet.block)], false);
  const QRectF rect = alongRim(name.size);
  if (!claim(rect.adjusted(-6, -4, 6, 4))) return;
  backing(rect.adjusted(-6, -4, 6, 4));
  const QFontMetricsF head(name.headFont), below(name.belowFont);
  text({rect.left(), rect.top() + head.ascent()}, name.head, name.headFont, name.headInk);
  text({rect.left(), rect.bottom() - below.descent()}, name.below, name.belowFont, name.belowInk);
}

// Above or below what the picture shows of the layer, where there is room.
std::optional<QRectF> Writer::besideCells(const BlockName& name, const QRectF& wanted) const {
  const Block& block = m_layout.blocks[std::size_t(name.of)];
  const bool kernels = name.block < 0;
  const QRectF extent = kernels ? extentOf(block.firstKernelSheet, block.kernelSheetCount) : extentOf(block.firstSheet, block.sheetCount);
  for (const qreal top : {extent.top() - wanted.height() - 4, extent.bottom() + 4}) {
    const QRectF rect(QPointF(wanted.left(), top), wanted.size());
    if (m_area.adjusted(kEdge - 1, 2, 1 - kEdge, -2).contains(rect) && isFree(rect.adjusted(-2, 0, 2, 0)) && !coversCells(rect))
      return rect;
  }
  return std::nullopt;
}

// A little above or below where a name is wanted, where that lies over words; to the left of cells, where it lies over these.
std::optional<QRectF> Writer::asidePlace(const QRectF& wanted, std::span<const qreal> steps) const {
  const auto free = [this](const QRectF& rect) { return isFree(rect.adjusted(-2, 0, 2, 0)); };
  const auto ink = [](const QRectF& rect) { return rect.adjusted(0, kInkWithin, 0, kRounded); };
  std::optional<QRectF> first;
  for (const qreal step : steps) {
    const QRectF rect = wanted.translated(0, step * wanted.height());
    if ((turned() && step != 0) || !free(rect)) continue;
    if (!coversCells(ink(rect))) return rect;
    if (!first) first = rect;
  }
  if (!first || turned()) return std::nullopt;
  std::optional<QRectF> past = pastCells(ink(*first), true, std::max(kFarthestAside, wanted.width()));
  if (past) past = first->translated(past->left() - first->left(), 0.0);
  return past && free(*past) ? past : std::nullopt;
}

// Where it is wanted or aside; where layers lie close together without its second line; else above or below its layer.
std::optional<QRectF> Writer::placeOf(BlockName& name, const QRectF& wanted) const {
  constexpr qreal kNear[] = {0.0, 0.25, -0.25}, kFar[] = {0.0, 0.25, -0.25, 0.5, -0.5};
  const bool kernels = name.block < 0;
  if (const auto place = asidePlace(wanted, kernels ? std::span<const qreal>(kFar) : std::span<const qreal>(kNear))) return place;
  if (!kernels && !turned()) {
    const QFontMetricsF head(name.headFont);
    const qreal wide = head.horizontalAdvance(name.head);
    const QRectF line(wanted.right() - wide, wanted.center().y() - head.height() / 2, wide, head.height());
    if (const auto place = asidePlace(line, kFar)) {
      name.below.clear();
      return place;
    }
  }
  return besideCells(name, wanted);
}

// At the border of the picture a name stays in it, on a ground of its own, as long as it covers no cells there.
void Writer::write(BlockName name) {
  const QRectF wanted = nameRect(name.anchor, name.size);
  if (!wanted.adjusted(-m_area.width() / 2, -m_area.height() / 2, m_area.width() / 2, m_area.height() / 2).intersects(m_area)) return;
  QRectF rect = wanted;
  rect.moveLeft(std::clamp(rect.left(), kEdge, std::max(kEdge, m_area.width() - kEdge - rect.width())));
  if (turned()) rect.moveTop(std::min(rect.top(), m_area.height() - kEdge - rect.height()));
  if (rect.bottom() < 0 || rect.top() > m_area.height()) return;
  // Names below their layers may stand in two rows.
  if (turned() && !isFree(rect.adjusted(-2, 0, 2, 0))) rect.translate(0, rect.height());
  if (turned() && rect.bottom() > m_area.height()) return;
  const std::optional<QRectF> place = placeOf(name, rect);
  if (!place) return;
  rect = *place;
  m_taken.push_back(rect.adjusted(-2, 0, 2, 0));
  if (wanted.left() < kEdge || rect.bottom() < wanted.top()) backing(rect.adjusted(-4, 0, 4, 0));
  const QFontMetricsF head(name.headFont), below(name.belowFont);
  const auto left = [&](const QFontMetricsF& metrics, const QString& words) {
    const qreal rest = rect.width() - metrics.horizontalAdvance(words);
    return rect.left() + (turned() ? rest / 2 : rest);
  };
  text({left(head, name.head), rect.top() + head.ascent()}, name.head, name.headFont, name.headInk);
  m_named.insert(name.block);
  if (name.block >= 0) foldMark(name, rect, left(head, name.head), rect.top() + head.ascent());
  text({left(below, name.below), rect.bottom() - below.descent()}, name.below, name.belowFont, name.belowInk);
}

// Nothing is written over the ways between stages.
void Writer::reserveRoutes() {
  constexpr double kPiecePx = 12, kMostPieces = 200;  // a way across the picture at an angle takes no more room than it needs
  for (const scene::Route& route : m_layout.routes) {
    for (std::size_t i = 1; i < route.points.size(); ++i) {
      const Vec3 from = m_camera.project(route.points[i - 1]), to = m_camera.project(route.points[i]);
      if (from.z <= 0 || to.z <= 0) continue;
      const QLineF line(from.x, from.y, to.x, to.y);
      const double pieces = std::clamp(std::ceil(line.length() / kPiecePx), 1.0, kMostPieces);
      for (double k = 0; k < pieces; ++k) {
        const QRectF piece = QRectF(line.pointAt(k / pieces), line.pointAt((k + 1) / pieces)).normalized().adjusted(-1, -1, 1, 1);
        if (piece.intersects(m_area)) m_taken.push_back(piece);
      }
    }
  }
}

void Writer::layers() {
  // The layer that the data have just reached is named first, then where they come from and end up: the others make room.
  const int reachedLast = m_state.highlight() ? m_state.highlight()->reachedBlock : -1;
  const auto rank = [&](const Block& block) {
    return &block - m_layout.blocks.data() == reachedLast ? 0 : block.isInput || block.isOutput ? 1 : 2;
  };
  for (int turn = 0; turn < 3; ++turn)
    for (auto block = m_layout.blocks.rbegin(); block != m_layout.blocks.rend(); ++block)
      if (rank(*block) == turn && visible(block->bounds)) write(nameOf(*block, false));
  for (const Block& block : m_layout.blocks)
    if (visible(block.bounds)) receptiveField(block, nameOf(block, false));
  for (const Block& block : m_layout.blocks)
    if (block.kernelSheetCount > 0 && visible(block.kernelBounds)) write(nameOf(block, true));
  nearName();
  for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
    const Block& block = m_layout.blocks[b];
    if (visible(block.bounds) && !m_state.resting() && !block.folded) {
      const QRectF written = legend(block.legendAnchor, legendOf(int(b), false));
      const auto named = [&](const WrittenName& name) { return name.block == int(b); };
      if (m_names)
        if (const auto name = std::find_if(m_names->begin(), m_names->end(), named); name != m_names->end()) name->legend = written;
    }
    if (block.kernelSheetCount > 0 && visible(block.kernelBounds)) legend(block.kernelLegendAnchor, legendOf(int(b), true));
  }
  notes();
}

QString numberText(float value) {
  return QString::fromStdString(scene::shortNumber(value));
}

// Fits the scene as reset() does, sees which labels would lie outside, and makes room for them.
scene::Margins overlayMargins(const scene::SceneState& state, const SceneStyle& style, QSizeF size, qreal foot) {
  if (state.empty()) return {};
  const float shrink = std::clamp(float(size.height()) / 800, 0.6f, 1.4f);
  const bool turned = state.layout()->arrangement == scene::Arrangement::Rightward;  // the winner stands on the right
  scene::Margins margins{40, (turned ? 40 : 78) * style.textScale * shrink, turned ? 96 * style.textScale : 60, 44 * shrink};
  const float taken = state.animation() ? float(foot + captionHeight(state, style, size)) + 10 : float(foot);
  margins.bottom = std::max(margins.bottom, taken + (state.animation() ? 14 : 4));
  if (state.animation() && state.animation()->animation->type().closeUp)
    return {56 * shrink, 40 * shrink, 56 * shrink, margins.bottom};  // the eye is close to a few maps
  scene::Camera camera;
  camera.setScene(*state.layout());
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds; ++round) {
    camera.setViewport(float(size.width()), float(size.height()), margins);
    camera.reset(false);
    QPicture nowhere;
    QPainter painter(&nowhere);
    const QRectF needed = Writer(painter, state, camera, style).labelArea();
    const float left = float(kEdge - needed.left()), right = float(needed.right() - (size.width() - kEdge)),
                bottom = float(needed.bottom() - (size.height() - kEdge - taken)), top = float(kEdge - needed.top());
    if (left <= 1 && right <= 1 && bottom <= 1 && top <= 1) break;
    const float most = float(size.width()) * 0.3f;
    margins.left = std::min(margins.left + std::max(left, 0.0f), most);
    margins.right = std::min(margins.right + std::max(right, 0.0f), most);
    margins.top = std::min(margins.top + std::max(top, 0.0f), std::max(margins.top, float(size.height()) * 0.3f));
    margins.bottom = std::min(margins.bottom + std::max(bottom, 0.0f), float(size.height()) * 0.3f + taken);
  }
  return margins;
}

void drawOverlay(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style,
                 const OverlayOptions& options) {
  if (state.empty()) return;
  painter.setRenderHint(QPainter::TextAntialiasing);
  Writer writer(painter, state, camera, style);
  writer.record(options);
  writer.reserve(options.reserved);
  writer.reserveRoutes();
  writer.caption(options.foot);
  if (options.key) writer.key();
  writer.outputs();
  if (options.names) options.names->clear();
  writer.layers();
  writer.mapNames();
  writer.shares();
  writer.invitation();
  writer.numbers(options.motion);
  if (!state.animation()) writer.pins();
  writer.paddingZeros();
  if (options.tag) writer.tag(options.foot);
}

}  // namespace render
