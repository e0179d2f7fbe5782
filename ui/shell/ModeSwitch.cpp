#include "ui/shell/ModeSwitch.h"

#include <QActionGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QToolButton>

#include "ui/base/Action.h"
#include "ui/base/Widgets.h"
#include "ui/model/TrainingController.h"
#include "ui/shell/PanelLayout.h"
#include "ui/shell/ProgressStrip.h"

namespace ui {

namespace {
constexpr int kSwitchMarginPx = 8, kJobPx = 120;
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
  parent->parentWidget()->installEventFilter(this);
}

bool ModeSwitch::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize) fit();
  return QWidget::eventFilter(watched, event);
}

// It goes where the menus, and what is told of a job, have no room beside it.
void ModeSwitch::fit() {
  QWidget *corner = parentWidget(), *bar = corner->parentWidget();
  const int menus = bar->sizeHint().width() - corner->minimumSizeHint().width();
  const bool room = menus + sizeHint().width() + kJobPx <= bar->width();
  if (room == isVisibleTo(corner)) return;
  setVisible(room);
  corner->adjustSize();
  ProgressStrip::resizeCorner(*corner);
}

}  // namespace ui
