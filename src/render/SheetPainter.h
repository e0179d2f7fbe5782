// Draws the sheets of a scene one at a time with QPainter: the cells of each become a small picture that is drawn into the sheet's outline
// on the screen, or, in files of vectors, polygons. Lives for one picture; private to render.
#pragma once

#include <QImage>
#include <QPainter>
#include <QPolygonF>

#include "render/GlScene.h"
#include "render/LevelOfDetail.h"
#include "render/SceneStyle.h"
#include "scene/Camera.h"
#include "scene/SceneState.h"

namespace render {

bool isVector(const QPainter& painter);  // writes a file of vectors
QPointF pixelOf(const scene::Camera& camera, const scene::Vec3& point);

class SheetPainter {
 public:
  SheetPainter(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style,
               const Motion& motion);

  void draw(int index);
  void draw(const FarSlab& slab);
  // What the sheet covers of the picture, its sides and its rim included; empty where a part of it lies behind the eye.
  QRectF extent(int index) const;
  // Polygons and lines that a file of vectors takes for it.
  std::size_t vectorParts(int index);

 private:
  void use(int index);
  bool visible(const scene::Sheet& sheet) const;
  QPolygonF quad(const scene::Sheet& sheet, float x, float y, float width, float height) const;
  QColor stepped(const QColor& color, float share) const;  // back, towards the ground
  bool hasLines(const scene::Sheet& sheet, int columns, int rows) const;
  bool tilesAreDots(const scene::Sheet& sheet) const;
  void sides(const scene::Sheet& sheet);
  void slab(const scene::Sheet& sheet);
  void rim(const scene::Sheet& sheet);
  void marks(const scene::Sheet& sheet);
  bool lit(int column, int row, int tile) const;
  QImage image(const scene::Sheet& sheet, int tile, int step) const;  // every step-th cell of every step-th row
  void place(const QImage& picture, const scene::Sheet& sheet, float x, float y, int step);
  void placeCells(const QImage& picture, const scene::Sheet& sheet, float x, float y);
  void lines(const scene::Sheet& sheet, float x, float y, int columns, int rows);
  void kernels(const scene::Sheet& sheet);
  void wholeKernels(const scene::Sheet& sheet);

  QPainter& m_painter;
  const scene::SceneState& m_state;
  const scene::Camera& m_camera;
  const SceneStyle& m_style;
  Motion m_motion;
  QColor m_fade;
  scene::Rgb m_blank;
  bool m_vectors;
  float m_dimming = 0;
  const scene::Scale* m_scale = nullptr;
  const scene::ColorMap* m_map = nullptr;
  scene::SheetFocus m_focus;
};

}  // namespace render
