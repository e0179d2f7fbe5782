// A word for data: the name of a set or a path, and before it "inverted:" where black and white of its gray images are to be exchanged,
// which says that ink and paper were taken for each other. Command line, sessions, recipes and the window know data by such words. Pure
// functions.
#pragma once

#include <functional>

#include <QString>

namespace io {

struct DataWord {
  explicit DataWord(const QString& word);
  QString text() const;
  DataWord turned() const;  // the same data, the other way round

  QString place;  // the name or the path
  bool inverted = false;
};

// The same word with its path changed by `change`; a name stays.
QString withPath(const QString& word, const std::function<QString(const QString&)>& change, const QString& folder = {});
QString absoluteData(const QString& word);
bool isDataThere(const QString& word);  // a set that is known, or a path that exists

}  // namespace io
