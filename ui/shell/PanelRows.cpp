#include "ui/shell/PanelRows.h"

#include <algorithm>

#include <QObject>

#include "ui/app/Workbench.h"
#include "ui/base/Widgets.h"
#include "ui/panels/drawing/NetworkInputView.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/lessons/LessonPanel.h"
#include "ui/panels/prediction/ProbabilityBars.h"
#include "ui/panels/results/ResultsPanel.h"
#include "ui/panels/training/RecipePanel.h"
#include "ui/panels/training/TrainingPanel.h"

namespace ui {

namespace {

template <typename Widget>
Panel make(Workbench& workbench) {
  Widget* widget = nullptr;
  if constexpr (std::is_constructible_v<Widget, Workbench&>)
    widget = new Widget(workbench);
  else if constexpr (std::is_constructible_v<Widget, TrainingController&>)
    widget = new Widget(workbench.training());
  else
    widget = new Widget;
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
      {Mode::Explore, "mode.explore", QObject::tr("E&xplore"), QObject::tr("Draw, and look at every unit: the scene has the window"),
       Qt::Key_F2, 0.2, 304, 480},
      {Mode::Train, "mode.train", QObject::tr("Tra&in"), QObject::tr("Train the network, and watch its curves and weights"), Qt::Key_F3,
       0.2, 304, 480},
      {Mode::Lesson, "mode.lesson", QObject::tr("&Lesson"),
       QObject::tr("Go through a lesson step by step, with the network at work beside it"), Qt::Key_F4, 0.36, 340, 760},
  };
  return rows;
}

const ModeRow& modeRow(Mode mode) {
  return *std::find_if(modeRows().begin(), modeRows().end(), [mode](const ModeRow& row) { return row.mode == mode; });
}

std::vector<PanelRow> shippedPanelRows() {
  return {
      {"lessonDock", QObject::tr("Lesson"), Qt::LeftDockWidgetArea, 6, {200, 160}, {Mode::Lesson}, make<LessonPanel>},
      {"padDock", QObject::tr("Drawing"), Qt::LeftDockWidgetArea, 3, {130, 120}, {Mode::Explore, Mode::Train, Mode::Lesson}, makeDrawing},
      {"answerDock", QObject::tr("Answer"), Qt::LeftDockWidgetArea, 1, {180, 80}, {Mode::Explore, Mode::Train}, make<ProbabilityBars>},
      // It comes with a pinned unit.
      {"inspectorDock", QObject::tr("Unit"), Qt::RightDockWidgetArea, 1, {200, 80}, {}, make<Inspector>},
      {"trainingDock", QObject::tr("Training"), Qt::BottomDockWidgetArea, 1, {120, 60}, {Mode::Train}, make<TrainingPanel>},
      {"recipeDock", QObject::tr("Training settings"), Qt::RightDockWidgetArea, 1, {200, 80}, {}, make<RecipePanel>},
      // It is asked for: beside the scene it takes much room.
      {"resultsDock", QObject::tr("Results"), Qt::RightDockWidgetArea, 1, {200, 160}, {}, make<ResultsPanel>},
  };
}

}  // namespace ui
