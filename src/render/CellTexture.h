// The displayed cells of a scene as a texture: row by row, 1,024 cells each, in pages one behind the other, since no side of a texture may
// be longer than the driver allows. Uploads only rows in which something has changed, and of a network of many cells a few milliseconds'
// worth at a time. Owned by GlScene; used while its context is current.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <QOpenGLFunctions_3_3_Core>

#include "scene/SceneState.h"

class QOpenGLShaderProgram;

namespace render {

class CellTexture {
 public:
  void create(QOpenGLFunctions_3_3_Core& functions, int mostPageRows);  // 0: as many as the driver allows
  void release();
  void upload(const scene::SceneState& state);
  bool complete() const { return m_units.left == 0 && m_kernels.left == 0; }  // all that has changed is there
  std::size_t uploaded() const { return m_uploaded; }                         // cells so far
  void bind();                                                                // as texture 0
  void describe(QOpenGLShaderProgram& sheet) const;                           // its uniforms

 private:
  // Cells that are looked at for changes, round and round: what changes before a round is complete starves none of them.
  struct Range {
    std::size_t begin = 0, end = 0, next = 0, left = 0;
    void lookAtAll() { left = end - begin; }
  };
  void allocate(std::size_t cells);
  void uploadSome(std::span<const float> all, Range& range, std::size_t& budget);
  void uploadRange(std::span<const float> all, std::size_t begin, std::size_t end);

  QOpenGLFunctions_3_3_Core* m_f = nullptr;
  GLuint m_texture = 0;
  int m_pageShift = 0;                      // a page has 1 << m_pageShift rows
  std::vector<std::uint64_t> m_rowDigests;  // of each row as it was uploaded
  std::size_t m_uploaded = 0;
  Range m_units, m_kernels;
  scene::Versions m_seen;
  bool m_anything = false;
};

}  // namespace render
