#include "ui/app/Workbench.h"

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
constexpr int kPatienceMs = 400;
}  // namespace

Workbench::Workbench(QObject* parent) : QObject(parent), m_library(m_jobs) {
  m_soon.setSingleShot(true);
  m_soon.setInterval(0);
  connect(&m_soon, &QTimer::timeout, this, &Workbench::recompute);
  m_patience.setSingleShot(true);
  m_patience.setInterval(kPatienceMs);
  connect(&m_patience, &QTimer::timeout, this, &Workbench::slowlyComputing);
  connect(&m_inference, &QFutureWatcherBase::finished, this, &Workbench::inferred);
  connect(&m_training, &TrainingController::snapshotChanged, this, &Workbench::showSnapshot);
  connect(&m_training, &TrainingController::recipeChanged, this, &Workbench::useRecipe);
  connect(&m_library, &DatasetCatalog::changed, this, &Workbench::useData);
  connect(&m_library, &DatasetCatalog::noted, this, [this](const QString& where, const QString& what) {
    tell({Message::Kind::Warning, {where.toStdString(), what.toStdString(), ""}, {}, {}});
  });
  connect(&m_jobs, &Jobs::failed, this, [this](const nn::Issue& issue) { tell({Message::Kind::Failure, issue, {}, {}}); });
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
    tell({Message::Kind::Failure, error.issue(), {}, {}});
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
  m_jobs.start(tr("Opening %1").arg(title),
               [this, name, title, trained, read = std::move(read), gate](const data::Progress&) -> Jobs::Finish {
                 const auto opened = std::make_shared<const Opened>(name, title, read(), trained);
                 return [this, opened, gate] {
                   const auto replace = [this, opened] { open(*opened); };
                   gate ? gate(replace) : replace();
                 };
               });
}

Workbench::Opened::Opened(const QString& itsName, const QString& itsTitle, io::Model&& model, bool isTrained)
    : name(itsName),
      title(itsTitle),
      notes(std::move(model.notes)),
      unread(QString::fromStdString(io::unreadText(model))),
      trained(isTrained) {
  scene::requireRoomToShow(*model.network, title.toStdString());
  start = std::make_shared<const std::vector<float>>(trained ? std::move(model.parameters) : model.network->initialParameters(kSeed));
  live = std::make_shared<InferenceRunner>(model.network, start);
}

void Workbench::open(const Opened& opened) {
  m_selection.setNetwork(opened.live->network());  // first: nobody is told of units that the open network lacks
  m_trained = opened.trained ? opened.start : nullptr;
  m_random = opened.trained ? nullptr : opened.start;
  m_randomSeed = kSeed;
  m_startFrom = opened.trained ? StartFrom::Trained : StartFrom::Random;
  m_live = opened.live;
  m_parameters = opened.start;
  m_modelName = opened.name;
  m_modelTitle = opened.title;
  m_unread = opened.unread;
  m_unsaved = false;
  m_values.reset();
  m_training.setStart(network(), m_parameters);
  emit networkChanged();
  emit startChanged();
  recompute();
  tellNotes(opened);
  unfreezeUnknown();
  useRecipe();
}

// One message: a warning where the model is not whole, else information.
void Workbench::tellNotes(const Opened& opened) {
  if (opened.notes.empty()) return;
  std::string text;
  for (const std::string& note : opened.notes) text += (text.empty() ? "" : "; ") + note;
  const Message::Kind kind = opened.unread.isEmpty() ? Message::Kind::Info : Message::Kind::Warning;
  tell({kind, {opened.title.toStdString(), text, ""}, {}, {}});
}

void Workbench::save(const QString& path, std::function<void()> then) {
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

void Workbench::setDrawing(const data::GrayImage& drawing) {
  m_drawing = drawing;
  if (!m_soon.isActive()) m_soon.start();
}

void Workbench::setPreprocessing(const data::PreprocessingOptions& options) {
  m_preprocessing = options;
  if (!m_soon.isActive()) m_soon.start();
}

void Workbench::recompute() {
  m_soon.stop();
  QElapsedTimer timer;
  timer.start();
  m_prepared = data::prepare(m_drawing, m_preprocessing);
  const bool slow = m_live && m_live->isSlow();
  if (!slow) useValues(m_live ? m_live->run(m_prepared.result) : nullptr, blank());
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
  if (!set || set->shape.channels != 1) {
    const int digit = int(random.bounded(10));
    QStringList names;
    for (int i = 0; i < 10; ++i) names << QString::number(i);
    return {data::strokeDigit(digit, random.generate64(), sizePx), digit, names, tr("stroke digit")};
  }
  const std::size_t index = std::size_t(random.bounded(quint64(set->count())));
  data::GrayImage picture{set->shape.width, set->shape.height, {}};
  for (const std::uint8_t byte : set->image(index)) picture.ink.push_back(float(byte) / 255.0f);
  QStringList names;
  for (const std::string& name : set->classNames) names << QString::fromStdString(name);
  return {picture, int(set->labels[index]), names, tr("%1, picture %2").arg(QString::fromStdString(set->name)).arg(index)};
}

}  // namespace ui
