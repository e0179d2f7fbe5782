// The training run of the workbench: whose weights it begins with, what becomes of those that were trained, and its data.
#include <QFileInfo>

#include "tasks/ClassNames.h"
#include "ui/app/Workbench.h"

namespace ui {

namespace {
constexpr std::size_t kManyParameters = 2000000;  // take longer to be drawn than the window may stand still
}

void Workbench::whenDataIsThere(const std::function<void()>& then) {
  const auto guarded = [this, then] {
    try {
      then();
    } catch (const nn::Error& error) {
      Message message{Message::Kind::Failure, error.issue(), {}, {}};
      message.holds = [this, of = network(), key = m_library.current().key] {
        return network() == of && m_library.current().key == key && !m_training.running();
      };
      tell(message);
    }
  };
  // A run that goes on keeps its images, also where the recipe asks for another validation share by now.
  m_training.exists() ? guarded() : m_library.load(guarded);
}

void Workbench::play() {
  if (refusesTraining()) return;
  whenDataIsThere([this] {
    takeClassNames();
    m_training.play();
    tellFit();
  });
}

void Workbench::singleStep() {
  if (refusesTraining()) return;
  whenDataIsThere([this] {
    takeClassNames();
    m_training.singleStep();
    tellFit();
  });
}

void Workbench::takeClassNames() {
  if (m_training.exists()) return;
  const data::Dataset& data = *m_library.split().train;
  bool ofData = m_model.classesOfData;
  const std::shared_ptr<const nn::Network> before = network(), named = tasks::withClassNames(before, data, ofData);
  if (const std::string kept = tasks::keptClassNames(*named, data); !kept.empty()) tellOnce(kept);
  if (named == before) return;
  ModelSlot slot = m_model;
  slot.classesOfData = ofData;
  slot.unsaved = hasUnsavedTraining();
  slot.parameters = newest();
  slot.runner = std::make_shared<InferenceRunner>(named, slot.parameters);
  slot.frozen = m_training.recipe().frozen;
  const std::optional<scene::UnitId> pinned = m_selection.pinned();
  exchange(slot);
  m_selection.pin(pinned);
  if (!before->spec().classNames.empty())
    tellOnce(tr("Its classes are called as those of the data now: %1; before, %2")
                 .arg(QString::fromStdString(tasks::classNamesText(*named)), QString::fromStdString(tasks::classNamesText(*before)))
                 .toStdString());
}

void Workbench::tellOnce(const std::string& what) {
  if (!m_told.fits.insert(what).second) return;
  tell(untilNext(Jobs::Lane::Data, {Message::Kind::Info, {m_library.current().title.toStdString(), what, ""}, {}, {}}));
}

// Once for each pair of sizes, not at every start.
void Workbench::tellFit() {
  const data::DataSplit& data = m_training.data();
  const std::size_t pictures = data.train->count() + data.validation->count() + (data.test ? data.test->count() : 0);
  const std::string fit = m_model.runner->pipeline().fitText(pictures, data.train->shape);
  if (!fit.empty()) tellOnce(fit);
}

void Workbench::pause() {
  m_training.pause();
}

Workbench::Parameters Workbench::newest() const {
  const std::shared_ptr<const train::Snapshot> latest = m_training.latest();
  return latest && latest->step > 0 && latest->network == network() ? latest->parameters : m_model.parameters;
}

std::optional<TrainedWeights> Workbench::unsavedTraining() const {
  if (!hasUnsavedTraining()) return std::nullopt;
  return TrainedWeights{m_model.name, m_model.title, network(), newest(), m_model.trained, m_model.startFrom, m_model.classesOfData};
}

// Stays until it is answered: nothing else leads back to these weights.
void Workbench::offerBack(const QString& why) {
  if (!hasUnsavedTraining()) return;
  const auto trained = std::make_shared<const TrainedWeights>(*unsavedTraining());
  // It may stand until another network is open.
  const nn::Issue issue{"", why.toStdString(), tr("What was trained is not saved: %1.").arg(trained->title).toStdString()};
  std::erase_if(m_told.offers, [](const Offer& offer) { return offer.weights.expired(); });
  m_told.offers.push_back({trained, issue});
  tell({Message::Kind::Info,
        issue,
        tr("Bring the trained weights back"),
        [this, trained] {
          bringBack(*trained, [trained] {});  // held until they are back
        },
        tr("Let them go"),
        {}});
}

void Workbench::withdrawOffers() {
  std::vector<nn::Issue> outdated;
  for (const Offer& offer : m_told.offers)
    if (const auto held = offer.weights.lock(); held && held->weights == m_model.parameters) outdated.push_back(offer.message);
  for (const nn::Issue& issue : outdated) emit messageOutdated(issue);
}

std::vector<std::shared_ptr<const TrainedWeights>> Workbench::offeredBack(bool orHeldByUndo) const {
  std::vector<std::shared_ptr<const TrainedWeights>> offered = orHeldByUndo ? heldByUndo() : decltype(offered)();
  for (const Offer& offer : m_told.offers)
    if (auto held = offer.weights.lock()) offered.push_back(std::move(held));
  return offered;
}

void Workbench::bringBack(const TrainedWeights& trained, const std::function<void()>& then) {
  const QString others = tr("The weights trained meanwhile gave way");
  if (trained.network == network()) {
    offerBack(others);
    goOnFrom(trained);
    return then ? then() : void();
  }
  const auto work = [this, trained, others, then](const data::Progress&) -> Jobs::Finish {
    io::Model model{trained.network, trained.start ? *trained.start : std::vector<float>(), {}};
    const auto opened = std::make_shared<const Opened>(trained.name, trained.title, std::move(model), trained.start != nullptr);
    return [this, trained, others, opened, then] {
      offerBack(others);
      open(*opened);
      goOnFrom(trained);
      if (then) then();
    };
  };
  m_jobs.start(tr("Bringing %1 back").arg(trained.title), work, Jobs::Lane::Models);
}

void Workbench::goOnFrom(const TrainedWeights& trained) {
  m_model.startFrom = trained.startFrom;
  m_model.classesOfData = trained.classesOfData;
  useParameters(trained.weights);
  m_training.setStart(network(), trained.weights);
  m_model.unsaved = true;
  withdrawOffers();
  emit startChanged();
  emit parametersChanged();
  recompute();
}

void Workbench::reset() {
  if (m_model.runner) useStart(m_model.startFrom);
}

void Workbench::stop() {
  m_jobs.cancelAll();
  m_training.drop();
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
      return m_jobs.start(tr("Drawing new weights"), [this, draw, use, from, network = network()](const data::Progress&) -> Jobs::Finish {
        return [this, use, from, network, drawn = draw()] {
          if (network != this->network()) return;
          use(drawn);
          useStart(from);
        };
      });
    use(draw());
  }
  offerBack(tr("Back at the start"));
  m_model.startFrom = from;
  useParameters(from == StartFrom::Trained ? m_model.trained : m_model.random);
  m_model.unsaved = false;
  m_training.setStart(network(), m_model.parameters);
  emit startChanged();
  emit parametersChanged();
  recompute();
}

// A slow network takes them over with its next pass.
void Workbench::useParameters(const Parameters& parameters) {
  m_model.parameters = parameters;
  if (!m_model.runner->isSlow()) m_model.runner->setParameters(parameters);
}

void Workbench::chooseData(const QString& key) {
  m_library.choose(key, m_training.running());
}

void Workbench::useData() {
  const data::DataSplit& split = m_library.split();
  if (split.train == m_training.data().train && split.test == m_training.data().test) return;  // only the sources are others
  const bool goesOn = m_training.running(), trained = m_training.latest() && m_training.latest()->step > 0;
  m_training.setData(split);
  if (trained)
    tell({Message::Kind::Info,
          {"", tr("The trained weights stay: training goes on from them on %1").arg(m_library.current().title).toStdString(),
           tr("Its curves begin anew.").toStdString()},
          {},
          {}});
  if (goesOn) play();
}

void Workbench::useRecipe() {
  const train::Recipe& recipe = m_training.recipe();
  m_library.setHoldOut(recipe.validationShare, recipe.seed);
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
  tell({Message::Kind::Info,
        {slot.title.toStdString(), tr("It has no such layers, so they are frozen no more: %1").arg(gone.join(", ")).toStdString(), ""},
        {},
        {}});
}

void Workbench::showSnapshot() {
  const train::Snapshot* snapshot = m_training.snapshot();
  if (!snapshot || !m_model.runner || snapshot->network != network() || !snapshot->parameters || snapshot->parameters == parameters())
    return;
  if (snapshot->step == 0) return;
  m_model.unsaved = true;
  useParameters(snapshot->parameters);
  emit parametersChanged();
  if (m_model.runner->isSlow()) return infer();
  useValues(m_model.runner->run(m_prepared.result, m_drawing.colors.get()), blank());
  emit valuesChanged();
}

}  // namespace ui
