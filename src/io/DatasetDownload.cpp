#include "io/DatasetDownload.h"

#include <algorithm>

#include <QDir>
#include <QNetworkReply>

#include "io/Files.h"
#include "io/Md5OfUnpacked.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr qint64 kReportMs = 50;
constexpr qint64 kMostBytesOfFile = qint64(1) << 30;  // of one file: whatever is longer is not what was asked for

// The first byte that a 206 answer carries ("bytes 500-999/1000"), -1 when it does not say.
qint64 rangeStart(const QByteArray& contentRange) {
  const QByteArray text = contentRange.trimmed();
  if (!text.startsWith("bytes ")) return -1;
  bool right = false;
  const qint64 start = text.mid(6, text.indexOf('-') - 6).toLongLong(&right);
  return right ? start : -1;
}

int statusOf(const QNetworkReply& reply) {
  return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

}  // namespace

DatasetDownload::DatasetDownload(QObject* parent) : QObject(parent) {
  m_retryTimer.setSingleShot(true);
  connect(&m_retryTimer, &QTimer::timeout, this, &DatasetDownload::fetch);
  connect(&m_verifyTimer, &QTimer::timeout, this, &DatasetDownload::verifyStep);
}

DatasetDownload::~DatasetDownload() {
  stop();
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
  m_retryTimer.stop();
  m_verifyTimer.stop();
  m_md5.reset();
  if (m_reply) {
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply = nullptr;
  }
  m_part.close();
}

void DatasetDownload::fail(const std::string& what, const QString& where, const std::string& hint) {
  stop();
  emit failed({where.toStdString(), what, hint});
}

void DatasetDownload::report(const QString& activity) {
  if (m_sinceReport.isValid() && m_sinceReport.elapsed() < kReportMs) return;
  m_sinceReport.start();
  double total = 0, done = 0;
  for (std::size_t i = 0; i < m_files.size(); ++i) {
    const double bytes = double(std::max<qint64>(1, i == m_index && m_expected > 0 ? m_expected : m_files[i].expectedBytes));
    total += bytes;
    if (i < m_index) done += bytes;
    if (i == m_index) done += std::min(bytes, double(m_received));
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
  m_failures = 0;
  m_received = m_expected = 0;
  verify(targetPath());
}

void DatasetDownload::fetch() {
  m_part.setFileName(partPath());
  if (!m_part.open(QIODevice::WriteOnly | QIODevice::Append)) {
    fail("Cannot be written: " + m_part.errorString().toStdString(), partPath(), "Choose a folder that you may write to");
    return;
  }
  m_received = m_part.size();
  m_headersTaken = false;
  QNetworkRequest request(m_base.resolved(QUrl(file().name)));
  request.setTransferTimeout(m_patience.silenceMs);
  request.setRawHeader("Accept-Encoding", "identity");  // the .gz files as they are, not unpacked on the way
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::NoLessSafeRedirectPolicy);
  if (m_received > 0) request.setRawHeader("Range", "bytes=" + QByteArray::number(m_received) + "-");
  m_reply = m_network.get(request);
  connect(m_reply, &QNetworkReply::readyRead, this, &DatasetDownload::takeData);
  connect(m_reply, &QNetworkReply::finished, this, &DatasetDownload::replyEnded);
  report(tr("Downloading %1").arg(file().name));
}

// A server may send the rest (206) or, not knowing ranges, everything again (200).
void DatasetDownload::takeHeaders() {
  m_headersTaken = true;
  const bool continues = statusOf(*m_reply) == 206 && rangeStart(m_reply->rawHeader("Content-Range")) == m_received;
  if (!continues) {
    m_part.resize(0);
    m_received = 0;
  }
  const qint64 length = m_reply->header(QNetworkRequest::ContentLengthHeader).toLongLong();
  m_expected = length > 0 ? m_received + length : 0;
}

void DatasetDownload::takeData() {
  const int status = statusOf(*m_reply);
  if (status != 200 && status != 206) return;  // the body of an error page
  if (!m_headersTaken) takeHeaders();
  const QByteArray data = m_reply->readAll();
  if (data.isEmpty()) return;
  if (m_part.write(data) != data.size() || !m_part.flush()) {
    fail("Cannot be written: " + m_part.errorString().toStdString(), partPath(), "Check the free space");
    return;
  }
  m_failures = 0;
  m_received += data.size();
  if (m_received > kMostBytesOfFile) {
    m_part.remove();
    fail("The server sends more than the file can hold", m_base.toString(), "Choose another mirror");
    return;
  }
  report(tr("Downloading %1").arg(file().name));
}

void DatasetDownload::replyEnded() {
  QNetworkReply& reply = *m_reply;
  const int status = statusOf(reply);
  const QNetworkReply::NetworkError error = reply.error();
  const QString reason = reply.errorString();
  takeData();
  if (!m_running) return;  // the disk was full
  m_reply->deleteLater();
  m_reply = nullptr;
  m_part.close();
  if (status >= 400 && status != 416) {
    refused(status, reason);
  } else if (status == 416) {
    verify(partPath());  // nothing beyond what is there: perhaps it was complete
  } else if (error != QNetworkReply::NoError || (m_expected > 0 && m_received < m_expected)) {
    connectionLost(error != QNetworkReply::NoError ? reason : tr("the connection was closed early"));
  } else {
    verify(partPath());
  }
}

void DatasetDownload::connectionLost(const QString& reason) {
  if (++m_failures <= m_patience.retries) {
    m_retryTimer.start(m_patience.pauseMs);
    report(tr("Trying again: %1").arg(reason));
    return;
  }
  fail("The download was interrupted: " + reason.toStdString(), m_base.resolved(QUrl(file().name)).toString(),
       "Check the connection and start it again: it goes on where it stopped");
}

void DatasetDownload::refused(int status, const QString& reason) {
  const bool passing = status == 408 || status == 429 || status >= 500;
  if (passing && ++m_failures <= m_patience.retries) {
    m_retryTimer.start(m_patience.pauseMs);
    return;
  }
  fail("The server refused the file (HTTP " + std::to_string(status) + "): " + reason.toStdString(),
       m_base.resolved(QUrl(file().name)).toString(),
       "Try again later, choose another mirror, or copy the file into " + m_folder.toStdString());
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
      fetch();
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
    fetch();
    return;
  }
  fail("The file that arrived is not the right one: its MD5 differs", m_base.resolved(QUrl(file().name)).toString(),
       "Try again later or choose another mirror");
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
