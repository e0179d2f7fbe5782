#include "ui/scene/ConnectionBarParts.h"

#include <algorithm>

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QToolButton>

#include "analysis/Answer.h"
#include "ui/base/Widgets.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/scene/SceneController.h"

namespace ui {
namespace {

constexpr int kNamePx = 110;      // of a class
constexpr int kMostClasses = 30;  // in the list; of more, the bars choose

}  // namespace

QToolButton* barButton(QWidget* parent, const QString& text, const QString& tip, bool checkable) {
  QToolButton* button = flatButton(parent, tip);
  button->setText(text);
  button->setAccessibleName(text);
  button->setCheckable(checkable);
  button->setFocusPolicy(Qt::NoFocus);
  parent->layout()->addWidget(button);
  return button;
}

ChoiceButtons::ChoiceButtons(QAction* action, const QString& off, const QString& offTip, const QString& on, const QString& onTip,
                             QWidget* parent)
    : QWidget(parent) {
  rowOf(this, {}, 2);
  const QString key = action->shortcut().toString(QKeySequence::NativeText);
  m_off = barButton(this, off, offTip.arg(key), true);
  m_on = barButton(this, on, onTip.arg(key), true);
  for (QToolButton* button : {m_off, m_on})
    connect(button, &QToolButton::clicked, this, [this, action, wanted = button == m_on] {
      if (action->isChecked() != wanted) action->trigger();
      emit chosen();
    });
}

void ChoiceButtons::setChosen(bool on) {
  m_off->setChecked(!on);
  m_on->setChecked(on);
}

TraceQuestion::TraceQuestion(SceneController* controller, ConnectionActions* actions, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_why(new QLabel(this)), m_against(named("againstChoice", new QComboBox(this))) {
  rowOf(this, {}, 2, {m_why, m_against});
  m_against->setFocusPolicy(Qt::NoFocus);
  m_against->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  m_against->setMaximumWidth(120);
  m_against->setToolTip(tr("Traces the difference of the two logits. Also: Ctrl and click on the other class's bar"));
  connect(m_against, &QComboBox::activated, this, [this, actions](int index) {
    const auto& highlight = m_controller->state().highlight();
    if (highlight) actions->compare(highlight->unit, m_against->itemData(index).toInt());
  });
  hide();  // until a class is traced: the bar's width is known before it is first shown
}

bool TraceQuestion::refresh() {
  const scene::SceneState& state = m_controller->state();
  const auto nameOf = [&](int channel) {
    return QString::fromStdString(analysis::answerName(*state.network(), state.highlight()->unit.node, channel));
  };
  const bool asked = state.tracing() && isLogit(*state.layout(), state.highlight()->unit) && !nameOf(0).isEmpty();
  const bool changes = asked == isHidden();
  setVisible(asked);
  if (!asked) return changes;
  const int one = state.highlight()->unit.cell.channel;
  const QString words = tr("Why %1 and not").arg(m_why->fontMetrics().elidedText(nameOf(one), Qt::ElideRight, kNamePx));
  const int classes = std::min(state.network()->node(state.highlight()->unit.node).shape.channels, kMostClasses);
  if (words != m_why->text() || m_against->count() != classes) {
    m_why->setText(words);
    m_against->clear();
    m_against->addItem(QStringLiteral("–"), -1);
    for (int other = 0; other < classes; ++other)
      if (other != one) m_against->addItem(nameOf(other), other);
  }
  m_against->setCurrentIndex(std::max(0, m_against->findData(state.highlight()->against)));
  return changes;
}

}  // namespace ui
