#include "ui/scene/SceneBuilder.h"

#include <utility>

#include <QTimer>
#include <QtConcurrentRun>

#include "scene/ShowingMemory.h"
#include "ui/base/Jobs.h"

namespace ui {
namespace {

constexpr std::uint64_t kLargeCells = 1'000'000;  // take some milliseconds

bool isLarge(const scene::SceneRequest& request) {
  return request.network && scene::unitCount(*request.network) + request.network->parameterCount() >= kLargeCells &&
         !Jobs::whyNoThread();  // without one the window stands still for a moment
}

}  // namespace

SceneBuilder::SceneBuilder(QObject* parent) : QObject(parent) {
  m_pool.setMaxThreadCount(1);
  connect(&m_watcher, &QFutureWatcherBase::finished, this, &SceneBuilder::finish);
}

SceneBuilder::~SceneBuilder() {
  m_watcher.disconnect(this);
  m_watcher.waitForFinished();
}

void SceneBuilder::build(scene::SceneRequest request, Then then) {
  whenBuilt([this, request = std::move(request), then = std::move(then)] { begin(request, then); });
}

void SceneBuilder::whenBuilt(std::function<void()> what) {
  if (busy()) return m_waiting.push_back(std::move(what));
  what();
}

void SceneBuilder::begin(const scene::SceneRequest& request, const Then& then) {
  if (!isLarge(request)) return then(scene::NetworkScene(request));
  m_then = then;
  m_watcher.setFuture(QtConcurrent::run(&m_pool, [request]() -> Built {
    try {
      return {std::make_shared<scene::NetworkScene>(request), nullptr};
    } catch (...) {
      return {nullptr, std::current_exception()};
    }
  }));
}

void SceneBuilder::finish() {
  const Built built = m_watcher.result();
  const Then then = std::exchange(m_then, nullptr);
  if (built.scene) then(std::move(*built.scene));
  workOff();
  if (built.failure) std::rethrow_exception(built.failure);
}

// One of what waits in a turn of the event loop: each may take as long as the window is to stand still for.
void SceneBuilder::workOff() {
  if (m_then || m_waiting.empty()) return;
  QTimer::singleShot(0, this, [this] {
    if (m_then || m_waiting.empty()) return;
    const std::function<void()> next = std::move(m_waiting.front());
    m_waiting.pop_front();
    next();
    workOff();
  });
}

}  // namespace ui
