// What a scene shows: the network, its layout and its values, with what is selected and played. The scene of a large network is built
// beside the window: until it is there the scene is empty, so that nothing is shown of another network than the one that is open, and what
// is set meanwhile waits for it. Owned by SceneController; UI thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <QObject>

#include "scene/SceneState.h"

namespace ui {

class SceneBuilder;
class Selection;

class SceneContents : public QObject {
  Q_OBJECT
 public:
  explicit SceneContents(Selection& selection, QObject* parent = nullptr);  // which outlives it, and is shown

  // whole: as the scene's request says.
  void setNetwork(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters,
                  const std::set<int>& folded = {}, bool whole = true);
  void setValues(std::shared_ptr<const scene::Values> values);           // null: at rest
  void setActivity(std::shared_ptr<const analysis::Activity> activity);  // for the marks of dead units
  void setField(std::shared_ptr<const scene::CellField> field);
  void setScaleScope(scene::ScaleScope scope);
  void setArrangement(scene::Arrangement arrangement);
  void setShape(scene::ViewShape shape);  // of the view
  scene::ViewShape shape() const { return m_asked.shape; }
  void setFolded(const std::set<int>& nodes);  // first nodes of blocks
  void toggleFold(int block);
  void setAnimation(const std::optional<scene::AnimationStep>& animation);

  const scene::SceneState& state() const { return m_state; }
  bool busy() const;                           // a scene is being built, or something waits
  void whenBuilt(std::function<void()> what);  // at once where nothing is being built or waits

 signals:
  void changed();         // something is to be drawn anew
  void networkAwaited();  // its scene is being built; networkShown() follows
  void networkShown();
  void layoutAboutToChange();  // of the same network
  void layoutChanged();
  void foldsChanged();
  void animationChanged();
  void connectionsReplaced();  // there are edges where there were none, or others: they grow

 private:
  void take(scene::NetworkScene&& scene);
  void buildLayout(scene::SceneRequest request, const std::function<void()>& then);
  void followRequest();
  void followSelection();

  Selection& m_selection;
  scene::SceneState m_state;
  SceneBuilder* m_builder;
  struct {
    int networks = 0;  // so many: what is built of one before the last is not shown
    scene::Arrangement arrangement = scene::Arrangement::Space;
    scene::ViewShape shape = scene::ViewShape::Even;
  } m_asked;
};

}  // namespace ui
