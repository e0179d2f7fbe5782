// Gives the docks the sizes back that a smaller window took from them. It keeps what they had in the largest window, or what the person
// dragged them to; a smaller window gives each its share of that. Each arrangement of them has sizes of its own. Owned by the window; UI
// thread.
#pragma once

#include <map>
#include <vector>

#include <QObject>
#include <QSize>

class QDockWidget;
class QMainWindow;

namespace ui {

class DockSizes : public QObject {
  Q_OBJECT
 public:
  explicit DockSizes(QMainWindow& window);

  void watch(QDockWidget* dock);
  void setArrangement(int arrangement) { m_arrangement = arrangement; }
  // After each change of the window's size. `all`: it shows all docks; while it does not, nothing is kept.
  void windowResized(bool all);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void keep(QDockWidget* dock);
  void restore();

  QMainWindow& m_window;
  std::vector<QDockWidget*> m_docks;
  struct Kept {
    std::map<QDockWidget*, QSize> sizes;
    QSize roomy;  // of the window in which they were kept
  };
  std::map<int, Kept> m_kept;  // of each arrangement
  int m_arrangement = 0;
  QSize m_last;  // of the window, as far as it is known here: its layout comes before
  bool m_all = false;
};

}  // namespace ui
