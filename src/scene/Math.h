// The little geometry that a scene needs: vectors, 4x4 matrices, rays. World: x right, y up (the direction of the
// network), z towards the person. Pure values.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace scene {

struct Vec2 {
  float x = 0, y = 0;
};

struct Vec3 {
  float x = 0, y = 0, z = 0;
  Vec3 operator+(const Vec3& o) const { return {x + o.x, y + o.y, z + o.z}; }
  Vec3 operator-(const Vec3& o) const { return {x - o.x, y - o.y, z - o.z}; }
  Vec3 operator*(float k) const { return {x * k, y * k, z * k}; }
  bool operator==(const Vec3&) const = default;
};
inline float dot(const Vec3& a, const Vec3& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline float length(const Vec3& a) {
  return std::sqrt(dot(a, a));
}
inline Vec3 normalized(const Vec3& a) {
  return a * (1.0f / std::max(length(a), 1e-20f));
}
inline Vec3 mix(const Vec3& a, const Vec3& b, float t) {
  return a + (b - a) * t;
}

struct Ray {
  Vec3 origin, direction;
};

struct Box {
  Vec3 low{1e30f, 1e30f, 1e30f}, high{-1e30f, -1e30f, -1e30f};
  void add(const Vec3& p) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
  }
  bool empty() const { return low.x > high.x; }
  Vec3 center() const { return (low + high) * 0.5f; }
  Vec3 size() const { return high - low; }
  bool operator==(const Box&) const = default;
};

// Column major, as OpenGL reads it.
struct Mat4 {
  std::array<float, 16> m{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
  float at(int row, int column) const { return m[std::size_t(column * 4 + row)]; }
  float& at(int row, int column) { return m[std::size_t(column * 4 + row)]; }
  Mat4 operator*(const Mat4& o) const {
    Mat4 r;
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j) {
        float sum = 0;
        for (int k = 0; k < 4; ++k) sum += at(i, k) * o.at(k, j);
        r.at(i, j) = sum;
      }
    return r;
  }
};

}  // namespace scene
