#include "ui/shell/Recovery.h"

#include <algorithm>
#include <chrono>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLocale>
#include <QLockFile>
#include <QPointer>
#include <QStandardPaths>
#include <QtConcurrentRun>

#include "ui/app/FileCommands.h"
#include "ui/app/LessonPlayer.h"
#include "ui/app/SessionLosses.h"
#include "ui/base/Jobs.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/LessonStage.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/RecoveryDialog.h"

namespace ui {

namespace {

constexpr int kSoonMs = 2000;
constexpr int kOftenMs = 20000;
constexpr int kSessionEndMs = 120000;
constexpr auto kMostWait = std::chrono::seconds(5);  // for a step of training; then the weights are kept without the run
constexpr QLatin1String kBroken("broken-"), kSuffix(".convscope"), kLockSuffix(".lock");

std::unique_ptr<QLockFile> lockOf(const QString& path) {
  auto lock = std::make_unique<QLockFile>(path.chopped(kSuffix.size()) + kLockSuffix);
  lock->setStaleLockTime(0);  // stale is what belongs to a program that has ended, however old
  return lock;
}

bool isSame(const std::optional<TrainedWeights>& one, const TrainedWeights& other) {
  return one && one->weights == other.weights && one->network == other.network && one->start == other.start &&
         one->startFrom == other.startFrom && one->name == other.name;
}

}  // namespace

QString Recovery::nameOf(const Left& left) {
  const SessionAbout& about = left.about;
  const QString what =
      about.trained ? about.drawing ? tr("Trained weights and drawing of %1") : tr("Trained weights of %1") : tr("Drawing on %1");
  const bool today = about.time.date() == QDate::currentDate();
  const QString time =
      today ? QLocale().toString(about.time.time(), QLocale::ShortFormat) : QLocale().toString(about.time, QLocale::ShortFormat);
  const QString name = tr("%1, %2", "what, time").arg(what.arg(about.title), time);
  return left.lost.isEmpty() ? name : tr("%1, from a damaged file").arg(name);
}

bool Recovery::Work::sameAs(const Work& other) const {
  if (drawing != other.drawing || trained.has_value() != other.trained.has_value()) return false;
  return !trained || isSame(trained, *other.trained);
}

nn::Issue Recovery::Part::write() {
  try {
    if (wanted.isEmpty()) {
      if (QFile::exists(path) && !QFile::remove(path)) throw nn::Error("it cannot be removed", path.toStdString());
    } else {
      if (!QDir().mkpath(QFileInfo(path).path())) throw nn::Error("the folder cannot be made", QFileInfo(path).path().toStdString());
      const auto begin = std::chrono::steady_clock::now();
      SessionFiles::write(content, SessionFiles::runOf(content, [begin] { return std::chrono::steady_clock::now() - begin < kMostWait; }),
                          path);
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
    : m_workbench(workbench), m_window(window), m_root(folder), m_soonMs(kSoonMs), m_oftenMs(kOftenMs) {
  const QString id = QDateTime::currentDateTimeUtc().toString("yyyyMMdd-HHmmss-zzz-") + QString::number(QCoreApplication::applicationPid());
  m_own = QDir(folder).filePath(id);
  m_present = std::make_shared<Part>(m_own + kSuffix);
  m_soon.setSingleShot(true);
  connect(&m_soon, &QTimer::timeout, this, &Recovery::write);
  connect(&m_writing, &QFutureWatcherBase::finished, this, [this] { written(m_writing.result()); });
  connect(&m_workbench, &Workbench::networkChanged, this, &Recovery::changed);
  connect(&m_workbench, &Workbench::parametersChanged, this, &Recovery::changed);
  connect(&m_workbench, &Workbench::messageRaised, this, &Recovery::changed);  // saved, for one
  connect(&m_workbench.training(), &TrainingController::snapshotChanged, this, &Recovery::changed);
  connect(window.padPanel().pad(), &DrawingPad::inkChanged, this, &Recovery::changed);
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
  connect(&m_finding, &QFutureWatcherBase::finished, this, [this] {
    offer(m_finding.result());
    emit searched();
  });
}

Recovery::~Recovery() {
  m_writing.waitForFinished();
}

QString Recovery::usualFolder() {
  return QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)).filePath("recovery");
}

void Recovery::setPace(int soonMs, int oftenMs) {
  m_soonMs = soonMs;
  m_oftenMs = oftenMs;
}

// What a lesson draws and opens is not the person's work, which is put back when it ends.
bool Recovery::isOfLesson() const {
  return m_window.lessons().player().isOpen();
}

void Recovery::changed() {
  if (m_soon.isActive() || m_over || isOfLesson()) return;
  const qint64 since = m_sinceWritten.isValid() ? m_sinceWritten.elapsed() : m_oftenMs;
  m_soon.start(int(std::max<qint64>(m_soonMs, m_oftenMs - since)));
}

// What is to be kept of the present, and where that is new, how it is.
void Recovery::look() {
  const DrawingPad* pad = m_window.padPanel().pad();
  m_present->wanted = {m_workbench.unsavedTraining(), {}};
  if (!pad->isEmpty()) m_present->wanted.drawing = pad->content();
  const Work& work = m_present->wanted;
  if (!m_present->isDue()) return;
  const SessionAbout about{m_workbench.model().title, QDateTime::currentDateTime(), work.trained.has_value(), work.drawing.has_value()};
  m_present->content = m_window.files().sessions().capture(about, about.trained);
}

// Those that are offered now have a file each; that of an offer that is answered or gone goes.
void Recovery::followOffers(Undo undo) {
  const auto offered = m_workbench.offeredBack(undo == Undo::Counts);
  for (const SharedPart& part : m_offered)
    if (std::none_of(offered.begin(), offered.end(), [&](const auto& trained) { return isSame(part->wanted.trained, *trained); }))
      part->wanted = {};
  for (const auto& trained : offered) {
    if (std::any_of(m_offered.begin(), m_offered.end(), [&](const SharedPart& part) { return isSame(part->wanted.trained, *trained); }))
      continue;
    m_offered.push_back(std::make_shared<Part>(QStringLiteral("%1-%2").arg(m_own, QString::number(++m_offers)) + kSuffix));
    m_offered.back()->wanted.trained = *trained;
    m_offered.back()->content = SessionFiles::contentOf(*trained);
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
  look();
  followOffers(Undo::Counts);
  m_covered.insert(m_covered.end(), m_restored.begin(), m_restored.end());
  m_restored.clear();
  const std::vector<SharedPart> parts = due();
  if (parts.empty()) {
    allIsKept();
    return removeCovered();
  }
  for (const SharedPart& part : parts) {
    if (part->lock) continue;
    QDir().mkpath(m_root);
    part->lock = lockOf(part->path);
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
      m_workbench.tell({Message::Kind::Warning, *m_told, {}, {}});
    }
    changed();
    emit wrote(false);
    return;
  }
  allIsKept();
  std::erase_if(m_offered, [](const SharedPart& part) { return part->wanted.isEmpty() && part->kept.isEmpty(); });
  removeCovered();
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

void Recovery::removeCovered() {
  for (const Shared& left : std::exchange(m_covered, {})) remove(left);
}

void Recovery::remove(const Shared& left) {
  m_removing.addFuture(QtConcurrent::run(&Jobs::threads(), [left] {
    QFile::remove(left->path);
    left->lock->unlock();
  }));
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
  followOffers(Undo::IsOver);
  for (const SharedPart& part : m_offered)
    if (part->isDue()) part->write();
  m_offered.clear();
  QFile::remove(m_present->path);
  m_present->lock.reset();
  removeCovered();
  for (const Shared& left : std::exchange(m_restored, {})) remove(left);
}

QString Recovery::putAside(const QString& path) {
  const QFileInfo info(path);
  const QString aside = info.dir().filePath(kBroken + info.fileName());
  return QDir::toNativeSeparators(QFile::rename(path, aside) ? aside : path);
}

Recovery::Shared Recovery::leftIn(const QString& path) {
  auto left = std::make_shared<Left>(Left{lockOf(path), path, {}, {}, {}});
  if (!left->lock->tryLock(0)) return nullptr;
  try {
    std::vector<io::LostSection> lost;
    left->about = SessionFiles::survey(path, lost);
    left->lost = shownLosses(lost);
  } catch (const nn::Error& error) {
    left->issue = error.issue();
    left->issue.hint = tr("It was put aside as %1.").arg(putAside(path)).toStdString();
  }
  return left;
}

std::vector<Recovery::Shared> Recovery::find(const QString& root, const QString& own) {
  std::vector<Shared> found;
  for (const QString& name : QDir(root).entryList({u'*' + kSuffix}, QDir::Files, QDir::Name)) {
    const QString path = QDir(root).filePath(name);
    if (path == own + kSuffix || path.startsWith(own + u'-') || name.startsWith(kBroken)) continue;
    if (const Shared left = leftIn(path)) found.push_back(left);
  }
  removeOld(root, found);
  for (const QString& name : QDir(root).entryList({u'*' + kLockSuffix}, QDir::Files)) {  // of runs that had nothing left to keep
    const QString path = QDir(root).filePath(name).chopped(kLockSuffix.size()) + kSuffix;
    if (!QFileInfo::exists(path)) lockOf(path)->tryLock(0);
  }
  return found;
}

// The names begin with their time: the oldest come first. Also of what was put aside.
void Recovery::removeOld(const QString& root, std::vector<Shared>& found) {
  const QDateTime now = QDateTime::currentDateTime();
  std::size_t left = std::size_t(std::count_if(found.begin(), found.end(), [](const Shared& one) { return one->issue.what.empty(); }));
  std::erase_if(found, [&](const Shared& one) {
    if (!one->issue.what.empty()) return false;
    if (left <= std::size_t(kMostLeft) && one->about.time.daysTo(now) <= kMostDays) return false;
    --left;
    QFile::remove(one->path);
    return true;
  });
  QFileInfoList aside = QDir(root).entryInfoList({QString(kBroken) + u'*'}, QDir::Files, QDir::Name);
  for (; !aside.isEmpty() && (aside.size() > kMostLeft || aside.front().lastModified().daysTo(now) > kMostDays); aside.removeFirst())
    QFile::remove(aside.front().filePath());
}

void Recovery::offerOthers() {
  m_finding.setFuture(QtConcurrent::run(&Jobs::threads(), [root = m_root, own = m_own] { return find(root, own); }));
}

// One message however many there are: the newest, and a way to the others.
void Recovery::offer(std::vector<Shared> found) {
  for (const Shared& left : found)
    if (!left->issue.what.empty()) m_workbench.tell({Message::Kind::Failure, left->issue, {}, {}});
  std::erase_if(found, [](const Shared& left) { return !left->issue.what.empty(); });
  if (found.empty()) return;
  std::stable_sort(found.begin(), found.end(), [](const Shared& a, const Shared& b) { return a->about.time > b->about.time; });
  const Left& newest = *found.front();
  QString hint = newest.lost.isEmpty() ? tr("The program ended before this was saved.")
                                       : tr("The program ended before this was saved, and of its file %1 cannot be read.").arg(newest.lost);
  if (found.size() == 2) hint += u' ' + tr("Kept, too: %1.").arg(nameOf(*found[1]));
  if (found.size() > 2) hint += u' ' + tr("%1 older ones are kept, too.").arg(found.size() - 1);
  Message message{newest.lost.isEmpty() ? Message::Kind::Info : Message::Kind::Warning,
                  {"", nameOf(*found.front()).toStdString(), hint.toStdString()},
                  tr("&Restore"),
                  [self = QPointer(this), left = found.front()] {
                    if (self) self->restore(left);
                  }};
  message.refusalText = found.size() == 1 ? tr("De&lete") : tr("&All %1...").arg(found.size());
  message.refusal = [self = QPointer(this), found] {
    if (self) found.size() == 1 ? self->remove(found.front()) : self->showAll(found);
  };
  m_workbench.tell(message);
}

void Recovery::showAll(const std::vector<Shared>& offers) {
  QStringList names;
  for (const Shared& left : offers) names << nameOf(*left);
  auto* dialog = new RecoveryDialog(names, kMostDays, &m_window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &RecoveryDialog::restoreRequested, this, [this, offers](int index) { restore(offers[std::size_t(index)]); });
  connect(dialog, &RecoveryDialog::deleteRequested, this, [this, offers](int index) { remove(offers[std::size_t(index)]); });
  dialog->show();
}

// A damaged file stays beside what was brought back from it.
void Recovery::restored(const Shared& left, const std::vector<io::LostSection>& lost) {
  if (lost.empty()) {
    m_restored.push_back(left);
  } else {
    nn::Issue issue = issueOf(lost);
    issue.hint = tr("All else was brought back. The damaged file was put aside as %1.").arg(putAside(left->path)).toStdString();
    left->lock->unlock();
    m_workbench.tell(untilNext(Jobs::Lane::Models, {Message::Kind::Warning, issue, {}, {}}));
  }
  write();
}

void Recovery::restore(const Shared& left) {
  const auto done = [self = QPointer(this), left](const std::vector<io::LostSection>& lost) {
    if (self) self->restored(left, lost);
  };
  const auto failed = [&workbench = m_workbench, left](const nn::Issue& issue) {
    const QString hint = tr("It was put aside as %1.").arg(putAside(left->path));
    workbench.tell({Message::Kind::Failure, {issue.where, issue.what, hint.toStdString()}, {}, {}});  // stays, whatever is opened then
  };
  m_window.files().sessions().restoreKept(left->path, done, failed);
}

}  // namespace ui
