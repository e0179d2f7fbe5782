#include "render/CpuScene.h"

#include <cmath>
#include <numeric>

#include <QCoreApplication>
#include <QImage>
#include <QPaintEngine>
#include <QPixmapCache>
#include <QRadialGradient>
#include <QThread>

#include "render/FarBlocks.h"
#include "render/Instances.h"
#include "render/Lines.h"

namespace render {
namespace {

using scene::Sheet;
using scene::Vec3;

constexpr float kSmallestTilePx = 4;  // kernels smaller than this are drawn without the gaps between them
constexpr int kMostVectorCells = 64;  // along one side of a sheet in a file of vectors
constexpr qreal kSeamPx = 0.3;        // polygons overlap by so much: viewers would show the ground between them
constexpr float kLinesFromPx = 7;     // cells larger than this get lines between them

QPointF pixel(const scene::Camera& camera, const Vec3& point) {
  const Vec3 at = camera.project(point);
  return {at.x, at.y};
}

QRgb faded(scene::Rgb color, const QColor& towards, float share) {
  const auto channel = [share](int a, int b) { return int(std::lround(float(a) + float(b - a) * share)); };
  return qRgb(channel(color.r, towards.red()), channel(color.g, towards.green()), channel(color.b, towards.blue()));
}

bool isVector(const QPainter& painter) {
  const QPaintEngine::Type type = painter.paintEngine()->type();
  return type == QPaintEngine::SVG || type == QPaintEngine::Pdf;
}

// One sheet at a time: its cells become a small image that is drawn into the sheet's outline on the screen.
class SheetPainter {
 public:
  SheetPainter(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const Look& look, const Motion& motion)
      : m_painter(painter), m_state(state), m_camera(camera), m_look(look), m_motion(motion), m_fade(look.fade()) {
    const QColor blank = look.blank();
    m_blank = {std::uint8_t(blank.red()), std::uint8_t(blank.green()), std::uint8_t(blank.blue())};
  }

  void draw(int index) {
    const Sheet& sheet = m_state.layout()->sheets[std::size_t(index)];
    const float columns = sheet.width() / sheet.pitch, rows = sheet.height() / sheet.pitch;
    for (const float x : {0.0f, columns})
      for (const float y : {0.0f, rows})
        if (m_camera.project(sheet.point(x, y)).z <= 0) return;
    m_dimming = dimmingOf(m_state, sheet, m_motion);
    m_scale = &m_state.scaleOf(index);
    m_map = &m_look.map(*m_scale);
    m_focus = m_state.discussion() ? m_state.discussion()->focus[std::size_t(index)] : scene::SheetFocus{};
    sides(sheet);
    if (sheet.kind == Sheet::Kind::Slab) {
      slab(sheet);
    } else if (sheet.kind == Sheet::Kind::Kernels) {
      kernels(sheet);
    } else {
      place(image(sheet, 0, sheet.rows, sheet.columns), sheet, 0, 0);
      marks(sheet);
      lines(sheet, 0, 0, sheet.columns, sheet.rows);
      if (sheet.rows * sheet.columns == sheet.count) rim(sheet);
    }
  }

  void draw(const FarSlab& slab) {
    QPolygonF outline;
    for (const auto& [x, y] : {std::pair(0.0f, 0.0f), {slab.width, 0.0f}, {slab.width, slab.height}, {0.0f, slab.height}}) {
      const Vec3 corner = slab.origin + slab.right * x + slab.down * y;
      if (m_camera.project(corner).z <= 0) return;
      outline << pixel(m_camera, corner);
    }
    const scene::Rgb colour{std::uint8_t(m_look.slab.red()), std::uint8_t(m_look.slab.green()), std::uint8_t(m_look.slab.blue())};
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(QColor(faded(colour, m_fade, kDimmed * m_motion.dimming)));
    m_painter.drawPolygon(outline);
  }

 private:
  QPolygonF quad(const Sheet& sheet, float x, float y, float width, float height) const {
    return QPolygonF({pixel(m_camera, sheet.point(x, y)), pixel(m_camera, sheet.point(x + width, y)),
                      pixel(m_camera, sheet.point(x + width, y + height)), pixel(m_camera, sheet.point(x, y + height))});
  }

  void sides(const Sheet& sheet) {
    const float thickness = slabThickness(sheet, m_state.layout()->blocks[std::size_t(sheet.block)]);
    if (thickness <= 0 || m_state.layout()->arrangement == scene::Arrangement::Flat) return;
    const Vec3 back = sheet.normal() * -thickness;
    const Vec3 corners[4] = {sheet.point(0, 0), sheet.point(float(sheet.columns), 0), sheet.point(float(sheet.columns), float(sheet.rows)),
                             sheet.point(0, float(sheet.rows))};
    const float brightness[4] = {0.55f, 0.6f, 1.0f, 0.6f};
    m_painter.setPen(Qt::NoPen);
    for (int i = 0; i < 4; ++i) {
      const Vec3 &a = corners[i], &b = corners[(i + 1) % 4];
      const scene::Rgb shade{std::uint8_t(m_look.slabShade.red()), std::uint8_t(m_look.slabShade.green()),
                             std::uint8_t(m_look.slabShade.blue())};
      const QColor side = QColor(faded(shade, m_look.slab, brightness[i]));
      m_painter.setBrush(
          QColor(faded({std::uint8_t(side.red()), std::uint8_t(side.green()), std::uint8_t(side.blue())}, m_fade, m_dimming * 0.6f)));
      m_painter.drawPolygon(QPolygonF({pixel(m_camera, a), pixel(m_camera, b), pixel(m_camera, b + back), pixel(m_camera, a + back)}));
    }
  }

  // A whole layer, folded away.
  void slab(const Sheet& sheet) {
    const scene::Rgb colour{std::uint8_t(m_look.slab.red()), std::uint8_t(m_look.slab.green()), std::uint8_t(m_look.slab.blue())};
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(QColor(faded(colour, m_fade, m_focus.lit ? 0 : m_dimming)));
    m_painter.drawPolygon(quad(sheet, 0, 0, float(sheet.columns), float(sheet.rows)));
  }

  // A fine line sets every sheet off from the next.
  void rim(const Sheet& sheet) {
    const scene::Rgb slab{std::uint8_t(m_look.slab.red()), std::uint8_t(m_look.slab.green()), std::uint8_t(m_look.slab.blue())};
    m_painter.setPen(QPen(QColor(faded(slab, m_fade, m_dimming)), 1));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawPolygon(quad(sheet, 0, 0, float(sheet.columns), float(sheet.rows)));
  }

  // A corner above right in saturated cells, as in shaders/sheet.frag.
  void marks(const Sheet& sheet) {
    const std::optional<scene::Limits> limits = saturationOf(m_state, sheet);
    if (!limits || m_camera.pixelsPerUnit(sheet.center()) * sheet.pitch < kMarkFromPx) return;
    m_painter.setPen(Qt::NoPen);
    for (int i = 0; i < sheet.count; ++i) {
      const float value = m_state.cells()[sheet.firstCell + std::size_t(i)];
      if (!limits->reached(value) || m_focus.blank(i)) continue;
      const float right = float(i % sheet.columns + 1), top = float(i / sheet.columns);
      m_painter.setBrush(scene::lightnessOf(m_map->at(m_scale->position(value))) > 0.6f ? QColor(0, 0, 0, 217)
                                                                                        : QColor(255, 255, 255, 217));
      m_painter.drawPolygon(QPolygonF({pixel(m_camera, sheet.point(right - kMarkShare, top)), pixel(m_camera, sheet.point(right, top)),
                                       pixel(m_camera, sheet.point(right, top + kMarkShare))}));
    }
  }

  bool lit(int column, int row, int tile) const {
    if (!m_focus.lit) return false;
    if (m_focus.tile >= 0 && m_focus.tile != tile) return false;
    return m_focus.whole() ||
           (column >= m_focus.firstColumn && column <= m_focus.lastColumn && row >= m_focus.firstRow && row <= m_focus.lastRow);
  }

  QImage image(const Sheet& sheet, int tile, int rows, int columns) const {
    QImage result(columns, rows, QImage::Format_ARGB32_Premultiplied);
    const int area = sheet.rows * sheet.columns;
    for (int r = 0; r < rows; ++r) {
      auto* line = reinterpret_cast<QRgb*>(result.scanLine(r));
      for (int c = 0; c < columns; ++c) {
        const int index = tile * area + r * sheet.columns + c;
        if (index >= sheet.count) {
          line[c] = 0;
          continue;
        }
        const float value = m_state.cells()[sheet.firstCell + std::size_t(index)];
        const scene::Rgb colour = m_focus.blank(index) ? m_blank : m_map->at(m_scale->position(value));
        line[c] = faded(colour, m_fade, lit(c, r, tile) ? 0 : m_dimming);
      }
    }
    return result;
  }

  void place(const QImage& picture, const Sheet& sheet, float x, float y) {
    if (m_vectors) return placeCells(picture, sheet, x, y);
    const QPolygonF to = quad(sheet, x, y, float(picture.width()), float(picture.height()));
    const QRectF source(0, 0, picture.width(), picture.height());
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

  // For files of vectors, which know no images in perspective: each cell on its own, or a few cells as one where they are too many.
  void placeCells(const QImage& picture, const Sheet& sheet, float x, float y) {
    const int step = (std::max(picture.width(), picture.height()) + kMostVectorCells - 1) / kMostVectorCells;
    for (int row = 0; row < picture.height(); row += step)
      for (int column = 0; column < picture.width(); column += step) {
        const QColor color = QColor::fromRgba(picture.pixel(column, row));
        if (color.alpha() == 0) continue;
        m_painter.setPen(QPen(color, kSeamPx));
        m_painter.setBrush(color);
        m_painter.drawPolygon(quad(sheet, x + float(column), y + float(row), float(std::min(step, picture.width() - column)),
                                   float(std::min(step, picture.height() - row))));
      }
  }

  void lines(const Sheet& sheet, float x, float y, int columns, int rows) {
    const float cellPx = m_camera.pixelsPerUnit(sheet.center()) * sheet.pitch;
    const bool vector = sheet.kind == Sheet::Kind::Vector;
    if ((cellPx < kLinesFromPx && !vector) || columns * rows == 1 || cellPx < 3) return;
    QColor color = m_look.slab;
    color.setAlphaF(vector ? 1.0f : 0.6f * std::clamp((cellPx - kLinesFromPx) / 8, 0.0f, 1.0f));
    m_painter.setPen(QPen(color, vector ? std::max(1.0f, cellPx * 0.09f) : 1));
    for (int c = 1; c < columns; ++c)
      m_painter.drawLine(pixel(m_camera, sheet.point(x + float(c), y)), pixel(m_camera, sheet.point(x + float(c), y + float(rows))));
    for (int r = 1; r < rows; ++r)
      m_painter.drawLine(pixel(m_camera, sheet.point(x, y + float(r))), pixel(m_camera, sheet.point(x + float(columns), y + float(r))));
  }

  void kernels(const Sheet& sheet) {
    const float cellPx = m_camera.pixelsPerUnit(sheet.center()) * sheet.pitch;
    if (cellPx * float(std::max(sheet.rows, sheet.columns)) < kSmallestTilePx) {
      wholeKernels(sheet);
      return;
    }
    for (int tile = 0; tile < sheet.tileCount; ++tile) {
      const float x = float(tile % sheet.tilesAcross) * (float(sheet.columns) + sheet.tileGap);
      const float y = float(tile / sheet.tilesAcross) * (float(sheet.rows) + sheet.tileGap);
      place(image(sheet, tile, sheet.rows, sheet.columns), sheet, x, y);
      lines(sheet, x, y, sheet.columns, sheet.rows);
    }
  }

  // Each kernel as one dot: its mean weight.
  void wholeKernels(const Sheet& sheet) {
    const int down = (sheet.tileCount + sheet.tilesAcross - 1) / sheet.tilesAcross, area = sheet.rows * sheet.columns;
    QImage result(sheet.tilesAcross, down, QImage::Format_ARGB32_Premultiplied);
    result.fill(Qt::transparent);
    for (int tile = 0; tile < sheet.tileCount; ++tile) {
      const auto weights = m_state.cells().subspan(sheet.firstCell + std::size_t(tile * area), std::size_t(area));
      const float mean = std::accumulate(weights.begin(), weights.end(), 0.0f) / float(area);
      result.setPixel(tile % sheet.tilesAcross, tile / sheet.tilesAcross,
                      faded(m_map->at(m_scale->position(mean)), m_fade, lit(0, 0, tile) ? 0 : m_dimming));
    }
    const QPolygonF to = quad(sheet, 0, 0, sheet.width() / sheet.pitch, sheet.height() / sheet.pitch);
    m_painter.drawImage(to.boundingRect(), result);  // a few pixels: an image in every kind of file
  }

  QPainter& m_painter;
  const scene::SceneState& m_state;
  const scene::Camera& m_camera;
  const Look& m_look;
  Motion m_motion;
  QColor m_fade;
  scene::Rgb m_blank;
  bool m_vectors = isVector(m_painter);
  float m_dimming = 0;
  const scene::Scale* m_scale = nullptr;
  const scene::ColorMap* m_map = nullptr;
  scene::SheetFocus m_focus;
};

void drawLight(QPainter& painter, const QSizeF& size, const Look& look) {
  QRadialGradient light(0.5, 0.46, 0.64);
  constexpr int kStops = 12;
  for (int i = 0; i <= kStops; ++i) {
    const qreal at = qreal(i) / kStops, share = (1 - at * at) * (1 - at * at);
    const auto mixed = [share](int from, int to) { return int(std::lround(from + (to - from) * share)); };
    light.setColorAt(at, QColor(mixed(look.ground.red(), look.glow.red()), mixed(look.ground.green(), look.glow.green()),
                                mixed(look.ground.blue(), look.glow.blue())));
  }
  painter.save();
  painter.scale(size.width(), size.height());
  painter.fillRect(QRectF(0, 0, 1, 1), light);
  painter.restore();
}

// The soft light behind the middle: dear for the CPU, so the UI thread keeps it for the next picture of the same size.
void drawGround(QPainter& painter, const QSizeF& area, const Look& look) {
  if (isVector(painter) || QThread::currentThread() != QCoreApplication::instance()->thread()) return drawLight(painter, area, look);
  const QSize size = area.toSize();
  const qreal ratio = painter.device()->devicePixelRatioF();
  const QString key = QStringLiteral("convscope-ground-%1x%2-%3-%4%5")
                          .arg(size.width())
                          .arg(size.height())
                          .arg(ratio)
                          .arg(look.glow.name(), look.ground.name());
  QPixmap kept;
  if (!QPixmapCache::find(key, &kept)) {
    kept = QPixmap(size * ratio);
    kept.setDevicePixelRatio(ratio);
    QPainter onto(&kept);
    drawLight(onto, size, look);
    onto.end();
    QPixmapCache::insert(key, kept);
  }
  painter.drawPixmap(0, 0, kept);
}

void drawLines(QPainter& painter, const std::vector<Line>& lines, const scene::Camera& camera, float progress, float scale) {
  for (const Line& line : lines) {
    QPolygonF points;
    const std::size_t count =
        line.grows ? std::max<std::size_t>(2, std::size_t(std::lround(progress * float(line.points.size())))) : line.points.size();
    bool behind = false;
    for (std::size_t i = 0; i < std::min(count, line.points.size()); ++i) {
      behind = behind || camera.project(line.points[i]).z <= 0;
      points << pixel(camera, line.points[i]);
    }
    if (behind) continue;
    painter.setPen(QPen(line.color, line.widthPx * scale, Qt::SolidLine, Qt::RoundCap, line.closed ? Qt::MiterJoin : Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    line.closed ? painter.drawPolygon(points) : painter.drawPolyline(points);
  }
}

}  // namespace

void drawWithPainter(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const Look& look,
                     const Motion& motion) {
  const QRectF area(0, 0, camera.widthPx(), camera.heightPx());
  drawGround(painter, area.size(), look);
  if (state.empty()) return;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setOpacity(1 - double(kDimmed * motion.dimming));
  drawLines(painter, threads(state, look), camera, 1, look.lineScale);
  painter.setOpacity(1);
  const Vec3 eye = camera.eye(), forward = camera.forward();
  const auto& sheets = state.layout()->sheets;
  const std::vector<bool> far = farBlocks(state, camera);
  std::vector<FarSlab> slabs;
  for (std::size_t b = 0; b < far.size(); ++b) {
    if (!far[b]) continue;
    const std::vector<FarSlab> own = slabsOf(*state.layout(), int(b));
    slabs.insert(slabs.end(), own.begin(), own.end());
  }
  std::vector<std::pair<float, int>> order;  // sheets, then slabs
  for (std::size_t i = 0; i < slabs.size(); ++i) order.push_back({-dot(slabs[i].center() - eye, forward), int(sheets.size() + i)});
  for (std::size_t i = 0; i < sheets.size(); ++i)
    if (drawnAlone(sheets[i], far)) order.push_back({-dot(sheets[i].center() - eye, forward), int(i)});
  std::sort(order.begin(), order.end());
  SheetPainter sheetPainter(painter, state, camera, look, motion);
  for (const auto& [depth, index] : order)
    index < int(sheets.size()) ? sheetPainter.draw(index) : sheetPainter.draw(slabs[std::size_t(index) - sheets.size()]);
  drawLines(painter, discussionLines(state, look), camera, motion.progress, look.lineScale);
}

}  // namespace render
