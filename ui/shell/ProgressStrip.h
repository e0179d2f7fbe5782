// What is being loaded or written, how far it is, and a way to stop it, in the corner of the menu bar. It takes what the menus leave: in a
// narrow window its words give way first, then its bar. Owned by the window; UI thread.
#pragma once

#include <QWidget>

class QLabel;
class QMenuBar;
class QProgressBar;
class QPushButton;

namespace ui {

class Jobs;

class ProgressStrip : public QWidget {
  Q_OBJECT
 public:
  explicit ProgressStrip(Jobs& jobs, QWidget* parent = nullptr);
  // After a change of what stands in it: a menu bar gives its corner another size only when it is resized itself.
  static void resizeCorner(const QWidget& corner);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;  // the menu bar gets another width

 private:
  void refresh();
  QMenuBar* menuBar() const;
  void fitInto(int roomPx);
  void makeRoom();

  Jobs& m_jobs;
  QLabel* m_title;
  QProgressBar* m_bar;
  QPushButton* m_cancel;
};

}  // namespace ui
