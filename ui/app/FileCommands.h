// What the person does with files: open and save sessions, open and export models, choose data folders, put picture files on the pad. Asks
// before trained weights that are not saved would be lost. Owned by the window; UI thread.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include <QDateTime>
#include <QObject>
#include <QStringList>

#include "data/Preprocessing.h"
#include "ui/app/PictureReader.h"
#include "ui/app/SessionFiles.h"
#include "ui/app/Workbench.h"

class QMimeData;
class QWidget;

namespace ui {

class FileCommands : public QObject {
  Q_OBJECT
 public:
  enum class Unsaved { Save, Discard, Cancel };
  enum class Leaving { Network, Program };  // before what the question after unsaved weights comes
  using Then = std::function<void()>;

  FileCommands(Workbench& workbench, QWidget& window);

  void openByDialog();  // a session, a model or a network
  void openPicture();
  // What the clipboard holds: a picture or its address in the web, or the path of a file that openPath() takes.
  void paste();
  void saveSession();  // in its file; one that has none yet is asked for
  void saveSessionAs();
  void saveSessionThen(const Then& then);  // for what follows training pauses
  void exportModel();                      // as .onnx, by a dialog
  SessionFiles& sessions() { return *m_sessions; }
  static QStringList recent();  // sessions and models that were opened or saved, the last one first
  void chooseFolder();
  void chooseDataFile();  // an archive, a table, arrays
  // What a dialog for saving answered, with the first of `suffixes` where it has none. Empty, and told, where the name ends in another
  // kind of file, or where the suffix makes it that of a file which the dialog has not asked about.
  static QString savePath(Workbench& workbench, const QString& chosen, const QStringList& suffixes);
  // Questions after a file, where the person was last; the next one begins where it lies. Empty: there is none. name: of the file that is
  // suggested, or its path.
  static QString askFile(QWidget* window, const QString& title, const QString& filter);
  static QString askSavePath(Workbench& workbench, QWidget* window, const QString& title, const QString& name, const QString& filter,
                             const QStringList& suffixes);
  static QString lastFolder();

  // A session, a model, a picture, a lesson or a folder of data, whatever it is. The question after unsaved weights comes once a model
  // turned out readable.
  void openPath(const QString& path);
  void openShipped(const QString& name);           // or published
  static bool understands(const QMimeData& mime);  // there are files in it, a picture, or the address of one
  void openDropped(const QMimeData& mime);         // dropped or pasted: the first of the files; tells where there are more
  // Runs `then` at once where nothing is unsaved; else after the person decided, or not at all.
  void unlessUnsaved(Leaving leaving, const Then& then);

  // In the place of the dialog that asks; for tests.
  void setQuestion(std::function<Unsaved()> question) { m_question = std::move(question); }

 signals:
  void lessonRequested(const QString& path);
  void pictureRead(const data::Picture& picture, const QString& name);

 private:
  Unsaved ask(Leaving leaving);
  void pasteText(const QString& text);
  QStringList lostBySaving(const QString& file) const;
  QString sessionPath();  // where it is saved: the person is asked where that is open, or would cost what is in the file; empty: nowhere
  QString askSessionPath();
  static void rememberRecent(const QString& path);
  static void rememberFolder(const QString& path);

  Workbench& m_workbench;
  QWidget& m_window;
  SessionFiles* m_sessions;
  PictureReader* m_pictures;
  std::function<Unsaved()> m_question;
  using Mark = std::pair<qint64, QDateTime>;  // size and time of change
  static Mark markOf(const QString& path);
  std::map<QString, Mark> m_marks;  // of session files, as this window opened or saved them last
  int m_pastes = 0;
};

}  // namespace ui
