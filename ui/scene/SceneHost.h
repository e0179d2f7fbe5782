// The place of the scene in a window: the 3D view where OpenGL 3.3 works, else the flat one, with one line that says why; lets
// the person switch. Everything that others set or hear of a scene goes through here. UI thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QElapsedTimer>
#include <QImage>
#include <QList>
#include <QTimer>
#include <QWidget>

#include "analysis/Activity.h"
#include "render/Export.h"
#include "render/SceneStyle.h"
#include "scene/animation/Animation.h"
#include "ui/base/Theme.h"

class QAction;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace ui {

class Bookmarks;
class FindBox;
class FlatView;
class Folding;
class SceneController;
class ConnectionBar;
class ConnectionActions;
class AnimationPlayer;
class AnimationBar;
class SceneOptions;
class SceneView;
class Selection;
class SoftwareView;
class StatusLine;

class SceneHost : public QWidget {
  Q_OBJECT
 public:
  enum class View { Space, Flat, Rightward };  // 3D from the bottom up, on one plane, 3D from left to right

  explicit SceneHost(Selection& selection, QWidget* parent = nullptr);  // which outlives it
  ~SceneHost() override;

  // A new network forgets the values. `title`: for the person, who is told that it is being opened where that takes a while.
  void setNetwork(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters,
                  const QString& title = {});
  void setParameters(std::shared_ptr<const std::vector<float>> parameters);
  void setValues(std::shared_ptr<const scene::Values> values);           // null: at rest
  void setActivity(std::shared_ptr<const analysis::Activity> activity);  // for the marks of dead units
  void setTheme(const Theme& theme);

  void setView(View view);  // 3D is refused, with a notice, where it cannot be shown
  View view() const { return m_view; }
  QString notice() const { return m_notice; }  // why the scene is flat although 3D was wanted; empty otherwise
  QString rendererName() const;                // "llvmpipe ..." or "QPainter"
  // The three views, fit, reset, find: for a menu and its shortcuts.
  QList<QAction*> viewActions() const { return m_actions; }
  ConnectionActions& connectionOptions() { return *m_connectionOptions; }  // edges, traces, classes: for a menu
  QList<QAction*> foldActions() const;
  AnimationPlayer& player() { return *m_player; }         // the animations: for a menu
  QAction* picturesAction() const { return m_pictures; }  // the weights of a layer as pictures: for a menu
  SceneOptions& options() { return *m_options; }          // colors and sizes: for a menu
  Bookmarks& bookmarks() { return *m_bookmarks; }
  QString unitInWords() const;    // the pinned unit; empty: none
  void say(const QString& text);  // along the lower edge, for a few seconds
  // Why the cells show activations although the options ask for something else: there and beside the colors, until it is empty.
  void setNotShown(const QString& why);
  const QString& whyNotShown() const { return m_notShown; }
  void fit();
  void reset();
  QImage picture();                      // as it stands on the screen, in device pixels
  render::SceneCapture capture() const;  // the same at rest, as a value, for a file
  void setFilming(bool on);              // a sign in the corner
  quint64 frameCount() const;            // pictures painted so far, of both views
  SceneController& controller() { return *m_controller; }

 signals:
  void viewChanged(ui::SceneHost::View view);
  void frameShown();
  void picturesRequested(int node);  // of the pinned unit's layer, or another one that has weight pictures
  void playerChanged();              // opened, closed, another step

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void showSpace(View view);
  void showFlat(const QString& reason);
  void makeSpaceView();
  void recover(const QString& reason);  // the 3D view cannot draw any more
  void use(QWidget* view);
  void choose(View view);  // as the person wants it: remembered
  void buildActions();
  void buildButtons();
  void placeButtons();
  void fitButtons();
  void placeStatus();
  void makeRoomForWords(bool eased);
  void placePlayBar();
  void showPlayer();
  void applyOptions();
  void setNotice(const QString& notice);
  void placeNotice();
  void makeSigns();
  void tellUnit();
  QString explainedText() const;
  void nameLayers();
  void focusView();

  SceneController* m_controller;
  SceneOptions* m_options;
  ConnectionActions* m_connectionOptions;
  AnimationPlayer* m_player;
  ConnectionBar* m_connectionBar;
  AnimationBar* m_animationBar;
  const scene::AnimationType* m_playedBefore = nullptr;  // which animation the bars were placed for
  Folding* m_folding;
  render::SceneStyle m_style;    // of the theme, before the options
  SceneView* m_space = nullptr;  // of these three, the one that is shown
  SoftwareView* m_software = nullptr;
  FlatView* m_flat = nullptr;
  QVBoxLayout* m_layout;
  struct {
    QLabel *notice = nullptr, *film = nullptr, *opening = nullptr;
  } m_signs;  // over the view, in its corner, in its middle
  QWidget* m_buttons = nullptr;
  QToolButton* m_colors = nullptr;  // beside the key: scale and color map
  StatusLine* m_status;
  FindBox* m_find;
  Bookmarks* m_bookmarks;
  int m_barsTop = 0;  // of the bars at the foot, with the room that is kept for them
  QTimer m_telling;   // words follow the numbers a few times a second
  QAction *m_spaceAction = nullptr, *m_rightwardAction = nullptr, *m_flatAction = nullptr;
  QAction* m_pictures = nullptr;
  QList<QAction*> m_actions;
  View m_view = View::Space;
  QString m_notice, m_notShown;
  QElapsedTimer m_sinceFailure;  // of the 3D view; not started: it has not failed yet
  quint64 m_earlierFrames = 0;
};

}  // namespace ui
