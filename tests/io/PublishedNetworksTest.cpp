// The large published networks against what their papers, torchvision and the theory of receptive fields say of them.
#include <gtest/gtest.h>
#include <utility>

#include "analysis/Cost.h"
#include "io/Model.h"
#include "scene/ShowingMemory.h"

namespace {

struct Published {
  const char* name;
  std::uint64_t parameters;
  double gigaMultiplyAdds;  // of convolutions and dense layers
};

class PublishedNetworks : public ::testing::TestWithParam<Published> {};

TEST_P(PublishedNetworks, HaveTheirPublishedSize) {
  const auto network = nn::Network::create(io::loadNetworkSpec(GetParam().name));
  const analysis::NetworkCost cost = analysis::costOf(*network);
  EXPECT_EQ(cost.parameters, GetParam().parameters);
  std::uint64_t multiplyAdds = 0;
  for (const analysis::NodeCost& node : cost.nodes) multiplyAdds += node.type == "conv2d" || node.type == "dense" ? node.multiplyAdds : 0;
  EXPECT_NEAR(double(multiplyAdds) / 1e9, GetParam().gigaMultiplyAdds, 0.0005);
  EXPECT_EQ(network->outputShape().size(), 1000u);
}

// torchvision's vgg16, alexnet and resnet50. GoogLeNet: Caffe's bvlc_googlenet without the classifiers on the side; the paper states
// "1.5 billion multiply-adds".
INSTANTIATE_TEST_SUITE_P(Sizes, PublishedNetworks,
                         ::testing::Values(Published{"vgg16", 138357544, 15.470}, Published{"alexnet", 61100840, 0.714},
                                           Published{"googlenet", 6998552, 1.583}, Published{"resnet50", 25557032, 4.089}),
                         [](const auto& test) { return std::string(test.param.name); });

analysis::ReceptiveField fieldOf(const char* networkName, const char* node) {
  const auto network = nn::Network::create(io::loadNetworkSpec(networkName));
  return analysis::costOf(*network).nodes.at(std::size_t(network->find(node))).receptiveField;
}

analysis::ReceptiveField square(double size, double stride, double offset) {
  return {size, size, stride, stride, offset, offset};
}

// Araujo, Norris and Sim 2019 (distill.pub/2019/computing-receptive-fields): VGG-16 sees 212 pixels with stride 32 and padding 90.
// AlexNet there has no padding at conv1; torchvision's has 2, which moves the field from -64 to -66.
TEST(PublishedReceptiveFields, AreThoseOfTheLiterature) {
  EXPECT_EQ(fieldOf("vgg16", "conv5_3"), square(196, 16, -90));
  EXPECT_EQ(fieldOf("vgg16", "pool5"), square(212, 32, -90));
  EXPECT_EQ(fieldOf("vgg16", "fc6"), square(224, 0, 0));
  EXPECT_EQ(fieldOf("alexnet", "conv1"), square(11, 4, -2));
  EXPECT_EQ(fieldOf("alexnet", "conv5"), square(163, 16, -66));
  EXPECT_EQ(fieldOf("alexnet", "pool5"), square(195, 32, -66));
  // With the stride in the 3x3 convolution of each stage's first block: 11 + 3 * 8 + (8 + 3 * 16) + (16 + 5 * 32) + (32 + 2 * 64).
  EXPECT_EQ(fieldOf("resnet50", "block5_3"), square(427, 32, -213));
  EXPECT_EQ(fieldOf("resnet50", "fc"), square(224, 0, 0));
}

TEST(PublishedReceptiveFields, OfBranchesAreThoseOfTheWidest) {
  // 3a starts at stride 8, from pool2: 27 pixels from -7 on (3 for conv1, 4 for conv2).  1x1 -> 27, 3x3 -> 43, 5x5 -> 59, pooling -> 43.
  EXPECT_EQ(fieldOf("googlenet", "pool2"), square(27, 8, -7));
  EXPECT_EQ(fieldOf("googlenet", "inception3a_1x1"), square(27, 8, -7));
  EXPECT_EQ(fieldOf("googlenet", "inception3a_pool_proj"), square(43, 8, -15));
  EXPECT_EQ(fieldOf("googlenet", "inception3a"), square(59, 8, -23));
}

TEST(PublishedNetworksByName, AreFoundButNotInTheMenu) {
  for (const nn::NetworkSpec& spec : io::shippedNetworks()) {
    EXPECT_NE(spec.name, "vgg16");
    EXPECT_LT(nn::Network::create(spec)->parameterCount(), 1000000u) << spec.name;
  }
  EXPECT_EQ(io::loadNetworkSpec("vgg16").title, "VGG-16");
}

// Bytes beyond those of the program with a small network, at their highest while the window opened each and a person drew (software
// renderer).
TEST(PublishedNetworksMemory, ShowingThemTakesWhatWasMeasured) {
  const std::pair<const char*, double> measured[] = {{"alexnet", 582e6}, {"googlenet", 403e6}, {"resnet50", 1309e6}, {"vgg16", 1774e6}};
  for (const auto& [name, bytes] : measured)
    EXPECT_NEAR(scene::memoryToShow(*nn::Network::create(io::loadNetworkSpec(name))), bytes, 0.15 * bytes) << name;
}

}  // namespace
