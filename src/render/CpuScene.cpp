#include "render/CpuScene.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <QCoreApplication>
#include <QImage>
#include <QPixmapCache>
#include <QRadialGradient>
#include <QThread>

#include "render/Instances.h"
#include "render/Lines.h"
#include "render/SheetPainter.h"

namespace render {
namespace {

using scene::Sheet;

constexpr std::size_t kMostVectorParts = 9000;  // of a file of vectors: of the layers with most, each becomes one picture
constexpr double kMostPicturePixels = 2.4e6;    // of all those pictures together, which then are still sharp when enlarged
constexpr double kFinest = 4, kCoarsest = 1;    // pixels of such a picture for one of the view

void drawLight(QPainter& painter, const QSizeF& size, const SceneStyle& style) {
  QRadialGradient light(0.5, 0.46, 0.64);
  constexpr int kStops = 12;
  for (int i = 0; i <= kStops; ++i) {
    const qreal at = qreal(i) / kStops, share = (1 - at * at) * (1 - at * at);
    const auto mixed = [share](int from, int to) { return int(std::lround(from + (to - from) * share)); };
    light.setColorAt(at, QColor(mixed(style.ground.red(), style.glow.red()), mixed(style.ground.green(), style.glow.green()),
                                mixed(style.ground.blue(), style.glow.blue())));
  }
  painter.save();
  painter.scale(size.width(), size.height());
  painter.fillRect(QRectF(0, 0, 1, 1), light);
  painter.restore();
}

// The soft light behind the middle: dear for the CPU, so the UI thread keeps it for the next picture of the same size.
void drawGround(QPainter& painter, const QSizeF& area, const SceneStyle& style) {
  // Scaled to 125 %, or by the readers of a file, the last row may be a part of a pixel.
  painter.fillRect(QRectF(QPointF(-1, -1), area + QSizeF(2, 2)), style.ground);
  if (isVector(painter) || QThread::currentThread() != QCoreApplication::instance()->thread()) return drawLight(painter, area, style);
  const QSize size = area.toSize();
  const qreal ratio = painter.device()->devicePixelRatioF();
  const QString key = QStringLiteral("convscope-ground-%1x%2-%3-%4%5")
                          .arg(size.width())
                          .arg(size.height())
                          .arg(ratio)
                          .arg(style.glow.name(), style.ground.name());
  QPixmap kept;
  if (!QPixmapCache::find(key, &kept)) {
    kept = QPixmap(int(std::ceil(size.width() * ratio)), int(std::ceil(size.height() * ratio)));
    kept.fill(style.ground);
    kept.setDevicePixelRatio(ratio);
    QPainter onto(&kept);
    drawLight(onto, size, style);
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
      points << pixelOf(camera, line.points[i]);
    }
    if (behind) continue;
    painter.setPen(QPen(line.color, line.widthPx * scale, Qt::SolidLine, Qt::RoundCap, line.closed ? Qt::MiterJoin : Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    line.closed ? painter.drawPolygon(points) : painter.drawPolyline(points);
  }
}

void draw(SheetPainter& painter, const BackToFront& all, int index) {
  all.isSheet(index) ? painter.draw(index) : painter.draw(all.slab(index));
}

// The maps of a layer, or its kernels, in a file of vectors.
struct Group {
  std::size_t parts = 0;
  QRectF extent;
  std::vector<int> sheets;  // from the farthest on
  float depth = 0;          // in the middle
};

// One picture of a group, a little finer than the view.
void drawPicture(QPainter& painter, const Group& group, double fine, const std::function<void(QPainter&)>& draw) {
  const QRect area = group.extent.toAlignedRect();
  QImage picture(QSize(int(std::ceil(area.width() * fine)), int(std::ceil(area.height() * fine))), QImage::Format_ARGB32_Premultiplied);
  if (picture.isNull()) return;
  picture.fill(Qt::transparent);
  QPainter onto(&picture);
  onto.setRenderHint(QPainter::Antialiasing);
  onto.scale(picture.width() / double(area.width()), picture.height() / double(area.height()));
  onto.translate(-area.topLeft());
  draw(onto);
  onto.end();
  painter.drawImage(area, picture);
}

// Groups by twice the block's number, one more for its kernels. The cells stay vectors while they are few.
void drawVectors(QPainter& painter, const BackToFront& all, const scene::SceneState& state, const scene::Camera& camera,
                 const SceneStyle& style, const Motion& motion) {
  SheetPainter sheets(painter, state, camera, style, motion);
  const auto groupOf = [&](int index) {
    const Sheet& sheet = state.layout()->sheets[std::size_t(index)];
    return 2 * sheet.block + (sheet.kind == Sheet::Kind::Kernels ? 1 : 0);
  };
  const QRectF view(0, 0, camera.widthPx(), camera.heightPx());
  std::map<int, Group> groups;
  std::size_t parts = 0;
  for (const auto& [depth, index] : all.order) {
    const QRectF extent = all.isSheet(index) ? sheets.extent(index) & view : QRectF();
    if (extent.isEmpty()) continue;  // out of the picture
    Group& group = groups[groupOf(index)];
    const std::size_t own = sheets.vectorParts(index);
    group.parts += own, parts += own;
    group.extent |= extent;
    group.depth += (depth - group.depth) / float(group.sheets.size() + 1);
    group.sheets.push_back(index);
  }
  std::vector<std::pair<std::size_t, int>> largest;
  for (const auto& [key, group] : groups) largest.push_back({group.parts, key});
  std::sort(largest.rbegin(), largest.rend());
  double area = 0;
  std::vector<std::pair<float, int>> order;  // depth, and a sheet or slab, or behind them a group
  std::set<int> pictures;
  for (const auto& [own, key] : largest) {
    if (parts <= kMostVectorParts) break;
    parts -= own;
    pictures.insert(key);
    area += groups[key].extent.width() * groups[key].extent.height();
    order.push_back({groups[key].depth, -1 - key});
  }
  for (const auto& [depth, index] : all.order)
    if (!all.isSheet(index) || (groups.contains(groupOf(index)) && !pictures.contains(groupOf(index)))) order.push_back({depth, index});
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const double fine = std::clamp(std::sqrt(kMostPicturePixels / std::max(area, 1.0)), kCoarsest, kFinest);
  for (const auto& [depth, index] : order) {
    if (index >= 0) {
      draw(sheets, all, index);
      continue;
    }
    const Group& group = groups[-1 - index];
    drawPicture(painter, group, fine, [&](QPainter& onto) {
      SheetPainter own(onto, state, camera, style, motion);
      for (const int sheet : group.sheets) own.draw(sheet);
    });
  }
}

}  // namespace

void drawWithPainter(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style,
                     const Motion& motion) {
  const QRectF area(0, 0, camera.widthPx(), camera.heightPx());
  drawGround(painter, area.size(), style);
  if (state.empty()) return;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setOpacity(1 - double(kDimmed * motion.dimming));
  drawLines(painter, threads(state, style), camera, 1, style.lineScale);
  painter.setOpacity(1);
  const BackToFront all(state, camera);
  if (isVector(painter)) {
    drawVectors(painter, all, state, camera, style, motion);
  } else {
    SheetPainter sheets(painter, state, camera, style, motion);
    for (const auto& [depth, index] : all.order) draw(sheets, all, index);
  }
  drawLines(painter, highlightLines(state, style), camera, motion.progress, style.lineScale);
}

}  // namespace render
