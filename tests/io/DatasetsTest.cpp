// Data sets as files that describe them: those that are shipped, one that only this program has, and broken ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QDir>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "data/StrokeDigits.h"
#include "io/ModelTools.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"

namespace {

using modeltest::refusalText;
using ::testing::HasSubstr;

// With a folder of its own for downloads.
class Datasets : public ::testing::Test {
 protected:
  void SetUp() override { qputenv("XDG_DATA_HOME", m_home.path().toUtf8()); }
  void TearDown() override { m_before.isNull() ? qunsetenv("XDG_DATA_HOME") : qputenv("XDG_DATA_HOME", m_before); }

  static void writeDigits(const QString& folder) {
    ASSERT_TRUE(QDir().mkpath(folder));
    const QDir in(folder);
    io::writeIdx(in.filePath("train-images-idx3-ubyte.gz"), in.filePath("train-labels-idx1-ubyte.gz"), *data::generateStrokeDigits(40, 1));
    io::writeIdx(in.filePath("t10k-images-idx3-ubyte.gz"), in.filePath("t10k-labels-idx1-ubyte.gz"), *data::generateStrokeDigits(20, 2));
  }

  QTemporaryDir m_home;
  QByteArray m_before = qEnvironmentVariableIsSet("XDG_DATA_HOME") ? qgetenv("XDG_DATA_HOME") : QByteArray();
};

TEST_F(Datasets, EveryOneSaysWhatPeopleAreShown) {
  int folders = 0;
  for (const io::DatasetInfo& set : io::datasets()) {
    const std::string id = set.id.toStdString();
    EXPECT_FALSE(set.title.isEmpty()) << id;
    EXPECT_TRUE(set.help.endsWith('.')) << id;
    folders += set.asksForFolder() ? 1 : 0;
    if (!set.asksForFolder()) {
      EXPECT_TRUE(set.shape.has_value()) << id;
      EXPECT_GE(set.classes.size(), 2u) << id;
    }
    for (const io::DownloadFile& file : set.files) EXPECT_EQ(file.md5.size(), 32) << id;
  }
  EXPECT_EQ(folders, 1) << "a path without a name is read as one kind of set";
  EXPECT_EQ(io::datasets().front().id, "strokes") << "what the window begins with needs nothing";
}

TEST_F(Datasets, OneFileAddsOne) {
  ASSERT_NE(io::findDataset("few-digits"), nullptr);
  EXPECT_TRUE(io::namesDataset("few-digits"));
  const data::DataSplit split = io::loadData("few-digits", 3);
  EXPECT_EQ(split.train->count() + split.validation->count(), 200u);
  EXPECT_EQ(split.test->count(), 40u);
  EXPECT_EQ(io::loadTestData("few-digits", 3)->pixels, split.test->pixels);
  EXPECT_THAT(refusalText([] { io::loadData("fewer-digits"); }), HasSubstr("few-digits")) << "the hint names it";
}

TEST_F(Datasets, ADownloadIsFoundByItsName) {
  const io::DatasetInfo& mnist = *io::findDataset("mnist");
  EXPECT_THAT(refusalText([] { io::loadData("mnist"); }), HasSubstr("MNIST is not on this machine yet"));
  writeDigits(io::datasetFolder(mnist));
  EXPECT_TRUE(io::isThere(mnist));
  const data::DataSplit split = io::loadData("mnist");
  EXPECT_EQ(split.train->count() + split.validation->count(), 40u);
  EXPECT_EQ(split.train->name, "MNIST");
  EXPECT_EQ(split.train->classNames, mnist.classes);
  EXPECT_EQ(io::loadTestData("mnist")->count(), 20u);
}

TEST_F(Datasets, AFolderOfANameIsThatFolderUnlessTheSetIsThere) {
  const QString before = QDir::currentPath();
  QTemporaryDir here;
  ASSERT_TRUE(QDir::setCurrent(here.path()) && QDir().mkdir("strokes"));
  writeDigits(here.filePath("mnist"));
  EXPECT_TRUE(io::namesDataset("strokes"));
  EXPECT_FALSE(io::namesDataset("mnist"));
  EXPECT_FALSE(io::namesDataset("mnist", here.path()));
  EXPECT_TRUE(io::namesDataset("mnist", m_home.path())) << "there is no such folder there";
  EXPECT_EQ(io::loadTestData("mnist")->count(), 20u);
  EXPECT_FALSE(io::namesDataset("folder")) << "that of any folder has no name";
  QDir::setCurrent(before);
}

TEST_F(Datasets, BrokenDescriptionsAreRefused) {
  const auto refusal = [](const char* json) { return refusalText([json] { io::readDatasetJson(json, "x"); }); };
  EXPECT_THAT(refusal("{"), HasSubstr("x.json"));
  EXPECT_THAT(refusal(R"({"title": "X", "help": "X."})"), HasSubstr("'loader' must be a text"));
  EXPECT_THAT(refusal(R"({"title": "X", "help": "X.", "loader": "tape"})"), HasSubstr("there is no loader 'tape'"));
  EXPECT_THAT(refusal(R"({"title": "X", "help": "X.", "loader": "folder", "colour": 3})"), HasSubstr("unknown key 'colour'"));
  EXPECT_THAT(refusal(R"({"title": "X", "help": "X.", "loader": "folder", "shape": [1, 28]})"), HasSubstr("channels, height and width"));
  EXPECT_THAT(refusal(R"({"title": "X", "help": "X.", "loader": "stroke-digits"})"), HasSubstr("how many images are made"));
  EXPECT_THAT(refusal(R"({"title": "X", "help": "X.", "loader": "folder", "download": {"from": "https://a.b", "files": [{"name": "a"}]}})"),
              HasSubstr("'md5' must be a text"));
}

TEST_F(Datasets, WhatIsReadMustBeWhatIsDescribed) {
  const QString folder = io::datasetFolder(*io::findDataset("mnist"));
  writeDigits(folder);
  data::Dataset small;
  small.shape = {1, 2, 2};
  small.pixels.resize(40);
  small.labels = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
  for (const char* part : {"train", "t10k"})
    io::writeIdx(QDir(folder).filePath(QString(part) + "-images-idx3-ubyte.gz"),
                 QDir(folder).filePath(QString(part) + "-labels-idx1-ubyte.gz"), small);
  EXPECT_THAT(refusalText([] { io::loadData("mnist"); }), HasSubstr("its images are 2 × 2, those of MNIST are 28 × 28"));
}

}  // namespace
