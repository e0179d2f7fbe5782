// The drawing pad with its tools: pen, eraser, width, undo, redo, clear, random sample. Its actions carry the keys and may stand in the
// window's menus too. What is drawn can be undone as everything else on the workbench's undo stack. UI thread.
#pragma once

#include <vector>

#include <QWidget>

#include "ui/base/Icons.h"
#include "ui/base/Theme.h"

class QAction;
class QMenu;
class QSlider;

namespace ui {

class DrawingPad;
class Workbench;

class PadPanel : public QWidget {
  Q_OBJECT

 public:
  explicit PadPanel(Workbench& workbench, QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  DrawingPad* pad() const { return m_pad; }
  void setToolsVisible(bool visible);  // the keys work either way
  // What else the pad's own menu offers, a click of the right button away: to open and to paste a picture.
  void setPictureActions(const QList<QAction*>& actions);

  QAction* penAction() const { return m_pen; }          // B
  QAction* eraserAction() const { return m_eraser; }    // E
  QAction* thinnerAction() const { return m_thinner; }  // [
  QAction* thickerAction() const { return m_thicker; }  // ]
  QAction* undoAction() const { return m_undo; }        // Ctrl+Z, of everything
  QAction* redoAction() const { return m_redo; }        // Ctrl+Shift+Z
  QAction* clearAction() const { return m_clear; }      // Delete
  QAction* randomAction() const { return m_random; }    // R

 signals:
  void randomRequested();  // a random sample of the data set, please

 private:
  QAction* addTool(const char* id, Icon icon, const QString& text, const QKeySequence& key, const QString& hint);
  void connectPad();
  void refreshEnabled();
  void nameUndo();
  QMenu* makeMenu();

  Workbench& m_workbench;
  DrawingPad* m_pad;
  QWidget* m_tools;
  QSlider* m_width;
  QMenu* m_menu;
  QAction *m_pen, *m_eraser, *m_thinner, *m_thicker, *m_undo, *m_redo, *m_clear, *m_random;
  std::vector<std::pair<QAction*, Icon>> m_icons;
};

}  // namespace ui
