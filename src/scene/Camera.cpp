#include "scene/Camera.h"

#include <algorithm>
#include <array>
#include <functional>

namespace scene {
namespace {

constexpr float kTanHalfView = 0.268f;  // half the vertical angle of view: 15 degrees
constexpr float kYaw = -0.34f, kPitch = 0.30f;
constexpr float kRightwardYaw = -0.42f, kRightwardPitch = 0.16f;  // sheets are turned to the left
constexpr float kLowestPitch = -0.25f, kHighestPitch = 1.30f, kLargestYaw = 1.25f;
constexpr float kNearest = 0.03f, kFarthest = 2.2f;  // of the distance at which everything is in view
constexpr float kSettleSeconds = 0.075f;             // time constant: 98 % after 300 ms
constexpr float kRadiansPerPixel = 0.0055f;
constexpr std::size_t kFewSheets = 64;

// Of some sheets beside each other those by which it is known where all of them are seen: of hundreds a few on every side, since the plane
// that they stand on is bent but little.
void addOutermost(const Layout& layout, int first, int count, const std::function<void(const Sheet&)>& add) {
  const std::span<const Sheet> sheets(layout.sheets.data() + first, std::size_t(count));
  if (sheets.size() <= kFewSheets) {
    for (const Sheet& sheet : sheets) add(sheet);
    return;
  }
  Box box;
  for (const Sheet& sheet : sheets) box.add(sheet.center());
  // The outermost of each of several strips, from the left to the right and from below upwards.
  constexpr std::size_t kStrips = 12;
  std::array<std::array<const Sheet*, 4>, kStrips> outermost{};
  const auto strip = [](float at, float low, float high) {
    return std::min(kStrips - 1, std::size_t(float(kStrips) * (at - low) / std::max(high - low, 1e-6f)));
  };
  const auto take = [](const Sheet*& best, const Sheet& sheet, float further) {
    if (!best || further > 0) best = &sheet;
  };
  for (const Sheet& sheet : sheets) {
    const Vec3 at = sheet.center();
    auto& upright = outermost[strip(at.x, box.low.x, box.high.x)];
    auto& level = outermost[strip(at.y, box.low.y, box.high.y)];
    take(upright[0], sheet, upright[0] ? at.y - upright[0]->center().y : 1);
    take(upright[1], sheet, upright[1] ? upright[1]->center().y - at.y : 1);
    take(level[2], sheet, level[2] ? at.x - level[2]->center().x : 1);
    take(level[3], sheet, level[3] ? level[3]->center().x - at.x : 1);
  }
  for (const auto& sides : outermost)
    for (const Sheet* sheet : sides)
      if (sheet) add(*sheet);
}

}  // namespace

void Camera::setScene(const Layout& layout) {
  m_points.clear();
  m_bounds = layout.bounds;
  const auto add = [this](const Sheet& sheet) {
    for (const float x : {0.0f, sheet.width()})
      for (const float y : {0.0f, sheet.height()}) m_points.push_back(sheet.origin + sheet.right * x + sheet.down * y);
  };
  for (const Block& block : layout.blocks) {
    addOutermost(layout, block.firstSheet, block.sheetCount, add);
    addOutermost(layout, block.firstKernelSheet, block.kernelSheetCount, add);
  }
  for (auto sheet = layout.sheets.rbegin(); sheet != layout.sheets.rend() && sheet->kind == Sheet::Kind::Picture; ++sheet) add(*sheet);
  m_locked = layout.arrangement == Arrangement::Flat;
  const bool rightward = layout.arrangement == Arrangement::Rightward;
  m_firstYaw = m_locked ? 0 : rightward ? kRightwardYaw : kYaw;
  m_firstPitch = m_locked ? 0 : rightward ? kRightwardPitch : kPitch;
  m_fitDistance = fitted({m_bounds.center(), m_firstYaw, m_firstPitch, 10}, m_points).distance;
  limit(m_goal);
  Pose now = m_now;
  limit(now);
  stand(now);
}

void Camera::setViewport(float widthPx, float heightPx, const Margins& margins) {
  m_width = std::max(widthPx, 1.0f);
  m_height = std::max(heightPx, 1.0f);
  m_margins = margins;
  if (!m_points.empty()) m_fitDistance = fitted({m_bounds.center(), m_firstYaw, m_firstPitch, 10}, m_points).distance;
}

Camera::Axes::Axes(const Pose& pose)
    : right{std::cos(pose.yaw), 0, -std::sin(pose.yaw)},
      forward{-std::sin(pose.yaw) * std::cos(pose.pitch), -std::sin(pose.pitch), -std::cos(pose.yaw) * std::cos(pose.pitch)} {
  up = cross(right, forward);
  eye = pose.target - forward * pose.distance;
}

void Camera::stand(const Pose& pose) {
  m_now = pose;
  m_axes = Axes(m_now);
}

Vec3 Camera::projectWith(const Axes& axes, const Vec3& point) const {
  const Vec3 from = point - axes.eye;
  const float depth = dot(from, axes.forward);
  const float scale = m_height / (2 * kTanHalfView * std::max(depth, 1e-6f));
  return {m_width / 2 + dot(from, axes.right) * scale, m_height / 2 - dot(from, axes.up) * scale, depth};
}

Vec3 Camera::project(const Vec3& point) const {
  return projectWith(m_axes, point);
}

float Camera::pixelsPerUnit(const Vec3& point) const {
  return m_height / (2 * kTanHalfView * std::max(dot(point - eye(), forward()), 1e-6f));
}

Ray Camera::rayThrough(Vec2 pixel) const {
  const float scale = 2 * kTanHalfView / m_height;
  const float x = (pixel.x - m_width / 2) * scale, y = (m_height / 2 - pixel.y) * scale;
  return {eye(), normalized(forward() + m_axes.right * x + m_axes.up * y)};
}

Mat4 Camera::viewProjection() const {
  const float near = std::max(m_now.distance * 0.01f, 0.001f), far = m_now.distance + 4 * length(m_bounds.size()) + 10;
  Mat4 view;
  const Vec3 rows[3] = {m_axes.right, m_axes.up, forward() * -1.0f};
  for (int i = 0; i < 3; ++i) {
    view.at(i, 0) = rows[i].x, view.at(i, 1) = rows[i].y, view.at(i, 2) = rows[i].z;
    view.at(i, 3) = -dot(rows[i], eye());
  }
  Mat4 projection;
  projection.at(0, 0) = m_height / (m_width * kTanHalfView);
  projection.at(1, 1) = 1 / kTanHalfView;
  projection.at(2, 2) = (far + near) / (near - far);
  projection.at(2, 3) = 2 * far * near / (near - far);
  projection.at(3, 2) = -1;
  projection.at(3, 3) = 0;
  return projection * view;
}

// Newton-like: measure the box on the screen, move the target to its middle, scale the distance; a few rounds settle it.
Camera::Pose Camera::fitted(Pose pose, std::span<const Vec3> points) const {
  const float roomX = std::max(m_width - m_margins.left - m_margins.right, 40.0f),
              roomY = std::max(m_height - m_margins.top - m_margins.bottom, 40.0f);
  pose.distance = std::max(length(m_bounds.size()) * 4, 1.0f);
  for (int round = 0; round < 12; ++round) {
    const Axes axes(pose);
    float left = 1e9f, right = -1e9f, top = 1e9f, bottom = -1e9f;
    for (const Vec3& point : points) {
      const Vec3 at = projectWith(axes, point);
      left = std::min(left, at.x), right = std::max(right, at.x), top = std::min(top, at.y), bottom = std::max(bottom, at.y);
    }
    const float unit = 2 * kTanHalfView * pose.distance / m_height;  // world units per pixel at the target
    const float dx = (left + right) / 2 - (m_margins.left + roomX / 2), dy = (top + bottom) / 2 - (m_margins.top + roomY / 2);
    pose.target = pose.target + axes.right * (dx * unit) - axes.up * (dy * unit);
    const float factor = std::max((right - left) / roomX, (bottom - top) / roomY);
    pose.distance *= std::clamp(factor, 0.3f, 3.0f);
  }
  return pose;
}

void Camera::limit(Pose& pose) const {
  if (m_points.empty()) return;
  pose.yaw = m_locked ? 0 : std::clamp(pose.yaw, -kLargestYaw, kLargestYaw);
  pose.pitch = m_locked ? 0 : std::clamp(pose.pitch, kLowestPitch, kHighestPitch);
  pose.distance = std::clamp(pose.distance, m_fitDistance * kNearest, m_fitDistance * kFarthest);
  const Vec3 room = m_bounds.size() * 0.1f;
  pose.target = {std::clamp(pose.target.x, m_bounds.low.x - room.x, m_bounds.high.x + room.x),
                 std::clamp(pose.target.y, m_bounds.low.y - room.y, m_bounds.high.y + room.y),
                 std::clamp(pose.target.z, m_bounds.low.z - 2, m_bounds.high.z + 2)};
}

void Camera::go(const Pose& pose, bool animated) {
  m_goal = pose;
  limit(m_goal);
  if (!animated) stand(m_goal);
}

void Camera::reset(bool animated) {
  go(fitted({m_bounds.center(), m_firstYaw, m_firstPitch, m_fitDistance}, m_points), animated);
}

void Camera::fit(bool animated) {
  go(fitted({m_bounds.center(), m_goal.yaw, m_goal.pitch, m_fitDistance}, m_points), animated);
}

void Camera::focus(const Box& box, bool animated) {
  std::vector<Vec3> corners;
  for (const float x : {box.low.x, box.high.x})
    for (const float y : {box.low.y, box.high.y})
      for (const float z : {box.low.z, box.high.z}) corners.push_back({x, y, z});
  go(fitted({box.center(), m_goal.yaw, m_goal.pitch, m_fitDistance}, corners), animated);
}

void Camera::reveal(const Vec3& point) {
  constexpr float kRim = 0.15f;  // of the room: how far inside it comes to lie
  const float left = m_margins.left, roomX = m_width - left - m_margins.right;
  const float top = m_margins.top, roomY = m_height - top - m_margins.bottom;
  if (roomX <= 0 || roomY <= 0) return;  // the bars leave no place in a tiny view
  const Axes axes(m_goal);
  const Vec3 at = projectWith(axes, point);
  if (at.x >= left && at.x <= left + roomX && at.y >= top && at.y <= top + roomY) return;
  const float x = std::clamp(at.x, left + kRim * roomX, left + (1 - kRim) * roomX);
  const float y = std::clamp(at.y, top + kRim * roomY, top + (1 - kRim) * roomY);
  const float unit = 2 * kTanHalfView * std::max(at.z, 1e-3f) / m_height;
  Pose pose = m_goal;
  pose.target = pose.target + axes.right * ((at.x - x) * unit) - axes.up * ((at.y - y) * unit);
  go(pose, true);
}

void Camera::move(const Pose& pose, bool animated) {
  go(pose, animated);
}

void Camera::orbit(float dxPx, float dyPx) {
  turn(-dxPx * kRadiansPerPixel, dyPx * kRadiansPerPixel);
}

void Camera::turn(float yaw, float pitch) {
  m_goal.yaw += yaw;
  m_goal.pitch += pitch;
  limit(m_goal);
}

void Camera::pan(float dxPx, float dyPx) {
  const Axes axes(m_goal);
  const float unit = 2 * kTanHalfView * m_goal.distance / m_height;
  const Vec3 shift = axes.up * (dyPx * unit) - axes.right * (dxPx * unit);
  Pose now = m_now;
  now.target = now.target + shift;  // a drag follows the hand without lag
  m_goal.target = m_goal.target + shift;
  limit(m_goal);
  limit(now);
  stand(now);
}

void Camera::zoom(float factor, Vec2 pointerPx) {
  const float distance = std::clamp(m_goal.distance / factor, m_fitDistance * kNearest, m_fitDistance * kFarthest);
  const float shrink = distance / m_goal.distance;
  const Axes axes(m_goal);
  const float unit = 2 * kTanHalfView * m_goal.distance / m_height;
  const Vec3 offset = axes.right * ((pointerPx.x - m_width / 2) * unit) + axes.up * ((m_height / 2 - pointerPx.y) * unit);
  m_goal.target = m_goal.target + offset * (1 - shrink);
  m_goal.distance = distance;
  limit(m_goal);
}

void Camera::zoomTo(float factor, const Vec3& point) {
  const float distance = std::clamp(m_goal.distance / factor, m_fitDistance * kNearest, m_fitDistance * kFarthest);
  m_goal.target = point + (m_goal.target - point) * (distance / m_goal.distance);
  m_goal.distance = distance;
  limit(m_goal);
}

bool Camera::moving() const {
  return length(m_now.target - m_goal.target) > 1e-3f * m_goal.distance || std::abs(m_now.yaw - m_goal.yaw) > 5e-4f ||
         std::abs(m_now.pitch - m_goal.pitch) > 5e-4f || std::abs(m_now.distance - m_goal.distance) > 5e-4f * m_goal.distance;
}

void Camera::finish() {
  stand(m_goal);
}

bool Camera::advance(float seconds) {
  const float share = 1 - std::exp(-std::max(seconds, 0.0f) / kSettleSeconds);
  Pose now = m_now;
  now.target = mix(now.target, m_goal.target, share);
  now.yaw += (m_goal.yaw - now.yaw) * share;
  now.pitch += (m_goal.pitch - now.pitch) * share;
  now.distance += (m_goal.distance - now.distance) * share;  // linear like the target: the zoomed point stays under the pointer
  stand(now);
  if (moving()) return true;
  stand(m_goal);
  return false;
}

}  // namespace scene
