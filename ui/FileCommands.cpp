#include "ui/FileCommands.h"

#include <QDir>
#include <QFileInfo>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QUrl>

#include "io/DataFiles.h"
#include "io/FileNames.h"
#include "io/Files.h"
#include "io/PictureFile.h"
#include "nn/Error.h"
#include "ui/FileDialogs.h"
#include "ui/Folders.h"
#include "ui/Settings.h"

namespace ui {

namespace {

constexpr const char* kLastFolder = "files/lastFolder";

bool isModel(const QString& path) {
  return path.endsWith(".onnx", Qt::CaseInsensitive) || path.endsWith(".json", Qt::CaseInsensitive);
}

}  // namespace

FileCommands::FileCommands(Session& session, QWidget& window)
    : QObject(&window), m_session(session), m_window(window), m_question([this] { return ask(); }) {}

QString FileCommands::lastFolder() {
  return answeringFolder(QSettings().value(kLastFolder, QDir::homePath()).toString());
}

void FileCommands::rememberFolder(const QString& path) {
  remember(kLastFolder, QFileInfo(path).absolutePath());
}

QString FileCommands::savePath(Session& session, const QString& chosen, const QStringList& suffixes) {
  if (chosen.isEmpty()) return {};
  const bool bare = QFileInfo(chosen).suffix().isEmpty();
  const QString path = bare ? chosen + (chosen.endsWith('.') ? "" : ".") + suffixes.front() : chosen;
  try {
    io::requireSuffix(path, suffixes);
    if (bare && QFileInfo::exists(path))
      throw nn::Error("a file of this name is there already", path.toStdString(), "Choose it in the dialog if it is to be replaced");
  } catch (const nn::Error& error) {
    session.tell({Message::Kind::Failure, error.issue(), {}, {}});
    return {};
  }
  return path;
}

void FileCommands::openModel() {
  const QString path = askOpenFile(&m_window, tr("Open a model"), lastFolder(), tr("Models and networks (*.onnx *.json);;All files (*)"));
  if (path.isEmpty()) return;
  rememberFolder(path);
  openPath(path);
}

void FileCommands::saveModel() {
  saveModelThen({});
}

void FileCommands::saveModelThen(const Then& then) {
  const bool whole = m_session.unread().isEmpty();
  const QString ending = whole ? QStringLiteral("-trained.onnx") : QStringLiteral("-incomplete.onnx");
  const QString suggestion = QDir(lastFolder()).filePath(io::shownPath(QFileInfo(m_session.modelName()).completeBaseName()) + ending);
  const QString title = whole ? tr("Save the model") : tr("Save what could be read of the model");
  const QString path = savePath(m_session, askSaveFile(&m_window, title, suggestion, tr("ONNX (*.onnx)")), {"onnx"});
  if (path.isEmpty()) return;
  rememberFolder(path);
  m_session.save(path, then);
}

void FileCommands::chooseFolder() {
  const QString folder = askFolder(&m_window, tr("A folder with MNIST's four files, gzipped or not"), lastFolder());
  if (folder.isEmpty()) return;
  m_session.library().addFolder(folder);
}

void FileCommands::openPath(const QString& path) {
  if (io::isFolder(path)) return m_session.library().addFolder(path);
  if (!isModel(path) && io::isPictureFile(path)) return readPicture(path);
  unlessUnsaved([this, path] { m_session.openFile(path); });
}

void FileCommands::openShipped(const QString& name) {
  unlessUnsaved([this, name] { m_session.openShipped(name); });
}

void FileCommands::readPicture(const QString& path) {
  const QString name = io::shownPath(QFileInfo(path).fileName());
  m_session.jobs().start(tr("Opening %1").arg(name), [this, path, name](const data::Progress&) -> Jobs::Finish {
    data::GreyImage picture = io::readImageInk(path);
    return [this, name, picture = std::move(picture)] { emit pictureRead(picture, name); };
  });
}

bool FileCommands::understands(const QMimeData& mime) {
  const QList<QUrl> urls = mime.urls();
  return !urls.isEmpty() && urls.front().isLocalFile();
}

void FileCommands::openDropped(const QMimeData& mime) {
  if (understands(mime)) openPath(io::pathOfUrl(mime.urls().front()));
}

void FileCommands::unlessUnsaved(const Then& then) {
  if (!m_session.hasUnsavedTraining()) return then();
  switch (m_question()) {
    case Unsaved::Save:
      return saveModelThen(then);
    case Unsaved::Discard:
      return then();
    case Unsaved::Cancel:
      return;
  }
}

FileCommands::Unsaved FileCommands::ask() {
  QMessageBox box(QMessageBox::Question, tr("Unsaved weights"), tr("The weights you trained are not saved."), QMessageBox::NoButton,
                  &m_window);
  box.setInformativeText(tr("They are lost when you go on."));
  QPushButton* save = box.addButton(tr("Save..."), QMessageBox::AcceptRole);
  QPushButton* discard = box.addButton(tr("Throw away"), QMessageBox::DestructiveRole);
  box.addButton(QMessageBox::Cancel);
  box.setDefaultButton(save);
  box.exec();
  if (box.clickedButton() == save) return Unsaved::Save;
  return box.clickedButton() == discard ? Unsaved::Discard : Unsaved::Cancel;
}

}  // namespace ui
