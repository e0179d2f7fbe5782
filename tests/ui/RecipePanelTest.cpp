// The form of all training settings: a control for every row of the recipe, each of which edits its field and follows it; what the form
// does in the window, while a run exists and after it.
#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QUndoStack>
#include <QWheelEvent>
#include <qcustomplot.h>

#include "io/Model.h"
#include "ui/Pictures.h"
#include "ui/WindowTest.h"
#include "ui/base/NumberField.h"
#include "ui/panels/training/CurvesView.h"
#include "ui/panels/training/LayerNamesField.h"
#include "ui/panels/training/RecipeEditor.h"
#include "ui/panels/training/RecipePanel.h"
#include "ui/panels/training/RunPane.h"
#include "ui/panels/training/TrainingPanel.h"
#include "ui/shell/MessageStrip.h"

namespace {

using train::Recipe;
using train::RecipeField;

std::shared_ptr<const nn::Network> lenetOfForm() {
  static const auto network = nn::Network::create(io::loadNetworkSpec("lenet5"));
  return network;
}

const RecipeField& rowOf(std::string_view name) {
  return *train::findRecipeField(name);
}

// One in which the field has an effect.
Recipe inUse(const RecipeField& field) {
  for (const RecipeField& other : train::recipeFields())
    for (const std::string& choice : other.info.choices) {
      Recipe recipe;
      if (field.idle(recipe).empty()) return recipe;
      train::choose(recipe, other, choice);
      if (field.idle(recipe).empty()) return recipe;
    }
  return {};
}

QString shownBy(const QWidget& editor) {
  if (const auto* box = qobject_cast<const QComboBox*>(&editor)) return box->currentText();
  if (const auto* number = qobject_cast<const ui::NumberField*>(&editor)) return number->cleanText();
  if (const auto* line = qobject_cast<const QLineEdit*>(&editor)) return line->text();
  return const_cast<ui::LayerNamesField&>(dynamic_cast<const ui::LayerNamesField&>(editor)).line().text().remove(u' ');
}

void editAsAPerson(QWidget& editor) {
  if (auto* box = qobject_cast<QComboBox*>(&editor)) {
    box->setCurrentIndex(box->currentIndex() == 0 ? 1 : 0);
    emit box->activated(box->currentIndex());
  } else if (auto* number = qobject_cast<ui::NumberField*>(&editor)) {
    const QString before = number->text();
    QTest::keyClick(number, Qt::Key_Up);
    if (number->text() == before) QTest::keyClick(number, Qt::Key_Down);  // it was the largest
  } else if (auto* words = qobject_cast<QLineEdit*>(&editor)) {
    QTest::keyClicks(words, "discriminator");
    QTest::keyClick(words, Qt::Key_Return);
    EXPECT_TRUE(words->accessibleDescription().contains("no factor of a group")) << words->accessibleDescription().toStdString();
    QTest::keyClicks(words, "=0.5");
    QTest::keyClick(words, Qt::Key_Return);
  } else {
    QLineEdit& line = dynamic_cast<ui::LayerNamesField&>(editor).line();
    QTest::keyClicks(&line, QString::fromStdString(lenetOfForm()->node(1).name));
    QTest::keyClick(&line, Qt::Key_Return);
  }
}

class RecipeControl : public testing::TestWithParam<std::string> {
 protected:
  RecipeControl() {
    const char* other = field().task == "generate" ? "gan-mini" : "denoising-autoencoder";
    start(field().task.empty() ? lenetOfForm() : nn::Network::create(io::loadNetworkSpec(other)));
    panel = std::make_unique<ui::RecipePanel>(training);
    panel->show();  // the form is made for whoever looks at it
    panel->setTheme(ui::lightTheme());
  }
  void start(const std::shared_ptr<const nn::Network>& network) {
    training.setStart(network, std::make_shared<const std::vector<float>>(network->initialParameters(1)));
  }
  const RecipeField& field() const { return rowOf(GetParam()); }
  template <typename Widget = QWidget>
  Widget* find(const QString& prefix) {
    return panel->findChild<Widget*>(prefix + QString::fromStdString(GetParam()));
  }

  QUndoStack undo;
  ui::TrainingController training{undo};
  std::unique_ptr<ui::RecipePanel> panel;
};

TEST_P(RecipeControl, EditsItsFieldFollowsItAndKnowsTheWayBack) {
  training.setRecipe(inUse(field()));
  auto* editor = find("recipe-");
  auto* back = find<QToolButton>("standard-");
  ASSERT_TRUE(editor && back);
  EXPECT_TRUE(editor->isEnabled());
  EXPECT_EQ(editor->accessibleName().toStdString(), field().info.label);
  EXPECT_TRUE(editor->toolTip().startsWith(QString::fromStdString(field().info.tooltip)));
  const Recipe before = training.recipe();
  editAsAPerson(*editor);
  const Recipe after = training.recipe();
  const auto changes = train::differences(before, after);
  ASSERT_FALSE(changes.empty()) << "nothing was changed";
  EXPECT_EQ(changes[0].field, GetParam());
  EXPECT_EQ(changes.size(), GetParam() == "optimizer" ? 2u : 1u);
  undo.undo();
  EXPECT_EQ(training.recipe(), before) << undo.redoText().toStdString();
  EXPECT_EQ(undo.redoText().toLower(), QString::fromStdString(field().info.label).toLower());
  if (GetParam() != "freeze" && GetParam() != "group-rates") {  // nothing is an empty line there
    EXPECT_EQ(shownBy(*editor), ui::recipeText(field(), field().get(before)));
  }
  undo.redo();
  EXPECT_EQ(shownBy(*editor), ui::recipeText(field(), field().get(after)));
  EXPECT_EQ(training.recipe(), after) << "to show a value is not to set it";
  if (field().get(after) == train::standardValue(field(), after)) return;
  ASSERT_FALSE(back->isHidden());
  back->click();
  EXPECT_EQ(field().get(training.recipe()), train::standardValue(field(), training.recipe()));
  EXPECT_TRUE(back->isHidden());
}

TEST_P(RecipeControl, SaysWhyItHasNoEffect) {
  Recipe recipe;
  for (const nn::OptimizerKind kind : nn::optimizerKinds()) {
    recipe.optimizer.kind = kind;
    training.setRecipe(recipe);
    const QString why = QString::fromStdString(field().idle(recipe));
    EXPECT_EQ(find("recipe-")->isEnabled(), why.isEmpty());
    EXPECT_EQ(find("recipe-")->toolTip().contains("Without effect now"), !why.isEmpty());
    EXPECT_TRUE(find("recipe-")->toolTip().contains(why));
  }
  if (field().task.empty()) return;
  start(lenetOfForm());
  EXPECT_FALSE(find("recipe-")->isEnabled()) << "the network has another task";
  EXPECT_TRUE(find("recipe-")->toolTip().contains(QString::fromStdString("whose task is " + field().task)));
}

std::vector<std::string> fieldNames() {
  std::vector<std::string> all;
  for (const RecipeField& field : train::recipeFields()) all.push_back(field.info.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rows, RecipeControl, testing::ValuesIn(fieldNames()), [](const auto& each) {
  std::string name = each.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

class RecipeWindowTest : public uitest::WindowTest {
 protected:
  ui::TrainingController& training() { return workbench().training(); }
  template <typename Widget>
  Widget& control(const char* name) {
    return *window().findChild<ui::RecipePanel*>()->findChild<Widget*>(name);
  }
  void enter(const char* name, const QString& text) {
    auto& box = control<ui::NumberField>(name);
    box.selectAll();
    QTest::keyClicks(&box, text);
    QTest::keyClick(&box, Qt::Key_Return);
  }
  void stepOnce() {
    const std::uint64_t before = step();
    workbench().singleStep();
    ASSERT_TRUE(QTest::qWaitFor([&] { return step() > before && !training().running(); }, 20000));
  }
};

TEST_F(RecipeWindowTest, IsFoundByTheButtonAndTheKeyAndRemembered) {
  EXPECT_FALSE(dock("recipeDock")->isVisible());
  click("recipeButton");
  EXPECT_TRUE(dock("recipeDock")->isVisible());
  dock("recipeDock")->hide();
  key(Qt::Key_T, Qt::ControlModifier);
  EXPECT_TRUE(dock("recipeDock")->isVisible());
  ASSERT_TRUE(window().close());
  start();
  EXPECT_TRUE(dock("recipeDock")->isVisible());
  window().panels().reset();
  EXPECT_FALSE(dock("recipeDock")->isVisible());
}

TEST_F(RecipeWindowTest, LeavesTheOthersTheirRoom) {
  click("recipeButton");
  for (const QSize& size : {QSize(1024, 768), QSize(1280, 800), QSize(1920, 1080)}) {
    window().resize(size);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window().size() == size; }));
    QCoreApplication::processEvents();
    EXPECT_GE(host().width(), 300) << size.width();
    for (const QCustomPlot* plot : window().findChild<ui::TrainingPanel*>()->run().curves().findChildren<QCustomPlot*>())
      EXPECT_TRUE(plot->isVisible()) << size.width();
    EXPECT_GT(dock("recipeDock")->height(), 300);
  }
}

TEST_F(RecipeWindowTest, TheFormAndTheTrainingPanelFollowEachOther) {
  click("recipeButton");
  auto* optimizer = window().findChild<QComboBox*>("optimizerChoice");
  auto* rate = window().findChild<ui::NumberField*>("rateChoice");
  auto& inForm = control<QComboBox>("recipe-optimizer");
  inForm.setCurrentIndex(inForm.findText("SGD"));
  emit inForm.activated(inForm.currentIndex());
  EXPECT_EQ(optimizer->currentText(), "SGD");
  EXPECT_EQ(rate->text(), "0.1") << "the optimizer's own";
  rate->setValue(0.3);
  EXPECT_EQ(control<ui::NumberField>("recipe-learning-rate").text(), "0.3");
  optimizer->setCurrentIndex(optimizer->findText("Adam"));
  emit optimizer->activated(optimizer->currentIndex());
  EXPECT_EQ(inForm.currentText(), "Adam");
  EXPECT_EQ(control<ui::NumberField>("recipe-learning-rate").text(), "0.001");
  enter("recipe-batch-size", "100");
  EXPECT_EQ(window().findChild<ui::NumberField*>("batchChoice")->text(), "100");
}

TEST_F(RecipeWindowTest, ALiveFieldReachesTheRunUnderWay) {
  useSmallData();
  click("recipeButton");
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() > 1; }, 20000));
  enter("recipe-batch-size", "1");
  ASSERT_EQ(training().run().log.changes().size(), 1u);
  EXPECT_EQ(training().run().log.changes()[0].fields[0].field, "batch-size");
  EXPECT_TRUE(QTest::qWaitFor(
      [&, last = std::shared_ptr<const train::Snapshot>()]() mutable {
        const auto now = training().latest();
        const bool alone = last && now->step > last->step && now->imagesSeen - last->imagesSeen == now->step - last->step;
        last = now;
        return alone;
      },
      20000));
}

TEST_F(RecipeWindowTest, WhatIsNotLiveCountsFromTheNextRunOnAndSaysSo) {
  useSmallData();
  click("recipeButton");
  workbench().setStartFrom(ui::StartFrom::Random);
  auto& note = control<QLabel>("note-validation-share");
  EXPECT_TRUE(note.isHidden()) << "there is no run";
  stepOnce();
  EXPECT_EQ(note.text(), "from the next run on");
  EXPECT_FALSE(note.isHidden());
  EXPECT_EQ(training().run().data.validation->count(), 60u);
  enter("recipe-validation-share", "0.3");
  enter("recipe-seed", "7");
  EXPECT_EQ(note.text(), "from the next run on; this one keeps 0.1");
  EXPECT_TRUE(training().run().log.changes().empty());
  stepOnce();
  EXPECT_EQ(step(), 2u) << "the run goes on";
  EXPECT_EQ(training().run().data.validation->count(), 60u);
  workbench().reset();
  EXPECT_EQ(training().recipe().seed, 7u) << "reset keeps it";
  EXPECT_EQ(*workbench().parameters(), workbench().network()->initialParameters(7));
  EXPECT_TRUE(note.isHidden());
  stepOnce();
  EXPECT_EQ(step(), 1u);
  EXPECT_EQ(training().run().data.validation->count(), 180u);
  EXPECT_EQ(training().run().log.start().seed, 7u);
}

TEST_F(RecipeWindowTest, TheSeedDrawsRandomWeightsThatNobodyTrainedAnew) {
  workbench().setStartFrom(ui::StartFrom::Random);
  click("recipeButton");
  enter("recipe-seed", "123456789");
  EXPECT_EQ(control<ui::NumberField>("recipe-seed").text(), "123456789");
  EXPECT_EQ(*workbench().parameters(), workbench().network()->initialParameters(123456789));
}

TEST_F(RecipeWindowTest, StandardValuesForAllCanBeTakenBack) {
  click("recipeButton");
  auto& standard = control<QPushButton>("recipeStandard");
  EXPECT_FALSE(standard.isEnabled());
  enter("recipe-label-smoothing", "0.1");
  enter("recipe-augment-shift", "2");
  const Recipe mine = training().recipe();
  standard.click();
  EXPECT_EQ(training().recipe(), Recipe{});
  EXPECT_EQ(workbench().undoStack().undoText(), "standard training settings");
  workbench().undo();
  EXPECT_EQ(training().recipe(), mine);
}

// Of every row of the catalogue, also of the one in tests/support/transforms.
TEST_F(RecipeWindowTest, ATransformHasAControl) {
  click("recipeButton");
  enter("recipe-augment-fade", "0.5");
  data::Augmentation faded;
  faded["fade"] = 0.5f;
  EXPECT_EQ(training().recipe().augmentation, faded);
  EXPECT_EQ(workbench().undoStack().undoText(), "fading");
}

TEST_F(RecipeWindowTest, LayersAreChosenFromThoseOfTheNetworkAndNoOtherIsTaken) {
  click("recipeButton");
  workbench().models().openShipped("lenet5");
  auto& field = control<ui::LayerNamesField>("recipe-freeze");
  QLineEdit& line = field.line();
  const std::string first = workbench().network()->node(1).name;
  QTest::keyClicks(&line, QString::fromStdString(first) + ", nobody");
  QTest::keyClick(&line, Qt::Key_Return);
  EXPECT_TRUE(training().recipe().frozen.empty());
  EXPECT_TRUE(line.text().endsWith("nobody")) << "it can be mended";
  EXPECT_TRUE(line.toolTip().contains("no layer nobody")) << line.toolTip().toStdString();
  line.setText(QString::fromStdString(first));
  QTest::keyClick(&line, Qt::Key_Return);
  EXPECT_EQ(training().recipe().frozen, std::vector<std::string>{first});
  EXPECT_TRUE(line.toolTip().isEmpty());
  workbench().models().openShipped("mlp");
  EXPECT_TRUE(training().recipe().frozen.empty());
  EXPECT_NE(window().messages().message().issue.what.find(first), std::string::npos) << "said aloud";
  workbench().undo();
  EXPECT_EQ(training().recipe().frozen, std::vector<std::string>{first});
  workbench().redo();
  EXPECT_TRUE(training().recipe().frozen.empty());
}

TEST_F(RecipeWindowTest, ALayerWithACommaInItsNameCanBeChosen) {
  QFile file(folder.filePath("comma.json"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(R"({"name": "comma", "nodes": [{"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28},
    {"name": "a,b", "type": "dense", "units": 5}, {"name": "out", "type": "dense", "units": 10}]})");
  file.close();
  click("recipeButton");
  workbench().models().openFile(file.fileName());
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().network()->spec().name == "comma" && !workbench().jobs().busy(); }, 20000));
  auto& field = control<ui::LayerNamesField>("recipe-freeze");
  QTest::keyClicks(&field.line(), "a\\,b");
  QTest::keyClick(&field.line(), Qt::Key_Return);
  EXPECT_EQ(training().recipe().frozen, std::vector<std::string>{"a,b"}) << field.line().toolTip().toStdString();
  EXPECT_EQ(field.names(), QStringList{"a,b"});
  EXPECT_EQ(field.line().text(), "a\\,b");
}

TEST_F(RecipeWindowTest, TheWheelOverAControlChangesNothing) {
  click("recipeButton");
  QCoreApplication::processEvents();
  auto& box = control<ui::NumberField>("recipe-beta1");
  QWheelEvent wheel(box.rect().center(), box.mapToGlobal(box.rect().center()), {}, {0, -120}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
  QApplication::sendEvent(&box, &wheel);
  EXPECT_EQ(training().recipe(), Recipe{});
}

TEST_F(RecipeWindowTest, TheStateTellsWhichClassesAreConfused) {
  useSmallData();
  workbench().setStartFrom(ui::StartFrom::Random);
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return training().snapshot() && training().snapshot()->evaluation; }, 60000));
  const QString tip = window().findChild<QLabel*>("trainingState")->toolTip();
  EXPECT_TRUE(tip.contains("Most often confused: ") || tip.contains("No class is taken for another")) << tip.toStdString();
  EXPECT_TRUE(tip.contains("60 validation images")) << tip.toStdString();
}

TEST_F(RecipeWindowTest, PicturesOfTheForm) {
  click("recipeButton");
  for (const ui::Theme& theme : {ui::lightTheme(), ui::darkTheme()}) {
    ui::applyTheme(*qApp, theme);
    auto* panel = window().findChild<ui::RecipePanel*>();
    panel->setTheme(theme);
    QCoreApplication::processEvents();
    EXPECT_GT(pictures::colors(pictures::keep(*panel, theme.dark ? "recipe-dark" : "recipe-light")), 10);
  }
}

}  // namespace
