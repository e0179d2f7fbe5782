// The surface to draw on: pen and eraser by mouse, touch and tablet (with pressure), dropped pictures. It knows nothing of
// networks: it says when the ink changed, during the stroke, and what an edit replaced, and hands the drawing out. A picture is kept as it
// came, in its own pixels and colors, until something is drawn on it. UI thread.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>

#include <QImage>
#include <QWidget>

#include "ui/base/Theme.h"
#include "ui/model/InkCanvas.h"

class QMimeData;
class QTouchEvent;

namespace ui {

class DrawingPad : public QWidget {
  Q_OBJECT

 public:
  enum class Tool { Pen, Eraser };
  static constexpr double kMinimumWidth = 6, kMaximumWidth = 48, kDefaultWidth = 20;  // pad pixels

  explicit DrawingPad(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  const data::GrayImage& ink() const { return m_canvas.ink(); }  // 280 x 280, whatever the widget's size; 0 paper .. 1 ink
  data::Picture drawing() const;                                 // the picture as it came where nothing was drawn on it, else the ink
  QImage picture() const;  // the ink as finely as it is kept, gray, 0 paper; setInk() brings it back exactly
  // Puts a picture on the pad (fitted into it, any size): an edit. colors: of a photo; null: it is a drawing.
  void setInk(const data::GrayImage& image, std::shared_ptr<const data::ColorImage> colors = nullptr);
  void showPicture(const data::Picture& picture);  // the same for a while: no edit
  // Of a photo, rather than its ink. around: what stands there beside one that is no square; invalid: paper.
  void setShowsColors(bool shows, const QColor& around);
  bool isEmpty() const { return m_empty; }
  bool strokeRunning() const { return m_canvas.strokeRunning(); }
  Tool tool() const { return m_tool; }
  double penWidth() const { return m_penWidth; }
  struct Content {
    InkCanvas::Pixels pixels;
    std::shared_ptr<const data::Picture> source;  // that was put on the pad and not drawn on since; null: there is none
    data::PenStrokes strokes;                     // that made the pixels; none where they are not known
    bool operator==(const Content& other) const { return pixels == other.pixels && source == other.source; }  // as it is seen
  };
  Content content() const { return {m_canvas.fine(), m_source.picture, m_canvas.strokes()}; }
  void setContent(const Content& content, const QString& edit = {});  // as it was; an edit only where it has a name
  void setInvitation(const QString& text);                            // on the empty pad
  QRectF square() const;                                              // the pad within the widget

  QSize sizeHint() const override { return {296, 296}; }
  QSize minimumSizeHint() const override { return {InkCanvas::kSide, InkCanvas::kSide}; }

 public slots:
  void setTool(ui::DrawingPad::Tool tool);
  void setPenWidth(double width);
  void clear();
  void finishStroke();

 signals:
  void inkChanged();  // also during the stroke
  void strokeFinished();
  // A stroke, a picture or the cleared pad took the place of this; what: "drawing", as it stands behind "Undo".
  void edited(const ui::DrawingPad::Content& before, const QString& what);
  void toolChanged(ui::DrawingPad::Tool tool);
  void penWidthChanged(double width);
  void filesDropped(const QMimeData& mime);  // or a picture, dragged from a browser or another program
  void menuRequested(const QPoint& screen);  // by a click of the right button, or the menu key

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void tabletEvent(QTabletEvent* event) override;
  bool event(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  QPointF toPad(QPointF widget) const;
  void begin(QPointF at, double pressure, bool erase);
  void extend(QPointF at, double pressure);
  void changed(const QRectF& padArea);                                     // redraws and tells
  void replace(const std::function<void()>& change, const QString& what);  // the whole pad at once
  void redrawInk(const QRectF& padArea);
  void setSource(std::shared_ptr<const data::Picture> picture);
  bool hasColors() const { return m_source.picture && m_source.picture->colors; }
  void updateCursor();
  void paintInvitation(QPainter& painter, const QRectF& area) const;
  bool touch(QTouchEvent* event);

  Theme m_theme;
  InkCanvas m_canvas;
  Content m_beforeStroke;
  struct {
    std::shared_ptr<const data::Picture> picture;
    QImage image;              // of its colors
    bool colorsShown = false;  // rather than its ink
    QColor around;
  } m_source;
  QImage m_shown;  // the ink in the theme's colors
  std::array<QRgb, 256> m_colors{};
  QString m_invitation;
  Tool m_tool = Tool::Pen;
  double m_penWidth = kDefaultWidth;
  bool m_empty = true;
  bool m_dropping = false;
  std::optional<QPointF> m_rightPress;  // still a click, not yet a stroke of the eraser
  bool m_tabletDown = false;
  int m_touchId = -1;
};

}  // namespace ui
