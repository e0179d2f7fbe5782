#include "ui/shell/RecoveryOffers.h"

#include <algorithm>
#include <utility>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QLockFile>
#include <QPointer>
#include <QtConcurrentRun>

#include "io/Files.h"
#include "ui/app/FileCommands.h"
#include "ui/app/SessionLosses.h"
#include "ui/base/Jobs.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/RecoveryDialog.h"

namespace ui {

namespace {
constexpr QLatin1String kLockSuffix(".lock");
}  // namespace

RecoveryOffers::RecoveryOffers(Workbench& workbench, MainWindow& window, const QString& folder, const QString& own)
    : m_workbench(workbench), m_window(window), m_folder(folder), m_own(own) {
  connect(&m_finding, &QFutureWatcherBase::finished, this, [this] {
    offer(m_finding.result());
    emit searched();
  });
}

std::unique_ptr<QLockFile> RecoveryOffers::lockOf(const QString& path) {
  auto lock = std::make_unique<QLockFile>(path.chopped(kSuffix.size()) + kLockSuffix);
  lock->setStaleLockTime(0);  // stale is what belongs to a program that has ended, however old
  return lock;
}

QString RecoveryOffers::nameOf(const Left& left) {
  const SessionAbout& about = left.about;
  const QString what =
      about.trained ? about.drawing ? tr("Trained weights and drawing of %1") : tr("Trained weights of %1") : tr("Drawing on %1");
  const bool today = about.time.date() == QDate::currentDate();
  const QString time =
      today ? QLocale().toString(about.time.time(), QLocale::ShortFormat) : QLocale().toString(about.time, QLocale::ShortFormat);
  const QString name = tr("%1, %2", "what, time").arg(what.arg(about.title), time);
  return left.lost.isEmpty() ? name : tr("%1, from a damaged file").arg(name);
}

RecoveryOffers::Shared RecoveryOffers::leftIn(const QString& path) {
  auto left = std::make_shared<Left>(Left{lockOf(path), path, {}, {}, {}});
  if (!left->lock->tryLock(0)) return nullptr;
  try {
    std::vector<io::LostSection> lost;
    left->about = SessionFiles::survey(path, lost);
    left->lost = shownLosses(lost);
  } catch (const nn::Error& error) {
    left->issue = error.issue();
    left->issue.hint = tr("It was put aside as %1.").arg(io::putAside(path)).toStdString();
  }
  return left;
}

std::vector<RecoveryOffers::Shared> RecoveryOffers::find(const QString& folder, const QString& own) {
  std::vector<Shared> found;
  for (const QString& name : QDir(folder).entryList({u'*' + kSuffix}, QDir::Files, QDir::Name)) {
    const QString path = QDir(folder).filePath(name);
    if (path == own + kSuffix || path.startsWith(own + u'-') || name.startsWith(io::kBroken)) continue;
    if (const Shared left = leftIn(path)) found.push_back(left);
  }
  removeOld(folder, found);
  for (const QString& name : QDir(folder).entryList({u'*' + kLockSuffix}, QDir::Files)) {  // of runs that had nothing left to keep
    const QString path = QDir(folder).filePath(name).chopped(kLockSuffix.size()) + kSuffix;
    if (!QFileInfo::exists(path)) lockOf(path)->tryLock(0);
  }
  return found;
}

// The names begin with their time: the oldest come first. Also of what was put aside.
void RecoveryOffers::removeOld(const QString& folder, std::vector<Shared>& found) {
  const QDateTime now = QDateTime::currentDateTime();
  std::size_t left = std::size_t(std::count_if(found.begin(), found.end(), [](const Shared& one) { return one->issue.what.empty(); }));
  std::erase_if(found, [&](const Shared& one) {
    if (!one->issue.what.empty()) return false;
    if (left <= std::size_t(kMostLeft) && one->about.time.daysTo(now) <= kMostDays) return false;
    --left;
    QFile::remove(one->path);
    return true;
  });
  QFileInfoList aside = QDir(folder).entryInfoList({QString(io::kBroken) + u'*'}, QDir::Files, QDir::Name);
  for (; !aside.isEmpty() && (aside.size() > kMostLeft || aside.front().lastModified().daysTo(now) > kMostDays); aside.removeFirst())
    QFile::remove(aside.front().filePath());
}

void RecoveryOffers::search() {
  m_finding.setFuture(QtConcurrent::run(&Jobs::threads(), [folder = m_folder, own = m_own] { return find(folder, own); }));
}

// One message however many there are: the newest, and a way to the others.
void RecoveryOffers::offer(std::vector<Shared> found) {
  for (const Shared& left : found)
    if (!left->issue.what.empty()) m_workbench.tell({Message::Kind::Failure, left->issue});
  std::erase_if(found, [](const Shared& left) { return !left->issue.what.empty(); });
  if (found.empty()) return;
  // What the window showed comes before the weights that it offered back then, which were kept with it.
  const auto rank = [](const Shared& left) { return std::pair(-left->about.time.toSecsSinceEpoch(), left->path.size()); };
  std::stable_sort(found.begin(), found.end(), [&](const Shared& a, const Shared& b) { return rank(a) < rank(b); });
  const Left& newest = *found.front();
  QString hint = newest.lost.isEmpty()
                     ? tr("It was not saved before the program ended.")
                     : tr("It was not saved before the program ended, and of its file %1 cannot be read.").arg(newest.lost);
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

void RecoveryOffers::showAll(const std::vector<Shared>& offers) {
  QStringList names;
  for (const Shared& left : offers) names << nameOf(*left);
  auto* dialog = new RecoveryDialog(names, kMostDays, &m_window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &RecoveryDialog::restoreRequested, this, [this, offers](int index) { restore(offers[std::size_t(index)]); });
  connect(dialog, &RecoveryDialog::deleteRequested, this, [this, offers](int index) { remove(offers[std::size_t(index)]); });
  dialog->show();
}

// The training is in the file alone: it stays, and is offered again at the next start.
void RecoveryOffers::keepFor(const Shared& left, Message away) {
  away.issue.where = nameOf(*left).toStdString();
  away.issue.hint = tr("Bring the data back where it lay and restore it once more, now or after the next start: until then it is kept. Or "
                       "choose other data in the Data menu.")
                        .toStdString();
  away.actionText = tr("&Restore Again");
  away.action = [self = QPointer(this), left] {
    if (self) self->restore(left);
  };
  m_workbench.tell(away);
}

// A damaged file stays beside what was brought back from it.
void RecoveryOffers::finish(const Shared& left, const std::vector<io::LostSection>& lost, const std::optional<Message>& away) {
  if (lost.empty()) {
    away ? keepFor(left, *away) : m_restored.push_back(left);
  } else {
    nn::Issue issue = issueOf(lost);
    const QString aside = io::putAside(left->path);
    issue.hint = tr("All else was brought back. The damaged file was put aside as %1.").arg(aside).toStdString();
    left->lock->unlock();
    if (away) {
      Message told = *away;
      const QString hint = tr("Bring the data back where it lay and open %1, or choose other data in the Data menu.").arg(aside);
      told.issue.hint = hint.toStdString();
      m_workbench.tell(told);
    }
    m_workbench.tell(untilNext(Jobs::Lane::Models, {Message::Kind::Warning, issue}));
  }
  emit restored();
}

void RecoveryOffers::restore(const Shared& left) {
  const auto done = [self = QPointer(this), left](const std::vector<io::LostSection>& lost, const std::optional<Message>& away) {
    if (self) self->finish(left, lost, away);
  };
  const auto failed = [&workbench = m_workbench, left](const nn::Issue& issue) {
    const QString hint = tr("It was put aside as %1.").arg(io::putAside(left->path));
    workbench.tell({Message::Kind::Failure, {issue.where, issue.what, hint.toStdString()}});  // stays, whatever is opened then
  };
  m_window.files().sessions().restoreKept(left->path, done, failed);
}

void RecoveryOffers::cover() {
  m_covered.insert(m_covered.end(), m_restored.begin(), m_restored.end());
  m_restored.clear();
}

void RecoveryOffers::removeCovered() {
  for (const Shared& left : std::exchange(m_covered, {})) remove(left);
}

void RecoveryOffers::remove(const Shared& left) {
  m_removing.addFuture(QtConcurrent::run(&Jobs::threads(), [left] {
    QFile::remove(left->path);
    left->lock->unlock();
  }));
}

}  // namespace ui
