// Two networks in one window, each in a scene of its own: nothing that the person does in one is seen in the other.
#include <gtest/gtest.h>

#include <QHBoxLayout>
#include <QMouseEvent>
#include <QTest>
#include <QWidget>

#include "scene/SceneNetworks.h"
#include "support/Settle.h"
#include "ui/model/Selection.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"

namespace {

using ui::SceneHost;
using ui::SceneViews;

bool same(const scene::Camera::Pose& one, const scene::Camera::Pose& other) {
  return one.target == other.target && one.yaw == other.yaw && one.pitch == other.pitch && one.distance == other.distance;
}

class TwoScenes : public testing::TestWithParam<SceneViews::View> {
 protected:
  void SetUp() override {
    auto* row = new QHBoxLayout(&m_window);
    for (SceneHost* host : {&m_left, &m_right}) {
      host->setTheme(ui::darkTheme());
      host->views().setView(GetParam());
      if (host->views().view() != GetParam()) GTEST_SKIP() << host->views().notice().toStdString();
      row->addWidget(host);
    }
    m_window.resize(1200, 600);
    m_window.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&m_window));
    open(m_left, m_leftSelection, scene_test::harley(), 4);
    open(m_right, m_rightSelection, scene_test::mlp(), 7);
    rest();
  }
  static void open(SceneHost& host, ui::Selection& selection, const std::shared_ptr<const nn::Network>& network, std::uint64_t seed) {
    const auto parameters = std::make_shared<const std::vector<float>>(network->initialParameters(seed));
    selection.setNetwork(network);
    host.setNetwork(network, parameters);
    host.controller().contents().setValues(scene_test::valuesOf(network, *parameters, scene_test::seven(network->inputShape())));
  }
  void rest() {
    ASSERT_TRUE(QTest::qWaitFor(
        [&] {
          return m_left.views().frameCount() > 0 && m_right.views().frameCount() > 0 && !m_left.controller().moving() &&
                 !m_right.controller().moving();
        },
        10000));
    settle(50);
  }
  static void drag(SceneHost& host) {
    QWidget* view = host.focusProxy();
    QTest::mousePress(view, Qt::LeftButton, {}, {200, 60});
    for (int x = 200; x <= 320; x += 20) {
      const QPoint at(x, 60);
      QMouseEvent move(QEvent::MouseMove, at, view->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
      QCoreApplication::sendEvent(view, &move);
    }
    QTest::mouseRelease(view, Qt::LeftButton, {}, {320, 60});
  }

  QWidget m_window;
  ui::Selection m_leftSelection, m_rightSelection;
  SceneHost m_left{m_leftSelection}, m_right{m_rightSelection};
};

TEST_P(TwoScenes, HaveEachTheirOwnNetworkCameraAndPointer) {
  const QImage before = m_right.views().picture();
  const quint64 frames = m_right.views().frameCount();
  const scene::Camera::Pose left = m_left.controller().camera().goal(), right = m_right.controller().camera().goal();
  drag(m_left);
  rest();
  EXPECT_FALSE(same(m_left.controller().camera().goal(), left));
  EXPECT_TRUE(same(m_right.controller().camera().goal(), right));
  m_leftSelection.pin(scene::UnitId{m_left.controller().state().network()->find("conv2"), {3, 4, 5}});
  rest();
  EXPECT_TRUE(m_left.controller().state().highlight());
  EXPECT_FALSE(m_right.controller().state().highlight());
  EXPECT_EQ(m_right.views().frameCount(), frames) << "nothing is painted where nothing has changed";
  EXPECT_EQ(m_right.views().picture(), before);
  // And the other way round, with another network in the first.
  open(m_left, m_leftSelection, scene_test::branches(), 2);
  rest();
  const QImage branches = m_left.views().picture();
  drag(m_right);
  rest();
  EXPECT_FALSE(same(m_right.controller().camera().goal(), right));
  EXPECT_NE(m_right.views().picture(), before);
  EXPECT_EQ(m_left.views().picture(), branches);
}

INSTANTIATE_TEST_SUITE_P(Views, TwoScenes, testing::Values(SceneViews::View::Space, SceneViews::View::Flat),
                         [](const auto& test) { return test.param == SceneViews::View::Space ? "Space" : "Flat"; });

}  // namespace
