#include "ui/model/TrainingController.h"

#include <chrono>
#include <utility>

#include <QThreadPool>
#include <QUndoStack>

#include "ui/base/Jobs.h"

namespace ui {

using train::RunState;

namespace {

constexpr int kNoField = -1;  // QUndoCommand's word for what never merges
constexpr std::chrono::milliseconds kOneGo{1500};

// A change of the recipe by the person. Steps of one field that follow each other quickly, as of a wheel, are one.
class RecipeEdit : public QUndoCommand {
 public:
  RecipeEdit(TrainingController& training, const train::Recipe& after, const QString& what, int field)
      : QUndoCommand(what), m_training(training), m_before(training.recipe()), m_after(after), m_field(field) {}
  int id() const override { return m_field; }
  void undo() override { m_training.setRecipe(m_before); }
  void redo() override { m_training.setRecipe(m_after); }
  bool mergeWith(const QUndoCommand* other) override {
    const auto& next = static_cast<const RecipeEdit&>(*other);
    if (next.m_made - m_made > kOneGo) return false;
    m_after = next.m_after;
    m_made = next.m_made;
    setObsolete(m_after == m_before);
    return true;
  }

 private:
  TrainingController& m_training;
  train::Recipe m_before, m_after;
  int m_field;
  std::chrono::steady_clock::time_point m_made = std::chrono::steady_clock::now();
};

// "Learning rate" as it stands behind "Undo"; "L2" stays.
QString withinSentence(QString text) {
  if (text.size() > 1 && text[1].isLower()) text[0] = text[0].toLower();
  return text;
}

}  // namespace

TrainingController::TrainingController(QUndoStack& undo, QObject* parent) : QObject(parent), m_undo(undo) {
  m_options.background = true;
  m_timer.setTimerType(Qt::PreciseTimer);
  m_timer.setInterval(RefreshGovernor::kShortestMs);
  connect(&m_timer, &QTimer::timeout, this, &TrainingController::fetch);
  connect(&m_keeper, &RunKeeper::settled, this, &TrainingController::settle);
  connect(&m_lookBack, &LookBack::begins, this, [this] {
    if (running()) pause();
  });
}

void TrainingController::setStart(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> startParameters) {
  m_network = std::move(network);
  m_start = std::move(startParameters);
  drop();
}

void TrainingController::setData(const QString& key, const data::DataSplit& data) {
  m_lookBack.toNow();
  if (m_session) show(m_session->latest(), true);
  if (m_run.snapshot && m_run.snapshot->step > 0) m_start = m_run.snapshot->parameters;
  m_run.dataKey = key;
  m_run.data = data;
  drop();
}

void TrainingController::drop() {
  m_timer.stop();
  m_settled = nullptr;
  m_asked.wanted = false;
  m_session.reset();
  m_kept.reset();
  m_whenSettled = nullptr;
  if (m_run.snapshot) emit ended(m_run);
  m_run.identity = RunIdentity::ofNewRun();
  m_run.snapshot.reset();
  m_run.metrics.clear();
  m_run.log = train::RunLog(m_options);
  m_run.moments.reset();
  m_lookBack.forget();
  m_governor.reset();
  emit cleared();
}

std::shared_future<train::SavedRun> TrainingController::save() const {
  if (m_kept) return m_kept->saved;
  return m_session ? m_session->save().share() : std::shared_future<train::SavedRun>();
}

std::shared_ptr<const KeptRun> TrainingController::keep() {
  if (!m_session) return m_kept;
  if (m_session->latest()->step == 0) return nullptr;
  m_kept = m_keeper.keep(std::move(m_session), m_run);
  m_run.snapshot = m_kept->snapshot;
  m_run.metrics = m_kept->metrics;
  m_run.moments = m_kept->moments;
  m_timer.stop();
  m_settled = nullptr;
  m_asked.wanted = false;
  return m_kept;
}

void TrainingController::settle(const std::shared_ptr<const KeptRun>& run) {
  if (run != m_kept) return;
  const std::function<void()> then = std::exchange(m_whenSettled, nullptr);
  resume(run);
  try {
    if (then) then();
  } catch (const nn::Error& error) {
    emit failed(error.issue());
  }
}

bool TrainingController::waits(std::function<void()> then) {
  if (!m_kept || m_kept->isSettled()) return false;
  m_whenSettled = std::move(then);
  return true;
}

void TrainingController::resume(const std::shared_ptr<const KeptRun>& run) {
  const std::shared_ptr<const KeptRun> kept = run;  // it may be the one that is dropped
  drop();
  m_run.dataKey = kept->dataKey;
  m_run.data = kept->data;
  if (kept->isSettled()) {
    try {
      kept->saved.get();
    } catch (const std::exception&) {
      return emit runLost();
    }
  }
  m_kept = kept;
  m_run.identity = kept->identity;
  m_run.snapshot = kept->snapshot;
  m_run.metrics = kept->metrics;
  m_run.log = kept->log;
  m_run.moments = kept->moments;
  m_run.log.change(m_run.snapshot->step, m_run.snapshot->epoch, m_options);
  emit recipeChanged();
  emit metricsAdded();
  emit snapshotChanged();
}

void TrainingController::setRecipe(const train::Recipe& recipe) {
  if (m_options == recipe) return;
  static_cast<train::Recipe&>(m_options) = recipe;
  if (m_session) m_session->setRecipe(recipe);
  if (exists()) {
    const std::shared_ptr<const train::Snapshot> latest = m_session ? m_session->latest() : m_run.snapshot;
    m_run.log.change(latest->step, latest->epoch, recipe);
  } else {
    m_run.log = train::RunLog(recipe);
  }
  emit recipeChanged();
}

void TrainingController::setField(const train::RecipeField& field, const nn::FieldValue& value) {
  train::Recipe recipe = m_options;
  train::choose(recipe, field, value);
  edit(recipe, withinSentence(QString::fromStdString(field.info.label)), int(&field - train::recipeFields().data()));
}

void TrainingController::restoreStandard() {
  edit({}, tr("standard training settings"), kNoField);
}

void TrainingController::edit(const train::Recipe& recipe, const QString& what, int field) {
  if (m_options != recipe) m_undo.push(new RecipeEdit(*this, recipe, what, field));
}

std::shared_ptr<const train::Snapshot> TrainingController::latest() const {
  return m_session && !m_asked.seen ? m_session->latest() : m_run.snapshot;
}

void TrainingController::ensure() {
  if (!m_session && m_network) use(makerOf(m_kept ? m_kept->saved : std::shared_future<train::SavedRun>())({}));
}

// A session that takes its time to be made ends in another thread, too.
TrainingController::Preparation TrainingController::preparation() {
  if (m_session || !m_network || (m_kept && !m_kept->isSettled())) return {};
  const std::function<Session(const GoesOn&)> make = makerOf(m_kept ? m_kept->saved : std::shared_future<train::SavedRun>());
  return [this, make, network = m_network, kept = m_kept, images = m_run.data.train](const GoesOn& goesOn) -> std::function<bool()> {
    Session made = make(goesOn);
    if (!goesOn()) return {};
    const Session session(
        made.get(), [made](auto*) mutable { Jobs::threads().start([last = std::exchange(made, nullptr)]() mutable { last.reset(); }); });
    return [this, network, kept, images, session] {
      if (m_session || m_network != network || m_kept != kept || m_run.data.train != images) return false;
      use(session);
      return true;
    };
  };
}

std::function<TrainingController::Session(const TrainingController::GoesOn&)> TrainingController::makerOf(
    std::shared_future<train::SavedRun> resumed) const {
  return [network = m_network, data = m_run.data, options = m_options, start = m_start,
          resumed = std::move(resumed)](const GoesOn& goesOn) mutable {
    const train::SavedRun* run = resumed.valid() ? &resumed.get() : nullptr;
    if (run) static_cast<train::Recipe&>(options) = run->checkpoint.recipe;
    return std::make_shared<train::TrainingSession>(network, data, options, *start, run, goesOn);
  };
}

// What was set since it was kept goes on with it.
void TrainingController::use(Session session) {
  m_kept.reset();
  m_session = std::move(session);
  m_session->setRecipe(m_options);
  m_session->setPace(m_asked.pace);
  m_session->setPublishInterval(std::chrono::milliseconds(m_timer.interval() * 3 / 4));  // one is ready at every tick
  m_run.snapshot = m_session->latest();
  m_run.moments = m_session->moments();
}

void TrainingController::awaitPlay(bool wanted) {
  if (m_asked.wanted == wanted || (m_session && !wanted)) return;
  m_asked.wanted = wanted;
  emit snapshotChanged();
}

void TrainingController::play() {
  m_lookBack.toNow();
  if (waits([this] { play(); })) return;
  ensure();
  const auto before = m_session->latest();  // perhaps Diverged or Failed: then the next one tells
  m_session->play();
  m_asked.wanted = true;
  fetchUntil([before](const train::Snapshot& snapshot) {
    return snapshot.state == RunState::Running ||
           (&snapshot != before.get() &&
            ((snapshot.state != RunState::Ready && snapshot.state != RunState::Paused) || !snapshot.message.empty()));  // it has stopped
  });
}

void TrainingController::pause() {
  emit pauseRequested();
  m_whenSettled = nullptr;
  if (!m_session) return awaitPlay(false);
  m_asked.wanted = false;
  m_session->pause();
  fetchUntil([](const train::Snapshot& snapshot) { return snapshot.state != RunState::Running; });
}

void TrainingController::singleStep() {
  m_lookBack.toNow();
  if (waits([this] { singleStep(); })) return;
  ensure();
  m_asked.wanted = false;
  const std::uint64_t before = m_session->latest()->step;
  m_session->singleStep();
  fetchUntil([before](const train::Snapshot& snapshot) {
    return snapshot.state == RunState::Diverged || snapshot.state == RunState::Failed ||
           (snapshot.step > before && snapshot.state != RunState::Running);
  });
}

void TrainingController::fetchUntil(std::function<bool(const train::Snapshot&)> settled) {
  m_settled = std::move(settled);
  m_timer.start();
  emit snapshotChanged();
}

void TrainingController::fetch() {
  if (!m_session) return;
  if (const int interval = m_governor.intervalMs(); interval != m_timer.interval()) {
    m_timer.setInterval(interval);
    m_session->setPublishInterval(std::chrono::milliseconds(interval * 3 / 4));  // one is ready at every tick
  }
  const std::shared_ptr<const train::Snapshot> latest = m_session->latest();
  if (m_settled && m_settled(*latest)) m_settled = nullptr;
  const bool ended = !m_settled && latest->state != RunState::Running;
  if (ended) {
    m_timer.stop();
    m_asked.wanted = false;
  }
  if (m_asked.seen || ended) show(latest, ended);
  if (ended && latest->state == RunState::Paused && !latest->message.empty()) emit stopped(QString::fromStdString(latest->message));
}

void TrainingController::show(const std::shared_ptr<const train::Snapshot>& latest, bool ended) {
  const std::vector<train::MetricPoint> points = m_session->takeMetrics();
  if (latest != m_run.snapshot || ended) emit fetching(!ended);
  if (!points.empty()) {
    for (const train::MetricPoint& point : points) m_run.metrics.add(point);
    emit metricsAdded();
  }
  if (latest != m_run.snapshot || ended) {
    m_run.snapshot = latest;
    m_run.moments = m_session->moments();
    if (latest->state == RunState::Diverged || latest->state == RunState::Failed) m_run.log.tried();
    emit snapshotChanged();
  }
}

void TrainingController::setPace(double stepsPerSecond) {
  m_asked.pace = stepsPerSecond;
  if (m_session) m_session->setPace(stepsPerSecond);
}

void TrainingController::setSeen(bool seen) {
  if (seen == m_asked.seen) return;
  m_asked.seen = seen;
  if (m_asked.seen && m_timer.isActive()) fetch();
}

}  // namespace ui
