#include "io/datasets/DataWord.h"

#include <algorithm>

#include "io/FileNames.h"
#include "io/datasets/Datasets.h"

namespace io {

namespace {

const QString kInverted = QStringLiteral("inverted:");

bool isOneThere(const QString& word, const QString& folder) {
  const QString place = DataWord(word).place;
  return namesDataset(place, folder) || pathExists(folder.isEmpty() ? place : pathIn(folder, place));
}

}  // namespace

DataWord::DataWord(const QString& word) : place(word), inverted(word.startsWith(kInverted) && !pathExists(word)) {
  if (inverted) place = word.mid(kInverted.size());
}

QString DataWord::text() const {
  return inverted ? kInverted + place : place;
}

QStringList joinedSources(const QString& word, const QString& folder) {
  if (isOneThere(word, folder)) return {word};
  const QStringList words = word.split(u'+');
  const bool some = std::any_of(words.begin(), words.end(), [&](const QString& one) { return !one.isEmpty() && isOneThere(one, folder); });
  return some && !words.contains(QString()) ? words : QStringList{word};
}

bool isSourceThere(const QString& word) {
  const QStringList sources = joinedSources(word);
  return std::all_of(sources.begin(), sources.end(), [](const QString& source) { return isOneThere(source, {}); });
}

QString withPaths(const QString& word, const std::function<QString(const QString&)>& path, const QString& folder) {
  QStringList sources = joinedSources(word, folder);
  for (QString& source : sources) {
    DataWord one(source);
    if (!one.place.isEmpty() && !namesDataset(one.place, folder)) one.place = path(one.place);
    source = one.text();
  }
  return sources.join(u'+');
}

bool isInverted(const QString& word) {
  return DataWord(joinedSources(word).front()).inverted;
}

QString withInverted(const QString& word) {
  QStringList sources = joinedSources(word);
  for (QString& source : sources) {
    DataWord one(source);
    one.inverted = !one.inverted;
    source = one.text();
  }
  return sources.join(u'+');
}

}  // namespace io
