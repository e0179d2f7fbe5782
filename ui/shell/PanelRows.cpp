#include "ui/shell/PanelRows.h"

#include <algorithm>

#include <QCoreApplication>

#include "ui/app/Workbench.h"
#include "ui/base/Widgets.h"
#include "ui/panels/drawing/NetworkInputView.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/lessons/LessonPanel.h"
#include "ui/panels/prediction/ProbabilityBars.h"
#include "ui/panels/training/RecipePanel.h"
#include "ui/panels/training/TrainingPanel.h"

namespace ui {

namespace {

QString panelText(const char* text) {
  return QCoreApplication::translate("Panels", text);
}

template <typename Widget>
Panel panelOf(Widget* widget) {
  return {widget, [widget](const Theme& theme) { widget->setTheme(theme); }};
}

// The pad, and under it what becomes of the drawing on its way into the network.
Panel makeDrawing(Workbench& workbench) {
  auto* drawing = new QWidget;
  auto* pad = new PadPanel(workbench, drawing);
  auto* received = new NetworkInputView(drawing);
  columnOf(drawing, {}, 0, {{pad, 2}, {received, 1}});
  return {drawing, [pad, received](const Theme& theme) {
            pad->setTheme(theme);
            received->setTheme(theme);
          }};
}

}  // namespace

const std::vector<ModeRow>& modeRows() {
  static const std::vector<ModeRow> rows = {
      {Mode::Explore, "mode.explore", panelText("E&xplore"), panelText("Draw, and look at every unit: the scene has the window"),
       Qt::Key_F2, 0.2, 304, 480},
      {Mode::Train, "mode.train", panelText("Tra&in"), panelText("Train the network, and watch its curves and weights"), Qt::Key_F3, 0.2,
       304, 480},
      {Mode::Lesson, "mode.lesson", panelText("&Lesson"), panelText("Go through a lesson step by step, with the network at work beside it"),
       Qt::Key_F4, 0.36, 340, 760},
  };
  return rows;
}

const ModeRow& modeRow(Mode mode) {
  return *std::find_if(modeRows().begin(), modeRows().end(), [mode](const ModeRow& row) { return row.mode == mode; });
}

std::vector<PanelRow> shippedPanelRows() {
  return {
      {"lessonDock",
       panelText("Lesson"),
       Qt::LeftDockWidgetArea,
       6,
       {200, 160},
       {Mode::Lesson},
       [](Workbench& workbench) { return panelOf(new LessonPanel(workbench)); }},
      {"padDock", panelText("Drawing"), Qt::LeftDockWidgetArea, 3, {130, 120}, {Mode::Explore, Mode::Train, Mode::Lesson}, makeDrawing},
      {"answerDock",
       panelText("Answer"),
       Qt::LeftDockWidgetArea,
       1,
       {180, 80},
       {Mode::Explore, Mode::Train},
       [](Workbench&) { return panelOf(new ProbabilityBars); }},
      // It comes with a pinned unit.
      {"inspectorDock", panelText("Unit"), Qt::RightDockWidgetArea, 1, {200, 80}, {}, [](Workbench&) { return panelOf(new Inspector); }},
      {"trainingDock",
       panelText("Training"),
       Qt::BottomDockWidgetArea,
       1,
       {120, 60},
       {Mode::Train},
       [](Workbench& workbench) { return panelOf(new TrainingPanel(workbench)); }},
      {"recipeDock",
       panelText("Training settings"),
       Qt::RightDockWidgetArea,
       1,
       {200, 80},
       {},
       [](Workbench& workbench) { return panelOf(new RecipePanel(workbench.training())); }},
  };
}

}  // namespace ui
