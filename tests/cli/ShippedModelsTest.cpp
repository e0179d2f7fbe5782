// The accuracies that the shipped models promise, on MNIST's test images.
#include <gtest/gtest.h>

#include "cli/CommandRun.h"
#include "support/Mnist.h"

namespace {

using support::hasMnist, support::mnistFolder;

struct Promise {
  const char* model;
  QStringList journey;
  double accuracy;
};

class ShippedAccuracy : public ::testing::TestWithParam<Promise> {};

TEST_P(ShippedAccuracy, IsReached) {
  if (!hasMnist()) GTEST_SKIP() << "MNIST is not here; set CONVSCOPE_MNIST to a folder with its files";
  // The way through the pad takes a while: its first images must do.
  const int count = GetParam().journey.isEmpty() ? 10000 : 4000;
  const clitest::Outcome outcome = clitest::run(
      QStringList{"evaluate", GetParam().model, "--data", mnistFolder(), "--limit", QString::number(count), "--json"} + GetParam().journey);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["count"].toInt(), count);
  EXPECT_GE(outcome.json()["accuracy"].toDouble(), GetParam().accuracy);
}

INSTANTIATE_TEST_SUITE_P(Mnist, ShippedAccuracy,
                         ::testing::Values(Promise{"harley", {}, 0.992}, Promise{"harley", {"--through-pad", "--shift", "4"}, 0.988},
                                           Promise{"harley", {"--through-pad", "--scale", "0.5"}, 0.98},
                                           Promise{"harley", {"--through-pad", "--rotate", "20"}, 0.975}, Promise{"mlp", {}, 0.975},
                                           Promise{"lenet5", {}, 0.99}, Promise{"softmax", {}, 0.915}, Promise{"edges", {}, 0.95}));

}  // namespace
