// What stands at the foot of a scene, and where: the buttons of the views, the button of the colors beside their key, the bar of a unit or
// that of an animation, and the line of words. Tells the controller what room they take. Owned by SceneHost, whose children the bars are;
// UI thread.
#pragma once

#include <QList>
#include <QObject>
#include <QString>

#include "ui/base/Theme.h"

class QAction;
class QToolButton;

namespace scene {
struct AnimationType;
}

namespace ui {

class AnimationBar;
class AnimationPlayer;
class ConnectionActions;
class ConnectionBar;
class SceneController;
class SceneOptions;
class StatusLine;

class SceneBars : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    SceneController& controller;
    ConnectionActions& connectionOptions;
    AnimationPlayer& player;
    SceneOptions& options;
  };
  SceneBars(const Parts& parts, const QList<QAction*>& views, QWidget& host);
  void setTheme(const Theme& theme);
  void place();  // after a change of the host's size, or of what the buttons say
  // Why the cells show activations although the options ask for something else: in the line of words and beside the colors, until it is
  // empty.
  void setNotShown(const QString& why);
  const QString& whyNotShown() const { return m_notShown; }
  StatusLine& status() { return *m_status; }

 private:
  void makeButtons(const QList<QAction*>& views);
  QToolButton* addMenuButton(QWidget* parent, const char* name, const QString& tip);
  int keyWidth() const;
  void showPlayer();
  void placeAnimationBar();
  void placeStatus();
  void fitButtons();
  void makeRoomForWords(bool eased);
  void reserve(int besideX, int middle, bool alwaysBeside);

  QWidget& m_host;
  SceneController& m_controller;
  AnimationPlayer& m_player;
  SceneOptions& m_options;
  QWidget* m_buttons;
  QToolButton* m_colors;  // beside the key: scale and color map
  ConnectionBar* m_connectionBar;
  AnimationBar* m_animationBar;
  StatusLine* m_status;
  int m_top = 0;  // with the room that is kept for them, but not for words
  QString m_notShown;
  const scene::AnimationType* m_playedBefore = nullptr;  // which animation the bars were placed for
};

}  // namespace ui
