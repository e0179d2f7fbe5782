// What only the real MNIST files can show. Skipped where they are not.
#include <cmath>
#include <gtest/gtest.h>

#include <QDir>

#include "data/Preprocessing.h"
#include "io/Model.h"
#include "io/Unpacking.h"
#include "io/datasets/Datasets.h"
#include "support/Mnist.h"
#include "train/Trainer.h"

namespace {

using support::mnistFolder;

class RealMnist : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!support::hasMnist()) GTEST_SKIP() << "MNIST is not here; set CONVSCOPE_MNIST to a folder with its files";
  }
};

TEST_F(RealMnist, HasTheCheckSumsThatADownloadAsksFor) {
  for (const io::DownloadFile& file : io::findDataset("mnist")->files) {
    const QString path = QDir(mnistFolder()).filePath(file.name);
    io::Md5OfUnpacked md5(path);
    while (md5.step()) continue;
    EXPECT_EQ(md5.hex(), file.md5) << file.name.toStdString();
  }
}

TEST_F(RealMnist, LoadsWhole) {
  const data::DataSplit split = io::loadData(mnistFolder());
  EXPECT_NEAR(double(split.train->count()), 54000, 5);
  EXPECT_EQ(split.train->count() + split.validation->count(), 60000u);
  EXPECT_EQ(split.test->count(), 10000u);
  EXPECT_EQ(split.test->labels[0], 7);
}

// The preparation is that of MNIST when it leaves MNIST as it is.
TEST_F(RealMnist, PreprocessingGivesItsImagesBack) {
  const auto test = io::loadTestData(mnistFolder());
  double difference = 0, ink = 0;
  int samePlace = 0;
  constexpr int kCount = 1000;
  for (std::size_t i = 0; i < kCount; ++i) {
    data::GrayImage image{28, 28, {}};
    for (const std::uint8_t byte : test->image(i)) image.ink.push_back(float(byte) / 255);
    const data::GrayImage again = data::prepare(data::enlargeToPad(image, 280)).result;
    double here = 0, moved = 1e9;
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        double sum = 0;
        for (int y = 1; y < 27; ++y) {
          for (int x = 1; x < 27; ++x) {
            sum += std::abs(double(again.ink[std::size_t(y * 28 + x)]) - double(image.ink[std::size_t((y - dy) * 28 + x - dx)]));
          }
        }
        if (dx == 0 && dy == 0) here = sum;
        moved = std::min(moved, sum);
      }
    }
    difference += moved;
    samePlace += here <= moved;
    for (const float value : image.ink) ink += double(value);
  }
  EXPECT_LT(difference / ink, 0.2) << "of the ink, mostly at soft edges";
  EXPECT_GT(samePlace, kCount * 8 / 10);
}

TEST_F(RealMnist, ANetworkTrainedOnStrokesAloneReadsIt) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "training takes too long under the sanitizers";
#endif
  const auto strokes = data::generateStrokeDigits(20000, 1, 2);
  train::TrainingOptions options;
  options.optimizer.kind = nn::OptimizerKind::Adam;
  options.optimizer.learningRate = 2e-3f;
  train::Trainer trainer(nn::Network::create(io::loadNetworkSpec("harley")), strokes, options);
  while (trainer.epoch() < 2) trainer.step();
  const train::Evaluation evaluation = trainer.evaluate(*io::loadTestData(mnistFolder()), 5000);
  EXPECT_GT(evaluation.accuracy(), 0.90);
}

}  // namespace
