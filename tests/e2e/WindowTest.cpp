// The window and everything behind it, used as a person does: draw, look, train, save, open, close.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/Artifacts.h"
#include "e2e/OpenWindow.h"
#include "ui/app/FileCommands.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/prediction/ProbabilityBars.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/MessageStrip.h"
#include "ui/shell/ProjectorMode.h"

namespace {

using e2e::OpenWindow;
using e2e::waitFor;

QImage calm(OpenWindow& open) {
  return e2e::restingPicture([&] { return open.window().picture(); });
}

TEST(Window, StartsWithATrainedNetworkReadyToDrawOn) {
  OpenWindow open;
  ASSERT_NE(open.workbench().network(), nullptr);
  EXPECT_TRUE(open.workbench().model().hasTrainedStart());
  EXPECT_TRUE(open.workbench().inference().blank());
  EXPECT_TRUE(open.window().answer().isEmpty());
  const QImage start = e2e::keep(open.window().picture(), "start-1280x800");
  EXPECT_EQ(start.size(), QSize(1280, 800));
  EXPECT_GE(e2e::colorCount(start), 64);
}

TEST(Window, ReadsADrawnThreeWhileThePenMoves) {
  OpenWindow open;
  const QImage before = open.window().scene().views().picture();
  bool answeredDuring = false;
  open.draw(e2e::three(), [&] { answeredDuring = !open.workbench().inference().probabilities().empty(); });
  EXPECT_TRUE(answeredDuring);
  EXPECT_EQ(open.window().answer().winner(), 3);
  const auto probabilities = open.workbench().inference().probabilities();
  ASSERT_EQ(probabilities.size(), 10u);
  EXPECT_GT(probabilities[3], 0.8F);
  EXPECT_GT(e2e::differingShare(before, open.window().scene().views().picture()), 0.005);
  e2e::keep(open.window().picture(), "drawn-three");

  QTest::keyClick(&open.window(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_TRUE(waitFor([&] { return open.workbench().inference().blank(); }));
  EXPECT_TRUE(waitFor([&] { return open.window().answer().isEmpty(); }));
}

TEST(Window, PutsARandomSampleOnThePadWithOneKey) {
  OpenWindow open;
  QTest::keyClick(&open.window(), Qt::Key_R);
  EXPECT_TRUE(waitFor([&] { return !open.workbench().inference().blank(); }));
  EXPECT_GE(open.window().answer().winner(), 0);
}

TEST(Window, PinsAUnitWithItsNumbers) {
  OpenWindow open;
  open.draw(e2e::three());
  const auto network = open.workbench().network();
  int conv = -1;
  for (int node = 0; node < int(network->nodes().size()) && conv < 0; ++node)
    if (network->node(node).shape.channels == 6) conv = node;
  ASSERT_GE(conv, 0);
  open.workbench().selection().pin(scene::UnitId{conv, {2, 14, 14}});
  EXPECT_TRUE(open.workbench().selection().pinned().has_value());
  e2e::keep(calm(open), "pinned-conv-unit");
}

TEST(Window, TrainsWhileItsValuesAndCurvesMove) {
  OpenWindow open;
  open.workbench().setStartFrom(ui::StartFrom::Random);
  open.draw(e2e::three());
  const auto before = open.workbench().parameters();
  open.workbench().play();
  const auto loss = [&] { return open.workbench().training().run().metrics.series(train::MetricLog::kTrainingLoss); };
  ASSERT_TRUE(waitFor([&] { return loss().size() > 20; }, 150000));
  EXPECT_TRUE(waitFor([&] { return loss().back().value < loss().front().value; }, 150000));
  EXPECT_TRUE(open.workbench().training().running());
  e2e::keep(open.window().picture(), "training");
  open.workbench().training().pause();
  ASSERT_TRUE(waitFor([&] { return !open.workbench().training().running(); }));
  EXPECT_NE(*before, *open.workbench().parameters());
}

TEST(Window, SavesWhatItTrainedAndOpensItAgain) {
  QTemporaryDir folder;
  const QString path = folder.filePath("mine.onnx");
  std::vector<float> trained;
  {
    OpenWindow open({1280, 800}, "softmax");
    open.workbench().setStartFrom(ui::StartFrom::Random);
    open.workbench().singleStep();
    ASSERT_TRUE(waitFor([&] { return open.workbench().unsavedWeights().exist(); }, 150000));
    bool saved = false;
    open.workbench().save(path, [&] { saved = true; });
    ASSERT_TRUE(waitFor([&] { return saved; }));
    trained = *open.workbench().parameters();
  }
  OpenWindow open;
  open.window().files().openPath(path);
  ASSERT_TRUE(waitFor([&] { return open.workbench().parameters()->size() == trained.size(); }));
  EXPECT_EQ(*open.workbench().parameters(), trained);
}

TEST(Window, ClosesDuringTrainingWithoutDelay) {
  OpenWindow open;
  open.workbench().play();
  ASSERT_TRUE(
      waitFor([&] { return open.workbench().training().run().metrics.series(train::MetricLog::kTrainingLoss).size() > 2; }, 150000));
  bool asked = false;
  open.window().files().setQuestion([&] {
    asked = true;
    return ui::FileCommands::Unsaved::Cancel;
  });
  open.closeNow();
  EXPECT_TRUE(asked);
  EXPECT_TRUE(open.window().isVisible());
  open.window().files().setQuestion([] { return ui::FileCommands::Unsaved::Discard; });
  QElapsedTimer timer;
  timer.start();
  open.closeNow();
  EXPECT_TRUE(waitFor([&] { return !open.window().isVisible(); }));
  EXPECT_LT(timer.elapsed(), 3000);
}

TEST(Window, KeepsWhatIsOpenWhenAFileIsBroken) {
  QTemporaryDir folder;
  const QString path = folder.filePath("broken.onnx");
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write("this is no model");
  file.close();
  OpenWindow open;
  const auto network = open.workbench().network();
  open.window().files().openPath(path);
  ASSERT_TRUE(waitFor([&] { return open.window().messages().isVisible(); }));
  EXPECT_EQ(open.window().messages().message().kind, ui::Message::Kind::Failure);
  EXPECT_FALSE(open.window().messages().message().issue.hint.empty());
  EXPECT_EQ(open.workbench().network(), network);
  e2e::keep(open.window().picture(), "broken-file");
}

TEST(Window, FitsIntoVerySmallAndLargeWindows) {
  OpenWindow open;
  open.draw(e2e::three());
  open.window().resize(400, 300);
  const QImage small = e2e::keep(calm(open), "window-400x300");
  EXPECT_LE(open.window().width(), 400);
  EXPECT_LE(open.window().height(), 300);
  EXPECT_GT(e2e::colorCount(small), 16);
  open.window().resize(1920, 1080);
  const QImage large = e2e::keep(calm(open), "window-1920x1080");
  EXPECT_EQ(large.size(), QSize(1920, 1080));
  EXPECT_TRUE(open.window().padPanel().isVisible());
}

TEST(Window, ProjectorShowsOnlySceneAndPad) {
  OpenWindow open;
  open.draw(e2e::three());
  open.window().projector().setOn(true);
  e2e::keep(calm(open), "projector");
  EXPECT_TRUE(open.window().padPanel().isVisible());
  EXPECT_TRUE(open.window().scene().isVisible());
  open.window().projector().setOn(false);
  EXPECT_TRUE(waitFor([&] { return open.window().answer().isVisible(); }));
}

TEST(Window, OpensEveryShippedModel) {
  OpenWindow open;
  for (const QString name : {"mlp", "lenet5", "softmax", "harley"}) {
    open.workbench().models().openShipped(name);
    ASSERT_TRUE(waitFor([&] { return open.workbench().model().name == name; })) << name.toStdString();
    open.draw(e2e::three());
    e2e::keep(calm(open), "model-" + name);
    EXPECT_EQ(open.window().answer().winner(), 3) << name.toStdString();
    open.window().padPanel().pad()->clear();
  }
}

}  // namespace
