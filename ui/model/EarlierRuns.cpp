#include "ui/model/EarlierRuns.h"

#include <algorithm>

#include "ui/model/TrainingController.h"

namespace ui {

namespace {

constexpr std::size_t kFewestPoints = 2;  // of a curve

// By what it was trained; what all runs have in common need not be said.
QString nameOf(const KeptRun& run) {
  const train::Recipe& recipe = run.log.start();
  QStringList words{QString::fromStdString(run.snapshot->network->spec().title),
                    QString::fromStdString(std::string(nn::optimizerName(recipe.optimizer.kind))),
                    QObject::tr("rate %1").arg(double(recipe.optimizer.learningRate), 0, 'g', 3)};
  const train::Recipe standard;
  for (const train::FieldChange& change : train::differences(standard, recipe))
    if (change.field != "optimizer" && change.field != "learning-rate" && change.field != "epochs")
      words << QString::fromStdString(train::describe(change));
  return words.join(QStringLiteral(", "));
}

}  // namespace

EarlierRuns::EarlierRuns(TrainingController& training, QObject* parent) : QObject(parent), m_training(training) {
  connect(&training, &TrainingController::ended, this, &EarlierRuns::keep);
  connect(&training, &TrainingController::metricsAdded, this, &EarlierRuns::leaveOut);
}

void EarlierRuns::keep(const KeptRun& run) {
  if (!run.snapshot || run.metrics.series(train::MetricLog::kTrainingLoss).size() < kFewestPoints) return;
  std::erase_if(m_runs, [&](const EarlierRun& each) { return each.identity == run.identity; });
  if (m_runs.size() == kMost) m_runs.erase(m_runs.begin());
  const tasks::Task& task = tasks::taskOf(*run.snapshot->network);
  const QString brief = tr("Run %1").arg(++m_count);
  m_runs.push_back({run.identity, tr("%1: %2").arg(brief, nameOf(run)), brief, task.metrics[task.twoLosses ? 1 : 0].id,
                    std::make_shared<const train::MetricLog>(run.metrics)});
  emit changed();
}

// The one that is trained again is no earlier one.
void EarlierRuns::leaveOut() {
  const RunIdentity& present = m_training.run().identity;
  if (std::erase_if(m_runs, [&](const EarlierRun& each) { return each.identity == present; }) > 0) emit changed();
}

void EarlierRuns::forget() {
  m_runs.clear();
  emit changed();
}

}  // namespace ui
