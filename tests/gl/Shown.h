// A scene with an overlay for tests of what is written over it: one network with random weights and a drawn seven, seen by a camera of
// its own. Each test makes its own; nothing in it needs a window or OpenGL.
#pragma once

#include <memory>
#include <vector>

#include <QImage>
#include <QPainter>
#include <QPolygonF>

#include "render/Overlay.h"
#include "scene/RandomNetworks.h"

namespace gl_test {

using render::WrittenText;
using scene::Arrangement;

inline constexpr QSize kSize(1280, 800);

struct Shown {
  explicit Shown(const std::shared_ptr<const nn::Network>& network, Arrangement arrangement)
      : parameters(std::make_shared<std::vector<float>>(network->initialParameters(4))) {
    state.setNetwork(scene::SceneRequest{network, arrangement});
    state.setParameters(parameters);
    state.setValues(scene_test::valuesOf(network, *parameters, scene_test::seven(network->inputShape())));
    camera.setScene(*state.layout());
    camera.setViewport(float(kSize.width()), float(kSize.height()), overlayMargins(state, style, kSize));
    camera.reset(false);
  }
  // Towards the first map of a block, as the wheel does over it.
  void approach(int block, float factor) {
    camera.reset(false);
    const scene::Sheet& sheet = state.layout()->sheets[std::size_t(state.layout()->blocks[std::size_t(block)].firstSheet)];
    camera.zoomTo(std::max(factor, 1.0f), sheet.center());
    if (factor < 1) camera.zoom(factor, {float(kSize.width()) / 2, float(kSize.height()) / 2});
    camera.finish();
  }
  std::vector<WrittenText> written(const std::vector<QRectF>& reserved = {}) {
    QImage image(kSize, QImage::Format_RGB32);
    image.fill(Qt::black);
    QPainter painter(&image);
    std::vector<WrittenText> texts;
    render::OverlayOptions options;
    options.written = &texts;
    options.reserved = reserved;
    drawOverlay(painter, state, camera, style, options);
    return texts;
  }
  std::shared_ptr<std::vector<float>> parameters;
  scene::SceneState state;
  scene::Camera camera;
  render::SceneStyle style = render::SceneStyle::of(true);
};

inline QPolygonF outlineOf(const Shown& shown, const scene::Sheet& sheet) {
  QPolygonF outline;
  const float columns = sheet.width() / sheet.pitch, rows = sheet.height() / sheet.pitch;
  for (const auto& [x, y] : {std::pair(0.0f, 0.0f), {columns, 0.0f}, {columns, rows}, {0.0f, rows}}) {
    const scene::Vec3 at = shown.camera.project(sheet.point(x, y));
    if (at.z <= 0) return {};
    outline << QPointF(at.x, at.y);
  }
  return outline;
}

inline bool covers(const QRectF& rect, const QPolygonF& outline) {
  return outline.boundingRect().intersects(rect) && outline.intersects(QPolygonF(rect));
}

}  // namespace gl_test
