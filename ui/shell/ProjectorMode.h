// The window as a room sees it from a projector: the whole screen, no menu bar, larger type, and the panels that fit. Ends with the window
// and its panels as they were. Owned by the window; UI thread.
#pragma once

#include <QObject>
#include <QSize>

class QMainWindow;

namespace ui {

class Appearance;
class PanelLayout;

class ProjectorMode : public QObject {
  Q_OBJECT
 public:
  ProjectorMode(QMainWindow& window, Appearance& appearance, PanelLayout& panels);
  void setOn(bool on);
  bool isOn() const { return m_on; }

 signals:
  void toggled(bool on);

 private:
  QMainWindow& m_window;
  Appearance& m_appearance;
  PanelLayout& m_panels;
  bool m_on = false;
  bool m_wasMaximized = false;  // before it
  QSize m_sizeBefore;
};

}  // namespace ui
