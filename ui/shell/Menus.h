// The menu bar: every command with its key, in one place, from where it is brought into Commands. It holds no state of its own; what is
// checked or listed follows the Workbench, the appearance and the docks. Owned by the window; UI thread.
#pragma once

#include <QMainWindow>

class QAction;
class QActionGroup;
class QMenu;

namespace ui {

class Appearance;
class Commands;
class FileCommands;
class LessonStage;
class MessageStrip;
class ModeSwitch;
class PadPanel;
class PanelLayout;
class ProjectorMode;
class SceneExport;
class SceneHost;
class Workbench;
struct ShippedNetwork;

struct MenuParts {
  QMainWindow& window;
  Workbench& workbench;
  FileCommands& files;
  Appearance& appearance;
  PadPanel& pad;
  SceneHost& scene;
  Commands& commands;
  ModeSwitch& modes;
  PanelLayout& panels;
  ProjectorMode& projector;
  LessonStage& lessons;
  MessageStrip& messages;
};

class Menus : public QObject {
  Q_OBJECT
 public:
  explicit Menus(const MenuParts& parts);
  QAction* preprocessingAction() const { return m_preprocessing; }
  SceneExport& sceneExport() { return *m_sceneExport; }

 signals:
  void downloadRequested(const QString& set);  // io/datasets/Datasets.h
  void dataRequested();                        // to be looked at
  void cameraRequested();

 private:
  QAction* add(QMenu* menu, const QString& id, const QString& text, const QString& tip = {}, const QKeySequence& key = {});
  template <typename Receiver, typename Slot>
  QAction* add(QMenu* menu, const QString& id, const QString& text, const QString& tip, const QKeySequence& key, Receiver* receiver,
               Slot slot);
  void makeFileMenu();
  void makeRecentMenu(QMenu* file);
  void makeEditMenu();
  void makeViewMenu();
  void makeThemeMenu(QMenu* view);
  void makeNetworkMenu();
  void addNetwork(QMenu* menu, const ShippedNetwork& network, const QString& text);
  void makePublishedMenu(QMenu* network);
  void makeTrainingCommands(QMenu* menu);
  void makeDataMenu();
  void makeLessonMenu(QMenu* help);
  void makeHelpMenu();
  void listSources();
  void copyPicture();
  void copyWords();
  void checkNetwork();
  void addCommands(const QMenu& menu);  // all that stands in it, and in the menus below it

  MenuParts m_parts;
  SceneExport* m_sceneExport;
  QMenu* m_data = nullptr;
  QAction *m_openPicture = nullptr, *m_paste = nullptr;
  QActionGroup* m_networks = nullptr;
  QActionGroup* m_sources = nullptr;
  QAction* m_firstDataCommand = nullptr;
  QAction* m_preprocessing = nullptr;
};

}  // namespace ui
