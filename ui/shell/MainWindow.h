// The window: puts the panels around the scene and connects them to the Workbench, which it does not own. It computes
// nothing itself. Made by main(); UI thread.
#pragma once

#include <memory>

#include <QMainWindow>

#include "ui/app/Workbench.h"
#include "ui/model/DrawingMeter.h"
#include "ui/model/SampleMemory.h"

namespace ui {

class Appearance;
class DownloadDialog;
class Commands;
class Farewell;
class FileCommands;
class Inspector;
class LessonStage;
class Menus;
class MessageStrip;
class PadPanel;
class PanelLayout;
class ProbabilityBars;
class NetworkInputView;
class SceneHost;
class TrainingPanel;
class UnitDock;

class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  MainWindow(Workbench& workbench, Appearance& appearance);
  ~MainWindow() override;

  void setProjector(bool on);
  bool projector() const { return m_projector; }
  PanelLayout& panels() { return *m_panels; }
  QImage picture();  // of the whole window

  PadPanel& padPanel() { return *m_pad; }
  SceneHost& scene() { return *m_scene; }
  ProbabilityBars& answer() { return *m_answer; }
  TrainingPanel& trainingPanel() { return *m_training; }
  MessageStrip& messages() { return *m_messages; }
  FileCommands& files() { return *m_files; }
  LessonStage& lessons() { return *m_lessons; }
  const Commands& commands() const { return *m_commands; }
  void setClosing(bool on) { m_closing = on; }  // without a question: what is not saved is kept elsewhere
  void putSample();                             // a random one of the data set on the pad

 protected:
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeCenter();
  void findPanels();
  void makeMenus();
  void wirePad();
  void wireScene();
  void wireTraining();
  void wireMessages();
  void applyTheme();
  void updateSeen();
  void showTitle();
  void showNetwork();
  void showValues();
  void showReceived();
  QString invitation() const;  // on the empty pad and beside it
  void nameClasses();
  QString answerNote() const;
  void showAnswer();
  void showTruth();
  void putPicture(const data::Picture& picture, const QString& name);
  void download(const QString& set);

  Workbench& m_workbench;
  Appearance& m_appearance;
  FileCommands* m_files;
  Farewell* m_farewell = nullptr;
  PanelLayout* m_panels = nullptr;
  Commands* m_commands = nullptr;
  LessonStage* m_lessons = nullptr;
  Menus* m_menus = nullptr;
  MessageStrip* m_messages = nullptr;
  SceneHost* m_scene = nullptr;
  PadPanel* m_pad = nullptr;
  NetworkInputView* m_received = nullptr;
  ProbabilityBars* m_answer = nullptr;
  Inspector* m_inspector = nullptr;
  TrainingPanel* m_training = nullptr;
  UnitDock* m_unitDock = nullptr;
  DrawingMeter m_meter;
  SampleMemory m_samples;
  bool m_projector = false;
  struct {
    bool maximized = false;
    QSize size;
  } m_before;  // the projector
  bool m_closing = false;
};

}  // namespace ui
