#include "ui/app/SessionFiles.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include <QFile>
#include <QFileInfo>

#include "io/FileNames.h"
#include "io/datasets/DataWord.h"
#include "io/datasets/Datasets.h"
#include "scene/ShowingMemory.h"
#include "tasks/ClassNames.h"
#include "ui/app/SessionLosses.h"

namespace ui {

namespace {

constexpr int kAboutVersion = 1;
constexpr qint64 kAboutBytes = 1 << 16;  // of a file's beginning: its first section lies within
const QString kAbout = QStringLiteral("about"), kModelSection = QStringLiteral("model"), kDrawing = QStringLiteral("drawing");

QCborMap mapOf(const SessionAbout& about) {
  return {{QStringLiteral("title"), about.title.left(1000)},
          {QStringLiteral("time"), about.time.toString(Qt::ISODateWithMs)},
          {QStringLiteral("trained"), about.trained},
          {QStringLiteral("drawing"), about.drawing}};
}

SessionAbout aboutOf(const io::Section& section) {
  SessionAbout about{section.text("title"), QDateTime::fromString(section.text("time"), Qt::ISODateWithMs), section.flag("trained"),
                     section.flag("drawing")};
  if (!about.time.isValid()) section.refuse("time is none");
  return about;
}

// Where it says nothing of itself, a network is looked for.
SessionAbout aboutIn(const io::Container& parts) {
  try {
    return aboutOf(parts.section(kAbout, kAboutVersion));
  } catch (const nn::Error&) {
    return {{}, {}, true, parts.has(kDrawing)};
  }
}

io::SavedModel modelOf(const ModelSlot& slot) {
  io::SavedModel model{slot.name, slot.title, slot.unread, slot.network(), slot.parameters, slot.trained, slot.random};
  model.randomSeed = slot.randomSeed;
  model.startsTrained = slot.startFrom == StartFrom::Trained;
  model.classesOfData = slot.classesOfData;
  return model;
}

ModelSlot slotOf(const io::SavedWork& work) {
  const io::SavedModel& model = work.model;
  scene::requireRoomToShow(*model.network, model.title.toStdString());
  ModelSlot slot{model.name, model.title, model.unread};
  slot.parameters = slot.calibrated = model.parameters;
  slot.trained = model.trained;
  slot.random = model.random;
  slot.randomSeed = model.randomSeed;
  slot.startFrom = model.startsTrained ? StartFrom::Trained : StartFrom::Random;
  slot.classesOfData = model.classesOfData;
  slot.calibration = model.calibration;
  slot.frozen = work.recipe.frozen;
  slot.runner = std::make_shared<InferenceRunner>(model.network, slot.parameters);
  return slot;
}

io::DataDescription describe(const SessionFiles::Content& content) {
  if (!content.data.train) return {io::withPaths(content.dataKey, io::absolutePath), {}, 0, 0, {}};
  const std::lock_guard lock(content.fingerprint->mutex);
  if (content.fingerprint->of.lock() != content.data.train) {
    content.fingerprint->description = io::describeData(content.dataKey, content.data);
    content.fingerprint->of = content.data.train;
  }
  return content.fingerprint->description;
}

}  // namespace

// As it was read, checked against each other.
struct SessionFiles::Loaded {
  io::SavedWork work;
  std::optional<ModelSlot> slot;
  data::DataSplit split;
  std::shared_ptr<const KeptRun> run;  // in place of that of the work, with this data
  std::optional<nn::Issue> dataIssue;
  io::Container parts;
  bool hasDrawing = false;
  std::vector<io::LostSection> lost;
  bool chosenAnew = false;  // what the person may choose while it is read
};

SessionFiles::SessionFiles(Workbench& workbench, QObject* parent) : QObject(parent), m_workbench(workbench) {}

SessionFiles::Content SessionFiles::capture(const SessionAbout& about, bool withModel) const {
  Content content;
  content.about = about;
  if (withModel && m_workbench.network()) {
    TrainingController& training = m_workbench.training();
    content.model = modelOf(m_workbench.model());
    if (const auto unsaved = m_workbench.unsavedWeights().inUse()) content.model.parameters = unsaved->weights;
    content.model.calibration = m_workbench.inference().calibration();
    content.recipe = training.recipe();
    content.run = training.save();
    if (training.latest() && training.latest()->step > 0) content.identity = training.run().identity;
    content.log = training.run().log;
    content.metrics = training.run().metrics;
    content.dataKey = m_workbench.library().current().key;
    content.data = training.run().data;
    content.fingerprint = m_fingerprint;
  }
  for (const SessionPart& part : m_parts)
    if (content.model.network || !part.ofModel) content.parts.push_back({part.name, part.version, part.save()});
  return content;
}

SessionFiles::Content SessionFiles::contentOf(const TrainedWeights& trained) const {
  Content content;
  content.about = {trained.title, QDateTime::currentDateTime(), true, false};
  content.model = {trained.name, trained.title, {}, trained.network, trained.weights, trained.start, nullptr};
  content.model.startsTrained = trained.start && trained.startFrom == StartFrom::Trained;
  content.model.classesOfData = trained.classesOfData;
  if (!trained.run) return content;
  content.run = trained.run->saved;
  content.log = trained.run->log;
  content.recipe = content.log.start();  // and as it was changed since
  for (const train::RecipeChange& change : content.log.changes())
    for (const train::FieldChange& field : change.fields) train::apply(field, content.recipe);
  content.metrics = trained.run->metrics;
  content.dataKey = trained.run->dataKey;
  content.data = trained.run->data;
  content.fingerprint = m_fingerprint;
  return content;
}

std::optional<train::SavedRun> SessionFiles::runOf(const Content& content, const std::function<bool()>& waits) {
  using namespace std::chrono_literals;
  if (!content.run.valid()) return std::nullopt;
  while (content.run.wait_for(20ms) != std::future_status::ready)
    if (!waits()) return std::nullopt;
  try {
    train::SavedRun run = content.run.get();
    if (run.checkpoint.step == 0) return std::nullopt;
    // What was set since it was kept, and no step was taken with; another optimizer begins anew.
    const nn::OptimizerKind before = run.checkpoint.recipe.optimizer.kind;
    for (const train::FieldChange& change : train::differences(run.checkpoint.recipe, content.recipe))
      if (train::findRecipeField(change.field)->live) train::apply(change, run.checkpoint.recipe);
    if (run.checkpoint.recipe.optimizer.kind != before)
      run.checkpoint.optimizer = nn::Optimizer(run.checkpoint.recipe.optimizer, run.checkpoint.parameters.size()).state();
    run.log = content.log;
    run.metrics = content.metrics;
    return run;
  } catch (const std::exception&) {  // it has ended meanwhile; the weights of before are there
    return std::nullopt;
  }
}

ModelSlot::Parameters SessionFiles::write(const Content& content, std::optional<train::SavedRun> run, const QString& path) {
  io::Container container;
  io::SavedWork work;
  work.model = content.model;
  if (content.model.network) {
    work.recipe = content.recipe;
    work.run = std::move(run);
    if (!content.dataKey.isEmpty()) work.data = describe(content);
    io::putWork(container, work);
  }
  for (const Content::Part& part : content.parts) container.set(part.name, part.version, part.content());
  container.set(kAbout, kAboutVersion, mapOf(content.about));
  container.save(path);
  return work.run ? std::make_shared<const std::vector<float>>(std::move(work.run->checkpoint.parameters)) : content.model.parameters;
}

SessionAbout SessionFiles::readAbout(const QString& path) {
  QFile file;
  if (!io::openForReading(file, path)) throw nn::Error("it cannot be opened: " + file.errorString().toStdString(), io::shownName(path));
  return aboutOf(io::Container::readFirst(file.read(kAboutBytes), kAbout, kAboutVersion, io::shownPath(QFileInfo(path).fileName())));
}

SessionAbout SessionFiles::survey(const QString& path, std::vector<io::LostSection>& lost) {
  const QStringList whole = io::Container::namesOfWhatIsWhole(path, lost);
  SessionAbout about{QFileInfo(path).completeBaseName(), QFileInfo(path).lastModified(), whole.contains(kModelSection),
                     whole.contains(kDrawing)};
  if (whole.contains(kAbout)) about = readAbout(path);
  const auto isWhole = [&](bool& expected, const QString& section) {
    if (!expected || whole.contains(section)) return;
    expected = false;
    const bool told = std::any_of(lost.begin(), lost.end(), [&](const io::LostSection& one) { return one.name == section; });
    if (!told && !lost.empty()) lost.insert(lost.begin(), {section, lost.front().issue, lost.front().damaged});
  };
  isWhole(about.drawing, kDrawing);
  isWhole(about.trained, kModelSection);
  if (!lost.empty() && !about.trained && !about.drawing) throw nn::Error(issueOf(lost));
  return about;
}

void SessionFiles::save(const QString& path, const Then& then) {
  const SessionAbout about{m_workbench.model().title, QDateTime::currentDateTime(), true, !m_workbench.inference().blank()};
  const auto content = std::make_shared<const Content>(capture(about));
  emit saving(path);
  const auto work = [this, path, then, content](const data::Progress& progress) -> Jobs::Finish {
    bool canceled = false;
    std::optional<train::SavedRun> run = runOf(*content, [&] { return !(canceled = !progress(-1)); });
    if (canceled) return {};
    if (!content->identity.isNone() && !run)
      throw nn::Error("not saved: its training ended before it could be written, or there was no memory for it", io::shownName(path),
                      "Save it once more; the file is as it was");
    const ModelSlot::Parameters written = write(*content, std::move(run), path);
    return [this, path, then, content, written] {
      m_workbench.markSaved(content->model.network, written, path, content->recipe, content->identity);
      m_workbench.tell({Message::Kind::Info, {io::shownName(path), tr("The session is saved").toStdString(), ""}});
      emit used(path);
      if (then) then();
    };
  };
  m_workbench.jobs().start(tr("Saving %1").arg(QFileInfo(path).fileName()), work, Jobs::Lane::Saving);
}

void SessionFiles::pauseAndSave(const QString& path, const Then& then) {
  TrainingController& training = m_workbench.training();
  training.pause();
  if (training.atRest()) return save(path, then);
  auto* waiting = new QObject(this);
  connect(&training, &TrainingController::snapshotChanged, waiting, [this, &training, path, then, waiting] {
    if (!training.atRest()) return;
    training.disconnect(waiting);
    waiting->deleteLater();
    save(path, then);
  });
  connect(&training, &TrainingController::cleared, waiting, &QObject::deleteLater);  // the person chose something else meanwhile
}

// Null: canceled.
std::shared_ptr<SessionFiles::Loaded> SessionFiles::load(const QString& path, const data::Progress& progress) {
  const QString where = io::shownPath(QFileInfo(path).fileName());
  auto loaded = std::make_shared<Loaded>();
  loaded->parts = io::Container::loadWhatIsWhole(path, loaded->lost);
  const SessionAbout about = aboutIn(loaded->parts);
  if (about.trained || loaded->parts.has(kModelSection)) readModel(*loaded, where);
  loaded->hasDrawing = about.drawing && loaded->parts.has(kDrawing);
  if (!loaded->lost.empty() && !loaded->slot && !loaded->hasDrawing) throw nn::Error(issueOf(loaded->lost));
  return readData(*loaded, where, progress) ? loaded : nullptr;
}

void SessionFiles::readModel(Loaded& loaded, const QString& where) {
  loaded.work = io::takeWhatIsWhole(std::move(loaded.parts), where, loaded.lost);
  loaded.parts = std::move(loaded.work.others);
  if (loaded.work.model.network) loaded.slot = slotOf(loaded.work);
}

// False: canceled.
bool SessionFiles::readData(Loaded& loaded, const QString& where, const data::Progress& progress) {
  const std::optional<io::DataDescription>& data = loaded.work.data;
  const bool isThere = data && io::isSourceThere(data->source);
  if (!loaded.slot || !data || (isThere && data->fingerprint.isEmpty())) return true;
  try {
    if (!isThere) throw nn::Error("its data is no longer there: " + io::shownName(data->source), where.toStdString());
    const train::Recipe& recipe = loaded.work.run ? loaded.work.run->checkpoint.recipe : loaded.work.recipe;
    loaded.split = tasks::inOrderOf(*loaded.work.model.network, io::loadData(data->source, recipe.seed, progress, recipe.shares));
    if (!loaded.split.train) return false;
    io::requireSameData(*data, io::describeData(data->source, loaded.split), where.toStdString());
    if (!loaded.work.run) return true;
    io::SavedModel& model = loaded.work.model;  // the folders of its classes may be called otherwise meanwhile
    const auto named = tasks::withClassNames(model.network, *loaded.split.train, model.classesOfData);
    if (std::exchange(model.network, named) != named) loaded.slot = slotOf(loaded.work);
    loaded.run = keptRunOf(*loaded.work.run, named, loaded.slot->parameters, data->source, loaded.split);
  } catch (const nn::Error& error) {
    loaded.split = {};
    loaded.dataIssue = error.issue();
  }
  return true;
}

QString SessionFiles::choices() const {
  QString all;
  for (const SessionPart& part : m_parts) all += part.choice ? part.choice() : QString();
  return all;
}

void SessionFiles::open(const QString& path, const ModelCatalog::Gate& gate) {
  const auto work = [this, path, gate, before = choices()](const data::Progress& progress) -> Jobs::Finish {
    const std::shared_ptr<Loaded> loaded = load(path, progress);
    if (!loaded) return {};
    return [this, path, gate, loaded, before] {
      loaded->chosenAnew = choices() != before;
      const As as = loaded->lost.empty() ? As::Saved : As::Rest;
      const auto replace = [this, path, loaded, as] {
        std::optional<Message> away = apply(*loaded, path, as);
        if (!away) return;
        away->issue.hint =
            tr("Bring the data back where it lay and open the session again, or choose other data in the Data menu. The file "
               "stays as it is: Save asks for another name.")
                .toStdString();
        m_workbench.tell(*away);
      };
      const auto open = [this, gate, replace] {
        emit opening();
        gate ? gate(replace) : replace();
      };
      as == As::Saved ? open() : offerRest(*loaded, open);
    };
  };
  m_workbench.jobs().start(tr("Opening %1").arg(io::shownPath(QFileInfo(path).fileName())), work, Jobs::Lane::Models);
}

void SessionFiles::offerRest(const Loaded& loaded, const std::function<void()>& open) {
  nn::Issue issue = issueOf(loaded.lost);
  QStringList whole;
  if (loaded.slot) whole << kModelSection;
  if (loaded.hasDrawing) whole << kDrawing;
  issue.hint = tr("%1, or open what is whole: %2.").arg(QString::fromStdString(issue.hint), shownSections(whole)).toStdString();
  m_workbench.tell(untilNext(Jobs::Lane::Models, {Message::Kind::Failure, issue, tr("&Open the Rest"), open}));
}

void SessionFiles::restoreKept(const QString& path, const ThenWithout& then, const std::function<void(const nn::Issue&)>& failed) {
  const auto work = [this, path, then, failed, before = choices()](const data::Progress& progress) -> Jobs::Finish {
    try {
      const std::shared_ptr<Loaded> loaded = load(path, progress);
      if (!loaded) return {};
      return [this, path, then, loaded, before] {
        loaded->chosenAnew = choices() != before;
        then(loaded->lost, apply(*loaded, path, As::Kept));
      };
    } catch (const nn::Error& error) {
      return [failed, issue = error.issue()] { failed(issue); };
    }
  };
  m_workbench.jobs().start(tr("Bringing back what was kept"), work, Jobs::Lane::Models);
}

std::optional<Message> SessionFiles::apply(const Loaded& loaded, const QString& path, As as) {
  emit opening();
  std::optional<Message> away;
  if (loaded.slot) {
    ModelSlot slot = *loaded.slot;
    slot.unsaved = as != As::Saved;
    m_workbench.openSaved(slot, loaded.work.recipe, as == As::Kept);
    away = restoreTraining(loaded);
  }
  const bool whole = restoreParts(loaded, as == As::Kept ? loaded.work.model.title : io::shownPath(QFileInfo(path).fileName())) && !away;
  if (as == As::Saved && loaded.slot)
    m_workbench.markSaved(loaded.slot->network(), loaded.slot->parameters, whole ? path : QString(), m_workbench.training().recipe(),
                          loaded.run ? loaded.run->identity : RunIdentity());
  if (as == As::Saved) emit used(path);
  return away;
}

std::optional<Message> SessionFiles::restoreTraining(const Loaded& loaded) {
  const std::optional<io::DataDescription>& data = loaded.work.data;
  const std::optional<train::SavedRun>& run = loaded.work.run;
  if (loaded.dataIssue) {
    QString rest = tr("In its place is %1. %2").arg(m_workbench.library().current().title, allElse(loaded.lost));
    if (run) rest = tr("Its weights are there, but the run cannot go on: it begins anew on the data that you choose.");
    Message message{Message::Kind::Warning, {loaded.dataIssue->where, loaded.dataIssue->what + ". " + rest.toStdString(), ""}};
    message.holds = [&workbench = m_workbench, of = m_workbench.network(), key = m_workbench.library().current().key] {
      return workbench.network() == of && workbench.library().current().key == key && !workbench.training().exists();
    };
    return message;
  }
  if (data && !loaded.split.train) m_workbench.library().choose(data->source, m_workbench.training().running());
  if (!loaded.split.train) return {};
  const train::Recipe& recipe = run ? run->checkpoint.recipe : loaded.work.recipe;
  m_workbench.library().use(data->source, loaded.split, recipe.shares, recipe.seed);
  if (loaded.run) m_workbench.training().resume(loaded.run);
  return {};
}

// What this program does not know, or not any more, is named and left out.
bool SessionFiles::restoreParts(const Loaded& loaded, const QString& where) {
  QStringList unknown, problems;
  std::set<QString> known{kAbout};
  for (const SessionPart& part : m_parts) {
    known.insert(part.name);
    if (!loaded.parts.has(part.name) || (loaded.chosenAnew && part.choice) || (part.ofModel && !loaded.slot && !loaded.lost.empty()))
      continue;
    try {
      part.restore(loaded.parts.section(part.name, part.version));
    } catch (const nn::Error& error) {
      problems << QString::fromStdString(error.issue().what);
    }
  }
  for (const QString& name : loaded.parts.names())
    if (!known.contains(name)) unknown << name;
  const auto tell = [&](const QString& what, const QString& hint) {
    m_workbench.tell(untilNext(Jobs::Lane::Models, Message::of(Message::Kind::Warning, where, what, hint)));
  };
  if (!unknown.isEmpty())
    tell(tr("The session holds what this ConvScope does not know and leaves out: %1").arg(unknown.join(", ")),
         tr("A newer one opens it whole; saved here, the session would lack it."));
  if (!problems.isEmpty())
    tell(tr("%1; in its place is what was there before").arg(problems.join(QStringLiteral("; "))), allElse(loaded.lost));
  return problems.isEmpty();
}

}  // namespace ui
