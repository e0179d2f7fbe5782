// Sets of pictures that the memory has no room for.
#include <gtest/gtest.h>

#include <QJsonArray>
#include <QTemporaryDir>

#include "cli/CommandRun.h"
#include "data/StrokeDigits.h"
#include "io/datasets/Datasets.h"

namespace {

// The same steps, whether the pictures fit into memory or not; where they do not, it is said.
TEST(LargeSet, TrainsFromTheDiskAsFromTheMemory) {
  const QTemporaryDir folder;
  io::writeIdx(folder.filePath("train-images-idx3-ubyte"), folder.filePath("train-labels-idx1-ubyte"),
               *data::generateStrokeDigits(2000, 3));
  const QStringList train{"train", "softmax", "--data", folder.path(), "--epochs", "1", "--seed", "3", "--json"};
  const clitest::Outcome inMemory = clitest::run(train);
  qputenv("CONVSCOPE_PIXEL_MEMORY", "1");
  const clitest::Outcome fromDisk = clitest::run(train);
  qunsetenv("CONVSCOPE_PIXEL_MEMORY");
  ASSERT_EQ(fromDisk.status, 0) << fromDisk.err;
  EXPECT_EQ(fromDisk.json()["train_loss"], inMemory.json()["train_loss"]);
  EXPECT_EQ(fromDisk.json()["validation_loss"], inMemory.json()["validation_loss"]);
  EXPECT_TRUE(fromDisk.json()["notes"].toVariant().toStringList().join(' ').contains("lie in a temporary file")) << fromDisk.out;
  EXPECT_FALSE(inMemory.json()["notes"].toVariant().toStringList().join(' ').contains("temporary file"));
}

}  // namespace
