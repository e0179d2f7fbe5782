// Asks where MNIST shall go, fetches it there with progress, and can be stopped and resumed at any time. Does not block the
// window; closing it stops the download, what has arrived stays. Owned by the window; UI thread.
#pragma once

#include <QDialog>
#include <QUrl>

#include "io/MnistDownload.h"

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace ui {

class DownloadDialog : public QDialog {
  Q_OBJECT
 public:
  explicit DownloadDialog(QWidget* parent = nullptr);
  // For tests: another place and other files than the official ones.
  void setSource(const QUrl& base, const std::vector<io::DownloadFile>& files);
  void setFolder(const QString& folder);
  QString folder() const;
  bool isRunning() const { return m_download.isRunning(); }
  static QString usualFolder();

 public slots:
  void start();
  void reject() override;  // stops first

 signals:
  void arrived(const QString& folder);  // everything is there and right

 private:
  void browse();
  void present(bool running);
  void fail(const nn::Issue& issue);

  io::MnistDownload m_download;
  QUrl m_base;
  std::vector<io::DownloadFile> m_files;
  QLineEdit* m_folder;
  QPushButton *m_browse, *m_start, *m_stop;
  QProgressBar* m_bar;
  QLabel* m_activity;
};

}  // namespace ui
