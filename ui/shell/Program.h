// The window with everything it needs, as main(), the tour and the benchmark start it: names for the settings, workbench,
// appearance, window. Needs a QApplication; UI thread.
#pragma once

#include <QString>

#include "ui/app/Appearance.h"
#include "ui/app/Workbench.h"
#include "ui/shell/MainWindow.h"

namespace ui {

class Program {
 public:
  static constexpr const char* kFirstModel = "harley";  // the one that opens

  Program();
  ~Program();
  Workbench& workbench() { return m_workbench; }
  Appearance& appearance() { return m_appearance; }
  MainWindow& window() { return m_window; }
  // Shows the window with the first model, or what is asked for: the name of a shipped or published network, a file or a folder.
  void start(const QString& nameOrPath = {});
  void startLesson(const QString& nameOrPath);  // the same with a lesson, by the name of a shipped one or its file

 private:
  // Numbers are written with a point everywhere; before the widgets, which take the locale over.
  struct Convention {
    Convention();
  } m_convention;
  Workbench m_workbench;
  Appearance m_appearance;
  MainWindow m_window;
};

// Why the window cannot open this word, with the nearest name of a network, command or file; empty where it can.
QString whyNotOpened(const QString& nameOrPath);

// The same of a lesson.
QString whyNoLesson(const QString& nameOrPath);

// Sets the names that the settings go by; before the QApplication.
void nameProgram();

}  // namespace ui
