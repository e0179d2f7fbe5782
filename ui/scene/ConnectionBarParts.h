// The parts of the bar of a highlighted unit, each of which looks after its own buttons: a choice of two, and "Why 3 and not 8?". The
// bar owns them. UI thread.
#pragma once

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QToolButton;

namespace ui {

class ConnectionActions;
class SceneController;

// A flat button with words, as all of the bar are.
QToolButton* barButton(QWidget* parent, const QString& text, const QString& tip, bool checkable);

// Two buttons for a checkable action: the first stands for off, the second for on. Both tips end with the action's key.
class ChoiceButtons : public QWidget {
  Q_OBJECT

 public:
  ChoiceButtons(QAction* action, const QString& off, const QString& offTip, const QString& on, const QString& onTip, QWidget* parent);
  void setChosen(bool on);

 signals:
  void chosen();

 private:
  QToolButton *m_off, *m_on;
};

// While a class is traced: against which other class it is.
class TraceQuestion : public QWidget {
  Q_OBJECT

 public:
  TraceQuestion(SceneController* controller, ConnectionActions* actions, QWidget* parent);
  bool refresh();  // true: it came or went

 private:
  SceneController* m_controller;
  QLabel* m_why;
  QComboBox* m_against;
};

}  // namespace ui
