// The modes of the window as buttons in the corner of its menu bar, and as commands for the View menu. It says too that training runs, of
// which nothing else is to be seen where its panel is not shown. Owned by the window; UI thread.
#pragma once

#include <QList>
#include <QWidget>

class QAction;

namespace ui {

class PanelLayout;
class TrainingController;

class ModeSwitch : public QWidget {
  Q_OBJECT
 public:
  ModeSwitch(PanelLayout& panels, const TrainingController& training, QWidget* parent);
  QList<QAction*> actions() const { return m_actions; }

 private:
  QList<QAction*> m_actions;
};

}  // namespace ui
