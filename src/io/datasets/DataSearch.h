// Where in a folder a data set lies, however it was unpacked: images with labels in one of the formats that are read, up to three folders
// down, and which of them are for training, validation and test by the words of their names. What was found elsewhere than a data set
// usually lies is told. Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QString>
#include <QStringList>

namespace io {

enum class DataFormat { Pictures, Idx, Arrays, Cifar, Table };
enum class DataRole { Any, Training, Validation, Test };

struct ClassFolder {
  QString name;
  QString folder;  // that holds the pictures: its own, or the only one inside
};

// A set, or a part of one, in one place.
struct DataPart {
  DataFormat format = DataFormat::Pictures;
  DataRole role = DataRole::Any;
  QString place;                     // the folder of the classes' folders, or the file of the images
  std::vector<ClassFolder> classes;  // of pictures: in the order in which people count
  QStringList files;                 // of Idx and Arrays: images, labels; of Cifar and Table: all of them, in order
  QStringList twins;                 // files of the same names, packed or in another place, which are not read
  QString family;                    // what the names of files that belong together have in common: "emnist-letters"
  int depth = 0;                     // folders down from where the search began
};

struct DataPlaces {
  std::optional<DataPart> training, validation, test;
  std::vector<std::string> notes;  // where they are, if that is not plain, and what else lies there
};

// What a part is for, by a name: "trainingSet", "MNIST - JPG - testing", "val", "t10k-images-idx3-ubyte".
DataRole roleOf(const QString& name);
// As people sort: 2 before 10, and capitals as small letters.
bool isBefore(const QString& a, const QString& b);
bool isPassedOver(const QString& name);  // what archives and systems leave beside the data
// By its ending: of a kind of picture that is read here, or only elsewhere.
bool isPictureName(const QString& name);
// The pictures of a folder itself, whatever they show, in the order in which people count. Throws where it cannot be read.
QStringList picturesIn(const QString& folder);

// Of a folder; of a file, that part alone and what belongs to it. Both parts are empty where there is no data set.
DataPlaces findData(const QString& path);

}  // namespace io
