// The keys of who gives a lesson: forward and back as presenters' remotes send them, and the numbers of the answers. While a lesson is open
// they come before what the keys mean otherwise, except where a text is being typed. Owned by LessonStage; UI thread.
#pragma once

#include <QObject>

class QKeyEvent;
class QWidget;

namespace ui {

class LessonPlayer;

class LessonKeys : public QObject {
  Q_OBJECT
 public:
  LessonKeys(LessonPlayer& player, QWidget& window);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  bool press(const QKeyEvent& key, bool acts);

  LessonPlayer& m_player;
  QWidget& m_window;
};

}  // namespace ui
