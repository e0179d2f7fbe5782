#include "ui/app/Workbench.h"

#include <utility>

#include <QDir>
#include <QFileInfo>

#include "io/Model.h"
#include "nn/Counted.h"
#include "ui/model/OpeningCommand.h"
#include "ui/model/UndoMemory.h"

namespace ui {

namespace {
constexpr int kUndoSteps = 100;
}  // namespace

Workbench::Workbench(QObject* parent)
    : QObject(parent),
      m_library(m_jobs),
      m_training(m_undo),
      m_models(m_jobs),
      m_unsaved(m_model, m_training, m_undo),
      m_inference(m_model) {
  connect(&m_unsaved, &UnsavedWeights::messageOutdated, this, &Workbench::messageOutdated);
  m_undo.setUndoLimit(kUndoSteps);
  connect(&m_models, &ModelCatalog::opened, this, &Workbench::open);
  connect(&m_training, &TrainingController::snapshotChanged, this, &Workbench::showSnapshot);
  connect(&m_training.lookBack(), &LookBack::moved, this, &Workbench::showMoment);
  connect(&m_training, &TrainingController::stopped, this, &Workbench::tellStop);
  connect(&m_training, &TrainingController::recipeChanged, this, &Workbench::useRecipe);
  connect(&m_training, &TrainingController::failed, this, [this](const nn::Issue& issue) { tell({Message::Kind::Failure, issue}); });
  connect(&m_training, &TrainingController::runLost, this, &Workbench::tellLostRun);
  connect(&m_library, &DatasetCatalog::changed, this, &Workbench::useData);
  connect(&m_unsaved, &UnsavedWeights::wantedBack, this, &Workbench::bringBack);
  connect(&m_unsaved, &UnsavedWeights::messageRaised, this, &Workbench::messageRaised);
  connect(&m_inference, &LiveInference::messageRaised, this, &Workbench::messageRaised);
  const auto tellFailure = [this](const nn::Issue& issue, Jobs::Lane lane) { tell(untilNext(lane, {Message::Kind::Failure, issue})); };
  connect(&m_jobs, &Jobs::failed, this, tellFailure);
  connect(&m_jobs, &Jobs::dropped, this, [this](Jobs::Lane lane) {
    if (lane == Jobs::Lane::Data || lane == Jobs::Lane::Training) m_training.awaitPlay(false);
    if (lane == Jobs::Lane::Models && std::exchange(m_awaited, nullptr) == &TrainingController::play) m_training.pause();
  });
  connect(&m_library, &DatasetCatalog::unlabeled, this, [this] { m_training.awaitPlay(false); });
  connect(&m_jobs, &Jobs::changed, this, &Workbench::trainWhatOpened);
  connect(&m_training, &TrainingController::pauseRequested, this, [this] { m_awaited = nullptr; });
  connect(&m_models, &ModelCatalog::failed, this, [tellFailure](const nn::Issue& issue) { tellFailure(issue, Jobs::Lane::Models); });
  connect(&m_library, &DatasetCatalog::noted, this, [this](const QString& where, const QString& what) {
    tell(untilNext(Jobs::Lane::Data, Message::of(Message::Kind::Warning, where, what)));
  });
  connect(&m_selection, &Selection::full, this, [this] {
    tell(Message::of(Message::Kind::Info, {}, tr("There is room for four units side by side"), tr("Close one of them first.")));
  });
}

void Workbench::open(const ReadModel& model) {
  ModelSlot slot = model.slot;
  unfreezeUnknown(slot);
  install(slot, std::nullopt);
  tellNotes(model);
}

void Workbench::openSaved(const ModelSlot& slot, const train::Recipe& recipe, bool offers, const QString& what) {
  if (offers) m_unsaved.offerBack(tr("The weights trained meanwhile gave way"));
  install(slot, recipe, what);
  leaveLoadingData();
}

void Workbench::install(ModelSlot slot, std::optional<train::Recipe> recipe, const QString& what) {
  const auto put = [this](ModelSlot& other, std::optional<train::Recipe>& itsRecipe, bool first) {
    if (!first) m_unsaved.offerBack(tr("%1 is open again").arg(other.title));
    const train::Recipe before = m_training.recipe();
    exchange(other);
    if (itsRecipe) m_training.setRecipe(*std::exchange(itsRecipe, before));
  };
  // A session brings its data along; with any other network the data that is loaded stays, and nothing more is held of it.
  const data::DataSplit* loaded = recipe ? nullptr : &m_library.split();
  // Weights that are nowhere else are always held. What can be opened again is held as long as there is room, and the steps before it stay.
  const auto held = [&] {
    return m_unsaved.exist() || leavesRoomToUndo(m_undo, m_model, m_training.exists() ? &m_training.run().data : nullptr, loaded);
  };
  const QString text = what.isEmpty() ? tr("opening %1").arg(slot.title) : what;
  if (network() && held()) return m_undo.push(new OpeningCommand(text, slot, recipe, put));
  put(slot, recipe, true);
  if (slot.network()) tell(untilNext(Jobs::Lane::Models, notHeldMessage(slot, loaded)));
}

void Workbench::markSaved(const std::shared_ptr<const nn::Network>& network, const Parameters& parameters, const QString& sessionFile,
                          const train::Recipe& recipe, const RunIdentity& run) {
  if (network != this->network()) return;
  m_model.sessionFile = sessionFile;
  m_model.sessionRecipe = recipe;
  m_model.sessionRun = run;
  const Parameters now = m_unsaved.newest();
  if (now != parameters && *now != *parameters) return savedChanged();
  if (now != m_model.parameters && !m_training.lookBack().moment()) useParameters(now);
  m_model.unsaved = false;
  emit savedChanged();
}

// Changes places with the open model, as it is now, and their runs with them.
void Workbench::exchange(ModelSlot& slot) {
  m_selection.setNetwork(slot.network());  // first: nobody is told of units that the open network lacks
  train::Recipe recipe = m_training.recipe();
  m_model.run = m_training.keep();
  m_model.unsaved = m_unsaved.exist();
  m_model.parameters = m_unsaved.newest();
  m_model.frozen = std::exchange(recipe.frozen, slot.frozen);
  train::followNetwork(recipe, network().get(), slot.network().get());
  std::swap(m_model, slot);
  useParameters(m_model.parameters);
  m_inference.dropValues();
  m_training.setStart(network(), m_model.parameters);
  emit networkChanged();
  emit startChanged();
  m_inference.recompute();
  m_training.setRecipe(recipe);
  useRecipe();
  resume(std::exchange(m_model.run, nullptr));
  m_unsaved.withdrawOffers();
}

bool Workbench::refusesUndo(int index) {
  if (!m_training.running() || !OpeningCommand::at(m_undo, index)) return false;
  Message message =
      Message::of(Message::Kind::Info, {}, tr("Training runs: no other network is opened meanwhile"), tr("Pause it, then undo or redo."));
  message.actionText = tr("Pause training");
  message.action = [this] { m_training.pause(); };
  message.holds = [this] { return m_training.running(); };
  tell(message);
  return true;
}

void Workbench::undo() {
  if (!refusesUndo(m_undo.index() - 1)) m_undo.undo();
}

void Workbench::redo() {
  if (!refusesUndo(m_undo.index())) m_undo.redo();
}

// One message: a warning where the model is not whole, else information.
void Workbench::tellNotes(const ReadModel& model) {
  if (model.notes.empty()) return;
  const std::string text = nn::joined(model.notes, {}, "; ");
  const Message::Kind kind = model.slot.unread.isEmpty() ? Message::Kind::Info : Message::Kind::Warning;
  tell(untilNext(Jobs::Lane::Models, {kind, {model.slot.title.toStdString(), text, ""}}));
}

void Workbench::save(const QString& path, std::function<void()> then) {
  if (!m_model.runner || refusesSaving(path)) return;
  const auto work = [this, path, then = std::move(then), network = network(), parameters = parameters(),
                     calibration = m_inference.calibration(),
                     unread = m_model.unread.toStdString()](const data::Progress&) -> Jobs::Finish {
    io::saveOnnx(path, *network, *parameters, calibration, unread);
    return [this, path, then, network, parameters] {
      const bool ofRun = m_training.latest() && m_training.latest()->step > 0;  // whose steps and curves no such file holds
      if (parameters == this->parameters() && !ofRun) m_model.unsaved = false;
      if (network == this->network()) {
        m_model.exportFile = path;
        m_model.exported = parameters;
      }
      emit savedChanged();
      tell(savedMessage(path));
      if (then) then();
    };
  };
  m_jobs.start(tr("Saving %1").arg(QFileInfo(path).fileName()), work, Jobs::Lane::Saving);
}

bool Workbench::refusesSaving(const QString& path) {
  if (m_model.unread.isEmpty() || !QFileInfo::exists(path) || QFileInfo(path) != QFileInfo(m_model.name)) return false;
  tell(untilNext(Jobs::Lane::Saving,
                 Message::of(Message::Kind::Failure, m_model.title, tr("Not saved over the original: %1").arg(m_model.unread),
                             tr("The file would lack them. Choose another name."))));
  return true;
}

Message Workbench::savedMessage(const QString& path) {
  const QString where = QDir::toNativeSeparators(path);
  if (m_model.unread.isEmpty()) return Message::of(Message::Kind::Info, where, tr("Saved"));
  return untilNext(Jobs::Lane::Models,
                   Message::of(Message::Kind::Warning, where, tr("Saved without what could not be read: %1").arg(m_model.unread),
                               tr("The file is not the network that was opened.")));
}

}  // namespace ui
