// Nothing that was made is lost with the program: what is trained and drawn and not saved is kept as a session of this run, and in one
// each what a message offers to bring back, or undo would, beside the window and not long after it changed. It is offered at the next start
// when the run did not end as it should; a drawing, about which nobody is asked, whichever way it ended (RecoveryOffers). Made by main();
// UI thread, the files in the pool.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QObject>
#include <QTimer>

#include "train/recipe/Recipe.h"
#include "ui/app/SessionFiles.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/shell/RecoveryOffers.h"

class QLockFile;

namespace ui {

class MainWindow;

class Recovery : public QObject {
  Q_OBJECT
 public:
  Recovery(Workbench& workbench, MainWindow& window, const QString& folder);
  ~Recovery() override;  // leaves what is kept; see forget()
  static QString usualFolder();

  RecoveryOffers& others() { return m_others; }  // what programs before left behind
  // At once, for an end that asks nobody, and which a lesson ends with; from then on the window closes without a question. Returns false
  // where it could not be written, which the person is told; then the window asks all the same.
  bool keepNow();
  bool keeps() const { return m_keeps; }
  bool isEmpty() const;  // there is nothing to bring back
  // The end of the desktop's session, which another program may still call off: then closing asks again after a while.
  void keepForSessionEnd();
  // The person has saved or thrown away the weights that there are, what undo holds too. The drawing and weights that a message still
  // offers are kept for the next start: nobody was asked about them.
  void forget();
  // How long after a change it is written, and how long after the time before; for tests.
  void setPace(int soonMs, int oftenMs);

 signals:
  void wrote(bool fine);  // or tried to

 private:
  // What there is to keep, to tell whether it is kept already.
  struct Work {
    std::optional<TrainedWeights> trained;
    std::optional<DrawingPad::Content> drawing;
    std::optional<train::Recipe> settings;  // changed since the open session was saved
    bool isEmpty() const { return !trained && !drawing && !settings; }
    bool sameAs(const Work& other) const;
  };
  // What this run keeps in one file.
  struct Part {
    explicit Part(const QString& file) : path(file) {}
    std::shared_ptr<QLockFile> lock;
    QString path;
    Work wanted, kept;              // nothing: the file is to go, has gone
    SessionFiles::Content content;  // of what is wanted; used by one thread at a time: the job, or after it this one
    bool isDue() const { return !wanted.sameAs(kept) && !(wanted.isEmpty() && kept.isEmpty()); }
    nn::Issue write();  // without words: fine
  };
  using SharedPart = std::shared_ptr<Part>;

  void changed();
  bool isOfLesson() const;
  void write();
  void writeDue();
  void written(const nn::Issue& issue);
  void allIsKept();
  void finishWriting();
  enum class Weights { Count, AreDecided };
  void look(Weights weights);
  enum class Undo { Counts, IsOver };
  void followOffers(Undo undo);
  std::vector<SharedPart> due() const;

  Workbench& m_workbench;
  MainWindow& m_window;
  QString m_own;  // files of this run begin with it
  RecoveryOffers m_others;
  SharedPart m_present;
  std::optional<DrawingPad::Content> m_inSession;   // the drawing of the last session that was saved or opened
  std::map<QString, DrawingPad::Content> m_saving;  // those of sessions that are being saved: the person may draw on meanwhile
  std::vector<SharedPart> m_offered;                // weights that can be had again by a message, or by undo
  int m_offers = 0;                                 // so many there were
  QFutureWatcher<nn::Issue> m_writing;              // an issue without words: fine
  QTimer m_soon;
  QElapsedTimer m_sinceWritten;
  struct {
    int soonMs, oftenMs;
  } m_pace;
  std::optional<nn::Issue> m_told;  // that keeping fails; once until it works again
  bool m_keeps = false;
  bool m_over = false;
};

}  // namespace ui
