#include "render/Export.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <QBuffer>
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

SceneCapture atRest(SceneCapture capture) {
  scene::Selection selection = capture.state.selection();
  selection.hovered.reset();
  capture.state.setSelection(selection);
  capture.camera.finish();
  capture.motion = {capture.state.highlight() ? 1.0f : 0.0f, 1.0f};
  return capture;
}

void paint(QPainter& painter, const SceneCapture& capture) {
  drawWithPainter(painter, capture.state, capture.camera, capture.style, capture.motion);
  painter.setRenderHint(QPainter::Antialiasing);
  OverlayOptions overlay;
  overlay.motion = capture.motion;
  drawOverlay(painter, capture.state, capture.camera, capture.style, overlay);
}

int heightFor(const SceneCapture& capture, int widthPx, bool even) {
  const int height = std::max(1, int(std::lround(double(widthPx) * capture.size().height() / std::max(1, capture.size().width()))));
  return even ? height + height % 2 : height;
}

QImage pictureOf(const SceneCapture& capture, int widthPx) {
  QImage picture(widthPx, heightFor(capture, widthPx), QImage::Format_RGB32);
  if (picture.isNull()) return picture;
  const double ratio = double(widthPx) / capture.size().width();
  picture.fill(capture.style.ground);  // the last row may be covered in part
  picture.setDevicePixelRatio(ratio);
  QPainter painter(&picture);
  paint(painter, capture);
  painter.end();
  picture.setDevicePixelRatio(1);
  return picture;
}

namespace {

// Where it is shown the font may not be there: behind its name stands the generic one, which is.
QByteArray withGenericFonts(const QByteArray& svg) {
  static const QByteArray kKey = "font-family=\"";
  QByteArray result;
  result.reserve(svg.size() + (1 << 12));
  qsizetype done = 0;
  for (qsizetype at = svg.indexOf(kKey); at >= 0; at = svg.indexOf(kKey, done)) {
    const qsizetype begin = at + kKey.size(), end = std::max(begin, svg.indexOf('"', begin));
    const QByteArray family = svg.mid(begin, end - begin);
    result += svg.mid(done, begin - done);
    result += family + ", " + (family.toLower().contains("mono") ? "monospace" : "sans-serif");
    done = end;
  }
  return result + svg.mid(done);
}

}  // namespace

bool writeSvg(QIODevice& device, const SceneCapture& capture, const QString& title) {
  QBuffer text;
  text.open(QIODevice::WriteOnly);
  QSvgGenerator generator;
  generator.setOutputDevice(&text);
  generator.setSize(capture.size());
  generator.setViewBox(QRect(QPoint(0, 0), capture.size()));
  generator.setTitle(title);
  QPainter painter;
  if (!painter.begin(&generator)) return false;
  paint(painter, capture);
  if (!painter.end()) return false;
  const QByteArray svg = withGenericFonts(text.data());
  return device.write(svg) == svg.size();
}

bool writePdf(QIODevice& device, const SceneCapture& capture, const QString& title) {
  QPdfWriter writer(&device);
  writer.setTitle(title);
  writer.setCreator(QStringLiteral("ConvScope"));
  writer.setPageSize(QPageSize(QSizeF(capture.size()), QPageSize::Point, {}, QPageSize::ExactMatch));
  writer.setPageMargins({});
  writer.setResolution(kPageDpi);
  QPainter painter;
  if (!painter.begin(&writer)) return false;
  painter.setRenderHint(QPainter::LosslessImageRendering);
  paint(painter, capture);
  return painter.end();
}

SceneCapture turned(const SceneCapture& capture, double share) {
  SceneCapture result = capture;
  result.camera.turn(float(kTurnRadians * std::sin(2 * std::numbers::pi * share)), 0);
  result.camera.finish();
  return result;
}

SceneCapture stepped(const SceneCapture& capture, std::size_t step) {
  SceneCapture result = capture;
  result.state.setAnimation(scene::AnimationStep{capture.state.animation()->animation, step});
  result.motion = {1, 1};
  return result;
}

}  // namespace render
