#include "render/OffscreenRenderer.h"

#include <cmath>

#include <QGuiApplication>
#include <QOpenGLFramebufferObject>
#include <QOpenGLFunctions>

namespace render {

OffscreenRenderer::OffscreenRenderer(int mostPageRows) : m_scene(mostPageRows) {
  start();
}

OffscreenRenderer::~OffscreenRenderer() {
  if (!m_available || !m_context.makeCurrent(&m_surface)) return;
  m_target.reset();
  m_scene.release();
  m_context.doneCurrent();
}

std::string startOpenGl(QOpenGLContext& context) {
  const QString platform = QGuiApplication::platformName();
  QSurfaceFormat format;
  format.setVersion(3, 3);
  format.setProfile(QSurfaceFormat::CoreProfile);
  context.setFormat(format);
  if (platform == QLatin1String("offscreen") || platform == QLatin1String("minimal") || !context.create())
    return "this display has no OpenGL";
  const auto [major, minor] = context.format().version();
  if (major > 3 || (major == 3 && minor >= 3)) return {};
  return "the 3D view needs OpenGL 3.3, this display has " + std::to_string(major) + "." + std::to_string(minor);
}

void OffscreenRenderer::start() {
  m_reason = startOpenGl(m_context);
  if (!m_reason.empty()) return;
  m_surface.setFormat(m_context.format());
  m_surface.create();
  if (!m_surface.isValid() || !m_context.makeCurrent(&m_surface)) {
    m_reason = "OpenGL could not be started without a window";
    return;
  }
  m_available = m_scene.initialize();
  if (!m_available) m_reason = m_scene.error();
  m_context.doneCurrent();
}

QImage OffscreenRenderer::render(const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style, const Motion& motion,
                                 float pixelRatio, Steps steps) {
  if (!m_available) return {};
  if (!m_context.makeCurrent(&m_surface)) {
    m_reason = "the graphics driver has taken its context away";
    return {};
  }
  const QSize size(int(std::lround(camera.widthPx() * pixelRatio)), int(std::lround(camera.heightPx() * pixelRatio)));
  if (!m_target || m_target->size() != size) m_target = std::make_unique<QOpenGLFramebufferObject>(size);
  QImage image;
  if (!m_target->isValid() || !m_target->bind()) {
    m_reason = "the graphics memory does not hold a picture of this size";
    m_target.reset();
  } else {
    do m_scene.draw(state, camera, style, motion, pixelRatio);
    while (steps == Steps::All && !m_scene.complete());
    image = readBack(size);
    m_target->release();
  }
  m_context.doneCurrent();
  return image;
}

// The bound framebuffer as an image; OpenGL counts its rows from below.
QImage OffscreenRenderer::readBack(const QSize& size) {
  QImage image(size, QImage::Format_RGB32);
  if (image.isNull()) {
    m_reason = "there is not enough memory for a picture of this size";
    return image;
  }
  m_context.functions()->glReadPixels(0, 0, size.width(), size.height(), GL_BGRA, GL_UNSIGNED_BYTE, image.bits());
  return std::move(image).mirrored();
}

}  // namespace render
