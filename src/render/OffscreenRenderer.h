// Renders scenes into images of any size without a window: QOffscreenSurface and a framebuffer. Owns its context; GUI thread.
#pragma once

#include <memory>
#include <string>

#include <QImage>
#include <QOffscreenSurface>
#include <QOpenGLContext>

#include "render/GlScene.h"

class QOpenGLFramebufferObject;

namespace render {

// Makes a context of OpenGL 3.3. Why it cannot be made, one line; empty where it is.
std::string startOpenGl(QOpenGLContext& context);

class OffscreenRenderer {
 public:
  explicit OffscreenRenderer(int mostPageRows = 0);  // as GlScene takes it
  ~OffscreenRenderer();

  bool available() const { return m_available; }
  const std::string& reason() const { return m_reason; }  // why it is not available, one line
  const GlScene& gl() const { return m_scene; }
  // The scene without its overlay; null when the image cannot be made (then reason() says why). Of a network of many cells one step brings
  // some to the graphics memory: the picture shows those that are there by then, and further steps are needed until gl().complete().
  enum class Steps { All, One };
  QImage render(const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style, const Motion& motion,
                float pixelRatio, Steps steps = Steps::All);

 private:
  void start();
  QImage readBack(const QSize& size);
  QOffscreenSurface m_surface;
  QOpenGLContext m_context;
  GlScene m_scene;
  std::unique_ptr<QOpenGLFramebufferObject> m_target;  // kept from picture to picture of the same size
  bool m_available = false;
  std::string m_reason;
};

}  // namespace render
