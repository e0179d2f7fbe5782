#include <gtest/gtest.h>

#include "scene/Camera.h"
#include "scene/SceneNetworks.h"

namespace {

using scene::Arrangement;
using scene::Camera;
using scene::Margins;
using scene::Vec3;

constexpr Margins kMargins{100, 60, 80, 20};

class CameraTest : public testing::TestWithParam<Arrangement> {
 protected:
  CameraTest() : m_layout(buildLayout(scene_test::harley(), GetParam())) {
    m_camera.setScene(*m_layout);
    m_camera.setViewport(1000, 700, kMargins);
    m_camera.reset(false);
  }
  void expectAllInView(float slack) const {
    for (const scene::Sheet& sheet : m_layout->sheets)
      for (const Vec3& p : {sheet.origin, sheet.origin + sheet.right * sheet.width() + sheet.down * sheet.height()}) {
        const Vec3 at = m_camera.project(p);
        EXPECT_GT(at.z, 0);
        EXPECT_GE(at.x, kMargins.left - slack);
        EXPECT_LE(at.x, 1000 - kMargins.right + slack);
        EXPECT_GE(at.y, kMargins.top - slack);
        EXPECT_LE(at.y, 700 - kMargins.bottom + slack);
      }
  }
  std::shared_ptr<const scene::Layout> m_layout;
  Camera m_camera;
};

TEST_P(CameraTest, BringsEverythingIntoViewAndFillsIt) {
  expectAllInView(3);
  float left = 1e9f, right = -1e9f, top = 1e9f, bottom = -1e9f;
  for (const scene::Sheet& sheet : m_layout->sheets) {
    for (const float x : {0.0f, sheet.width()})
      for (const float y : {0.0f, sheet.height()}) {
        const Vec3 at = m_camera.project(sheet.origin + sheet.right * x + sheet.down * y);
        left = std::min(left, at.x), right = std::max(right, at.x), top = std::min(top, at.y), bottom = std::max(bottom, at.y);
      }
  }
  EXPECT_TRUE(right - left > 810 || bottom - top > 610) << right - left << " x " << bottom - top;
}

TEST_P(CameraTest, SendsARayThroughWhatItProjects) {
  for (const scene::Block& block : m_layout->blocks) {
    const Vec3 point = block.bounds.center();
    const Vec3 at = m_camera.project(point);
    const scene::Ray ray = m_camera.rayThrough({at.x, at.y});
    const Vec3 from = point - ray.origin;
    EXPECT_LT(length(cross(from, ray.direction)), 1e-3f * length(from));
  }
}

TEST_P(CameraTest, AgreesWithItsMatrix) {
  const scene::Mat4 m = m_camera.viewProjection();
  const Vec3 p = m_layout->blocks[2].bounds.center();
  float clip[4];
  for (int i = 0; i < 4; ++i) clip[i] = m.at(i, 0) * p.x + m.at(i, 1) * p.y + m.at(i, 2) * p.z + m.at(i, 3);
  const Vec3 at = m_camera.project(p);
  EXPECT_NEAR((clip[0] / clip[3] + 1) * 500, at.x, 0.05f);
  EXPECT_NEAR((1 - clip[1] / clip[3]) * 350, at.y, 0.05f);
  EXPECT_LT(std::abs(clip[2] / clip[3]), 1);
}

TEST_P(CameraTest, KeepsThePointUnderThePointerWhileZooming) {
  const scene::Vec2 pointer{640, 300};
  const scene::Ray before = m_camera.rayThrough(pointer);
  // The point of the ray that lies in the plane through the target.
  const Vec3 forward = m_camera.forward();
  const Vec3 target = m_layout->bounds.center();
  const Vec3 point = before.origin + before.direction * (dot(target - before.origin, forward) / dot(before.direction, forward));
  m_camera.zoom(1.3f, pointer);
  float worst = 0;
  for (int i = 0; i < 40; ++i) {
    m_camera.advance(0.016f);
    const Vec3 at = m_camera.project(point);
    worst = std::max(worst, std::hypot(at.x - pointer.x, at.y - pointer.y));
  }
  // The target of the fitted camera is not exactly the middle of the scene: its plane is a little before or behind the point.
  EXPECT_LT(worst, 12);
  EXPECT_FALSE(m_camera.moving());
}

TEST_P(CameraTest, ComesUpToAPointWithoutPassingIt) {
  for (const scene::Sheet& sheet : m_layout->sheets) {
    m_camera.reset(false);
    const Vec3 before = m_camera.project(sheet.center());
    for (int i = 0; i < 40; ++i) m_camera.zoomTo(1.2f, sheet.center());
    m_camera.finish();
    const Vec3 at = m_camera.project(sheet.center());
    ASSERT_GT(at.z, 0);
    EXPECT_NEAR(before.z / at.z, 1 / 0.03f, 5) << "as near as the eye may come";
    EXPECT_LT(std::hypot(at.x - before.x, at.y - before.y), 2) << "it stays where it was on the screen";
  }
}

TEST_P(CameraTest, SettlesWithinAShortTime) {
  m_camera.zoom(2, {500, 350});
  EXPECT_TRUE(m_camera.moving());
  float seconds = 0;
  while (m_camera.advance(0.016f)) {
    seconds += 0.016f;
    ASSERT_LT(seconds, 1.0f);
  }
  EXPECT_LT(seconds, 0.75f);
}

TEST_P(CameraTest, IsNeverLost) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> step(-900, 900), factor(0.2f, 5.0f), place(0, 1000);
  for (int i = 0; i < 500; ++i) {
    switch (i % 3) {
      case 0:
        m_camera.orbit(step(random), step(random));
        break;
      case 1:
        m_camera.pan(step(random), step(random));
        break;
      default:
        m_camera.zoom(factor(random), {place(random), place(random)});
    }
    m_camera.advance(0.05f);
    const Vec3 eye = m_camera.eye(), forward = m_camera.forward();
    ASSERT_TRUE(std::isfinite(eye.x) && std::isfinite(eye.y) && std::isfinite(eye.z));
    ASSERT_LT(forward.z, 0) << "the fronts of the sheets stay in sight";
    ASSERT_LT(length(eye - m_layout->bounds.center()), 40 * length(m_layout->bounds.size()));
  }
  m_camera.reset(true);
  for (int i = 0; i < 200; ++i) m_camera.advance(0.016f);
  expectAllInView(3);
}

TEST_P(CameraTest, FitsAgainAfterTurning) {
  m_camera.orbit(-120, 40);
  m_camera.finish();
  m_camera.fit(false);
  expectAllInView(3);
}

TEST_P(CameraTest, ComesCloseToOneLayer) {
  const float before = m_camera.pixelsPerUnit(m_layout->blocks[5].bounds.center());
  m_camera.focus(m_layout->blocks[5].bounds, false);
  EXPECT_GT(m_camera.pixelsPerUnit(m_layout->blocks[5].bounds.center()), before * 1.05f);
  const Vec3 at = m_camera.project(m_layout->blocks[5].bounds.center());
  EXPECT_NEAR(at.x, 510, 60);
}

INSTANTIATE_TEST_SUITE_P(Arrangements, CameraTest, testing::Values(Arrangement::Space, Arrangement::Flat, Arrangement::Rightward));

TEST(FlatCamera, CannotBeTurned) {
  const auto layout = buildLayout(scene_test::harley(), Arrangement::Flat);
  Camera camera;
  camera.setScene(*layout);
  camera.setViewport(1000, 700, kMargins);
  camera.reset(false);
  camera.orbit(200, 100);
  camera.finish();
  EXPECT_FLOAT_EQ(camera.forward().x, 0);
  EXPECT_FLOAT_EQ(camera.forward().y, 0);
}

}  // namespace
