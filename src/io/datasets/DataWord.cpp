#include "io/datasets/DataWord.h"

#include "io/FileNames.h"
#include "io/datasets/Datasets.h"

namespace io {

namespace {
const QString kInverted = QStringLiteral("inverted:");
}  // namespace

DataWord::DataWord(const QString& word) : place(word), inverted(word.startsWith(kInverted) && !pathExists(word)) {
  if (inverted) place = word.mid(kInverted.size());
}

QString DataWord::text() const {
  return inverted ? kInverted + place : place;
}

DataWord DataWord::turned() const {
  DataWord other = *this;
  other.inverted = !inverted;
  return other;
}

QString withPath(const QString& word, const std::function<QString(const QString&)>& change, const QString& folder) {
  DataWord data(word);
  if (!data.place.isEmpty() && !namesDataset(data.place, folder)) data.place = change(data.place);
  return data.text();
}

QString absoluteData(const QString& word) {
  return withPath(word, absolutePath);
}

bool isDataThere(const QString& word) {
  const DataWord data(word);
  return namesDataset(data.place) || pathExists(data.place);
}

}  // namespace io
