// Draws a scene with OpenGL 3.3 core into the framebuffer that is bound. Owns every GL object; all calls need the same current
// context. Uploads only what the state's version counters say has changed. No depth buffer: slabs are sorted and drawn from
// back to front, their borders softened in the shader, so that multisampling is not needed.
#pragma once

#include <memory>
#include <string>

#include "render/SceneStyle.h"
#include "scene/Camera.h"
#include "scene/SceneState.h"

namespace render {

// What of a picture moves by itself.
struct Motion {
  float dimming = 0;   // 0..1: how far what is not highlighted has stepped back
  float progress = 1;  // 0..1: how far the edges have grown
};

bool isSoftwareRenderer(const std::string& rendererName);  // of a GL_RENDERER: computes on the processor

class GlScene {
 public:
  // mostPageRows: of a page of the texture that holds the cells, 1,024 cells each; 0: as many as the driver allows.
  explicit GlScene(int mostPageRows = 0);
  ~GlScene();
  GlScene(const GlScene&) = delete;
  GlScene& operator=(const GlScene&) = delete;

  // Compiles and allocates. False, and error() says why, when the context is not enough or a shader fails.
  bool initialize();
  void release();
  const std::string& error() const { return m_error; }
  // GL_RENDERER, and whether it computes on the CPU (then polish such as multisampling is best left out).
  const std::string& rendererName() const { return m_rendererName; }

  std::size_t uploadedCells() const;  // so far, to the graphics card: only rows of cells in which something has changed

  // Of a network of many units some cells follow in the next pictures, so that none takes long.
  bool complete() const;

  void draw(const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style, const Motion& motion, float pixelRatio);

 private:
  struct Gl;
  std::unique_ptr<Gl> m_gl;
  std::string m_error, m_rendererName;
  int m_mostPageRows;
};

}  // namespace render
