// The window as a person meets it: real mouse and key events on the whole program, without OpenGL.
#include <cstdio>
#include <gtest/gtest.h>

#include <QAction>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QMouseEvent>
#include <QPointer>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>

#include "io/FileNames.h"
#include "io/Model.h"
#include "ui/WindowTest.h"
#include "ui/panels/datasets/DownloadDialog.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/inspector/InspectorSheet.h"
#include "ui/panels/prediction/ProbabilityBars.h"
#include "ui/panels/training/TrainingPanel.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/MessageStrip.h"
#include "ui/shell/ProjectorMode.h"
#include "ui/tour/Tour.h"

namespace {

using MainWindowTest = uitest::WindowTest;

TEST_F(MainWindowTest, TheNetworkAnswersDuringTheStroke) {
  ui::Visitor visitor(*program);
  int answersUnderway = 0;
  visitor.drawThree([&] {
    settle(2);
    if (!window().answer().isEmpty() && window().padPanel().pad()->strokeRunning()) ++answersUnderway;
  });
  settle(20);
  EXPECT_GT(answersUnderway, 20);
  EXPECT_EQ(window().answer().winner(), 3);
}

TEST_F(MainWindowTest, UndoEmptiesThePadAndTheAnswer) {
  ui::Visitor(*program).drawThree();
  settle(20);
  ASSERT_FALSE(window().answer().isEmpty());
  key(Qt::Key_Z, Qt::ControlModifier);
  settle(20);
  EXPECT_TRUE(window().answer().isEmpty());
}

TEST_F(MainWindowTest, OneKeyPutsASampleOnThePadWithItsLabel) {
  key(Qt::Key_R);
  settle(30);
  EXPECT_FALSE(window().padPanel().pad()->isEmpty());
  EXPECT_FALSE(window().answer().isEmpty());
}

TEST_F(MainWindowTest, AClickPinsAUnitAndOpensTheInspector) {
  ui::Visitor visitor(*program);
  visitor.drawThree();
  settle(30);
  EXPECT_FALSE(dock("inspectorDock")->isVisible());
  visitor.click(visitor.liveliest("conv1"));
  ASSERT_TRUE(workbench().selection().pinned().has_value());
  EXPECT_TRUE(dock("inspectorDock")->isVisible());
  EXPECT_FALSE(window().findChild<ui::Inspector*>()->isEmpty());
}

TEST_F(MainWindowTest, AnswerAndInspectorPointIntoTheScene) {
  ui::Visitor(*program).drawThree();
  settle(20);
  ui::ProbabilityBars& bars = window().answer();
  QTest::mouseClick(&bars, Qt::LeftButton, {}, bars.rowRect(3).center().toPoint());
  ASSERT_TRUE(workbench().selection().pinned());
  EXPECT_EQ(workbench().selection().pinned()->cell.channel, 3);
  EXPECT_EQ(state().selection().pinned(), workbench().selection().pinned());
  settle(20);
  auto* inspector = window().findChild<ui::Inspector*>();
  ASSERT_FALSE(inspector->isEmpty());
  // The mouse on a term shows its unit in the scene; a click goes there.
  std::optional<scene::UnitId> unit;
  QPoint place;
  for (int y = 0; y < inspector->sheet()->height() && !unit; y += 4) {
    place = QPoint(40, y);
    unit = inspector->sheet()->unitAt(place);
  }
  ASSERT_TRUE(unit);
  QMouseEvent move(QEvent::MouseMove, place, inspector->sheet()->mapToGlobal(place), Qt::NoButton, Qt::NoButton, {});
  QCoreApplication::sendEvent(inspector->sheet(), &move);
  ASSERT_TRUE(window().scene().controller().state().selection().hovered);
  EXPECT_EQ(window().scene().controller().state().selection().hovered->unit, *unit);
  QTest::mouseClick(inspector->sheet(), Qt::LeftButton, {}, place);
  EXPECT_EQ(workbench().selection().pinned(), unit);
  emit inspector->closeRequested(*workbench().selection().pinned());
  EXPECT_FALSE(workbench().selection().pinned());
  EXPECT_TRUE(inspector->isEmpty());
}

TEST_F(MainWindowTest, ProjectorModeLeavesSceneAndPadAndGivesTheRestBack) {
  key(Qt::Key_F11);
  EXPECT_TRUE(window().projector().isOn());
  EXPECT_FALSE(window().menuBar()->isVisible());
  EXPECT_FALSE(dock("trainingDock")->isVisible());
  EXPECT_TRUE(window().padPanel().isVisible());
  EXPECT_TRUE(window().scene().isVisible());
  EXPECT_TRUE(program->appearance().theme().projector);
  key(Qt::Key_P);
  EXPECT_FALSE(window().projector().isOn());
  EXPECT_TRUE(window().menuBar()->isVisible());
  EXPECT_TRUE(QTest::qWaitFor([&] { return dock("trainingDock")->isVisible(); }, 20000)) << "once the window has its size back";
  EXPECT_FALSE(dock("inspectorDock")->isVisible());
}

TEST_F(MainWindowTest, TheArrangementIsRememberedAndCanBeReset) {
  dock("trainingDock")->hide();
  window().resize(1400, 900);
  settle(50);
  ASSERT_TRUE(window().close());
  program.reset();
  program = std::make_unique<ui::Program>();
  program->start();
  settle(50);
  EXPECT_FALSE(dock("trainingDock")->isVisible());
  EXPECT_TRUE(dock("padDock")->isVisible());
  window().panels().reset();
  EXPECT_TRUE(dock("trainingDock")->isVisible());
}

TEST_F(MainWindowTest, ClosingInProjectorModeRemembersTheFullArrangement) {
  window().projector().setOn(true);
  ASSERT_TRUE(window().close());
  program.reset();
  program = std::make_unique<ui::Program>();
  program->start();
  settle(50);
  EXPECT_TRUE(dock("trainingDock")->isVisible());
  EXPECT_TRUE(dock("answerDock")->isVisible());
}

TEST_F(MainWindowTest, ARememberedArrangementThatMakesNoSenseIsIgnored) {
  program.reset();
  QSettings().setValue("window/state", QByteArray("nonsense"));
  QSettings().setValue("window/geometry", QByteArray("nonsense"));
  start();
  EXPECT_TRUE(dock("padDock")->isVisible());
  EXPECT_TRUE(dock("trainingDock")->isVisible());
}

TEST_F(MainWindowTest, ItShrinksToTheSceneAndThePad) {
  window().resize(400, 300);
  settle(50);
  EXPECT_EQ(window().size(), QSize(400, 300));
  EXPECT_TRUE(window().padPanel().pad()->isVisible());
  EXPECT_GE(window().scene().width(), 120);
  EXPECT_FALSE(dock("trainingDock")->isVisible());
  window().resize(1280, 800);
  settle(50);
  EXPECT_TRUE(dock("trainingDock")->isVisible());
  EXPECT_TRUE(dock("answerDock")->isVisible());
  EXPECT_GE(window().padPanel().pad()->width(), 280);
}

TEST_F(MainWindowTest, PanelsNeedNoScrollBarsInAnyWindowThatShowsThem) {
  for (const QSize size : {QSize(1920, 1080), QSize(1280, 800), QSize(1280, 690), QSize(1024, 768), QSize(900, 600), QSize(780, 560)}) {
    window().resize(400, 300);
    settle(20);
    window().resize(size);
    settle(50);
    for (const char* name : {"padDock", "answerDock", "trainingDock"}) {
      const auto* body = qobject_cast<QScrollArea*>(dock(name)->widget());
      ASSERT_TRUE(body->isVisible()) << name << size.width();
      EXPECT_FALSE(body->horizontalScrollBar()->isVisible()) << name << size.width();
      EXPECT_FALSE(body->verticalScrollBar()->isVisible()) << name << size.width();
    }
    EXPECT_EQ(window().size(), size);
    EXPECT_GE(window().padPanel().pad()->height(), size.height() >= 740 ? 280 : 200);
  }
}

TEST_F(MainWindowTest, ClosingWhileTrainingIsQuickAndAsksOnce) {
  useSmallData();
  workbench().play();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist(); }, 20000));
  answer = ui::FileCommands::Unsaved::Cancel;
  EXPECT_FALSE(window().close());
  settle(20);
  EXPECT_TRUE(window().isVisible());
  EXPECT_TRUE(workbench().training().running());
  answer = ui::FileCommands::Unsaved::Discard;
  QElapsedTimer timer;
  timer.start();
  window().close();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !window().isVisible(); }, 5000));
  program.reset();
  EXPECT_LT(timer.elapsed(), 1500);
  EXPECT_EQ(asked, 2);
}

TEST_F(MainWindowTest, ClosingWhileDataIsWrittenIsQuick) {
  click("playButton");
  EXPECT_TRUE(workbench().jobs().busy());
  QElapsedTimer timer;
  timer.start();
  window().close();
  program.reset();
  EXPECT_LT(timer.elapsed(), 1500);
}

TEST_F(MainWindowTest, ClosingDuringADownloadIsClean) {
  io::DatasetInfo set = *io::findDataset("mnist");
  set.source = QUrl("http://127.0.0.1:9/");
  QPointer<ui::DownloadDialog> dialog = new ui::DownloadDialog(set, &window());
  dialog->setFolder(folder.filePath("mnist"));
  dialog->show();
  dialog->start();
  EXPECT_TRUE(dialog->isRunning());
  window().close();
  program.reset();
  EXPECT_TRUE(dialog.isNull());
}

TEST_F(MainWindowTest, OtherNetworksAreNotOpenedOverUnsavedWeightsWithoutAsking) {
  useSmallData();
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist(); }, 20000));
  answer = ui::FileCommands::Unsaved::Cancel;
  window().files().openShipped("mlp");
  EXPECT_EQ(workbench().model().name, "harley");
  answer = ui::FileCommands::Unsaved::Discard;
  window().files().openShipped("mlp");
  EXPECT_EQ(workbench().model().name, "mlp");
  EXPECT_EQ(asked, 2);
}

TEST_F(MainWindowTest, ABrokenFileIsToldAndNothingIsLost) {
  ui::Visitor(*program).drawThree();
  settle(20);
  const QString path = folder.filePath("broken.onnx");
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write("no model");
  file.close();
  window().files().openPath(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().isVisible(); }, 10000));
  EXPECT_EQ(window().messages().message().kind, ui::Message::Kind::Failure);
  EXPECT_EQ(workbench().model().name, "harley");
  EXPECT_EQ(window().answer().winner(), 3);
}

TEST_F(MainWindowTest, ADroppedPictureGoesToThePad) {
  QImage picture(60, 60, QImage::Format_Grayscale8);
  picture.fill(255);
  for (int y = 10; y < 50; ++y)
    for (int x = 27; x < 33; ++x) picture.setPixel(x, y, qRgb(0, 0, 0));
  const QString path = folder.filePath("one.png");
  ASSERT_TRUE(picture.save(path));
  QMimeData mime;
  mime.setUrls({QUrl("https://example.org/"), QUrl::fromLocalFile(path)});
  ASSERT_TRUE(ui::FileCommands::understands(mime));
  window().files().openDropped(mime);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !window().padPanel().pad()->isEmpty(); }, 10000));
  ASSERT_TRUE(QTest::qWaitFor([&] { return !window().answer().isEmpty(); }, 2000));
  EXPECT_EQ(window().answer().winner(), 1);
  EXPECT_EQ(window().messages().count(), 0u);
  mime.setUrls({QUrl::fromLocalFile(path), QUrl::fromLocalFile(folder.filePath("two.png"))});
  window().files().openDropped(mime);
  EXPECT_TRUE(window().messages().tells("Of the 2 files only this one is opened")) << "the rest is not left out without a word";
}

TEST_F(MainWindowTest, NothingIsDroppedWhileAQuestionWaits) {
  QMimeData mime;
  mime.setUrls({QUrl::fromLocalFile(folder.filePath("one.png"))});
  const auto takes = [&](QWidget* widget) {
    QDragEnterEvent enter(QPoint(20, 20), Qt::CopyAction, &mime, Qt::LeftButton, {});
    enter.setAccepted(false);
    QCoreApplication::sendEvent(widget, &enter);
    return enter.isAccepted();
  };
  QWidget* pad = window().padPanel().pad();
  EXPECT_TRUE(takes(&window()) && takes(pad));
  QMessageBox question(&window());
  question.open();
  EXPECT_FALSE(takes(&window()) || takes(pad));
  question.close();
  EXPECT_TRUE(takes(&window()) && takes(pad));
}

TEST_F(MainWindowTest, WhatIsNoModelAtAllIsToldToo) {
  const QString path = folder.filePath("notes.txt");
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write("hello");
  file.close();
  window().files().openPath(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().isVisible(); }, 10000));
  EXPECT_EQ(workbench().model().name, "harley");
}

TEST_F(MainWindowTest, OfAFileThatIsNotWholeItIsSaidWhatWhereAndWhatToDo) {
  const std::pair<const char*, QByteArray> files[] = {
      {"empty.onnx", {}}, {"empty.png", {}}, {"empty.json", {}}, {"empty.convscope", {}}, {"text.convscope", "hello"}};
  for (const auto& given : files) {
    const std::string name = given.first;
    QFile file(folder.filePath(given.first));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(given.second);
    file.close();
    window().files().openPath(file.fileName());
    const auto told = [&] { return window().messages().message().issue; };
    EXPECT_TRUE(QTest::qWaitFor([&] { return told().where.find(name) != std::string::npos; }, 10000)) << name << ": " << told().where;
    EXPECT_FALSE(told().what.empty() || told().hint.empty()) << name << ": " << told().what;
  }
}

TEST_F(MainWindowTest, FailuresDoNotHideEachOther) {
  ui::MessageStrip& strip = window().messages();
  using Kind = ui::Message::Kind;
  const auto text = [&] { return strip.message().issue.what; };
  workbench().tell({Kind::Failure, {"a.onnx", "The first is broken", ""}, {}, {}});
  workbench().tell({Kind::Failure, {"b.onnx", "The second is broken", ""}, {}, {}});
  workbench().tell({Kind::Failure, {"b.onnx", "The second is broken", ""}, {}, {}});  // tried again
  EXPECT_EQ(text(), "The second is broken");
  auto* count = window().findChild<QLabel*>("messageCount");
  EXPECT_TRUE(count->isVisible());
  EXPECT_EQ(count->text(), "2 of 2");
  click("messageBack");
  EXPECT_EQ(text(), "The first is broken");
  EXPECT_EQ(count->text(), "1 of 2");
  workbench().tell({Kind::Info, {"", "Saved", ""}, {}, {}});
  workbench().tell({Kind::Info, {"", "Saved again", ""}, {}, {}});
  EXPECT_EQ(count->text(), "3 of 3");  // news takes the place of news
  for (const char* next : {"The second is broken", "The first is broken"}) {
    click("messageClose");
    EXPECT_EQ(text(), next);
  }
  click("messageClose");
  EXPECT_FALSE(strip.isVisible());
}

// Names are bytes, and a model is opened by any of them and shown by a name that can be read.
TEST_F(MainWindowTest, AModelWhoseNameIsNotUtf8Opens) {
  const auto network = nn::Network::create(io::loadNetworkSpec("softmax"));
  const QString plain = folder.filePath("plain.onnx");
  io::saveOnnx(plain, *network, network->initialParameters(1));
  const std::string odd = QFile::encodeName(folder.filePath("odd")).toStdString() + "\xff.onnx";
  if (std::rename(QFile::encodeName(plain).constData(), odd.c_str()) != 0) GTEST_SKIP() << "this file system knows no such names";
  window().files().openPath(io::pathOfBytes(odd));
  EXPECT_TRUE(QTest::qWaitFor([&] { return workbench().network()->spec().nodes == network->spec().nodes; }, 20000));
  EXPECT_EQ(*workbench().parameters(), network->initialParameters(1));
  EXPECT_EQ(window().messages().count(), 0u);
  EXPECT_TRUE(window().windowTitle().contains("odd\\xff.onnx")) << window().windowTitle().toStdString();
  std::remove(odd.c_str());
}

}  // namespace
