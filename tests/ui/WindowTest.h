// The whole program in a window, for tests that act on it as a person would; without OpenGL.
#pragma once

#include <gtest/gtest.h>

#include <QDockWidget>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "data/StrokeDigits.h"
#include "io/datasets/Datasets.h"
#include "support/Settle.h"
#include "ui/app/FileCommands.h"
#include "ui/panels/prediction/ProbabilityBars.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/PanelLayout.h"
#include "ui/shell/Program.h"
#include "ui/tour/Tour.h"

namespace uitest {

class WindowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    QSettings().clear();
    start();
  }
  void start() {
    program = std::make_unique<ui::Program>();
    program->window().files().setQuestion([this] {
      ++asked;
      return answer;
    });
    program->start();
    program->window().panels().setMode(ui::Mode::Train);  // with every panel that there is from the beginning
    program->window().resize(1280, 800);
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&program->window()));
    settle(50);
  }
  ui::MainWindow& window() { return program->window(); }
  ui::Workbench& workbench() { return program->workbench(); }
  ui::SceneHost& host() { return window().scene(); }
  const scene::SceneState& state() { return host().controller().state(); }
  scene::UnitId unit(const char* node, nn::Cell cell) { return {workbench().network()->find(node), cell}; }
  void drawThree() {
    ui::Visitor(*program).drawThree();
    settle(50);
    ASSERT_EQ(window().answer().winner(), 3);
  }
  QDockWidget* dock(const char* name) { return window().findChild<QDockWidget*>(name); }
  void useSmallData() {
    const auto digits = data::generateStrokeDigits(600, 5);
    io::writeIdx(folder.filePath("train-images-idx3-ubyte"), folder.filePath("train-labels-idx1-ubyte"), *digits);
    workbench().library().addFolder(folder.path());
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().ready(); }, 20000));
  }
  void click(const char* button) { QTest::mouseClick(window().findChild<QToolButton*>(button), Qt::LeftButton); }
  std::uint64_t step() { return workbench().training().snapshot() ? workbench().training().snapshot()->step : 0; }
  void key(Qt::Key which, Qt::KeyboardModifiers modifiers = {}) {
    window().activateWindow();
    QTest::keyClick(&window(), which, modifiers);
  }

  QTemporaryDir folder;
  std::unique_ptr<ui::Program> program;
  ui::FileCommands::Unsaved answer = ui::FileCommands::Unsaved::Discard;
  int asked = 0;
};

}  // namespace uitest
