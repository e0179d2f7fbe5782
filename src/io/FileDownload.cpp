#include "io/FileDownload.h"

#include <QFileInfo>

namespace io {
namespace {

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

FileDownload::FileDownload(QObject* parent) : QObject(parent) {
  m_retryTimer.setSingleShot(true);
  connect(&m_retryTimer, &QTimer::timeout, this, &FileDownload::fetch);
}

FileDownload::~FileDownload() {
  stop();
}

void FileDownload::start(const QUrl& url, const QString& partPath) {
  stop();
  m_url = url;
  m_part.setFileName(partPath);
  m_failures = 0;
  fetch();
}

void FileDownload::again() {
  stop();
  fetch();
}

void FileDownload::stop() {
  m_retryTimer.stop();
  if (m_reply) {
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply = nullptr;
  }
  m_part.close();
}

void FileDownload::fail(const std::string& what, const QString& where, const std::string& hint) {
  stop();
  emit failed({where.toStdString(), what, hint});
}

void FileDownload::fetch() {
  if (!m_part.open(QIODevice::WriteOnly | QIODevice::Append)) {
    fail("Cannot be written: " + m_part.errorString().toStdString(), m_part.fileName(), "Choose a folder that you may write to");
    return;
  }
  m_received = m_part.size();
  m_expected = 0;
  m_headersTaken = false;
  QNetworkRequest request(m_url);
  request.setTransferTimeout(m_patience.silenceMs);
  request.setRawHeader("Accept-Encoding", "identity");  // the .gz files as they are, not unpacked on the way
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::NoLessSafeRedirectPolicy);
  if (m_received > 0) request.setRawHeader("Range", "bytes=" + QByteArray::number(m_received) + "-");
  m_reply = m_network.get(request);
  connect(m_reply, &QNetworkReply::readyRead, this, &FileDownload::takeData);
  connect(m_reply, &QNetworkReply::finished, this, &FileDownload::replyEnded);
  emit progressed();
}

// A server may send the rest (206) or, not knowing ranges, everything again (200).
void FileDownload::takeHeaders() {
  m_headersTaken = true;
  const bool continues = statusOf(*m_reply) == 206 && rangeStart(m_reply->rawHeader("Content-Range")) == m_received;
  if (!continues) {
    m_part.resize(0);
    m_received = 0;
  }
  const qint64 length = m_reply->header(QNetworkRequest::ContentLengthHeader).toLongLong();
  m_expected = length > 0 ? m_received + length : 0;
}

void FileDownload::takeData() {
  const int status = statusOf(*m_reply);
  if (status != 200 && status != 206) return;  // the body of an error page
  if (!m_headersTaken) takeHeaders();
  const QByteArray data = m_reply->readAll();
  if (data.isEmpty()) return;
  if (m_part.write(data) != data.size() || !m_part.flush()) {
    fail("Cannot be written: " + m_part.errorString().toStdString(), m_part.fileName(), "Check the free space");
    return;
  }
  m_failures = 0;
  m_received += data.size();
  if (m_received > kMostBytesOfFile) {
    m_part.remove();
    fail("The server sends more than the file can hold", m_url.toString(), "Choose another mirror");
    return;
  }
  emit progressed();
}

void FileDownload::replyEnded() {
  const int status = statusOf(*m_reply);
  const QNetworkReply::NetworkError error = m_reply->error();
  const QString reason = m_reply->errorString();
  takeData();
  if (!m_reply) return;  // the disk was full
  m_reply->deleteLater();
  m_reply = nullptr;
  m_part.close();
  if (status >= 400 && status != 416) {
    refused(status, reason);
  } else if (status != 416 && (error != QNetworkReply::NoError || (m_expected > 0 && m_received < m_expected))) {
    lost(error != QNetworkReply::NoError ? reason : tr("the connection was closed early"));
  } else {
    emit arrived();  // 416: there is nothing beyond what is here, perhaps it was complete
  }
}

void FileDownload::lost(const QString& reason) {
  if (++m_failures <= m_patience.retries) {
    m_retryTimer.start(m_patience.pauseMs);
    emit retrying(reason);
    return;
  }
  fail("The download was interrupted: " + reason.toStdString(), m_url.toString(),
       "Check the connection and start it again: it goes on where it stopped");
}

void FileDownload::refused(int status, const QString& reason) {
  const bool passing = status == 408 || status == 429 || status >= 500;
  if (passing && ++m_failures <= m_patience.retries) {
    m_retryTimer.start(m_patience.pauseMs);
    return;
  }
  fail("The server refused the file (HTTP " + std::to_string(status) + "): " + reason.toStdString(), m_url.toString(),
       "Try again later, choose another mirror, or copy the file into " + QFileInfo(m_part.fileName()).path().toStdString());
}

}  // namespace io
