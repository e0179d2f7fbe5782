// The keys of who gives a lesson: forward and back as presenters' remotes send them, and the numbers of the answers. While a lesson is open
// they come before what the keys mean otherwise, except where a text is being typed.

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMainWindow>
#include <QSlider>
#include <QTextEdit>

#include "ui/app/LessonPlayer.h"
#include "ui/shell/LessonStage.h"

namespace ui {

namespace {

bool needsKeys(const QWidget* widget) {
  return qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
         qobject_cast<const QComboBox*>(widget) || qobject_cast<const QAbstractItemView*>(widget) ||
         qobject_cast<const QTextEdit*>(widget) || qobject_cast<const QSlider*>(widget);
}

}  // namespace

bool LessonStage::eventFilter(QObject* object, QEvent* event) {
  if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride) return false;
  const auto* widget = qobject_cast<const QWidget*>(object);
  if (!widget || widget->window() != &m_parts.window || !m_player.isOpen()) return false;
  if (QApplication::activePopupWidget() || QApplication::activeModalWidget() || needsKeys(m_parts.window.focusWidget())) return false;
  const auto& key = *static_cast<QKeyEvent*>(event);
  if (key.modifiers() & ~Qt::KeypadModifier) return false;
  if (key.key() == Qt::Key_Space && qobject_cast<QAbstractButton*>(m_parts.window.focusWidget())) return false;  // presses it
  // The first of the two says that the key is no shortcut now, the second does what it means.
  if (!press(key, event->type() == QEvent::KeyPress)) return false;
  event->accept();
  return true;
}

bool LessonStage::press(const QKeyEvent& key, bool acts) {
  switch (key.key()) {
    case Qt::Key_Right:
    case Qt::Key_Space:
    case Qt::Key_PageDown:
      if (acts && !key.isAutoRepeat()) m_player.next();
      return true;
    case Qt::Key_Left:
    case Qt::Key_PageUp:
      if (acts && !key.isAutoRepeat()) m_player.back();
      return true;
    default:
      break;
  }
  const int choice = key.key() - Qt::Key_1;
  if (!m_player.asks() || choice < 0 || choice >= int(m_player.step().question->choices.size())) return false;
  if (acts) m_player.pick(choice);
  return true;
}

}  // namespace ui
