// The whole window with its workbench, on a real display, as main() makes it; and a hand to draw and point with.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QPointF>
#include <QSize>
#include <QString>

#include "ui/app/Appearance.h"
#include "ui/app/Workbench.h"
#include "ui/shell/MainWindow.h"

namespace e2e {

class OpenWindow {
 public:
  explicit OpenWindow(QSize size = {1280, 800}, const QString& model = "harley");
  ~OpenWindow();

  ui::MainWindow& window() { return *m_window; }
  ui::Workbench& workbench() { return *m_workbench; }
  void closeNow();  // as the person does it

  // Draws one stroke on the pad by mouse; points in shares of the pad's side. `during` is called halfway.
  void draw(const std::vector<QPointF>& stroke, const std::function<void()>& during = {});

 private:
  std::unique_ptr<ui::Appearance> m_appearance;
  std::unique_ptr<ui::Workbench> m_workbench;
  std::unique_ptr<ui::MainWindow> m_window;
};

// A 3 as a hand writes it, in one stroke.
std::vector<QPointF> three();

// Lets the event loop run until `condition` holds; false when it does not in time.
bool waitFor(const std::function<bool()>& condition, int timeoutMs = 20000);

}  // namespace e2e
