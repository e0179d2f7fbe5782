// A small bar in the scene's corner while a unit is highlighted: edges in or out, what they stand for, how many, the trace,
// which class a traced class is compared with, and the animations about it. It has no state of its own. Owned by SceneBars; UI thread.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <QFrame>

#include "scene/animation/Animation.h"
#include "ui/base/Theme.h"

class QLabel;
class QTimer;
class QToolButton;

namespace ui {

class AnimationPlayer;
class ChoiceButtons;
class ConnectionActions;
class SceneController;
class TraceQuestion;

class ConnectionBar : public QFrame {
  Q_OBJECT
 public:
  ConnectionBar(SceneController* controller, ConnectionActions* actions, AnimationPlayer* player, QWidget* parent);
  void setTheme(const Theme& theme);
  bool fits() const;                       // in the view; else it stays away
  int widest() const { return m_widest; }  // that it has been: a trace needs less, and the scene keeps its place when one begins

 signals:
  void placeNeeded();  // it came, or its size changed

 protected:
  bool event(QEvent* event) override;

 private:
  void addGap();
  void refresh();
  void appear();
  void play(const scene::AnimationType& type);

  SceneController* m_controller;
  ConnectionActions* m_actions;
  AnimationPlayer* m_player;
  std::optional<scene::UnitId> m_unit;  // highlighted, now or a moment ago
  int m_widest = 0;
  ChoiceButtons *m_direction, *m_measure;
  QLabel* m_edgeCount;
  QToolButton *m_receptiveField, *m_trace;
  std::vector<std::pair<const scene::AnimationType*, QToolButton*>> m_plays;  // animations about a unit
  std::vector<QWidget*> m_gaps;  // between groups; those before a group that a trace hides go with it
  TraceQuestion* m_question;
  QTimer* m_linger;  // stays a moment after the pointer has left the unit, so that it can be reached
};

}  // namespace ui
