// A folder of pictures as a data set: one folder for each class, named like it, with that class's pictures (PNG, JPEG and whatever else
// Qt reads). Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <memory>

#include <QString>

#include "data/Dataset.h"
#include "data/StrokeDigits.h"
#include "nn/Error.h"

namespace io {

// Whether a folder holds folders of pictures, under train/ or by itself.
bool isPictureFolder(const QString& folder);

// None of a set's folders holds a picture that can be read.
class NoPictures : public nn::Error {
 public:
  using nn::Error::Error;
};

// FOLDER/train/CLASS/*.png and, where present, FOLDER/test/CLASS/*.png; or FOLDER/CLASS/*.png, then without a test set. Classes are in
// the order of their names, pictures too. All pictures have one size, and at least two classes have pictures. What cannot be read, what
// lies deeper, beside the folders of the classes or beside train and test is left out and told of in the set's notes, as is a class
// without pictures. Gray where all of them are, else RGB; transparency is white. Null when canceled by `progress`.
std::shared_ptr<const data::Dataset> readTrainingPictures(const QString& folder, const data::Progress& progress = {});
// With the classes of the training set; throws NoPictures where its folder holds none; null where there is no test set or when canceled.
// `keepColor`: RGB even if all are gray.
std::shared_ptr<const data::Dataset> readTestPictures(const QString& folder, bool keepColor, const data::Progress& progress = {});

}  // namespace io
