// Nothing that was made is lost with the program: what is trained and drawn and not saved is kept as a session of this run, and in one
// each what a message offers to bring back, or undo would, beside the window and not long after it changed. It is offered at the next start
// when the run did not end as it should. A lock tells which sessions belong to programs that still run. Made by main(); UI thread, the
// files in the pool.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QElapsedTimer>
#include <QFutureSynchronizer>
#include <QFutureWatcher>
#include <QObject>
#include <QTimer>

#include "ui/app/SessionFiles.h"
#include "ui/panels/drawing/DrawingPad.h"

class QLockFile;

namespace ui {

class MainWindow;

class Recovery : public QObject {
  Q_OBJECT
 public:
  Recovery(Workbench& workbench, MainWindow& window, const QString& folder);
  ~Recovery() override;  // leaves what is kept; see forget()
  static QString usualFolder();

  // What programs that ended left behind, as one message with a choice; a little later. It is kept until the person has chosen, but
  // for what is older than kMostDays, or than the kMostLeft newest.
  static constexpr int kMostDays = 90, kMostLeft = 12;
  void offerOthers();
  // At once, for an end that asks nobody, and which a lesson ends with; from then on the window closes without a question. Returns false
  // where it could not be written, which the person is told; then the window asks all the same.
  bool keepNow();
  bool keeps() const { return m_keeps; }
  bool isEmpty() const;  // there is nothing to bring back
  // The end of the desktop's session, which another program may still call off: then closing asks again after a while.
  void keepForSessionEnd();
  // The person has saved or thrown away what there is, what undo holds too. Weights that a message still offers are kept for the next
  // start: nobody was asked about them.
  void forget();
  // How long after a change it is written, and how long after the time before; for tests.
  void setPace(int soonMs, int oftenMs);

 signals:
  void searched();        // what others left behind is offered now, if there is anything
  void wrote(bool fine);  // or tried to

 private:
  // What another run left behind. The lock makes sure that one program offers it.
  struct Left {
    std::shared_ptr<QLockFile> lock;
    QString path;
    SessionAbout about;
    nn::Issue issue;  // where it cannot be read
    QString lost;     // what of it cannot
  };
  using Shared = std::shared_ptr<Left>;
  static QString nameOf(const Left& left);
  static Shared leftIn(const QString& path);  // null: of a program that runs
  static std::vector<Shared> find(const QString& folder, const QString& own);
  static void removeOld(const QString& folder, std::vector<Shared>& found);
  // What there is to keep, to tell whether it is kept already.
  struct Work {
    std::optional<TrainedWeights> trained;
    std::optional<DrawingPad::Content> drawing;
    bool isEmpty() const { return !trained && !drawing; }
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
  void remove(const Shared& left);
  void restored(const Shared& left, const std::vector<io::LostSection>& lost);
  static QString putAside(const QString& path);
  void removeCovered();
  void finishWriting();
  void look();
  enum class Undo { Counts, IsOver };
  void followOffers(Undo undo);
  std::vector<SharedPart> due() const;
  void offer(std::vector<Shared> found);
  void showAll(const std::vector<Shared>& offers);
  void restore(const Shared& left);

  Workbench& m_workbench;
  MainWindow& m_window;
  QString m_root;
  QString m_own;  // files of this run begin with it
  SharedPart m_present;
  std::vector<SharedPart> m_offered;    // weights that can be had again by a message, or by undo
  int m_offers = 0;                     // so many there were
  QFutureWatcher<nn::Issue> m_writing;  // an issue without words: fine
  std::vector<Shared> m_restored;       // are removed once this run keeps what they brought
  std::vector<Shared> m_covered;        // by what is being written
  QFutureWatcher<std::vector<Shared>> m_finding;
  QFutureSynchronizer<void> m_removing;  // has ended before this has
  QTimer m_soon;
  QElapsedTimer m_sinceWritten;
  int m_soonMs, m_oftenMs;
  std::optional<nn::Issue> m_told;  // that keeping fails; once until it works again
  bool m_keeps = false;
  bool m_over = false;
};

}  // namespace ui
