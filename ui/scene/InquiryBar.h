// A small bar in the scene's corner while a unit is under discussion: edges in or out, what they stand for, how many, the trace,
// which class a traced class is compared with, and the window that slides. It has no state of its own. Owned by SceneHost; UI thread.
#pragma once

#include <optional>
#include <vector>

#include <QFrame>

#include "scene/Scene.h"
#include "ui/Theme.h"

class QComboBox;
class QLabel;
class QTimer;
class QToolButton;

namespace ui {

class Player;
class SceneController;
class SceneInquiry;

class InquiryBar : public QFrame {
  Q_OBJECT
 public:
  InquiryBar(SceneController* controller, SceneInquiry* inquiry, Player* player, QWidget* parent);
  void setTheme(const Theme& theme);
  bool fits() const;                       // in the view; else it stays away
  int widest() const { return m_widest; }  // that it has been: a trace needs less, and the scene keeps its place when one begins

 signals:
  void placeNeeded();  // it came, or its size changed

 protected:
  bool event(QEvent* event) override;

 private:
  QToolButton* add(const QString& text, const QString& tip, bool checkable);
  void addGap();
  void refresh();
  void refreshClasses();
  void appear();
  void slide();

  SceneController* m_controller;
  SceneInquiry* m_inquiry;
  Player* m_player;
  std::optional<scene::UnitId> m_unit;  // under discussion, now or a moment ago
  Theme m_theme;
  int m_widest = 0;
  QToolButton *m_in, *m_out, *m_contribution, *m_weight, *m_fewer, *m_more, *m_sight, *m_trace, *m_slide;
  QLabel *m_count, *m_why;
  std::vector<QWidget*> m_gaps;  // between groups; those before a group that a trace hides go with it
  QComboBox* m_against;
  QTimer* m_linger;  // stays a moment after the pointer has left the unit, so that it can be reached
};

}  // namespace ui
