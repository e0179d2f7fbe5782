// The scene's widgets with real mouse and key events, in 3D and flat.
#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QPointer>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include "scene/SceneNetworks.h"
#include "support/Settle.h"
#include "ui/scene/Bookmarks.h"
#include "ui/scene/FindBox.h"
#include "ui/scene/Folding.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/scene/SceneOptions.h"
#include "ui/scene/StatusLine.h"

namespace {

using scene::UnitId;
using ui::SceneHost;
using ui::SceneViews;

class SceneHostTest : public testing::TestWithParam<SceneViews::View> {
 protected:
  void SetUp() override {
    m_host.views().setView(GetParam());
    if (m_host.views().view() != GetParam()) GTEST_SKIP() << m_host.views().notice().toStdString();
    m_host.setTheme(ui::darkTheme());
    m_host.resize(900, 700);
    m_host.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&m_host));
    m_network = scene_test::harley();
    m_parameters = std::make_shared<std::vector<float>>(m_network->initialParameters(4));
    m_selection.setNetwork(m_network);
    m_host.setNetwork(m_network, m_parameters);
    m_host.controller().contents().setValues(scene_test::valuesOf(m_network, *m_parameters, scene_test::seven(m_network->inputShape())));
    settle();
  }
  void settle() {
    ASSERT_TRUE(QTest::qWaitFor([this] { return m_host.views().frameCount() > 0 && !m_host.controller().moving(); }, 5000));
    ::settle(50);
  }
  QWidget* view() { return m_host.focusProxy(); }
  QPoint at(const UnitId& unit) {
    const scene::Layout& layout = *m_host.controller().state().layout();
    const scene::Vec3 p = m_host.controller().camera().project(layout.center(*layout.locate(unit)));
    return {int(p.x), int(p.y)};
  }
  void moveTo(QPoint p) {
    QMouseEvent move(QEvent::MouseMove, p, view()->mapToGlobal(p), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(view(), &move);
  }
  UnitId pooled() const { return {m_network->find("pool2"), {6, 2, 2}}; }

  ui::Selection m_selection;
  SceneHost m_host{m_selection};
  std::shared_ptr<const nn::Network> m_network;
  std::shared_ptr<const std::vector<float>> m_parameters;
};

TEST_P(SceneHostTest, TellsWhatIsHovered) {
  QSignalSpy hovered(&m_selection, &ui::Selection::hoveredChanged);
  moveTo(at(pooled()));
  ASSERT_EQ(hovered.count(), 1);
  ASSERT_TRUE(m_selection.value().hovered);
  EXPECT_EQ(m_selection.value().hovered->unit, pooled());
  ASSERT_TRUE(m_host.controller().state().highlight());
  EXPECT_EQ(m_host.controller().state().highlight()->edgeCount, 4u);
  moveTo({3, 3});
  EXPECT_EQ(hovered.count(), 2);
  EXPECT_FALSE(m_selection.value().hovered);
  EXPECT_FALSE(m_host.controller().state().highlight());
}

TEST_P(SceneHostTest, PinsWithAClickAndLetsGoWithAClickBesideOrEscape) {
  QSignalSpy pinned(&m_selection, &ui::Selection::pinsChanged);
  QTest::mouseClick(view(), Qt::LeftButton, {}, at(pooled()));
  ASSERT_EQ(pinned.count(), 1);
  EXPECT_EQ(m_selection.pinned(), pooled());
  moveTo({3, 3});
  EXPECT_TRUE(m_host.controller().state().highlight()) << "a pin stays highlighted";
  QTest::mouseClick(view(), Qt::LeftButton, {}, {4, 4});
  ASSERT_EQ(pinned.count(), 2);
  EXPECT_FALSE(m_selection.pinned());
  QTest::mouseClick(view(), Qt::LeftButton, {}, at(pooled()));
  QTest::keyClick(view(), Qt::Key_Escape);
  EXPECT_EQ(pinned.count(), 4);
  EXPECT_FALSE(m_selection.pinned());
}

TEST_P(SceneHostTest, MovesThePinWithTheArrowKeys) {
  QTest::mouseClick(view(), Qt::LeftButton, {}, at(pooled()));
  QTest::keyClick(view(), Qt::Key_Right);
  EXPECT_EQ(m_selection.pinned()->cell, (nn::Cell{6, 2, 3}));
  QTest::keyClick(view(), Qt::Key_Up);
  EXPECT_EQ(m_selection.pinned()->cell, (nn::Cell{6, 1, 3}));
  QTest::keyClick(view(), Qt::Key_Right);
  QTest::keyClick(view(), Qt::Key_Right);
  EXPECT_EQ(m_selection.pinned()->cell, (nn::Cell{7, 1, 0})) << "on to the next map";
}

TEST_P(SceneHostTest, WalksFromMapToMapAndLayerToLayer) {
  QTest::keyClick(view(), Qt::Key_PageUp);
  ASSERT_TRUE(m_selection.pinned()) << "a walk begins at the answer";
  EXPECT_EQ(m_selection.pinned()->node, m_host.controller().state().layout()->blocks.back().node);
  QTest::mouseClick(view(), Qt::LeftButton, {}, at(pooled()));
  QTest::keyClick(view(), Qt::Key_Right, Qt::ShiftModifier);
  EXPECT_EQ(m_selection.pinned()->cell, (nn::Cell{7, 2, 2}));
  QTest::keyClick(view(), Qt::Key_PageDown);
  EXPECT_EQ(m_selection.pinned()->node, m_network->find("conv2"));
  EXPECT_EQ(m_selection.pinned()->cell, (nn::Cell{7, 5, 5}));
  QTest::keyClick(view(), Qt::Key_I);
  EXPECT_EQ(m_selection.pinned()->node, m_network->find("pool1"));
  QTest::keyClick(view(), Qt::Key_O);
  EXPECT_EQ(m_selection.pinned()->node, m_network->find("conv2"));
}

TEST_P(SceneHostTest, KeepsTheWalkedUnitInSight) {
  QTest::mouseClick(view(), Qt::LeftButton, {}, at(pooled()));
  const scene::Layout& shown = *m_host.controller().state().layout();
  m_host.controller().cameraController().focus(shown.blocks[std::size_t(shown.blockOfNode[std::size_t(m_network->find("conv1"))])].bounds);
  settle();
  QTest::keyClick(view(), Qt::Key_PageUp);
  QTest::keyClick(view(), Qt::Key_PageUp);
  settle();
  EXPECT_TRUE(view()->rect().contains(at(*m_selection.pinned())));
}

TEST_P(SceneHostTest, TellsThePinnedUnitInWords) {
  EXPECT_TRUE(ui::pinnedInWords(m_host.controller().state()).isEmpty());
  QTest::mouseClick(view(), Qt::LeftButton, {}, at(pooled()));
  const QString words = ui::pinnedInWords(m_host.controller().state());
  EXPECT_TRUE(words.startsWith("pool2 · map 7, row 3, column 3: ")) << words.toStdString();
  auto* line = m_host.findChild<QLabel*>("statusLine");
  ASSERT_TRUE(QTest::qWaitFor([&] { return line->isVisible() && words.startsWith(line->text().left(20)); }, 2000));
  EXPECT_EQ(view()->accessibleName(), words) << "screen readers hear it too";
  QTest::keyClick(view(), Qt::Key_Escape);
  EXPECT_TRUE(QTest::qWaitFor([&] { return !line->isVisible(); }, 2000));
}

TEST_P(SceneHostTest, TellsItsWordsBesideTheNetwork) {
  m_selection.pin(pooled());
  const auto* status = m_host.findChild<QLabel*>("statusLine");
  int told = 0;
  for (int width = 700; width <= 1700; width += 200) {
    m_host.resize(width, 780);
    settle();
    m_host.controller().cameraController().reset();
    settle();
    if (!QTest::qWaitFor([&] { return !status->isHidden(); }, 400)) continue;
    ++told;
    const scene::Layout& layout = *m_host.controller().state().layout();
    const scene::Block& input = layout.blocks.front();
    QRectF cells;
    for (const float x : {input.bounds.low.x, input.bounds.high.x})
      for (const float y : {input.bounds.low.y, input.bounds.high.y})
        for (const float z : {input.bounds.low.z, input.bounds.high.z}) {
          const scene::Vec3 at = m_host.controller().camera().project({x, y, z});
          cells |= QRectF(double(at.x), double(at.y), 1, 1);
        }
    EXPECT_FALSE(cells.translated(view()->pos()).intersects(status->geometry())) << width;
  }
  EXPECT_GT(told, 2);
}

TEST_P(SceneHostTest, ComesBackToAKeptView) {
  const auto distance = [this] { return m_host.controller().camera().goal().distance; };
  const float before = distance();
  ui::Bookmarks& bookmarks = m_host.bookmarks();
  bookmarks.keep(4);
  m_host.controller().cameraController().focus(m_host.controller().state().layout()->blocks[0].bounds);
  settle();
  ASSERT_GT(std::abs(distance() - before), 0.1f);
  EXPECT_FALSE(bookmarks.recall(9)) << "never kept";
  EXPECT_TRUE(bookmarks.recall(4));
  EXPECT_NEAR(distance(), before, 1e-3);
  settle();
  EXPECT_FALSE(m_host.controller().moving());
}

TEST_P(SceneHostTest, FindsALayerByItsName) {
  auto* box = m_host.findChild<ui::FindBox*>();
  ASSERT_TRUE(box->isHidden());
  m_host.viewActions().back()->trigger();
  EXPECT_TRUE(box->isVisible());
  QTest::keyClicks(box->field(), "nothing like it");
  QTest::keyClick(box->field(), Qt::Key_Return);
  EXPECT_TRUE(box->isVisible()) << "no such layer: type again";
  auto* none = box->findChild<QLabel*>("findNone");
  EXPECT_TRUE(none->isVisible() && box->rect().contains(none->geometry()));
  EXPECT_EQ(none->text(), "Nothing is called nothing like it.");
  const float before = m_host.controller().camera().pixelsPerUnit({0, 0, 0});
  QTest::keyClicks(box->field(), "NV2");
  EXPECT_TRUE(none->isHidden());
  QTest::keyClick(box->field(), Qt::Key_Return);
  EXPECT_TRUE(box->isHidden());
  settle();
  EXPECT_GT(m_host.controller().camera().pixelsPerUnit({0, 0, 0}), before * 1.2f);
  EXPECT_TRUE(view()->rect().contains(at({m_network->find("conv2"), {8, 5, 5}})));
  m_host.viewActions().back()->trigger();
  QTest::keyClick(box->field(), Qt::Key_Escape);
  EXPECT_TRUE(box->isHidden());
}

TEST_P(SceneHostTest, DragMovesTheEyeAndDoesNotPin) {
  QSignalSpy pinned(&m_selection, &ui::Selection::pinsChanged);
  const QPoint from = at(pooled());
  const scene::Vec3 eye = m_host.controller().camera().eye();
  QTest::mousePress(view(), Qt::LeftButton, {}, from);
  for (int i = 1; i <= 6; ++i) {
    const QPoint p = from + QPoint(10 * i, 4 * i);
    QMouseEvent move(QEvent::MouseMove, p, view()->mapToGlobal(p), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(view(), &move);
  }
  QTest::mouseRelease(view(), Qt::LeftButton, {}, from + QPoint(60, 24));
  settle();
  EXPECT_GT(length(m_host.controller().camera().eye() - eye), 0.1f);
  EXPECT_EQ(pinned.count(), 0);
  QTest::keyClick(view(), Qt::Key_R);
  settle();
  EXPECT_LT(length(m_host.controller().camera().eye() - eye), 0.05f);
}

TEST_P(SceneHostTest, WheelComesCloser) {
  const QPoint p = at(pooled());
  const float before = m_host.controller().camera().pixelsPerUnit({0, 0, 0});
  QWheelEvent wheel(p, view()->mapToGlobal(p), {}, {0, 360}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(view(), &wheel);
  settle();
  EXPECT_GT(m_host.controller().camera().pixelsPerUnit({0, 0, 0}), before * 1.2f);
  const QPoint now = at(pooled());
  EXPECT_LT((now - p).manhattanLength(), 12) << "what is under the pointer stays there";
}

TEST_P(SceneHostTest, PaintsNothingWhenNothingChanges) {
  moveTo(at(pooled()));
  settle();
  const quint64 before = m_host.views().frameCount();
  moveTo(at(pooled()));  // the same unit again
  ::settle(100);
  EXPECT_EQ(m_host.views().frameCount(), before);
  m_host.controller().contents().setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024, 0.4f), 2));
  EXPECT_TRUE(QTest::qWaitFor([&] { return m_host.views().frameCount() > before; }, 2000));
}

TEST_P(SceneHostTest, KeepsThePinWhenTheViewIsSwitched) {
  QTest::mouseClick(view(), Qt::LeftButton, {}, at(pooled()));
  QSignalSpy changed(&m_host.views(), &SceneViews::viewChanged);
  const quint64 frames = m_host.views().frameCount();
  m_host.views().setView(SceneViews::View::Flat);
  m_host.views().setView(SceneViews::View::Space);
  m_host.views().setView(SceneViews::View::Rightward);
  m_host.views().setView(GetParam());
  EXPECT_GE(changed.count(), 1);
  EXPECT_EQ(m_selection.pinned(), pooled());
  EXPECT_TRUE(QTest::qWaitFor([&] { return m_host.views().frameCount() > frames; }, 5000));
  settle();
}

TEST_P(SceneHostTest, ChangesAndRemembersTheColors) {
  QSettings().clear();
  auto* button = m_host.findChild<QToolButton*>("colorsButton");
  ASSERT_TRUE(button && button->isVisible());
  const auto choose = [&](const QString& words) {
    for (QAction* action : button->menu()->actions())
      if (action->text().remove('&') == words) action->trigger();
  };
  choose("One for the whole network");
  EXPECT_EQ(m_host.controller().state().shown().scope(), scene::ScaleScope::Network);
  EXPECT_EQ(button->text(), QStringLiteral("Scale: network ▾"));
  EXPECT_EQ(m_host.options().nextScopeAction()->shortcut(), QKeySequence(Qt::Key_C));
  m_host.options().nextScopeAction()->trigger();
  EXPECT_EQ(m_host.controller().state().shown().scope(), scene::ScaleScope::Map);
  choose("Viridis");
  EXPECT_EQ(m_host.controller().style().palette, scene::Palette::Viridis);
  m_host.setTheme(ui::lightTheme());
  EXPECT_EQ(m_host.controller().style().palette, scene::Palette::Viridis) << "a theme leaves the choice alone";
  SceneHost next(m_selection);
  EXPECT_EQ(next.controller().style().palette, scene::Palette::Viridis);
  EXPECT_EQ(next.controller().state().shown().scope(), scene::ScaleScope::Map);
  QSettings().clear();
}

TEST_P(SceneHostTest, RemembersTheViewThatThePersonChose) {
  QSettings().clear();
  m_host.viewActions()[1]->trigger();
  EXPECT_EQ(m_host.views().view(), SceneViews::View::Rightward);
  EXPECT_EQ(m_host.controller().state().layout()->arrangement, scene::Arrangement::Rightward);
  SceneHost next(m_selection);
  EXPECT_EQ(next.views().view(), SceneViews::View::Rightward);
  m_host.views().setView(SceneViews::View::Flat);
  SceneHost third(m_selection);
  EXPECT_EQ(third.views().view(), SceneViews::View::Rightward) << "what the program does is not remembered";
  QSettings().clear();
}

TEST_P(SceneHostTest, FoldsALayerAwayByItsNameAndRemembersIt) {
  QSettings().remove("folded");
  ui::SceneController& controller = m_host.controller();
  const int conv2 = m_network->find("conv2");
  const auto name = [&](bool mark) {
    std::vector<render::WrittenName> names = *controller.overlay().names;
    for (const render::WrittenName& n : names)
      if (n.block == controller.state().layout()->blockOfNode[std::size_t(conv2)]) return (mark ? n.mark : n.rect).center().toPoint();
    return QPoint(-1, -1);
  };
  QTest::mouseDClick(view(), Qt::LeftButton, {}, name(false));
  settle();
  EXPECT_EQ(controller.state().request().folded, (std::set<int>{conv2}));
  EXPECT_TRUE(controller.state().layout()->blocks[3].folded);
  const QImage folded = m_host.views().picture();
  QTest::mouseClick(view(), Qt::LeftButton, {}, name(true));
  settle();
  EXPECT_TRUE(controller.state().request().folded.empty()) << "a click on the mark unfolds it";
  EXPECT_NE(m_host.views().picture(), folded);
  m_selection.pin(UnitId{conv2, {3, 2, 2}});
  m_host.folding().actions().first()->trigger();
  EXPECT_EQ(controller.state().request().folded, (std::set<int>{conv2})) << "the pinned unit's layer";
  settle();
  m_selection.setNetwork(scene_test::branches());
  m_host.setNetwork(scene_test::branches(), nullptr);
  EXPECT_TRUE(controller.state().request().folded.empty());
  m_host.setNetwork(m_network, m_parameters);
  EXPECT_EQ(controller.state().request().folded, (std::set<int>{conv2})) << "remembered by network";
  m_host.folding().actions().last()->trigger();
  EXPECT_TRUE(controller.state().request().folded.empty());
  QSettings().remove("folded");
}

// As after a reset of the graphics driver: once a fresh view takes over, and if that fails too the flat one, which says why.
TEST_P(SceneHostTest, DrawsOnWhenTheGraphicsDriverIsLost) {
  if (GetParam() == SceneViews::View::Flat) GTEST_SKIP() << "it uses no driver";
  const auto lose = [&] { ASSERT_TRUE(QMetaObject::invokeMethod(view(), "failed", Q_ARG(QString, "the driver is gone"))); };
  QTest::mouseClick(view(), Qt::LeftButton, {}, at(pooled()));
  const QPointer<QWidget> first = view();
  const quint64 frames = m_host.views().frameCount();
  lose();
  EXPECT_EQ(m_host.views().view(), GetParam());
  EXPECT_TRUE(m_host.views().notice().isEmpty());
  EXPECT_NE(view(), first.data());
  EXPECT_TRUE(QTest::qWaitFor([&] { return m_host.views().frameCount() > frames; }, 5000)) << "the new view draws";
  EXPECT_EQ(m_selection.pinned(), pooled());
  lose();
  EXPECT_EQ(m_host.views().view(), SceneViews::View::Flat);
  EXPECT_EQ(m_host.views().notice(), "Shown flat: the driver is gone.");
  EXPECT_EQ(m_selection.pinned(), pooled());
  settle();
}

// Another window means another context: everything is made anew.
TEST_P(SceneHostTest, SurvivesMovingToAnotherWindow) {
  auto window = std::make_unique<QWidget>();
  window->resize(700, 500);
  m_host.setParent(window.get());
  m_host.resize(700, 500);
  m_host.show();
  window->show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(window.get()));
  const quint64 before = m_host.views().frameCount();
  m_host.controller().cameraController().reset();
  m_host.update();
  m_host.controller().contents().setValues(scene_test::valuesOf(m_network, *m_parameters, std::vector<float>(1024, 0.4f), 3));
  EXPECT_TRUE(QTest::qWaitFor([&] { return m_host.views().frameCount() > before; }, 5000));
  settle();
  const QImage picture = m_host.views().picture();
  ASSERT_FALSE(picture.isNull());
  EXPECT_EQ(picture.size(), view()->size());
  m_host.setParent(nullptr);
}

std::string nameOf(const testing::TestParamInfo<SceneViews::View>& view) {
  if (view.param == SceneViews::View::Space) return "Space";
  return view.param == SceneViews::View::Flat ? "Flat" : "Rightward";
}

INSTANTIATE_TEST_SUITE_P(Views, SceneHostTest,
                         testing::Values(SceneViews::View::Space, SceneViews::View::Flat, SceneViews::View::Rightward), nameOf);

}  // namespace
