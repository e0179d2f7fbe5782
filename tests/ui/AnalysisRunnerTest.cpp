// What the cells show in place of activations: chosen in the window, and following the pen and the training.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include <QAction>
#include <QLabel>

#include "analysis/Method.h"
#include "render/Overlay.h"
#include "support/Settle.h"
#include "train/SampleGradients.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/scene/SceneOptions.h"
#include "ui/scene/StatusLine.h"

namespace {

class AnalysisRunnerTest : public uitest::WindowTest {
 protected:
  void show(scene::CellQuantity quantity) {
    auto* action = window().findChild<QAction*>("view.colorsShow." + QString::number(int(quantity)));
    ASSERT_NE(action, nullptr);
    action->trigger();
  }
  bool waitForField(scene::CellQuantity quantity) {
    return QTest::qWaitFor([&] { return state().shown().field() && state().shown().field()->quantity == quantity; }, 10000);
  }
  ui::StatusLine& line() { return *window().findChild<ui::StatusLine*>(); }
  std::string spokenWords() { return line().text().replace(u'\n', u' ').toStdString(); }
};

TEST_F(AnalysisRunnerTest, GradientsFollowThePen) {
  show(scene::CellQuantity::Gradient);
  settle(50);
  EXPECT_FALSE(state().shown().field());
  EXPECT_NE(spokenWords().find("Draw something"), std::string::npos) << spokenWords();
  drawThree();
  ASSERT_TRUE(waitForField(scene::CellQuantity::Gradient));
  EXPECT_EQ(state().shown().field()->subject, "loss for class 3 (the answer)");
  const int logits = workbench().network()->logitsNode();
  // A score's slope is what its class gets, less one for the class that is asked for.
  const auto matches = [&] {
    const std::vector<float> shares = workbench().inference().probabilities();
    for (std::size_t i = 0; i < shares.size(); ++i)
      if (std::abs(state().shown().field()->units[std::size_t(logits)][i] - (shares[i] - (i == 3 ? 1 : 0))) > 1e-5f) return false;
    return !shares.empty();
  };
  EXPECT_TRUE(QTest::qWaitFor(matches, 5000));
  EXPECT_TRUE(state().shown().showsField(state().layout()->blockOfNode[std::size_t(workbench().network()->find("conv1"))]));
  show(scene::CellQuantity::Activation);
  EXPECT_TRUE(QTest::qWaitFor([&] { return !state().shown().field(); }, 5000));
}

TEST_F(AnalysisRunnerTest, TheClassOfASampleIsTheOneAskedFor) {
  show(scene::CellQuantity::Gradient);
  key(Qt::Key_R);
  ASSERT_TRUE(waitForField(scene::CellQuantity::Gradient));
  EXPECT_TRUE(QTest::qWaitFor(
      [&] { return state().shown().field() && state().shown().field()->subject.find("(the answer)") == std::string::npos; }, 5000));
  EXPECT_EQ(state().shown().field()->subject.find("loss for class "), 0u) << state().shown().field()->subject;
}

// Of the same drawing: what moves the cells are the weights.
TEST_F(AnalysisRunnerTest, GradientsFollowTheTraining) {
  useSmallData();
  drawThree();
  show(scene::CellQuantity::Gradient);
  ASSERT_TRUE(waitForField(scene::CellQuantity::Gradient));
  const auto before = state().shown().field();
  workbench().play();
  ASSERT_TRUE(
      QTest::qWaitFor([&] { return step() > 0 && state().shown().field() && state().shown().field()->weights != before->weights; }, 20000));
  EXPECT_TRUE(workbench().training().running()) << "not only once it rests";
  workbench().training().pause();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().training().atRest(); }, 20000));
  // The last ones are those of the weights that are left.
  const auto network = workbench().network();
  nn::Weights weights(network);
  weights.assign(*workbench().parameters());
  train::SampleGradients direct(network, workbench().training().recipe().objective());
  direct.compute(weights, workbench().inference().values()->of(network->inputs().front()), window().answer().winner());
  EXPECT_TRUE(QTest::qWaitFor([&] { return state().shown().field() && state().shown().field()->weights == direct.parameters(); }, 10000));
}

TEST_F(AnalysisRunnerTest, WhatTrainingChangesGrowsWhileItTrains) {
  useSmallData();
  drawThree();
  show(scene::CellQuantity::WeightChange);
  settle(50);
  EXPECT_FALSE(state().shown().field());
  EXPECT_NE(spokenWords().find("Nothing has changed yet"), std::string::npos) << spokenWords();
  workbench().play();
  ASSERT_TRUE(waitForField(scene::CellQuantity::WeightChange));
  workbench().training().pause();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().training().running(); }, 10000));
  const auto matches = [&] {
    const std::vector<float>& now = *workbench().parameters();
    const std::vector<float>& start = *workbench().model().start();
    const std::vector<float>& shown = state().shown().field()->weights;
    for (std::size_t i = 0; i < now.size(); ++i)
      if (shown[i] != now[i] - start[i]) return false;
    return true;
  };
  EXPECT_TRUE(QTest::qWaitFor(matches, 10000));
  EXPECT_TRUE(std::any_of(state().shown().field()->weights.begin(), state().shown().field()->weights.end(),
                          [](float change) { return change != 0; }));
  workbench().reset();
  EXPECT_TRUE(QTest::qWaitFor([&] { return !state().shown().field(); }, 5000));
}

TEST_F(AnalysisRunnerTest, AnotherNetworkHasAFieldOfItsOwn) {
  show(scene::CellQuantity::Gradient);
  drawThree();
  ASSERT_TRUE(waitForField(scene::CellQuantity::Gradient));
  workbench().models().openShipped("unet-mini");
  EXPECT_TRUE(QTest::qWaitFor([&] { return state().shown().field() && state().shown().field()->network == workbench().network(); }, 20000));
}

TEST_F(AnalysisRunnerTest, EveryMethodIsACommandAndFollowsThePen) {
  drawThree();
  for (const analysis::Method& method : analysis::methods()) {
    if (method.id == "trace") continue;  // the scene has its own, with edges
    SCOPED_TRACE(method.id);
    ASSERT_TRUE(window().commands().run(QStringLiteral("explain.") + QString::fromStdString(method.id)));
    const std::string subject = method.title + "\nclass 3 (the answer)";
    ASSERT_TRUE(QTest::qWaitFor([&] { return state().shown().field() && state().shown().field()->subject == subject; }, 10000));
    const scene::CellField& field = *state().shown().field();
    auto weights = std::make_shared<nn::Weights>(workbench().network());
    weights->assign(*workbench().parameters());
    const std::span<const float> input = workbench().inference().values()->of(workbench().network()->inputs().front());
    analysis::Request request{workbench().network(), weights, {{input.begin(), input.end()}}, {}, {}, {}};
    const auto direct = analysis::explain(method, request);
    ASSERT_TRUE(direct);
    EXPECT_EQ(field.units, direct->units);
    EXPECT_EQ(field.isSigned, direct->isSigned);
    EXPECT_NE(window().findChild<QToolButton*>("colorsButton")->text().toStdString().find(method.title), std::string::npos);
    EXPECT_TRUE(QTest::qWaitFor([&] { return spokenWords().find(method.title) != std::string::npos; }, 5000)) << spokenWords();
  }
  // Another drawing has its own.
  const auto before = state().shown().field();
  key(Qt::Key_R);
  EXPECT_TRUE(QTest::qWaitFor([&] { return state().shown().field() && state().shown().field() != before; }, 10000));
}

TEST_F(AnalysisRunnerTest, TheClassThatIsPinnedIsTheOneExplained) {
  drawThree();
  ASSERT_TRUE(window().commands().run("explain.saliency"));
  ASSERT_TRUE(waitForField(scene::CellQuantity::Relevance));
  workbench().selection().pin(scene::UnitId{workbench().network()->logitsNode(), {5, 0, 0}});
  EXPECT_TRUE(QTest::qWaitFor([&] { return state().shown().field()->subject == "Gradient saliency\nclass 5"; }, 10000));
  EXPECT_FALSE(state().shown().field()->isSigned);
}

TEST_F(AnalysisRunnerTest, EscapeAndActivationsEndAMethod) {
  drawThree();
  for (const bool escape : {true, false}) {
    ASSERT_TRUE(window().commands().run("explain.grad-cam"));
    ASSERT_TRUE(waitForField(scene::CellQuantity::Relevance));
    if (escape)
      QTest::keyClick(host().focusProxy(), Qt::Key_Escape);
    else
      show(scene::CellQuantity::Activation);
    EXPECT_TRUE(QTest::qWaitFor([&] { return !state().shown().field(); }, 5000)) << escape;
    EXPECT_TRUE(host().options().method().isEmpty());
  }
}

TEST_F(AnalysisRunnerTest, SaysWhyThereIsNothingToExplain) {
  ASSERT_TRUE(window().commands().run("explain.grad-cam"));
  EXPECT_TRUE(QTest::qWaitFor([&] { return spokenWords().find("Draw something") != std::string::npos; }, 5000)) << spokenWords();
  drawThree();
  ASSERT_TRUE(waitForField(scene::CellQuantity::Relevance));
  workbench().models().openShipped("mlp");
  EXPECT_TRUE(QTest::qWaitFor([&] { return spokenWords().find("no layer with maps") != std::string::npos; }, 20000)) << spokenWords();
  EXPECT_FALSE(state().shown().field());
}

TEST_F(AnalysisRunnerTest, WhatIsExplainedIsSaidWholeAndBesideTheKeyOfTheColors) {
  drawThree();
  for (const QSize& size : {QSize(1280, 800), QSize(1920, 1080)}) {
    window().resize(size);
    settle(50);
    for (const char* id : {"grad-cam", "occlusion", "saliency"}) {
      SCOPED_TRACE(testing::Message() << id << " at " << size.width());
      const std::string title = analysis::findMethod(id)->title;
      ASSERT_TRUE(window().commands().run(QStringLiteral("explain.") + id));
      ASSERT_TRUE(QTest::qWaitFor([&] { return spokenWords().find(title + " (") != std::string::npos; }, 20000)) << spokenWords();
      EXPECT_EQ(spokenWords().find("\u2026"), std::string::npos) << spokenWords();
      const int key = int(render::keyWidth(host().controller().style(), QSizeF(host().size())));
      EXPECT_LE(line().geometry().right(), host().width() - key);
      EXPECT_GE(line().y(), 0);
      EXPECT_GE(line().height(), line().fontMetrics().lineSpacing() * int(line().text().count(u'\n') + 1));
    }
    EXPECT_TRUE(size.width() < 1920 || render::keyWidth(host().controller().style(), QSizeF(host().size())) > 0);
  }
}

TEST_F(AnalysisRunnerTest, OfTheTraceAndOtherColorsTheOneAskedForLastIsShown) {
  drawThree();
  QAction* trace = host().connectionOptions().traceAction();
  trace->trigger();
  ASSERT_TRUE(QTest::qWaitFor([&] { return state().tracing(); }, 5000));
  show(scene::CellQuantity::Gradient);
  EXPECT_FALSE(trace->isChecked());
  ASSERT_TRUE(waitForField(scene::CellQuantity::Gradient));
  EXPECT_FALSE(state().tracing());
  EXPECT_NE(spokenWords().find("The trace has ended"), std::string::npos) << spokenWords();
  trace->trigger();
  ASSERT_TRUE(QTest::qWaitFor([&] { return state().tracing(); }, 5000));
  EXPECT_EQ(host().options().quantity(), scene::CellQuantity::Activation);
  EXPECT_TRUE(trace->isChecked());
}

// At 1024 x 768, too, where a sentence stands above the buttons.
TEST_F(AnalysisRunnerTest, WhyNothingIsShownStaysBesideTheColorsAndCoversNothing) {
  window().resize(1024, 768);
  drawThree();
  workbench().models().openShipped("denoising-autoencoder");
  ASSERT_TRUE(QTest::qWaitFor([&] { return state().network() == workbench().network() && !state().resting(); }, 20000));
  auto* colors = window().findChild<QToolButton*>("colorsButton");
  ASSERT_TRUE(window().commands().run("explain.grad-cam"));
  EXPECT_TRUE(QTest::qWaitFor([&] { return spokenWords().find("Nothing to explain") != std::string::npos; }, 5000)) << spokenWords();
  EXPECT_TRUE(colors->text().startsWith("Grad-CAM: not shown")) << colors->text().toStdString();
  EXPECT_EQ(colors->toolTip().toStdString(), spokenWords());
  // What is said in passing goes; this comes back.
  host().say("Kept");
  EXPECT_EQ(spokenWords(), "Kept");
  EXPECT_TRUE(QTest::qWaitFor([&] { return spokenWords().find("Nothing to explain") != std::string::npos; }, 10000)) << spokenWords();
  EXPECT_TRUE(line().isVisible());
  const auto lowest = [&] {
    float most = 0;
    for (const scene::Sheet& sheet : state().layout()->sheets)
      most = std::max(most, host().controller().camera().project(sheet.origin + sheet.down * sheet.height()).y);
    return double(most) + host().focusProxy()->y();
  };
  EXPECT_TRUE(QTest::qWaitFor([&] { return !host().controller().advance() && lowest() <= line().y(); }, 5000)) << lowest();
  show(scene::CellQuantity::Activation);
  EXPECT_TRUE(QTest::qWaitFor([&] { return spokenWords().find("Nothing to explain") == std::string::npos || line().isHidden(); }, 5000));
  EXPECT_TRUE(colors->text().startsWith("Scale")) << colors->text().toStdString();
}

TEST_F(AnalysisRunnerTest, ATraceOfNothingTakesNoColorsAndHasNoEnd) {
  drawThree();
  workbench().models().openShipped("unet-mini");
  ASSERT_TRUE(QTest::qWaitFor([&] { return state().network() == workbench().network() && !state().resting(); }, 20000));
  ASSERT_TRUE(window().commands().run("explain.grad-cam"));
  ASSERT_TRUE(waitForField(scene::CellQuantity::Relevance));
  QAction* trace = host().connectionOptions().traceAction();
  trace->trigger();
  EXPECT_NE(spokenWords().find("Each pixel has an answer of its own"), std::string::npos) << spokenWords();
  EXPECT_FALSE(state().tracing());
  EXPECT_EQ(host().options().method(), "grad-cam");
  // With a unit it comes, and takes them.
  workbench().selection().pin(scene::UnitId{workbench().network()->logitsNode(), {3, 14, 14}});
  ASSERT_TRUE(QTest::qWaitFor([&] { return state().tracing(); }, 5000));
  EXPECT_EQ(host().options().quantity(), scene::CellQuantity::Activation);
  workbench().selection().unpinAll();
  ASSERT_FALSE(state().tracing());
  ASSERT_TRUE(window().commands().run("explain.occlusion"));
  EXPECT_EQ(spokenWords().find("The trace has ended"), std::string::npos) << spokenWords();
  EXPECT_FALSE(trace->isChecked());
}

}  // namespace
