// The place of the scene in a window: the view of the network with its bars, its menus and what else stands over it. Makes these parts, and
// connects them. UI thread.
#pragma once

#include <memory>
#include <vector>

#include <QList>
#include <QWidget>

#include "render/Export.h"
#include "render/SceneStyle.h"
#include "ui/base/Theme.h"
#include "ui/scene/SceneViews.h"

namespace ui {

class AnimationPlayer;
class Bookmarks;
class ConnectionActions;
class FindBox;
class Folding;
class SceneBars;
class SceneController;
class SceneOptions;
class Selection;

class SceneHost : public QWidget {
  Q_OBJECT
 public:
  explicit SceneHost(Selection& selection, QWidget* parent = nullptr);  // which outlives it

  // A new network forgets the values. `title`: for the person, who is told that it is being opened where that takes a while. `whole`: as
  // the scene's request says.
  void setNetwork(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters,
                  const QString& title = {}, bool whole = true);
  void setTheme(const Theme& theme);
  void setFilming(bool on);              // a sign in the corner
  void say(const QString& text);         // along the lower edge, for a few seconds
  render::SceneCapture capture() const;  // as it stands on the screen, but at rest, as a value, for a file

  SceneController& controller() { return *m_controller; }
  SceneViews& views() { return *m_views; }
  SceneBars& bars() { return *m_bars; }
  // For menus and shortcuts:
  QList<QAction*> viewActions() const { return m_viewActions; }            // the three views, fit, reset, find
  ConnectionActions& connectionOptions() { return *m_connectionOptions; }  // edges, traces, classes
  AnimationPlayer& player() { return *m_player; }                          // the animations
  QAction* picturesAction() const { return m_pictures; }                   // the weights of a layer as pictures
  SceneOptions& options() { return *m_options; }                           // colors and sizes
  Folding& folding() { return *m_folding; }
  Bookmarks& bookmarks() { return *m_bookmarks; }

 signals:
  void picturesRequested(int node);  // of the pinned unit's layer, or another one that has weight pictures

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void makeViewActions();
  void makePicturesAction();
  void makeSigns();
  void connectParts();
  void showUnitMenu(const scene::UnitId& unit);
  void showLayerMenu(const QPoint& place);
  void placeParts();
  void placeSigns();
  void applyOptions();
  void nameLayers();

  SceneController* m_controller;
  SceneOptions* m_options;
  ConnectionActions* m_connectionOptions;
  AnimationPlayer* m_player;
  Folding* m_folding;
  SceneViews* m_views;
  SceneBars* m_bars;
  FindBox* m_find;
  Bookmarks* m_bookmarks;
  QAction* m_pictures;
  QList<QAction*> m_viewActions;
  render::SceneStyle m_style;  // of the theme, before the options
  struct {
    QLabel *film = nullptr, *opening = nullptr;
  } m_signs;  // in the view's corner, in its middle
};

}  // namespace ui
