// Lessons in the real window: every one of them is played with the keys of a presenter's remote, one that only the tests know is found
// everywhere, and leaving one puts back what was there before.
#include <gtest/gtest.h>

#include <QAction>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>
#include <QTreeWidget>
#include <QUndoStack>

#include "io/Lessons.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/app/LessonPlayer.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/lessons/LessonPanel.h"
#include "ui/panels/lessons/LessonText.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/shell/LessonStage.h"
#include "ui/shell/ProjectorMode.h"
#include "ui/shell/Spotlight.h"

namespace {

using ui::Mode;

class LessonsTest : public uitest::WindowTest {
 protected:
  static constexpr const char* kTestOnly = "90-test-only";

  ui::LessonPlayer& player() { return window().lessons().player(); }
  ui::LessonPanel& panel() { return *window().findChild<ui::LessonPanel*>(); }
  QString text() { return window().findChild<QLabel*>("lessonText")->text(); }
  ui::Spotlight& spotlight() { return *window().findChild<ui::Spotlight*>(); }
  ui::DrawingPad& pad() { return *window().padPanel().pad(); }
  void open(const QString& id) {
    ASSERT_TRUE(window().commands().run("lesson." + id));
    settle(50);
    ASSERT_TRUE(player().isOpen());
  }
  bool overflows() {
    auto* scroll = window().findChild<QScrollArea*>("lessonScroll");
    return scroll->verticalScrollBar()->isVisible() || scroll->widget()->width() > scroll->viewport()->width();
  }
  QString place() {
    return QStringLiteral("%1, step %2%3")
        .arg(QString::fromStdString(player().lesson().id))
        .arg(player().index() + 1)
        .arg(player().answered() ? " answered" : "");
  }
  // What the person sees of a step is whole, its values are there, and what it expects holds.
  void checkStep() {
    settle(20);
    const std::string where = place().toStdString();
    EXPECT_FALSE(overflows()) << where << " does not fit";
    EXPECT_FALSE(text().contains(QStringLiteral(">–<"))) << where << ": a value is missing";
    EXPECT_FALSE(player().away()) << where;
    EXPECT_EQ(window().findChild<QLabel*>("lessonPlace")->text(),
              QStringLiteral("%1 of %2").arg(player().index() + 1).arg(player().count()));
    if (player().asks()) return;
    const lessons::Live live{*workbench().network(), *workbench().parameters(),
                             [this](int node) { return workbench().inference().values()->of(node); }};
    for (const lessons::Expectation& expectation : player().step().expectations)
      EXPECT_EQ(lessons::holds(expectation, live), true)
          << where << ": " << expectation.left.text() << " " << expectation.comparison << " " << expectation.right.text() << ", "
          << lessons::evaluate(expectation.left, live)->number << " and " << lessons::evaluate(expectation.right, live)->number;
  }
};

TEST_F(LessonsTest, EveryOneIsPlayedToItsEndFromTheKeyboard) {
  for (const io::LessonText& lesson : io::shippedLessons()) {
    window().resize(1024, 768);
    settle(50);
    open(lesson.id);
    EXPECT_TRUE(workbench().network());
    EXPECT_GT(2 * dock("lessonDock")->height(), 3 * dock("padDock")->height());
    for (int i = 0; i < 3 * player().count(); ++i) {
      checkStep();
      if (player().index() + 1 == player().count() && !player().asks()) break;
      key(player().asks() ? Qt::Key(Qt::Key_1 + i % 2) : i % 3 == 0 ? Qt::Key_PageDown : i % 3 == 1 ? Qt::Key_Space : Qt::Key_Right);
    }
    EXPECT_EQ(player().index() + 1, player().count());
    window().lessons().leave();
  }
}

TEST_F(LessonsTest, ThoseInsideTheProgramKeepTheMeasureOfALecture) {
  for (const io::LessonText& text : io::shippedLessons()) {
    if (text.id == kTestOnly) continue;
    const lessons::Lesson lesson = lessons::parseLesson(text.text, text.id.toStdString()).lesson;
    int sinceQuestion = 0;
    for (const lessons::Step& step : lesson.steps) {
      std::string words;
      for (const lessons::Paragraph& paragraph : step.text)
        for (const lessons::Piece& piece : paragraph) words += piece.value ? "1" : piece.words;
      EXPECT_LE(QString::fromStdString(words).split(' ').size(), 45) << step.title;
      sinceQuestion = step.question ? 0 : sinceQuestion + 1;
      EXPECT_LE(sinceQuestion, 3) << step.title << ": something is to be predicted every few steps";
    }
    EXPECT_GT(lesson.minutes, 0);
  }
}

TEST_F(LessonsTest, AFurtherOneIsInTheListTheMenuAndTheFindBox) {
  window().commands().run("mode.lesson");
  auto* list = window().findChild<QListWidget*>("lessonList");
  ASSERT_TRUE(list->isVisible());
  const auto items = list->findItems("Only for tests", Qt::MatchStartsWith);
  ASSERT_EQ(items.size(), 1);
  EXPECT_TRUE(items.front()->text().contains("only the tests of the window know"));
  QAction* entry = window().commands().find(QStringLiteral("lesson.") + kTestOnly);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->text(), "Only for tests");
  EXPECT_TRUE(window().menuBar()->actions().back()->menu()->actions().front()->menu()->actions().contains(entry));
  window().commands().run("help.find-command");
  QTest::keyClicks(window().findChild<QLineEdit*>("commandField"), "only for tests");
  EXPECT_TRUE(window().findChild<QTreeWidget*>("commandList")->currentItem()->text(0).contains("Only for tests"));
  QTest::keyClick(window().findChild<QLineEdit*>("commandField"), Qt::Key_Escape);
  list->setCurrentItem(items.front());
  QTest::keyClick(list, Qt::Key_Return);
  EXPECT_TRUE(player().isOpen());
  EXPECT_EQ(player().lesson().id, kTestOnly);
}

TEST_F(LessonsTest, LeavingPutsEverythingBack) {
  drawThree();
  workbench().training().setField(*train::findRecipeField("learning-rate"), 0.25);
  workbench().selection().pin(unit("conv1", {2, 12, 12}));
  host().controller().cameraController().setView({{0.1f, 0.2f, 0}, 0.3f, 0.2f, 0.3f});
  settle(50);
  const auto ink = pad().ink();
  const auto view = host().controller().camera().goal();
  const scene::View close = host().controller().cameraController().view();
  const auto parameters = workbench().parameters();
  const int index = workbench().undoStack().index();
  for (const int steps : {1, 4}) {
    open(kTestOnly);
    EXPECT_EQ(window().panels().mode(), Mode::Lesson);
    EXPECT_EQ(workbench().model().name, "tiny");
    EXPECT_NE(pad().ink(), ink);
    EXPECT_FLOAT_EQ(workbench().training().recipe().optimizer.learningRate, 0.125f);
    for (int i = 0; i < steps; ++i) key(Qt::Key_Right);
    // In between the person does something of their own.
    workbench().training().setField(*train::findRecipeField("weight-decay"), 0.5);
    window().commands().run("view.flat");
    steps == 4 ? key(Qt::Key_F3) : window().lessons().leave();
    settle(50);
    EXPECT_FALSE(player().isOpen());
    EXPECT_EQ(window().panels().mode(), Mode::Train);
    EXPECT_EQ(workbench().model().name, "harley");
    EXPECT_EQ(workbench().parameters(), parameters);
    EXPECT_EQ(pad().ink(), ink);
    EXPECT_FLOAT_EQ(workbench().training().recipe().optimizer.learningRate, 0.25f);
    EXPECT_FLOAT_EQ(workbench().training().recipe().optimizer.weightDecay, 0);
    EXPECT_EQ(workbench().selection().pinned(), unit("conv1", {2, 12, 12}));
    EXPECT_EQ(workbench().undoStack().index(), index);
    EXPECT_TRUE(ui::sameView(host().controller().camera().goal(), view));
    EXPECT_FALSE(spotlight().isVisible());
    EXPECT_FALSE(host().player().isOpen());
    window().panels().setMode(Mode::Train);
    host().controller().cameraController().setView(close);
    settle(20);
  }
}

TEST_F(LessonsTest, AStepLooksTheSameFromBothSides) {
  open(kTestOnly);
  const auto ink = pad().ink();
  const auto view = host().controller().camera().goal();
  const QString first = text();
  EXPECT_TRUE(first.contains(">4<")) << first.toStdString();
  key(Qt::Key_Right);
  EXPECT_TRUE(player().asks());
  EXPECT_EQ(pad().ink(), ink) << "until it is answered";
  key(Qt::Key_2);
  EXPECT_EQ(player().picked(), 1);
  EXPECT_TRUE(pad().isEmpty());
  EXPECT_TRUE(text().contains("That is right.") && text().contains(QStringLiteral("Told: ")));
  EXPECT_TRUE(spotlight().isVisible());
  key(Qt::Key_PageDown);
  settle(20);
  EXPECT_TRUE(host().player().isOpen());
  EXPECT_TRUE(pad().isEmpty());
  EXPECT_EQ(window().findChild<QPushButton*>("lessonNext")->text(), "End");
  key(Qt::Key_Right);
  EXPECT_EQ(player().index(), 2) << "the end stays";
  key(Qt::Key_Left);
  EXPECT_EQ(player().picked(), 1) << "an answer stays given";
  key(Qt::Key_PageUp);
  settle(20);
  EXPECT_EQ(pad().ink(), ink);
  EXPECT_TRUE(ui::sameView(host().controller().camera().goal(), view));
  EXPECT_FALSE(host().player().isOpen());
  EXPECT_FALSE(spotlight().isVisible());
  EXPECT_EQ(workbench().selection().pinned(), unit("conv1", {1, 9, 9}));
  EXPECT_EQ(text(), first);
}

TEST_F(LessonsTest, AWrongPickIsAnsweredAndARemoteShowsTheAnswerWithoutOne) {
  open(kTestOnly);
  key(Qt::Key_Right);
  emit window().findChild<QLabel*>("lessonText")->linkActivated("pick:0");
  EXPECT_TRUE(text().contains("Not this.") && text().contains("Told: "));
  window().lessons().leave();
  open(kTestOnly);
  key(Qt::Key_Right);
  EXPECT_EQ(window().findChild<QPushButton*>("lessonNext")->text(), "Show the answer");
  key(Qt::Key_PageDown);
  EXPECT_EQ(player().index(), 1);
  EXPECT_TRUE(player().answered());
  EXPECT_LT(player().picked(), 0);
  EXPECT_TRUE(text().contains("Told: "));
}

TEST_F(LessonsTest, WhatThePersonDoesIsTheirsUntilTheyComeBack) {
  open(kTestOnly);
  auto* resume = window().findChild<QPushButton*>("lessonResume");
  EXPECT_FALSE(resume->isVisible());
  const auto ink = pad().ink();
  ui::Visitor(*program).stroke({{40, 40}, {200, 60}});
  ASSERT_TRUE(QTest::qWaitFor([&] { return resume->isVisible(); }, 5000));
  EXPECT_NE(pad().ink(), ink);
  QTest::mouseClick(resume, Qt::LeftButton);
  settle(20);
  EXPECT_EQ(pad().ink(), ink);
  EXPECT_FALSE(resume->isVisible());
  host().controller().cameraController().setView({{0.1f, 0.2f, 0}, 0.3f, 0.2f, 0.3f});
  workbench().selection().unpinAll();
  ASSERT_TRUE(QTest::qWaitFor([&] { return resume->isVisible(); }, 5000));
  ASSERT_TRUE(window().commands().run("lesson.resume"));
  settle(20);
  EXPECT_FALSE(player().away());
  EXPECT_EQ(workbench().selection().pinned(), unit("conv1", {1, 9, 9}));
  workbench().models().openShipped("mlp");
  ASSERT_TRUE(QTest::qWaitFor([&] { return player().away(); }, 5000));
  EXPECT_EQ(workbench().model().name, "mlp") << "it is not taken from them";
  window().commands().run("lesson.resume");
  EXPECT_EQ(workbench().model().name, "tiny");
}

TEST_F(LessonsTest, TheKeysMeanWhatTheyMeantWhereNoLessonIsOpen) {
  open(kTestOnly);
  window().commands().run("help.find-command");
  QTest::keyClicks(window().findChild<QLineEdit*>("commandField"), "a b");
  EXPECT_EQ(player().index(), 0) << "a space that is typed is none of its keys";
  QTest::keyClick(window().findChild<QLineEdit*>("commandField"), Qt::Key_Escape);
  key(Qt::Key_Space);
  EXPECT_EQ(player().index(), 1);
  EXPECT_FALSE(workbench().training().running());
  window().lessons().leave();
  EXPECT_FALSE(window().commands().find("lesson.next")->isEnabled());
  useSmallData();
  key(Qt::Key_Space);
  EXPECT_TRUE(workbench().training().running());
}

TEST_F(LessonsTest, UnsavedWeightsAreAskedAboutAndKeepingThemEndsTheLesson) {
  useSmallData();
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && !workbench().training().running(); }, 20000));
  const auto trained = workbench().parameters();
  answer = ui::FileCommands::Unsaved::Cancel;
  window().commands().run(QStringLiteral("lesson.") + kTestOnly);
  settle(50);
  EXPECT_EQ(asked, 1);
  EXPECT_FALSE(player().isOpen());
  EXPECT_EQ(workbench().parameters(), trained);
  EXPECT_EQ(window().panels().mode(), Mode::Train);
  answer = ui::FileCommands::Unsaved::Discard;
  open(kTestOnly);
  window().lessons().leave();
  settle(50);
  EXPECT_EQ(*workbench().parameters(), *trained) << "left, they are open again";
}

TEST_F(LessonsTest, AFileOfThePersonsIsPlayedOrItsFaultsAreTold) {
  const QString path = folder.filePath("mine.md");
  const auto write = [&](const QByteArray& words) {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(words);
  };
  write("# Mine\n\nA summary.\n\n## One\n\nIt has {maps conv1} and {maps nowhere}.\n\n```do\nrun view.flit\n```\n");
  window().files().openPath(path);
  auto* issues = window().findChild<QLabel*>("lessonIssues");
  ASSERT_TRUE(QTest::qWaitFor([&] { return issues->isVisible(); }, 5000));
  EXPECT_TRUE(issues->text().contains("mine.md, line 7") && issues->text().contains("nowhere")) << issues->text().toStdString();
  EXPECT_TRUE(issues->text().contains("mine.md, line 10") && issues->text().contains("view.flat")) << issues->text().toStdString();
  EXPECT_FALSE(player().isOpen());
  write("# Mine\n\nA summary.\n\n## One\n\nIt has {maps conv1}.\n");
  window().files().openPath(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return player().isOpen(); }, 5000));
  EXPECT_EQ(workbench().model().name, "harley") << "it names no network, and is about the one that is open";
  EXPECT_TRUE(text().contains(">6<"));
}

TEST_F(LessonsTest, InFrontOfAProjectorTheTextStaysAndGrows) {
  open(kTestOnly);
  const int before = window().findChild<QLabel*>("lessonText")->font().pixelSize();
  window().resize(1920, 1080);
  settle(50);
  EXPECT_GT(window().findChild<QLabel*>("lessonText")->font().pixelSize(), before);
  window().projector().setOn(true);
  settle(50);
  EXPECT_TRUE(dock("lessonDock")->isVisible());
  EXPECT_TRUE(dock("padDock")->isVisible());
  EXPECT_FALSE(dock("answerDock")->isVisible());
  window().projector().setOn(false);
}

// Also where the window has been given no size since.
TEST_F(LessonsTest, TheTextHasItsShareOfTheFirstWindow) {
  program.reset();
  QSettings().clear();
  program = std::make_unique<ui::Program>();
  window().resize(1280, 800);
  program->startLesson(io::shippedLessons().front().id);
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&window()));
  settle(50);
  EXPECT_GT(2 * dock("lessonDock")->height(), 3 * dock("padDock")->height());
}

TEST_F(LessonsTest, SaysWhyNumbersAreMissingWhereAnotherNetworkIsOpen) {
  open("01-convolution");
  EXPECT_FALSE(text().contains("is open"));
  workbench().models().openShipped("mlp");
  ASSERT_TRUE(QTest::qWaitFor([&] { return text().contains("is open: numbers"); }, 5000));
  workbench().undo();
  EXPECT_TRUE(QTest::qWaitFor([&] { return !text().contains("is open: numbers"); }, 5000));
}

// Two tables of five columns beside each other would leave a number no room in the smallest window.
TEST(LessonText, ANumberOfATableIsInOneLineAndInSight) {
  auto lesson = std::make_shared<lessons::Lesson>();
  lesson->steps.emplace_back();
  lesson->steps[0].text = {{lessons::Piece{{}, false, false, false, lessons::Expression{}}}};
  ui::LessonPlayer player;
  player.open(lesson);
  lessons::Value value{lessons::Value::Kind::Figure};
  value.figure = {5, 5, std::vector<float>(25, 0.87f), std::vector<float>(25, -0.14f), std::vector<bool>(25), 0.1f, -3, 0, "relu"};
  const ui::Theme theme = ui::lightTheme();
  for (const int width : {220, 300, 420, 700}) {
    QTextDocument document;
    document.setDocumentMargin(0);
    QFont font = theme.body;
    font.setPixelSize(13);
    document.setDefaultFont(font);
    document.setHtml(lessonHtml(player, [&](const lessons::Expression&) { return value; }, {theme, 13, width}));
    document.setTextWidth(width);
    EXPECT_LE(document.size().width(), width);
    int numbers = 0;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
      if (block.text().isEmpty() || (!block.text().front().isDigit() && !block.text().contains(u'\u2212'))) continue;
      ++numbers;
      EXPECT_EQ(block.layout()->lineCount(), 1) << width << ": " << block.text().toStdString();
    }
    EXPECT_GE(numbers, 50) << width;
  }
}

TEST_F(LessonsTest, InTheSmallestWindowTheListIsNotCutAtTheRight) {
  window().resize(400, 300);
  key(Qt::Key_F4);
  settle(100);
  const QWidget* body = dock("lessonDock")->widget();
  for (const char* name : {"lessonList", "lessonFile"}) {
    const auto* part = window().findChild<QWidget*>(name);
    EXPECT_TRUE(part->isVisible() && part->mapTo(body, QPoint(part->width(), 0)).x() <= body->width()) << name;
  }
}

TEST_F(LessonsTest, InTheSmallestWindowItsButtonsAreWhole) {
  open(kTestOnly);
  window().resize(400, 300);
  settle(100);
  for (int step = 0; step < 2; ++step) {
    auto* page = dock("lessonDock")->widget();
    for (const char* name : {"lessonLeave", "lessonBack", "lessonNext"}) {
      auto* button = window().findChild<QAbstractButton*>(name);
      ASSERT_TRUE(button->isVisible()) << name;
      EXPECT_TRUE(page->rect().contains(QRect(button->mapTo(page, QPoint()), button->size()))) << name;
      EXPECT_GE(button->width(), button->fontMetrics().horizontalAdvance(button->text())) << name;
    }
    player().next();
    settle(50);
  }
}

}  // namespace
