// One file from a server into a file beside its place, "NAME.part": taken up where an earlier attempt stopped, tried again when the
// connection is lost. What arrived is not checked here. The caller owns it; one thread, with an event loop.
#pragma once

#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include "nn/Error.h"

namespace io {

struct DownloadPatience {
  int retries = 3;  // in a row without a single new byte
  int pauseMs = 1500;
  int silenceMs = 30000;  // after which a connection counts as lost
};

class FileDownload : public QObject {
  Q_OBJECT

 public:
  explicit FileDownload(QObject* parent = nullptr);
  ~FileDownload() override;

  void setPatience(const DownloadPatience& patience) { m_patience = patience; }
  // partPath: what is there already is the file's beginning. Ends with arrived or failed, unless it is stopped.
  void start(const QUrl& url, const QString& partPath);
  void again();                                   // after the part was removed
  void stop();                                    // without a word; what has arrived stays
  qint64 received() const { return m_received; }  // of the file, earlier attempts included
  qint64 expected() const { return m_expected; }  // of the file; 0: the server does not say

 signals:
  void progressed();
  void retrying(const QString& reason);
  void arrived();
  void failed(const nn::Issue& issue);

 private:
  void fetch();
  void takeHeaders();
  void takeData();
  void replyEnded();
  void lost(const QString& reason);
  void refused(int status, const QString& reason);
  void fail(const std::string& what, const QString& where, const std::string& hint);

  QNetworkAccessManager m_network;
  DownloadPatience m_patience;
  QUrl m_url;
  QFile m_part;
  QPointer<QNetworkReply> m_reply;
  QTimer m_retryTimer;
  int m_failures = 0;  // in a row without a new byte
  bool m_headersTaken = false;
  qint64 m_received = 0;
  qint64 m_expected = 0;
};

}  // namespace io
