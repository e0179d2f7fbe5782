#include "ui/app/FileCommands.h"

#include <QClipboard>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QImageReader>
#include <QMessageBox>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QSettings>
#include <QUrl>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Lessons.h"
#include "io/PictureFile.h"
#include "io/WebFile.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"
#include "ui/base/FileDialogs.h"
#include "ui/base/Settings.h"

namespace ui {

namespace {

constexpr const char* kLastFolder = "files/lastFolder";
constexpr const char* kRecent = "files/recent";
constexpr int kMostRecent = 8;

QString shortened(const QString& text) {
  constexpr int kLongest = 60;
  return text.size() > kLongest ? text.left(kLongest) + QStringLiteral("…") : text;
}

QString fileNameOf(const QString& path) {
  return io::shownPath(QFileInfo(path).fileName());
}

bool isModel(const QString& path) {
  return path.endsWith(".onnx", Qt::CaseInsensitive) || path.endsWith(".json", Qt::CaseInsensitive);
}

// Also a checkpoint, which may have any name.
bool isSession(const QString& path) {
  return path.endsWith(QStringLiteral(".") + io::Container::kSuffix, Qt::CaseInsensitive) || io::Container::isContainerFile(path);
}

QStringList localFiles(const QMimeData& mime) {
  QStringList paths;
  for (const QUrl& url : mime.urls())
    if (url.isLocalFile()) paths << io::pathOfUrl(url);
  return paths;
}

}  // namespace

FileCommands::FileCommands(Workbench& workbench, QWidget& window)
    : QObject(&window),
      m_workbench(workbench),
      m_window(window),
      m_sessions(new SessionFiles(workbench, this)),
      m_pictures(new PictureReader(workbench, this)) {
  connect(m_pictures, &PictureReader::pictureRead, this, &FileCommands::pictureRead);
  connect(m_sessions, &SessionFiles::used, this, [this](const QString& path) {
    rememberRecent(path);
    m_marks[path] = markOf(path);
  });
}

QStringList FileCommands::recent() {
  return QSettings().value(kRecent).toStringList();
}

void FileCommands::rememberRecent(const QString& path) {
  const QString whole = io::absolutePath(path);
  QStringList paths = recent();
  paths.removeAll(whole);
  paths.prepend(whole);
  remember(kRecent, QStringList(paths.mid(0, kMostRecent)));
}

QString FileCommands::lastFolder() {
  return QSettings().value(kLastFolder, QDir::homePath()).toString();
}

void FileCommands::rememberFolder(const QString& path) {
  remember(kLastFolder, QFileInfo(path).absolutePath());
}

QString FileCommands::savePath(Workbench& workbench, const QString& chosen, const QStringList& suffixes) {
  if (chosen.isEmpty()) return {};
  const QString suffix = QFileInfo(chosen).suffix();
  const bool bare = suffix.isEmpty() || !suffix.front().isLetter();  // "lecture 3.2" names no kind of file
  const QString path = bare ? chosen + (chosen.endsWith('.') ? "" : ".") + suffixes.front() : chosen;
  try {
    io::requireSuffix(path, suffixes);
    if (bare && QFileInfo::exists(path))
      throw nn::Error("a file of this name is there already", path.toStdString(), "Choose it in the dialog if it is to be replaced");
  } catch (const nn::Error& error) {
    const bool work = suffixes.front() == QLatin1String("onnx") || suffixes.front() == QLatin1String(io::Container::kSuffix);
    workbench.tell(untilNext(work ? Jobs::Lane::Saving : Jobs::Lane::Exports, {Message::Kind::Failure, error.issue()}));
    return {};
  }
  return path;
}

QString FileCommands::askFile(QWidget* window, const QString& title, const QString& filter) {
  const QString path = askOpenFile(window, title, lastFolder(), filter);
  if (!path.isEmpty()) rememberFolder(path);
  return path;
}

QString FileCommands::askSavePath(Workbench& workbench, QWidget* window, const QString& title, const QString& name, const QString& filter,
                                  const QStringList& suffixes) {
  const QString path = savePath(workbench, askSaveFile(window, title, QDir(lastFolder()).filePath(name), filter), suffixes);
  if (!path.isEmpty()) rememberFolder(path);
  return path;
}

void FileCommands::openByDialog() {
  const QString path =
      askFile(&m_window, tr("Open a session or a model"), tr("Sessions, models and networks (*.convscope *.onnx *.json);;All files (*)"));
  if (!path.isEmpty()) openPath(path);
}

void FileCommands::openPicture() {
  QStringList patterns;
  for (const QByteArray& format : QImageReader::supportedImageFormats()) patterns << "*." + QString::fromLatin1(format);
  const QString path = askFile(&m_window, tr("A picture for the pad"), tr("Pictures (%1);;All files (*)").arg(patterns.join(' ')));
  if (!path.isEmpty()) m_pictures->readFile(path);
}

void FileCommands::paste() {
  ++m_pastes;
  const QMimeData* mime = QGuiApplication::clipboard()->mimeData();  // none where nothing was ever copied
  if (mime && understands(*mime)) return openDropped(*mime);
  pasteText(mime ? mime->text() : QString());
}

// A path as file managers and terminals copy it: also in quotes, or as an address.
void FileCommands::pasteText(const QString& text) {
  const auto tell = [this](const QString& where, const QString& what, const QString& hint) {
    Message message = Message::of(Message::Kind::Info, where, what, hint);
    message.holds = [this, paste = m_pastes] { return paste == m_pastes; };  // what is pasted next may be no picture
    m_workbench.tell(untilNext(Jobs::Lane::Pictures, message));
  };
  QString path = text.trimmed();
  const bool quoted = path.size() > 1 && (path.front() == '"' || path.front() == '\'') && path.back() == path.front();
  if (quoted) path = path.mid(1, path.size() - 2);
  if (path.isEmpty() || path.contains('\n'))
    return tell({}, tr("The clipboard holds no picture"),
                tr("Copy a picture or its address, or the path of a picture, a session, a model or a folder of data."));
  const QUrl url(path);
  if (url.isLocalFile()) path = io::pathOfUrl(url);
  if (io::webAddress(path).isValid()) return m_pictures->fetch(path);
  if (path.startsWith("~/")) path = QDir::homePath() + path.mid(1);
  if (!QFileInfo(path).isAbsolute() || !io::pathExists(path))
    return tell(shortened(path), tr("The clipboard holds a text that is no path of a file"),
                tr("Copy a picture or its address, or the path of a picture, a session, a model or a folder of data."));
  openPath(path);
}

void FileCommands::saveSession() {
  if (const QString path = sessionPath(); !path.isEmpty()) m_sessions->save(path);
}

void FileCommands::saveSessionAs() {
  if (const QString path = askSessionPath(); !path.isEmpty()) m_sessions->save(path);
}

void FileCommands::saveSessionThen(const Then& then) {
  const bool trains = m_workbench.training().running();
  const QString path = sessionPath();
  if (path.isEmpty()) return;
  auto* failing = new QObject(this);  // as long as it is not written: training goes on where it cannot be
  connect(&m_workbench.jobs(), &Jobs::dropped, failing, [this, failing, trains](Jobs::Lane lane) {
    if (lane != Jobs::Lane::Saving) return;
    failing->deleteLater();
    if (trains) m_workbench.play();
  });
  connect(&m_workbench.training(), &TrainingController::cleared, failing, &QObject::deleteLater);
  m_sessions->pauseAndSave(path, [failing = QPointer(failing), then] {
    delete failing;
    then();
  });
}

FileCommands::Mark FileCommands::markOf(const QString& path) {
  const QFileInfo file(path);
  return {file.size(), file.lastModified()};
}

// What would be lost of the open session's file, were it written over: a sentence each.
QStringList FileCommands::lostBySaving(const QString& file) const {
  QStringList lost;
  const auto mark = m_marks.find(file);
  if (mark != m_marks.end() && QFileInfo::exists(file) && markOf(file) != mark->second)
    lost << tr("Since it was opened or saved here, another window or program has written it: what that put there is lost.");
  if (m_workbench.unsavedWeights().wouldReplaceRun())
    lost << tr("The run in the window did not go on from the one in the file, whose steps, curves and trained weights are lost.");
  return lost;
}

QString FileCommands::sessionPath() {
  const QString file = m_workbench.model().sessionFile;
  if (file.isEmpty()) return askSessionPath();
  const QStringList lost = lostBySaving(file);
  if (lost.isEmpty()) return file;
  QMessageBox box(QMessageBox::Question, tr("Save the session"), tr("Replace what is in %1?").arg(fileNameOf(file)), QMessageBox::Cancel,
                  &m_window);
  box.setInformativeText(lost.join(u' '));
  QPushButton* replace = box.addButton(tr("&Replace it"), QMessageBox::DestructiveRole);
  QPushButton* other = box.addButton(tr("Save &as..."), QMessageBox::AcceptRole);
  box.setDefaultButton(other);
  box.exec();
  if (box.clickedButton() == other) return askSessionPath();
  return box.clickedButton() == replace ? file : QString();
}

QString FileCommands::askSessionPath() {
  const ModelSlot& model = m_workbench.model();
  const QString name = io::shownPath(QFileInfo(model.name).completeBaseName()) + u'.' + io::Container::kSuffix;
  return askSavePath(m_workbench, &m_window, tr("Save the session"), model.sessionFile.isEmpty() ? name : model.sessionFile,
                     tr("ConvScope sessions (*.convscope)"), {io::Container::kSuffix});
}

void FileCommands::exportModel() {
  const bool whole = m_workbench.model().unread.isEmpty();
  const QString ending = whole ? QStringLiteral("-trained.onnx") : QStringLiteral("-incomplete.onnx");
  const QString name = io::shownPath(QFileInfo(m_workbench.model().name).completeBaseName()) + ending;
  const QString title = whole ? tr("Export the model") : tr("Export what could be read of the model");
  const QString path = askSavePath(m_workbench, &m_window, title, name, tr("ONNX (*.onnx)"), {"onnx"});
  if (!path.isEmpty()) m_workbench.save(path);
}

void FileCommands::chooseFolder() {
  const QString folder = askFolder(&m_window, io::folderDataset().help, lastFolder());
  if (folder.isEmpty()) return;
  rememberFolder(folder);
  m_workbench.library().addFolder(folder);
}

void FileCommands::chooseDataFile() {
  const QString path = askFile(&m_window, tr("A file of images with their classes"),
                               tr("Archives, tables, arrays, IDX (%1);;All files (*)").arg(io::dataFilePatterns().join(' ')));
  if (!path.isEmpty()) m_workbench.library().addFolder(path);
}

void FileCommands::openPath(const QString& path) {
  if (!path.startsWith(u':')) rememberFolder(path);
  if (io::isLessonFile(path)) return emit lessonRequested(path);
  if (io::isFolder(path) || io::isDataFile(path)) return m_workbench.library().addFolder(path);
  if (!isModel(path) && !isSession(path) && io::isPictureFile(path)) return m_pictures->readFile(path);
  const auto gate = [this, path, mark = markOf(path)](const Then& change) {
    rememberRecent(path);
    const Then replace = [this, path, mark, change] {
      change();
      m_marks[path] = mark;  // what was written while it was read is not what is open
    };
    if (!m_workbench.unsavedWeights().existOrSettingsChanged()) return replace();
    // After the job's end: the question waits for the person, and what is to be done with the newcomer for the answer.
    const auto ask = [this, replace, opening = m_workbench.jobs().hold(Jobs::Lane::Models)] {
      unlessUnsaved(Leaving::Network, [replace, opening] { replace(); });
    };
    QMetaObject::invokeMethod(this, ask, Qt::QueuedConnection);
  };
  isSession(path) ? m_sessions->open(path, gate) : m_workbench.models().openFile(path, gate);
}

void FileCommands::openShipped(const QString& name) {
  unlessUnsaved(Leaving::Network, [this, name] { m_workbench.models().openShipped(name); });
}

bool FileCommands::understands(const QMimeData& mime) {
  return !localFiles(mime).isEmpty() || PictureReader::holdsPicture(mime);
}

void FileCommands::openDropped(const QMimeData& mime) {
  const QStringList paths = localFiles(mime);
  if (paths.isEmpty()) return m_pictures->readIn(mime);
  openPath(paths.front());
  if (paths.size() > 1)
    m_workbench.tell(Message::of(Message::Kind::Info, io::shownPath(QFileInfo(paths.front()).fileName()),
                                 tr("Of the %1 files only this one is opened").arg(paths.size()),
                                 tr("Drop or paste one at a time; many pictures, in a folder for each class, are opened as data.")));
}

void FileCommands::unlessUnsaved(Leaving leaving, const Then& then) {
  if (!m_workbench.unsavedWeights().existOrSettingsChanged()) return then();
  switch (m_question ? m_question() : ask(leaving)) {
    case Unsaved::Save:
      return saveSessionThen([this, leaving, then] { unlessUnsaved(leaving, then); });  // who trained on while it was saved is asked again
    case Unsaved::Discard:
      return then();
    case Unsaved::Cancel:
      return;
  }
}

// What is lost, and what each button does, in the order of the buttons.
FileCommands::Unsaved FileCommands::ask(Leaving leaving) {
  const bool quits = leaving == Leaving::Program;
  const ModelSlot& model = m_workbench.model();
  const QString& title = model.title;
  const QString session = fileNameOf(model.sessionFile);
  QString what = tr("The training settings of %1 are not saved.").arg(title);
  QString lost = tr("What was changed of them since %1 was saved is in no file; that session stays as it is.").arg(session);
  QString how = tr("Without saving, they are those of the session when it is opened again.");
  if (m_workbench.unsavedWeights().exist()) {
    what = tr("What %1 learned is not saved.").arg(title);
    lost = session.isEmpty() ? tr("Its trained weights are in no file.")
                             : tr("What it learned since %1 was saved is in no file; that session stays as it is.").arg(session);
    how = quits ? tr("If you quit without saving, that training is lost for good: to have it again you would have to train again.")
                : tr("If you open the other network without saving, Edit > Undo still brings it back as long as ConvScope runs; when you "
                     "quit, it is lost.");
    if (model.exported && model.exported == m_workbench.unsavedWeights().newest()) {
      what = tr("The training run of %1 is not saved.").arg(title);
      lost = tr("Its weights are in %1; its steps, its curves and the state of its optimizer are in no file.")
                 .arg(fileNameOf(model.exportFile));
      if (quits)
        how = tr("If you quit without saving the session, that run is lost for good: training could only begin anew from those weights.");
    }
  }
  QMessageBox box(QMessageBox::Question, quits ? tr("Quit without saving?") : tr("Open another network?"), what, QMessageBox::NoButton,
                  &m_window);
  box.setInformativeText(tr("%1 %2", "what would be lost, how").arg(lost, how));
  QPushButton* save = box.addButton(quits ? tr("&Save and quit...") : tr("&Save and open..."), QMessageBox::AcceptRole);
  QPushButton* discard = box.addButton(quits ? tr("&Quit without saving") : tr("&Open without saving"), QMessageBox::DestructiveRole);
  box.addButton(quits ? tr("&Do not quit") : tr("&Keep this network"), QMessageBox::RejectRole);
  box.setDefaultButton(save);
  box.exec();
  if (box.clickedButton() == save) return Unsaved::Save;
  return box.clickedButton() == discard ? Unsaved::Discard : Unsaved::Cancel;
}

}  // namespace ui
