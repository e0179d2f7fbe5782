// The unit highlighted in words, along the lower edge of the scene, and what was just done with the view. Screen readers are told the same.
// It lets the mouse through. Owned by SceneBars; UI thread.
#pragma once

#include <QLabel>
#include <QTimer>

#include "ui/base/Theme.h"

namespace scene {
class SceneState;
}

namespace ui {

class AnimationPlayer;
class SceneController;

QString pinnedInWords(const scene::SceneState& state);  // the pinned unit; empty: none

class StatusLine : public QLabel {
  Q_OBJECT
 public:
  // host: of the scene, whose focus proxy is the view.
  StatusLine(SceneController& controller, AnimationPlayer& player, QWidget* host);
  void setTheme(const Theme& theme);
  void insist(const QString& text);  // instead of the unit, whole, until it is empty; while an animation is open its caption is enough
  void say(const QString& text);     // instead of both, as long as it takes to be read
  // The widest it may be; it sits at the room's lower left. What is said whole and does not fit there takes the wide room as long,
  // in several lines that grow upward; of the unit only whole parts of the sentence are shown.
  void place(const QRect& room, const QRect& wide);

  // It is too high to lie over the picture, or stays there.
  bool needsRoom() const { return !m_standing.isEmpty() || text().contains(u'\n'); }

 signals:
  void placed();  // it has come, gone or become higher

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void follow();
  void present();
  QString broken(const QString& text, int width) const;

  SceneController& m_controller;
  AnimationPlayer& m_player;
  QColor m_ground, m_ink;
  QString m_unit, m_insisted, m_standing, m_passing;
  QRect m_room, m_wide;
  QTimer m_timer;      // ends what is said in passing
  QTimer m_following;  // words follow the numbers a few times a second
};

}  // namespace ui
