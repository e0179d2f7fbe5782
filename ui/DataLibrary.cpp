#include "ui/DataLibrary.h"

#include <algorithm>

#include <QDir>
#include <QSettings>

#include "io/DataFiles.h"
#include "io/FileNames.h"
#include "ui/Settings.h"

namespace ui {

namespace {

QString titleOf(const QString& folder) {
  return QDir(io::shownPath(folder)).dirName();
}

}  // namespace

DataLibrary::DataLibrary(Jobs& jobs, QObject* parent) : QObject(parent), m_jobs(jobs) {
  m_sources.push_back({kStrokes, tr("Stroke digits")});
  for (const QString& folder : QSettings().value("data/folders").toStringList())
    if (io::isFolder(folder)) add(folder);
}

const DataSource& DataLibrary::current() const {
  const auto found = std::find_if(m_sources.begin(), m_sources.end(), [this](const DataSource& s) { return s.key == m_currentKey; });
  return found != m_sources.end() ? *found : m_sources.front();
}

void DataLibrary::choose(const QString& key) {
  if (key == m_currentKey) return;
  if (key != kStrokes) return loadKey(key, {});
  m_currentKey = key;
  m_split = {};
  emit changed();
}

void DataLibrary::add(const QString& folder) {
  const bool known = std::any_of(m_sources.begin(), m_sources.end(), [&](const DataSource& s) { return s.key == folder; });
  if (known) return;
  m_sources.push_back({folder, tr("%1 (folder)").arg(titleOf(folder))});
}

void DataLibrary::addFolder(const QString& folder) {
  loadKey(QDir::cleanPath(io::absolutePath(folder)), {});
}

void DataLibrary::load(std::function<void()> then) {
  if (ready()) return then();
  loadKey(m_currentKey, std::move(then));
}

void DataLibrary::loadKey(const QString& key, std::function<void()> then) {
  const QString title = key == kStrokes ? tr("Writing stroke digits") : tr("Loading %1").arg(QDir::toNativeSeparators(io::shownPath(key)));
  m_jobs.start(title, [this, key, then = std::move(then)](const data::Progress& progress) -> Jobs::Finish {
    data::DataSplit split = io::loadData(key, 1, progress);
    if (!split.train) return {};
    return [this, key, split = std::move(split), then] {
      if (key != kStrokes) add(key);
      m_currentKey = key;
      m_split = split;
      remember();
      emit changed();
      for (const std::string& note : m_split.notes) emit noted(titleOf(key), QString::fromStdString(note));
      if (then) then();
    };
  });
}

void DataLibrary::useImages(const data::DataSplit& split) {
  m_split = split;
  emit changed();
}

void DataLibrary::remember() const {
  QStringList folders;
  for (const DataSource& source : m_sources)
    if (source.key != kStrokes) folders << source.key;
  ui::remember("data/folders", folders);
}

}  // namespace ui
