// What the person does with a scene, apart from any widget: orbit, pan, zoom and the easing that follows, and what they point at and click,
// which it tells the selection and shows as that decides. Holds the state and the camera that a view draws. Owned by SceneHost; UI thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <QElapsedTimer>
#include <QObject>
#include <QPointF>
#include <QSizeF>

#include "render/GlScene.h"
#include "render/Overlay.h"
#include "render/SceneStyle.h"
#include "scene/Camera.h"
#include "scene/SceneState.h"
#include "scene/View.h"
#include "scene/Walk.h"
#include "ui/model/Selection.h"

class QEvent;
class QKeyEvent;
class QMouseEvent;
class QTouchEvent;
class QWheelEvent;

namespace ui {

class SceneBuilder;

class SceneController : public QObject {
  Q_OBJECT
 public:
  explicit SceneController(Selection& selection, QObject* parent = nullptr);  // which outlives it

  // The scene of a large network is built beside the window: until it is there the scene is empty, so that nothing is shown of another
  // network than the one that is open, and all that is set here waits for it.
  void setNetwork(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters,
                  const std::set<int>& folded = {});
  void setParameters(std::shared_ptr<const std::vector<float>> parameters);
  void setWhole(bool whole);  // as the state's
  void setValues(std::shared_ptr<const scene::Values> values);
  void setActivity(std::shared_ptr<const analysis::Activity> activity);
  void setField(std::shared_ptr<const scene::CellField> field);
  void setArrangement(scene::Arrangement arrangement);
  void setStyle(const render::SceneStyle& style, scene::ScaleScope scope);
  void setViewport(QSizeF size);
  void setFolded(const std::set<int>& nodes);  // first nodes of blocks
  void toggleFold(int block);
  int blockInHand() const;
  Selection& selection() { return m_selection; }
  bool letGo();  // of the animation, else of what is selected; false when there was nothing to let go
  // A step of an animation. The eye goes to what it is about, and back when it ends, unless the person has moved it.
  void setAnimation(const std::optional<scene::AnimationStep>& animation);
  void setFoot(double px, bool eased = false);                // of the view's lower edge, that bars and words take, or will take
  void setHovered(const std::optional<scene::UnitId>& unit);  // as if the pointer were on it, until the pointer moves in the scene
  void fit();
  void reset();
  void focus(const scene::Box& box);  // comes close to a part of the layout
  // To come back to it, in whatever layout there is then. Of a scene that is not empty.
  bool eyeChosen() const { return m_cameraTouched; }  // else all is in view, whatever the view's size
  scene::View view() const { return scene::viewOf(m_camera, *m_state.layout()); }
  void setView(const scene::View& view);

  const scene::SceneState& state() const { return m_state; }
  const scene::Camera& camera() const { return m_camera; }
  const render::SceneStyle& style() const { return m_style; }
  const render::Motion& motion() const { return m_motion; }
  render::OverlayOptions overlay() const;
  const std::vector<render::WrittenName>& names() const { return m_names; }  // of layers, on the picture that was painted last
  void setReserved(std::vector<QRectF> rects);  // where buttons stand over the picture: no numbers are drawn there

  // Moves everything that eases by the time since the last call; true while a further frame is needed.
  bool advance();
  bool moving() const;

  // An event of the view, in its pixels: mouse, wheel, two fingers, keys. Says whether it was used.
  bool handle(const QEvent& event);
  Qt::CursorShape cursor() const;

 signals:
  void nothingHeld();  // when letGo() found nothing to let go
  void changed();      // something is to be drawn anew
  void animationChanged();
  void networkAwaited();  // its scene is being built; networkShown() follows
  void networkShown();
  void menuRequested(const scene::UnitId& unit);  // a click with the right button
  void foldsChanged();
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
  void followSelection();
  void click(QPointF position, bool adds);
  void placeCamera(bool animated);
  void comeClose(const scene::Box& box, bool animated);
  bool isClose() const;
  void take(scene::NetworkScene&& scene);
  void buildLayout(scene::SceneRequest request, const std::function<void()>& then);
  void followRequest();
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
  scene::SceneState m_state;
  SceneBuilder* m_builder;
  int m_asked = 0;  // for so many networks: what is built of one before the last is not shown
  scene::Arrangement m_arrangement = scene::Arrangement::Space;
  scene::Camera m_camera;
  render::SceneStyle m_style;
  render::Motion m_motion;
  struct {
    QSizeF size;
    scene::ViewShape shape = scene::ViewShape::Even;
    std::vector<QRectF> reserved;
    double foot = 0;
  } m_room;                                          // of the view
  mutable std::vector<render::WrittenName> m_names;  // on the picture that was painted last
  int m_pointedName = -1;                            // block whose name is under the pointer
  Gesture m_gesture;
  bool m_cameraTouched = false;  // by the person: a resize then leaves it alone
  struct {
    scene::Box box;
    scene::Camera::Pose pose;
  } m_close;  // what the eye came close to last, and where it stands for that
  bool m_placed = false;
  QElapsedTimer m_clock;
};

}  // namespace ui
