// What the person does with a scene, apart from any widget: what they point at, click and press, which it tells the selection, the contents
// and the camera. Has all that a view draws. Owned by SceneHost; UI thread.
#pragma once

#include <optional>
#include <vector>

#include <QElapsedTimer>
#include <QObject>
#include <QPointF>
#include <QRectF>

#include "render/GlScene.h"
#include "render/Overlay.h"
#include "render/SceneStyle.h"
#include "scene/Walk.h"
#include "ui/model/Selection.h"
#include "ui/scene/CameraController.h"
#include "ui/scene/SceneContents.h"

class QEvent;
class QKeyEvent;
class QMouseEvent;
class QTouchEvent;
class QWheelEvent;

namespace ui {

class SceneController : public QObject {
  Q_OBJECT
 public:
  explicit SceneController(Selection& selection, QObject* parent = nullptr);  // which outlives it

  SceneContents& contents() { return *m_contents; }
  CameraController& cameraController() { return *m_cameraController; }
  Selection& selection() { return m_selection; }
  void setStyle(const render::SceneStyle& style);
  void setReserved(std::vector<QRectF> rects);                // where buttons stand over the picture: no numbers are drawn there
  void setHovered(const std::optional<scene::UnitId>& unit);  // as if the pointer were on it, until the pointer moves in the scene
  bool letGo();             // of the animation, else of what is selected; false when there was nothing to let go
  int blockInHand() const;  // under the pointer, else of what is pinned; -1: none

  const scene::SceneState& state() const { return m_contents->state(); }
  const scene::Camera& camera() const { return m_cameraController->camera(); }
  const render::SceneStyle& style() const { return m_style; }
  const render::Motion& motion() const { return m_motion; }
  render::OverlayOptions overlay() const;
  const std::vector<render::WrittenName>& names() const { return m_names; }  // of layers, on the picture that was painted last

  // Moves everything that eases by the time since the last call; true while a further frame is needed.
  bool advance();
  bool moving() const;

  // An event of the view, in its pixels: mouse, wheel, two fingers, keys. Says whether it was used.
  bool handle(const QEvent& event);
  Qt::CursorShape cursor() const;

 signals:
  void nothingHeld();                                     // when letGo() found nothing to let go
  void changed();                                         // something is to be drawn anew
  void menuRequested(const scene::UnitId& unit);          // a click with the right button
  void layerMenuRequested(const QPoint& globalPosition);  // the same beside the units

 private:
  void press(const QMouseEvent& event);
  void move(const QMouseEvent& event);
  void release(const QMouseEvent& event);
  void doubleClick(const QMouseEvent& event);
  void leave();
  bool wheel(const QWheelEvent& event);
  bool touch(const QTouchEvent& event);
  bool key(const QKeyEvent& event);
  std::optional<scene::Pick> pickAt(QPointF position) const;
  void click(QPointF position, bool adds);
  void forgetPicture();
  void growConnections();
  int nameAt(QPointF position, bool mark) const;  // block whose name, or its mark, was written there; -1: none
  void pinByKey(const std::optional<scene::UnitId>& unit);
  void walk(scene::Step step);
  void walkAlong(scene::Direction direction);
  scene::UnitId firstUnit() const;

  enum class Drag { None, Undecided, Orbit, Pan };
  struct Gesture {  // of a button that is held down
    Drag drag = Drag::None;
    Qt::MouseButton button = Qt::NoButton;
    QPointF pressed, last;
  };
  Selection& m_selection;
  render::SceneStyle m_style;
  SceneContents* m_contents;
  CameraController* m_cameraController;
  render::Motion m_motion;
  std::vector<QRectF> m_reserved;
  mutable std::vector<render::WrittenName> m_names;  // on the picture that was painted last
  int m_pointedName = -1;                            // block whose name is under the pointer
  Gesture m_gesture;
  QElapsedTimer m_clock;
};

}  // namespace ui
