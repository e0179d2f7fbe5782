// Several data sets that are trained and measured on as one.
#include <gtest/gtest.h>

#include "cli/CommandRun.h"
#include "io/datasets/Datasets.h"

namespace {

using clitest::run;

class JoinedData : public ::testing::Test {
 protected:
  QString path(const QString& name) const { return m_folder.filePath(name); }
  QString digits(const QString& name, int count) const {
    for (const QStringList& part : {QStringList{}, QStringList{"--test"}})
      EXPECT_EQ(run(QStringList{"generate", "--count", QString::number(count), "--out", path(name)} + part).status, 0);
    return path(name);
  }

 private:
  QTemporaryDir m_folder;
};

TEST_F(JoinedData, IsTrainedOnResumedAndRepeated) {
  const QString both = digits("a", 60) + "+" + digits("b", 40), out = path("m.onnx"), kept = path("c.convscope"), recipe = path("r.json");
  const clitest::Outcome trained =
      run({"train", "tiny", "--data", both, "--epochs", "1", "--out", out, "--checkpoint", kept, "--recipe", recipe});
  ASSERT_EQ(trained.status, 0) << trained.err;
  const data::DataSplit split = io::loadData(both);
  EXPECT_EQ(split.train->count() + split.validation->count(), 100u);
  EXPECT_EQ(split.test->count(), 100u);
  EXPECT_EQ(run({"evaluate", out, "--data", both, "--json"}).json()["count"].toInt(), 100);
  const clitest::Outcome resumed = run({"train", "--resume", kept, "--epochs", "2"});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  const clitest::Outcome repeated = run({"train", "--recipe", recipe});
  EXPECT_EQ(repeated.status, 0) << repeated.err;
}

TEST_F(JoinedData, WhatDoesNotFitTogetherIsRefused) {
  const auto refused = [](const QString& data) { return run({"evaluate", "harley", "--data", data}).err; };
  data::Dataset small;
  small.shape = {1, 14, 14};
  small.labels = {0, 1};
  small.pixels.resize(2 * small.shape.size(), 100);
  const QString folder = digits("a", 20), images = folder + "/t10k-images-idx3-ubyte", labels = folder + "/t10k-labels-idx1-ubyte";
  EXPECT_NE(refused("strokes+strokes").find("a set is joined with itself"), std::string::npos) << refused("strokes+strokes");
  EXPECT_NE(refused("strokes+missing").find("missing: There is no such folder or file"), std::string::npos) << refused("strokes+missing");
  EXPECT_NE(refused(path("x+y")).find("x+y: There is no such folder or file"), std::string::npos) << refused(path("x+y"));
  io::writeIdx(folder + "/train-images-idx3-ubyte", folder + "/train-labels-idx1-ubyte", small);
  io::writeIdx(images, labels, small);
  const std::string sizes = refused("strokes+" + folder);
  EXPECT_NE(sizes.find("are 14 × 14, those of Stroke digits are 28 × 28"), std::string::npos) << sizes;
}

TEST_F(JoinedData, APlusInANameJoinsNothing) {
  const QString folder = digits("a+b", 20);
  EXPECT_EQ(run({"evaluate", "harley", "--data", folder, "--json"}).json()["count"].toInt(), 20);
}

}  // namespace
