#include "render/Picture.h"

#include <cmath>

#include <QPainter>

#include "render/CpuScene.h"
#include "render/OffscreenRenderer.h"
#include "render/Overlay.h"

namespace render {
namespace {

scene::Arrangement arrangementOf(PictureView view) {
  if (view == PictureView::Flat) return scene::Arrangement::Flat;
  return view == PictureView::Space ? scene::Arrangement::Space : scene::Arrangement::Rightward;
}

}  // namespace

Picture renderPicture(const std::shared_ptr<const nn::Network>& network, std::shared_ptr<const std::vector<float>> parameters,
                      std::shared_ptr<const scene::Values> values, const PictureOptions& options) {
  Look look = Look::of(options.dark);
  look.palette = options.palette;
  scene::SceneState state;
  state.setNetwork(network, arrangementOf(options.view));
  state.setParameters(std::move(parameters));
  state.setValues(std::move(values));
  state.setScaleScope(options.scope);
  state.setInquiry(options.inquiry);
  state.setPinned(options.selected);

  scene::Camera camera;
  camera.setScene(*state.layout());
  camera.setViewport(float(options.size.width()), float(options.size.height()), overlayMargins(state, look, options.size));
  camera.reset(false);
  if (options.yaw != 0 || options.pitch != 0) {
    camera.turn(options.yaw, options.pitch);
    camera.fit(false);
  }

  Motion motion;
  motion.dimming = state.discussion() ? 1 : 0;
  Picture picture;
  if (options.view != PictureView::Flat) {
    OffscreenRenderer renderer;
    picture.image = renderer.render(state, camera, look, motion, options.pixelRatio);
    if (picture.image.isNull()) picture.note = "drawn by the CPU: " + renderer.reason();
  }
  if (picture.image.isNull()) {
    picture.image = QImage(options.size * double(options.pixelRatio), QImage::Format_RGB32);
    picture.image.setDevicePixelRatio(double(options.pixelRatio));
    QPainter painter(&picture.image);
    drawWithPainter(painter, state, camera, look, motion);
  }
  picture.image.setDevicePixelRatio(double(options.pixelRatio));
  QPainter painter(&picture.image);
  painter.setRenderHint(QPainter::Antialiasing);
  OverlayOptions overlay;
  overlay.motion = motion;
  drawOverlay(painter, state, camera, look, overlay);
  painter.end();
  picture.image.setDevicePixelRatio(1);
  return picture;
}

}  // namespace render
