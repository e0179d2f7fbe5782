// The ink on the pad as numbers, with its strokes and eraser; no widget. Kept at twice the published
// resolution so that it also looks good on a large pad. Coordinates are pad pixels, 0..kSide. UI thread.
#pragma once

#include <cstdint>
#include <vector>

#include <QRectF>

#include "data/Preprocessing.h"

namespace ui {

class InkCanvas {
 public:
  static constexpr int kSide = 280;            // of the published ink
  static constexpr int kFineSide = 2 * kSide;  // of the ink kept
  using Pixels = std::vector<std::uint8_t>;    // kFineSide x kFineSide, 0 paper .. 255 ink

  InkCanvas();

  // Each returns the area it changed, in pad pixels. Width is the diameter of the pen there.
  QRectF beginStroke(QPointF at, double width, bool erase);
  QRectF extendStroke(QPointF to, double width);
  QRectF endStroke();
  bool strokeRunning() const { return m_running; }
  bool erasing() const { return m_erase; }  // the running or last stroke

  void clear() { setFine(Pixels(m_fine.size(), 0)); }          // nothing happens on an empty pad
  void load(const data::GrayImage& image);                     // any size, fitted and centered; an image without pixels clears
  void setFine(Pixels pixels, data::PenStrokes strokes = {});  // strokes: that made them; none where they are not known
  bool isEmpty() const;

  const data::GrayImage& ink() const { return m_ink; }  // kSide x kSide
  const Pixels& fine() const { return m_fine; }
  // In pad pixels, without what was erased of them; none where some of the ink is of no stroke, but of a picture.
  const data::PenStrokes& strokes() const { return m_strokes; }

 private:
  struct Point {
    double x = 0, y = 0, radius = 0;  // in fine pixels
  };
  QRectF segment(const Point& a, const Point& b);
  QRectF curve(const Point& from, const Point& control, const Point& to);
  void publish(int left, int top, int right, int bottom);
  void keepStroke(const Point& a, const Point& b);

  Pixels m_fine;
  data::PenStrokes m_strokes;
  bool m_traced = true;  // the strokes are known
  data::GrayImage m_ink;
  bool m_running = false;
  bool m_erase = false;
  Point m_last, m_joint;  // last point given; where the curve has arrived
};

}  // namespace ui
