#include "cli/KeptCheckpoint.h"

#include <algorithm>
#include <vector>

#include <QDir>
#include <QFileInfo>

#include "cli/OtherPlace.h"
#include "cli/Printable.h"
#include "io/FileNames.h"

namespace cli {

namespace {

QString placeOf(const train::Checkpoint& checkpoint) {
  if (checkpoint.position > 0) return QString("the state after step %1, from where this training went on").arg(checkpoint.step);
  if (checkpoint.epoch == 0) return "the state before the first step, since no epoch had ended";
  return QString("the state after epoch %1, the last whole one").arg(checkpoint.epoch);
}

// A session has the form of a checkpoint, but it is somebody's work: a drawing, pins, a place of the eye. Of a damaged file what is left
// tells which it was.
void requireOnlyCheckpoint(const QString& path) {
  std::vector<io::LostSection> lost;
  QStringList names = io::Container::namesOfWhatIsWhole(path, lost);
  for (const io::LostSection& one : lost)
    if (!one.name.isEmpty()) names << one.name;
  const bool cutOff = std::any_of(lost.begin(), lost.end(), [](const io::LostSection& one) { return one.name.isEmpty(); });
  const bool session = !std::all_of(names.begin(), names.end(), io::isWorkSection) || (names.isEmpty() && cutOff);
  if (session)
    throw nn::Error("a session is not written over: it holds more than a training", io::shownName(path),
                    "Choose another name for --checkpoint, or go on from its training with --resume " + io::shownName(path));
  if (!cutOff && !names.contains("training"))
    throw nn::Error("a session in which no training has begun is not written over", io::shownName(path),
                    "Choose another name for --checkpoint");
}

}  // namespace

KeptCheckpoint::KeptCheckpoint(const Arguments& arguments, const QString& bestOut, const Output& output)
    : m_path(arguments.text("checkpoint")), m_every(arguments.whole("checkpoint-every")) {
  if (!isAsked()) return;
  if (!arguments.text("out").isEmpty() && io::isSameFile(m_path, bestOut))
    throw UsageError{"--checkpoint names the file of the best epoch, " + bestOut};
  io::requireWritable(m_path);
  m_claim.emplace(m_path);
  if (QFileInfo(m_path).size() == 0) return;
  if (!io::Container::isContainerFile(m_path))
    throw nn::Error("a file that is no checkpoint is not written over", io::shownName(m_path), "Choose another name for --checkpoint");
  if (io::isSameFile(m_path, arguments.text("resume"))) return;
  requireOnlyCheckpoint(m_path);
  output.note(
      QString("%1 holds an earlier checkpoint, which is written over; --resume %1 would go on from it, where it is whole").arg(m_path));
}

void KeptCheckpoint::endEpoch(const io::SavedWork& work, bool last, const Output& output) {
  const bool due = last || qint64(work.run->checkpoint.epoch) % m_every == 0;
  if (due) save(work, last, output);
  if (due && !failed())
    m_lastGood.reset();
  else
    m_lastGood = work;
}

void KeptCheckpoint::saveLastGood(const Output& output) {
  if (m_lastGood) save(*m_lastGood, true, output);
  if (const QString file = newest(); !file.isEmpty())
    output.progress(
        QString("the checkpoint %1 holds %2: --resume %1 with a smaller --learning-rate goes on from there").arg(file, m_saves));
}

void KeptCheckpoint::save(const io::SavedWork& work, bool last, const Output& output) {
  m_saves = placeOf(work.run->checkpoint);
  m_problem.reset();
  m_elsewhere.clear();
  try {
    io::saveWork(m_path, work);
    m_saved = true;
    return;
  } catch (const nn::Error& error) {
    m_problem = error;
    output.note("the checkpoint is not saved: " + QString::fromStdString(error.message()));
  }
  if (!last) return;
  try {
    saveInOtherPlace([&](const QDir& folder) {
      const QString file = folder.filePath(QFileInfo(m_path).fileName());
      io::saveWork(file, work);
      m_elsewhere = file;
    });
    output.note("the checkpoint is saved in another place instead: " + m_elsewhere);
  } catch (const nn::Error& error) {
    output.note("the checkpoint is lost, since no other place takes it either: " + QString::fromStdString(error.message()));
  }
}

void KeptCheckpoint::describe(QJsonObject& object) const {
  if (m_saved && !m_problem) object["checkpoint"] = m_path;
  if (!m_elsewhere.isEmpty()) object["checkpoint_instead"] = m_elsewhere;
  if (m_problem && !object.contains("error")) object["error"] = QString::fromStdString(m_problem->message());
}

QString KeptCheckpoint::text() const {
  if (!m_elsewhere.isEmpty()) return "checkpoint instead   " + inOneLine(m_elsewhere) + "\n";
  return m_saved && !m_problem ? "checkpoint           " + inOneLine(m_path) + "\n" : QString();
}

}  // namespace cli
