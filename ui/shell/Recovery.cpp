#include "ui/shell/Recovery.h"

#include <algorithm>

#include <QDir>
#include <QGuiApplication>
#include <QLocale>
#include <QLockFile>
#include <QPointer>
#include <QStandardPaths>
#include <QtConcurrentRun>

#include "ui/base/Jobs.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/RecoveryDialog.h"

namespace ui {

namespace {

constexpr int kSoonMs = 2000;
constexpr int kOftenMs = 20000;
constexpr int kSessionEndMs = 120000;
constexpr QLatin1String kBroken("broken-");

std::unique_ptr<QLockFile> lockOf(const QString& folder) {
  auto lock = std::make_unique<QLockFile>(folder + ".lock");
  lock->setStaleLockTime(0);  // stale is what belongs to a program that has ended, however old
  return lock;
}

nn::Issue writeWork(RecoveryFolder& folder, const UnsavedWork& work) {
  try {
    if (work.isEmpty())
      folder.remove();
    else
      folder.write(work);
    return {};
  } catch (const nn::Error& error) {
    return error.issue();
  } catch (const std::exception& error) {
    return {folder.path().toStdString(), error.what(), ""};
  }
}

bool isSame(const UnsavedWork& work, const TrainedWeights& trained) {
  return work.trained && work.trained->weights == trained.weights && work.trained->network == trained.network;
}

QString nameOf(const RecoveryFolder::About& about) {
  const bool drawing = !about.work.drawing.isNull();
  const QString what = about.trained ? drawing ? Recovery::tr("Trained weights and drawing of %1") : Recovery::tr("Trained weights of %1")
                                     : Recovery::tr("Drawing on %1");
  const bool today = about.work.time.date() == QDate::currentDate();
  const QString time =
      today ? QLocale().toString(about.work.time.time(), QLocale::ShortFormat) : QLocale().toString(about.work.time, QLocale::ShortFormat);
  return Recovery::tr("%1, %2", "what, time").arg(what.arg(about.work.title), time);
}

}  // namespace

Recovery::Recovery(Workbench& workbench, MainWindow& window, const QString& folder)
    : m_workbench(workbench), m_window(window), m_root(folder), m_soonMs(kSoonMs), m_oftenMs(kOftenMs) {
  const QString id = QDateTime::currentDateTimeUtc().toString("yyyyMMdd-HHmmss-zzz-") + QString::number(QCoreApplication::applicationPid());
  m_own = QDir(folder).filePath(id);
  m_present = std::make_shared<Part>(m_own);
  m_soon.setSingleShot(true);
  connect(&m_soon, &QTimer::timeout, this, &Recovery::write);
  connect(&m_writing, &QFutureWatcherBase::finished, this, [this] { written(m_writing.result()); });
  connect(&m_workbench, &Workbench::networkChanged, this, &Recovery::changed);
  connect(&m_workbench, &Workbench::parametersChanged, this, &Recovery::changed);
  connect(&m_workbench, &Workbench::messageRaised, this, &Recovery::changed);  // saved, for one
  connect(&m_workbench.training(), &TrainingController::snapshotChanged, this, &Recovery::changed);
  connect(window.padPanel().pad(), &DrawingPad::inkChanged, this, &Recovery::changed);
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

void Recovery::changed() {
  if (m_soon.isActive() || m_over) return;
  const qint64 since = m_sinceWritten.isValid() ? m_sinceWritten.elapsed() : m_oftenMs;
  m_soon.start(int(std::max<qint64>(m_soonMs, m_oftenMs - since)));
}

UnsavedWork Recovery::work() const {
  UnsavedWork work;
  work.title = m_workbench.model().title;
  work.time = QDateTime::currentDateTime();
  work.trained = m_workbench.unsavedTraining();
  const DrawingPad* pad = m_window.padPanel().pad();
  if (!pad->isEmpty()) work.drawing = pad->picture();
  return work;
}

// Those that are offered now have a folder each; that of an offer that is answered or gone goes.
void Recovery::followOffers() {
  const auto offered = m_workbench.offeredBack();
  for (const SharedPart& part : m_offered)
    if (std::none_of(offered.begin(), offered.end(), [&](const auto& trained) { return isSame(part->wanted, *trained); }))
      part->wanted = {};
  for (const auto& trained : offered) {
    if (std::any_of(m_offered.begin(), m_offered.end(), [&](const SharedPart& part) { return isSame(part->wanted, *trained); })) continue;
    m_offered.push_back(std::make_shared<Part>(QStringLiteral("%1-%2").arg(m_own, QString::number(++m_offers))));
    m_offered.back()->wanted = {trained->title, QDateTime::currentDateTime(), *trained, {}};
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
  if (m_over) return;
  if (m_writing.isRunning()) return changed();
  m_present->wanted = work();
  followOffers();
  m_covered.insert(m_covered.end(), m_restored.begin(), m_restored.end());
  m_restored.clear();
  const std::vector<SharedPart> parts = due();
  if (parts.empty()) return removeCovered();
  for (const SharedPart& part : parts) {
    if (part->lock) continue;
    QDir().mkpath(m_root);
    part->lock = lockOf(part->folder.path());
    part->lock->tryLock(0);
  }
  m_writing.setFuture(QtConcurrent::run(&Jobs::threads(), [parts] {
    for (const SharedPart& part : parts) {
      if (nn::Issue issue = writeWork(part->folder, part->wanted); !issue.what.empty()) return issue;
      part->kept = part->wanted;
    }
    return nn::Issue{};
  }));
}

void Recovery::written(const nn::Issue& issue) {
  m_sinceWritten.start();
  if (!issue.what.empty()) {
    if (!m_told)
      m_workbench.tell(
          {Message::Kind::Warning,
           {issue.where,
            tr("What is not saved cannot be kept for the next start (%1)").arg(QString::fromStdString(issue.what)).toStdString(),
            tr("Save the model yourself before the program ends.").toStdString()},
           {},
           {}});
    m_told = true;
    changed();
    emit wrote(false);
    return;
  }
  m_told = false;
  std::erase_if(m_offered, [](const SharedPart& part) { return part->wanted.isEmpty() && part->kept.isEmpty(); });
  removeCovered();
  if (m_workbench.training().running()) changed();  // also while nobody sees the window and nothing is told
  emit wrote(true);
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
    left->folder.remove();
    left->lock->unlock();
  }));
}

bool Recovery::keepNow() {
  if (m_over) return true;
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
  followOffers();
  for (const SharedPart& part : m_offered) {
    if (part->wanted.isEmpty())
      part->folder.remove();
    else if (part->isDue())
      writeWork(part->folder, part->wanted);
  }
  m_offered.clear();
  m_present->folder.remove();
  m_present->lock.reset();
  removeCovered();
  for (const Shared& left : std::exchange(m_restored, {})) remove(left);
}

std::vector<Recovery::Shared> Recovery::find(const QString& root, const QString& own) {
  std::vector<Shared> found;
  for (const QString& name : QDir(root).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
    const QString path = QDir(root).filePath(name);
    if (path == own || path.startsWith(own + u'-') || name.startsWith(kBroken)) continue;
    auto left = std::make_shared<Left>(Left{lockOf(path), RecoveryFolder(path), {}, {}});
    if (!left->lock->tryLock(0)) continue;  // of a program that runs
    if (left->folder.isEmpty()) {
      left->folder.remove();
      continue;
    }
    try {
      left->about = left->folder.about();
    } catch (const nn::Error& error) {
      left->issue = error.issue();
      left->issue.hint = tr("It was put aside as %1.").arg(QDir::toNativeSeparators(left->folder.putAside())).toStdString();
    }
    found.push_back(left);
  }
  removeOld(root, found);
  for (const QString& name : QDir(root).entryList({"*.lock"}, QDir::Files)) {  // of runs that had nothing left to keep
    const QString path = QDir(root).filePath(name).chopped(int(qstrlen(".lock")));
    if (!QFileInfo::exists(path)) lockOf(path)->tryLock(0);
  }
  return found;
}

// The names of folders begin with their time: the oldest come first. Also of what was put aside.
void Recovery::removeOld(const QString& root, std::vector<Shared>& found) {
  const QDateTime now = QDateTime::currentDateTime();
  std::size_t left = std::size_t(std::count_if(found.begin(), found.end(), [](const Shared& one) { return one->issue.what.empty(); }));
  std::erase_if(found, [&](const Shared& one) {
    if (!one->issue.what.empty()) return false;
    if (left <= std::size_t(kMostLeft) && one->about.work.time.daysTo(now) <= kMostDays) return false;
    --left;
    one->folder.remove();
    return true;
  });
  QFileInfoList aside = QDir(root).entryInfoList({QString(kBroken) + u'*'}, QDir::Dirs, QDir::Name);
  for (; !aside.isEmpty() && (aside.size() > kMostLeft || aside.front().lastModified().daysTo(now) > kMostDays); aside.removeFirst())
    RecoveryFolder(aside.front().filePath()).remove();
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
  std::stable_sort(found.begin(), found.end(), [](const Shared& a, const Shared& b) { return a->about.work.time > b->about.work.time; });
  QString hint = tr("The program ended before this was saved.");
  if (found.size() == 2) hint += u' ' + tr("Kept, too: %1.").arg(nameOf(found[1]->about));
  if (found.size() > 2) hint += u' ' + tr("%1 older ones are kept, too.").arg(found.size() - 1);
  Message message{Message::Kind::Info,
                  {"", nameOf(found.front()->about).toStdString(), hint.toStdString()},
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
  for (const Shared& left : offers) names << nameOf(left->about);
  auto* dialog = new RecoveryDialog(names, kMostDays, &m_window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &RecoveryDialog::restoreRequested, this, [this, offers](int index) { restore(offers[std::size_t(index)]); });
  connect(dialog, &RecoveryDialog::deleteRequested, this, [this, offers](int index) { remove(offers[std::size_t(index)]); });
  dialog->show();
}

void Recovery::putOnPad(const QImage& drawing) {
  if (drawing.isNull()) return;
  data::GrayImage ink{drawing.width(), drawing.height(), {}};
  ink.ink.reserve(std::size_t(drawing.width()) * std::size_t(drawing.height()));
  for (int y = 0; y < drawing.height(); ++y)
    for (int x = 0; x < drawing.width(); ++x) ink.ink.push_back(float(drawing.constScanLine(y)[x]) / 255.0f);
  m_window.padPanel().pad()->setInk(ink);
}

void Recovery::restore(const Shared& left) {
  putOnPad(left->about.work.drawing);
  const auto done = [self = QPointer(this), left] {
    if (!self) return;
    self->m_restored.push_back(left);
    self->write();
  };
  if (!left->about.trained) return done();
  const auto work = [&workbench = m_workbench, left, done](const data::Progress&) -> Jobs::Finish {
    try {
      const TrainedWeights trained = left->folder.weights(left->about);
      return [&workbench, trained, done] { workbench.bringBack(trained, done); };
    } catch (const nn::Error& error) {
      const QString aside = QDir::toNativeSeparators(left->folder.putAside());
      const nn::Issue issue{error.issue().where, error.issue().what, tr("It was put aside as %1.").arg(aside).toStdString()};
      return [&workbench, issue] { workbench.tell({Message::Kind::Failure, issue, {}, {}}); };  // stays, whatever is opened then
    }
  };
  m_workbench.jobs().start(tr("Bringing %1 back").arg(left->about.work.title), work, Jobs::Lane::Models);
}

}  // namespace ui
