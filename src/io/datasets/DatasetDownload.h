// Fetches the files of a data set into a folder: resumes what an earlier attempt left, and keeps a
// file only when its unpacked bytes have the right MD5. Lives on the thread that made it and never blocks it; destroying
// it at any moment is safe, and what has arrived stays for the next attempt.
#pragma once

#include <memory>
#include <vector>

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <QUrl>

#include "io/FileDownload.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"

namespace io {

class Md5OfUnpacked;

class DatasetDownload : public QObject {
  Q_OBJECT

 public:
  explicit DatasetDownload(QObject* parent = nullptr);
  ~DatasetDownload() override;

  void setPatience(const DownloadPatience& patience) { m_file.setPatience(patience); }
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
  QUrl address() const;
  QString targetPath() const;
  QString partPath() const { return targetPath() + ".part"; }
  void beginFile();
  void verify(const QString& path);
  void verifyStep();
  void verified(bool right, bool present);
  void keep();
  void fail(const std::string& what, const QString& where, const std::string& hint);
  void stop();
  void report(const QString& activity);

  FileDownload m_file;
  QString m_folder;
  QUrl m_base;
  std::vector<DownloadFile> m_files;
  std::size_t m_index = 0;
  bool m_running = false;
  bool m_fromScratch = false;  // this file has been started anew once: no second time
  bool m_fetching = false;     // this file, not only checking what is there
  QTimer m_verifyTimer;
  QElapsedTimer m_sinceReport;
  std::unique_ptr<Md5OfUnpacked> m_md5;
  QString m_verifying;
};

}  // namespace io
