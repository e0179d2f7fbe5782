#include "ui/shell/ModeSwitch.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QResizeEvent>
#include <QToolButton>

#include "ui/base/Action.h"
#include "ui/model/TrainingController.h"
#include "ui/shell/PanelLayout.h"

namespace ui {

namespace {
constexpr int kSwitchMarginPx = 8;
}

ModeSwitch::ModeSwitch(PanelLayout& panels, const TrainingController& training, QWidget* parent) : QWidget(parent) {
  setObjectName("modeSwitch");
  setStyleSheet(QStringLiteral("QToolButton { padding: 1px 12px; }"));  // as high as the menus beside it
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(kSwitchMarginPx, 0, kSwitchMarginPx, 0);
  row->setSpacing(2);
  auto* group = new QActionGroup(this);
  for (const ModeRow& mode : modeRows()) {
    QAction* action = makeAction(this, mode.id.toLatin1(), mode.title, mode.help, mode.key, true);
    action->setChecked(panels.mode() == mode.mode);
    group->addAction(action);
    m_actions << action;
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::NoFocus);  // by key and from the menu too
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
    // A menu bar gives its corner another size only when it is resized itself.
    auto* bar = qobject_cast<QMenuBar*>(parentWidget()->parentWidget());
    if (!bar) return;
    parentWidget()->adjustSize();
    QResizeEvent again(bar->size(), bar->size());
    QCoreApplication::sendEvent(bar, &again);
  });
}

}  // namespace ui
