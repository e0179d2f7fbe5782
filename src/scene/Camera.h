// The eye: orbits a point of the scene, pans, zooms to the pointer, eases towards where it should be, and cannot be lost:
// angles, distance and target have limits. For the flat arrangement its angles are locked. UI thread; no GL.
#pragma once

#include <span>

#include "scene/Layout.h"
#include "scene/Math.h"

namespace scene {

struct Margins {
  float left = 0, top = 0, right = 0, bottom = 0;  // pixels kept free around the scene
};

class Camera {
 public:
  struct Pose {
    Vec3 target;
    float yaw = 0, pitch = 0, distance = 10;  // radians; world units from the target
  };

  // What is to be seen; keeps the present view if it is still sensible. Call fit() or reset() to move.
  void setScene(const Layout& layout);
  void setViewport(float widthPx, float heightPx, const Margins& margins);
  float widthPx() const { return m_width; }
  float heightPx() const { return m_height; }

  void reset(bool animated);                  // default angles, everything in view
  void fit(bool animated);                    // present angles, everything in view
  void focus(const Box& box, bool animated);  // present angles, this box in view
  void reveal(const Vec3& point);             // moves sideways, eased, where this point is out of sight
  const Pose& goal() const { return m_goal; }
  void move(const Pose& pose, bool animated);  // within the limits
  void orbit(float dxPx, float dyPx);
  void turn(float yaw, float pitch);  // radians, within the limits
  void pan(float dxPx, float dyPx);
  void zoom(float factor, Vec2 pointerPx);       // factor > 1 comes closer; the point under the pointer stays under it
  void zoomTo(float factor, const Vec3& point);  // the same towards a point of the scene, which keeps its place on the screen
  // Moves towards the goal; true while it is still under way.
  bool advance(float seconds);
  bool moving() const;
  void finish();                                       // arrives at once
  float fitDistance() const { return m_fitDistance; }  // at which everything is in view, from the first side

  Mat4 viewProjection() const;
  Vec3 eye() const { return m_axes.eye; }
  Vec3 forward() const { return m_axes.forward; }
  Ray rayThrough(Vec2 pixel) const;
  // x, y in pixels (y downwards) and the distance in front of the eye; z <= 0 is behind it.
  Vec3 project(const Vec3& point) const;
  float pixelsPerUnit(const Vec3& point) const;

 private:
  // A pose as the unit vectors that thousands of points are projected with.
  struct Axes {
    explicit Axes(const Pose& pose);
    Vec3 right, up, forward, eye;
  };
  Vec3 projectWith(const Axes& axes, const Vec3& point) const;
  void stand(const Pose& pose);
  Pose fitted(Pose pose, std::span<const Vec3> points) const;
  void limit(Pose& pose) const;
  void go(const Pose& pose, bool animated);

  Pose m_now, m_goal;
  Axes m_axes{m_now};
  std::vector<Vec3> m_points;  // corners of everything
  Box m_bounds;
  bool m_locked = false;
  float m_firstYaw = 0, m_firstPitch = 0;  // of reset()
  float m_fitDistance = 10;
  float m_width = 1280, m_height = 800;
  Margins m_margins;
};

}  // namespace scene
