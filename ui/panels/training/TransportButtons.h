// Play or pause, single step, reset: three large buttons that never move. Owned by TrainingPanel; UI thread.
#pragma once

#include <QWidget>

#include "ui/base/Theme.h"

class QToolButton;

namespace ui {

class TransportButtons : public QWidget {
  Q_OBJECT
 public:
  explicit TransportButtons(QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  void setRunning(bool running);  // the first button says pause then
  bool running() const { return m_running; }

 signals:
  void playRequested();
  void pauseRequested();
  void stepRequested();
  void resetRequested();

 private:
  QToolButton* makeButton(const QString& name);
  void present();

  Theme m_theme;
  bool m_running = false;
  QToolButton* m_play;
  QToolButton* m_step;
  QToolButton* m_reset;
};

}  // namespace ui
