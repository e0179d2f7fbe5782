#include "ui/shell/ProjectorMode.h"

#include <QMainWindow>
#include <QMenuBar>
#include <QTimer>

#include "ui/app/Appearance.h"
#include "ui/shell/PanelLayout.h"

namespace ui {

namespace {
constexpr int kResizedMs = 1000;  // a desktop that has not given the window another size by then does not
}

ProjectorMode::ProjectorMode(QMainWindow& window, Appearance& appearance, PanelLayout& panels)
    : QObject(&window), m_window(window), m_appearance(appearance), m_panels(panels) {}

void ProjectorMode::setOn(bool on) {
  if (on == m_on) return;
  m_on = on;
  emit toggled(on);
  if (on) {
    m_wasMaximized = m_window.isMaximized();
    m_sizeBefore = m_window.size();
    m_panels.fit(true);  // before the type grows and the panels with it: they are to come back as they were
  }
  m_appearance.setProjector(on);
  m_window.menuBar()->setVisible(!on);
  if (on) {
    m_panels.fit(true);
    return m_window.showFullScreen();
  }
  // All panels come back in the window that they were laid out for, which a desktop gives back a little later.
  m_wasMaximized ? m_window.showMaximized() : m_window.showNormal();
  if (m_window.size() == m_sizeBefore) return m_panels.fit(false);
  QTimer::singleShot(kResizedMs, this, [this] { m_panels.fit(m_on); });
}

}  // namespace ui
