// Fetches the files of a data set into a folder: resumes what an earlier attempt left, and keeps a
// file only when its unpacked bytes have the right MD5. Lives on the thread that made it and never blocks it; destroying
// it at any moment is safe, and what has arrived stays for the next attempt.
#pragma once

#include <memory>
#include <vector>

#include <QByteArray>
#include <QElapsedTimer>
#include <QFile>
#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QTimer>
#include <QUrl>

#include "io/Datasets.h"
#include "nn/Error.h"

class QNetworkReply;

namespace io {

class Md5OfUnpacked;

class DatasetDownload : public QObject {
  Q_OBJECT

 public:
  struct Patience {
    int retries = 3;  // in a row without a single new byte
    int pauseMs = 1500;
    int silenceMs = 30000;  // after which a connection counts as lost
  };

  explicit DatasetDownload(QObject* parent = nullptr);
  ~DatasetDownload() override;

  void setPatience(const Patience& patience) { m_patience = patience; }
  // Files already there with the right bytes are not fetched again. Ends with exactly one of finished, failed, canceled.
  void start(const QString& folder, const QUrl& base, std::vector<DownloadFile> files);
  void cancel();
  bool isRunning() const { return m_running; }

 signals:
  void progressed(double share, const QString& activity);  // 0..1; "Downloading train-images-idx3-ubyte.gz"
  void finished();
  void failed(const nn::Issue& issue);
  void canceled();

 private:
  const DownloadFile& file() const { return m_files[m_index]; }
  QString targetPath() const;
  QString partPath() const { return targetPath() + ".part"; }
  void beginFile();
  void fetch();
  void takeHeaders();
  void takeData();
  void replyEnded();
  void connectionLost(const QString& reason);
  void refused(int status, const QString& reason);
  void verify(const QString& path);
  void verifyStep();
  void verified(bool right, bool present);
  void keep();
  void fail(const std::string& what, const QString& where, const std::string& hint);
  void stop();
  void report(const QString& activity);

  QNetworkAccessManager m_network;
  Patience m_patience;
  QString m_folder;
  QUrl m_base;
  std::vector<DownloadFile> m_files;
  std::size_t m_index = 0;
  bool m_running = false;
  bool m_fromScratch = false;  // this file has been started anew once: no second time
  int m_failures = 0;          // in a row without a new byte
  bool m_headersTaken = false;
  qint64 m_received = 0;  // of this file, earlier attempts included
  qint64 m_expected = 0;  // of this file
  QFile m_part;
  QPointer<QNetworkReply> m_reply;
  QTimer m_retryTimer;
  QTimer m_verifyTimer;
  QElapsedTimer m_sinceReport;
  std::unique_ptr<Md5OfUnpacked> m_md5;
  QString m_verifying;
};

}  // namespace io
