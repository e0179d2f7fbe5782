// Folding layers away and back: the commands, the menu of the right button, and what was folded in which network, which is
// remembered. Owned by SceneHost; UI thread.
#pragma once

#include <set>

#include <QObject>

#include "nn/Network.h"

class QAction;
class QMenu;

namespace ui {

class SceneController;

class Folding : public QObject {
  Q_OBJECT
 public:
  explicit Folding(SceneController& controller, QObject* parent = nullptr);
  QList<QAction*> actions() const { return {m_fold, m_unfoldAll}; }  // for a menu and its shortcuts
  std::set<int> remembered(const nn::Network& network) const;        // first nodes of the blocks that were folded in it
  // What the right button offers for what is under the pointer.
  void fill(QMenu& menu) const;

 private:
  static QString keyOf(const nn::Network& network);
  void refresh();
  void remember();

  SceneController& m_controller;
  QAction* m_fold = nullptr;
  QAction* m_unfoldAll = nullptr;
};

}  // namespace ui
