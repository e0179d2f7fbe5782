#include "ui/shell/ModeSwitch.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QToolButton>

#include "ui/base/Action.h"
#include "ui/base/Widgets.h"
#include "ui/model/TrainingController.h"
#include "ui/shell/PanelLayout.h"
#include "ui/shell/ProgressStrip.h"

namespace ui {

namespace {
constexpr int kSwitchMarginPx = 8;
}

ModeSwitch::ModeSwitch(PanelLayout& panels, const TrainingController& training, QWidget* parent) : QWidget(parent) {
  setObjectName("modeSwitch");
  setStyleSheet(QStringLiteral("QToolButton { padding: 1px 12px; }"));  // as high as the menus beside it
  QHBoxLayout* row = rowOf(this, {kSwitchMarginPx, 0, kSwitchMarginPx, 0}, 2);
  auto* group = new QActionGroup(this);
  for (const ModeRow& mode : modeRows()) {
    QAction* action = makeAction(this, mode.id, mode.title, mode.help, mode.key, true);
    action->setChecked(panels.mode() == mode.mode);
    group->addAction(action);
    m_actions << action;
    QToolButton* button = flatButton(this, action, Qt::NoFocus);  // by key and from the menu too
    const QString plain = action->iconText(), busy = QStringLiteral("● ") + plain;
    button->setMinimumWidth(button->sizeHint().width() + button->fontMetrics().horizontalAdvance(busy.left(2)));
    row->addWidget(button);
    connect(action, &QAction::triggered, &panels, [&panels, which = mode.mode] { panels.setMode(which); });
    connect(&panels, &PanelLayout::modeChanged, action, [action, which = mode.mode](Mode now) { action->setChecked(which == now); });
    if (mode.mode != Mode::Train) continue;
    connect(&training, &TrainingController::snapshotChanged, action,
            [action, &training, plain, busy] { action->setIconText(training.running() ? busy : plain); });
    connect(&training, &TrainingController::cleared, action, [action, plain] { action->setIconText(plain); });
  }
  connect(&panels, &PanelLayout::reducedChanged, this, [this](bool reduced) {
    setVisible(!reduced);
    parentWidget()->adjustSize();
    ProgressStrip::resizeCorner(*parentWidget());
  });
}

}  // namespace ui
