// The three scopes of the color scales, the marks of units that do no work, and shares as percentages.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "scene/SceneNetworks.h"
#include "scene/SceneState.h"
#include "scene/text/Text.h"
#include "scene/text/UnitText.h"
#include "support/Select.h"

namespace {

using scene::DeadUnits;
using scene::Scale;
using scene::ScaleScope;
using scene::SceneState;

class ScalesTest : public testing::Test {
 protected:
  ScalesTest() : m_network(scene_test::harley()), m_parameters(std::make_shared<std::vector<float>>(m_network->initialParameters(4))) {
    m_state.setNetwork(scene::SceneRequest{m_network, scene::Arrangement::Space});
    m_state.setParameters(m_parameters);
    m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, scene_test::seven(m_network->inputShape())));
  }
  float largest(int sheet) const {
    const scene::Sheet& s = m_state.layout()->sheets[std::size_t(sheet)];
    float most = 0;
    for (const float v : m_state.shown().cells().subspan(s.firstCell, std::size_t(s.count))) most = std::max(most, std::abs(v));
    return most;
  }
  std::shared_ptr<const nn::Network> m_network;
  std::shared_ptr<const std::vector<float>> m_parameters;
  SceneState m_state;
};

TEST_F(ScalesTest, OfEachMapEndAtItsLargestValue) {
  m_state.setScaleScope(ScaleScope::Map);
  int maps = 0;
  for (std::size_t i = 0; i < m_state.layout()->sheets.size(); ++i) {
    const scene::Sheet& sheet = m_state.layout()->sheets[i];
    const scene::Block& block = m_state.layout()->blocks[std::size_t(sheet.block)];
    const bool alone = sheet.kind == scene::Sheet::Kind::Kernels || (sheet.kind == scene::Sheet::Kind::Map && !block.isInput);
    if (!alone || largest(int(i)) < 1e-3f) continue;
    EXPECT_FLOAT_EQ(m_state.shown().scaleOf(int(i)).high, largest(int(i))) << block.name << " sheet " << i;
    ++maps;
  }
  EXPECT_GT(maps, 40);
}

TEST_F(ScalesTest, OfEachLayerAreTheSameForAllItsMaps) {
  for (const scene::Block& block : m_state.layout()->blocks)
    for (int i = 1; i < block.sheetCount; ++i)
      EXPECT_EQ(m_state.shown().scaleOf(block.firstSheet + i), m_state.shown().scaleOf(block.firstSheet));
}

TEST_F(ScalesTest, OfTheWholeNetworkGiveOneColorOneNumber) {
  m_state.setScaleScope(ScaleScope::Network);
  float most = 0, weight = 0;
  for (std::size_t i = 0; i < m_state.layout()->sheets.size(); ++i)
    (m_state.layout()->sheets[i].kind == scene::Sheet::Kind::Kernels ? weight : most) =
        std::max(m_state.layout()->sheets[i].kind == scene::Sheet::Kind::Kernels ? weight : most, largest(int(i)));
  for (std::size_t i = 0; i < m_state.layout()->sheets.size(); ++i) {
    const bool kernels = m_state.layout()->sheets[i].kind == scene::Sheet::Kind::Kernels;
    EXPECT_FLOAT_EQ(m_state.shown().scaleOf(int(i)).high, kernels ? weight : std::max(most, 1.0f)) << i;
  }
}

TEST_F(ScalesTest, KeepZeroInTheMiddleOfWhatIsSigned) {
  for (const ScaleScope scope : {ScaleScope::Map, ScaleScope::Layer, ScaleScope::Network}) {
    m_state.setScaleScope(scope);
    for (std::size_t i = 0; i < m_state.layout()->sheets.size(); ++i) {
      const scene::Sheet& sheet = m_state.layout()->sheets[i];
      const Scale& scale = m_state.shown().scaleOf(int(i));
      EXPECT_FLOAT_EQ(scale.position(0), scale.diverging ? 0.5f : 0.0f) << i;
      for (const float v : m_state.shown().cells().subspan(sheet.firstCell, std::size_t(sheet.count))) {
        ASSERT_GE(scale.position(v), -1e-5f) << i;
        ASSERT_LE(scale.position(v), 1 + 1e-5f) << i;
      }
    }
  }
}

// A network of one convolution whose first map never fires.
struct WithDeadMap {
  WithDeadMap() {
    nn::NetworkSpec spec;
    spec.name = "dead";
    spec.nodes = {scene_test::input(1, 8, 8), scene_test::conv("conv", 3, 3), scene_test::node("flatten", "flatten"),
                  scene_test::dense("hidden", 6), scene_test::dense("output", 4, "none")};
    network = nn::Network::create(spec);
    auto weights = std::make_shared<std::vector<float>>(network->initialParameters(3));
    const nn::Network::Node& conv = network->node(network->find("conv"));
    const std::size_t first = conv.parameterOffset + std::size_t(conv.layer->kernelOffset(0, 0));
    for (std::size_t i = 0; i < 9; ++i) (*weights)[first + i] = -1;
    const nn::Network::Node& hidden = network->node(network->find("hidden"));
    const std::size_t unit = hidden.parameterOffset + std::size_t(hidden.layer->kernelOffset(2, 0));
    for (std::size_t i = 0; i < hidden.layer->inputShapes()[0].size(); ++i) (*weights)[unit + i] = 0;
    parameters = weights;
    state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
    state.setParameters(parameters);
  }
  static std::vector<float> picture(int round) {
    std::vector<float> cells(64);
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = float((int(i) * 7 + round * 13) % 10) / 10;
    return cells;
  }
  std::shared_ptr<const scene::Values> valuesOfPicture(int round) const {
    return scene_test::valuesOf(network, *parameters, picture(round), std::uint64_t(round + 1));
  }
  void draw(int round) { state.setValues(valuesOfPicture(round)); }
  void tryPictures(int count) {
    state.setActivity(analysis::activityOf(network, *parameters, std::size_t(count), [](std::size_t round, std::span<float> values) {
      const std::vector<float> one = picture(int(round));
      std::copy(one.begin(), one.end(), values.begin());
    }));
  }
  bool deadMap(int map) const { return state.deadUnits().dead(*state.layout(), 1, std::size_t(map) * 36); }
  bool deadUnit(int unit) const { return state.deadUnits().dead(*state.layout(), 2, std::size_t(unit)); }
  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const std::vector<float>> parameters;
  SceneState state;
};

TEST(DeadUnits, AreMapsAndUnitsThatNoSamplePictureWakes) {
  WithDeadMap made;
  made.draw(0);
  EXPECT_FALSE(made.deadMap(0)) << "one drawing says nothing";
  made.tryPictures(48);
  EXPECT_TRUE(made.deadMap(0));
  EXPECT_FALSE(made.deadMap(1)) << "it fires";
  EXPECT_EQ(scene::conditionOf(made.state, {1, {0, 2, 2}}), "dead map: zero everywhere for all 48 sample pictures");
  EXPECT_TRUE(made.deadUnit(2));
  EXPECT_EQ(scene::conditionOf(made.state, {made.network->find("hidden"), {2, 0, 0}}), "dead: zero for all 48 sample pictures");
  EXPECT_GE(made.state.deadUnits().deadCount(*made.state.layout(), 2), 1u);
  EXPECT_LT(made.state.deadUnits().deadCount(*made.state.layout(), 2), 6u);
  EXPECT_EQ(made.state.deadUnits().deadCount(*made.state.layout(), 0), 0u) << "an input is never dead";
  scene_test::arrange(made.state, scene::Arrangement::Flat);
  EXPECT_TRUE(made.deadUnit(2)) << "another layout forgets nothing";
  made.state.setNetwork(scene::SceneRequest{made.network, scene::Arrangement::Flat});
  EXPECT_FALSE(made.deadUnit(2)) << "nothing is known of a network that has just been opened";
}

TEST(DeadUnits, AreAliveAsSoonAsTheyAnswer) {
  WithDeadMap made;
  made.tryPictures(48);
  ASSERT_TRUE(made.deadMap(0));
  auto other = std::make_shared<scene::Values>(*made.valuesOfPicture(3));
  other->values[other->offset[2] + 7] = 0.5f;  // as with weights that training has changed since
  made.state.setValues(other);
  EXPECT_FALSE(made.deadMap(0));
  made.draw(4);
  EXPECT_FALSE(made.deadMap(0));
}

TEST(DeadUnits, AreTheSameWhereMapsAreFlattened) {
  WithDeadMap made;
  ASSERT_EQ(made.state.layout()->blockOfNode[std::size_t(made.network->find("flatten"))], 1) << "flattened maps are shown as maps";
  made.tryPictures(48);
  EXPECT_EQ(made.state.deadUnits().deadCount(*made.state.layout(), 1), 1u);
}

TEST(DeadUnits, AreNeverStretched) {
  WithDeadMap made;
  made.draw(0);
  made.tryPictures(48);
  ASSERT_TRUE(made.deadMap(0));
  made.state.setScaleScope(ScaleScope::Map);
  const int sheet = made.state.layout()->blocks[1].firstSheet;
  EXPECT_EQ(made.state.shown().scaleOf(sheet), made.state.shown().unitScale(1));
}

TEST(SaturatedUnits, AreThoseAtTheLimitsOfSigmoidAndTanh) {
  for (const char* activation : {"sigmoid", "tanh", "scaled-tanh", "relu"}) {
    nn::NetworkSpec spec;
    spec.name = "saturated";
    spec.nodes = {scene_test::input(1, 12, 12), scene_test::node("flatten", "flatten"), scene_test::dense("hidden", 40, activation),
                  scene_test::dense("output", 3, "none")};
    const auto network = nn::Network::create(spec);
    auto parameters = std::make_shared<std::vector<float>>(network->initialParameters(3));
    for (float& p : *parameters) p *= 9;
    SceneState state;
    state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
    state.setParameters(parameters);
    state.setValues(scene_test::valuesOf(network, *parameters, scene_test::seven(network->inputShape())));
    std::size_t expected = 0;
    const int node = network->find("hidden");
    for (const float v : state.values()->of(node)) {
      const float slope = activation == std::string("sigmoid") ? 4 * v * (1 - v)
                          : activation == std::string("tanh")  ? 1 - v * v
                                                               : 1 - v * v / (1.7159f * 1.7159f);
      expected += slope < 0.04f && activation != std::string("relu");
    }
    EXPECT_EQ(state.deadUnits().saturatedCount(1), expected) << activation;
    if (activation == std::string("relu")) continue;
    EXPECT_GT(expected, 0u) << activation;
    EXPECT_LT(expected, 40u) << activation;
    EXPECT_EQ(state.deadUnits().saturatedCount(2), 0u) << "logits have no limits";
  }
}

// A certainty is never written that is not there.
TEST(Words, OnlyWhatIsExactlyAllOrNothingIsAHundredOrZeroPercent) {
  EXPECT_EQ(scene::percent(0.973), "97.3 %");
  EXPECT_EQ(scene::percent(1), "100 %");
  EXPECT_EQ(scene::percent(0), "0 %");
  EXPECT_EQ(scene::percent(0.9996), "> 99.9 %");
  EXPECT_EQ(scene::percent(0.9994), "99.9 %");
  EXPECT_EQ(scene::percent(0.0004), "< 0.1 %");
  EXPECT_EQ(scene::percent(0.0006), "0.1 %");
  EXPECT_EQ(scene::percent(59999.0 / 60000, 2), "> 99.99 %");
  EXPECT_EQ(scene::percent(1.0 / 60000, 2), "< 0.01 %");
  EXPECT_EQ(scene::percent(0.9996, 2), "99.96 %");
  EXPECT_EQ(scene::percent(0.996, 0), "> 99 %");
  EXPECT_EQ(scene::percent(0.5, 0), "50 %");
  EXPECT_EQ(scene::percent(std::nan("")), "–");
}

TEST(Words, AProbabilityAmongSeveralIsNeverCertain) {
  EXPECT_EQ(scene::probabilityPercent(0.973f, 10), "97.3 %");
  EXPECT_EQ(scene::probabilityPercent(1, 10), "> 99.9 %");
  EXPECT_EQ(scene::probabilityPercent(0, 10), "< 0.1 %");
  EXPECT_EQ(scene::probabilityPercent(1, 1), "100 %") << "the only class";
  EXPECT_EQ(scene::probabilityPercent(std::nan(""), 10), "–");
  EXPECT_EQ(scene::probabilityFigure(0.973, 10, 2), "0.97");
  EXPECT_EQ(scene::probabilityFigure(0.9999, 10, 2), "> 0.99");
  EXPECT_EQ(scene::probabilityFigure(1, 10, 4), "> 0.9999");
  EXPECT_EQ(scene::probabilityFigure(0.00001, 10, 4), "< 0.0001");
  EXPECT_EQ(scene::probabilityFigure(1, 1, 2), "1.00");
}

TEST(Scale, OfAFieldSaysWhetherNumbersLieBeyondItsEnds) {
  std::vector<float> numbers(100, 1.0f);
  EXPECT_FALSE(scene::fieldScale(numbers).exceeded);
  numbers[7] = -40;
  const scene::Scale scale = scene::fieldScale(numbers);
  EXPECT_TRUE(scale.exceeded);
  EXPECT_EQ(scale.high, 1);
  EXPECT_FALSE(scene::fieldScale(std::vector<float>{0.1f, 2, 40}).exceeded) << "of a few the largest is the end";
}

}  // namespace
