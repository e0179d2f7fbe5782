// The window: puts the panels around the scene and connects them to the Workbench, which it does not own. It computes
// nothing itself. Made by main(); UI thread.
#pragma once

#include <memory>

#include <QMainWindow>

#include "ui/app/Workbench.h"

namespace ui {

class AnswerPresenter;
class Appearance;
class Commands;
class Farewell;
class FileCommands;
class LessonStage;
class Menus;
class MessageStrip;
class PadPanel;
class PanelLayout;
class ProbabilityBars;
class ProjectorMode;
class SceneHost;

class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  MainWindow(Workbench& workbench, Appearance& appearance);
  ~MainWindow() override;

  ProjectorMode& projector() { return *m_projector; }
  PanelLayout& panels() { return *m_panels; }
  QImage picture();  // of the whole window

  PadPanel& padPanel() { return *m_pad; }
  SceneHost& scene() { return *m_scene; }
  ProbabilityBars& answer() { return *m_answer; }
  MessageStrip& messages() { return *m_messages; }
  FileCommands& files() { return *m_files; }
  LessonStage& lessons() { return *m_lessons; }
  const Commands& commands() const { return *m_commands; }
  void setClosing(bool on) { m_closing = on; }  // without a question: what is not saved is kept elsewhere

 protected:
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeCenter();
  void makeMenus();
  void wirePad();
  void wireScene();
  void wireTraining();
  void wireMessages();
  void applyTheme();
  void updateSeen();
  void showTitle();
  void showNetwork();
  void download(const QString& set);
  void openCamera();
  void lookAtData();
  void lookAtPictures(const QString& folder, const QStringList& pictures, const nn::Issue& why);  // that have no classes

  Workbench& m_workbench;
  Appearance& m_appearance;
  FileCommands* m_files;
  Farewell* m_farewell = nullptr;
  PanelLayout* m_panels = nullptr;
  ProjectorMode* m_projector = nullptr;
  Commands* m_commands = nullptr;
  LessonStage* m_lessons = nullptr;
  Menus* m_menus = nullptr;
  MessageStrip* m_messages = nullptr;
  SceneHost* m_scene = nullptr;
  PadPanel* m_pad = nullptr;
  ProbabilityBars* m_answer = nullptr;
  std::unique_ptr<AnswerPresenter> m_presenter;  // goes before the panels
  bool m_closing = false;
};

}  // namespace ui
