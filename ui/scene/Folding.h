// Folding layers away and back: the commands, the menu of the right button, and what was folded in which network, which is
// remembered. Owned by SceneHost; UI thread.
#pragma once

#include <QObject>

class QAction;
class QMenu;

namespace ui {

class SceneController;

class Folding : public QObject {
  Q_OBJECT
 public:
  explicit Folding(SceneController& controller, QObject* parent = nullptr);
  QList<QAction*> actions() const;  // for a menu and its shortcuts
  void recall();                    // the folds of the network that has just come
  // What the right button offers for what is under the pointer.
  void fill(QMenu& menu) const;

 private:
  QString key() const;
  void refresh();
  void remember();

  SceneController& m_controller;
  QAction* m_fold = nullptr;
  QAction* m_unfoldAll = nullptr;
};

}  // namespace ui
