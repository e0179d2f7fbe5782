// A word for data: the name of a set or a path, and before it "inverted:" where black and white of its gray images are to be exchanged,
// which says that ink and paper were taken for each other. Several with "+" between them stand for sets that are read as one. Command line,
// sessions and the window know data by such words. Pure functions but for what lies on the disk.
#pragma once

#include <functional>

#include <QString>
#include <QStringList>

namespace io {

// Of one set.
struct DataWord {
  explicit DataWord(const QString& word);
  QString text() const;

  QString place;  // the name or the path
  bool inverted = false;
};

// Words joined by "+" stand for several sets: each of them. Of any other word, and of what is there by that name, itself.
QStringList joinedSources(const QString& word, const QString& folder = {});
bool isSourceThere(const QString& word);  // all of it
// With each path that is named in it as `path` gives it.
QString withPaths(const QString& word, const std::function<QString(const QString&)>& path, const QString& folder = {});
bool isInverted(const QString& word);       // the first of them
QString withInverted(const QString& word);  // the same data, all of it the other way round

}  // namespace io
