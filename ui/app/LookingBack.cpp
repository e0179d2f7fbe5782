#include "ui/app/LookingBack.h"

#include <algorithm>
#include <utility>

#include "train/Trainer.h"
#include "train/history/History.h"
#include "ui/app/Workbench.h"
#include "ui/base/Numbers.h"

namespace ui {

namespace {

// The moment with its state: the steps since the last one that has it are taken once more, which gives the same bits.
std::optional<train::Moment> wholeMoment(const train::Moment& moment, const std::shared_ptr<const nn::Network>& network, const KeptRun& run,
                                         const data::Progress& progress) {
  if (moment.state) return moment;
  const auto before = std::find_if(run.moments->rbegin(), run.moments->rend(),
                                   [&](const train::Moment& each) { return each.state && each.step <= moment.step; });
  if (before == run.moments->rend()) throw nn::Error("no state was recorded before step " + std::to_string(moment.step), "history");
  const train::SavedRun from = train::runAt(*before, run.log, {});
  train::TrainingOptions options;
  static_cast<train::Recipe&>(options) = from.checkpoint.recipe;
  train::Trainer trainer(network, run.data.train, options);
  trainer.restore(from.checkpoint);
  auto state = std::make_shared<train::SavedRun>(*before->state);
  auto epoch = std::uint64_t(trainer.epoch());
  const auto taken = [&](const train::StepResult& step) {
    const std::uint64_t last = std::exchange(epoch, std::uint64_t(trainer.epoch()));
    train::addStep(state->progress, step, last != epoch);
  };
  // Nothing was changed on the way (train::Moment::changed).
  while (trainer.stepCount() < moment.step) {
    if (progress && !progress(double(trainer.stepCount() - before->step) / double(moment.step - before->step))) return std::nullopt;
    taken(trainer.step());
  }
  state->checkpoint = trainer.checkpoint();
  state->checkpoint.parameters.clear();
  train::Moment whole = moment;
  whole.state = std::move(state);
  return whole;
}

void begin(Workbench& workbench, const train::Moment& moment, const KeptRun& run) {
  train::SavedRun saved = train::runAt(moment, run.log, run.metrics, *run.moments);
  ModelSlot slot = workbench.model();
  slot.parameters = moment.parameters;
  slot.unsaved = true;
  slot.run = keptRunOf(std::move(saved), workbench.network(), moment.parameters, run.dataKey, run.data);
  workbench.openSaved(slot, workbench.training().recipe(), false, QObject::tr("training on from step %1").arg(countText(moment.step)));
  workbench.play();
}

}  // namespace

void lookBy(Workbench& workbench, int moments) {
  TrainingController& training = workbench.training();
  const auto all = training.run().moments;
  if (!all || all->size() < 2) return;
  const auto isShown = [&](const train::Moment& each) {
    return training.lookBack().moment() && each.step == training.lookBack().moment()->step;
  };
  const auto at = std::find_if(all->begin(), all->end(), isShown) - all->begin() + moments;  // behind the last one: now
  at < std::ssize(*all) ? training.lookBack().at((*all)[std::size_t(std::max<std::ptrdiff_t>(at, 0))]) : training.lookBack().toNow();
}

void branchFrom(Workbench& workbench, const train::Moment& moment) {
  const KeptRun run = workbench.training().run();
  if (moment.state) return begin(workbench, moment, run);
  const auto work = [&workbench, moment, run, network = workbench.network()](const data::Progress& progress) -> Jobs::Finish {
    const std::optional<train::Moment> whole = wholeMoment(moment, network, run, progress);
    if (!whole) return {};
    return [&workbench, whole = *whole, run] {
      if (workbench.training().run().identity == run.identity) begin(workbench, whole, run);
    };
  };
  workbench.jobs().start(QObject::tr("Computing step %1 once more").arg(countText(moment.step)), work, Jobs::Lane::Training);
}

}  // namespace ui
