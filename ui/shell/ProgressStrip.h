// What is being loaded or written, how far it is, and a way to stop it: one line in the status bar. Owned by the window; UI thread.
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace ui {

class Jobs;

class ProgressStrip : public QWidget {
  Q_OBJECT
 public:
  explicit ProgressStrip(Jobs& jobs, QWidget* parent = nullptr);

 private:
  void refresh();
  void makeRoom();

  Jobs& m_jobs;
  QLabel* m_title;
  QProgressBar* m_bar;
  QPushButton* m_cancel;
};

}  // namespace ui
