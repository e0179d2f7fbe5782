// The time machine below the curves: a slider over the moments of the run that were recorded. Moved back, scene, answer, filters and
// figures show the network as it was then, until the slider is at its end again; from there training can be begun anew as a branch. Owned
// by TrainingPanel; wires itself to the Workbench. UI thread.
#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/app/Workbench.h"
#include "ui/base/Theme.h"

class QLabel;
class QSlider;
class QToolButton;

namespace ui {

class HistoryBar : public QWidget {
  Q_OBJECT
 public:
  explicit HistoryBar(Workbench& workbench, QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  // The whole run from its first step in about ten seconds, or no longer.
  void toggleFilm();
  void branch();         // from the moment that is looked at; nothing where none is
  QString text() const;  // "Step 120 of 5,023"

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void present();
  void moved(int place);
  void nextPicture();

  Workbench& m_workbench;
  QToolButton *m_film, *m_branch, *m_now;
  QSlider* m_slider;
  QLabel* m_text;
  Theme m_theme;
  QTimer m_pictures;  // of the film
};

}  // namespace ui
