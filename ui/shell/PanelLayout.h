// The docks around the scene: makes them from the rows of panels, arranges them by mode, keeps for each mode what the person made of it,
// and gives way in a window that is too small for them and in front of a projector. Owned by the window; UI thread.
#pragma once

#include <map>
#include <vector>

#include <QByteArray>
#include <QObject>

#include "io/session/Container.h"
#include "ui/shell/DockSizes.h"
#include "ui/shell/PanelRows.h"

class QDockWidget;
class QMainWindow;

namespace ui {

class DockBody;

class PanelLayout : public QObject {
  Q_OBJECT
 public:
  PanelLayout(QMainWindow& window, Workbench& workbench);

  QDockWidget* dock(const QString& id) const;  // of a row
  const std::vector<QDockWidget*>& docks() const { return m_docks; }
  void show(const QString& id) const;  // in front of what shares its place
  void showRecipe() const { show(QStringLiteral("recipeDock")); }
  void setTheme(const Theme& theme);
  Mode mode() const { return m_mode; }
  void setMode(Mode mode);
  bool reduced() const { return m_reduced; }
  void begin();     // as it was left, else as at the beginning
  void reset();     // the mode's panels as at the beginning
  void remember();  // for the next start
  // Mode and panels as a session keeps them; restore() throws nn::Error where they make no sense.
  QCborMap saved() const;
  QString choice() const;  // the mode and its panels, in a word
  void restore(const io::Section& section);
  void fit(bool projector);  // after each change of the window's size

 signals:
  void modeChanged(ui::Mode mode);
  void modeNotArranged(Mode mode);    // chosen while there is no room for its panels
  void reducedChanged(bool reduced);  // to pad and answer, or to the pad alone

 private:
  QByteArray state() const;
  void arrange();
  void arrangeAsAtTheBeginning();
  void resizeAsAtTheBeginning();
  void resizeReduced();
  void keepRoomForScene(QDockWidget* shown) const;
  void resizeOnceLaidOut();
  void giveLessonItsShare();
  void setReduced(bool reduced);
  void arrangeReduced();
  void fitContents();
  std::vector<QDockWidget*> leftOfMode() const;  // those on the left that the mode has from the beginning, from above
  std::vector<QDockWidget*> docksIn(Qt::DockWidgetArea area) const;

  QMainWindow& m_window;
  DockSizes m_sizes;
  std::vector<QDockWidget*> m_docks;  // as the rows
  std::vector<DockBody*> m_bodies;
  std::vector<Panel> m_panels;
  std::map<Mode, QByteArray> m_states;  // of the mode that is shown, while it is reduced
  Mode m_mode = Mode::Explore;
  bool m_reduced = false, m_projector = false;
};

}  // namespace ui
