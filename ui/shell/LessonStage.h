// What a lesson does to the window: opens lessons, shows each step in the scene and on the pad, notices when the person looks at something
// else, and puts everything back when the lesson is left: network, drawing, settings, data, pins, view and mode. Owned by the window; UI
// thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QObject>
#include <QTimer>

#include "lessons/Checker.h"
#include "lessons/Parser.h"
#include "lessons/StepState.h"
#include "scene/Selection.h"
#include "scene/View.h"
#include "train/recipe/Recipe.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/lessons/LessonPanel.h"
#include "ui/shell/PanelRows.h"

class QAction;
class QKeyEvent;
class QMainWindow;

namespace ui {

class Commands;
class FileCommands;
struct KeptRun;
class LessonPlayer;
class PanelLayout;
class SceneHost;
class Spotlight;
class Workbench;

bool sameView(const scene::Camera::Pose& a, const scene::Camera::Pose& b);

struct LessonParts {
  QMainWindow& window;
  Workbench& workbench;
  FileCommands& files;
  DrawingPad& pad;
  SceneHost& scene;
  PanelLayout& panels;
  LessonPanel& panel;
  const Commands& commands;
};

class LessonStage : public QObject {
  Q_OBJECT
 public:
  explicit LessonStage(const LessonParts& parts);

  const std::vector<LessonPanel::Entry>& shipped() const { return m_shipped; }  // for a menu
  QList<QAction*> actions() const { return m_actions; }                         // forward, back, the lesson's view, leave: for the same
  void openShipped(const QString& id);
  void openFile(const QString& path);
  void askFile();
  void leave();
  LessonPlayer& player() { return m_player; }
  void setTheme(const Theme& theme);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  // All that a lesson may change.
  struct Before {
    Mode mode = Mode::Explore;
    int undoIndex = 0;
    QString network, data;
    DrawingPad::Content drawing;
    train::Recipe recipe;
    scene::Selection selection;
    int view = 0;
    std::shared_ptr<const KeptRun> run;  // of the same network, where a step chose other data; null: no step did, or there was none
    std::optional<scene::View> eye;      // nothing: the network is fitted into the view
  };
  // What a step has made of the window, to notice when it is something else.
  struct Shown {
    DrawingPad::Content drawing;
    scene::Selection selection;
    scene::Camera::Pose pose;
    QSizeF viewport;
  };

  void makeActions();
  bool press(const QKeyEvent& key, bool acts);
  void play(lessons::Parsed parsed);
  void showPanel();
  void begin(const std::shared_ptr<const lessons::Lesson>& lesson);
  lessons::Known known(const nn::Network* network) const;
  Before present() const;
  void restore(bool mode);
  void showStep();
  bool stands(const lessons::Lesson& lesson) const;  // the network that it is about is open
  void askFirst();
  bool openNetwork();
  void putDrawing(const lessons::StepState& state);
  void putSettings(const lessons::StepState& state);
  void putSelection(const lessons::StepState& state);
  void putCamera();
  void putSpotlight(const lessons::StepState& state);
  void playAnimation(const lessons::Verb& verb);
  void followWindow();
  void remember();
  std::optional<scene::UnitId> unitOf(std::span<const std::string> words) const;
  scene::Box boxOf(const lessons::Verb& verb) const;
  QRect rectOf(const lessons::Verb& verb) const;
  QRectF writtenAt(const lessons::Verb& verb) const;
  float distanceTo(const scene::Box& box) const;

  LessonParts m_parts;
  LessonPlayer& m_player;
  Spotlight* m_spotlight;
  QList<QAction*> m_actions;
  std::vector<LessonPanel::Entry> m_shipped;
  std::optional<Before> m_before;
  std::optional<Shown> m_now;
  lessons::StepState m_state;
  bool m_busy = false;        // it is the stage that changes the window
  bool m_waits = false;       // for the network of the step, or for its scene
  bool m_mayReplace = false;  // unsaved weights: the person was asked
  QTimer m_soon;              // however much changes in a turn of the event loop
};

}  // namespace ui
