// The scene as a file: its picture, vectors for slides, a film of a turn, and filming whatever happens in it. Two actions for the menu.
// Owned by the menus; UI thread.
#pragma once

#include <QObject>

class QAction;
class QWidget;

namespace ui {

class ExportDialog;
class Recorder;
class SceneHost;
class Workbench;

class SceneExport : public QObject {
  Q_OBJECT
 public:
  SceneExport(Workbench& workbench, SceneHost& scene, QWidget& window, QObject* parent);
  QAction* exportAction() const { return m_export; }
  QAction* filmAction() const { return m_film; }  // checked while it films
  Recorder& recorder() { return *m_recorder; }

  void save(const ExportDialog& choice, const QString& path);

 private:
  void ask();
  void toggleFilm(bool on);
  void presentFilm(bool on);
  void showFinishing();

  Workbench& m_workbench;
  SceneHost& m_scene;
  QWidget& m_window;
  QAction *m_export, *m_film;
  Recorder* m_recorder;
};

}  // namespace ui
