#include "io/WebFile.h"

#include <algorithm>
#include <memory>

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTimer>

#include "io/FileNames.h"
#include "nn/Error.h"

namespace io {
namespace {

constexpr int kAskMs = 100;
constexpr int kMostRedirects = 10;
constexpr qsizetype kLongestName = 60;
constexpr const char* kSaveIt = "Save it in the browser, and open that file";
// The kinds that Qt always reads come before those that a server would rather send to a browser.
constexpr const char* kAccepted = "image/png,image/jpeg,image/gif,image/svg+xml,image/bmp,image/*;q=0.5,*/*;q=0.2";

std::string megabytes(qint64 bytes) {
  return std::to_string(std::max<qint64>(1, bytes >> 20)) + " MB";
}

// What a person can do about a status that is no success.
nn::Error refusedBy(int status, const QString& host, const std::string& where) {
  const std::string server = host.toStdString(), told = " (HTTP " + std::to_string(status) + ")";
  switch (status) {
    case 401:
    case 403:
    case 407:
      return {server + " does not hand it out to other programs than the browser" + told, where,
              "Copy the picture itself in the browser, or save it and open that file"};
    case 404:
    case 410:
      return {"There is nothing at this address" + told, where, "Check the address in the browser"};
    case 429:
      return {server + " was asked too often" + told, where, "Wait a little, or save it in the browser and open that file"};
    default:
      return {status >= 500 ? server + " cannot answer at the moment" + told : server + " refuses it" + told, where,
              status >= 500 ? "Try it again later" : kSaveIt};
  }
}

class Fetch {
 public:
  Fetch(const QUrl& address, const data::Progress& progress, const WebLimits& limits)
      : m_address(address), m_progress(progress), m_limits(limits) {}

  std::optional<WebFile> run() {
    for (int failures = 0;; ++failures) {
      const End end = attempt();
      if (end == End::Canceled) return std::nullopt;
      if (end == End::TooLarge) throw tooLarge();
      if (end == End::Arrived) return WebFile{m_bytes, nameOfAddress(m_from)};
      const bool passing = m_status == 0 ? m_lost : m_status == 408 || m_status == 429 || m_status >= 500;
      if (!passing || failures >= m_limits.patience.retries) throw failure();
      if (!pause()) return std::nullopt;
    }
  }

 private:
  enum class End { Arrived, Failed, Canceled, TooLarge };

  bool goesOn() const {
    const double share = m_expected > 0 ? std::min(1.0, double(m_bytes.size()) / double(m_expected)) : -1;
    return !m_progress || m_progress(share);
  }

  QNetworkRequest request() const {
    QNetworkRequest request(m_address);
    request.setTransferTimeout(m_limits.patience.silenceMs);
    request.setRawHeader("Accept", kAccepted);
    request.setRawHeader("Accept-Encoding", "identity");  // what is unpacked on the way may have no end
    request.setRawHeader("User-Agent", "ConvScope (Qt)");
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::NoLessSafeRedirectPolicy);
    request.setMaximumRedirectsAllowed(kMostRedirects);
    return request;
  }

  End attempt() {
    m_bytes.clear();
    m_expected = 0;
    End end = End::Arrived;
    QEventLoop loop;
    QTimer ask;
    QNetworkAccessManager network;
    const std::unique_ptr<QNetworkReply> reply(network.get(request()));
    const auto stop = [&](End why) {
      if (end == End::Arrived) end = why;
      loop.quit();
    };
    QObject::connect(reply.get(), &QNetworkReply::metaDataChanged, &loop, [&] {
      m_expected = reply->header(QNetworkRequest::ContentLengthHeader).toLongLong();
      if (isSuccess(*reply) && m_expected > m_limits.mostBytes) stop(End::TooLarge);
    });
    QObject::connect(reply.get(), &QNetworkReply::readyRead, &loop, [&] {
      if (!take(*reply)) stop(End::TooLarge);
    });
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    QObject::connect(&ask, &QTimer::timeout, &loop, [&] {
      if (!goesOn()) stop(End::Canceled);
    });
    ask.start(kAskMs);
    if (!goesOn()) return End::Canceled;
    if (!reply->isFinished()) loop.exec();
    if (end == End::Arrived && !take(*reply)) end = End::TooLarge;
    m_from = reply->url();
    m_status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    m_reason = reply->errorString();
    m_lost = isPassing(reply->error());
    const bool whole = reply->error() == QNetworkReply::NoError && isSuccess(*reply);
    reply->disconnect();
    if (!reply->isFinished()) reply->abort();
    if (end == End::Arrived && isSuccess(*reply) && !whole) m_status = 0;  // it began well, and was cut off
    return end == End::Arrived && !whole ? End::Failed : end;
  }

  static bool isSuccess(const QNetworkReply& reply) {
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    return status >= 200 && status < 300;
  }
  static bool isPassing(QNetworkReply::NetworkError error) {
    return error == QNetworkReply::RemoteHostClosedError || error == QNetworkReply::TimeoutError ||
           error == QNetworkReply::TemporaryNetworkFailureError || error == QNetworkReply::NetworkSessionFailedError ||
           error == QNetworkReply::OperationCanceledError;  // by its own silence
  }

  // The body of an error page counts for nothing. False: more than there may be.
  bool take(QNetworkReply& reply) {
    if (!isSuccess(reply)) return true;
    if (m_bytes.size() + reply.bytesAvailable() > m_limits.mostBytes) return false;
    m_bytes += reply.readAll();
    return true;
  }

  bool pause() const {
    QEventLoop loop;
    QTimer ask;
    bool canceled = false;
    QObject::connect(&ask, &QTimer::timeout, &loop, [&] {
      canceled = canceled || !goesOn();
      if (canceled) loop.quit();
    });
    ask.start(std::min(kAskMs, m_limits.patience.pauseMs));
    QTimer::singleShot(m_limits.patience.pauseMs, &loop, &QEventLoop::quit);
    loop.exec();
    return !canceled;
  }

  std::string where() const { return nameOfAddress(m_from.isEmpty() ? m_address : m_from).toStdString(); }
  nn::Error tooLarge() const {
    return {"What lies at this address is larger than the " + megabytes(m_limits.mostBytes) + " that are fetched from the web", where(),
            kSaveIt};
  }
  nn::Error failure() const {
    if (m_status >= 400) return refusedBy(m_status, m_from.host(), where());
    if (m_lost && m_bytes.isEmpty() && m_status == 0)
      return {m_address.host().toStdString() + " does not answer", where(), "Check the connection to the network, and try it again"};
    return {"It could not be fetched: " + m_reason.toStdString(), where(),
            "Check the address and the connection, or save it in the browser and open that file"};
  }

  const QUrl m_address;
  const data::Progress& m_progress;
  const WebLimits m_limits;
  QByteArray m_bytes;
  qint64 m_expected = 0;
  QUrl m_from;
  int m_status = 0;
  QString m_reason;
  bool m_lost = false;  // by what may pass
};

}  // namespace

std::optional<WebFile> fetchFromWeb(const QUrl& address, const data::Progress& progress, const WebLimits& limits) {
  return Fetch(address, progress, limits).run();
}

QUrl webAddress(const QString& text) {
  const QUrl url(text.trimmed(), QUrl::TolerantMode);
  const QString scheme = url.scheme();
  return url.isValid() && !url.host().isEmpty() && (scheme == u"http" || scheme == u"https") ? url : QUrl();
}

QString nameOfAddress(const QUrl& address) {
  const QString path = address.path(QUrl::FullyDecoded);
  QString name = path.section(u'/', -1, -1, QString::SectionSkipEmpty).simplified();
  name.removeIf([](QChar letter) { return !letter.isPrint() || letter == u'/'; });
  if (name.isEmpty()) name = address.host();
  return shownPath(name.size() > kLongestName ? name.left(kLongestName) + QStringLiteral("…") : name);
}

bool isDataAddress(const QString& text) {
  return text.startsWith(QLatin1String("data:"), Qt::CaseInsensitive) && text.contains(u',');
}

std::optional<QByteArray> bytesOfDataAddress(const QString& text) {
  if (!isDataAddress(text)) return std::nullopt;
  const qsizetype comma = text.indexOf(u',');
  const bool base64 = text.left(comma).trimmed().endsWith(QLatin1String(";base64"), Qt::CaseInsensitive);
  QByteArray bytes = QByteArray::fromPercentEncoding(text.mid(comma + 1).toUtf8());
  if (!base64) return bytes;
  bytes.removeIf([](char letter) { return letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t'; });
  const auto variant = bytes.contains('-') || bytes.contains('_') ? QByteArray::Base64UrlEncoding : QByteArray::Base64Encoding;
  const auto result = QByteArray::fromBase64Encoding(bytes, variant | QByteArray::AbortOnBase64DecodingErrors);
  return result ? std::optional(result.decoded) : std::nullopt;
}

}  // namespace io
