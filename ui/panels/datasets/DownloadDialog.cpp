#include "ui/panels/datasets/DownloadDialog.h"

#include <algorithm>
#include <utility>

#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>

#include "ui/base/FileDialogs.h"
#include "ui/base/Numbers.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {

QString megabytes(const io::DatasetInfo& set) {
  qint64 bytes = 0;
  for (const io::DownloadFile& file : set.files) bytes += file.expectedBytes;
  return countText(qulonglong(std::max<qint64>(1, (bytes + 500000) / 1000000)));
}

}  // namespace

DownloadDialog::DownloadDialog(io::DatasetInfo set, QWidget* parent)
    : QDialog(parent),
      m_set(std::move(set)),
      m_folder(new QLineEdit(io::datasetFolder(m_set), this)),
      m_browse(new QPushButton(tr("Choose..."), this)),
      m_start(new QPushButton(tr("Download"), this)),
      m_stop(new QPushButton(tr("Close"), this)),
      m_bar(new QProgressBar(this)),
      m_activity(named("downloadActivity", new QLabel(this))) {
  setObjectName("downloadDialog");
  setWindowTitle(tr("Download %1").arg(m_set.title));
  auto* text = new QLabel(tr("%1: %2 About %3 MB, from %4. They are kept in this folder; a download that was cut off goes on where it "
                             "stopped.")
                              .arg(m_set.title, m_set.help, megabytes(m_set), m_set.source.host()),
                          this);
  text->setWordWrap(true);
  m_activity->setWordWrap(true);
  m_activity->setMinimumHeight(48);
  m_activity->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  m_bar->setRange(0, 1000);
  m_bar->setTextVisible(false);
  m_start->setDefault(true);
  m_folder->setAccessibleName(tr("Folder"));
  columnOf(this, {16, 16, 16, 16}, 12,
           {text, rowOf({{m_folder, 1}, m_browse}), m_bar, m_activity, rowOf({LayoutPart::rest(), m_stop, m_start})});
  setMinimumWidth(480);

  connect(m_browse, &QPushButton::clicked, this, &DownloadDialog::browse);
  connect(m_start, &QPushButton::clicked, this, &DownloadDialog::start);
  connect(m_stop, &QPushButton::clicked, this, [this] { m_download.isRunning() ? m_download.cancel() : reject(); });
  connect(&m_download, &io::DatasetDownload::progressed, this, [this](double share, const QString& activity) {
    m_bar->setValue(int(share * 1000));
    m_activity->setText(activity);
  });
  connect(&m_download, &io::DatasetDownload::failed, this, &DownloadDialog::fail);
  connect(&m_download, &io::DatasetDownload::canceled, this, [this] {
    present(false);
    m_activity->setText(tr("Stopped. What has arrived is kept; Download goes on from there."));
  });
  connect(&m_download, &io::DatasetDownload::finished, this, [this] {
    present(false);
    emit arrived(folder());
    accept();
  });
  present(false);
}

void DownloadDialog::setFolder(const QString& folder) {
  m_folder->setText(QDir::toNativeSeparators(folder));
}

QString DownloadDialog::folder() const {
  return QDir::fromNativeSeparators(m_folder->text().trimmed());
}

void DownloadDialog::browse() {
  const QString chosen = askFolder(this, tr("Where %1 shall go").arg(m_set.title), folder());
  if (!chosen.isEmpty()) setFolder(chosen);
}

void DownloadDialog::start() {
  if (m_download.isRunning() || folder().isEmpty()) return;
  present(true);
  m_download.start(folder(), m_set.source, m_set.files);
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
