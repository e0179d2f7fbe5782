#include "render/SheetPainter.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <QPaintEngine>

#include "render/Instances.h"

namespace render {
namespace {

using scene::Sheet;
using scene::Vec3;

constexpr float kSmallestTilePx = 4;  // kernels smaller than this are drawn without the gaps between them
constexpr float kLinesFromPx = 7;     // cells larger than this get lines between them
constexpr float kOverlap = 0.5f;      // of a cell: polygons of a file reach so far below those that are drawn after them

scene::Rgb rgbOf(const QColor& color) {
  return {std::uint8_t(color.red()), std::uint8_t(color.green()), std::uint8_t(color.blue())};
}

QRgb faded(scene::Rgb color, const QColor& towards, float share) {
  if (share <= 0) return qRgb(color.r, color.g, color.b);
  const auto channel = [share](int a, int b) { return int(std::lround(float(a) + float(b - a) * share)); };
  return qRgb(channel(color.r, towards.red()), channel(color.g, towards.green()), channel(color.b, towards.blue()));
}

// Calls with row, first column and the column behind the last one, for cells of one color beside each other.
template <typename Call>
void forRuns(const QImage& picture, const Call& call) {
  for (int row = 0; row < picture.height(); ++row) {
    const auto* line = reinterpret_cast<const QRgb*>(picture.constScanLine(row));
    for (int first = 0, last = 0; first < picture.width(); first = last) {
      while (last < picture.width() && line[last] == line[first]) ++last;
      if (qAlpha(line[first]) > 0) call(row, first, last);
    }
  }
}

}  // namespace

bool isVector(const QPainter& painter) {
  const QPaintEngine::Type type = painter.paintEngine()->type();
  return type == QPaintEngine::SVG || type == QPaintEngine::Pdf;
}

QPointF pixelOf(const scene::Camera& camera, const Vec3& point) {
  const Vec3 at = camera.project(point);
  return {at.x, at.y};
}

SheetPainter::SheetPainter(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style,
                           const Motion& motion)
    : m_painter(painter),
      m_state(state),
      m_camera(camera),
      m_style(style),
      m_motion(motion),
      m_fade(style.fade()),
      m_blank(rgbOf(style.blank())),
      m_vectors(isVector(painter)) {}

void SheetPainter::use(int index) {
  m_dimming = dimmingOf(m_state, m_state.layout()->sheets[std::size_t(index)], m_motion);
  m_scale = &m_state.shown().scaleOf(index);
  m_map = &m_style.map(*m_scale);
  m_focus = m_state.highlight() ? m_state.highlight()->focus[std::size_t(index)] : scene::SheetFocus{};
}

bool SheetPainter::visible(const Sheet& sheet) const {
  const float columns = sheet.width() / sheet.pitch, rows = sheet.height() / sheet.pitch;
  for (const float x : {0.0f, columns})
    for (const float y : {0.0f, rows})
      if (m_camera.project(sheet.point(x, y)).z <= 0) return false;
  return true;
}

void SheetPainter::draw(int index) {
  const Sheet& sheet = m_state.layout()->sheets[std::size_t(index)];
  if (!visible(sheet)) return;
  use(index);
  sides(sheet);
  if (sheet.kind == Sheet::Kind::Slab) {
    slab(sheet);
  } else if (sheet.kind == Sheet::Kind::Kernels) {
    kernels(sheet);
  } else {
    // Of cells that are smaller than pixels, about one for each pixel.
    const float cellPx = m_camera.pixelsPerUnit(sheet.center()) * sheet.pitch;
    const int step = m_vectors || cellPx >= 1 ? 1 : std::min(int(1 / cellPx), std::max(sheet.rows, sheet.columns));
    place(image(sheet, 0, step), sheet, 0, 0, step);
    marks(sheet);
    lines(sheet, 0, 0, sheet.columns, sheet.rows);
    if (sheet.rows * sheet.columns == sheet.count) rim(sheet);
  }
}

void SheetPainter::draw(const FarSlab& slab) {
  QPolygonF outline;
  for (const auto& [x, y] : {std::pair(0.0f, 0.0f), {slab.width, 0.0f}, {slab.width, slab.height}, {0.0f, slab.height}}) {
    const Vec3 corner = slab.origin + slab.right * x + slab.down * y;
    if (m_camera.project(corner).z <= 0) return;
    outline << pixelOf(m_camera, corner);
  }
  const QColor color = stepped(m_style.slab, kDimmed * m_motion.dimming);
  m_painter.setPen(QPen(color, 0.5));  // no line of the ground between a slab and the next
  m_painter.setBrush(color);
  m_painter.drawPolygon(outline);
}

QRectF SheetPainter::extent(int index) const {
  const Sheet& sheet = m_state.layout()->sheets[std::size_t(index)];
  if (!visible(sheet)) return {};
  const Vec3 back = sheet.normal() * -slabThickness(sheet, m_state.layout()->blocks[std::size_t(sheet.block)]);
  QPolygonF corners;
  for (const float x : {0.0f, sheet.width() / sheet.pitch})
    for (const float y : {0.0f, sheet.height() / sheet.pitch})
      corners << pixelOf(m_camera, sheet.point(x, y)) << pixelOf(m_camera, sheet.point(x, y) + back);
  return corners.boundingRect().adjusted(-1, -1, 1, 1);
}

std::size_t SheetPainter::vectorParts(int index) {
  const Sheet& sheet = m_state.layout()->sheets[std::size_t(index)];
  if (!visible(sheet)) return 0;
  use(index);
  const bool kernels = sheet.kind == Sheet::Kind::Kernels;
  std::size_t parts = kernels ? 0 : 5;  // sides and rim
  if (sheet.kind == Sheet::Kind::Slab || (kernels && tilesAreDots(sheet))) return parts + 1;
  for (int tile = 0; tile < sheet.tileCount; ++tile) {
    forRuns(image(sheet, tile, 1), [&](int, int, int) { ++parts; });
    if (hasLines(sheet, sheet.columns, sheet.rows)) parts += std::size_t(sheet.columns + sheet.rows);
  }
  return parts;
}

QPolygonF SheetPainter::quad(const Sheet& sheet, float x, float y, float width, float height) const {
  return QPolygonF({pixelOf(m_camera, sheet.point(x, y)), pixelOf(m_camera, sheet.point(x + width, y)),
                    pixelOf(m_camera, sheet.point(x + width, y + height)), pixelOf(m_camera, sheet.point(x, y + height))});
}

QColor SheetPainter::stepped(const QColor& color, float share) const {
  return QColor(faded(rgbOf(color), m_fade, share));
}

void SheetPainter::sides(const Sheet& sheet) {
  const float thickness = slabThickness(sheet, m_state.layout()->blocks[std::size_t(sheet.block)]);
  if (thickness <= 0 || m_state.layout()->arrangement == scene::Arrangement::Flat) return;
  const Vec3 back = sheet.normal() * -thickness;
  const Vec3 corners[4] = {sheet.point(0, 0), sheet.point(float(sheet.columns), 0), sheet.point(float(sheet.columns), float(sheet.rows)),
                           sheet.point(0, float(sheet.rows))};
  const float brightness[4] = {0.55f, 0.6f, 1.0f, 0.6f};
  m_painter.setPen(Qt::NoPen);
  for (int i = 0; i < 4; ++i) {
    const Vec3 &a = corners[i], &b = corners[(i + 1) % 4];
    const QColor side = QColor(faded(rgbOf(m_style.slabShade), m_style.slab, brightness[i]));
    m_painter.setBrush(stepped(side, m_dimming * 0.6f));
    m_painter.drawPolygon(
        QPolygonF({pixelOf(m_camera, a), pixelOf(m_camera, b), pixelOf(m_camera, b + back), pixelOf(m_camera, a + back)}));
  }
}

// A whole layer, folded away.
void SheetPainter::slab(const Sheet& sheet) {
  m_painter.setPen(Qt::NoPen);
  m_painter.setBrush(stepped(m_style.slab, m_focus.lit ? 0 : m_dimming));
  m_painter.drawPolygon(quad(sheet, 0, 0, float(sheet.columns), float(sheet.rows)));
}

// A fine line sets every sheet off from the next.
void SheetPainter::rim(const Sheet& sheet) {
  m_painter.setPen(QPen(stepped(m_style.slab, m_dimming), 1));
  m_painter.setBrush(Qt::NoBrush);
  m_painter.drawPolygon(quad(sheet, 0, 0, float(sheet.columns), float(sheet.rows)));
}

// A corner above right in saturated cells, as in shaders/sheet.frag.
void SheetPainter::marks(const Sheet& sheet) {
  const std::optional<scene::Limits> limits = saturationOf(m_state, sheet);
  if (!limits || m_camera.pixelsPerUnit(sheet.center()) * sheet.pitch < kMarkFromPx) return;
  m_painter.setPen(Qt::NoPen);
  for (int i = 0; i < sheet.count; ++i) {
    const float value = m_state.shown().cells()[sheet.firstCell + std::size_t(i)];
    if (!limits->reached(value) || m_focus.blank(i)) continue;
    const float right = float(i % sheet.columns + 1), top = float(i / sheet.columns);
    m_painter.setBrush(scene::lightnessOf(m_map->at(m_scale->position(value))) > 0.6f ? QColor(0, 0, 0, 217) : QColor(255, 255, 255, 217));
    m_painter.drawPolygon(QPolygonF({pixelOf(m_camera, sheet.point(right - kMarkShare, top)), pixelOf(m_camera, sheet.point(right, top)),
                                     pixelOf(m_camera, sheet.point(right, top + kMarkShare))}));
  }
}

bool SheetPainter::lit(int column, int row, int tile) const {
  if (!m_focus.lit) return false;
  if (m_focus.tile >= 0 && m_focus.tile != tile) return false;
  return m_focus.whole() ||
         (column >= m_focus.firstColumn && column <= m_focus.lastColumn && row >= m_focus.firstRow && row <= m_focus.lastRow);
}

QImage SheetPainter::image(const Sheet& sheet, int tile, int step) const {
  QImage result((sheet.columns + step - 1) / step, (sheet.rows + step - 1) / step, QImage::Format_ARGB32_Premultiplied);
  const int area = sheet.rows * sheet.columns;
  for (int r = 0; r < sheet.rows; r += step) {
    auto* line = reinterpret_cast<QRgb*>(result.scanLine(r / step));
    for (int column = 0; column < sheet.columns; column += step) {
      const int index = tile * area + r * sheet.columns + column, c = column / step;
      if (index >= sheet.count) {
        line[c] = 0;
        continue;
      }
      const float* const value = m_state.shown().cells().data() + sheet.firstCell + std::size_t(index);
      const auto light = [&](int channel) { return std::uint8_t(std::lround(std::clamp(value[channel * area], 0.0f, 1.0f) * 255)); };
      const bool picture = sheet.kind == Sheet::Kind::Picture;  // blank, it looks as its channels do
      const scene::Rgb color = picture && !m_state.resting() ? scene::Rgb{light(0), light(1), light(2)}
                               : m_focus.blank(index)        ? m_blank
                                                             : m_map->at(picture ? 0 : m_scale->position(*value));
      line[c] = faded(color, m_fade, lit(column, r, tile) ? 0 : m_dimming);
    }
  }
  return result;
}

void SheetPainter::place(const QImage& picture, const Sheet& sheet, float x, float y, int step) {
  if (m_vectors) return placeCells(picture, sheet, x, y);
  const QPolygonF to = quad(sheet, x, y, float(sheet.columns), float(sheet.rows));
  const QRectF source(0, 0, double(sheet.columns) / step, double(sheet.rows) / step);
  QTransform transform;
  if (!QTransform::quadToQuad(QPolygonF({source.topLeft(), source.topRight(), source.bottomRight(), source.bottomLeft()}), to, transform))
    return;
  m_painter.save();
  if (transform.type() <= QTransform::TxScale) {
    m_painter.drawImage(QRectF(to.boundingRect()), picture, source);
  } else {
    m_painter.setTransform(transform, true);
    m_painter.drawImage(source, picture, source);
  }
  m_painter.restore();
}

// Polygons that only touch would show the ground between them in every reader that softens borders: each reaches below the next one and
// the next row, which are drawn after it.
void SheetPainter::placeCells(const QImage& picture, const Sheet& sheet, float x, float y) {
  m_painter.setPen(Qt::NoPen);
  forRuns(picture, [&](int row, int first, int last) {
    const auto inked = [&](int column, int line) {
      return column < picture.width() && line < picture.height() && qAlpha(picture.pixel(column, line)) > 0;
    };
    const float right = inked(last, row) ? kOverlap : 0, below = inked(last - 1, row + 1) ? kOverlap : 0;
    m_painter.setBrush(QColor(picture.pixel(first, row)));
    m_painter.drawPolygon(quad(sheet, x + float(first), y + float(row), float(last - first) + right, 1 + below));
  });
}

bool SheetPainter::hasLines(const Sheet& sheet, int columns, int rows) const {
  const float cellPx = m_camera.pixelsPerUnit(sheet.center()) * sheet.pitch;
  return (cellPx >= kLinesFromPx || sheet.kind == Sheet::Kind::Vector) && columns * rows > 1 && cellPx >= 3;
}

void SheetPainter::lines(const Sheet& sheet, float x, float y, int columns, int rows) {
  if (!hasLines(sheet, columns, rows)) return;
  const float cellPx = m_camera.pixelsPerUnit(sheet.center()) * sheet.pitch;
  const bool vector = sheet.kind == Sheet::Kind::Vector;
  QColor color = m_style.slab;
  color.setAlphaF(vector ? 1.0f : 0.6f * std::clamp((cellPx - kLinesFromPx) / 8, 0.0f, 1.0f));
  m_painter.setPen(QPen(color, vector ? std::max(1.0f, cellPx * 0.09f) : 1));
  const auto at = [&](float column, float row) { return pixelOf(m_camera, sheet.point(x + column, y + row)); };
  for (int c = 1; c < columns; ++c) m_painter.drawLine(at(float(c), 0), at(float(c), float(rows)));
  for (int r = 1; r < rows; ++r) m_painter.drawLine(at(0, float(r)), at(float(columns), float(r)));
}

bool SheetPainter::tilesAreDots(const Sheet& sheet) const {
  return m_camera.pixelsPerUnit(sheet.center()) * sheet.pitch * float(std::max(sheet.rows, sheet.columns)) < kSmallestTilePx;
}

void SheetPainter::kernels(const Sheet& sheet) {
  if (tilesAreDots(sheet)) return wholeKernels(sheet);
  for (int tile = 0; tile < sheet.tileCount; ++tile) {
    const float x = float(tile % sheet.tilesAcross) * (float(sheet.columns) + sheet.tileGap);
    const float y = float(tile / sheet.tilesAcross) * (float(sheet.rows) + sheet.tileGap);
    place(image(sheet, tile, 1), sheet, x, y, 1);
    lines(sheet, x, y, sheet.columns, sheet.rows);
  }
}

// Each kernel as one dot: its mean weight.
void SheetPainter::wholeKernels(const Sheet& sheet) {
  const int down = (sheet.tileCount + sheet.tilesAcross - 1) / sheet.tilesAcross, area = sheet.rows * sheet.columns;
  QImage result(sheet.tilesAcross, down, QImage::Format_ARGB32_Premultiplied);
  result.fill(Qt::transparent);
  for (int tile = 0; tile < sheet.tileCount; ++tile) {
    const auto weights = m_state.shown().cells().subspan(sheet.firstCell + std::size_t(tile * area), std::size_t(area));
    const float mean = std::accumulate(weights.begin(), weights.end(), 0.0f) / float(area);
    result.setPixel(tile % sheet.tilesAcross, tile / sheet.tilesAcross,
                    faded(m_map->at(m_scale->position(mean)), m_fade, lit(0, 0, tile) ? 0 : m_dimming));
  }
  const QPolygonF to = quad(sheet, 0, 0, sheet.width() / sheet.pitch, sheet.height() / sheet.pitch);
  m_painter.drawImage(to.boundingRect(), result);  // a few pixels: an image in every kind of file
}

}  // namespace render
