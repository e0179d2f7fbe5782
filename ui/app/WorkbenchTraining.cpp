// The training run of the workbench: whose weights it begins with, what becomes of those that were trained, and its data.
#include <algorithm>
#include <cmath>
#include <utility>

#include "io/Model.h"
#include "tasks/ClassNames.h"
#include "train/TrainingMemory.h"
#include "ui/app/LastLayer.h"
#include "ui/app/Workbench.h"

namespace ui {

namespace {
constexpr std::size_t kManyParameters = 2000000;    // take longer to be drawn than the window may stand still
constexpr std::uint64_t kMuchMemory = 64ull << 20;  // bytes; takes longer to be had
}  // namespace

void Workbench::whenDataIsThere(const std::function<void()>& then) {
  const auto guarded = [this, then, asked = network()] {
    if (network() != asked) return;
    try {
      then();
    } catch (const nn::Error& error) {
      m_training.awaitPlay(false);
      Message message{Message::Kind::Failure, error.issue()};
      message.holds = [this, of = network(), key = m_library.current().key] {
        return network() == of && m_library.current().key == key && !m_training.running();
      };
      if (lastLayerIsTooSmall(*this)) {
        message.actionText = tr("Make the last layer fit");
        message.action = [this] { fitLastLayer(*this); };
      }
      tell(message);
    }
  };
  // A run that goes on keeps its images, also where the recipe asks for another validation share by now.
  m_training.exists() ? guarded() : m_library.load(guarded);
}

// That of a large network is made beside the window, and ends there, too: gigabytes are taken and given back.
void Workbench::whenSessionIsThere(const std::function<void()>& then) {
  const TrainingController::Preparation prepare = m_training.preparation();
  if (!prepare || train::trainingMemory(*network(), {m_training.recipe()}).total() < kMuchMemory) return then();
  if (m_jobs.busy(Jobs::Lane::Training)) return;  // on its way
  const auto work = [this, prepare, then](const data::Progress& progress) -> Jobs::Finish {
    return [this, then, putInPlace = prepare([&progress] { return progress(-1); })] {
      if (putInPlace()) return then();
      if (m_training.running()) play();  // of what has come meanwhile, and had to wait for this one to end
    };
  };
  m_jobs.start(tr("Preparing the training of %1").arg(m_model.title), work, Jobs::Lane::Training);
}

bool Workbench::refusesTraining() {
  if (m_model.unread.isEmpty()) return false;
  const QString hint =
      tr("Trained, it would become another network than the file's. Export it without these operators, or open another one.");
  tell(untilNext(Jobs::Lane::Models,
                 Message::of(Message::Kind::Failure, m_model.title, tr("It is not trained: %1").arg(m_model.unread), hint)));
  return true;
}

void Workbench::trainBy(Act act) {
  if (!m_jobs.busy(Jobs::Lane::Models)) return beginTraining(act);
  m_awaited = act;
  m_training.awaitPlay(act == &TrainingController::play);
}

void Workbench::trainWhatOpened() {
  if (m_awaited) trainBy(std::exchange(m_awaited, nullptr));
}

void Workbench::beginTraining(Act act) {
  if (refusesTraining()) return m_training.awaitPlay(false);
  const bool plays = act == &TrainingController::play;
  const auto isWanted = [this, plays] { return !plays || m_training.running(); };  // else it was taken back meanwhile
  m_training.awaitPlay(plays);
  whenDataIsThere([this, act, plays, isWanted] {
    if (!isWanted()) return;
    takeClassNames();
    m_training.awaitPlay(plays);
    whenSessionIsThere([this, act, isWanted] {
      if (!isWanted()) return;
      (m_training.*act)();
      tellFit();
    });
  });
}

void Workbench::takeClassNames() {
  if (m_training.exists()) return;
  takeOrderOfClasses();
  const data::Dataset& data = *m_library.split().train;
  bool ofData = m_model.classesOfData;
  const std::shared_ptr<const nn::Network> before = network(), named = tasks::withClassNames(before, data, ofData);
  if (const std::string kept = tasks::keptClassNames(*named, data); !kept.empty()) tellOnce(kept);
  if (named == before) return;
  describeAnew(named, ofData);
  if (!before->spec().classNames.empty())
    tellOnce(tr("Its classes are called as those of the data now: %1; before, %2")
                 .arg(QString::fromStdString(tasks::classNamesText(*named)), QString::fromStdString(tasks::classNamesText(*before)))
                 .toStdString());
}

void Workbench::describe(const nn::NetworkSpec& spec) {
  const bool otherInput = spec.input != network()->spec().input;
  if (m_training.exists())
    return tell(Message::of(Message::Kind::Failure, m_model.title,
                            otherInput ? tr("What its input stands for stays while there is a run, which was trained so")
                                       : tr("The names of its classes stay while there is a run, which was trained on them"),
                            tr("Reset the training first (Ctrl+R).")));
  describeAnew(nn::Network::create(spec), m_model.classesOfData && spec.classNames == network()->spec().classNames);
  if (otherInput) m_model.calibration = {};  // the pictures that it was made on are others to it now
}

void Workbench::describeAnew(const std::shared_ptr<const nn::Network>& network, bool classesOfData) {
  ModelSlot slot = m_model;
  slot.classesOfData = classesOfData;
  slot.unsaved = m_unsaved.exist();
  slot.parameters = m_unsaved.newest();
  slot.runner = std::make_shared<InferenceRunner>(network, slot.parameters);
  slot.frozen = m_training.recipe().frozen;
  const std::optional<scene::UnitId> pinned = m_selection.pinned();
  exchange(slot);
  m_selection.pin(pinned);
}

// What is known of classes by their names stays known, in whatever order folders are.
void Workbench::takeOrderOfClasses() {
  const data::DataSplit ordered = tasks::inOrderOf(*network(), m_library.split());
  if (ordered.train == m_library.split().train) return;
  tellOnce(ordered.notes.back());
  m_library.useImages(ordered);
}

void Workbench::tellOnce(const std::string& what) {
  if (!m_told.insert(what).second) return;
  tell(untilNext(Jobs::Lane::Data, {Message::Kind::Info, {m_library.current().title.toStdString(), what, ""}}));
}

// Once for each pair of sizes, not at every start.
void Workbench::tellFit() {
  const data::DataSplit& data = m_training.run().data;
  const std::size_t pictures = data.train->count() + data.validation->count() + (data.test ? data.test->count() : 0);
  const std::string fit = m_model.runner->pipeline().fitText(pictures, data.train->shape);
  if (!fit.empty()) tellOnce(fit);
}

void Workbench::bringBack(const std::shared_ptr<const TrainedWeights>& trained) {
  if (trained->network == network()) {
    m_unsaved.offerBack(tr("The weights trained meanwhile gave way"));
    return goOnFrom(*trained);
  }
  const auto work = [this, trained](const data::Progress&) -> Jobs::Finish {
    io::Model model{trained->network, trained->start ? *trained->start : std::vector<float>(), {}};
    const auto read = std::make_shared<const ReadModel>(trained->name, trained->title, std::move(model), trained->start != nullptr);
    return [this, trained, read] {
      openSaved(read->slot, trained->recipe, true);
      goOnFrom(*trained);
    };
  };
  m_jobs.start(tr("Bringing %1 back").arg(trained->title), work, Jobs::Lane::Models);
}

void Workbench::goOnFrom(const TrainedWeights& trained) {
  m_model.startFrom = trained.startFrom;
  m_model.classesOfData = trained.classesOfData;
  useParameters(trained.weights);
  m_training.setStart(network(), trained.weights);
  m_model.unsaved = true;
  resume(trained.run);
  m_unsaved.withdrawOffers();
  emit startChanged();
  emit parametersChanged();
  m_inference.recompute();
}

// What was chosen for what was open before would end the run that has come: it is dropped, and told.
void Workbench::leaveLoadingData() {
  if (!m_jobs.busy(Jobs::Lane::Data)) return;
  m_jobs.cancelAll(Jobs::Lane::Data);
  tell(untilNext(Jobs::Lane::Models,
                 Message::of(Message::Kind::Warning, m_model.title, tr("It keeps its data: what was being loaded is left"),
                             tr("To train it on that, choose it in the Data menu."))));
}

void Workbench::resume(const std::shared_ptr<const KeptRun>& run) {
  if (!run) return;
  leaveLoadingData();
  const bool otherData = run->dataKey != m_library.current().key;
  m_training.resume(run);
  if (run->data.train != m_library.split().train) m_library.use(run->dataKey, run->data, run->start().shares, run->start().seed);
  if (!otherData) return;
  tell(Message::of(Message::Kind::Info, {}, tr("The data is %1 again: the training goes on with it").arg(m_library.current().title)));
}

// The file that it is in whole is not to be written over without it.
void Workbench::tellLostRun() {
  m_model.sessionFile.clear();
  emit savedChanged();
  tell(Message::of(Message::Kind::Warning, m_model.title,
                   tr("Its weights are there, but there was no memory to keep its training: it begins anew"),
                   tr("Saved now, the session asks for a name; one that was saved before holds the training.")));
}

void Workbench::reset() {
  if (m_model.runner) useStart(m_model.startFrom);
}

void Workbench::stop() {
  m_jobs.cancelAll();
  m_training.setStart(network(), parameters());
}

void Workbench::setStartFrom(StartFrom from) {
  if (!m_model.runner || from == m_model.startFrom || (from == StartFrom::Trained && !m_model.trained)) return;
  useStart(from);
}

void Workbench::useStart(StartFrom from) {
  const std::uint64_t seed = m_training.recipe().seed;
  if (from == StartFrom::Random && (!m_model.random || m_model.randomSeed != seed)) {
    const auto draw = [seed, network = network()] { return std::make_shared<const std::vector<float>>(network->initialParameters(seed)); };
    const auto use = [this, seed](const Parameters& drawn) {
      m_model.random = drawn;
      m_model.randomSeed = seed;
    };
    if (network()->parameterCount() > kManyParameters)
      return m_jobs.start(
          tr("Drawing new weights"),
          [this, draw, use, from, asked = network(), title = m_model.title](const data::Progress&) -> Jobs::Finish {
            return [this, use, from, asked, title, drawn = draw()] {
              if (network() != asked)
                return tell(Message::of(Message::Kind::Info, title, tr("It has no new weights: another network was opened meanwhile")));
              use(drawn);
              useStart(from);
            };
          });
    use(draw());
  }
  m_unsaved.offerBack(tr("Back at the start"));
  m_model.startFrom = from;
  useParameters(from == StartFrom::Trained ? m_model.trained : m_model.random);
  m_model.unsaved = false;
  m_training.setStart(network(), m_model.parameters);
  emit startChanged();
  emit parametersChanged();
  m_inference.recompute();
}

// A slow network takes them over with its next pass.
void Workbench::useParameters(const Parameters& parameters) {
  m_model.parameters = parameters;
  if (!m_model.runner->isSlow()) m_model.runner->setParameters(parameters);
}

void Workbench::useData() {
  const data::DataSplit& split = m_library.split();
  if (split.train == m_training.run().data.train && split.test == m_training.run().data.test) return;  // only the sources are others
  const bool goesOn = m_training.running() && !m_awaited, trained = m_training.latest() && m_training.latest()->step > 0;
  m_training.setData(m_library.current().key, split);
  if (trained)
    tell(Message::of(Message::Kind::Info, {},
                     tr("The trained weights stay: training goes on from them on %1").arg(m_library.current().title),
                     tr("Its curves begin anew.")));
  if (goesOn) beginTraining(&TrainingController::play);
}

void Workbench::useRecipe() {
  const train::Recipe& recipe = m_training.recipe();
  m_library.setShares(recipe.shares, recipe.seed);
  // Random weights that nothing was made of yet are those of the seed.
  if (m_model.runner && m_model.startFrom == StartFrom::Random && m_model.parameters == m_model.random &&
      m_model.randomSeed != recipe.seed && !m_training.exists())
    useStart(StartFrom::Random);
}

void Workbench::unfreezeUnknown(ModelSlot& slot) {
  QStringList gone;
  for (const std::string& name : m_training.recipe().frozen) {
    if (slot.network()->find(name) < 0)
      gone << QString::fromStdString(name);
    else
      slot.frozen.push_back(name);
  }
  if (gone.isEmpty()) return;
  tell(Message::of(Message::Kind::Info, slot.title, tr("It has no such layers, so they are frozen no more: %1").arg(gone.join(", "))));
}

void Workbench::showSnapshot() {
  const train::Snapshot* snapshot = m_training.snapshot();
  if (!snapshot || !m_model.runner || snapshot->network != network() || !snapshot->parameters || snapshot->parameters == parameters())
    return;
  if (snapshot->step == 0 || m_training.lookBack().moment()) return;
  m_model.unsaved = true;
  useParameters(snapshot->parameters);
  emit parametersChanged();
  m_inference.recomputeValues();
}

void Workbench::tellStop(const QString& why) {
  const train::Snapshot& now = *m_training.snapshot();
  const bool wasBetter = now.bestEpoch > 0 && double(now.bestEpoch) < std::floor(now.epoch);
  Message message = Message::of(Message::Kind::Info, m_model.title, why,
                                wasBetter ? tr("Play goes on. Its best epoch so far is %1.").arg(now.bestEpoch) : tr("Play goes on."));
  message.holds = [this, step = now.step] { return m_training.snapshot() && m_training.snapshot()->step == step; };
  const auto moments = m_training.run().moments;
  if (wasBetter && moments) {
    const auto isBest = [best = double(now.bestEpoch)](const train::Moment& each) { return each.epoch == best; };
    if (const auto best = std::find_if(moments->begin(), moments->end(), isBest); best != moments->end()) {
      message.actionText = tr("Look at epoch %1").arg(now.bestEpoch);
      message.action = [this, moment = *best] { m_training.lookBack().at(moment); };
    }
  }
  tell(message);
}

void Workbench::showMoment() {
  const train::Moment* moment = m_training.lookBack().moment();
  const Parameters shown = moment ? moment->parameters : m_unsaved.newest();
  if (!m_model.runner || shown == parameters()) return;
  useParameters(shown);
  emit parametersChanged();
  m_inference.recomputeValues();
}

}  // namespace ui
