// Asks where the files of a data set shall go, fetches them there with progress, and can be stopped and resumed at any time. Does not block
// the window; closing it stops the download, what has arrived stays. Owned by the window; UI thread.
#pragma once

#include <QDialog>

#include "io/datasets/DatasetDownload.h"
#include "io/datasets/Datasets.h"

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace ui {

class DownloadDialog : public QDialog {
  Q_OBJECT
 public:
  explicit DownloadDialog(io::DatasetInfo set, QWidget* parent = nullptr);
  const QString& id() const { return m_set.id; }
  void setFolder(const QString& folder);
  QString folder() const;
  bool isRunning() const { return m_download.isRunning(); }

 public slots:
  void start();
  void reject() override;  // stops first

 signals:
  void arrived(const QString& folder);  // everything is there and right

 private:
  void browse();
  void present(bool running);
  void fail(const nn::Issue& issue);

  io::DatasetDownload m_download;
  const io::DatasetInfo m_set;
  QLineEdit* m_folder;
  QPushButton *m_browse, *m_start, *m_stop;
  QProgressBar* m_bar;
  QLabel* m_activity;
};

}  // namespace ui
