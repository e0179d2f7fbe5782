#include "ui/shell/DockSizes.h"

#include <algorithm>
#include <utility>

#include <QDockWidget>
#include <QEvent>
#include <QGuiApplication>
#include <QMainWindow>

namespace ui {

DockSizes::DockSizes(QMainWindow& window) : QObject(&window), m_window(window) {}

void DockSizes::watch(QDockWidget* dock) {
  m_docks.push_back(dock);
  dock->installEventFilter(this);
}

bool DockSizes::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::Resize || event->type() == QEvent::Show)
    if (auto* dock = qobject_cast<QDockWidget*>(object)) keep(dock);
  return QObject::eventFilter(object, event);
}

void DockSizes::keep(QDockWidget* dock) {
  if (!m_all || m_window.size() != m_last || dock->isFloating() || !dock->isVisible()) return;
  Kept& kept = m_kept[m_arrangement];
  const bool squeezed = m_last.width() < kept.roomy.width() || m_last.height() < kept.roomy.height();
  if (QGuiApplication::mouseButtons() & Qt::LeftButton) {  // dragged by the person: so it shall be, and all the others with it
    for (QDockWidget* each : m_docks)
      if (each->isVisible() && !each->isFloating()) kept.sizes[each] = each->size();
    kept.roomy = m_last;
  } else if (!squeezed || !kept.sizes.contains(dock)) {
    kept.sizes[dock] = dock->size();
    kept.roomy = kept.roomy.expandedTo(m_last);
  }
}

void DockSizes::windowResized(bool all) {
  if (all == m_all && m_window.size() == m_last) return;
  m_last = m_window.size();
  m_all = all;
  if (!all) return;
  restore();
  for (QDockWidget* dock : m_docks)
    if (!m_kept[m_arrangement].sizes.contains(dock)) keep(dock);  // laid out before this was told of the size
}

// In a smaller window all of them get less, as much as their contents allow.
void DockSizes::restore() {
  const Kept& kept = m_kept[m_arrangement];
  QList<QDockWidget*> docks;
  QList<int> widths, heights;
  const double down = std::min(1.0, double(m_last.height()) / std::max(1, kept.roomy.height()));
  const double across = std::min(1.0, double(m_last.width()) / std::max(1, kept.roomy.width()));
  for (const auto& [dock, size] : kept.sizes) {
    if (dock->isFloating() || !dock->isVisible()) continue;
    docks.append(dock);
    widths.append(int(size.width() * across));
    heights.append(int(size.height() * down));
  }
  m_window.resizeDocks(docks, widths, Qt::Horizontal);
  m_window.resizeDocks(docks, heights, Qt::Vertical);
}

}  // namespace ui
