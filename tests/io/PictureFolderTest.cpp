// Folders of pictures as a data set.
#include <cstdio>
#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/ModelTools.h"
#include "io/datasets/Datasets.h"
#include "io/datasets/PictureFolder.h"

namespace {

using modeltest::refusalOf;

class PictureFolder : public ::testing::Test {
 protected:
  void save(const QString& name, QImage image) {
    const QString file = m_folder.filePath(name);
    ASSERT_TRUE(QDir().mkpath(QFileInfo(file).path()));
    ASSERT_TRUE(image.save(file)) << name.toStdString();
  }
  static QImage plain(int width, int height, QColor color) {
    QImage image(width, height, QImage::Format_ARGB32);
    image.fill(color);
    return image;
  }
  QString path() const { return m_folder.path(); }
  QTemporaryDir m_folder;
};

TEST_F(PictureFolder, ClassesArePlanesOfColor) {
  QImage corner = plain(3, 2, Qt::black);
  corner.setPixelColor(2, 1, QColor(10, 20, 30));
  save("train/b/2.png", corner);
  save("train/b/1.png", plain(3, 2, QColor(1, 2, 3)));
  save("train/a/x.bmp", plain(3, 2, QColor(200, 100, 50)));
  save("test/b/y.png", plain(3, 2, Qt::white));
  const data::DataSplit split = io::loadData(path(), 1, {}, {0});
  const auto train = split.train;
  EXPECT_EQ(train->shape, (nn::Shape{3, 2, 3}));
  EXPECT_EQ(train->classNames, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(train->labels, (std::vector<data::Label>{0, 1, 1}));
  const std::vector<std::uint8_t> wanted{0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0, 30};
  EXPECT_EQ(std::vector<std::uint8_t>(train->image(2).begin(), train->image(2).end()), wanted);
  // The test pictures are gray, the training pictures are not.
  EXPECT_EQ(split.test->shape, split.train->shape);
  EXPECT_EQ(split.test->labels, (std::vector<data::Label>{1}));
  EXPECT_EQ(io::loadTestData(path())->count(), 1u);
}

// The one way of a set suits most of its pictures; which it does not suit is told.
TEST_F(PictureFolder, PicturesUnlikeTheOthersAreTold) {
  const auto drawn = [](QColor paper, QColor ink) {
    QImage image = plain(20, 20, paper);
    for (int y = 5; y < 15; ++y) image.setPixelColor(10, y, ink);
    return image;
  };
  for (int i = 0; i < 30; ++i) save(QString("%1/%2.png").arg(i % 2 ? "a" : "b").arg(i), drawn(Qt::white, Qt::black));
  save("a/turned.png", drawn(Qt::black, Qt::white));
  save("b/colored.png", plain(20, 20, Qt::yellow));
  const data::DataSplit split = io::loadData(path(), 1, {}, {0});
  EXPECT_EQ(split.train->shape.channels, 1);
  std::string notes;
  for (const std::string& note : split.notes) notes += note + "\n";
  EXPECT_NE(notes.find("1 picture is in color, the others are gray: it was made gray: b/colored.png"), std::string::npos) << notes;
  EXPECT_NE(notes.find("ink and paper the other way round than the others, and stays so: a/turned.png"), std::string::npos) << notes;
}

TEST_F(PictureFolder, GrayPicturesAreOnePlaneAndTransparencyIsWhite) {
  QImage gray = plain(2, 2, QColor(40, 40, 40));
  gray.setPixelColor(0, 0, QColor(0, 0, 0, 0));
  gray.setPixelColor(1, 1, QColor(0, 0, 0, 128));
  save("one/a.png", gray);
  save("two/a.png", plain(2, 2, QColor(7, 7, 7)).convertToFormat(QImage::Format_Grayscale8));
  const data::DataSplit split = io::loadData(path());
  EXPECT_EQ(split.train->shape, (nn::Shape{1, 2, 2}));
  EXPECT_EQ(split.train->whole->pixels, (data::Pixels{255, 40, 40, 127, 7, 7, 7, 7}));
  EXPECT_EQ(split.test, nullptr);
}

// What is of no class of the training set costs itself.
TEST_F(PictureFolder, FoldersOfOtherClassesAreLeftOut) {
  save("train/b/1.png", plain(4, 4, Qt::blue));
  save("train/A/1.png", plain(4, 4, Qt::red));
  for (const char* name : {"test/z/1.png", "test/a/1.png", "test/B/1.png"}) save(name, plain(4, 4, Qt::red));
  const data::DataSplit split = io::loadData(path());
  EXPECT_EQ(split.test->labels, (std::vector<data::Label>{0, 1})) << "whatever their capitals";
  EXPECT_EQ(split.notes, (std::vector<std::string>{"1 folder is of a class that the training pictures do not have, and was left out: z"}));
}

std::string joined(const std::vector<std::string>& notes) {
  std::string all;
  for (const std::string& note : notes) all += note + "\n";
  return all;
}

// Lost links, broken pictures and names of other kinds cost themselves and a line.
TEST_F(PictureFolder, WhatCannotBeReadIsLeftOutAndToldOf) {
  for (int i = 0; i < 6; ++i) save(QString("train/a/%1.png").arg(i), plain(4, 4, Qt::red));
  save("train/b/1.png", plain(4, 4, Qt::blue));
  save("test/a/1.png", plain(4, 4, Qt::red));
  EXPECT_TRUE(io::loadData(path()).notes.empty());
  modeltest::writeAll(m_folder.filePath("train/a/broken.png"), "no picture");
  const QByteArray whole = modeltest::readAll(m_folder.filePath("train/b/1.png"));
  modeltest::writeAll(m_folder.filePath("train/b/half.png"), whole.left(whole.size() / 2));
  modeltest::writeAll(m_folder.filePath("train/b/notes.txt"), "words");
  ASSERT_TRUE(QFile::link("nowhere.png", m_folder.filePath("train/a/lost.png")));
  ASSERT_TRUE(QFile::link("circle", m_folder.filePath("train/circle")));
  modeltest::writeAll(m_folder.filePath("test/a/0.png"), "no picture");
  const data::DataSplit split = io::loadData(path());
  EXPECT_EQ(split.train->count() + split.validation->count(), 7u);
  EXPECT_EQ(split.train->classNames.size(), 2u);
  const std::string notes = joined(split.notes);
  EXPECT_NE(notes.find("2 pictures could not be read and were left out: a/broken.png ("), std::string::npos) << notes;
  EXPECT_NE(notes.find("b/half.png (The picture is cut off"), std::string::npos) << notes;
  EXPECT_NE(notes.find("2 links lead to nothing and were left out: circle, a/lost.png"), std::string::npos) << notes;
  EXPECT_NE(notes.find("1 file is no picture and was left out: b/notes.txt"), std::string::npos) << notes;
  EXPECT_NE(notes.find("1 picture could not be read and was left out: a/0.png"), std::string::npos) << notes;
  EXPECT_EQ(split.notes.size(), 4u);
  EXPECT_EQ(io::loadTestData(path())->notes.size(), 1u);
}

TEST_F(PictureFolder, ManyOfAKindAreCounted) {
  save("a/1.png", plain(4, 4, Qt::red));
  save("b/1.png", plain(4, 4, Qt::red));
  for (int i = 10; i < 15; ++i) modeltest::writeAll(m_folder.filePath(QString("a/%1.png").arg(i)), "no picture");
  const std::string notes = joined(io::loadData(path()).notes);
  EXPECT_NE(notes.find("5 pictures could not"), std::string::npos) << notes;
  EXPECT_NE(notes.find(") and 2 more"), std::string::npos) << notes;
  EXPECT_EQ(notes.find("a/13.png"), std::string::npos) << notes;
}

TEST_F(PictureFolder, WhereNothingCanBeReadTheReasonIsGiven) {
  QDir().mkpath(m_folder.filePath("train/a"));
  modeltest::writeAll(m_folder.filePath("train/a/broken.png"), "no picture");
  const nn::Issue issue = refusalOf([&] { io::loadData(path()); });
  EXPECT_NE(issue.what.find("a/broken.png"), std::string::npos) << issue.what;
  ASSERT_TRUE(QDir(m_folder.filePath("train")).removeRecursively());
  ASSERT_TRUE(QFile::link("nowhere", m_folder.filePath("train")));
  EXPECT_NE(refusalOf([&] { io::loadData(path()); }).what.find("leads to nothing"), std::string::npos);
}

// What lies where nothing is looked for is told of, once for each kind.
TEST_F(PictureFolder, WhatLiesElsewhereIsLeftOutAndToldOf) {
  for (const char* name : {"train/a/1.png", "train/a/deep/2.png", "train/a/deep/3.png", "train/b/1.png", "train/b/other/1.png"})
    save(name, plain(4, 4, Qt::red));
  for (const char* name : {"train/loose.png", "train/loose2.png", "top.png", "validation/a/1.png", "test/a/1.png", "test/x.png"})
    save(name, plain(4, 4, Qt::red));
  ASSERT_TRUE(QDir(path()).mkpath("train/empty"));
  modeltest::writeAll(m_folder.filePath("train/README.txt"), "no data, and not worth a word");
  modeltest::writeAll(m_folder.filePath("train-images-idx3-ubyte"), "another set");
  const data::DataSplit split = io::loadData(path());
  EXPECT_EQ(split.train->count(), 2u);
  EXPECT_EQ(split.validation->count(), 1u);
  EXPECT_EQ(split.train->classNames, (std::vector<std::string>{"a", "b"})) << "an empty folder is no class";
  const std::vector<std::string> wanted{
      "2 folders inside those of the classes were not looked into: a/deep, b/other",
      "2 pictures lie beside the folders of the classes and were left out: loose.png, loose2.png",
      "1 folder without pictures was passed over: empty",
      "1 picture lies beside the folders of the classes and was left out: x.png",
      "1 other set lies there and was not read: train-images-idx3-ubyte; give its own folder or file to read another",
      "1 picture beside its folders has no label, since no folder of a class holds it, and was left out",
      "It is validated by the 1 image that is there for it, and none of the others are held out"};
  EXPECT_EQ(split.notes, wanted) << joined(split.notes);
  EXPECT_EQ(io::loadTestData(path())->notes.size(), 1u);
}

TEST_F(PictureFolder, AClassOfWhichNoPictureCanBeReadIsNamed) {
  for (const char* name : {"a/1.png", "b/1.png", "c/1.png"}) save(name, plain(4, 4, Qt::red));
  modeltest::writeAll(m_folder.filePath("b/1.png"), "no picture");
  EXPECT_NE(joined(io::loadData(path()).notes).find("1 class has no pictures: b"), std::string::npos);
}

// A training can do without a test set, and a test cannot.
TEST_F(PictureFolder, AnEmptyTestFolderCostsTheTestAlone) {
  for (const char* name : {"train/a/1.png", "train/b/1.png"}) save(name, plain(4, 4, Qt::red));
  for (const QString folder : {"test", "test/a"}) {
    ASSERT_TRUE(QDir(path()).mkpath(folder));
    const data::DataSplit split = io::loadData(path());
    ASSERT_NE(split.train, nullptr);
    EXPECT_EQ(split.train->count() + split.validation->count(), 2u);
    EXPECT_EQ(split.test, nullptr);
    ASSERT_EQ(split.notes.size(), 1u) << joined(split.notes);
    EXPECT_NE(split.notes.front().find("There is a folder test, but no images"), std::string::npos) << split.notes.front();
    EXPECT_NE(joined(io::loadTestData(path())->notes).find("There are no test images by their names"), std::string::npos);
  }
  modeltest::writeAll(m_folder.filePath("test/a/broken.png"), "no picture");
  EXPECT_NE(joined(io::loadData(path()).notes).find("a/broken.png"), std::string::npos) << "why there are none";
}

// Somebody whom permissions bind, root or not.
class OrdinaryUser {
 public:
  OrdinaryUser() : m_before(geteuid()) { m_bound = m_before != 0 || seteuid(65534) == 0; }
  ~OrdinaryUser() { EXPECT_EQ(seteuid(m_before), 0); }
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;
  bool bound() const { return m_bound; }

 private:
  uid_t m_before;
  bool m_bound;
};

// There may be something, which is not "no such file".
TEST_F(PictureFolder, WhatLiesBehindAClosedDoorIsNotToldAsMissing) {
  save("a/1.png", plain(4, 4, Qt::red));
  const QString closed = m_folder.filePath("a");
  const auto permissions = QFile::permissions(closed);
  ASSERT_TRUE(QFile::setPermissions(closed, QFile::Permissions()));
  {
    const OrdinaryUser user;
    if (user.bound()) {
      EXPECT_EQ(refusalOf([&] { io::loadOnnx(m_folder.filePath("a/m.onnx")); }).what,
                "it cannot be opened: a folder on the way to it may not be entered");
      EXPECT_EQ(refusalOf([&] { io::loadData(m_folder.filePath("a/data")); }).what,
                "This folder cannot be read: a folder on the way to it may not be entered");
      EXPECT_EQ(refusalOf([&] { io::requireWritable(m_folder.filePath("a/b/m.onnx")); }).what,
                "it cannot be written: a folder on the way to it may not be entered");
    }
  }
  QFile::setPermissions(closed, permissions);
  const QString tooLong = m_folder.filePath(QString(300, 'x') + ".onnx");
  EXPECT_EQ(refusalOf([&] { io::loadOnnx(tooLong); }).what, "it cannot be opened: the name is too long");
  EXPECT_EQ(refusalOf([&] { io::loadData(tooLong); }).what, "This folder cannot be read: the name is too long");
  const nn::Issue written = refusalOf([&] { io::requireWritable(tooLong); });
  EXPECT_EQ(written.what, "it cannot be written: the name is too long");
  EXPECT_EQ(written.hint, "Choose a shorter name");
}

TEST_F(PictureFolder, ClosedFoldersAndPicturesCostThemselves) {
  for (const char* name : {"train/a/1.png", "train/a/2.png", "train/b/1.png", "train/c/1.png", "train/d/1.png", "test/a/1.png"})
    save(name, plain(4, 4, Qt::red));
  const auto permit = [&](const char* name, int mode) {
    ASSERT_EQ(chmod(QFile::encodeName(m_folder.filePath(name)).constData(), mode_t(mode)), 0);
  };
  permit(".", 0755);
  permit("train/b", 0);
  permit("train/a/2.png", 0);
  data::DataSplit split, blind;
  std::string refusal;
  bool bound = false;
  {
    const OrdinaryUser user;
    bound = user.bound();
    if (bound) split = io::loadData(path());
  }
  permit("test", 0);
  permit("train/a", 0);
  {
    const OrdinaryUser user;
    if (bound) blind = io::loadData(path());
  }
  permit("train/c", 0);
  permit("train/d", 0);
  {
    const OrdinaryUser user;
    if (bound) refusal = refusalOf([&] { io::loadData(path()); }).what;
  }
  for (const char* name : {"train/a", "train/b", "train/c", "train/d", "test"}) permit(name, 0755);
  if (!bound) GTEST_SKIP() << "this user may read everything and cannot become another";
  EXPECT_EQ(split.train->count(), 3u);
  EXPECT_EQ(split.train->classNames, (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(split.train->labels, (std::vector<data::Label>{0, 2, 3}));
  std::string notes = joined(split.notes);
  EXPECT_NE(notes.find("1 folder could not be read and was left out: b ("), std::string::npos) << notes;
  EXPECT_NE(notes.find("1 picture could not be read and was left out: a/2.png ("), std::string::npos) << notes;
  EXPECT_EQ(blind.test, nullptr);
  notes = joined(blind.notes);
  EXPECT_NE(notes.find("2 folders could not"), std::string::npos) << notes;
  EXPECT_NE(notes.find("The images of test were left out, since that folder cannot be read"), std::string::npos) << notes;
  EXPECT_NE(refusal.find("4 folders could not be read"), std::string::npos) << refusal;
}

TEST_F(PictureFolder, NamesThatAreNotUtf8AreRead) {
  save("a/1.png", plain(4, 4, Qt::red));
  save("b/1.png", plain(4, 4, Qt::blue));
  const std::string root = QFile::encodeName(path()).toStdString();
  if (std::rename((root + "/b/1.png").c_str(), (root + "/b/\xff.png").c_str()) != 0) GTEST_SKIP() << "this file system knows no such names";
  ASSERT_EQ(std::rename((root + "/b").c_str(), (root + "/b\xe9").c_str()), 0);
  const data::DataSplit split = io::loadData(path());
  EXPECT_EQ(split.train->labels, (std::vector<data::Label>{0, 1}));
  EXPECT_EQ(split.train->classNames, (std::vector<std::string>{"a", "b\\xe9"}));
  EXPECT_TRUE(split.notes.empty());
  EXPECT_EQ(io::loadData(io::pathOfBytes(root)).train->count(), 2u);
  std::filesystem::remove_all(root + "/b\xe9");
}

// Nobody writes into the pipes: whoever opens one waits for ever.
TEST_F(PictureFolder, PipesAreNotWaitedFor) {
  for (const char* name : {"a", "b"}) save(QString("%1/1.png").arg(name), plain(4, 4, *name == 'a' ? Qt::red : Qt::blue));
  ASSERT_EQ(::mkfifo(QFile::encodeName(m_folder.filePath("a/2.png")), 0600), 0);
  const data::DataSplit split = io::loadData(path());
  EXPECT_EQ(split.train->count(), 2u);
  EXPECT_NE(joined(split.notes).find("left out: a/2.png (a pipe or a device"), std::string::npos) << joined(split.notes);
  const QTemporaryDir idx;
  for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"})
    ASSERT_EQ(::mkfifo(QFile::encodeName(idx.filePath(name)), 0600), 0);
  EXPECT_NE(refusalOf([&] { io::loadData(idx.path()); }).what.find("a pipe or a device"), std::string::npos);
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

TEST_F(PictureFolder, LoadingCanBeCanceled) {
  save("a/1.png", plain(4, 4, Qt::red));
  save("b/1.png", plain(4, 4, Qt::blue));
  EXPECT_EQ(io::loadData(path(), 1, [](double) { return false; }).train, nullptr);
}

// What is thrown for a folder; nothing where it is a data set.
std::optional<io::NoClasses> noClassesOf(const QString& folder) {
  try {
    io::loadData(folder);
  } catch (const io::NoClasses& error) {
    return error;
  } catch (const nn::Error&) {
  }
  return std::nullopt;
}

TEST_F(PictureFolder, PicturesWithoutClassesAreNamedAsSuch) {
  for (const char* name : {"10.png", "2.png", "notes/readme.png"}) save(name, plain(3, 2, Qt::red));
  QFile::remove(m_folder.filePath("notes/readme.png"));
  auto found = noClassesOf(path());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pictures(), (QStringList{m_folder.filePath("2.png"), m_folder.filePath("10.png")})) << "as people count";
  EXPECT_NE(found->issue().what.find("2 pictures lie there, in no folders of classes"), std::string::npos) << found->issue().what;
  EXPECT_NE(found->issue().hint.find("One folder for each class"), std::string::npos);
  // Of one class alone, those of that class.
  save("cats/1.png", plain(3, 2, Qt::red));
  found = noClassesOf(path());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pictures(), (QStringList{m_folder.filePath("cats/1.png")}));
  EXPECT_NE(found->issue().what.find("one class leaves nothing to tell apart"), std::string::npos);
  save("dogs/1.png", plain(3, 2, Qt::blue));
  EXPECT_FALSE(noClassesOf(path())) << "it is a data set";
}

TEST_F(PictureFolder, PicturesOfATestWithoutClassesAreFound) {
  save("test/1.png", plain(3, 2, Qt::red));
  const auto found = noClassesOf(path());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pictures(), (QStringList{m_folder.filePath("test/1.png")}));
  ASSERT_TRUE(QFile::remove(m_folder.filePath("test/1.png")));
  EXPECT_FALSE(noClassesOf(path())) << "there is nothing to look at";
}

}  // namespace
