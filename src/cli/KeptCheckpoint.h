// The checkpoint that a training from the command line keeps on the disk: after every so many epochs, at its end, and where it is
// interrupted. One that cannot be written is told and does not end the training; the last one then goes to another place. Without
// --checkpoint nothing is kept. Owned by the run; its thread.
#pragma once

#include <optional>

#include <QJsonObject>
#include <QString>

#include "cli/Command.h"
#include "io/session/SavedWork.h"
#include "nn/Error.h"

namespace cli {

class KeptCheckpoint {
 public:
  // Throws nn::Error where that name cannot be written, or is that of a file of another kind; UsageError where it is that of another file
  // of the run. Notes that a checkpoint is written over which is not gone on from.
  KeptCheckpoint(const Arguments& arguments, const QString& bestOut, const Output& output);

  bool isAsked() const { return !m_path.isEmpty(); }
  // Before the first step: what there is, should the training break before an epoch has ended.
  void begin(io::SavedWork state) { m_lastGood = std::move(state); }
  // After a whole epoch: saved where it is due, else copied and kept in memory, should the training break.
  void endEpoch(const io::SavedWork& work, bool last, const Output& output);
  // last: nothing comes after it, so that it is also tried elsewhere (cli/OtherPlace.h).
  void save(const io::SavedWork& work, bool last, const Output& output);
  // Where the training broke, which may have spoiled what there is now: leaves the last whole epoch, or what there was before the first
  // step, and says which it is and how to go on from it.
  void saveLastGood(const Output& output);
  bool failed() const { return m_problem.has_value(); }  // the last time
  // Where that went, in one place or the other; empty: nowhere.
  QString newest() const { return failed() ? m_elsewhere : m_saved ? m_path : QString(); }
  // Throws what went wrong the last time.
  void requireSaved() const {
    if (m_problem) throw nn::Error(*m_problem);
  }
  void describe(QJsonObject& object) const;  // checkpoint, checkpoint_instead, error
  QString text() const;                      // the same as a line of the report

 private:
  QString m_path, m_elsewhere;
  qint64 m_every;
  bool m_saved = false;
  QString m_saves;                          // "the state after epoch 3, the last whole one": what was saved last
  std::optional<io::SavedWork> m_lastGood;  // where it is not on the disk
  std::optional<nn::Error> m_problem;
};

}  // namespace cli
