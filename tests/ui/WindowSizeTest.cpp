// Where the window lies on screens of several sizes, and what becomes of its panels when it shrinks and grows again.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <thread>
#include <utility>

#include <QAbstractButton>
#include <QLabel>
#include <QMenuBar>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>
#include <QTextDocument>
#include <qcustomplot.h>

#include "ui/Pictures.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/NetworkInputView.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/training/CurvesView.h"
#include "ui/panels/training/RunPane.h"
#include "ui/panels/training/TrainingPanel.h"
#include "ui/shell/MessageStrip.h"
#include "ui/shell/ProjectorMode.h"
#include "ui/shell/WindowMemory.h"

namespace {

const QRect kScreens[] = {{0, 0, 800, 600},   {0, 0, 1024, 768},  {0, 27, 1366, 741},    {0, 0, 1280, 800},
                          {0, 0, 1920, 1080}, {0, 0, 2560, 1440}, {1920, 0, 3840, 2160}, {-1920, 40, 1920, 1040}};

// With what a window manager puts around it.
QRect withFrame(const QRect& window) {
  return window.adjusted(-4, -36, 4, 4);
}

TEST(FirstWindow, FitsTheScreenWithItsFrame) {
  for (const QRect& screen : kScreens) {
    const QRect window = ui::firstGeometry(screen);
    EXPECT_TRUE(screen.contains(withFrame(window))) << screen.width() << "x" << screen.height();
    const double share = double(window.width()) * window.height() / (double(screen.width()) * screen.height());
    EXPECT_GT(share, 0.75) << screen.width() << "x" << screen.height();
  }
  EXPECT_LE(ui::firstGeometry({0, 0, 5120, 1440}).width(), 2 * 1440) << "a very wide screen";
}

TEST(FirstWindow, ARememberedOneIsBroughtBackOntoTheScreenThatIsThere) {
  const QRect screen(0, 0, 1366, 768);
  for (const QRect& window :
       {QRect(100, 50, 1920, 1080), QRect(2000, 300, 900, 600), QRect(-500, -400, 900, 600), QRect(700, 400, 900, 600)}) {
    const QRect found = ui::geometryWithin(window, screen);
    EXPECT_TRUE(screen.contains(withFrame(found))) << window.x();
    EXPECT_EQ(found.size(), window.size().boundedTo(QSize(1358, 728)));
  }
  EXPECT_EQ(ui::geometryWithin({100, 50, 900, 600}, screen), QRect(100, 50, 900, 600)) << "what fits stays where it was";
}

TEST(FirstWindow, OpensOverMostOfTheScreenWhereNothingIsRemembered) {
  QSettings().clear();
  ui::Program program;
  program.start();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&program.window()));
  const QRect screen = program.window().screen()->availableGeometry();
  EXPECT_EQ(program.window().geometry(), ui::firstGeometry(screen));
  EXPECT_TRUE(screen.contains(withFrame(program.window().geometry())));
  EXPECT_GT(double(program.window().width()) * program.window().height(), 0.75 * screen.width() * screen.height());
}

class WindowSizeTest : public uitest::WindowTest {
 protected:
  void resize(const QSize& size) {
    window().resize(size);
    settle();
  }
  // Until a turn of the event loop changes nothing more.
  void settle() {
    std::map<QString, QSize> before;
    ASSERT_TRUE(QTest::qWaitFor([&] {
      const std::map<QString, QSize> now = sizes();
      return std::exchange(before, now) == now;
    }));
  }
  std::map<QString, QSize> sizes() {
    std::map<QString, QSize> result;
    for (const char* name : {"padDock", "answerDock", "trainingDock", "inspectorDock"})
      if (dock(name)->isVisible()) result[name] = dock(name)->size();
    result["pad"] = window().padPanel().pad()->size();
    result["scene"] = window().scene().size();
    return result;
  }
};

// What is drawn on is larger than the picture of what becomes of it.
TEST_F(WindowSizeTest, AfterTheProjectorEverythingStandsWhereItStood) {
  resize({1280, 800});
  const std::map<QString, QSize> before = sizes();
  const bool prepares = window().findChild<ui::NetworkInputView*>()->isVisible();
  for (int i = 0; i < 2; ++i) {
    window().projector().setOn(true);
    settle();
    window().projector().setOn(false);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !window().panels().reduced(); }, 20000));
    settle();
    EXPECT_EQ(sizes(), before);
    EXPECT_EQ(window().findChild<ui::NetworkInputView*>()->isVisible(), prepares);
  }
}

TEST_F(WindowSizeTest, ThePadIsLargerThanWhatTheNetworkReceives) {
  for (const QSize& size : {QSize(1024, 768), QSize(1280, 800), QSize(1920, 1080), QSize(2560, 1440)}) {
    resize(size);
    window().panels().reset();
    settle();
    const QSize pad = window().padPanel().pad()->size();
    auto* received = window().findChild<ui::PreprocessingSteps*>();
    ASSERT_TRUE(received && received->isVisible());
    EXPECT_GE(std::min(pad.width(), pad.height()), std::min(received->width(), received->height())) << size.width();
  }
}

TEST_F(WindowSizeTest, PanelsGetTheirSizesBack) {
  ui::Visitor visitor(*program);
  visitor.drawThree();
  visitor.click(visitor.liveliest("conv1"));
  ASSERT_TRUE(dock("inspectorDock")->isVisible());
  for (const QSize full : {QSize(1280, 800), QSize(1920, 1080)}) {
    resize(full);
    const auto before = sizes();
    ASSERT_EQ(before.size(), 6u);
    for (const bool stepwise : {false, true}) {
      for (int i = 1; stepwise && i < 12; ++i) resize(full + (QSize(420, 310) - full) * i / 12.0);
      resize({420, 310});
      for (int i = 1; stepwise && i < 12; ++i) resize(QSize(420, 310) + (full - QSize(420, 310)) * i / 12.0);
      resize(full);
      EXPECT_EQ(window().size(), full);
      for (const auto& [name, size] : sizes())
        EXPECT_EQ(size, before.at(name)) << name.toStdString() << " at " << full.width() << (stepwise ? " step by step" : "");
    }
  }
}

// The docks of a large window must not push the curves out of a small one.
TEST_F(WindowSizeTest, BothCurvesAreThereAfterALargerAndATinyWindow) {
  resize({1728, 972});
  resize({420, 310});
  resize({1024, 768});
  for (const QCustomPlot* plot : window().findChild<ui::TrainingPanel*>()->run().curves().findChildren<QCustomPlot*>()) {
    EXPECT_TRUE(plot->isVisible());
    EXPECT_GE(plot->axisRect()->width(), 90);
  }
}

TEST_F(WindowSizeTest, PanelsKeepWhatThePersonDraggedThemTo) {
  resize({1280, 800});
  const QPoint separator(dock("padDock")->geometry().right() + 2, 200);
  QTest::mousePress(&window(), Qt::LeftButton, {}, separator);
  QMouseEvent move(QEvent::MouseMove, separator + QPoint(60, 0), window().mapToGlobal(separator + QPoint(60, 0)), Qt::NoButton,
                   Qt::LeftButton, {});
  QCoreApplication::sendEvent(&window(), &move);
  ASSERT_TRUE(QTest::qWaitFor([&] { return dock("padDock")->width() > 340; }));
  QTest::mouseRelease(&window(), Qt::LeftButton, {}, separator + QPoint(60, 0));
  QCoreApplication::processEvents();
  const int wide = dock("padDock")->width();
  ASSERT_GT(wide, 340);
  resize({420, 310});
  resize({1280, 800});
  EXPECT_EQ(dock("padDock")->width(), wide);
}

TEST_F(WindowSizeTest, AWindowClosedOnALargerScreenOpensOnThisOne) {
  resize({3000, 2000});
  ASSERT_TRUE(window().close());
  program = std::make_unique<ui::Program>();
  program->start();
  EXPECT_TRUE(QTest::qWaitFor([&] { return window().screen()->availableGeometry().contains(window().geometry()); }));
}

TEST_F(WindowSizeTest, WhatIsUnderWayIsToldInFullLength) {
  auto* strip = window().findChild<QWidget*>("progressStrip");
  const auto over = std::make_shared<std::atomic<bool>>(false);  // the job may outlive this test
  for (const char* title : {"Reading", "Reading a file with a name that takes much more room than the one before"}) {
    workbench().jobs().start(title, [over](const data::Progress& progress) -> ui::Jobs::Finish {
      while (!*over && progress(0.5)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return {};
    });
    ASSERT_TRUE(QTest::qWaitFor([&] { return strip->isVisible() && workbench().jobs().share() == 0.5; }, 5000));
    EXPECT_EQ(workbench().jobs().title(), title);
    EXPECT_GE(strip->width(), strip->sizeHint().width()) << title;
    EXPECT_FALSE(strip->findChild<QProgressBar*>()->geometry().intersects(strip->findChild<QPushButton*>()->geometry())) << title;
    workbench().jobs().cancel();
    ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().jobs().busy(); }, 5000));
  }
  *over = true;
}

// In the smallest window every menu can be opened with the mouse, also while something is under way.
TEST_F(WindowSizeTest, MenusCanBeReachedInASmallWindow) {
  auto* strip = window().findChild<QWidget*>("progressStrip");
  const auto over = std::make_shared<std::atomic<bool>>(false);
  const auto begin = [&] {
    workbench().jobs().start("Opening a file with a name that takes much room", [over](const data::Progress& progress) -> ui::Jobs::Finish {
      while (!*over && progress(0.5)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return {};
    });
    EXPECT_TRUE(QTest::qWaitFor([&] { return strip->isVisible() && workbench().jobs().share() == 0.5; }, 5000));
  };
  const QMenuBar& bar = *window().menuBar();
  const auto reachable = [&](const QAction* menu) {
    const QRect place = bar.actionGeometry(const_cast<QAction*>(menu));
    return !place.isEmpty() && bar.rect().contains(place) && !place.intersects(bar.cornerWidget()->geometry());
  };
  for (const bool before : {true, false}) {  // the job begins before the window shrinks, and afterwards
    for (const QSize size : {QSize(400, 300), QSize(420, 310), QSize(760, 540), QSize(1024, 768)}) {
      if (before) begin();
      resize(size);
      if (!before) begin();
      for (const QAction* menu : bar.actions()) EXPECT_TRUE(reachable(menu)) << menu->text().toStdString() << " at " << size.width();
      auto* cancel = strip->findChild<QPushButton*>();
      EXPECT_TRUE(bar.rect().contains(QRect(cancel->mapTo(&bar, QPoint()), cancel->size())))
          << size.width() << " of " << bar.width() << ": " << bar.cornerWidget()->x() << ", " << bar.cornerWidget()->width() << ", "
          << strip->width() << " x " << cancel->x() << ", " << cancel->width() << " y " << cancel->mapTo(&bar, QPoint()).y() << ", "
          << cancel->height() << " in " << bar.height() << " hint " << bar.sizeHint().width() << " strip " << strip->sizeHint().width();
      EXPECT_TRUE(cancel->toolTip().contains("much room") || strip->findChild<QLabel*>()->text().contains("much room"));
      QTest::mouseClick(cancel, Qt::LeftButton);
      ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().jobs().busy(); }, 5000));
      for (const QAction* menu : bar.actions()) EXPECT_TRUE(reachable(menu)) << menu->text().toStdString();
    }
    resize({1280, 800});
    begin();
    EXPECT_EQ(strip->findChild<QLabel*>()->text(), workbench().jobs().title()) << "all is back";
    EXPECT_EQ(strip->findChild<QPushButton*>()->text(), "Cancel");
    EXPECT_TRUE(window().findChild<QWidget*>("modeSwitch")->isVisible());
    workbench().jobs().cancel();
  }
  *over = true;
}

// Menus that are wider than the window all the same go where Qt puts them: behind a button that can be seen.
TEST_F(WindowSizeTest, MenusWithoutRoomAreBehindAButton) {
  window().menuBar()->setStyleSheet("QMenuBar::item { padding: 5px 30px; }");
  resize({400, 300});
  auto* more = window().menuBar()->findChild<QToolButton*>("qt_menubar_ext_button");
  ASSERT_TRUE(more && more->isVisible());
  EXPECT_TRUE(window().menuBar()->rect().contains(more->geometry()));
  pictures::keep(window().grab().toImage(), "menus-without-room");
  resize({1280, 800});
  EXPECT_FALSE(more->isVisible());
}

// A question can be read and answered in the smallest window, with large type and beside other messages too.
TEST_F(WindowSizeTest, MessagesAreWholeInASmallWindow) {
  ui::MessageStrip& strip = window().messages();
  auto* text = strip.findChild<QLabel*>("messageText");
  const auto whole = [&](const std::string& when) {
    QRect seen;
    for (QAbstractButton* button : strip.findChildren<QAbstractButton*>()) {
      if (!button->isVisible()) continue;
      const QRect place(button->mapTo(&strip, QPoint()), button->size());
      EXPECT_TRUE(strip.rect().contains(place)) << when;
      EXPECT_TRUE(button->width() >= button->sizeHint().width() && button->height() >= button->sizeHint().height()) << when;
      EXPECT_FALSE(place.intersects(text->geometry()) || place.intersects(seen)) << when;
      seen = place;
    }
    QTextDocument words;
    words.setDocumentMargin(0);
    words.setDefaultFont(text->font());
    words.setHtml(text->text());
    words.setTextWidth(text->width());
    EXPECT_LE(words.idealWidth(), text->width()) << when;
    EXPECT_LE(words.size().height(), text->height()) << when;
    EXPECT_TRUE(strip.rect().contains(text->geometry())) << when;
  };
  ui::Message question{ui::Message::Kind::Info, {"", "Drawing on Convolutional network (Harley 2015)", "It ended."}, "&Restore", [] {}};
  question.refusalText = "De&lete";
  const ui::Message failure{
      ui::Message::Kind::Failure, {"/home/somebody/a_network_with_a_long_name_for_the_lecture.onnx", "No model", ""}, {}, {}};
  question.kind = ui::Message::Kind::Failure;  // shown beside the other rather than behind it
  for (const bool large : {false, true}) {
    question.mustBeAnswered = large;  // without a cross
    workbench().tell(question);
    program->appearance().setLarge(large);
    for (const int messages : {1, 2}) {
      if (messages == 2) workbench().tell(failure);
      for (const int leaves : {0, 1}) {
        if (leaves == 1 && messages == 1) continue;
        if (leaves == 1) click("messageBack");
        for (const QSize size : {QSize(400, 300), QSize(760, 540), QSize(1280, 800)}) {
          resize(size);
          whole(std::to_string(messages) + " at " + std::to_string(size.width()) + (large ? ", large" : "") + (leaves ? ", before" : ""));
          const bool beside = strip.findChild<QWidget*>("messageAction")->mapTo(&strip, QPoint()).y() < text->geometry().bottom();
          if (strip.message().actionText.isEmpty()) continue;
          EXPECT_TRUE(size.width() == 760 || beside == (size.width() == 1280));
        }
        resize({400, 300});
        pictures::keep(window().grab().toImage(), QString("message-%1-%2-%3").arg(messages).arg(leaves).arg(large));
      }
    }
    while (strip.count() > 0) strip.dismiss();
  }
  program->appearance().setLarge(false);
}

// Cells that the eye is near lie below the buttons.
TEST_F(WindowSizeTest, ButtonsOverTheSceneHaveAGround) {
  for (const char* name : {"sceneButtons", "colorsButton"}) {
    QWidget* part = window().findChild<QWidget*>(name);
    ASSERT_TRUE(part) << name;
    QImage image(part->size(), QImage::Format_ARGB32);
    image.fill(QColor(255, 0, 255));
    part->render(&image, {}, {}, QWidget::DrawChildren);
    EXPECT_NE(image.pixelColor(part->width() / 2, 2), QColor(255, 0, 255)) << name;
    EXPECT_NE(image.pixelColor(2, part->height() / 2), QColor(255, 0, 255)) << name;
  }
}

TEST_F(WindowSizeTest, ThatPanelsHaveNoRoomIsToldAsLongAsItIsSo) {
  const QString words = QStringLiteral("need a larger window");
  window().resize(640, 480);
  ::settle(50);
  window().panels().setMode(ui::Mode::Explore);
  key(Qt::Key_F3);
  EXPECT_TRUE(QTest::qWaitFor([&] { return window().messages().tells(words); }, 5000));
  window().resize(1270, 760);
  EXPECT_TRUE(QTest::qWaitFor([&] { return !window().messages().tells(words); }, 5000));
  window().panels().setMode(ui::Mode::Train);
  const QCborMap training = window().panels().saved();
  window().resize(640, 480);
  EXPECT_TRUE(QTest::qWaitFor([&] { return window().messages().tells(words); }, 5000)) << "they went as the window shrank";
  window().panels().setMode(ui::Mode::Explore);
  EXPECT_FALSE(window().messages().tells("of Train need"));
  window().panels().restore({training, "layout", "a.convscope"});
  EXPECT_TRUE(window().messages().tells("of Train need")) << "a session came with them";
}

TEST_F(WindowSizeTest, TheProjectorEndsWhatIsToldOfPanels) {
  const QString words = QStringLiteral("need a larger window");
  window().resize(640, 480);
  ::settle(50);
  window().panels().setMode(ui::Mode::Explore);
  key(Qt::Key_F3);
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().tells(words); }, 5000));
  window().commands().run("view.projector");
  EXPECT_FALSE(window().messages().tells(words));
  window().panels().setMode(ui::Mode::Explore);
  EXPECT_FALSE(window().messages().tells(words));
  EXPECT_TRUE(window().messages().tells("Projector mode shows"));
}

// As large as 1280 x 800 is on a screen scaled to 150 %.
TEST_F(WindowSizeTest, APanelOnTheRightLeavesTheSceneItsPlace) {
  for (const QSize& size : {QSize(845, 493), QSize(640, 480)}) {
    window().resize(size);
    ::settle(50);
    window().panels().setMode(ui::Mode::Explore);
    window().panels().show("recipeDock");
    ::settle(100);
    ASSERT_TRUE(dock("recipeDock")->isVisible());
    EXPECT_GE(host().width(), 200) << size.width();
    EXPECT_LE(host().focusProxy()->width(), host().width()) << size.width();
    for (const QToolButton* button : host().findChildren<QToolButton*>()) {
      if (!button->isVisible()) continue;
      EXPECT_TRUE(host().rect().contains(QRect(button->mapTo(&host(), QPoint()), button->size()))) << button->text().toStdString();
    }
    EXPECT_TRUE(window().findChild<QToolButton*>("playersButton")->isVisible());
    dock("recipeDock")->hide();
  }
}

// As of a model with many operators that cannot be read: what is left out of the message stands in its tooltip.
TEST_F(WindowSizeTest, AMessageWithALongListLeavesTheSceneItsPlace) {
  window().panels().setMode(ui::Mode::Explore);
  std::string what = "not read: node 'first' (LayerNormalization)";
  for (int i = 0; i < 24; ++i) what += "; not read: node 'n" + std::to_string(i) + "' (Unknown): the operator is not supported";
  for (const bool together : {false, true}) {
    resize({400, 300});
    if (together) std::replace(what.begin(), what.end(), ';', ',');
    workbench().tell({ui::Message::Kind::Warning, {"inc.onnx", what, ""}});
    settle();
    const auto* text = window().findChild<QLabel*>("messageText");
    EXPECT_LE(window().messages().height(), window().height() / 2);
    EXPECT_LE(text->heightForWidth(text->width()), text->height() + 1);
    EXPECT_TRUE(text->text().contains(together ? "…" : " more</b>")) << text->text().toStdString();
    EXPECT_TRUE(text->toolTip().contains("'n23'")) << text->toolTip().toStdString();
    EXPECT_EQ(window().messages().message().issue.what, what);
    resize({1600, 1000});
    EXPECT_TRUE(text->text().contains("n23") && text->toolTip().isEmpty()) << "there is room for all of it";
    window().messages().dismiss();
  }
}

}  // namespace
