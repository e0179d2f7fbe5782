#include "cli/KeptCheckpoint.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "io/FileNames.h"
#include "io/Files.h"

namespace cli {

KeptCheckpoint::KeptCheckpoint(const Arguments& arguments, const QString& bestOut, const Output& output)
    : m_path(arguments.text("checkpoint")), m_every(arguments.whole("checkpoint-every")) {
  if (!isAsked()) return;
  for (const char* other : {"out", "recipe"})
    if (io::isSameFile(m_path, arguments.text(other))) throw UsageError{QString("--checkpoint and --%1 name the same file").arg(other)};
  if (!arguments.text("out").isEmpty() && io::isSameFile(m_path, bestOut))
    throw UsageError{"--checkpoint names the file of the best epoch, " + bestOut};
  io::requireWritable(m_path);
  QFile before(m_path);
  if (!before.open(QIODevice::ReadOnly) || before.size() == 0) return;
  constexpr qint64 kBeginning = 256;
  if (!io::Container::isContainer(before.read(kBeginning)))
    throw nn::Error("a file that is no checkpoint is not written over", io::shownName(m_path), "Choose another name for --checkpoint");
  if (!io::isSameFile(m_path, arguments.text("resume")))
    output.note(QString("%1 holds an earlier checkpoint, which is written over; --resume %1 would go on from it").arg(m_path));
}

void KeptCheckpoint::save(const io::TrainingState& state, const Output& output) {
  m_problem.reset();
  try {
    io::saveTrainingState(m_path, state);
    m_saved = true;
  } catch (const nn::Error& error) {
    m_problem = error;
    output.progress("warning: the checkpoint is not saved: " + QString::fromStdString(error.message()));
  }
}

void KeptCheckpoint::requireSaved() const {
  if (m_problem) throw nn::Error(*m_problem);
}

void KeptCheckpoint::describe(QJsonObject& object) const {
  if (m_saved && !m_problem) object["checkpoint"] = m_path;
}

QString KeptCheckpoint::text() const {
  return m_saved && !m_problem ? "checkpoint           " + m_path + "\n" : QString();
}

}  // namespace cli
