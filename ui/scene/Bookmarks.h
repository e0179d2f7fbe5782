// Nine views of the scene to come back to: Shift with a digit keeps the present one, the digit alone goes there. Remembered for
// each network and arrangement, so that a lecture can be prepared. Owned by SceneHost; UI thread.
#pragma once

#include <optional>

#include <QList>
#include <QObject>

#include "scene/View.h"

class QAction;

namespace ui {

class SceneController;

class Bookmarks : public QObject {
  Q_OBJECT
 public:
  static constexpr int kCount = 9;

  explicit Bookmarks(SceneController& controller, QObject* parent);
  void keep(int number);  // 1 .. kCount
  bool recall(int number);
  std::optional<scene::View> at(int number) const;
  QList<QAction*> recallActions() const { return m_recall; }
  QList<QAction*> keepActions() const { return m_keep; }
  void refresh();  // which of them exist, after the network or the arrangement has changed

 signals:
  void said(const QString& text);  // what happened, for the status line

 private:
  QString keyOf(int number) const;

  SceneController& m_controller;
  QList<QAction*> m_recall, m_keep;
};

}  // namespace ui
