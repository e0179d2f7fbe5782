// Sample pictures on the network beside the window.
#include <algorithm>
#include <gtest/gtest.h>

#include <QTest>

#include "ui/app/ActivityProbe.h"
#include "ui/app/Workbench.h"

namespace {

class ActivityProbeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    QObject::connect(&probe, &ui::ActivityProbe::found, &probe, [this](const auto& activity) { found.push_back(activity); });
    workbench.models().openShipped("harley");
    ASSERT_TRUE(QTest::qWaitFor([&] { return !found.empty(); }, 20000));
  }
  ui::Workbench workbench;
  ui::ActivityProbe probe{workbench};
  std::vector<std::shared_ptr<const analysis::Activity>> found;
};

TEST_F(ActivityProbeTest, TriesTheNetworkThatIsOpenAndEachThatFollows) {
  EXPECT_EQ(found.back()->network, workbench.network());
  EXPECT_EQ(found.back()->pictures, ui::ActivityProbe::kPictures);
  workbench.models().openShipped("lenet5");
  ASSERT_TRUE(QTest::qWaitFor([&] { return found.back()->network == workbench.network(); }, 20000));
}

TEST_F(ActivityProbeTest, FollowsOtherWeights) {
  const auto deadOf = [&] {
    const auto& fired = found.back()->fired[std::size_t(workbench.network()->find("dense1"))];
    return std::count(fired.begin(), fired.end(), 0);
  };
  const auto trained = deadOf();
  EXPECT_GT(trained, 0);
  EXPECT_LT(trained, 60);
  const std::size_t before = found.size();
  workbench.setStartFrom(ui::StartFrom::Random);
  ASSERT_TRUE(QTest::qWaitFor([&] { return found.size() > before; }, 20000));
  EXPECT_NE(deadOf(), trained);
}

}  // namespace
