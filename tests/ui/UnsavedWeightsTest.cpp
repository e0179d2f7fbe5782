// Weights that were trained and not saved are never let go without the question, whatever is chosen; a test for each way.
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <thread>

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QFileDialog>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QTimer>

#include "io/session/SavedWork.h"
#include "ui/WindowTest.h"
#include "ui/panels/datasets/DownloadDialog.h"
#include "ui/shell/MessageStrip.h"

namespace {

using Unsaved = ui::FileCommands::Unsaved;

class UnsavedWeightsTest : public uitest::WindowTest {
 protected:
  using Weights = std::shared_ptr<const std::vector<float>>;

  void train() {
    useSmallData();
    start = workbench().parameters();
    workbench().singleStep();
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && !workbench().training().running(); }, 20000));
    trained = workbench().parameters();
    ASSERT_GT(distance(trained, start), 1e-4f);
    // From now on steps are too small to be seen in the weights.
    train::Recipe recipe;
    recipe.optimizer.kind = nn::OptimizerKind::Sgd;
    recipe.optimizer.learningRate = 1e-12f;
    workbench().training().setRecipe(recipe);
  }
  static float distance(const Weights& a, const Weights& b) {
    float most = a->size() == b->size() ? 0.0f : 1e9f;
    for (std::size_t i = 0; most < 1e9f && i < a->size(); ++i) most = std::max(most, std::abs((*a)[i] - (*b)[i]));
    return most;
  }
  void expectKept() {
    EXPECT_TRUE(workbench().unsavedWeights().exist());
    EXPECT_EQ(workbench().model().name, "harley");
    EXPECT_LT(distance(workbench().parameters(), trained), 1e-6f);
  }
  QString otherData(const QString& name) {
    const QDir dir(folder.filePath(name));
    dir.mkpath(".");
    const auto digits = data::generateStrokeDigits(200, 9);
    io::writeIdx(dir.filePath("train-images-idx3-ubyte"), dir.filePath("train-labels-idx1-ubyte"), *digits);
    return dir.path();
  }
  bool dataIs(const QString& path) {
    return QTest::qWaitFor([&] { return workbench().library().current().key == path && workbench().library().ready(); }, 20000);
  }
  QComboBox* combo(const char* name) { return window().findChild<QComboBox*>(name); }
  void pick(const char* name, const QVariant& data) {
    combo(name)->setCurrentIndex(combo(name)->findData(data));
    emit combo(name)->activated(combo(name)->currentIndex());
  }

  Weights start, trained;
};

TEST_F(UnsavedWeightsTest, OtherDataIsTrainedOnFromThem) {
  train();
  const QString first = workbench().library().current().key;
  pick("dataChoice", "strokes");
  expectKept();
  pick("dataChoice", first);
  ASSERT_TRUE(dataIs(first));
  expectKept();
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1 && !workbench().training().running(); }, 20000));
  expectKept();
  EXPECT_EQ(asked, 0);
  workbench().reset();
  EXPECT_EQ(*workbench().parameters(), *start);
}

TEST_F(UnsavedWeightsTest, OtherDataTakesOverWhileTrainingGoesOn) {
  train();
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 2; }, 20000));
  window().files().openPath(otherData("second"));
  ASSERT_TRUE(dataIs(folder.filePath("second")));
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 2; }, 20000));
  EXPECT_TRUE(workbench().training().running());
  EXPECT_NE(window().messages().message().issue.what.find("second"), std::string::npos);
  expectKept();
}

TEST_F(UnsavedWeightsTest, DownloadedDataTakesOverAsWell) {
  train();
  for (QAction* menu : window().menuBar()->actions())
    for (QAction* action : menu->menu()->actions())
      if (action->text().contains("Download")) action->trigger();
  auto* dialog = window().findChild<ui::DownloadDialog*>();
  ASSERT_NE(dialog, nullptr);
  emit dialog->arrived(otherData("arrived"));
  ASSERT_TRUE(dataIs(folder.filePath("arrived")));
  expectKept();
}

TEST_F(UnsavedWeightsTest, DataThatDoesNotComeChangesNothing) {
  train();
  const QString before = combo("dataChoice")->currentText(), gone = otherData("gone");
  workbench().library().addFolder(gone);
  ASSERT_TRUE(dataIs(gone));
  pick("dataChoice", folder.path());
  ASSERT_TRUE(dataIs(folder.path()));
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 0; }, 20000));
  QDir(gone).removeRecursively();
  pick("dataChoice", gone);
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().message().kind == ui::Message::Kind::Failure; }, 20000));
  EXPECT_EQ(combo("dataChoice")->currentText(), before);
  EXPECT_TRUE(workbench().training().running());
  pick("dataChoice", "strokes");
  workbench().jobs().cancel();
  EXPECT_EQ(combo("dataChoice")->currentText(), before);
  EXPECT_TRUE(workbench().training().running());
  expectKept();
}

TEST_F(UnsavedWeightsTest, AnotherNetworkAsksAndCancelLeavesTheChoiceAsItWas) {
  train();
  answer = Unsaved::Cancel;
  pick("networkChoice", "mlp");
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(combo("networkChoice")->currentText(), "harley");
  expectKept();
  EXPECT_EQ(step(), 1u);  // the run is still there
  answer = Unsaved::Discard;
  pick("networkChoice", "mlp");
  EXPECT_EQ(workbench().model().name, "mlp");
  EXPECT_EQ(combo("networkChoice")->currentText(), "mlp");
}

TEST_F(UnsavedWeightsTest, AFileOpenedOrDroppedAsks) {
  train();
  answer = Unsaved::Cancel;
  const QString path = CONVSCOPE_SOURCE_DIR "/resources/models/softmax.onnx";
  window().files().openPath(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return asked == 1 && !workbench().jobs().busy(); }, 20000));
  QMimeData mime;
  mime.setUrls({QUrl::fromLocalFile(path)});
  window().files().openDropped(mime);
  ASSERT_TRUE(QTest::qWaitFor([&] { return asked == 2 && !workbench().jobs().busy(); }, 20000));
  expectKept();
  answer = Unsaved::Discard;
  window().files().openDropped(mime);
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == path; }, 20000));
  EXPECT_FALSE(workbench().unsavedWeights().exist());
}

TEST_F(UnsavedWeightsTest, OtherStartingWeightsAndAResetOfferThemBack) {
  train();
  auto* back = window().findChild<QPushButton*>("messageAction");
  pick("startChoice", int(ui::StartFrom::Random));
  EXPECT_EQ(workbench().model().startFrom, ui::StartFrom::Random);
  ASSERT_TRUE(back->isVisible());
  back->click();
  expectKept();
  EXPECT_EQ(workbench().model().startFrom, ui::StartFrom::Trained);
  EXPECT_EQ(combo("startChoice")->currentText(), "Trained");
  workbench().reset();
  EXPECT_EQ(*workbench().parameters(), *start);
  ASSERT_TRUE(back->isVisible());
  // Also when another network was opened since.
  window().files().openShipped("mlp");
  back->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == "harley"; }, 20000));
  expectKept();
  workbench().reset();
  EXPECT_EQ(*workbench().parameters(), *start);
  EXPECT_EQ(asked, 0);
}

TEST_F(UnsavedWeightsTest, WhatBringingBackReplacesIsOfferedInItsTurn) {
  train();
  workbench().reset();
  const ui::Message first = window().messages().message();
  train::Recipe recipe;
  recipe.seed = 2;
  workbench().training().setRecipe(recipe);
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && !workbench().training().running(); }, 20000));
  const std::vector<float> second = *workbench().parameters();
  first.action();
  expectKept();
  const ui::Message offer = window().messages().message();
  ASSERT_TRUE(offer.action) << offer.issue.what;
  offer.action();
  EXPECT_EQ(*workbench().parameters(), second);
}

TEST_F(UnsavedWeightsTest, ASecondResetKeepsWhatTheFirstOneOffers) {
  train();
  workbench().tell({ui::Message::Kind::Failure, {"a.onnx", "it is no model", ""}});
  workbench().reset();
  const ui::Message first = window().messages().message();
  EXPECT_EQ(first.issue.what, "Back at the start") << "it comes before an older error";
  EXPECT_NE(first.issue.hint.find("step 1 at epoch"), std::string::npos) << first.issue.hint;
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && !workbench().training().running(); }, 20000));
  workbench().reset();
  EXPECT_EQ(workbench().unsavedWeights().offeredBack().size(), 2u);
  EXPECT_EQ(window().messages().count(), 3u);
  first.action();
  expectKept();
  EXPECT_EQ(workbench().unsavedWeights().offeredBack().size(), 2u) << "the other one, and these, which the message in hand still holds";
}

TEST_F(UnsavedWeightsTest, WhatWasTrainedUnseenCounts) {
  useSmallData();
  workbench().training().setSeen(false);
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().training().latest()->step > 2; }, 20000));
  EXPECT_TRUE(workbench().unsavedWeights().exist());
  workbench().training().pause();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().training().running() && step() > 0; }, 20000));
  bool saved = false;
  window().files().sessions().save(folder.filePath("mine.convscope"), [&] { saved = true; });
  ASSERT_TRUE(QTest::qWaitFor([&] { return saved; }, 20000));
  EXPECT_FALSE(workbench().unsavedWeights().exist());
}

// A disk that takes its time, and training goes on meanwhile.
TEST_F(UnsavedWeightsTest, SavingAndClosingLosesNoStepThatWasTakenMeanwhile) {
  useSmallData();
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 2; }, 20000));
  const auto go = std::make_shared<std::atomic<bool>>(false);
  workbench().jobs().start(
      "Saving",
      [go](const data::Progress&) -> ui::Jobs::Finish {
        while (!*go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return {};
      },
      ui::Jobs::Lane::Saving);
  answer = Unsaved::Save;
  const QString path = folder.filePath("mine.convscope");
  QTimer chooser;
  QObject::connect(&chooser, &QTimer::timeout, [&] {
    auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
    if (!dialog) return;
    chooser.stop();
    dialog->selectFile(path);
    static_cast<QDialog*>(dialog)->accept();
  });
  chooser.start(1);
  EXPECT_FALSE(window().close());
  const std::uint64_t before = step();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().training().running() || step() > before + 2; }, 20000));
  *go = true;
  ASSERT_TRUE(QTest::qWaitFor([&] { return !window().isVisible(); }, 20000));
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(*io::loadWork(path).model.parameters, *workbench().parameters());
}

TEST_F(UnsavedWeightsTest, QuittingAsks) {
  train();
  answer = Unsaved::Cancel;
  EXPECT_FALSE(window().close());
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(window().isVisible());
  expectKept();
}

}  // namespace
