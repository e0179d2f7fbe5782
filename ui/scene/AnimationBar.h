// The bar at the foot of the scene while an animation is open: which animation, step back, play or pause, step forward, where it stands,
// how finely, how fast, and the way out. Narrow bars leave out what the keys can do as well. It has no state of its own. Owned by
// SceneBars; UI thread.
#pragma once

#include <QFrame>

#include "ui/base/Theme.h"

class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace ui {

class AnimationPlayer;
class SceneController;

class AnimationBar : public QFrame {
  Q_OBJECT
 public:
  AnimationBar(AnimationPlayer& player, SceneController& controller, QWidget* parent);
  void setTheme(const Theme& theme);
  // Leaves parts out until it is as narrow, and takes the width.
  void fitTo(int width);
  int fullWidth() const;  // with all its parts

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QToolButton* add(const QString& name, const QString& tip);
  void follow();

  AnimationPlayer& m_player;
  SceneController& m_controller;
  Theme m_theme;
  QComboBox *m_which, *m_speed;
  QToolButton *m_back, *m_play, *m_forward, *m_detail, *m_here, *m_close;
  QSlider* m_position;
  QLabel* m_where;
};

}  // namespace ui
