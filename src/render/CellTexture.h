// The displayed cells of a scene as textures: row by row, 1,024 cells each. A network of many cells has several textures, none of which
// cuts a sheet, since drivers that compute on the processor take long to make a large one; each has pages one behind the other, since no
// side of a texture may be longer than the driver allows. Makes one texture at a time, uploads only rows in which something has changed,
// and of many a few milliseconds' worth at a time. Owned by GlScene; used while its context is current.
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
  // A page has 1 << this rows. longestSide: of a texture, as the driver allows it (GL_MAX_TEXTURE_SIZE).
  static int pageShiftOf(int longestSide, int mostPageRows);
  void release();
  void upload(const scene::SceneState& state);
  // All that has changed is there.
  bool complete() const { return m_units.left == 0 && m_kernels.left == 0 && m_made == m_pieces.size(); }
  std::size_t uploaded() const { return m_uploaded; }  // cells so far
  int pieceOf(int firstCell) const;                    // the texture of the sheet that begins with that cell; -1: it is not there yet
  void bind(int piece);                                // as texture 0
  int firstCellOf(int piece) const { return int(m_pieces[std::size_t(piece)].firstRow) << kCellsShift; }
  void describe(QOpenGLShaderProgram& sheet) const;  // what its uniforms say of all textures

 private:
  // Cells that are looked at for changes, round and round: what changes before a round is complete starves none of them.
  struct Range {
    std::size_t begin = 0, end = 0, next = 0, left = 0;
    void lookAtAll() { left = end - begin; }
  };
  struct Piece {
    std::size_t firstCell = 0;           // of its first sheet
    std::size_t firstRow = 0, rows = 0;  // of all; the last row may be the first one of the next piece, too
    GLuint texture = 0;
  };
  static constexpr int kCellsShift = 10;
  void divide(const scene::Layout& layout, std::size_t cells);
  void makeNext(std::span<const float> all);
  // There is a texture for the cells before this one.
  std::size_t madeCells() const { return m_made == 0 ? 0 : (m_pieces[m_made - 1].firstRow + m_pieces[m_made - 1].rows) << kCellsShift; }
  void uploadSome(std::span<const float> all, Range& range, std::size_t& budget);
  void uploadRange(std::span<const float> all, std::size_t begin, std::size_t end);
  void uploadRows(std::span<const float> all, const Piece& piece, std::size_t begin, std::size_t end);

  QOpenGLFunctions_3_3_Core* m_f = nullptr;
  std::vector<Piece> m_pieces;
  std::size_t m_made = 0;                   // of the pieces: those that have a texture
  int m_pageShift = 0;                      // a page has 1 << m_pageShift rows
  std::vector<std::uint64_t> m_rowDigests;  // of each row as it was uploaded
  std::size_t m_uploaded = 0;
  Range m_units, m_kernels;
  scene::Versions m_seen;
  bool m_anything = false;
};

}  // namespace render
