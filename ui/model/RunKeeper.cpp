#include "ui/model/RunKeeper.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "train/BlockPass.h"
#include "train/Trainer.h"

namespace ui {

namespace {

constexpr int kLookMs = 10;

void takeLast(train::TrainingSession& session, KeptRun& run) {
  for (const train::MetricPoint& point : session.takeMetrics()) run.metrics.add(point);
  run.snapshot = session.latest();
  run.moments = session.moments();
  if (run.snapshot->state != train::RunState::Running) return;
  auto paused = std::make_shared<train::Snapshot>(*run.snapshot);
  paused->state = train::RunState::Paused;
  run.snapshot = paused;
}

// As many as are kept with the run.
void keepMoments(KeptRun& run) {
  try {
    run.moments = std::make_shared<const std::vector<train::Moment>>(run.saved.get().moments);
  } catch (const std::exception&) {
    run.moments.reset();  // there was no memory for the run: whoever resumes it is told
  }
}

}  // namespace

std::shared_ptr<const KeptRun> keptRunOf(train::SavedRun run, const std::shared_ptr<const nn::Network>& network,
                                         const std::shared_ptr<const std::vector<float>>& weights, const QString& dataKey,
                                         const data::DataSplit& data) {
  const train::Checkpoint& checkpoint = run.checkpoint;
  train::requireFit(*network, *data.train);
  train::Trainer::requireResumable(checkpoint, *network, *data.train);
  auto snapshot = std::make_shared<train::Snapshot>();
  snapshot->step = checkpoint.step;
  snapshot->imagesSeen = run.progress.images;
  snapshot->epoch = double(checkpoint.epoch) + double(checkpoint.position) / double(data.train->count());
  snapshot->state = checkpoint.step > 0 ? train::RunState::Paused : train::RunState::Ready;
  snapshot->network = network;
  snapshot->parameters = *weights == checkpoint.parameters ? weights : std::make_shared<const std::vector<float>>(checkpoint.parameters);
  snapshot->elapsedSeconds = run.progress.seconds;
  auto kept = std::make_shared<KeptRun>();
  kept->snapshot = std::move(snapshot);
  kept->metrics = std::exchange(run.metrics, {});
  kept->log = std::exchange(run.log, train::RunLog());
  kept->moments = std::make_shared<const std::vector<train::Moment>>(run.moments);
  kept->dataKey = dataKey;
  kept->data = data;
  std::promise<train::SavedRun> saved;
  saved.set_value(std::move(run));
  kept->saved = saved.get_future().share();
  return kept;
}

RunKeeper::RunKeeper() {
  m_timer.setInterval(kLookMs);
  connect(&m_timer, &QTimer::timeout, this, &RunKeeper::look);
}

std::shared_ptr<const KeptRun> RunKeeper::keep(std::shared_ptr<train::TrainingSession> session, KeptRun present) {
  session->pause();
  present.saved = session->save().share();
  takeLast(*session, present);
  m_leaving.push_back({std::make_shared<KeptRun>(std::move(present)), std::move(session)});
  m_timer.start();
  return m_leaving.back().run;
}

// The threads of those that have ended their step are idle, so that they go at once.
void RunKeeper::look() {
  const auto first =
      std::stable_partition(m_leaving.begin(), m_leaving.end(), [](const Leaving& leaving) { return !leaving.run->isSettled(); });
  std::vector<Leaving> gone(std::make_move_iterator(first), std::make_move_iterator(m_leaving.end()));
  m_leaving.erase(first, m_leaving.end());
  if (m_leaving.empty()) m_timer.stop();
  for (const Leaving& leaving : gone) {
    takeLast(*leaving.session, *leaving.run);
    keepMoments(*leaving.run);
    emit settled(leaving.run);
  }
}

}  // namespace ui
