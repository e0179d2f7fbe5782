#include "render/Export.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>

#include "render/CpuScene.h"
#include "render/Overlay.h"

namespace render {

namespace {
constexpr double kTurnRadians = 0.6;  // to either side
constexpr int kPageDpi = 72;          // a pixel of the view is a point of the page
}  // namespace

Shot atRest(Shot shot) {
  shot.state.setHovered(std::nullopt);
  shot.camera.finish();
  shot.motion = {shot.state.discussion() ? 1.0f : 0.0f, 1.0f};
  return shot;
}

void paint(QPainter& painter, const Shot& shot) {
  drawWithPainter(painter, shot.state, shot.camera, shot.look, shot.motion);
  painter.setRenderHint(QPainter::Antialiasing);
  OverlayOptions overlay;
  overlay.motion = shot.motion;
  drawOverlay(painter, shot.state, shot.camera, shot.look, overlay);
}

int heightFor(const Shot& shot, int widthPx, bool even) {
  const int height = std::max(1, int(std::lround(double(widthPx) * shot.size().height() / std::max(1, shot.size().width()))));
  return even ? height + height % 2 : height;
}

QImage pictureOf(const Shot& shot, int widthPx) {
  QImage picture(widthPx, heightFor(shot, widthPx), QImage::Format_RGB32);
  if (picture.isNull()) return picture;
  const double ratio = double(widthPx) / shot.size().width();
  picture.fill(shot.look.ground);  // the last row may be covered in part
  picture.setDevicePixelRatio(ratio);
  QPainter painter(&picture);
  paint(painter, shot);
  painter.end();
  picture.setDevicePixelRatio(1);
  return picture;
}

bool writeSvg(QIODevice& device, const Shot& shot, const QString& title) {
  QSvgGenerator generator;
  generator.setOutputDevice(&device);
  generator.setSize(shot.size());
  generator.setViewBox(QRect(QPoint(0, 0), shot.size()));
  generator.setTitle(title);
  QPainter painter;
  if (!painter.begin(&generator)) return false;
  paint(painter, shot);
  return painter.end();
}

bool writePdf(QIODevice& device, const Shot& shot, const QString& title) {
  QPdfWriter writer(&device);
  writer.setTitle(title);
  writer.setCreator(QStringLiteral("ConvScope"));
  writer.setPageSize(QPageSize(QSizeF(shot.size()), QPageSize::Point, {}, QPageSize::ExactMatch));
  writer.setPageMargins({});
  writer.setResolution(kPageDpi);
  QPainter painter;
  if (!painter.begin(&writer)) return false;
  painter.setRenderHint(QPainter::LosslessImageRendering);
  paint(painter, shot);
  return painter.end();
}

Shot turned(const Shot& shot, double share) {
  Shot result = shot;
  result.camera.turn(float(kTurnRadians * std::sin(2 * std::numbers::pi * share)), 0);
  result.camera.finish();
  return result;
}

Shot stepped(const Shot& shot, std::size_t step) {
  Shot result = shot;
  scene::Playback playback = *shot.state.playback();
  playback.step = step;
  result.state.setPlayback(playback);
  result.motion = {1, 1};
  return result;
}

}  // namespace render
