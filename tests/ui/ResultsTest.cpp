// The Results panel: what is taken for what, the mistakes as pictures, and that it does nothing while nobody sees it.
#include <cmath>
#include <gtest/gtest.h>

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>

#include "io/ModelTools.h"
#include "train/Trainer.h"
#include "ui/WindowTest.h"
#include "ui/app/Workbench.h"
#include "ui/base/PictureGrid.h"
#include "ui/panels/results/ConfusionView.h"
#include "ui/panels/results/ResultsPanel.h"
#include "ui/shell/MessageStrip.h"

namespace {

using ui::ClassPair;
using ui::ConfusionTable;

train::Evaluation evaluationOf(std::vector<std::uint32_t> confusion) {
  train::Evaluation evaluation;
  evaluation.confusion = std::move(confusion);
  for (const std::uint32_t count : evaluation.confusion) evaluation.answerCount += count;
  evaluation.count = evaluation.answerCount;
  return evaluation;
}

QStringList numbersTo(int count) {
  QStringList names;
  for (int i = 0; i < count; ++i) names << QString::number(i);
  return names;
}

TEST(ConfusionTable, CountsSharesAndWordsOfTwoClasses) {
  const ConfusionTable table(evaluationOf({95, 5, 1, 199}), {"cat", "dog"}, false);
  EXPECT_EQ(table.classes(), 2u);
  EXPECT_EQ(table.asked(0), 100u);
  EXPECT_EQ(table.count({1, 0}), 1u);
  EXPECT_DOUBLE_EQ(table.share({0, 1}), 0.05);
  EXPECT_DOUBLE_EQ(table.share({0, 0}) + table.share({0, 1}), 1.0);
  EXPECT_DOUBLE_EQ(table.largestMistake(), 0.05) << "the diagonal is left out";
  EXPECT_EQ(table.mostConfused(9), (std::vector<ClassPair>{{0, 1}, {1, 0}}));
  EXPECT_EQ(table.words({0, 1}), "Of 100 pictures of cat, 5 were taken for dog: 5.0 %");
  EXPECT_EQ(table.words({1, 0}), "Of 200 pictures of dog, 1 was taken for cat: 0.5 %");
  EXPECT_EQ(table.words({1, 1}), "Of 200 pictures of dog, 199 were recognized: 99.5 %");
}

TEST(ConfusionTable, DigitsAreToldAsPeopleCallThem) {
  std::vector<std::uint32_t> counts(100, 0);
  for (std::size_t i = 0; i < 9; ++i) counts[i * 11] = 95;
  counts[49] = 3;
  const ConfusionTable table(evaluationOf(counts), numbersTo(10), false);
  EXPECT_EQ(table.words({4, 9}), "Of 98 fours, 3 were taken for a nine: 3.1 %");
  EXPECT_EQ(table.words({4, 8}), "None of 98 fours was taken for an eight.");
  EXPECT_EQ(table.words({9, 9}), "There are no nines among them.");
  EXPECT_EQ(table.share({9, 9}), 0) << "of nothing";
  EXPECT_EQ(ConfusionTable(evaluationOf({9, 1, 2, 8}), {"background", "circle"}, true).words({1, 0}),
            "Of 10 pixels of circle, 2 were taken for background: 20.0 %");
}

TEST(ConfusionView, ColorsLeaveTheRightAnswersOutAndCellsShowCountsOrShares) {
  ui::ConfusionView view;
  view.setTheme(ui::lightTheme());
  view.setTable(ConfusionTable(evaluationOf({900, 8, 0, 10, 880, 2, 0, 0, 300}), {"a", "b", "c"}, false));
  view.resize(400, 360);
  view.grab();
  const auto distance = [&](ClassPair one, ClassPair other) {
    const QColor a = view.color(one), b = view.color(other);
    return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue());
  };
  EXPECT_EQ(distance({0, 0}, {2, 2}), 0) << "however many are right";
  EXPECT_GT(distance({0, 1}, {0, 2}), 60) << "few mistakes are seen";
  EXPECT_GT(distance({1, 0}, {1, 2}), 60) << "and which are more";
  EXPECT_EQ(view.text({1, 0}), "10");
  EXPECT_EQ(view.text({0, 2}), "");
  view.setShares(true);
  EXPECT_EQ(view.text({1, 0}), "1.1");
  EXPECT_EQ(view.text({2, 2}), "100");
  for (std::size_t label = 0; label < 3; ++label) EXPECT_TRUE(QRectF(view.rect()).contains(view.cellRect({label, 2})));
}

TEST(ConfusionView, HasRoomForTwentySixClassesInANarrowPanel) {
  std::vector<std::uint32_t> counts(26 * 26, 1);
  QStringList names;
  for (int i = 0; i < 26; ++i) names << QString("a long name %1").arg(i);
  ui::ConfusionView view;
  view.setTheme(ui::darkTheme());
  view.resize(320, 300);
  view.setTable(ConfusionTable(evaluationOf(counts), names, false));
  view.grab();
  EXPECT_TRUE(QRectF(view.rect()).contains(view.cellRect({25, 25})));
  EXPECT_GE(view.cellRect({0, 0}).width(), 5);
}

class ResultsTest : public uitest::WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    panel = window().findChild<ui::ResultsPanel*>();
    view = panel->findChild<ui::ConfusionView*>();
    grid = panel->findChild<ui::PictureGrid*>("resultsGrid");
  }
  void openUntrained(const char* name) {
    const auto before = workbench().network();
    workbench().models().openShipped(name);
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().network() != before; }, 20000));
  }
  void showPanel() {
    window().panels().show("resultsDock");
    ASSERT_TRUE(QTest::qWaitFor([&] { return panel->isVisible() && !panel->visibleRegion().isEmpty(); }, 5000));
    settle(50);
  }
  void measure() {
    QTest::mouseClick(panel->findChild<QPushButton*>("resultsMeasure"), Qt::LeftButton);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !panel->table().isEmpty(); }, 60000)) << panel->summary().toStdString();
    ASSERT_TRUE(QTest::qWaitFor([&] { return which().contains("certain first"); }, 60000)) << which().toStdString();
  }
  QString which() const { return panel->findChild<QLabel*>("resultsWhich")->text(); }
  QString told() const { return panel->findChild<QLabel*>("resultsCell")->text(); }
  std::uint64_t wrong() const {
    std::uint64_t count = 0;
    for (const ClassPair& pair : panel->table().mostConfused(1000)) count += panel->table().count(pair);
    return count;
  }
  bool validated() { return workbench().training().snapshot() && workbench().training().snapshot()->evaluation; }
  void playUntilValidated() {
    workbench().play();
    ASSERT_TRUE(QTest::qWaitFor([&] { return validated(); }, 60000));
  }
  void pause() {
    workbench().training().pause();
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().training().atRest(); }, 20000));
  }

  ui::ResultsPanel* panel = nullptr;
  ui::ConfusionView* view = nullptr;
  ui::PictureGrid* grid = nullptr;
};

TEST_F(ResultsTest, OneClickMeasuresTheOpenNetworkAndACellShowsItsPictures) {
  useSmallData();
  openUntrained("tiny");
  showPanel();
  EXPECT_TRUE(panel->summary().contains("Measure fills it now")) << panel->summary().toStdString();
  EXPECT_FALSE(view->isVisible());
  measure();
  const auto images = workbench().library().split().validation;
  const ConfusionTable& table = panel->table();
  std::uint64_t all = 0;
  for (std::size_t label = 0; label < table.classes(); ++label) {
    all += table.asked(label);
    EXPECT_EQ(table.asked(label), std::uint64_t(std::count(images->labels.begin(), images->labels.end(), label)));
  }
  EXPECT_EQ(all, images->count());
  EXPECT_TRUE(panel->summary().contains(QString("of %1 validation images").arg(images->count()))) << panel->summary().toStdString();
  EXPECT_EQ(grid->count(), wrong());
  ASSERT_GT(wrong(), 5u) << "of an untrained network";

  const ClassPair most = table.mostConfused(1).front();
  const std::vector<std::uint32_t> mistakes = grid->indices();
  QTest::mouseClick(view, Qt::LeftButton, {}, view->cellRect(most).center().toPoint());
  EXPECT_EQ(view->chosenCell(), most);
  EXPECT_EQ(grid->count(), table.count(most));
  for (const std::uint32_t index : grid->indices()) EXPECT_EQ(images->labels[index], most.label);
  EXPECT_TRUE(told().startsWith("Of ")) << told().toStdString();
  panel->choosePair(ClassPair{most.label, most.label});
  EXPECT_EQ(grid->count(), table.count({most.label, most.label}));
  QTest::mouseClick(panel->findChild<QToolButton*>("resultsAll"), Qt::LeftButton);
  EXPECT_EQ(grid->indices(), mistakes);
}

TEST_F(ResultsTest, TheMostCertainMistakeIsFirst) {
  useSmallData();
  openUntrained("tiny");
  showPanel();
  measure();
  const auto images = workbench().library().split().validation;
  const auto evaluation =
      std::make_shared<const train::Evaluation>(train::evaluate(workbench().network(), *workbench().parameters(), *images, 1));
  const std::vector<float> certainties =
      ui::certaintiesOfMistakes({workbench().network(), workbench().parameters(), images, evaluation}, [] { return true; });
  float before = 1;
  for (const std::uint32_t index : grid->indices()) {
    EXPECT_NE(evaluation->answers[index], images->labels[index]);
    EXPECT_GE(certainties[index], 0.1f) << "the largest of ten";
    EXPECT_LE(certainties[index], before);
    before = certainties[index];
  }
}

TEST_F(ResultsTest, APictureGoesToThePadWithItsTruth) {
  useSmallData();
  openUntrained("tiny");
  showPanel();
  measure();
  const auto images = workbench().library().split().validation;
  const std::uint32_t index = grid->indices()[1];
  QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->cellRect(1).center());
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().inference().upToDate() && !workbench().inference().blank(); }, 20000));
  EXPECT_EQ(workbench().inference().drawing().ink.ink, ui::sampleOf(*images, index).picture.ink.ink);
  EXPECT_TRUE(QTest::qWaitFor([&] { return !window().answer().verdict().isEmpty(); }, 5000));
  EXPECT_TRUE(window().answer().verdict() == QString("it is %1").arg(images->labels[index]) || window().answer().verdict() == "right")
      << window().answer().verdict().toStdString();
}

TEST_F(ResultsTest, WhileNobodySeesItNothingIsComputed) {
  useSmallData();
  openUntrained("tiny");
  playUntilValidated();
  EXPECT_TRUE(panel->table().isEmpty());
  EXPECT_EQ(panel->finder().passes(), 0);
  EXPECT_EQ(view->paints(), 0);
  showPanel();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !panel->table().isEmpty() && panel->finder().passes() > 0; }, 20000));

  window().panels().show("recipeDock");  // in front of it
  ASSERT_TRUE(QTest::qWaitFor([&] { return panel->visibleRegion().isEmpty(); }, 5000));
  ASSERT_TRUE(QTest::qWaitFor([&] { return !panel->finder().busy(); }, 20000));
  settle(50);
  const int passes = panel->finder().passes(), paints = view->paints();
  const std::uint64_t before = workbench().training().snapshot()->evaluationStep;
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().training().snapshot()->evaluationStep > before; }, 60000));
  settle(50);
  EXPECT_EQ(panel->finder().passes(), passes);
  EXPECT_EQ(view->paints(), paints);
  pause();
  window().panels().show("resultsDock");
  const QString step = QString::number(workbench().training().snapshot()->evaluationStep);
  EXPECT_TRUE(QTest::qWaitFor([&] { return panel->summary().remove(QChar(0x202f)).contains("after step " + step); }, 20000))
      << panel->summary().toStdString();
}

TEST_F(ResultsTest, MeasuringEndsWhenThePanelIsClosed) {
  useSmallData();
  openUntrained("vgg-mini");
  showPanel();
  panel->measure();
  ASSERT_TRUE(workbench().jobs().busy(ui::Jobs::Lane::Measuring));
  dock("resultsDock")->hide();
  EXPECT_FALSE(workbench().jobs().busy(ui::Jobs::Lane::Measuring));
  EXPECT_TRUE(panel->table().isEmpty());
}

TEST_F(ResultsTest, FollowsARunAndForgetsItWithItsReset) {
  useSmallData();
  openUntrained("tiny");
  showPanel();
  playUntilValidated();
  ASSERT_TRUE(QTest::qWaitFor([&] { return panel->summary().contains("after step"); }, 20000));
  const QString first = panel->summary();
  EXPECT_TRUE(QTest::qWaitFor([&] { return panel->summary() != first; }, 60000)) << first.toStdString();
  pause();
  const auto& snapshot = *workbench().training().snapshot();
  std::uint64_t all = 0;
  for (std::size_t label = 0; label < panel->table().classes(); ++label) all += panel->table().asked(label);
  EXPECT_EQ(all, snapshot.evaluation->count);
  EXPECT_EQ(grid->count(), snapshot.evaluation->count - snapshot.evaluation->correct());
  workbench().reset();
  EXPECT_TRUE(panel->table().isEmpty());
  EXPECT_TRUE(panel->summary().contains("Measure fills it now"));
}

// Of the step that the slider stands at, and of the last one again afterwards.
TEST_F(ResultsTest, FollowsTheMomentThatIsLookedBackAt) {
  useSmallData();
  openUntrained("tiny");
  showPanel();
  playUntilValidated();
  pause();
  ASSERT_TRUE(QTest::qWaitFor([&] { return panel->summary().contains("after step"); }, 20000));
  const auto& training = workbench().training();
  const std::uint64_t right = training.snapshot()->evaluation->correct();
  const train::Moment first = training.run().moments->front();
  training.lookBack().at(first);
  ASSERT_TRUE(QTest::qWaitFor([&] { return panel->summary().endsWith("after step 0"); }, 20000)) << panel->summary().toStdString();
  const auto then = train::evaluate(workbench().network(), *first.parameters, *training.run().data.validation, 1);
  std::uint64_t shown = 0;
  for (std::size_t label = 0; label < panel->table().classes(); ++label) shown += panel->table().count({label, label});
  EXPECT_EQ(shown, then.correct());
  training.lookBack().toNow();
  EXPECT_EQ(training.snapshot()->evaluation->correct(), right);
  EXPECT_FALSE(panel->summary().endsWith("after step 0"));
}

TEST_F(ResultsTest, WeightsThatHaveChangedSinceAreTold) {
  useSmallData();
  openUntrained("tiny");
  showPanel();
  measure();
  EXPECT_FALSE(panel->summary().contains("changed since"));
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1 && workbench().training().atRest(); }, 20000));
  const bool ofRun = panel->summary().contains("after step"), told = panel->summary().contains("changed since");
  EXPECT_TRUE(ofRun || told || panel->table().isEmpty()) << panel->summary().toStdString();
}

TEST_F(ResultsTest, EverythingIsReachedByKeys) {
  useSmallData();
  openUntrained("tiny");
  showPanel();
  measure();
  window().activateWindow();
  view->setFocus();
  ASSERT_TRUE(QTest::qWaitFor([&] { return view->hasFocus(); }, 5000));
  const ClassPair most = panel->table().mostConfused(1).front();
  QTest::keyClick(view, Qt::Key_Home);
  for (std::size_t i = 0; i < most.label; ++i) QTest::keyClick(view, Qt::Key_Down);
  for (std::size_t i = 0; i < most.answer; ++i) QTest::keyClick(view, Qt::Key_Right);
  EXPECT_EQ(view->current(), most);
  EXPECT_EQ(told(), panel->table().words(most));
  EXPECT_EQ(view->accessibleDescription(), panel->table().words(most));
  QTest::keyClick(view, Qt::Key_Return);
  EXPECT_EQ(grid->count(), panel->table().count(most));
  QTest::keyClick(view, Qt::Key_Escape);
  EXPECT_EQ(grid->count(), wrong());
  grid->setFocus();
  QTest::keyClick(grid, Qt::Key_PageDown);
  EXPECT_GT(grid->current(), 0);
  QTest::keyClick(grid, Qt::Key_End);
  EXPECT_EQ(grid->current(), int(grid->count()) - 1);
  QTest::keyClick(grid, Qt::Key_Return);
  EXPECT_TRUE(QTest::qWaitFor([&] { return workbench().inference().upToDate() && !workbench().inference().blank(); }, 20000));
}

TEST_F(ResultsTest, OfManyClassesTheMostConfusedPairsAreListed) {
  QByteArray rows;
  for (int i = 0; i < 600; ++i)
    rows += QByteArray::number(i % 30) + "," + QByteArray::number(8 * (i % 30)) + QByteArray(",0").repeated(48) + "\n";
  modeltest::writeAll(folder.filePath("thirty.csv"), rows);
  window().files().openPath(folder.filePath("thirty.csv"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().ready(); }, 20000));
  const auto before = workbench().network();
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().message().action != nullptr; }, 20000));
  window().messages().message().action();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().network() != before; }, 20000));
  showPanel();
  measure();
  ASSERT_EQ(panel->table().classes(), 30u);
  auto* pairs = panel->findChild<QListWidget*>("resultsPairs");
  EXPECT_FALSE(view->isVisible());
  ASSERT_TRUE(pairs->isVisible());
  const ClassPair most = panel->table().mostConfused(1).front();
  pairs->setFocus();
  pairs->setCurrentRow(0);
  QTest::keyClick(pairs, Qt::Key_Return);
  EXPECT_EQ(grid->count(), panel->table().count(most));
}

TEST_F(ResultsTest, ATaskWithoutClassesSaysSo) {
  openUntrained("denoising-autoencoder");
  showPanel();
  EXPECT_TRUE(panel->summary().contains("names no classes")) << panel->summary().toStdString();
  EXPECT_FALSE(panel->findChild<QPushButton*>("resultsMeasure")->isEnabled());
}

TEST_F(ResultsTest, OfPixelsThereIsAMatrixAndNoPictures) {
  useSmallData();
  openUntrained("unet-mini");
  showPanel();
  panel->measure();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !panel->table().isEmpty(); }, 60000)) << panel->summary().toStdString();
  EXPECT_EQ(panel->table().name(0), "background");
  EXPECT_TRUE(panel->summary().contains("of the pixels of"));
  EXPECT_FALSE(grid->isVisible());
  EXPECT_TRUE(panel->table().words({0, 1}).contains("pixels of background"));
}

}  // namespace
