// What the person asks about the units of the scene: edges in or out, what they stand for, how many, what a unit sees, the trace,
// one class against another. The same actions serve the View menu, the bar in the scene and the context menu of a unit; they
// follow the selection, whoever changes it. Owned by SceneHost; UI thread.
#pragma once

#include <functional>
#include <optional>

#include <QList>
#include <QObject>
#include <QPoint>

#include "scene/Scene.h"

class QAction;
class QMenu;
class QWidget;

namespace ui {

class SceneController;
class Selection;

class ConnectionActions : public QObject {
  Q_OBJECT
 public:
  explicit ConnectionActions(SceneController* controller, QObject* parent = nullptr);

  QAction* outgoingAction() const { return m_outgoing; }
  QAction* weightAction() const { return m_weight; }
  QAction* receptiveFieldAction() const { return m_receptiveField; }
  QAction* traceAction() const { return m_trace; }
  QAction* moreAction() const { return m_more; }
  QAction* fewerAction() const { return m_fewer; }
  QAction* compareAction() const { return m_compare; }
  QList<QAction*> actions() const { return {m_outgoing, m_weight, m_more, m_fewer, m_receptiveField, m_trace, m_compare, m_keep, m_unpin}; }

  // How many edges are shown; of a trace, into each layer.
  std::size_t shownEdges() const;
  void showMore(int steps);  // negative: fewer
  // Why the class of this logit and not `other`, a channel of the same output: pins the one and traces the difference; other < 0: the
  // plain trace. Of a picture, at the unit's place. Ignored where the unit is no logit.
  void compare(const scene::UnitId& unit, int other);
  // The two channels that are compared, {-1, -1} when none are.
  std::pair<int, int> compared() const;
  // What can be asked of this unit; `more` adds what else can be done there.
  void showMenu(QWidget* over, QPoint global, const scene::UnitId& unit, const std::function<void(QMenu&)>& more = {});

 signals:
  void changed();
  void nothingTraced(const QString& why);  // although it was asked for

 private:
  void follow();
  void compareWithRunnerUp(bool on);
  void sayWhyNothing(bool asked);
  int runnerUpTo(const scene::UnitId& unit) const;

  SceneController* m_controller;
  Selection& m_selection;
  QAction *m_outgoing, *m_weight, *m_receptiveField, *m_trace, *m_more, *m_fewer, *m_compare, *m_keep, *m_unpin;
};

}  // namespace ui
