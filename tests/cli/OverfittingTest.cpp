// The hour on overfitting: few images are learned by heart, which is seen and said; what helps against it, helps.
#include <gtest/gtest.h>

#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>

#include "cli/CommandRun.h"
#include "data/StrokeDigits.h"
#include "io/datasets/Datasets.h"
#include "support/Mnist.h"

namespace {

QJsonArray historyOf(const QStringList& more, QJsonObject* whole = nullptr) {
  const clitest::Outcome outcome = clitest::run(
      QStringList{"train", "harley", "--data", support::mnistFolder(), "--train-share", "0.01", "--epochs", "60", "--json"} + more);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  if (whole) *whole = outcome.json();
  return outcome.json()["history"].toArray();
}

TEST(Overfitting, OnOnePercentOfMnistIsNamedAndAugmentationRepairsIt) {
  if (!support::hasMnist()) GTEST_SKIP() << "MNIST is not here; set CONVSCOPE_MNIST to a folder with its files";
  QJsonObject plain, augmented;
  const QJsonArray byHeart = historyOf({}, &plain);
  ASSERT_EQ(byHeart.size(), 60);
  const auto last = byHeart.last().toObject();
  EXPECT_EQ(last["train_accuracy"].toDouble(), 1) << "every image that it has seen";
  double lowest = 1e9;
  for (const auto& epoch : byHeart) lowest = std::min(lowest, epoch.toObject()["validation_loss"].toDouble());
  EXPECT_GT(last["validation_loss"].toDouble(), 1.1 * lowest) << "and the others worse and worse";
  EXPECT_TRUE(plain["advice"].toString().startsWith("Overfitting: since epoch ")) << plain["advice"].toString().toStdString();
  const QJsonArray repaired = historyOf({"--augment-rotate", "15", "--augment-shift", "2", "--augment-scale", "0.1"}, &augmented);
  EXPECT_GE(repaired.last().toObject()["validation_accuracy"].toDouble(), last["validation_accuracy"].toDouble() + 0.03);
  EXPECT_FALSE(augmented["advice"].toString().startsWith("Overfitting"));
}

class FewDigits : public ::testing::Test {
 protected:
  FewDigits() {
    io::writeIdx(folder.filePath("train-images-idx3-ubyte"), folder.filePath("train-labels-idx1-ubyte"),
                 *data::generateStrokeDigits(1000, 3));
  }
  clitest::Outcome train(const QStringList& more) {
    return clitest::run(QStringList{"train", "softmax", "--data", folder.path(), "--json"} + more);
  }
  QTemporaryDir folder;
};

TEST_F(FewDigits, TheHistoryHasEachEpochsFigures) {
  const QJsonObject told = train({"--epochs", "3"}).json();
  const QJsonArray history = told["history"].toArray();
  ASSERT_EQ(history.size(), 3);
  for (int i = 0; i < 3; ++i) {
    const QJsonObject epoch = history[i].toObject();
    EXPECT_EQ(epoch["epoch"].toDouble(), i + 1);
    for (const char* key : {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy"})
      EXPECT_TRUE(epoch[key].isDouble()) << key;
  }
  EXPECT_EQ(history.last().toObject()["validation_loss"], told["validation_loss"]);
}

TEST_F(FewDigits, SharesAndNoiseAreSaidAndChangeWhatIsTrainedOn) {
  const auto notesOf = [this](const QStringList& more) {
    return train(QStringList{"--epochs", "1"} + more).json()["notes"].toVariant().toStringList().join("; ");
  };
  EXPECT_TRUE(notesOf({"--train-share", "0.1"}).contains("trained on 90 of the 900 training images, as asked"));
  EXPECT_TRUE(notesOf({"--label-noise", "0.2"}).contains("180 of the 900 training images have the label of another class, as asked"));
  EXPECT_FALSE(notesOf({}).contains("as asked"));
}

TEST_F(FewDigits, PatienceEndsTheTrainingAndSaysSo) {
  const clitest::Outcome outcome = train({"--epochs", "400", "--patience", "3", "--learning-rate", "0.05"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const QJsonObject told = outcome.json();
  EXPECT_LT(told["epochs_done"].toInt(), 400);
  EXPECT_EQ(told["ended"].toString(), "finished");
  EXPECT_TRUE(told["stopped"].toString().startsWith("Stopped: no epoch since has been better than epoch "));
  EXPECT_EQ(told["history"].toArray().size(), told["epochs_done"].toInt());
  EXPECT_EQ(train({"--stop-after", "3"}).status, 2) << "the command line has --epochs for that";
}

}  // namespace
