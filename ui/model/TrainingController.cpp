#include "ui/model/TrainingController.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <QUndoStack>

namespace ui {

using train::RunState;

namespace {

constexpr int kNoField = -1;  // QUndoCommand's word for what never merges
constexpr std::chrono::milliseconds kOneGo{1500};
constexpr int kSettleMs = 10;

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

// Takes over the points of the curves that nobody has seen yet, and the last step.
void takeLast(train::TrainingSession& session, train::MetricLog& metrics, std::shared_ptr<const train::Snapshot>& snapshot) {
  for (const train::MetricPoint& point : session.takeMetrics()) metrics.add(point);
  snapshot = session.latest();
  if (snapshot->state != RunState::Running) return;
  auto paused = std::make_shared<train::Snapshot>(*snapshot);
  paused->state = RunState::Paused;
  snapshot = paused;
}

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
  m_settling.setInterval(kSettleMs);
  connect(&m_settling, &QTimer::timeout, this, &TrainingController::settle);
}

TrainingController::~TrainingController() = default;

void TrainingController::setStart(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> startParameters) {
  m_network = std::move(network);
  m_start = std::move(startParameters);
  drop();
}

void TrainingController::setData(const QString& key, const data::DataSplit& data) {
  if (m_session) show(m_session->latest(), true);
  if (m_snapshot && m_snapshot->step > 0) m_start = m_snapshot->parameters;
  m_dataKey = key;
  m_data = data;
  drop();
}

void TrainingController::drop() {
  m_timer.stop();
  m_settled = nullptr;
  m_wanted = false;
  m_session.reset();
  m_kept.reset();
  m_whenSettled = nullptr;
  m_snapshot.reset();
  m_metrics.clear();
  m_log = train::RunLog(m_options);
  m_governor.reset();
  emit cleared();
}

std::shared_future<train::SavedRun> TrainingController::save() const {
  if (m_kept) return m_kept->saved;
  return m_session ? m_session->save().share() : std::shared_future<train::SavedRun>();
}

void TrainingController::resume(const train::SavedRun& run) {
  drop();
  begin(m_options, &run);
  m_metrics = run.metrics;
  m_log = run.log;
  tellAll();
}

void TrainingController::tellAll() {
  emit recipeChanged();
  emit metricsAdded();
  emit snapshotChanged();
}

std::shared_ptr<const KeptRun> TrainingController::keep() {
  if (!m_session) return m_kept;
  if (m_session->latest()->step == 0) return nullptr;
  m_session->pause();
  takeLast(*m_session, m_metrics, m_snapshot);
  auto run = std::make_shared<KeptRun>(KeptRun{m_snapshot, m_metrics, m_log, m_dataKey, m_data, m_session->save().share()});
  m_kept = run;
  m_leaving.push_back({std::move(run), std::move(m_session)});
  m_timer.stop();
  m_settled = nullptr;
  m_wanted = false;
  m_settling.start();
  return m_kept;
}

// Their threads are idle now, so that they end at once.
void TrainingController::settle() {
  bool present = false;
  std::erase_if(m_leaving, [&](Leaving& leaving) {
    if (!leaving.run->isSettled()) return false;
    takeLast(*leaving.session, leaving.run->metrics, leaving.run->snapshot);
    present |= leaving.run == m_kept;
    return true;
  });
  if (m_leaving.empty()) m_settling.stop();
  if (!present) return;
  const std::function<void()> then = std::exchange(m_whenSettled, nullptr);
  resume(m_kept);
  if (then) then();
}

void TrainingController::resume(const std::shared_ptr<const KeptRun>& run) {
  const std::shared_ptr<const KeptRun> kept = run;  // it may be the one that is dropped
  drop();
  m_dataKey = kept->dataKey;
  m_data = kept->data;
  if (kept->isSettled()) {
    try {
      kept->saved.get();
    } catch (const std::exception&) {
      return emit runLost();
    }
  }
  m_kept = kept;
  m_snapshot = kept->snapshot;
  m_metrics = kept->metrics;
  m_log = kept->log;
  m_log.change(m_snapshot->step, m_snapshot->epoch, m_options);
  tellAll();
}

void TrainingController::whenSettled(std::function<void()> then) {
  if (m_kept && !m_kept->isSettled())
    m_whenSettled = std::move(then);
  else
    then();
}

void TrainingController::setRecipe(const train::Recipe& recipe) {
  if (m_options == recipe) return;
  static_cast<train::Recipe&>(m_options) = recipe;
  if (m_session) m_session->setRecipe(recipe);
  if (exists()) {
    const std::shared_ptr<const train::Snapshot> latest = m_session ? m_session->latest() : m_snapshot;
    m_log.change(latest->step, latest->epoch, recipe);
  } else {
    m_log = train::RunLog(recipe);
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

bool TrainingController::running() const {
  return m_wanted;
}

std::shared_ptr<const train::Snapshot> TrainingController::latest() const {
  return m_session && !m_seen ? m_session->latest() : m_snapshot;
}

void TrainingController::ensure() {
  if (m_session || !m_network) return;
  begin(m_options, m_kept ? &m_kept->saved.get() : nullptr);
  m_kept.reset();
}

// What was set since it was kept goes on with it.
void TrainingController::begin(train::TrainingOptions options, const train::SavedRun* resumed) {
  if (resumed) static_cast<train::Recipe&>(options) = resumed->checkpoint.recipe;
  m_session = std::make_unique<train::TrainingSession>(m_network, m_data, options, *m_start, resumed);
  if (resumed) m_session->setRecipe(m_options);
  m_session->setPublishInterval(std::chrono::milliseconds(m_timer.interval() * 3 / 4));  // one is ready at every tick
  m_snapshot = m_session->latest();
}

void TrainingController::play() {
  ensure();
  const auto before = m_session->latest();  // perhaps Diverged or Failed: then the next one tells
  m_session->play();
  m_wanted = true;
  fetchUntil([before](const train::Snapshot& snapshot) {
    return snapshot.state == RunState::Running ||
           (&snapshot != before.get() && snapshot.state != RunState::Ready && snapshot.state != RunState::Paused);
  });
}

void TrainingController::pause() {
  m_wanted = false;
  if (!m_session) return;
  m_session->pause();
  fetchUntil([](const train::Snapshot& snapshot) { return snapshot.state != RunState::Running; });
}

void TrainingController::singleStep() {
  ensure();
  m_wanted = false;
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
  const std::shared_ptr<const train::Snapshot> latest = m_session->latest();
  if (m_settled && m_settled(*latest)) m_settled = nullptr;
  const bool ended = !m_settled && latest->state != RunState::Running;
  if (ended) {
    m_timer.stop();
    m_wanted = false;
  }
  if (m_seen || ended) show(latest, ended);
}

void TrainingController::show(const std::shared_ptr<const train::Snapshot>& latest, bool ended) {
  const std::vector<train::MetricPoint> points = m_session->takeMetrics();
  if (latest != m_snapshot || ended) emit fetching(!ended);
  if (!points.empty()) {
    for (const train::MetricPoint& point : points) m_metrics.add(point);
    emit metricsAdded();
  }
  if (latest != m_snapshot || ended) {
    m_snapshot = latest;
    emit snapshotChanged();
  }
}

void TrainingController::setSeen(bool seen) {
  if (seen == m_seen) return;
  m_seen = seen;
  if (m_seen && m_timer.isActive()) fetch();
}

void TrainingController::reportDrawingCost(double costMs, int cores) {
  m_governor.addSample(costMs, cores);
  const int interval = m_governor.intervalMs();
  if (interval == m_timer.interval()) return;
  m_timer.setInterval(interval);
  if (m_session) m_session->setPublishInterval(std::chrono::milliseconds(interval * 3 / 4));  // one is ready at every tick
}

}  // namespace ui
