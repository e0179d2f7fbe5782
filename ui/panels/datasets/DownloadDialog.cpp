#include "ui/panels/datasets/DownloadDialog.h"

#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QStandardPaths>
#include <QVBoxLayout>

#include "ui/base/FileDialogs.h"
#include "ui/base/Numbers.h"

namespace ui {

DownloadDialog::DownloadDialog(QWidget* parent)
    : QDialog(parent),
      m_base(io::mnistMirror()),
      m_files(io::mnistFiles()),
      m_folder(new QLineEdit(usualFolder(), this)),
      m_browse(new QPushButton(tr("Choose..."), this)),
      m_start(new QPushButton(tr("Download"), this)),
      m_stop(new QPushButton(tr("Close"), this)),
      m_bar(new QProgressBar(this)),
      m_activity(new QLabel(this)) {
  setObjectName("downloadDialog");
  setWindowTitle(tr("Download MNIST"));
  auto* text = new QLabel(tr("MNIST: %1 handwritten digits, about 12 MB, from %2. They are kept in this folder; a download that "
                             "was cut off goes on where it stopped.")
                              .arg(countText(70000), m_base.host()),
                          this);
  text->setWordWrap(true);
  m_activity->setWordWrap(true);
  m_activity->setMinimumHeight(48);
  m_activity->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  m_activity->setObjectName("downloadActivity");
  m_bar->setRange(0, 1000);
  m_bar->setTextVisible(false);
  m_start->setDefault(true);
  m_folder->setAccessibleName(tr("Folder"));
  auto* where = new QHBoxLayout;
  where->addWidget(m_folder, 1);
  where->addWidget(m_browse);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch(1);
  buttons->addWidget(m_stop);
  buttons->addWidget(m_start);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(12);
  column->addWidget(text);
  column->addLayout(where);
  column->addWidget(m_bar);
  column->addWidget(m_activity);
  column->addLayout(buttons);
  setMinimumWidth(480);

  connect(m_browse, &QPushButton::clicked, this, &DownloadDialog::browse);
  connect(m_start, &QPushButton::clicked, this, &DownloadDialog::start);
  connect(m_stop, &QPushButton::clicked, this, [this] { m_download.isRunning() ? m_download.cancel() : reject(); });
  connect(&m_download, &io::MnistDownload::progressed, this, [this](double share, const QString& activity) {
    m_bar->setValue(int(share * 1000));
    m_activity->setText(activity);
  });
  connect(&m_download, &io::MnistDownload::failed, this, &DownloadDialog::fail);
  connect(&m_download, &io::MnistDownload::canceled, this, [this] {
    present(false);
    m_activity->setText(tr("Stopped. What has arrived is kept; Download goes on from there."));
  });
  connect(&m_download, &io::MnistDownload::finished, this, [this] {
    present(false);
    emit arrived(folder());
    accept();
  });
  present(false);
}

QString DownloadDialog::usualFolder() {
  return QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)).filePath("mnist");
}

void DownloadDialog::setSource(const QUrl& base, const std::vector<io::DownloadFile>& files) {
  m_base = base;
  m_files = files;
}

void DownloadDialog::setFolder(const QString& folder) {
  m_folder->setText(QDir::toNativeSeparators(folder));
}

QString DownloadDialog::folder() const {
  return QDir::fromNativeSeparators(m_folder->text().trimmed());
}

void DownloadDialog::browse() {
  const QString chosen = askFolder(this, tr("Where MNIST shall go"), folder());
  if (!chosen.isEmpty()) setFolder(chosen);
}

void DownloadDialog::start() {
  if (m_download.isRunning() || folder().isEmpty()) return;
  present(true);
  m_download.start(folder(), m_base, m_files);
}

void DownloadDialog::present(bool running) {
  m_folder->setEnabled(!running);
  m_browse->setEnabled(!running);
  m_start->setEnabled(!running);
  m_stop->setText(running ? tr("Stop") : tr("Close"));
}

void DownloadDialog::fail(const nn::Issue& issue) {
  present(false);
  m_start->setText(tr("Try again"));
  m_activity->setText(QString::fromStdString(nn::Error(issue).message()));
}

void DownloadDialog::reject() {
  if (m_download.isRunning()) m_download.cancel();
  QDialog::reject();
}

}  // namespace ui
