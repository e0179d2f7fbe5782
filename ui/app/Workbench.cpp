#include "ui/app/Workbench.h"

#include <algorithm>
#include <utility>

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QSettings>

#include "analysis/Answer.h"
#include "io/FileNames.h"
#include "io/PictureFile.h"
#include "nn/FreeMemory.h"
#include "scene/ShowingMemory.h"
#include "ui/base/ColorPicture.h"

namespace ui {

namespace {
constexpr int kAnswerPatienceMs = 400;
constexpr int kUndoSteps = 100;
constexpr double kMostHeldBytes = 512e6;
}  // namespace

Workbench::Workbench(QObject* parent) : QObject(parent), m_library(m_jobs), m_training(m_undo) {
  m_undo.setUndoLimit(kUndoSteps);
  m_soon.setSingleShot(true);
  m_soon.setInterval(0);
  connect(&m_soon, &QTimer::timeout, this, &Workbench::recompute);
  m_patience.setSingleShot(true);
  m_patience.setInterval(kAnswerPatienceMs);
  connect(&m_patience, &QTimer::timeout, this, &Workbench::slowlyComputing);
  connect(&m_inference, &QFutureWatcherBase::finished, this, &Workbench::inferred);
  connect(&m_training, &TrainingController::snapshotChanged, this, &Workbench::showSnapshot);
  connect(&m_training, &TrainingController::recipeChanged, this, &Workbench::useRecipe);
  connect(&m_library, &DatasetCatalog::changed, this, &Workbench::useData);
  connect(&m_library, &DatasetCatalog::noted, this, [this](const QString& where, const QString& what) {
    tell(untilNext(Jobs::Lane::Data, {Message::Kind::Warning, {where.toStdString(), what.toStdString(), ""}, {}, {}}));
  });
  connect(&m_jobs, &Jobs::failed, this, [this](const nn::Issue& issue, Jobs::Lane lane) {
    tell(untilNext(lane, {Message::Kind::Failure, issue, {}, {}}));
  });
  connect(&m_selection, &Selection::full, this, [this] {
    tell({Message::Kind::Info,
          {"", tr("There is room for four units side by side").toStdString(), tr("Close one of them first.").toStdString()},
          {},
          {}});
  });
  listShipped();
}

Workbench::~Workbench() = default;

void Workbench::listShipped() {
  const std::vector<QString> trained = io::shippedModels();
  const auto entry = [&](const nn::NetworkSpec& spec, bool published) {
    const QString name = QString::fromStdString(spec.name);
    return ShippedNetwork{name, spec.title.empty() ? name : QString::fromStdString(spec.title), QString::fromStdString(spec.description),
                          std::find(trained.begin(), trained.end(), name) != trained.end(), published};
  };
  for (const nn::NetworkSpec& spec : io::shippedNetworks()) m_shipped.push_back(entry(spec, false));
  for (const nn::NetworkSpec& spec : io::publishedNetworks()) m_published.push_back(entry(spec, true));
}

const ShippedNetwork* Workbench::find(const QString& name) const {
  for (const auto* list : {&m_shipped, &m_published})
    for (const ShippedNetwork& network : *list)
      if (network.name == name) return &network;
  return nullptr;
}

void Workbench::openShipped(const QString& name) {
  const ShippedNetwork* entry = find(name);
  const QString title = entry ? entry->title : name;
  const auto untrained = [name] { return io::Model{nn::Network::create(io::loadNetworkSpec(name)), {}, {}}; };
  if (entry && entry->published) return openLater(name, title, false, untrained, {});
  try {
    const bool trained = entry && entry->trained;
    open({name, title, trained ? io::loadModel(name) : untrained(), trained});
  } catch (const nn::Error& error) {
    tell(untilNext(Jobs::Lane::Models, {Message::Kind::Failure, error.issue(), {}, {}}));
  }
}

void Workbench::openFile(const QString& path, const Gate& gate) {
  const bool specification = path.endsWith(".json", Qt::CaseInsensitive);
  const auto read = [path, specification] {
    return specification ? io::Model{nn::Network::create(io::loadNetworkSpec(path)), {}, {}} : io::loadModel(path);
  };
  openLater(path, io::shownPath(QFileInfo(path).fileName()), !specification, read, gate);
}

void Workbench::openLater(const QString& name, const QString& title, bool trained, std::function<io::Model()> read, const Gate& gate) {
  const auto work = [this, name, title, trained, read = std::move(read), gate](const data::Progress&) -> Jobs::Finish {
    const auto opened = std::make_shared<const Opened>(name, title, read(), trained);
    return [this, opened, gate] {
      const auto replace = [this, opened] { open(*opened); };
      gate ? gate(replace) : replace();
    };
  };
  m_jobs.start(tr("Opening %1").arg(title), work, Jobs::Lane::Models);
}

Workbench::Opened::Opened(const QString& name, const QString& title, io::Model&& model, bool trained) : notes(std::move(model.notes)) {
  scene::requireRoomToShow(*model.network, title.toStdString());
  slot.name = name;
  slot.title = title;
  slot.unread = QString::fromStdString(io::unreadText(model));
  slot.parameters = std::make_shared<const std::vector<float>>(trained ? std::move(model.parameters)
                                                                       : model.network->initialParameters(ModelSlot::kSeed));
  (trained ? slot.trained : slot.random) = slot.parameters;
  slot.startFrom = trained ? StartFrom::Trained : StartFrom::Random;
  slot.runner = std::make_shared<InferenceRunner>(model.network, slot.parameters);
}

// Another network takes the place of the one that is open. What is not open is held here, whole.
class Workbench::Opening : public QUndoCommand {
 public:
  // recipe: where another one comes with it.
  Opening(Workbench& workbench, const ModelSlot& slot, const std::optional<train::Recipe>& recipe)
      : QUndoCommand(tr("opening %1").arg(slot.title)), m_workbench(workbench), m_other(slot), m_recipe(recipe) {}
  double bytes() const { return scene::memoryToShow(*m_other.network()); }
  const ModelSlot& other() const { return m_other; }
  void undo() override {
    m_workbench.offerBack(tr("%1 is open again").arg(m_other.title));
    change();
  }
  void redo() override { std::exchange(m_new, false) ? change() : undo(); }

 private:
  void change() {
    const train::Recipe before = m_workbench.training().recipe();
    m_workbench.exchange(m_other);
    if (m_recipe) m_workbench.training().setRecipe(*std::exchange(m_recipe, before));
  }

  Workbench& m_workbench;
  ModelSlot m_other;
  std::optional<train::Recipe> m_recipe;
  bool m_new = true;  // the person was asked about unsaved weights already
};

std::vector<std::shared_ptr<const TrainedWeights>> Workbench::heldByUndo() const {
  std::vector<std::shared_ptr<const TrainedWeights>> held;
  for (int i = 0; i < m_undo.count(); ++i)
    if (const auto* opening = dynamic_cast<const Opening*>(m_undo.command(i)); opening && opening->other().unsaved) {
      const ModelSlot& slot = opening->other();
      held.push_back(std::make_shared<const TrainedWeights>(
          TrainedWeights{slot.name, slot.title, slot.network(), slot.parameters, slot.trained, slot.startFrom, slot.classesOfData}));
    }
  return held;
}

void Workbench::open(const Opened& opened) {
  ModelSlot slot = opened.slot;
  unfreezeUnknown(slot);
  install(slot, std::nullopt);
  tellNotes(opened);
}

void Workbench::install(ModelSlot slot, const std::optional<train::Recipe>& recipe) {
  if (network() && leavesRoomToUndo()) {
    m_undo.push(new Opening(*this, slot, recipe));
  } else {
    exchange(slot);
    if (recipe) m_training.setRecipe(*recipe);
    if (slot.network()) tellNotHeld(slot);
  }
}

void Workbench::openSaved(const ModelSlot& slot, const train::Recipe& recipe, bool offers) {
  if (offers) offerBack(tr("The weights trained meanwhile gave way"));
  install(slot, recipe);
}

void Workbench::markSaved(const std::shared_ptr<const nn::Network>& network, const Parameters& parameters, const QString& sessionFile) {
  if (network != this->network()) return;
  m_model.sessionFile = sessionFile;
  const Parameters now = newest();
  if (now != parameters && *now != *parameters) return savedChanged();
  if (now != m_model.parameters) useParameters(now);
  m_model.unsaved = false;
  emit savedChanged();
}

double Workbench::mostHeldBytes() {
  return QSettings().value("undo/heldBytes", kMostHeldBytes).toDouble();
}

// Weights that are nowhere else are always held. What can be opened again is held as long as all of it does not take too much, and the
// steps before it stay.
bool Workbench::leavesRoomToUndo() {
  double held = scene::memoryToShow(*network());
  for (int i = 0; i < m_undo.count(); ++i)
    if (const auto* opening = dynamic_cast<const Opening*>(m_undo.command(i))) held += opening->bytes();
  return held <= mostHeldBytes() || hasUnsavedTraining();
}

void Workbench::tellNotHeld(const ModelSlot& slot) {
  const auto text = [](double bytes) { return QString::fromStdString(nn::memoryText(bytes)); };
  const QString what = tr("Undo does not bring it back: it takes %1, and the networks held for undo take at most %2 in all")
                           .arg(text(scene::memoryToShow(*slot.network())), text(mostHeldBytes()));
  const nn::Issue issue{slot.title.toStdString(), what.toStdString(), tr("Open it again where it came from").toStdString()};
  tell(untilNext(Jobs::Lane::Models, {Message::Kind::Info, issue, {}, {}}));
}

// Changes places with the open model, as it is now.
void Workbench::exchange(ModelSlot& slot) {
  m_selection.setNetwork(slot.network());  // first: nobody is told of units that the open network lacks
  train::Recipe recipe = m_training.recipe();
  m_model.unsaved = hasUnsavedTraining();
  m_model.parameters = newest();
  m_model.frozen = std::exchange(recipe.frozen, slot.frozen);
  train::followNetwork(recipe, network().get(), slot.network().get());
  std::swap(m_model, slot);
  useParameters(m_model.parameters);
  m_values.reset();
  m_training.setStart(network(), m_model.parameters);
  emit networkChanged();
  emit startChanged();
  recompute();
  m_training.setRecipe(recipe);
  useRecipe();
  withdrawOffers();
}

bool Workbench::refusesUndo(int index) {
  if (!m_training.running() || !dynamic_cast<const Opening*>(m_undo.command(index))) return false;
  Message message{
      Message::Kind::Info,
      {"", tr("Training runs: no other network is opened meanwhile").toStdString(), tr("Pause it, then undo or redo.").toStdString()},
      tr("Pause training"),
      [this] { pause(); }};
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
void Workbench::tellNotes(const Opened& opened) {
  if (opened.notes.empty()) return;
  std::string text;
  for (const std::string& note : opened.notes) text += (text.empty() ? "" : "; ") + note;
  const Message::Kind kind = opened.slot.unread.isEmpty() ? Message::Kind::Info : Message::Kind::Warning;
  tell(untilNext(Jobs::Lane::Models, {kind, {opened.slot.title.toStdString(), text, ""}, {}, {}}));
}

void Workbench::save(const QString& path, std::function<void()> then) {
  if (!m_model.runner || refusesSaving(path)) return;
  const auto work = [this, path, then = std::move(then), network = network(),
                     parameters = parameters()](const data::Progress&) -> Jobs::Finish {
    io::saveOnnx(path, *network, *parameters);
    return [this, path, then, parameters] {
      if (parameters == this->parameters()) m_model.unsaved = false;
      emit savedChanged();
      tell(savedMessage(path));
      if (then) then();
    };
  };
  m_jobs.start(tr("Saving %1").arg(QFileInfo(path).fileName()), work, Jobs::Lane::Saving);
}

void Workbench::setDrawing(const data::GrayImage& ink, const std::shared_ptr<const data::ColorImage>& colors) {
  m_drawing = {ink, colors};
  if (!m_soon.isActive()) m_soon.start();
}

void Workbench::setLikeMnist(bool likeMnist) {
  m_likeMnist = likeMnist;
  if (!m_soon.isActive()) m_soon.start();
}

void Workbench::recompute() {
  m_soon.stop();
  QElapsedTimer timer;
  timer.start();
  m_prepared = m_model.runner ? m_model.runner->pipeline().prepare(m_drawing.ink, m_likeMnist) : data::PreparedDrawing();
  const bool slow = m_model.runner && m_model.runner->isSlow();
  if (!slow) useValues(m_model.runner ? m_model.runner->run(m_prepared.result, m_drawing.colors.get()) : nullptr, blank());
  m_lastComputeMs = double(timer.nsecsElapsed()) / 1e6;
  if (slow) infer();
  emit drawingChanged();
  if (!slow) emit valuesChanged();
}

Workbench::Sample Workbench::randomSample(int sizePx) {
  QRandomGenerator& random = *QRandomGenerator::global();
  const data::DataSplit& split = m_library.split();
  const bool held = split.validation && split.validation->count() > 0;
  const auto& set = split.test ? split.test : held ? split.validation : split.train;
  const bool colors = set && set->shape.channels == 3 && m_model.runner && m_model.runner->pipeline().takesColors();
  if (!set || (set->shape.channels != 1 && !colors)) {
    const int digit = int(random.bounded(10));
    QStringList names;
    for (int i = 0; i < 10; ++i) names << QString::number(i);
    return {{data::strokeDigit(digit, random.generate64(), sizePx)}, digit, names, tr("stroke digit")};
  }
  const std::size_t index = std::size_t(random.bounded(quint64(set->count())));
  const std::span<const std::uint8_t> bytes = set->image(index);
  data::Picture picture{{set->shape.width, set->shape.height, {}}};
  if (colors)
    picture = io::pictureOf(imageOf({set->shape, {bytes.begin(), bytes.end()}}));
  else
    for (const std::uint8_t byte : bytes) picture.ink.ink.push_back(float(byte) / 255.0f);
  QStringList names;
  for (const std::string& name : set->classNames) names << QString::fromStdString(name);
  return {picture, int(set->labels[index]), names, tr("%1, picture %2").arg(QString::fromStdString(set->name)).arg(index)};
}

}  // namespace ui
