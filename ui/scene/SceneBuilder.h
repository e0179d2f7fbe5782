// Builds the scene of a network: a large one beside the window, any other at once. What is set of the scene while one is built waits for
// it, in its order. Owned by SceneContents; UI thread.
#pragma once

#include <deque>
#include <exception>
#include <functional>
#include <memory>

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>

#include "scene/NetworkScene.h"

namespace ui {

class SceneBuilder : public QObject {
 public:
  using Then = std::function<void(scene::NetworkScene&&)>;

  explicit SceneBuilder(QObject* parent);
  ~SceneBuilder() override;  // waits for the one that is being built

  bool busy() const { return m_then != nullptr || !m_waiting.empty(); }
  void build(scene::SceneRequest request, Then then);  // after all that waits
  void whenBuilt(std::function<void()> what);          // at once where nothing is being built or waits

 private:
  struct Built {
    std::shared_ptr<scene::NetworkScene> scene;
    std::exception_ptr failure;
  };
  void begin(const scene::SceneRequest& request, const Then& then);
  void finish();
  void workOff();

  QThreadPool m_pool;  // of its own: nothing that takes long stands before it
  QFutureWatcher<Built> m_watcher;
  Then m_then;
  std::deque<std::function<void()>> m_waiting;
};

}  // namespace ui
