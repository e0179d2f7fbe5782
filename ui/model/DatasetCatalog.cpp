#include "ui/model/DatasetCatalog.h"

#include <algorithm>
#include <utility>

#include <QDir>
#include <QSettings>

#include "io/FileNames.h"
#include "io/datasets/DataWord.h"
#include "io/datasets/Datasets.h"
#include "io/datasets/PictureFolder.h"
#include "ui/base/Folders.h"
#include "ui/base/Settings.h"

namespace ui {

namespace {

DataSource sourceOf(const QString& key) {
  const io::DataWord word(key);
  const io::DatasetInfo* set = io::findDataset(word.place);
  const QString title = set ? set->title : DatasetCatalog::tr("%1 (folder)").arg(QDir(io::shownPath(word.place)).dirName());
  return {key, word.inverted ? DatasetCatalog::tr("%1, inverted").arg(title) : title, set ? set->help : QString()};
}

// The folder of a download is known by the name of the set.
QString keyOf(const QString& folder) {
  for (const io::DatasetInfo& set : io::datasets())
    if (!set.files.empty() && QDir::cleanPath(io::datasetFolder(set)) == folder && io::isThere(set)) return set.id;
  return folder;
}

}  // namespace

DatasetCatalog::DatasetCatalog(Jobs& jobs, QObject* parent) : QObject(parent), m_jobs(jobs) {
  const auto addWhenThere = [this](const QString& folder, const QString& key) {
    whenFolderAnswers(folder, this, [this, key] {
      const io::DatasetInfo* set = io::findDataset(key);
      if (set && !io::isThere(*set)) return;  // a part of a download
      add(key);
      emit changed();
    });
  };
  for (const io::DatasetInfo& set : io::datasets()) {
    if (!set.readsFolder()) add(set.id);
    if (!set.files.empty()) addWhenThere(io::datasetFolder(set), set.id);
  }
  m_currentKey = m_sources.front().key;
  m_known = QSettings().value("data/folders").toStringList();
  for (const QString& folder : m_known)
    if (keyOf(folder) == folder) addWhenThere(io::DataWord(folder).place, folder);
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
  const io::DatasetInfo* set = io::findDataset(key);
  if (now || !set || set->readsFolder()) return loadKey(key);
  m_currentKey = key;
  m_split = {};
  emit changed();
}

void DatasetCatalog::add(const QString& key) {
  const bool known = std::any_of(m_sources.begin(), m_sources.end(), [&](const DataSource& s) { return s.key == key; });
  if (known) return;
  m_sources.push_back(sourceOf(key));
  if (!io::findDataset(key) && !m_known.contains(key)) m_known << key;
}

void DatasetCatalog::addFolder(const QString& folder) {
  loadKey(keyOf(QDir::cleanPath(io::absolutePath(folder))));
}

void DatasetCatalog::load(std::function<void()> then) {
  if (ready()) return then();
  m_then = std::move(then);
  if (!m_jobs.busy(Jobs::Lane::Data)) loadKey(m_currentKey);
}

void DatasetCatalog::loadKey(const QString& key) {
  const io::DatasetInfo* set = io::findDataset(key);
  const QString title = set ? set->activity : tr("Loading %1").arg(QDir::toNativeSeparators(io::shownPath(key)));
  const auto work = [this, key, wanted = m_wanted](const data::Progress& progress) -> Jobs::Finish {
    data::DataSplit split;
    try {
      split = io::loadData(key, wanted.seed, progress, wanted.shares);
    } catch (const io::NoClasses& pictures) {
      if (!io::isFolder(key) || pictures.pictures().isEmpty()) throw;
      return [this, key, paths = pictures.pictures(), why = pictures.issue()] {
        m_then = nullptr;
        emit unlabeled(key, paths, why);
      };
    }
    if (!split.train) return {};
    return [this, key, wanted, split = std::move(split)] {
      use(key, split, wanted.shares, wanted.seed);
      for (const std::string& note : m_split.notes) emit noted(current().title, QString::fromStdString(note));
      if (const auto then = std::exchange(m_then, nullptr)) then();
    };
  };
  m_jobs.start(title, work, Jobs::Lane::Data);
}

void DatasetCatalog::use(const QString& key, const data::DataSplit& split, const data::Shares& shares, std::uint64_t seed) {
  add(key);
  m_currentKey = key;
  m_split = split;
  m_chosen = {shares, seed};
  remember("data/folders", m_known);
  emit changed();
}

void DatasetCatalog::useImages(const data::DataSplit& split) {
  m_split = split;
  m_chosen = m_wanted;
  emit changed();
}

}  // namespace ui
