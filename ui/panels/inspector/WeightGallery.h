// Paints the weights of a whole layer as pictures side by side: signed ones in the scene's colors of for and against on one scale,
// those over a color picture as colored tiles, each up to its own largest weight. For a section of the inspector and for a window
// of its own. UI thread.
#pragma once

#include <QImage>
#include <QRectF>

#include "scene/WeightPictures.h"
#include "ui/base/Theme.h"

class QPainter;

namespace ui {

// Where the pictures lie in an area of a given width: rows of equal tiles, each with its name below.
class GalleryGeometry {
 public:
  // As many beside each other as give tiles of about `wanted` pixels; `height` > 0: as large as all of them fit.
  // labels: the type of the names.
  GalleryGeometry(const scene::WeightPictures& pictures, double width, double wanted, double height, const QFont& labels);
  QRectF tile(int index) const;
  QRectF label(int index) const;
  double height() const { return m_lines * m_pitchY; }
  int across() const { return m_across; }
  int count() const { return m_count; }
  int at(QPointF position) const;  // -1: none

 private:
  void layOut(int across, double width, const scene::WeightPictures& pictures);
  int m_count = 0, m_across = 1, m_lines = 1;
  double m_tileWidth = 1, m_tileHeight = 1, m_labelHeight = 0, m_pitchX = 1, m_pitchY = 1, m_left = 0, m_top = 0;
};

// One pixel for each weight. Colored: gray is 0, full red, green or blue the picture's largest weight.
QImage weightImage(const scene::WeightPictures& pictures, int index, const Theme& theme);
// What the colors of a colored tile stand for: "±0.118".
QString weightRange(float largest);
// marked, hovered: -1 for none. Below colored tiles that are wide enough stands the range beside the name.
void paintGallery(QPainter& painter, const GalleryGeometry& geometry, const scene::WeightPictures& pictures, const Theme& theme,
                  const QFont& labels, int marked, int hovered);
// The colors with the numbers at their ends: "≤ −0.5" where a few weights lie beyond.
void paintWeightScale(QPainter& painter, const QRectF& area, const scene::WeightPictures& pictures, const Theme& theme);
// "All 10 weight pictures of output, on one scale"
QString galleryTitle(const scene::WeightPictures& pictures);

}  // namespace ui
