// The camera of a scene in a window: how it is moved, eased, and kept. Everything is in view until the person moves it; from then on it
// stays with what it looks at, in whatever layout and size of the view. Owned by SceneController; UI thread.
#pragma once

#include <optional>

#include <QObject>
#include <QPointF>
#include <QSizeF>

#include "render/SceneStyle.h"
#include "scene/Camera.h"
#include "scene/View.h"
#include "scene/animation/Animation.h"

namespace ui {

class SceneContents;

class CameraController : public QObject {
  Q_OBJECT
 public:
  // Both outlive it. style: whose type needs room around the network; place() follows a change.
  CameraController(SceneContents& contents, const render::SceneStyle& style, QObject* parent = nullptr);

  const scene::Camera& camera() const { return m_camera; }
  void setViewport(QSizeF size);
  void setFoot(double px, bool eased = false);  // of the view's lower edge, that bars and words take, or will take
  double foot() const { return m_foot; }

  // Everything in view, or what an animation is about, unless the person has moved the camera; what it came close to stays in view above
  // whatever stands below.
  void place(bool eased);

  // What follows is the person's doing.
  void fit();
  void reset();                       // and all that they had chosen is forgotten
  void focus(const scene::Box& box);  // comes close to a part of the layout
  void reveal(const scene::Vec3& point);
  void orbit(QPointF by);  // pixels, as all that follow
  void pan(QPointF by);
  // Above 1 it comes closer: to `target`, where that is under the pointer, else to what is as far as the middle of the scene.
  void zoom(float factor, QPointF pointer, const std::optional<scene::Vec3>& target = std::nullopt);
  // To come back to it, in whatever layout there is then. Of a scene that is not empty.
  scene::View view() const;
  std::optional<scene::View> chosen() const;  // by the person; else all is in view, whatever the view's size
  void setView(const scene::View& view);

  bool advance(float seconds) { return m_camera.advance(seconds); }  // true while a further frame is needed
  bool moving() const { return m_camera.moving(); }

 signals:
  void changed();

 private:
  void keep(const std::optional<scene::View>& chosen);
  void followLayout();
  void followAnimation();
  void comeClose(const scene::Box& box, bool eased);
  bool isClose() const;

  SceneContents& m_contents;
  scene::Camera m_camera;
  const render::SceneStyle& m_style;
  QSizeF m_size;
  double m_foot = 0;
  bool m_touched = false;  // by the person
  struct {
    scene::Box box;
    scene::Camera::Pose pose;
  } m_close;                                     // what it came close to last, and where it stands for that
  std::optional<scene::AnimationStep> m_played;  // that it has followed
  struct {
    std::optional<scene::View> chosen;
    scene::Arrangement arrangement = scene::Arrangement::Space;
    scene::ViewShape shape = scene::ViewShape::Even;
  } m_before;  // the layout changed
};

}  // namespace ui
