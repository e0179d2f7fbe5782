// Folders of pictures as a data set.
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>

#include "io/DataFiles.h"
#include "io/ModelTools.h"
#include "io/PictureFolder.h"

namespace {

using modeltest::refusalOf;

class PictureFolder : public ::testing::Test {
 protected:
  void save(const QString& name, QImage image) {
    const QString file = m_folder.filePath(name);
    ASSERT_TRUE(QDir().mkpath(QFileInfo(file).path()));
    ASSERT_TRUE(image.save(file)) << name.toStdString();
  }
  static QImage plain(int width, int height, QColor colour) {
    QImage image(width, height, QImage::Format_ARGB32);
    image.fill(colour);
    return image;
  }
  QString path() const { return m_folder.path(); }
  QTemporaryDir m_folder;
};

TEST_F(PictureFolder, ClassesArePlanesOfColour) {
  QImage corner = plain(3, 2, Qt::black);
  corner.setPixelColor(2, 1, QColor(10, 20, 30));
  save("train/b/2.png", corner);
  save("train/b/1.png", plain(3, 2, QColor(1, 2, 3)));
  save("train/a/x.bmp", plain(3, 2, QColor(200, 100, 50)));
  save("test/b/y.png", plain(3, 2, Qt::white));
  ASSERT_TRUE(io::isPictureFolder(path()));
  const auto train = io::readTrainingPictures(path());
  EXPECT_EQ(train->shape, (nn::Shape{3, 2, 3}));
  EXPECT_EQ(train->classNames, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(train->labels, (std::vector<std::uint8_t>{0, 1, 1}));
  const std::vector<std::uint8_t> wanted{0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0, 30};
  EXPECT_EQ(std::vector<std::uint8_t>(train->image(2).begin(), train->image(2).end()), wanted);
  // The test pictures are grey, the training pictures are not.
  const data::DataSplit split = io::loadData(path());
  EXPECT_EQ(split.test->shape, split.train->shape);
  EXPECT_EQ(split.test->labels, (std::vector<std::uint8_t>{1}));
  EXPECT_EQ(io::loadTestData(path())->count(), 1u);
}

TEST_F(PictureFolder, GreyPicturesAreOnePlaneAndTransparencyIsWhite) {
  QImage grey = plain(2, 2, QColor(40, 40, 40));
  grey.setPixelColor(0, 0, QColor(0, 0, 0, 0));
  grey.setPixelColor(1, 1, QColor(0, 0, 0, 128));
  save("one/a.png", grey);
  save("two/a.png", plain(2, 2, QColor(7, 7, 7)).convertToFormat(QImage::Format_Grayscale8));
  const data::DataSplit split = io::loadData(path());
  EXPECT_EQ(split.train->shape, (nn::Shape{1, 2, 2}));
  EXPECT_EQ(split.train->pixels, (std::vector<std::uint8_t>{255, 40, 40, 127, 7, 7, 7, 7}));
  EXPECT_EQ(split.test, nullptr);
}

TEST_F(PictureFolder, WhatIsWrongIsNamed) {
  EXPECT_FALSE(io::isPictureFolder(path()));
  save("train/b/1.png", plain(4, 4, Qt::blue));
  save("train/a/1.png", plain(4, 4, Qt::red));
  save("train/a/2.png", plain(4, 5, Qt::red));
  nn::Issue issue = refusalOf([&] { io::loadData(path()); });
  EXPECT_NE(issue.what.find("4x5"), std::string::npos) << issue.what;
  EXPECT_NE(issue.where.find("2.png"), std::string::npos) << issue.where;
  ASSERT_TRUE(QFile::remove(m_folder.filePath("train/a/2.png")));
  EXPECT_NE(refusalOf([&] { io::loadTestData(path()); }).what.find("no test pictures"), std::string::npos);
  save("test/z/1.png", plain(4, 4, Qt::red));
  issue = refusalOf([&] { io::loadData(path()); });
  EXPECT_NE(issue.where.find("/z"), std::string::npos) << issue.where;
  modeltest::writeAll(m_folder.filePath("train/a/broken.png"), "no picture");
  EXPECT_NE(refusalOf([&] { io::loadData(path()); }).where.find("broken.png"), std::string::npos);
}

TEST_F(PictureFolder, OneClassLeavesNothingToTellApart) {
  save("train/only/1.png", plain(4, 4, Qt::red));
  const nn::Issue issue = refusalOf([&] { io::loadData(path()); });
  EXPECT_NE(issue.what.find("only"), std::string::npos) << issue.what;
  EXPECT_NE(issue.where.find("train"), std::string::npos) << issue.where;
  ASSERT_TRUE(QDir(path()).mkpath("train/empty"));
  EXPECT_NE(refusalOf([&] { io::loadData(path()); }).what.find("only"), std::string::npos) << "a class without pictures is none";
  save("train/empty/1.png", plain(4, 4, Qt::blue));
  EXPECT_EQ(io::loadData(path()).train->classNames.size(), 2u);
}

TEST_F(PictureFolder, LoadingCanBeCancelled) {
  save("a/1.png", plain(4, 4, Qt::red));
  save("b/1.png", plain(4, 4, Qt::blue));
  EXPECT_EQ(io::loadData(path(), 1, [](double) { return false; }).train, nullptr);
}

}  // namespace
