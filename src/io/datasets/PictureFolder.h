// Folders of pictures as a data set: one folder for each class, named like it, with that class's pictures (PNG, JPEG and whatever else
// Qt reads, by their content where their names do not tell). Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <QStringList>

#include "data/Dataset.h"
#include "data/StrokeDigits.h"
#include "io/datasets/DataSearch.h"
#include "io/datasets/PictureStyle.h"
#include "nn/Error.h"

namespace io {

// None of a set's folders holds a picture that can be read.
class NoPictures : public nn::Error {
 public:
  using nn::Error::Error;
};

// There are pictures, and nothing says of which classes they are, or all are of one: they can be looked at, not trained on.
class NoClasses : public nn::Error {
 public:
  NoClasses(const nn::Issue& issue, QStringList pictures) : nn::Error(issue), m_pictures(std::move(pictures)) {}
  const QStringList& pictures() const { return m_pictures; }  // their paths

 private:
  QStringList m_pictures;
};

// What the pictures of all parts of a set have in common; decided by those it is trained on.
struct PictureReading {
  QStringList classes;
  PictureStyle style;
};
// Null when canceled. Throws NoPictures.
std::optional<PictureReading> readingOf(const DataPart& training, const data::Progress& progress = {});

// The pictures of a part, classes in the order of the reading, pictures in that of their names. What cannot be read, what lies deeper, or
// in the folder of a class that the set does not have, is left out and told of in the notes, as is a class without pictures that the part
// has a folder for. Null when canceled by `progress`.
std::shared_ptr<data::Dataset> readPictures(const DataPart& part, const PictureReading& reading, const data::Progress& progress = {});

// Throws NoClasses where pictures of only one class are there.
void requireTwoClasses(const data::Dataset& set, const DataPart& part);
// Of a folder in which no data set was found, where pictures lie in it, or in the folders that it holds.
std::optional<NoClasses> unlabeledPictures(const QString& folder);

}  // namespace io
