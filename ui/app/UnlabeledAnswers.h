// What the open network says of pictures that lie in a folder without classes, and small pictures of them. Read and computed beside the
// window, a few at a time, those that are wanted and no others; anew where the network or its weights change, while it trains every few
// seconds. A picture is answered as if it lay on the pad. Owned by who shows them; UI thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include <QCache>
#include <QFutureWatcher>
#include <QImage>
#include <QObject>
#include <QStringList>
#include <QTimer>

namespace ui {

class Workbench;

class UnlabeledAnswers : public QObject {
  Q_OBJECT
 public:
  UnlabeledAnswers(Workbench& workbench, QStringList pictures, int smallPx, QObject* parent = nullptr);
  ~UnlabeledAnswers() override;

  struct Answer {
    QString brief;  // "3  98.2%", "no ink", "not read"; empty: not computed yet, or the network names no class
    QString whole;  // with what is to be said of it
  };
  const QStringList& pictures() const { return m_pictures; }  // their paths
  void want(std::vector<std::uint32_t> indices);              // those that are seen, the first one first
  const Answer& answer(std::size_t index) const { return m_answers[index].answer; }
  QImage picture(std::size_t index) const;  // null: it is not read, or was long ago

 signals:
  void changed();  // some of them are there, or answered anew

 private:
  struct Worker;
  struct Found {
    std::uint32_t index = 0;
    QImage picture;
    Answer answer;
  };
  struct Held {
    Answer answer;
    int version = 0;  // of the network and its weights; 0: none yet
    bool readable = false;
  };
  void networkChanged();
  void begin();
  void finish();

  Workbench& m_workbench;
  const QStringList m_pictures;
  const int m_smallPx;
  std::vector<Held> m_answers;
  QCache<std::uint32_t, QImage> m_small;
  std::vector<std::uint32_t> m_wanted;
  int m_version = 1, m_versionAtWork = 0;
  bool m_likeMnist = true;
  std::shared_ptr<Worker> m_worker;
  QTimer m_soon;
  QFutureWatcher<std::vector<Found>> m_watcher;
};

}  // namespace ui
