// Data sets of formats that are neither pictures nor MNIST's own: tables, arrays, CIFAR's batches, IDX of other numbers, archives.
#include <array>
#include <bit>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include "data/StrokeDigits.h"
#include "io/ModelTools.h"
#include "io/datasets/Datasets.h"

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DataFormats : public ::testing::Test {
 protected:
  QString write(const QString& name, const QByteArray& bytes) {
    EXPECT_TRUE(QDir().mkpath(QFileInfo(m_folder.filePath(name)).path()));
    modeltest::writeAll(m_folder.filePath(name), bytes);
    return m_folder.filePath(name);
  }
  static std::vector<int> pixelsOf(const data::DataSplit& split, std::size_t image) {
    const auto pixels = split.train->whole->image(image);
    return {pixels.begin(), pixels.end()};
  }
  static data::DataSplit load(const QString& path) { return io::loadData(path, 1, {}, {0}); }
  // 49 numbers of an image whose first is `first`, the others zero.
  static QByteArray row(const QByteArray& first) { return first + QByteArray(",0").repeated(48); }
  QTemporaryDir m_folder;
};

TEST_F(DataFormats, ATableHasItsClassesFirstOrLast) {
  QByteArray first, last;
  for (const char* label : {"0", "1", "2"}) {
    first += QByteArray(label) + "," + row("7") + "\n";
    last += row("7") + "," + label + "\r\n";
  }
  for (const QByteArray& text : {first, last}) {
    const data::DataSplit split = load(write("t.csv", text));
    EXPECT_EQ(split.train->shape, (nn::Shape{1, 7, 7}));
    EXPECT_THAT(split.train->labels, ElementsAre(0, 1, 2));
    EXPECT_EQ(pixelsOf(split, 0)[0], 112) << "of 0 to 7, which is taken for 0 to 16";
    EXPECT_THAT(split.notes, Contains(HasSubstr("column")));
  }
}

TEST_F(DataFormats, AHeaderSaysWhichColumnHasTheClasses) {
  QByteArray header = "id";
  for (int i = 0; i < 49; ++i) header += ",pixel" + QByteArray::number(i);
  const QString path = write("t.csv", header + ",label\n1," + row("255") + ",dog\n2," + row("0") + ",cat\n3,broken\n");
  const data::DataSplit split = load(path);
  EXPECT_THAT(split.train->classNames, ElementsAre("cat", "dog"));
  EXPECT_THAT(split.train->labels, ElementsAre(1, 0));
  EXPECT_EQ(pixelsOf(split, 0)[0], 255);
  EXPECT_THAT(split.notes, Contains("1 row could not be read and was left out, the first in line 4"));
}

TEST_F(DataFormats, TablesForTrainingAndTestBelongTogether) {
  write("mnist_train.csv", "0," + row("255") + "\n1," + row("0") + "\n");
  write("mnist_test.csv", "1," + row("255") + "\n");
  const data::DataSplit split = load(m_folder.path());
  EXPECT_EQ(split.train->count(), 2u);
  EXPECT_EQ(split.test->count(), 1u);
  EXPECT_EQ(io::loadTestData(m_folder.path())->count(), 1u);
}

// Black and white are those of the training images, and a class keeps its number where the test shows only some of them.
TEST_F(DataFormats, TheTestIsReadInTheWayOfTheTraining) {
  write("a_train.csv", "cat," + row("1000") + "\ndog," + row("0") + "\neel," + row("4") + "\n");
  write("a_test.csv", "eel," + row("100") + "\ncat," + row("0") + "\n");
  const data::DataSplit split = load(m_folder.path());
  EXPECT_THAT(split.test->labels, ElementsAre(2, 0));
  EXPECT_EQ(split.test->classNames, split.train->classNames);
  EXPECT_EQ(split.test->image(0)[0], 25) << "100 of 1023";
  write("a_test.csv", "fox," + row("100") + "\n");
  EXPECT_THAT(modeltest::refusalText([&] { load(m_folder.path()); }), HasSubstr("a class that the training images do not have: fox"));
}

TEST_F(DataFormats, ATableWithoutClassesIsRefusedAsSuch) {
  EXPECT_THAT(modeltest::refusalText([&] { load(write("t.csv", row("255") + ",0,0,0\n")); }), HasSubstr("no square pictures"));
  QByteArray header = "pixel0";
  for (int i = 1; i < 64; ++i) header += ",pixel" + QByteArray::number(i);
  EXPECT_THAT(modeltest::refusalText([&] { load(write("t.csv", header + "\n9" + QByteArray(",0").repeated(63) + "\n")); }),
              HasSubstr("images without a class"));
}

// An array as NumPy writes it.
QByteArray npy(const QByteArray& type, const QByteArray& sizes, const QByteArray& values) {
  QByteArray header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
  header += QByteArray((64 - (10 + header.size() + 1) % 64) % 64, ' ') + '\n';
  return QByteArray("\x93NUMPY\x01\x00", 8) + char(header.size() & 255) + char(header.size() >> 8) + header + values;
}

QByteArray floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), qsizetype(values.size() * sizeof(float))};
}

TEST_F(DataFormats, ArraysOfBytesAndOfFloats) {
  write("x_train.npy", npy("|u1", "2, 5, 5", QByteArray(50, '\x07')));
  write("y_train.npy", npy("<i8", "2,", QByteArray("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16)));
  data::DataSplit split = load(m_folder.path());
  EXPECT_THAT(split.train->labels, ElementsAre(1, 0));
  EXPECT_EQ(split.train->shape, (nn::Shape{1, 5, 5}));
  std::vector<float> values(50, 0.0f);
  values[0] = 1;
  write("x_train.npy", npy("<f4", "2, 5, 5, 1", floats(values)));
  write("y_train.npy", npy("<f4", "2, 2", floats({0, 1, 1, 0})));
  split = load(m_folder.path());
  EXPECT_EQ(pixelsOf(split, 0)[0], 255);
  EXPECT_EQ(pixelsOf(split, 0)[1], 0);
  EXPECT_THAT(split.train->labels, ElementsAre(1, 0)) << "one number for each class";
  EXPECT_THAT(split.notes, Contains(HasSubstr("0 is taken for black, 1 for white")));
}

TEST_F(DataFormats, ChannelsMayLieBehindThePixels) {
  QByteArray colors;
  for (int i = 0; i < 16; ++i) colors += QByteArray("\x0a\x14\x1e", 3);
  write("images.npy", npy("|u1", "1, 4, 4, 3", colors));
  write("labels.npy", npy("|u1", "1,", QByteArray(1, '\0')));
  const data::DataSplit split = load(m_folder.path());
  EXPECT_EQ(split.train->shape, (nn::Shape{3, 4, 4}));
  EXPECT_EQ(pixelsOf(split, 0)[0], 10);
  EXPECT_EQ(pixelsOf(split, 0)[16], 20);
  EXPECT_EQ(pixelsOf(split, 0)[47], 30);
}

TEST_F(DataFormats, DamagedArraysAreRefused) {
  write("y.npy", npy("|u1", "1,", QByteArray(1, '\0')));
  const auto refusal = [&](const QByteArray& images) {
    write("x.npy", images);
    return modeltest::refusalText([&] { load(m_folder.path()); });
  };
  EXPECT_THAT(refusal(npy("|u1", "1, 5, 5", QByteArray(24, '\0'))), HasSubstr("cut off"));
  EXPECT_THAT(refusal(npy("|O", "1, 5, 5", QByteArray(25, '\0'))), HasSubstr("Python objects"));
  EXPECT_THAT(refusal(npy("|u1", "9999999999, 9999999999, 5", {})), HasSubstr("more data than can be held"));
  EXPECT_THAT(refusal(npy("|u1", "2, 5, 5", QByteArray(50, '\0'))), HasSubstr("2 images, but 1 labels"));
  EXPECT_THAT(refusal("no array"), HasSubstr("no array of NumPy"));
  EXPECT_THAT(refusal(npy("<f4", "1, 5, 5", floats(std::vector<float>(25, std::nanf(""))))), HasSubstr("no numbers"));
}

TEST_F(DataFormats, CifarIsReadAsItsAuthorsPublishIt) {
  write("data_batch_1.bin", QByteArray(1, '\3') + QByteArray(3072, '\1') + QByteArray(1, '\x09') + QByteArray(3072, '\2'));
  write("data_batch_2.bin", QByteArray(1, '\0') + QByteArray(3072, '\3'));
  write("test_batch.bin", QByteArray(1, '\x09') + QByteArray(3072, '\4'));
  const data::DataSplit split = load(m_folder.path());
  EXPECT_THAT(split.train->labels, ElementsAre(3, 9, 0));
  EXPECT_EQ(split.train->classNames[3], "cat");
  EXPECT_EQ(split.test->image(0)[0], 4);
  write("data_batch_2.bin", QByteArray(100, '\0'));
  EXPECT_THAT(modeltest::refusalText([&] { load(m_folder.path()); }), HasSubstr("not that of whole pictures"));
}

QByteArray big(std::uint32_t value) {
  return QByteArray{}.append(char(value >> 24)).append(char(value >> 16)).append(char(value >> 8)).append(char(value));
}

// As QMNIST has its labels, and as images of floats are kept.
TEST_F(DataFormats, IdxOfOtherNumbers) {
  QByteArray images = QByteArray("\0\0\x0d\3", 4) + big(2) + big(4) + big(4), labels = QByteArray("\0\0\x0c\2", 4) + big(2) + big(3);
  for (int i = 0; i < 32; ++i) images += big(std::bit_cast<std::uint32_t>(i == 16 ? 1.0f : 0.0f));
  for (const std::uint32_t value : {7u, 1u, 2u, 300u, 3u, 4u}) labels += big(value);
  write("train-images-idx3-float", images);
  write("train-labels-idx2-int", labels);
  const data::DataSplit split = load(m_folder.path());
  EXPECT_THAT(split.train->labels, ElementsAre(7, 300));
  EXPECT_EQ(split.train->classNames.size(), 301u);
  EXPECT_EQ(pixelsOf(split, 1)[0], 255);
  EXPECT_THAT(split.notes, Contains(HasSubstr("3 numbers for each image: the first is taken for its class")));
}

// Letters count from 1 and lie on their side.
TEST_F(DataFormats, EmnistIsTurnedUprightAndNamed) {
  data::Dataset set;
  set.shape = {1, 28, 28};
  for (int i = 0; i < 26; ++i) {
    set.labels.push_back(data::Label(i + 1));
    std::vector<std::uint8_t> image(784, 0);
    image[5] = 200;  // column 5 of row 0, which is row 5 of column 0
    set.pixels.insert(set.pixels.end(), image.begin(), image.end());
  }
  for (const char* name : {"emnist-letters-train", "train"}) {
    const QTemporaryDir folder;
    io::writeIdx(folder.filePath(QString(name) + "-images-idx3-ubyte"), folder.filePath(QString(name) + "-labels-idx1-ubyte"), set);
    const data::DataSplit split = load(folder.path());
    EXPECT_EQ(split.train->classNames.size(), 26u) << name;
    EXPECT_EQ(split.train->classNames.back(), "Z");
    EXPECT_EQ(split.train->labels[0], 0);
    EXPECT_EQ(pixelsOf(split, 0)[5 * 28], 200);
    EXPECT_THAT(split.notes, Contains(HasSubstr("turned upright")));
  }
}

TEST_F(DataFormats, ArchivesAreReadAsTheyWereDownloaded) {
  io::writeIdx(write("in/train-images-idx3-ubyte", ""), write("in/train-labels-idx1-ubyte", ""), *data::generateStrokeDigits(30, 1));
  QProcess tar;
  tar.start("tar", {"-czf", m_folder.filePath("digits.tar.gz"), "-C", m_folder.path(), "in"});
  ASSERT_TRUE(tar.waitForFinished()) << "tar is part of every system";
  const data::DataSplit split = load(m_folder.filePath("digits.tar.gz"));
  EXPECT_EQ(split.train->count(), 30u);
  EXPECT_EQ(split.train->name, "digits.tar.gz");
  EXPECT_THAT(modeltest::refusalText([&] { load(write("broken.zip", "PK\3\4 no archive")); }), HasSubstr("broken.zip"));
  EXPECT_EQ(io::loadData(m_folder.filePath("digits.tar.gz"), 1, [](double) { return false; }).train, nullptr);
}

}  // namespace
