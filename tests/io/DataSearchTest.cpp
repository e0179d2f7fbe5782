// Where a data set lies in what people unpack, and what each part is for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>

#include "data/StrokeDigits.h"
#include "io/ModelTools.h"
#include "io/datasets/DataSearch.h"
#include "io/datasets/Datasets.h"

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DataSearch : public ::testing::Test {
 protected:
  // A picture of one color, so that each is known again.
  void picture(const QString& name, int light = 0, int side = 4) {
    QImage image(side, side, QImage::Format_ARGB32);
    image.fill(QColor(light, 255 - light, 100));
    ASSERT_TRUE(QDir().mkpath(QFileInfo(path(name)).path()));
    ASSERT_TRUE(image.save(path(name), "PNG")) << name.toStdString();
  }
  // Pictures of two classes below a folder.
  void set(const QString& folder, int light = 0) {
    for (const char* name : {"cat/1.png", "dog/1.png"}) picture((folder.isEmpty() ? "" : folder + '/') + name, light);
  }
  void idx(const QString& images, const QString& labels, std::size_t count) {
    for (const QString& name : {images, labels}) ASSERT_TRUE(QDir().mkpath(QFileInfo(path(name)).path()));
    io::writeIdx(path(images), path(labels), *data::generateStrokeDigits(count, 1));
  }
  QString path(const QString& name = {}) const { return m_folder.filePath(name); }
  // "training/validation/test" by how many pictures each has.
  static std::string counts(const data::DataSplit& split) {
    return std::to_string(split.train->count()) + "/" + std::to_string(split.validation->count()) + "/" +
           std::to_string(split.test ? split.test->count() : 0);
  }
  data::DataSplit load(const QString& name = {}) { return io::loadData(path(name), 1, {}, {0}); }
  QTemporaryDir m_folder;
};

TEST_F(DataSearch, NamesSayWhatAPartIsFor) {
  for (const char* name : {"train", "Training", "trainingSet", "training_set", "MNIST - JPG - training", "trainset", "cats-train-2"})
    EXPECT_EQ(io::roleOf(name), io::DataRole::Training) << name;
  for (const char* name : {"test", "testing", "t10k-images-idx3-ubyte", "testSet", "Test_Images"})
    EXPECT_EQ(io::roleOf(name), io::DataRole::Test) << name;
  for (const char* name : {"val", "valid", "validation", "dev", "imagenet_val"})
    EXPECT_EQ(io::roleOf(name), io::DataRole::Validation) << name;
  for (const char* name : {"cat", "trains", "valley", "contest", "retraining", "0", "devil", "latest"})
    EXPECT_EQ(io::roleOf(name), io::DataRole::Any) << name;
}

TEST_F(DataSearch, ClassesAreInTheOrderInWhichPeopleCount) {
  for (const char* name : {"10", "9", "1", "2"}) picture(QString(name) + "/1.png");
  EXPECT_THAT(load().train->classNames, ElementsAre("1", "2", "9", "10"));
  EXPECT_TRUE(io::isBefore("a2", "a10") && io::isBefore("B", "c") && io::isBefore("01", "2") && !io::isBefore("x", "x"));
}

TEST_F(DataSearch, PartsAreFoundUnderTheirManyNames) {
  set("training");
  set("testing");
  set("validation");
  picture("validation/dog/2.png");
  const data::DataSplit split = load();
  EXPECT_EQ(counts(split), "2/3/2") << "the validation images are what was put there for it";
  EXPECT_THAT(split.notes, ElementsAre("Found training images: training; validation images: validation; test images: testing",
                                       HasSubstr("It is validated by the 3 images")));
  EXPECT_EQ(io::loadTestData(path())->count(), 2u);
}

TEST_F(DataSearch, WhatIsUsualNeedsNoWord) {
  set("train");
  set("test");
  EXPECT_THAT(load().notes, IsEmpty());
}

TEST_F(DataSearch, UpToThreeFoldersDown) {
  set("archive/Animals/trainingSet");
  set("archive/Animals/testSet");
  picture("archive/Animals/trainingSample/cat/1.png");
  picture("archive/Animals/trainingSample/dog/1.png");
  const data::DataSplit split = load();
  EXPECT_EQ(counts(split), "2/0/2");
  EXPECT_THAT(split.notes, Contains(HasSubstr("training images: archive/Animals/trainingSet; test images: archive/Animals/testSet")));
  EXPECT_THAT(split.notes, Contains(HasSubstr("1 other set lies there and was not read: archive/Animals/trainingSample")));
}

TEST_F(DataSearch, OnlyOnePartIsTakenForWhatIsAsked) {
  set("test");
  const data::DataSplit split = load();
  EXPECT_EQ(counts(split), "2/0/0");
  EXPECT_THAT(split.notes, Contains(HasSubstr("no training images by their names: those of test are taken")));
  set("only/train");
  const auto measured = io::loadTestData(path("only"));
  EXPECT_EQ(measured->count(), 2u);
  EXPECT_THAT(measured->notes, Contains(HasSubstr("no test images by their names")));
}

TEST_F(DataSearch, WhatSystemsLeaveIsPassedOver) {
  set("data");
  picture("__MACOSX/data/cat/1.png");
  picture("__MACOSX/data/dog/1.png");
  picture("data/.hidden/1.png");
  ASSERT_TRUE(QDir().mkpath(path("data/empty")));
  const data::DataSplit split = load();
  EXPECT_EQ(counts(split), "2/0/0");
  EXPECT_THAT(split.train->classNames, ElementsAre("cat", "dog"));
}

// A test folder of pictures without classes beside the classes' own.
TEST_F(DataSearch, PicturesWithoutClassAreNoClass) {
  set({});
  for (const char* name : {"test/a.png", "test/b.png"}) picture(name);
  const data::DataSplit split = load();
  EXPECT_THAT(split.train->classNames, ElementsAre("cat", "dog"));
  EXPECT_THAT(split.notes, Contains("2 pictures in test have no label, since no folder of a class holds them, and were left out"));
}

TEST_F(DataSearch, TrainsMayBeAClass) {
  for (const char* name : {"bus/1.png", "car/1.png", "train/1.png"}) picture(name);
  EXPECT_THAT(load().train->classNames, ElementsAre("bus", "car", "train"));
}

TEST_F(DataSearch, PicturesMayLieOneFolderFurtherDown) {
  for (const char* name : {"train/n01/images/1.png", "train/n02/images/1.png"}) picture(name);
  EXPECT_THAT(load().train->classNames, ElementsAre("n01", "n02"));
}

TEST_F(DataSearch, IdxFilesInFoldersOfTheirOwn) {
  idx("MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-labels-idx1-ubyte", 30);
  idx("MNIST/raw/t10k-images-idx3-ubyte.gz", "MNIST/raw/t10k-labels-idx1-ubyte.gz", 10);
  EXPECT_EQ(counts(load()), "30/0/10");
  // As an archive unpacks that holds a folder for each file.
  idx("k/train-images-idx3-ubyte/train-images-idx3-ubyte", "k/train-labels-idx1-ubyte/train-labels-idx1-ubyte", 20);
  EXPECT_EQ(counts(load("k")), "20/0/0");
  idx("k/train-images.idx3-ubyte", "k/train-labels.idx1-ubyte", 20);
  EXPECT_EQ(counts(load("k")), "20/0/0");
}

TEST_F(DataSearch, OneOfSeveralSetsIsReadByItsFile) {
  idx("emnist-digits-train-images-idx3-ubyte", "emnist-digits-train-labels-idx1-ubyte", 20);
  idx("emnist-mnist-train-images-idx3-ubyte", "emnist-mnist-train-labels-idx1-ubyte", 30);
  idx("emnist-mnist-test-images-idx3-ubyte", "emnist-mnist-test-labels-idx1-ubyte", 10);
  EXPECT_EQ(counts(load("emnist-mnist-train-images-idx3-ubyte")), "30/0/10");
  const data::DataSplit first = load();
  EXPECT_EQ(counts(first), "20/0/0") << "no test images of another set";
  EXPECT_THAT(first.notes, Contains(HasSubstr("2 other sets lie there and were not read")));
}

TEST_F(DataSearch, HalfAPairIsToldAsSuch) {
  idx("train-images-idx3-ubyte", "train-labels-idx1-ubyte", 20);
  ASSERT_TRUE(QFile::remove(path("train-labels-idx1-ubyte")));
  EXPECT_THAT(modeltest::refusalText([&] { load(); }), HasSubstr("There are no labels for these images"));
}

TEST_F(DataSearch, NothingIsToldWithWhatThereCouldBe) {
  EXPECT_THAT(modeltest::refusalText([&] { load(); }), HasSubstr("There is no data set that can be read"));
}

}  // namespace
