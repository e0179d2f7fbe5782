#include "ui/Session.h"

#include <algorithm>

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QRandomGenerator>

#include "analysis/Answer.h"
#include "io/FileNames.h"
#include "scene/ShowingMemory.h"

namespace ui {

namespace {
constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kManyParameters = 2000000;  // take longer to be drawn than the window may stand still
constexpr int kPatienceMs = 400;
}  // namespace

Session::Session(QObject* parent) : QObject(parent), m_library(m_jobs) {
  m_soon.setSingleShot(true);
  m_soon.setInterval(0);
  connect(&m_soon, &QTimer::timeout, this, &Session::recompute);
  m_patience.setSingleShot(true);
  m_patience.setInterval(kPatienceMs);
  connect(&m_patience, &QTimer::timeout, this, &Session::slowlyComputing);
  connect(&m_inference, &QFutureWatcherBase::finished, this, &Session::inferred);
  connect(&m_training, &TrainingControl::snapshotChanged, this, &Session::showSnapshot);
  connect(&m_library, &DataLibrary::changed, this, &Session::useData);
  connect(&m_library, &DataLibrary::noted, this, [this](const QString& where, const QString& what) {
    tell({Message::Kind::Warning, {where.toStdString(), what.toStdString(), ""}, {}, {}});
  });
  connect(&m_jobs, &Jobs::failed, this, [this](const nn::Issue& issue) { tell({Message::Kind::Failure, issue, {}, {}}); });
  listShipped();
}

Session::~Session() = default;

void Session::listShipped() {
  const std::vector<QString> trained = io::shippedModels();
  const auto entry = [&](const nn::NetworkSpec& spec, bool published) {
    const QString name = QString::fromStdString(spec.name);
    return ShippedNetwork{name, spec.title.empty() ? name : QString::fromStdString(spec.title), QString::fromStdString(spec.description),
                          std::find(trained.begin(), trained.end(), name) != trained.end(), published};
  };
  for (const nn::NetworkSpec& spec : io::shippedNetworks()) m_shipped.push_back(entry(spec, false));
  for (const nn::NetworkSpec& spec : io::publishedNetworks()) m_published.push_back(entry(spec, true));
}

const ShippedNetwork* Session::find(const QString& name) const {
  for (const auto* list : {&m_shipped, &m_published})
    for (const ShippedNetwork& network : *list)
      if (network.name == name) return &network;
  return nullptr;
}

void Session::openShipped(const QString& name) {
  const ShippedNetwork* entry = find(name);
  const QString title = entry ? entry->title : name;
  const auto untrained = [name] { return io::Model{nn::Network::create(io::loadNetworkSpec(name)), {}, {}}; };
  if (entry && entry->published) return openLater(name, title, false, untrained, {});
  try {
    const bool trained = entry && entry->trained;
    open({name, title, trained ? io::loadModel(name) : untrained(), trained});
  } catch (const nn::Error& error) {
    tell({Message::Kind::Failure, error.issue(), {}, {}});
  }
}

void Session::openFile(const QString& path, const Gate& gate) {
  const bool specification = path.endsWith(".json", Qt::CaseInsensitive);
  const auto read = [path, specification] {
    return specification ? io::Model{nn::Network::create(io::loadNetworkSpec(path)), {}, {}} : io::loadModel(path);
  };
  openLater(path, io::shownPath(QFileInfo(path).fileName()), !specification, read, gate);
}

void Session::openLater(const QString& name, const QString& title, bool trained, std::function<io::Model()> read, const Gate& gate) {
  m_jobs.start(tr("Opening %1").arg(title),
               [this, name, title, trained, read = std::move(read), gate](const data::Progress&) -> Jobs::Finish {
                 const auto opened = std::make_shared<const Opened>(name, title, read(), trained);
                 return [this, opened, gate] {
                   const auto replace = [this, opened] { open(*opened); };
                   gate ? gate(replace) : replace();
                 };
               });
}

Session::Opened::Opened(const QString& itsName, const QString& itsTitle, io::Model&& model, bool isTrained)
    : name(itsName),
      title(itsTitle),
      notes(std::move(model.notes)),
      missing(model.missing),
      unread(QString::fromStdString(io::unreadText(model))),
      trained(isTrained) {
  scene::requireRoomToShow(*model.network, title.toStdString());
  start = std::make_shared<const std::vector<float>>(trained ? std::move(model.parameters) : model.network->initialParameters(kSeed));
  live = std::make_shared<LiveNetwork>(model.network, start);
}

void Session::open(const Opened& opened) {
  m_trained = opened.trained ? opened.start : nullptr;
  m_random = opened.trained ? nullptr : opened.start;
  m_startFrom = opened.trained ? StartFrom::Trained : StartFrom::Random;
  m_live = opened.live;
  m_parameters = opened.start;
  m_modelName = opened.name;
  m_modelTitle = opened.title;
  m_unread = opened.unread;
  m_unsaved = false;
  m_pins = {};
  m_values.reset();
  m_training.setStart(network(), m_parameters);
  emit networkChanged();
  emit pinnedChanged();
  emit startChanged();
  recompute();
  tellNotes(opened);
}

// What could not be read is a warning each; what was only written in another way is told once, as information.
void Session::tellNotes(const Opened& opened) {
  const std::string title = opened.title.toStdString();
  std::string harmless;
  for (std::size_t i = opened.missing; i < opened.notes.size(); ++i) harmless += (harmless.empty() ? "" : "; ") + opened.notes[i];
  for (std::size_t i = 0; i < opened.missing; ++i)
    tell({Message::Kind::Warning, {title, opened.notes[i], i + 1 == opened.missing ? harmless : ""}, {}, {}});
  if (opened.missing == 0 && !harmless.empty()) tell({Message::Kind::Info, {title, harmless, ""}, {}, {}});
}

void Session::save(const QString& path, std::function<void()> then) {
  if (!m_live || refusesSaving(path)) return;
  const auto work = [this, path, then = std::move(then), network = network(),
                     parameters = parameters()](const data::Progress&) -> Jobs::Finish {
    io::saveOnnx(path, *network, *parameters);
    return [this, path, then, parameters] {
      if (parameters == this->parameters()) m_unsaved = false;
      tell(savedMessage(path));
      if (then) then();
    };
  };
  m_jobs.start(tr("Saving %1").arg(QFileInfo(path).fileName()), work, Jobs::Lane::Saving);
}

void Session::setDrawing(const data::GreyImage& drawing) {
  m_drawing = drawing;
  if (!m_soon.isActive()) m_soon.start();
}

void Session::setPreparation(const data::PreparationOptions& options) {
  m_preparation = options;
  if (!m_soon.isActive()) m_soon.start();
}

void Session::recompute() {
  m_soon.stop();
  QElapsedTimer timer;
  timer.start();
  m_prepared = data::prepare(m_drawing, m_preparation);
  const bool slow = m_live && m_live->isSlow();
  if (!slow) useValues(m_live ? m_live->run(m_prepared.result) : nullptr, blank());
  m_lastComputeMs = double(timer.nsecsElapsed()) / 1e6;
  if (slow) infer();
  emit drawingChanged();
  if (!slow) emit valuesChanged();
}

void Session::setPinned(const std::optional<scene::UnitId>& unit) {
  scene::Pins pins = m_pins;
  pins.current = unit;
  usePins(pins);
}

void Session::usePins(const scene::Pins& pins, bool room) {
  if (!room)
    tell({Message::Kind::Info,
          {"", tr("There is room for four units side by side").toStdString(), tr("Close one of them first.").toStdString()},
          {},
          {}});
  if (pins == m_pins) return;
  m_pins = pins;
  emit pinnedChanged();
}

void Session::keep(const scene::UnitId& unit, bool on) {
  scene::Pins pins = m_pins;
  const bool room = !on || pins.keep(unit);
  if (!on) std::erase(pins.kept, unit);
  usePins(pins, room);
}

void Session::toggleBeside(const scene::UnitId& unit) {
  scene::Pins pins = m_pins;
  const bool room = pins.toggle(unit);
  usePins(pins, room);
}

void Session::release(const scene::UnitId& unit) {
  scene::Pins pins = m_pins;
  pins.release(unit);
  usePins(pins);
}

void Session::releaseKept() {
  scene::Pins pins = m_pins;
  pins.kept.clear();
  usePins(pins);
}

void Session::whenDataIsThere(const std::function<void()>& then) {
  m_library.load([this, then] {
    try {
      then();
    } catch (const nn::Error& error) {
      tell({Message::Kind::Failure, error.issue(), {}, {}});
    }
  });
}

void Session::play() {
  if (refusesTraining()) return;
  whenDataIsThere([this] { m_training.play(); });
}

void Session::singleStep() {
  if (refusesTraining()) return;
  whenDataIsThere([this] { m_training.singleStep(); });
}

void Session::pause() {
  m_training.pause();
}

Session::Parameters Session::newest() const {
  const std::shared_ptr<const train::Snapshot> latest = m_training.latest();
  return latest && latest->step > 0 && latest->network == network() ? latest->parameters : m_parameters;
}

std::optional<TrainedWeights> Session::unsavedTraining() const {
  if (!hasUnsavedTraining()) return std::nullopt;
  return TrainedWeights{m_modelName, m_modelTitle, network(), newest(), m_trained, m_startFrom};
}

void Session::offerBack(const QString& what) {
  const std::optional<TrainedWeights> trained = unsavedTraining();
  if (!trained) return;
  tell({Message::Kind::Info, {"", what.toStdString(), ""}, tr("Bring the trained weights back"), [this, trained] { bringBack(*trained); }});
}

void Session::bringBack(const TrainedWeights& trained, const std::function<void()>& then) {
  const QString others = tr("The weights trained meanwhile gave way");
  if (trained.network == network()) {
    offerBack(others);
    goOnFrom(trained);
    return then ? then() : void();
  }
  m_jobs.start(tr("Bringing %1 back").arg(trained.title), [this, trained, others, then](const data::Progress&) -> Jobs::Finish {
    io::Model model{trained.network, trained.start ? *trained.start : std::vector<float>(), {}};
    const auto opened = std::make_shared<const Opened>(trained.name, trained.title, std::move(model), trained.start != nullptr);
    return [this, trained, others, opened, then] {
      offerBack(others);
      open(*opened);
      goOnFrom(trained);
      if (then) then();
    };
  });
}

void Session::goOnFrom(const TrainedWeights& trained) {
  m_startFrom = trained.startFrom;
  useParameters(trained.weights);
  m_training.setStart(network(), trained.weights);
  m_unsaved = true;
  emit startChanged();
  emit parametersChanged();
  recompute();
}

void Session::reset() {
  if (m_live) useStart(m_startFrom);
}

void Session::stop() {
  m_jobs.cancelAll();
  m_training.drop();
}

void Session::setStartFrom(StartFrom from) {
  if (!m_live || from == m_startFrom || (from == StartFrom::Trained && !m_trained)) return;
  useStart(from);
}

void Session::useStart(StartFrom from) {
  if (from == StartFrom::Random && !m_random) {
    const auto draw = [network = network()] { return std::make_shared<const std::vector<float>>(network->initialParameters(kSeed)); };
    if (network()->parameterCount() > kManyParameters)
      return m_jobs.start(tr("Drawing new weights"), [this, draw, from, network = network()](const data::Progress&) -> Jobs::Finish {
        return [this, from, network, drawn = draw()] {
          if (network != this->network()) return;
          m_random = drawn;
          useStart(from);
        };
      });
    m_random = draw();
  }
  offerBack(tr("Back at the start"));
  m_startFrom = from;
  useParameters(from == StartFrom::Trained ? m_trained : m_random);
  m_unsaved = false;
  m_training.setStart(network(), m_parameters);
  emit startChanged();
  emit parametersChanged();
  recompute();
}

// A slow network takes them over with its next pass.
void Session::useParameters(const Parameters& parameters) {
  m_parameters = parameters;
  if (!m_live->isSlow()) m_live->setParameters(parameters);
}

void Session::chooseData(const QString& key) {
  m_library.choose(key, m_training.running());
}

void Session::useData() {
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

void Session::showSnapshot() {
  const train::Snapshot* snapshot = m_training.snapshot();
  if (!snapshot || !m_live || snapshot->network != network() || !snapshot->parameters || snapshot->parameters == parameters()) return;
  if (snapshot->step == 0) return;
  m_unsaved = true;
  useParameters(snapshot->parameters);
  emit parametersChanged();
  if (m_live->isSlow()) return infer();
  useValues(m_live->run(m_prepared.result), blank());
  emit valuesChanged();
}

Session::Sample Session::randomSample(int sizePx) {
  QRandomGenerator& random = *QRandomGenerator::global();
  const data::DataSplit& split = m_library.split();
  const auto& set = split.test ? split.test : split.validation ? split.validation : split.train;
  if (!set || set->shape.channels != 1) {
    const int digit = int(random.bounded(10));
    QStringList names;
    for (int i = 0; i < 10; ++i) names << QString::number(i);
    return {data::strokeDigit(digit, random.generate64(), sizePx), digit, names, tr("stroke digit")};
  }
  const std::size_t index = std::size_t(random.bounded(quint64(set->count())));
  data::GreyImage picture{set->shape.width, set->shape.height, {}};
  for (const std::uint8_t byte : set->image(index)) picture.ink.push_back(float(byte) / 255.0f);
  QStringList names;
  for (const std::string& name : set->classNames) names << QString::fromStdString(name);
  return {picture, int(set->labels[index]), names, tr("%1, picture %2").arg(QString::fromStdString(set->name)).arg(index)};
}

}  // namespace ui
