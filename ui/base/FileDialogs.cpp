#include "ui/base/FileDialogs.h"

#include <QFileDialog>
#include <QFileIconProvider>
#include <QObject>

#include "ui/base/Folders.h"

namespace ui {

namespace {

class IconsByName : public QFileIconProvider {
 public:
  QIcon icon(const QFileInfo& info) const override { return QFileIconProvider::icon(info.isDir() ? Folder : File); }
  QString type(const QFileInfo& info) const override {
    if (info.isDir()) return QObject::tr("Folder");
    const QString suffix = info.suffix().toUpper();
    return suffix.isEmpty() ? QObject::tr("File") : QObject::tr("%1 file").arg(suffix);
  }
};

QString ask(QFileDialog& dialog) {
  lookIntoNoFile(dialog);
  return dialog.exec() == QDialog::Accepted ? dialog.selectedFiles().value(0) : QString();
}

}  // namespace

void lookIntoNoFile(QFileDialog& dialog) {
  static IconsByName icons;  // Qt does not own it
  dialog.setIconProvider(&icons);
}

QString askOpenFile(QWidget* parent, const QString& title, const QString& where, const QString& filter) {
  QFileDialog dialog(parent, title, answeringFolder(where), filter);
  dialog.setFileMode(QFileDialog::ExistingFile);
  return ask(dialog);
}

QString askSaveFile(QWidget* parent, const QString& title, const QString& where, const QString& filter) {
  const QFileInfo suggestion(where);
  QFileDialog dialog(parent, title, answeringFolder(suggestion.path()), filter);
  dialog.setAcceptMode(QFileDialog::AcceptSave);
  dialog.setFileMode(QFileDialog::AnyFile);
  dialog.selectFile(suggestion.fileName());
  return ask(dialog);
}

QString askFolder(QWidget* parent, const QString& title, const QString& where) {
  QFileDialog dialog(parent, title, answeringFolder(where));
  dialog.setFileMode(QFileDialog::Directory);
  dialog.setOption(QFileDialog::ShowDirsOnly);
  return ask(dialog);
}

}  // namespace ui
