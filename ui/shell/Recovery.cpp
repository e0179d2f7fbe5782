#include "ui/shell/Recovery.h"

#include <algorithm>
#include <chrono>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLockFile>
#include <QStandardPaths>
#include <QtConcurrentRun>

#include "ui/app/FileCommands.h"
#include "ui/app/LessonPlayer.h"
#include "ui/base/Jobs.h"
#include "ui/base/Timers.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/LessonStage.h"
#include "ui/shell/MainWindow.h"

namespace ui {

namespace {

constexpr int kSoonMs = 2000;
constexpr int kOftenMs = 20000;
constexpr int kSessionEndMs = 120000;
constexpr auto kMostWait = std::chrono::seconds(5);  // for a step of training; then the weights are kept without the run

// The files of this run in the folder begin so.
QString ownFiles(const QString& folder) {
  const QString time = QDateTime::currentDateTimeUtc().toString("yyyyMMdd-HHmmss-zzz-");
  return QDir(folder).filePath(time + QString::number(QCoreApplication::applicationPid()));
}

bool isSame(const std::optional<TrainedWeights>& one, const TrainedWeights& other) {
  return one && one->weights == other.weights && one->network == other.network && one->start == other.start &&
         one->startFrom == other.startFrom && one->name == other.name;
}

}  // namespace

bool Recovery::Work::sameAs(const Work& other) const {
  if (drawing != other.drawing || settings != other.settings || trained.has_value() != other.trained.has_value()) return false;
  return !trained || isSame(trained, *other.trained);
}

nn::Issue Recovery::Part::write() {
  try {
    if (wanted.isEmpty()) {
      if (QFile::exists(path) && !QFile::remove(path)) throw nn::Error("it cannot be removed", path.toStdString());
    } else {
      if (!QDir().mkpath(QFileInfo(path).path())) throw nn::Error("the folder cannot be made", QFileInfo(path).path().toStdString());
      const auto begin = std::chrono::steady_clock::now();
      std::optional<train::SavedRun> run =
          SessionFiles::runOf(content, [begin] { return std::chrono::steady_clock::now() - begin < kMostWait; });
      if (run) run->moments.clear();  // they are written often, and looked back at seldom
      SessionFiles::write(content, std::move(run), path);
    }
    kept = wanted;
    content = SessionFiles::Content();
    return {};
  } catch (const nn::Error& error) {
    return error.issue();
  } catch (const std::exception& error) {
    return {path.toStdString(), error.what(), ""};
  }
}

Recovery::Recovery(Workbench& workbench, MainWindow& window, const QString& folder)
    : m_workbench(workbench),
      m_window(window),
      m_own(ownFiles(folder)),
      m_others(workbench, window, folder, m_own),
      m_present(std::make_shared<Part>(m_own + RecoveryOffers::kSuffix)),
      m_soon(this),
      m_pace{kSoonMs, kOftenMs} {
  runOnce(m_soon, 0, this, &Recovery::write);
  connect(&m_writing, &QFutureWatcherBase::finished, this, [this] { written(m_writing.result()); });
  connect(&m_workbench, &Workbench::networkChanged, this, &Recovery::changed);
  connect(&m_workbench, &Workbench::parametersChanged, this, &Recovery::changed);
  connect(&m_workbench, &Workbench::messageRaised, this, &Recovery::changed);  // saved, for one
  connect(&m_workbench.training(), &TrainingController::snapshotChanged, this, &Recovery::changed);
  connect(&m_workbench.training(), &TrainingController::recipeChanged, this, &Recovery::changed);
  connect(window.padPanel().pad(), &DrawingPad::inkChanged, this, &Recovery::changed);
  const SessionFiles& sessions = window.files().sessions();
  connect(&sessions, &SessionFiles::saving, this,
          [this](const QString& path) { m_saving.insert_or_assign(path, m_window.padPanel().pad()->content()); });
  connect(&sessions, &SessionFiles::opening, this, [this] { m_saving.clear(); });
  connect(&sessions, &SessionFiles::used, this, [this](const QString& path) {
    const auto saved = m_saving.extract(path);
    m_inSession = saved ? saved.mapped() : m_window.padPanel().pad()->content();
    changed();
  });
  const LessonPlayer& lesson = window.lessons().player();
  connect(&lesson, &LessonPlayer::opened, this, [this] {
    if (!m_soon.isActive()) return;
    m_soon.stop();
    finishWriting();
    writeDue();
  });
  connect(&lesson, &LessonPlayer::closed, this, &Recovery::changed);
  connect(qGuiApp, &QGuiApplication::commitDataRequest, this, &Recovery::keepForSessionEnd);
  connect(qGuiApp, &QGuiApplication::saveStateRequest, this, [this] { write(); });
  connect(&m_others, &RecoveryOffers::restored, this, &Recovery::write);
}

Recovery::~Recovery() {
  m_writing.waitForFinished();
}

QString Recovery::usualFolder() {
  return QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)).filePath("recovery");
}

void Recovery::setPace(int soonMs, int oftenMs) {
  m_pace = {soonMs, oftenMs};
}

// What a lesson draws and opens is not the person's work, which is put back when it ends.
bool Recovery::isOfLesson() const {
  return m_window.lessons().player().isOpen();
}

void Recovery::changed() {
  if (m_soon.isActive() || m_over || isOfLesson()) return;
  const qint64 since = m_sinceWritten.isValid() ? m_sinceWritten.elapsed() : m_pace.oftenMs;
  m_soon.start(int(std::max<qint64>(m_pace.soonMs, m_pace.oftenMs - since)));
}

// What is to be kept of the present, and where that is new, how it is.
void Recovery::look(Weights weights) {
  const DrawingPad* pad = m_window.padPanel().pad();
  m_present->wanted = {};
  if (weights == Weights::Count) {
    m_present->wanted.trained = m_workbench.unsavedWeights().inUse();
    if (m_workbench.unsavedWeights().existOrSettingsChanged()) m_present->wanted.settings = m_workbench.training().recipe();
  }
  if (!pad->isEmpty() && pad->content() != m_inSession) m_present->wanted.drawing = pad->content();
  const Work& work = m_present->wanted;
  if (!m_present->isDue()) return;
  // Settings go with the weights that they are for.
  const bool trained = work.trained || work.settings;
  const SessionAbout about{m_workbench.model().title, QDateTime::currentDateTime(), trained, work.drawing.has_value()};
  m_present->content = m_window.files().sessions().capture(about, about.trained);
}

// Those that are offered now have a file each; that of an offer that is answered or gone goes.
void Recovery::followOffers(Undo undo) {
  const UnsavedWeights& unsaved = m_workbench.unsavedWeights();
  UnsavedWeights::Held offered = unsaved.offeredBack();
  if (undo == Undo::Counts)
    for (const auto& trained : unsaved.heldByUndo()) offered.push_back(trained);
  for (const SharedPart& part : m_offered)
    if (std::none_of(offered.begin(), offered.end(), [&](const auto& trained) { return isSame(part->wanted.trained, *trained); }))
      part->wanted = {};
  for (const auto& trained : offered) {
    if (std::any_of(m_offered.begin(), m_offered.end(), [&](const SharedPart& part) { return isSame(part->wanted.trained, *trained); }))
      continue;
    m_offered.push_back(std::make_shared<Part>(QStringLiteral("%1-%2").arg(m_own, QString::number(++m_offers)) + RecoveryOffers::kSuffix));
    m_offered.back()->wanted.trained = *trained;
    m_offered.back()->content = m_window.files().sessions().contentOf(*trained);
  }
}

// What was offered before, the present state and what is offered no longer, in this order: no weights are nowhere in between.
std::vector<Recovery::SharedPart> Recovery::due() const {
  std::vector<SharedPart> parts;
  for (const SharedPart& part : m_offered)
    if (part->isDue() && !part->wanted.isEmpty()) parts.push_back(part);
  if (m_present->isDue()) parts.push_back(m_present);
  for (const SharedPart& part : m_offered)
    if (part->isDue() && part->wanted.isEmpty()) parts.push_back(part);
  return parts;
}

void Recovery::write() {
  if (!m_over && !isOfLesson()) writeDue();
}

void Recovery::writeDue() {
  if (m_writing.isRunning()) return changed();
  look(Weights::Count);
  followOffers(Undo::Counts);
  m_others.cover();
  const std::vector<SharedPart> parts = due();
  if (parts.empty()) {
    allIsKept();
    return m_others.removeCovered();
  }
  for (const SharedPart& part : parts) {
    if (part->lock) continue;
    QDir().mkpath(QFileInfo(part->path).path());
    part->lock = RecoveryOffers::lockOf(part->path);
    part->lock->tryLock(0);
  }
  m_writing.setFuture(QtConcurrent::run(&Jobs::threads(), [parts] {
    for (const SharedPart& part : parts)
      if (nn::Issue issue = part->write(); !issue.what.empty()) return issue;
    return nn::Issue{};
  }));
}

void Recovery::written(const nn::Issue& issue) {
  m_sinceWritten.start();
  if (!issue.what.empty()) {
    if (!m_told) {
      const QString what = tr("What is not saved cannot be kept for the next start (%1)").arg(QString::fromStdString(issue.what));
      m_told = {issue.where, what.toStdString(), tr("Save the model yourself before the program ends.").toStdString()};
      m_workbench.tell({Message::Kind::Warning, *m_told});
    }
    changed();
    emit wrote(false);
    return;
  }
  allIsKept();
  std::erase_if(m_offered, [](const SharedPart& part) { return part->wanted.isEmpty() && part->kept.isEmpty(); });
  m_others.removeCovered();
  if (m_workbench.training().running()) changed();  // also while nobody sees the window and nothing is told
  emit wrote(true);
}

void Recovery::allIsKept() {
  if (m_told) emit m_workbench.messageOutdated(*m_told);
  m_told.reset();
}

bool Recovery::isEmpty() const {
  return m_present->kept.isEmpty() &&
         std::all_of(m_offered.begin(), m_offered.end(), [](const SharedPart& part) { return part->kept.isEmpty(); });
}

bool Recovery::keepNow() {
  if (m_over) return true;
  m_window.lessons().leave();
  m_soon.stop();
  finishWriting();
  write();
  finishWriting();
  m_keeps = true;
  m_window.setClosing(!m_told);
  return !m_told;
}

// With the words about it, although the event loop does not run.
void Recovery::finishWriting() {
  m_writing.waitForFinished();
  QCoreApplication::sendPostedEvents(&m_writing);
}

void Recovery::keepForSessionEnd() {
  keepNow();
  QTimer::singleShot(kSessionEndMs, this, [this] {
    m_keeps = false;
    m_window.setClosing(false);
  });
}

void Recovery::forget() {
  m_over = true;
  m_soon.stop();
  finishWriting();
  look(Weights::AreDecided);
  followOffers(Undo::IsOver);
  for (const SharedPart& part : due()) part->write();
  m_offered.clear();
  m_present->lock.reset();
  m_others.cover();
  m_others.removeCovered();
}

}  // namespace ui
