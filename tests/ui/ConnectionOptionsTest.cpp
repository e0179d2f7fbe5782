// What can be asked of the units, by keys, buttons, bars and the context menu of the real window, without OpenGL.
#include <gtest/gtest.h>
#include <set>

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QToolTip>

#include "scene/text/UnitText.h"
#include "ui/Pictures.h"
#include "ui/WindowTest.h"
#include "ui/app/Appearance.h"
#include "ui/panels/drawing/NetworkInputView.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/inspector/WeightGallery.h"
#include "ui/panels/inspector/WeightWindow.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/scene/ConnectionBar.h"

namespace {

class ConnectionOptionsTest : public uitest::WindowTest {
 protected:
  ui::SceneController& controller() { return window().scene().controller(); }
  ui::ConnectionActions& connectionOptions() { return window().scene().connectionOptions(); }
  ui::ConnectionBar& bar() { return *window().findChild<ui::ConnectionBar*>(); }
  QToolButton* button(const QString& text) {
    for (auto* one : bar().findChildren<QToolButton*>())
      if (one->text() == text) return one;
    return nullptr;
  }
  void clickBar(int index, Qt::KeyboardModifiers modifiers = {}) {
    ui::ProbabilityBars& bars = window().answer();
    QTest::mouseClick(&bars, Qt::LeftButton, modifiers, bars.rowRect(index).center().toPoint());
  }
};

TEST_F(ConnectionOptionsTest, OneKeyTracesTheWinnerAndFollowsTheDrawing) {
  drawThree();
  key(Qt::Key_T);
  ASSERT_TRUE(state().tracing());
  EXPECT_EQ(state().highlight()->unit, unit("output", {3, 0, 0}));
  EXPECT_EQ(scene::tracedName(state()), "class 3");
  const double before = state().highlight()->trace->total;
  ui::Visitor visitor(*program);
  int seen = 0;
  double last = before;
  visitor.stroke({{100, 60}, {140, 140}, {180, 220}}, [&] {
    settle(5);
    if (state().tracing() && state().highlight()->trace->total != last) ++seen, last = state().highlight()->trace->total;
  });
  EXPECT_GT(seen, 1);
  key(Qt::Key_Escape);
  EXPECT_FALSE(state().tracing());
  EXPECT_FALSE(connectionOptions().traceAction()->isChecked());
}

TEST_F(ConnectionOptionsTest, TheReceivedPictureSaysWhatSpokeForAndAgainst) {
  drawThree();
  auto* received = window().findChild<ui::NetworkInputView*>();
  auto* title = received->findChild<QLabel*>();
  const QImage plain = received->grab().toImage();
  const QString before = title->text();
  key(Qt::Key_T);
  settle(20);
  EXPECT_TRUE(title->text().contains("class 3"));
  EXPECT_NE(received->grab().toImage(), plain);
  key(Qt::Key_T);
  settle(20);
  EXPECT_EQ(title->text(), before);
  EXPECT_EQ(received->grab().toImage(), plain);
}

TEST_F(ConnectionOptionsTest, ATraceStartsFromTheInspectorToo) {
  drawThree();
  program->workbench().selection().pin(unit("conv2", {3, 4, 5}));
  settle(20);
  auto* trace = window().findChild<QToolButton*>("inspectorTrace");
  ASSERT_TRUE(trace->isVisible());
  QTest::mouseClick(trace, Qt::LeftButton);
  ASSERT_TRUE(state().tracing());
  EXPECT_EQ(state().highlight()->unit, unit("conv2", {3, 4, 5}));
  QTest::mouseClick(trace, Qt::LeftButton);
  EXPECT_FALSE(state().tracing());
}

TEST_F(ConnectionOptionsTest, AClassIsComparedByCtrlAndAClickOnItsBar) {
  drawThree();
  clickBar(8, Qt::ControlModifier);
  EXPECT_EQ(connectionOptions().compared(), std::pair(3, 8));
  ASSERT_TRUE(state().tracing());
  EXPECT_EQ(program->workbench().selection().pinned(), std::optional(unit("output", {3, 0, 0})));
  const auto& values = *program->workbench().inference().values();
  EXPECT_NEAR(state().highlight()->trace->total, values.at(unit("output", {3, 0, 0})) - values.at(unit("output", {8, 0, 0})), 1e-4);
  EXPECT_EQ(scene::tracedName(state()), "class 3 − class 8");
  // From another class: the pinned one is asked about.
  clickBar(5);
  clickBar(2, Qt::ShiftModifier);
  EXPECT_EQ(connectionOptions().compared(), std::pair(5, 2));
  key(Qt::Key_Escape);
  EXPECT_EQ(connectionOptions().compared(), std::pair(-1, -1));
}

TEST_F(ConnectionOptionsTest, TheChooserAndAKeyCompareToo) {
  drawThree();
  key(Qt::Key_T);
  auto* choice = window().findChild<QComboBox*>("againstChoice");
  ASSERT_TRUE(choice->isVisible());
  choice->setCurrentIndex(choice->findText("7"));
  emit choice->activated(choice->currentIndex());
  EXPECT_EQ(connectionOptions().compared(), std::pair(3, 7));
  choice->setCurrentIndex(0);
  emit choice->activated(0);
  EXPECT_EQ(connectionOptions().compared(), std::pair(-1, -1));
  EXPECT_TRUE(state().tracing());
  key(Qt::Key_Y);
  const auto [one, other] = connectionOptions().compared();
  EXPECT_EQ(one, 3);
  const auto logits = program->workbench().inference().values()->of(unit("output", {}).node);
  for (int i = 0; i < 10; ++i) {
    if (i == one) continue;
    EXPECT_LE(logits[std::size_t(i)], logits[std::size_t(other)]);
  }
  key(Qt::Key_Y);
  EXPECT_EQ(connectionOptions().compared(), std::pair(-1, -1));
}

TEST_F(ConnectionOptionsTest, TheBarComesWithAUnitAndGoesAfterIt) {
  drawThree();
  EXPECT_FALSE(bar().isVisible());
  ui::Visitor visitor(*program);
  visitor.hover(unit("conv2", {3, 4, 5}));
  EXPECT_TRUE(bar().isVisible());
  EXPECT_TRUE(window().scene().rect().contains(bar().geometry()));
  visitor.leaveScene();
  EXPECT_TRUE(bar().isVisible()) << "it can be reached";
  EXPECT_TRUE(QTest::qWaitFor([&] { return !bar().isVisible(); }, 6000));
}

TEST_F(ConnectionOptionsTest, TheBarCoversNothingOfTheSceneAndNothingJumpsWhenItComes) {
  drawThree();
  for (const ui::SceneViews::View view : {ui::SceneViews::View::Flat, ui::SceneViews::View::Space, ui::SceneViews::View::Rightward}) {
    window().scene().views().setView(view);
    const auto lowest = [&] {
      float bottom = 0;
      for (const scene::Sheet& sheet : state().layout()->sheets)
        for (const float x : {0.0f, float(sheet.columns)})
          bottom = std::max(bottom, controller().camera().project(sheet.point(x, float(sheet.rows))).y);
      return bottom;
    };
    controller().setHovered(std::nullopt);
    settle(30);  // a notice comes or goes
    const float before = lowest();
    controller().setHovered(unit("conv1", {2, 10, 10}));
    settle(20);
    ASSERT_TRUE(bar().isVisible());
    EXPECT_EQ(lowest(), before);
    if (bar().y() < window().scene().height() - 60) {
      EXPECT_LE(lowest(), float(bar().y()));
    }
  }
}

TEST_F(ConnectionOptionsTest, ASmallWindowKeepsItsRoomForTheScene) {
  drawThree();
  window().resize(400, 300);
  settle(50);
  ui::Visitor(*program).hover(unit("conv2", {3, 4, 5}));
  EXPECT_TRUE(state().highlight());
  EXPECT_FALSE(bar().isVisible());
}

TEST_F(ConnectionOptionsTest, KeysAndButtonsChangeTheEdges) {
  drawThree();
  program->workbench().selection().pin(unit("pool1", {2, 6, 7}));
  EXPECT_EQ(state().highlight()->edgeCount, 4u);
  key(Qt::Key_D);
  EXPECT_EQ(state().highlight()->edgeCount, 400u);
  QTest::mouseClick(button("In"), Qt::LeftButton);
  EXPECT_EQ(state().highlight()->edgeCount, 4u);
  QTest::mouseClick(button("Out"), Qt::LeftButton);
  EXPECT_EQ(state().highlight()->edgeCount, 400u);
  key(Qt::Key_W);
  EXPECT_EQ(state().highlight()->measure, scene::Measure::Weight);
  EXPECT_TRUE(button("Weight")->isChecked());
  QTest::mouseClick(button("Contribution"), Qt::LeftButton);
  EXPECT_EQ(state().highlight()->measure, scene::Measure::Contribution);
  const std::size_t all = state().highlight()->edges.size();
  key(Qt::Key_K, Qt::ShiftModifier);
  EXPECT_LT(state().highlight()->edges.size(), all);
  key(Qt::Key_K);
  EXPECT_EQ(state().highlight()->edges.size(), all);
}

TEST_F(ConnectionOptionsTest, FramesOfWhatAUnitSeesCanBeSwitchedOff) {
  drawThree();
  program->workbench().selection().pin(unit("conv2", {3, 4, 5}));
  EXPECT_FALSE(state().highlight()->receptiveFields.empty());
  key(Qt::Key_S);
  EXPECT_TRUE(state().highlight()->receptiveFields.empty());
  key(Qt::Key_S);
  EXPECT_FALSE(state().highlight()->receptiveFields.empty());
}

TEST_F(ConnectionOptionsTest, ARightClickAsksWhatCanBeAskedAndADragDoesNot) {
  drawThree();
  controller().disconnect(&window().scene());  // no menu that waits for somebody
  QSignalSpy menuRequested(&controller(), &ui::SceneController::menuRequested);
  QWidget* view = window().scene().focusProxy();
  const scene::CellRef cell = *state().layout()->locate(unit("conv1", {2, 10, 10}));
  const scene::Vec3 at = controller().camera().project(state().layout()->center(cell));
  const QPoint place(int(at.x), int(at.y));
  QTest::mouseClick(view, Qt::RightButton, {}, place);
  ASSERT_EQ(menuRequested.size(), 1);
  EXPECT_EQ(menuRequested[0][0].value<scene::UnitId>(), unit("conv1", {2, 10, 10}));
  QTest::mousePress(view, Qt::RightButton, {}, place);
  QMouseEvent move(QEvent::MouseMove, place + QPoint(40, 0), view->mapToGlobal(place + QPoint(40, 0)), Qt::NoButton, Qt::RightButton, {});
  QCoreApplication::sendEvent(view, &move);
  QTest::mouseRelease(view, Qt::RightButton, {}, place + QPoint(40, 0));
  EXPECT_EQ(menuRequested.size(), 1);
}

TEST_F(ConnectionOptionsTest, WeightPicturesStandInAWindowOfTheirOwn) {
  host().picturesAction()->trigger();
  EXPECT_FALSE(window().findChild<ui::WeightWindow*>()) << "no layer of this network reads a picture with so few maps";
  workbench().models().openShipped("softmax");
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == "softmax"; }, 5000));
  host().picturesAction()->trigger();
  auto* pictures = window().findChild<ui::WeightWindow*>();
  ASSERT_TRUE(pictures && pictures->isVisible());
  ASSERT_EQ(pictures->pictures().pictures.size(), 10u);
  auto* canvas = pictures->findChild<QWidget*>("weightCanvas");
  ASSERT_TRUE(QTest::qWaitFor([&] { return canvas->width() > 300; }, 2000));
  const int output = workbench().network()->logitsNode();
  // Two rows of five, with room to spare beside them or below.
  std::set<int> pinned;
  for (int y = 10; y < canvas->height(); y += 40)
    for (int x = 10; x < canvas->width(); x += 40) {
      QTest::mouseClick(canvas, Qt::LeftButton, {}, QPoint(x, y));
      if (workbench().selection().pinned() && workbench().selection().pinned()->node == output)
        pinned.insert(workbench().selection().pinned()->cell.channel);
    }
  EXPECT_EQ(pinned.size(), 10u);
  const float weights = pictures->pictures().largest;
  auto* times = pictures->findChild<QCheckBox*>();
  EXPECT_FALSE(times->isEnabled()) << "nothing is drawn";
  ui::Visitor(*program).drawThree();
  ASSERT_TRUE(QTest::qWaitFor([&] { return times->isEnabled(); }, 2000));
  times->setChecked(true);
  EXPECT_NE(pictures->pictures().largest, weights);
  times->setChecked(false);
  EXPECT_EQ(pictures->pictures().largest, weights);
  workbench().setStartFrom(ui::StartFrom::Random);  // it follows the weights
  EXPECT_NE(pictures->pictures().largest, weights);
  workbench().models().openShipped("lenet5");
  EXPECT_TRUE(QTest::qWaitFor([&] { return !window().findChild<ui::WeightWindow*>(); }, 5000));
}

// What full red, green or blue stands for can be read at every size of the tiles, as the caption promises.
TEST_F(ConnectionOptionsTest, TheRangeOfAColoredKernelCanBeReadAtEverySize) {
  QFile file(folder.filePath("colors.json"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(R"({"name": "colors", "nodes": [{"name": "input", "type": "input", "channels": 3, "height": 16, "width": 16},
    {"name": "conv", "type": "conv2d", "filters": 24, "kernel": 5}, {"name": "output", "type": "dense", "units": 10},
    {"name": "softmax", "type": "softmax"}]})");
  file.close();
  workbench().models().openFile(file.fileName());
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().title == "colors.json" || workbench().model().title == "colors"; }, 5000));
  host().picturesAction()->trigger();
  auto* pictures = window().findChild<ui::WeightWindow*>();
  ASSERT_TRUE(pictures && pictures->pictures().colored());
  const auto& kernels = pictures->pictures().pictures;
  ASSERT_EQ(kernels.size(), 24u);
  bool promised = false;
  for (const QLabel* label : pictures->findChildren<QLabel*>()) promised = promised || label->text().contains("point at a tile to read it");
  EXPECT_TRUE(promised);
  auto* canvas = pictures->findChild<QWidget*>("weightCanvas");
  for (const QSize size : {QSize(300, 320), QSize(1100, 760)}) {
    pictures->resize(size);
    ASSERT_TRUE(QTest::qWaitFor([&] { return std::abs(canvas->width() - size.width()) < 120; }, 2000));
    pictures::keep(*pictures, QString("weights-colored-%1").arg(size.width()), 1);
    const ui::GalleryGeometry geometry(pictures->pictures(), canvas->width(), 80, canvas->height(), program->appearance().theme().small);
    for (const int kernel : {0, 23}) {
      const QPointF place = geometry.tile(kernel).center();
      QMouseEvent move(QEvent::MouseMove, place, canvas->mapToGlobal(place), Qt::NoButton, Qt::NoButton, {});
      QCoreApplication::sendEvent(canvas, &move);
      const QString told =
          QStringLiteral("kernel %1: weights up to %2\n").arg(kernel + 1).arg(ui::weightRange(kernels[std::size_t(kernel)].largest));
      EXPECT_TRUE(QToolTip::text().contains(told)) << QToolTip::text().toStdString();
    }
  }
  QToolTip::hideText();
}

}  // namespace
