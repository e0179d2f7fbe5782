#include "ui/model/DatasetCatalog.h"

#include <algorithm>
#include <utility>

#include <QDir>
#include <QSettings>

#include "io/DataFiles.h"
#include "io/FileNames.h"
#include "ui/base/Folders.h"
#include "ui/base/Settings.h"

namespace ui {

namespace {

QString titleOf(const QString& folder) {
  return QDir(io::shownPath(folder)).dirName();
}

}  // namespace

DatasetCatalog::DatasetCatalog(Jobs& jobs, QObject* parent) : QObject(parent), m_jobs(jobs) {
  m_sources.push_back({kStrokes, tr("Stroke digits")});
  m_known = QSettings().value("data/folders").toStringList();
  for (const QString& folder : m_known)
    whenFolderAnswers(folder, this, [this, folder] {
      add(folder);
      emit changed();
    });
  connect(&m_jobs, &Jobs::dropped, this, [this](Jobs::Lane lane) {
    if (lane == Jobs::Lane::Data) m_then = nullptr;
  });
}

const DataSource& DatasetCatalog::current() const {
  const auto found = std::find_if(m_sources.begin(), m_sources.end(), [this](const DataSource& s) { return s.key == m_currentKey; });
  return found != m_sources.end() ? *found : m_sources.front();
}

void DatasetCatalog::choose(const QString& key, bool now) {
  if (key == m_currentKey) return;
  if (now || key != kStrokes) return loadKey(key);
  m_currentKey = key;
  m_split = {};
  emit changed();
}

void DatasetCatalog::add(const QString& folder) {
  const bool known = std::any_of(m_sources.begin(), m_sources.end(), [&](const DataSource& s) { return s.key == folder; });
  if (known) return;
  m_sources.push_back({folder, tr("%1 (folder)").arg(titleOf(folder))});
  if (!m_known.contains(folder)) m_known << folder;
}

void DatasetCatalog::addFolder(const QString& folder) {
  loadKey(QDir::cleanPath(io::absolutePath(folder)));
}

void DatasetCatalog::load(std::function<void()> then) {
  if (ready()) return then();
  m_then = std::move(then);
  if (!m_jobs.busy(Jobs::Lane::Data)) loadKey(m_currentKey);
}

void DatasetCatalog::loadKey(const QString& key) {
  const QString title = key == kStrokes ? tr("Writing stroke digits") : tr("Loading %1").arg(QDir::toNativeSeparators(io::shownPath(key)));
  const auto work = [this, key, heldOut = m_wanted](const data::Progress& progress) -> Jobs::Finish {
    data::DataSplit split = io::loadData(key, heldOut.seed, progress, heldOut.share);
    if (!split.train) return {};
    return [this, key, heldOut, split = std::move(split)] {
      if (key != kStrokes) add(key);
      m_currentKey = key;
      m_split = split;
      m_heldOut = heldOut;
      remember();
      emit changed();
      for (const std::string& note : m_split.notes) emit noted(titleOf(key), QString::fromStdString(note));
      if (const auto then = std::exchange(m_then, nullptr)) then();
    };
  };
  m_jobs.start(title, work, Jobs::Lane::Data);
}

void DatasetCatalog::useImages(const data::DataSplit& split) {
  m_split = split;
  m_heldOut = m_wanted;
  emit changed();
}

void DatasetCatalog::remember() const {
  ui::remember("data/folders", m_known);
}

}  // namespace ui
