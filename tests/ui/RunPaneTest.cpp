// What is said of a run beside its curves, how they are chosen to be drawn, and what can be saved of them.
#include <gtest/gtest.h>

#include <QAction>
#include <QElapsedTimer>
#include <QImage>
#include <QLabel>
#include <QMenu>
#include <QWheelEvent>
#include <qcustomplot.h>

#include "ui/SteppingWindow.h"
#include "ui/app/Workbench.h"
#include "ui/panels/training/CurvePicture.h"
#include "ui/panels/training/CurvesView.h"
#include "ui/panels/training/RunPageContent.h"
#include "ui/panels/training/RunPane.h"
#include "ui/panels/training/TrainingPanel.h"

namespace {

class RunPaneTest : public uitest::SteppingWindow {
 protected:
  ui::RunPane& pane() { return window().findChild<ui::TrainingPanel*>()->run(); }
  ui::CurvesView& curves() { return pane().curves(); }
  const QCustomPlot& loss() { return *curves().plots()[0]->plot(); }
  // As the menu's entry does it, by the words that it holds.
  void choose(const QString& words) {
    emit pane().menu().aboutToShow();
    std::vector<QMenu*> menus{&pane().menu()};
    for (std::size_t i = 0; i < menus.size(); ++i)
      for (QAction* action : menus[i]->actions()) {
        if (action->menu()) menus.push_back(action->menu());
        if (!action->text().remove(u'&').contains(words)) continue;
        ASSERT_TRUE(action->isEnabled());
        return action->trigger();
      }
    FAIL() << words.toStdString();
  }
};

TEST_F(RunPaneTest, CurvesAreSmoothedWithTheRawOnesBehindAndDrawnOverStepsOrTime) {
  useSmallData();
  steps(6);
  curves().drawNow();
  const double last = loss().graph(0)->dataMainValue(loss().graph(0)->dataCount() - 1);
  EXPECT_FALSE(loss().graph(3)->visible()) << "nothing stands behind what is not smoothed";
  choose("0.9");
  EXPECT_EQ(curves().options().smoothing, 0.9);
  EXPECT_TRUE(loss().graph(3)->visible());
  EXPECT_EQ(loss().graph(3)->dataMainValue(loss().graph(3)->dataCount() - 1), last);
  EXPECT_NE(loss().graph(0)->dataMainValue(loss().graph(0)->dataCount() - 1), last);
  choose("Steps");
  EXPECT_EQ(loss().xAxis->label(), "steps");
  EXPECT_EQ(loss().xAxis->range().upper, 6);
  choose("Time of training");
  EXPECT_EQ(loss().xAxis->label(), "time of training");
  choose("Logarithmic loss");
  EXPECT_EQ(loss().yAxis->scaleType(), QCPAxis::stLinear);
  program.reset();
  start();
  EXPECT_EQ(curves().options(), (ui::CurveOptions{ui::CurveAxis::Time, 0.9, false, false})) << "and so they are at the next start";
}

TEST_F(RunPaneTest, TheWheelShowsAPartOfTheRunAndADoubleClickAllOfIt) {
  useSmallData();
  steps(12);
  curves().drawNow();
  const double end = loss().xAxis->range().upper;
  const QPointF at = QRectF(loss().geometry()).center();
  QWheelEvent wheel(at, curves().mapToGlobal(at), {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
  QCoreApplication::sendEvent(&curves(), &wheel);
  EXPECT_LT(loss().xAxis->range().size(), 0.7 * end);
  EXPECT_GT(loss().xAxis->range().lower, 0);
  const QCPRange part = loss().xAxis->range();
  const QPoint from = at.toPoint();
  QTest::mousePress(&curves(), Qt::LeftButton, {}, from);
  QMouseEvent move(QEvent::MouseMove, from + QPoint(20, 0), curves().mapToGlobal(from + QPoint(20, 0)), Qt::NoButton, Qt::LeftButton, {});
  QCoreApplication::sendEvent(&curves(), &move);
  EXPECT_LT(loss().xAxis->range().lower, part.lower) << "what is held follows the mouse";
  EXPECT_NEAR(loss().xAxis->range().size(), part.size(), 1e-9);
  QTest::mouseDClick(&curves(), Qt::LeftButton, {}, from);
  EXPECT_EQ(loss().xAxis->range(), QCPRange(0, end));
}

TEST_F(RunPaneTest, TheRunBeforeAResetStaysToBeComparedUntilItIsForgotten) {
  useSmallData();
  steps(5);
  QLabel& legend = *window().findChild<QLabel*>("curveLegend");
  EXPECT_FALSE(legend.text().contains("Run 1"));
  workbench().reset();
  steps(2);
  EXPECT_TRUE(legend.text().contains("Run 1"));
  EXPECT_GE(loss().xAxis->range().upper, 5.0 / 9) << "the axis reaches as far as the longer one";
  choose("Forget the earlier runs");
  EXPECT_FALSE(legend.text().contains("Run 1"));
}

TEST_F(RunPaneTest, SavesItsCurvesAndItsPage) {
  useSmallData();
  steps(9);
  const QImage picture = QImage::fromData(ui::curvesPicture(curves(), false));
  EXPECT_GT(picture.width(), 2000);
  EXPECT_EQ(picture.pixelColor(2, 2), Qt::white) << "for paper, whatever the theme";
  const QByteArray svg = ui::curvesPicture(curves(), true);
  EXPECT_TRUE(svg.contains("<svg") && svg.contains("epochs"));
  cli::RunPage page = ui::runPageOf(workbench(), curves());
  ui::addImages(page, workbench().training().run().data, workbench().training().run().dataKey);
  EXPECT_EQ(page.step, 9u);
  EXPECT_EQ(page.data->train, 540u);
  EXPECT_FALSE(page.data->fingerprint.isEmpty());
  EXPECT_TRUE(cli::commandOf(page).startsWith("convscope train harley --data ")) << cli::commandOf(page).toStdString();
  EXPECT_TRUE(cli::htmlOf(page).contains("<svg"));
}

TEST_F(RunPaneTest, ThePaceIsChosenBesideTheButtons) {
  useSmallData();
  auto& pace = *window().findChild<QComboBox*>("paceChoice");
  pace.setCurrentIndex(pace.findData(10.0));
  key(Qt::Key_Space);
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() >= 2; }, 20000));
  const std::uint64_t before = step();
  QElapsedTimer since;
  since.start();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() >= before + 10; }, 20000));
  EXPECT_GE(since.elapsed(), 750) << "ten steps at ten a second";
}

}  // namespace
