// What programs that ended left behind, as one message with a choice: looked for in the pool, kept within bounds until the person has
// chosen, and removed once what was restored of it is kept by this run. A lock for each file tells which belong to programs that still run,
// and that one program offers it. Owned by Recovery; UI thread, the files in the pool.
#pragma once

#include <memory>
#include <vector>

#include <QFutureSynchronizer>
#include <QFutureWatcher>
#include <QObject>

#include "ui/app/SessionFiles.h"

class QLockFile;

namespace ui {

class MainWindow;

class RecoveryOffers : public QObject {
  Q_OBJECT
 public:
  // `own`: this run's files in the folder begin with it.
  RecoveryOffers(Workbench& workbench, MainWindow& window, const QString& folder, const QString& own);
  static constexpr QLatin1String kSuffix{".convscope"};
  static std::unique_ptr<QLockFile> lockOf(const QString& path);  // of such a file; not locked yet

  // A little later. What is found is kept until the person has chosen, but for what is older than kMostDays, or than the kMostLeft newest.
  static constexpr int kMostDays = 90, kMostLeft = 12;
  void search();
  // Around a writing of this run: what was restored before it began is in it, and its file goes when it succeeded.
  void cover();
  void removeCovered();

 signals:
  void searched();  // what there is is offered now
  void restored();  // one of them

 private:
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
  void offer(std::vector<Shared> found);
  void showAll(const std::vector<Shared>& offers);
  void restore(const Shared& left);
  void finish(const Shared& left, const std::vector<io::LostSection>& lost, const std::optional<Message>& away);
  void keepFor(const Shared& left, Message away);
  void remove(const Shared& left);

  Workbench& m_workbench;
  MainWindow& m_window;
  QString m_folder, m_own;
  QFutureWatcher<std::vector<Shared>> m_finding;
  std::vector<Shared> m_restored;        // are removed once this run keeps what they brought
  std::vector<Shared> m_covered;         // by what is being written
  QFutureSynchronizer<void> m_removing;  // has ended before this has
};

}  // namespace ui
