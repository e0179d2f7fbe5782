#include "render/Picture.h"

#include <cmath>

#include <QPainter>

#include "render/OffscreenRenderer.h"
#include "render/Overlay.h"

namespace render {
namespace {

scene::Arrangement arrangementOf(PictureView view) {
  if (view == PictureView::Flat) return scene::Arrangement::Flat;
  return view == PictureView::Space ? scene::Arrangement::Space : scene::Arrangement::Rightward;
}

}  // namespace

SceneCapture captureOf(const std::shared_ptr<const nn::Network>& network, std::shared_ptr<const std::vector<float>> parameters,
                       std::shared_ptr<const scene::Values> values, const PictureOptions& options) {
  SceneCapture capture;
  capture.style = SceneStyle::of(options.dark);
  capture.style.palette = options.palette;
  scene::SceneState& state = capture.state;
  state.setNetwork(scene::SceneRequest{.network = network,
                                       .arrangement = arrangementOf(options.view),
                                       .parameters = std::move(parameters),
                                       .shape = scene::shapeOf(options.size.width(), options.size.height()),
                                       .whole = options.whole});
  state.setActivity(options.activity);
  state.setValues(std::move(values));
  state.setScaleScope(options.scope);
  state.setSelection({{options.selected, {}}, {}, {}, options.connectionOptions});
  state.setAnimation(options.animation);

  scene::Camera& camera = capture.camera;
  camera.setScene(*state.layout());
  camera.setViewport(float(options.size.width()), float(options.size.height()), overlayMargins(state, capture.style, options.size));
  camera.reset(false);
  if (options.yaw != 0 || options.pitch != 0) {
    camera.turn(options.yaw, options.pitch);
    camera.fit(false);
  }
  if (options.animation)
    if (const scene::Box box = options.animation->closeUp(*state.layout()); !box.empty()) camera.focus(box, false);
  capture.motion.dimming = state.highlight() ? 1 : 0;
  return capture;
}

Picture renderPicture(const std::shared_ptr<const nn::Network>& network, std::shared_ptr<const std::vector<float>> parameters,
                      std::shared_ptr<const scene::Values> values, const PictureOptions& options) {
  return renderPicture(captureOf(network, std::move(parameters), std::move(values), options), options);
}

Picture renderPicture(const SceneCapture& capture, const PictureOptions& options) {
  Picture picture;
  if (options.view != PictureView::Flat) {
    OffscreenRenderer renderer;
    picture.image = renderer.render(capture.state, capture.camera, capture.style, capture.motion, options.pixelRatio);
    if (picture.image.isNull()) picture.note = "drawn by the CPU: " + renderer.reason();
  }
  if (picture.image.isNull()) {
    picture.image = pictureOf(capture, int(std::lround(float(options.size.width()) * options.pixelRatio)));
    return picture;
  }
  picture.image.setDevicePixelRatio(double(options.pixelRatio));
  QPainter painter(&picture.image);
  painter.setRenderHint(QPainter::Antialiasing);
  OverlayOptions overlay;
  overlay.motion = capture.motion;
  drawOverlay(painter, capture.state, capture.camera, capture.style, overlay);
  painter.end();
  picture.image.setDevicePixelRatio(1);
  return picture;
}

}  // namespace render
