// The players in the real window, by keys, bar and menu, without OpenGL.
#include <gtest/gtest.h>

#include <QAction>
#include <QComboBox>
#include <QSlider>

#include "support/Countdown.h"
#include "ui/WindowTest.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/scene/AnimationBar.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/ConnectionBar.h"
#include "ui/scene/ExportDialog.h"
#include "ui/scene/SceneController.h"

namespace {

class AnimationPlayerTest : public uitest::WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    drawThree();
  }
  ui::AnimationPlayer& player() { return host().player(); }
  ui::AnimationBar& bar() { return *window().findChild<ui::AnimationBar*>(); }
  QToolButton& button(const char* name) {
    for (auto* one : bar().findChildren<QToolButton*>())
      if (one->accessibleName() == QLatin1String(name)) return *one;
    ADD_FAILURE() << name;
    return *bar().findChild<QToolButton*>();
  }
  static const scene::AnimationType& forwardPass() { return *scene::findAnimation("forward-pass"); }
  static const scene::AnimationType& slidingWindow() { return *scene::findAnimation("sliding-window"); }
  std::size_t step() { return state().animation() ? state().animation()->step : 9999; }
  bool slides() { return player().type() == &slidingWindow(); }
  std::size_t steps() { return state().animation() ? state().animation()->animation->steps() : 0; }
  scene::AnimationPlace place() { return state().animation() ? state().animation()->place(*state().layout()) : scene::AnimationPlace(); }
  scene::UnitId played() { return place().unit.value_or(scene::UnitId()); }
  bool detailed() { return player().commandsOf(slidingWindow()).detail->isChecked(); }
  void pause() {
    if (player().playing()) player().toggle();
  }
  // So many were painted once everything that grows and turns has come to its place.
  quint64 framesAtRest() {
    EXPECT_TRUE(QTest::qWaitFor([&] { return !host().controller().moving(); }, 20000));
    settle(50);
    return host().views().frameCount();
  }
};

TEST_F(AnimationPlayerTest, SpaceCommaAndFullStopBelongToAnOpenPlayer) {
  useSmallData();
  key(Qt::Key_G);
  ASSERT_TRUE(player().isOpen());
  EXPECT_TRUE(player().playing());
  EXPECT_EQ(step(), 0u);
  EXPECT_TRUE(bar().isVisible());
  key(Qt::Key_Space);
  EXPECT_FALSE(player().playing());
  EXPECT_FALSE(program->workbench().training().running());
  key(Qt::Key_Period);
  key(Qt::Key_Period);
  EXPECT_EQ(step(), 2u);
  EXPECT_NE(state().caption().find("pool1"), std::string::npos);
  key(Qt::Key_Comma);
  EXPECT_EQ(step(), 1u);
  key(Qt::Key_Escape);
  EXPECT_FALSE(player().isOpen());
  EXPECT_FALSE(bar().isVisible());
  key(Qt::Key_Space);
  EXPECT_TRUE(QTest::qWaitFor([&] { return program->workbench().training().running(); }, 20000));
  program->workbench().training().pause();
}

TEST_F(AnimationPlayerTest, PlaysAtItsSpeedToTheEndAndRests) {
  player().setSpeed(5);
  player().open(forwardPass());
  EXPECT_TRUE(QTest::qWaitFor([&] { return step() + 1 == steps() && !player().playing(); }, 8000));
  const quint64 rested = framesAtRest();
  settle(100);
  EXPECT_EQ(host().views().frameCount(), rested);
  player().toggle();  // from the beginning
  EXPECT_EQ(step(), 0u);
  EXPECT_TRUE(player().playing());
}

TEST_F(AnimationPlayerTest, PaintsNothingWhilePausedAndComputesNothingUnseen) {
  player().setSpeed(5);
  player().open(slidingWindow());
  EXPECT_TRUE(QTest::qWaitFor([&] { return step() % 28 > 2; }, 3000));
  key(Qt::Key_Space);
  const quint64 frames = framesAtRest();
  const std::size_t at = step();
  settle(100);
  EXPECT_EQ(host().views().frameCount(), frames);
  EXPECT_EQ(step(), at);
  player().toggle();
  window().hide();
  settle(50);
  const std::size_t hidden = step();
  settle(100);
  EXPECT_EQ(step(), hidden);
  window().show();
  EXPECT_TRUE(QTest::qWaitFor([&] { return step() > hidden; }, 3000));
}

TEST_F(AnimationPlayerTest, TheWindowBeginsAtTheFirstCellOrFromHere) {
  program->workbench().selection().pin(unit("conv2", {5, 4, 3}));
  key(Qt::Key_L);
  pause();
  EXPECT_EQ(step(), 0u);
  EXPECT_EQ(played(), unit("conv2", {5, 0, 0}));
  key(Qt::Key_L, Qt::ControlModifier);
  pause();
  EXPECT_EQ(played(), unit("conv2", {5, 4, 3}));
  player().setStep(7);
  QTest::mouseClick(bar().findChild<QToolButton*>("playFromHere"), Qt::LeftButton);
  pause();
  EXPECT_EQ(played(), unit("conv2", {5, 4, 3}));
  player().close();
  program->workbench().selection().pin(std::nullopt);
  key(Qt::Key_L);  // nothing pinned: the liveliest map of the first layer, from its first cell
  pause();
  EXPECT_EQ(step(), 0u);
  EXPECT_FALSE(bar().findChild<QToolButton*>("playFromHere")->isEnabled());
}

TEST_F(AnimationPlayerTest, ShiftLAloneBeginsProductByProduct) {
  for (int round = 0; round < 2; ++round) {  // also where it was left on
    program->workbench().selection().pin(unit("conv1", {2, 9, 9}));
    key(Qt::Key_L, Qt::ShiftModifier);
    pause();
    ASSERT_TRUE(slides());
    EXPECT_TRUE(detailed());
    EXPECT_EQ(steps(), 28u * 28u * 26u);
    EXPECT_EQ(place().products, 1);
    EXPECT_EQ(played(), unit("conv1", {2, 0, 0}));
    if (round == 0) player().close();
  }
  key(Qt::Key_L, Qt::ShiftModifier);  // with the window open it is a choice
  EXPECT_FALSE(detailed());
  EXPECT_EQ(steps(), 28u * 28u);
}

TEST_F(AnimationPlayerTest, SlidesFromThePinnedUnitWithItsSumsInTheInspector) {
  program->workbench().selection().pin(unit("conv2", {5, 4, 3}));
  key(Qt::Key_L, Qt::ControlModifier);
  pause();
  ASSERT_TRUE(slides());
  EXPECT_EQ(played(), unit("conv2", {5, 4, 3}));
  auto* inspector = window().findChild<ui::Inspector*>();
  ASSERT_TRUE(inspector->panel()->explanation());
  EXPECT_EQ(inspector->panel()->explanation()->unit, unit("conv2", {5, 4, 3}));
  key(Qt::Key_Period);
  EXPECT_EQ(inspector->panel()->explanation()->unit, unit("conv2", {5, 4, 4}));
  EXPECT_EQ(state().selection().pinned(), unit("conv2", {5, 4, 3}));
  key(Qt::Key_L, Qt::ShiftModifier);
  EXPECT_EQ(steps(), 100u * 151u);
  EXPECT_EQ(played(), unit("conv2", {5, 4, 4}));
  key(Qt::Key_Period);
  EXPECT_EQ(place().products, 2);
  EXPECT_NE(state().caption().find("product 2 of 150"), std::string::npos);
  // A click on another unit takes the window there; one that no window writes leaves it.
  program->workbench().selection().pin(unit("pool1", {2, 3, 1}));
  EXPECT_EQ(played(), unit("pool1", {2, 3, 1}));
  program->workbench().selection().pin(unit("dense1", {2, 0, 0}));
  EXPECT_EQ(played(), unit("pool1", {2, 3, 1}));
  emit inspector->closeRequested(inspector->panel()->explanation()->unit);
  EXPECT_FALSE(state().animation());
  EXPECT_EQ(inspector->panel()->explanation()->unit, unit("dense1", {2, 0, 0}));
}

TEST_F(AnimationPlayerTest, TheBarSaysAndDoesTheSame) {
  player().open(slidingWindow());
  pause();
  QSlider* position = bar().findChild<QSlider*>();
  EXPECT_EQ(position->maximum(), 28 * 28 - 1);
  position->setValue(300);
  EXPECT_EQ(step(), 300u);
  QTest::mouseClick(&button("Step forward"), Qt::LeftButton);
  EXPECT_EQ(step(), 301u);
  QTest::mouseClick(&button("Step back"), Qt::LeftButton);
  QTest::mouseClick(&button("Step back"), Qt::LeftButton);
  EXPECT_EQ(step(), 299u);
  EXPECT_EQ(position->value(), 299);
  QTest::mouseClick(&button("Each product"), Qt::LeftButton);
  EXPECT_EQ(position->maximum(), 28 * 28 * 26 - 1);
  EXPECT_EQ(place().number, 300u);
  QTest::mouseClick(&button("Play"), Qt::LeftButton);
  EXPECT_TRUE(player().playing());
  QTest::mouseClick(&button("Pause"), Qt::LeftButton);
  EXPECT_FALSE(player().playing());
  for (const QWidget* part : bar().findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
    if (part->inherits("QLabel")) continue;
    EXPECT_FALSE(part->accessibleName().isEmpty());
    EXPECT_FALSE(part->toolTip().isEmpty());
    EXPECT_NE(part->focusPolicy() & Qt::TabFocus, 0);
  }
  QTest::mouseClick(&button("Close the player"), Qt::LeftButton);
  EXPECT_FALSE(player().isOpen());
}

TEST_F(AnimationPlayerTest, OnlyOneBarStandsAtTheFoot) {
  program->workbench().selection().pin(unit("conv1", {2, 9, 9}));
  settle(20);
  auto* asks = window().findChild<ui::ConnectionBar*>();
  player().open(slidingWindow());
  pause();
  for (const QSize size : {QSize(1280, 800), QSize(820, 600), QSize(400, 300)}) {
    window().resize(size);
    settle(60);
    EXPECT_TRUE(bar().isVisible());
    EXPECT_FALSE(asks->isVisible());
    EXPECT_TRUE(host().rect().contains(bar().geometry())) << size.width();
    for (const char* name : {"Step back", "Step forward", "Close the player"}) EXPECT_TRUE(button(name).isVisible()) << name;
    const scene::Box box = state().animation()->closeUp(*state().layout());
    const scene::Vec3 middle = host().controller().camera().project(box.center());
    EXPECT_LT(middle.y, float(bar().y())) << "what it explains lies under the bar";
  }
}

TEST_F(AnimationPlayerTest, GoesOnWhileTheDrawingAndTheParametersChange) {
  useSmallData();
  player().open(slidingWindow());
  pause();
  player().setStep(14 * 28 + 14);
  const std::string before = state().caption();
  ui::Visitor(*program).stroke({{60, 60}, {220, 220}});
  settle(50);
  EXPECT_TRUE(slides());
  EXPECT_NE(state().caption(), before);
  host().views().setView(ui::SceneViews::View::Flat);
  EXPECT_TRUE(slides());
  program->workbench().play();
  const auto parameters = program->workbench().parameters();
  EXPECT_TRUE(QTest::qWaitFor([&] { return program->workbench().parameters() != parameters; }, 20000));
  EXPECT_TRUE(slides());
  EXPECT_FALSE(state().caption().empty());
  program->workbench().training().pause();
}

TEST_F(AnimationPlayerTest, EndsWithTheNetwork) {
  program->workbench().selection().pin(unit("pool2", {15, 4, 3}));  // the next network has no such unit
  player().open(slidingWindow());
  program->workbench().models().openShipped("mlp");
  ASSERT_TRUE(QTest::qWaitFor([&] { return program->workbench().network() && program->workbench().network()->find("conv1") < 0; }, 5000));
  EXPECT_FALSE(player().isOpen());
  EXPECT_FALSE(player().playing());
  EXPECT_FALSE(bar().isVisible());
  player().open(slidingWindow());
  EXPECT_FALSE(player().isOpen()) << "no window slides in it";
  EXPECT_FALSE(player().commandsOf(slidingWindow()).open->isChecked());
  player().open(forwardPass());
  EXPECT_TRUE(player().isOpen());
}

TEST_F(AnimationPlayerTest, TheEyeGoesThereAndBackUnlessThePersonMovedIt) {
  const auto distance = [this] { return host().controller().camera().goal().distance; };
  const float before = distance();
  player().open(slidingWindow());
  pause();
  EXPECT_LT(distance(), before);
  player().close();
  EXPECT_NEAR(distance(), before, 1e-3);
  scene::View own = host().controller().cameraController().view();
  own.distance *= 0.5f;
  host().controller().cameraController().setView(own);
  const float kept = distance();
  EXPECT_LT(kept, 0.6f * before);
  player().open(slidingWindow());
  pause();
  EXPECT_EQ(distance(), kept);
  player().close();
  EXPECT_EQ(distance(), kept);
}

TEST_F(AnimationPlayerTest, TheBarOfAUnitLetsTheWindowSlideThere) {
  ui::Visitor visitor(*program);
  visitor.hover(visitor.liveliest("conv1"));
  auto* slide = window().findChild<QToolButton*>("play.sliding-window");
  ASSERT_TRUE(QTest::qWaitFor([slide] { return slide->isVisible(); }, 5000));
  const scene::UnitId wanted = state().highlight()->unit;
  visitor.leaveScene();
  QTest::mouseClick(slide, Qt::LeftButton);
  pause();
  ASSERT_TRUE(slides());
  EXPECT_EQ(played(), (scene::UnitId{wanted.node, {wanted.cell.channel, 0, 0}}));
  player().close();
  program->workbench().selection().pin(unit("dense2", {3, 0, 0}));
  EXPECT_FALSE(slide->isEnabled());
}

TEST_F(AnimationPlayerTest, FilmsAreOfWhatIsPlayed) {
  const auto offered = [&](const QString& words) {
    const ui::ExportDialog dialog(host().capture(), &window());
    return dialog.findChild<QComboBox*>()->findText(words) >= 0;
  };
  EXPECT_TRUE(offered("Film of a turn (MP4)"));
  player().open(forwardPass());
  pause();
  EXPECT_TRUE(offered("Film of what is played (MP4)"));
  EXPECT_FALSE(offered("Film of a turn (MP4)"));
}

TEST_F(AnimationPlayerTest, RemembersHowItPlays) {
  player().setSpeed(4);
  player().setDetailed(slidingWindow(), true);
  program = std::make_unique<ui::Program>();
  EXPECT_EQ(player().speed(), 4);
  EXPECT_TRUE(detailed());
}

// A row of the table is all that an animation needs for its command, its place in the bar, its clock and its end.
TEST_F(AnimationPlayerTest, PlaysWhateverStandsInItsTable) {
  const scene::SceneState& shown = state();
  ui::Selection selection;
  ui::SceneController controller(selection);
  controller.contents().setNetwork(shown.network(), program->workbench().parameters());
  controller.contents().setValues(shown.values());
  controller.cameraController().setViewport({800, 600});
  QWidget view;
  view.show();
  const std::array<const scene::AnimationType*, 2> types = {&forwardPass(), &test::kCountdown};
  ui::AnimationPlayer player(controller, view, types);
  const ui::AnimationBar bar(player, controller, &view);
  const QList<QAction*> actions = player.openingActions();
  ASSERT_EQ(actions.size(), 2);
  EXPECT_EQ(actions[1]->objectName(), "animation.countdown");
  EXPECT_EQ(actions[1]->shortcut(), QKeySequence("Ctrl+Shift+9"));
  player.setSpeed(5);
  actions[1]->trigger();
  ASSERT_EQ(player.type(), &test::kCountdown);
  EXPECT_TRUE(actions[1]->isChecked());
  EXPECT_EQ(bar.findChild<QComboBox*>()->currentText(), "Countdown");
  const std::size_t blocks = controller.state().layout()->blocks.size();
  EXPECT_EQ(controller.state().caption().rfind(std::to_string(blocks) + " to go", 0), 0u);
  EXPECT_TRUE(QTest::qWaitFor([&] { return !player.playing(); }, 8000));
  EXPECT_EQ(controller.state().animation()->step + 1, blocks);
  EXPECT_EQ(bar.findChild<QSlider*>()->value(), int(blocks) - 1);
  actions[1]->trigger();
  EXPECT_FALSE(player.isOpen());
}

}  // namespace
