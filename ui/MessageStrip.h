// One line above the scene that tells what happened, where, and what to do about it; it waits for nobody and blocks
// nothing. Information goes by itself after a while, failures stay until they are closed. Owned by the window; UI thread.
#pragma once

#include <deque>

#include <QFrame>
#include <QTimer>

#include "ui/Session.h"
#include "ui/Theme.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace ui {

class MessageStrip : public QFrame {
  Q_OBJECT
 public:
  explicit MessageStrip(QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  void showMessage(const Message& message);
  void dismiss();  // shows the next one where several wait
  const Message& message() const { return m_message; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void present();

  Theme m_theme;
  Message m_message;
  std::deque<Message> m_waiting;
  QLabel* m_icon;
  QLabel* m_text;
  QPushButton* m_action;
  QToolButton* m_close;
  QTimer m_timer;
};

}  // namespace ui
