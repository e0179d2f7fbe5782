#include "ui/base/Folders.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QDirIterator>
#include <QFutureWatcher>
#include <QThread>
#include <QtConcurrentRun>

#include "io/FileNames.h"
#include "ui/base/Jobs.h"

namespace ui {

namespace {

constexpr int kPatienceMs = 40;

// What a file dialog would do first: list it.
bool canBeListed(const QString& folder) {
  if (!io::isFolder(folder)) return false;
  QDirIterator entries(folder, QDir::AllEntries | QDir::NoDotAndDotDot);
  if (entries.hasNext()) entries.next();
  return io::isReadable(folder);
}

}  // namespace

QString answeringFolder(const QString& folder) {
  const QFuture<bool> answer = QtConcurrent::run(&Jobs::threads(), [folder] { return canBeListed(folder); });
  const QDeadlineTimer patience(kPatienceMs);
  while (!answer.isFinished() && !patience.hasExpired()) QThread::usleep(200);
  return answer.isFinished() && answer.result() ? folder : QDir::homePath();
}

void whenFolderAnswers(const QString& folder, QObject* context, const std::function<void()>& then) {
  auto* watcher = new QFutureWatcher<bool>(context);
  QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, then] {
    watcher->deleteLater();
    if (watcher->result()) then();
  });
  watcher->setFuture(
      QtConcurrent::run(&Jobs::threads(), [folder] { return canBeListed(folder) || (!io::isFolder(folder) && io::isReadable(folder)); }));
}

}  // namespace ui
