// Which data sets can be chosen, which one is, and its images once they are loaded. Loading runs as a job; a folder that
// cannot be read leaves the choice as it was. Owned by Workbench; UI thread.
#pragma once

#include <functional>
#include <vector>

#include <QObject>
#include <QString>
#include <QStringList>

#include "data/Dataset.h"
#include "train/recipe/Recipe.h"
#include "ui/base/Jobs.h"

namespace ui {

struct DataSource {
  QString key;    // the name of a set (io/datasets/Datasets.h), or a folder
  QString title;  // for menus
  QString help;   // one sentence; may be empty
};

class DatasetCatalog : public QObject {
  Q_OBJECT
 public:
  explicit DatasetCatalog(Jobs& jobs, QObject* parent = nullptr);

  const std::vector<DataSource>& sources() const { return m_sources; }
  const DataSource& current() const;
  // A set that is made is made when it is first needed, files are loaded now. With `now` either is loaded first and chosen when it is
  // there.
  void choose(const QString& key, bool now = false);
  void addFolder(const QString& folder);  // and choose it
  // From the next loading on: which share is held out for validation and trained on, and the seed of what is chosen or written for it.
  void setShares(const data::Shares& shares, std::uint64_t seed) { m_wanted = {shares, seed}; }
  bool ready() const { return m_split.train != nullptr && m_chosen == m_wanted; }
  const data::DataSplit& split() const { return m_split; }
  // The current one, or the one that is being loaded already; `then` runs when it is there, and not at all where it does not come.
  void load(std::function<void()> then);
  void useImages(const data::DataSplit& split);  // as the current one's, from memory
  // One that was loaded elsewhere with these shares and seed, and choose it.
  void use(const QString& key, const data::DataSplit& split, const data::Shares& shares, std::uint64_t seed);

 signals:
  void changed();                                         // sources, choice or images
  void noted(const QString& where, const QString& what);  // what the loading left out
  // What lies in a folder that was chosen are pictures without classes: it is no data, and the choice stays.
  void unlabeled(const QString& folder, const QStringList& pictures, const nn::Issue& why);

 private:
  struct Choice {
    data::Shares shares;
    std::uint64_t seed = train::Recipe{}.seed;
    bool operator==(const Choice&) const = default;
  };
  void loadKey(const QString& key);
  void add(const QString& key);

  Jobs& m_jobs;
  std::vector<DataSource> m_sources;
  QStringList m_known;  // folders of this and earlier starts, also those that do not answer
  QString m_currentKey;
  data::DataSplit m_split;
  Choice m_wanted, m_chosen;     // the latter of the split
  std::function<void()> m_then;  // waits for what is being loaded
};

}  // namespace ui
