#include "io/datasets/DatasetDownload.h"

#include <algorithm>

#include <QDir>

#include "io/Files.h"
#include "io/Unpacking.h"

namespace io {
namespace {

constexpr qint64 kReportMs = 50;

}  // namespace

DatasetDownload::DatasetDownload(QObject* parent) : QObject(parent) {
  connect(&m_file, &FileDownload::progressed, this, [this] { report(tr("Downloading %1").arg(file().name)); });
  connect(&m_file, &FileDownload::retrying, this, [this](const QString& reason) { report(tr("Trying again: %1").arg(reason)); });
  connect(&m_file, &FileDownload::arrived, this, [this] { verify(partPath()); });
  connect(&m_file, &FileDownload::failed, this, [this](const nn::Issue& issue) {
    stop();
    emit failed(issue);
  });
  connect(&m_verifyTimer, &QTimer::timeout, this, &DatasetDownload::verifyStep);
}

DatasetDownload::~DatasetDownload() {
  stop();
}

QUrl DatasetDownload::address() const {
  return m_base.resolved(QUrl(file().name));
}

QString DatasetDownload::targetPath() const {
  return QDir(m_folder).filePath(file().name);
}

void DatasetDownload::start(const QString& folder, const QUrl& base, std::vector<DownloadFile> files) {
  if (m_running) return;
  m_folder = folder;
  m_base = base;
  if (!m_base.path().endsWith('/')) m_base.setPath(m_base.path() + '/');
  m_files = std::move(files);
  m_index = 0;
  m_running = true;
  m_sinceReport.invalidate();
  if (!QDir().mkpath(folder)) {
    fail("The folder cannot be made", folder, "Choose a folder that you may write to");
  } else {
    beginFile();
  }
}

void DatasetDownload::cancel() {
  if (!m_running) return;
  stop();
  emit canceled();
}

// Ends whatever is under way without a word; a part that has arrived stays.
void DatasetDownload::stop() {
  m_running = false;
  m_verifyTimer.stop();
  m_md5.reset();
  m_file.stop();
}

void DatasetDownload::fail(const std::string& what, const QString& where, const std::string& hint) {
  stop();
  emit failed({where.toStdString(), what, hint});
}

void DatasetDownload::report(const QString& activity) {
  if (m_sinceReport.isValid() && m_sinceReport.elapsed() < kReportMs) return;
  m_sinceReport.start();
  const qint64 expected = m_fetching ? m_file.expected() : 0, received = m_fetching ? m_file.received() : 0;
  double total = 0, done = 0;
  for (std::size_t i = 0; i < m_files.size(); ++i) {
    const double bytes = double(std::max<qint64>(1, i == m_index && expected > 0 ? expected : m_files[i].expectedBytes));
    total += bytes;
    if (i < m_index) done += bytes;
    if (i == m_index) done += std::min(bytes, double(received));
  }
  emit progressed(total > 0 ? done / total : 1, activity);
}

void DatasetDownload::beginFile() {
  if (m_index == m_files.size()) {
    stop();
    emit progressed(1, tr("Done"));
    emit finished();
    return;
  }
  m_fromScratch = false;
  m_fetching = false;
  verify(targetPath());
}

void DatasetDownload::verify(const QString& path) {
  m_verifying = path;
  m_md5 = std::make_unique<Md5OfUnpacked>(path);
  m_verifyTimer.start(0);
  if (m_md5->isOpen()) report(tr("Checking %1").arg(file().name));
}

void DatasetDownload::verifyStep() {
  if (m_md5->step()) return;
  m_verifyTimer.stop();
  const bool present = m_md5->isOpen();
  const bool right = present && m_md5->hex() == file().md5.toLower();
  m_md5.reset();
  verified(right, present);
}

void DatasetDownload::verified(bool right, bool present) {
  if (m_verifying == targetPath()) {
    if (right) {
      ++m_index;
      beginFile();
    } else {
      m_fetching = true;
      m_file.start(address(), partPath());
    }
    return;
  }
  if (right) {
    keep();
    return;
  }
  const bool resumed = present && !m_fromScratch;
  QFile::remove(partPath());
  if (resumed) {  // the old part and the new one may not belong together
    m_fromScratch = true;
    m_file.again();
    return;
  }
  fail("The file that arrived is not the right one: its MD5 differs", address().toString(), "Try again later or choose another mirror");
}

void DatasetDownload::keep() {
  try {
    replaceFile(partPath(), targetPath());
  } catch (const nn::Error& error) {
    fail(error.issue().what, targetPath(), error.issue().hint);
    return;
  }
  ++m_index;
  beginFile();
}

}  // namespace io
