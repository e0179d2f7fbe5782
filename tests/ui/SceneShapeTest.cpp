// The scene in windows of several shapes: when it is laid out anew, and what stays; and a large one, whose parts come turn by turn.
#include <QTimer>

#include "WindowTest.h"
#include "scene/SceneNetworks.h"
#include "ui/scene/Bookmarks.h"
#include "ui/scene/SceneBuilder.h"

namespace {

class SceneShapeTest : public uitest::WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    workbench().models().openShipped("unet-mini");
    ASSERT_TRUE(QTest::qWaitFor([&] { return state().network() && state().network()->spec().name == "unet-mini"; }, 20000));
    view(900, 500);
    ASSERT_GT(stages(), 1) << "a deep network in a wide view";
  }
  // As if the docks left it that room.
  void view(int width, int height) { host().controller().cameraController().setViewport(QSizeF(width, height)); }
  int stages() const {
    int most = 0;
    for (const scene::Block& block : program->window().scene().controller().state().layout()->blocks) most = std::max(most, block.stage);
    return most + 1;
  }
  const scene::Block& block(const char* name) {
    return state().layout()->blocks[std::size_t(state().layout()->blockOfNode[std::size_t(workbench().network()->find(name))])];
  }
  scene::Vec3 placeOf(const char* name) { return host().controller().camera().project(block(name).bounds.center()); }
};

TEST_F(SceneShapeTest, IsLaidOutAnewForAnotherShapeAlone) {
  const std::uint64_t before = state().versions().layout;
  for (int height = 500; height < 565; ++height) view(900, height);
  EXPECT_EQ(state().versions().layout, before) << "not for some pixels";
  view(400, 800);
  EXPECT_EQ(state().versions().layout, before + 1);
  EXPECT_EQ(stages(), 1);
  for (int width = 400; width < 660; ++width) view(width, 800);
  EXPECT_EQ(state().versions().layout, before + 1);
  view(900, 500);
  EXPECT_GT(stages(), 1);
}

TEST_F(SceneShapeTest, PinsTheEyeAndKeptViewsStay) {
  const scene::UnitId pinned = unit("up2", {3, 4, 5}), beside = unit("deep1", {1, 2, 2});
  workbench().selection().pinBeside(beside, true);
  workbench().selection().pin(pinned);
  ui::SceneController& controller = host().controller();
  controller.cameraController().focus(block("join2").bounds);
  const scene::View close = controller.cameraController().view();
  EXPECT_EQ(close.node, workbench().network()->find("join2"));
  host().bookmarks().keep(5);
  view(400, 800);
  ASSERT_EQ(stages(), 1);
  EXPECT_EQ(workbench().selection().pinned(), std::optional(pinned));
  EXPECT_EQ(workbench().selection().pins().beside, std::vector{beside});
  EXPECT_TRUE(state().layout()->locate(pinned));
  EXPECT_TRUE(QTest::qWaitFor([&] { return !controller.advance(); }, 5000));
  EXPECT_EQ(controller.cameraController().view().node, close.node);
  EXPECT_NEAR(placeOf("join2").x, 200, 80);
  EXPECT_NEAR(placeOf("join2").y, 400, 120);
  controller.cameraController().reset();
  ASSERT_TRUE(host().bookmarks().recall(5));
  EXPECT_TRUE(QTest::qWaitFor([&] { return !controller.advance(); }, 5000));
  EXPECT_EQ(controller.cameraController().view().node, close.node) << "kept in another layout";
  EXPECT_NEAR(placeOf("join2").x, 200, 80);
}

// A network that was turned and is all in view stays in view where the window becomes narrow.
TEST_F(SceneShapeTest, AllOfItStaysInView) {
  ui::SceneController& controller = host().controller();
  scene::View turned = controller.cameraController().view();
  ASSERT_EQ(turned.node, -1);
  turned.distance = 1;
  controller.cameraController().setView(turned);
  for (const QSize& size : {QSize(800, 560), QSize(420, 800), QSize(1200, 600)}) {
    view(size.width(), size.height());
    EXPECT_TRUE(QTest::qWaitFor([&] { return !controller.advance(); }, 5000));
    for (const scene::Block& one : state().layout()->blocks) {
      const scene::Vec3 at = controller.camera().project(one.bounds.center());
      EXPECT_TRUE(at.x > 0 && at.x < float(size.width()) && at.y > 0 && at.y < float(size.height())) << one.name << " " << size.width();
    }
  }
}

// Each of what waits for a large scene may take as long as the window is to stand still for: the window goes on in between.
TEST(SceneBuilder, LetsTheWindowGoOnBetweenWhatWaits) {
  nn::NetworkSpec spec;
  spec.name = "large";
  spec.nodes = {scene_test::input(1, 1100, 1100), scene_test::pool("pool")};
  QObject owner;
  ui::SceneBuilder builder(&owner);
  std::vector<QString> order;
  builder.build(scene::SceneRequest{nn::Network::create(spec)}, [&](scene::NetworkScene&&) { order.push_back("scene"); });
  ASSERT_TRUE(builder.busy());
  builder.whenBuilt([&] {
    order.push_back("first");
    QTimer::singleShot(0, &owner, [&] { order.push_back("window"); });
  });
  builder.whenBuilt([&] { order.push_back("second"); });
  ASSERT_TRUE(QTest::qWaitFor([&] { return !builder.busy(); }, 30000));
  EXPECT_EQ(order, (std::vector<QString>{"scene", "first", "window", "second"}));
}

}  // namespace
