#include "ui/Session.h"

#include <algorithm>

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QRandomGenerator>

#include "analysis/Answer.h"

namespace ui {

Session::Session(QObject* parent) : QObject(parent), m_library(m_jobs) {
  m_soon.setSingleShot(true);
  m_soon.setInterval(0);
  connect(&m_soon, &QTimer::timeout, this, &Session::recompute);
  connect(&m_training, &TrainingControl::snapshotChanged, this, &Session::showSnapshot);
  connect(&m_library, &DataLibrary::changed, this, [this] { m_training.setData(m_library.split()); });
  connect(&m_jobs, &Jobs::failed, this, [this](const nn::Issue& issue) { tell({Message::Kind::Failure, issue, {}, {}}); });
  listShipped();
}

Session::~Session() = default;

void Session::listShipped() {
  const std::vector<QString> trained = io::shippedModels();
  for (const nn::NetworkSpec& spec : io::shippedNetworks()) {
    const QString name = QString::fromStdString(spec.name);
    m_shipped.push_back({name, spec.title.empty() ? name : QString::fromStdString(spec.title), QString::fromStdString(spec.description),
                         std::find(trained.begin(), trained.end(), name) != trained.end()});
  }
}

void Session::openShipped(const QString& name) {
  try {
    const auto entry = std::find_if(m_shipped.begin(), m_shipped.end(), [&](const ShippedNetwork& s) { return s.name == name; });
    const QString title = entry != m_shipped.end() ? entry->title : name;
    if (entry != m_shipped.end() && entry->trained)
      open(name, title, io::loadModel(name), true);
    else
      open(name, title, io::Model{nn::Network::create(io::loadNetworkSpec(name)), {}, {}}, false);
  } catch (const nn::Error& error) {
    tell({Message::Kind::Failure, error.issue(), {}, {}});
  }
}

void Session::openFile(const QString& path) {
  const QString title = QFileInfo(path).fileName();
  m_jobs.start(tr("Opening %1").arg(title), [this, path, title](const data::Progress&) -> Jobs::Finish {
    const bool specification = path.endsWith(".json", Qt::CaseInsensitive);
    auto model = std::make_shared<io::Model>(specification ? io::Model{nn::Network::create(io::loadNetworkSpec(path)), {}, {}}
                                                           : io::loadModel(path));
    return [this, path, title, model, specification] { open(path, title, std::move(*model), !specification); };
  });
}

void Session::open(const QString& name, const QString& title, io::Model model, bool trained) {
  m_trained = trained ? std::make_shared<const std::vector<float>>(std::move(model.parameters)) : nullptr;
  m_startFrom = trained ? StartFrom::Trained : StartFrom::Random;
  auto start = trained ? m_trained : std::make_shared<const std::vector<float>>(model.network->initialParameters(m_seed));
  m_live = std::make_unique<LiveNetwork>(model.network, start);
  m_modelName = name;
  m_modelTitle = title;
  m_unsaved = false;
  m_pins = {};
  m_values.reset();
  m_training.setStart(model.network, start);
  emit networkChanged();
  emit pinnedChanged();
  emit startChanged();
  recompute();
  for (const std::string& note : model.notes) tell({Message::Kind::Warning, {title.toStdString(), note, ""}, {}, {}});
}

void Session::save(const QString& path, std::function<void()> then) {
  if (!m_live) return;
  m_jobs.start(tr("Saving %1").arg(QFileInfo(path).fileName()),
               [this, path, then = std::move(then), network = network(), parameters = parameters()](const data::Progress&) -> Jobs::Finish {
                 io::saveOnnx(path, *network, *parameters);
                 return [this, path, then, parameters] {
                   if (parameters == this->parameters()) m_unsaved = false;
                   tell({Message::Kind::Info, {QDir::toNativeSeparators(path).toStdString(), "Saved", ""}, {}, {}});
                   if (then) then();
                 };
               });
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
  m_values = m_live ? m_live->run(m_prepared.result) : nullptr;
  m_lastComputeMs = double(timer.nsecsElapsed()) / 1e6;
  emit drawingChanged();
  emit valuesChanged();
}

std::vector<float> Session::probabilities() const {
  if (!m_values || blank()) return {};
  return analysis::classProbabilities(*m_values->network, m_values->of(m_values->network->outputs().front()));
}

data::GreyImage Session::received() const {
  return m_live ? m_live->received() : data::GreyImage();
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
  whenDataIsThere([this] { m_training.play(); });
}

void Session::singleStep() {
  whenDataIsThere([this] { m_training.singleStep(); });
}

void Session::pause() {
  m_training.pause();
}

void Session::keepUnsaved() {
  if (!m_unsaved) return;
  Message message{Message::Kind::Info, {"", "Back at the start", ""}, tr("Bring the trained weights back"), {}};
  message.action = [this, network = network(), kept = parameters()] {
    if (network != this->network()) return;
    m_live->setParameters(kept);
    m_training.setStart(network, kept);
    m_unsaved = true;
    emit parametersChanged();
    recompute();
  };
  tell(message);
}

void Session::reset() {
  if (!m_live) return;
  keepUnsaved();
  useStart();
}

void Session::stop() {
  m_jobs.cancel();
  m_training.drop();
}

void Session::setStartFrom(StartFrom from) {
  if (!m_live || from == m_startFrom || (from == StartFrom::Trained && !m_trained)) return;
  keepUnsaved();
  m_startFrom = from;
  useStart();
  emit startChanged();
}

void Session::useStart() {
  auto start =
      m_startFrom == StartFrom::Trained ? m_trained : std::make_shared<const std::vector<float>>(network()->initialParameters(m_seed));
  m_live->setParameters(start);
  m_unsaved = false;
  m_training.setStart(network(), start);
  emit parametersChanged();
  recompute();
}

void Session::chooseData(const QString& key) {
  m_library.choose(key);
}

void Session::showSnapshot() {
  const train::Snapshot* snapshot = m_training.snapshot();
  if (!snapshot || !m_live || snapshot->network != network() || !snapshot->parameters || snapshot->parameters == parameters()) return;
  if (snapshot->step == 0) return;
  m_unsaved = true;
  m_live->setParameters(snapshot->parameters);
  emit parametersChanged();
  m_values = m_live->run(m_prepared.result);
  emit valuesChanged();
}

Session::Sample Session::randomSample(int sizePx) {
  QRandomGenerator& random = *QRandomGenerator::global();
  const data::DataSplit& split = m_library.split();
  const auto& set = split.test ? split.test : split.validation ? split.validation : split.train;
  if (!set || set->shape.channels != 1) {
    const int digit = int(random.bounded(10));
    return {data::strokeDigit(digit, random.generate64(), sizePx), digit, tr("stroke digit")};
  }
  const std::size_t index = std::size_t(random.bounded(quint64(set->count())));
  data::GreyImage picture{set->shape.width, set->shape.height, {}};
  for (const std::uint8_t byte : set->image(index)) picture.ink.push_back(float(byte) / 255.0f);
  return {picture, int(set->labels[index]), tr("%1, picture %2").arg(QString::fromStdString(set->name)).arg(index)};
}

}  // namespace ui
