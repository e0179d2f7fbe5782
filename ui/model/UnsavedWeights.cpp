#include "ui/model/UnsavedWeights.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/base/Numbers.h"
#include "ui/model/OpeningCommand.h"
#include "ui/model/TrainingController.h"

namespace ui {

namespace {

TrainedWeights weightsOf(const ModelSlot& slot, const ModelSlot::Parameters& weights) {
  return {slot.name, slot.title, slot.network(), weights, slot.trained, slot.startFrom, slot.classesOfData};
}

}  // namespace

UnsavedWeights::UnsavedWeights(const ModelSlot& model, TrainingController& training, const QUndoStack& undo, QObject* parent)
    : QObject(parent), m_model(model), m_training(training), m_undo(undo) {}

ModelSlot::Parameters UnsavedWeights::newest() const {
  const std::shared_ptr<const train::Snapshot> latest = m_training.latest();
  return latest && latest->step > 0 && latest->network == m_model.network() ? latest->parameters : m_model.parameters;
}

// Those of a moment that is looked back at are only shown.
bool UnsavedWeights::exist() const {
  return m_model.unsaved || (!m_training.lookBack().moment() && newest() != m_model.parameters);
}

bool UnsavedWeights::existOrSettingsChanged() const {
  return exist() || (!m_model.sessionFile.isEmpty() && m_training.recipe() != m_model.sessionRecipe);
}

bool UnsavedWeights::wouldReplaceRun() const {
  return !m_model.sessionFile.isEmpty() && !m_model.sessionRun.isNone() && m_model.sessionRun != m_training.run().identity;
}

std::optional<TrainedWeights> UnsavedWeights::inUse() const {
  return exist() ? std::optional(weightsOf(m_model, newest())) : std::nullopt;
}

UnsavedWeights::Held UnsavedWeights::offeredBack() const {
  Held offered;
  for (const Offer& offer : m_offers)
    if (auto held = offer.weights.lock()) offered.push_back(std::move(held));
  return offered;
}

UnsavedWeights::Held UnsavedWeights::heldByUndo() const {
  Held held;
  for (const ModelSlot* slot : OpeningCommand::heldBy(m_undo))
    if (slot->unsaved) {
      TrainedWeights trained = weightsOf(*slot, slot->run ? slot->run->snapshot->parameters : slot->parameters);
      trained.run = slot->run;
      held.push_back(std::make_shared<const TrainedWeights>(std::move(trained)));
    }
  return held;
}

// Stays until it is answered: nothing else leads back to these weights.
void UnsavedWeights::offerBack(const QString& why) {
  if (!exist()) return;
  const std::shared_ptr<const KeptRun> run = m_training.keep();
  TrainedWeights inHand = *inUse();
  inHand.recipe = m_training.recipe();
  inHand.run = run;
  const auto trained = std::make_shared<const TrainedWeights>(std::move(inHand));
  std::erase_if(m_offers, [](const Offer& offer) { return offer.weights.expired(); });
  // It may stand until another network is open, and beside others: a message takes the place of one with the same words.
  QString what = trained->title;
  if (run)
    what = tr("%1, step %2 at epoch %3")
               .arg(what, countText(run->snapshot->step), plainNumber(std::round(run->snapshot->epoch * 1000) / 1000));
  if (run && run->snapshot->state == train::RunState::Diverged) what = tr("%1, where it diverged").arg(what);
  const auto issueOf = [&](const QString& which) {
    return nn::Issue{"", why.toStdString(), tr("What was trained is not saved: %1.").arg(which).toStdString()};
  };
  nn::Issue issue = issueOf(what);
  const auto isTold = [&](const Offer& offer) { return offer.message == issue; };
  for (int n = 2; std::any_of(m_offers.begin(), m_offers.end(), isTold); ++n) issue = issueOf(QStringLiteral("%1 (%2)").arg(what).arg(n));
  m_offers.push_back({trained, issue});
  const auto bringBack = [this, trained] { emit wantedBack(trained); };
  emit messageRaised({Message::Kind::Info, issue, tr("Bring the trained weights back"), bringBack, tr("Let them go"), {}, true});
}

void UnsavedWeights::withdrawOffers() {
  std::vector<nn::Issue> outdated;
  for (const Offer& offer : m_offers)
    if (const auto held = offer.weights.lock();
        held && (held->weights == m_model.parameters || (held->run && held->run->snapshot->parameters == m_model.parameters)))
      outdated.push_back(offer.message);
  for (const nn::Issue& issue : outdated) emit messageOutdated(issue);
}

}  // namespace ui
