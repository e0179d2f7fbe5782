#include "ui/model/TrainingController.h"

#include <chrono>
#include <utility>

#include <QUndoStack>

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
}

TrainingController::~TrainingController() = default;

void TrainingController::setStart(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> startParameters) {
  m_network = std::move(network);
  m_start = std::move(startParameters);
  drop();
}

void TrainingController::setData(const data::DataSplit& data) {
  if (m_session) {
    show(m_session->latest(), true);
    if (m_snapshot->step > 0) m_start = m_snapshot->parameters;
  }
  m_data = data;
  drop();
}

void TrainingController::drop() {
  m_timer.stop();
  m_settled = nullptr;
  m_wanted = false;
  m_session.reset();
  m_snapshot.reset();
  m_metrics.clear();
  m_log = train::RunLog(m_options);
  m_governor.reset();
  emit cleared();
}

std::shared_future<train::SavedRun> TrainingController::save() const {
  return m_session ? m_session->save().share() : std::shared_future<train::SavedRun>();
}

void TrainingController::resume(const train::SavedRun& run) {
  drop();
  train::TrainingOptions options = m_options;
  static_cast<train::Recipe&>(options) = run.checkpoint.recipe;
  begin(options, &run);
  m_metrics = run.metrics;
  m_log = run.log;
  emit recipeChanged();
  emit metricsAdded();
  emit snapshotChanged();
}

void TrainingController::setRecipe(const train::Recipe& recipe) {
  if (m_options == recipe) return;
  static_cast<train::Recipe&>(m_options) = recipe;
  if (m_session) {
    m_session->setRecipe(recipe);
    const std::shared_ptr<const train::Snapshot> latest = m_session->latest();
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
  if (!m_session && m_network) begin(m_options, nullptr);
}

void TrainingController::begin(const train::TrainingOptions& options, const train::SavedRun* resumed) {
  m_session = std::make_unique<train::TrainingSession>(m_network, m_data, options, *m_start, resumed);
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
