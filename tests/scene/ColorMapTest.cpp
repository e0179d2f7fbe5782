#include <gtest/gtest.h>
#include <set>

#include "scene/ColorMap.h"
#include "scene/Scales.h"
#include "scene/SceneNetworks.h"

namespace {

using scene::ColorMap;
using scene::lightnessOf;
using scene::Rgb;
using scene::Scale;

using scene::Palette;

class Palettes : public testing::TestWithParam<std::tuple<bool, int>> {
 protected:
  bool dark() const { return std::get<0>(GetParam()); }
  const ColorMap& map() const { return ColorMap::sequential(dark(), Palette(std::get<1>(GetParam()))); }
};

TEST_P(Palettes, LightnessOnlyGoesOneWay) {
  const auto& colors = map().colors();
  for (std::size_t i = 6; i < colors.size(); ++i) {
    const float step = lightnessOf(colors[i]) - lightnessOf(colors[i - 6]);
    EXPECT_GT(dark() ? step : -step, 0) << i;
  }
  EXPECT_GT(std::abs(lightnessOf(colors.back()) - lightnessOf(colors.front())), 0.5f);
}

TEST_P(Palettes, StepsAreEven) {
  const auto& colors = map().colors();
  // Over quarters of the map, the lightness walked differs by less than a factor of three: no half is nearly one color.
  float least = 1e9f, most = 0;
  for (int q = 0; q < 4; ++q) {
    const float walked = std::abs(lightnessOf(colors[std::size_t(q * 64 + 63)]) - lightnessOf(colors[std::size_t(q * 64)]));
    least = std::min(least, walked);
    most = std::max(most, walked);
  }
  EXPECT_LT(most / least, 3);
}

// As two people of a hundred see it: red and green give one signal (Viénot, Brettel and Mollon 1999).
Rgb withoutGreenCones(Rgb c) {
  const float yellow = 0.29275f * c.r + 0.70725f * c.g, blue = -0.02234f * c.r + 0.02234f * c.g + c.b;
  const auto byte = [](float v) { return std::uint8_t(std::clamp(v, 0.0f, 255.0f)); };
  return {byte(yellow), byte(yellow), byte(blue)};
}

TEST_P(Palettes, CanBeReadWithoutTellingRedFromGreen) {
  const auto& colors = map().colors();
  for (std::size_t i = 32; i < colors.size(); i += 8) {
    const float step = lightnessOf(withoutGreenCones(colors[i])) - lightnessOf(withoutGreenCones(colors[i - 32]));
    EXPECT_GT(dark() ? step : -step, 0.015f) << i;
  }
}

void expectAllDifferent(const ColorMap& map) {
  std::set<int> seen;
  for (const Rgb& c : map.colors()) seen.insert(c.r << 16 | c.g << 8 | c.b);
  EXPECT_EQ(seen.size(), std::size_t(ColorMap::kSize));
}

TEST_P(Palettes, NoColorStandsForTwoValues) {
  expectAllDifferent(map());
}

INSTANTIATE_TEST_SUITE_P(All, Palettes, testing::Combine(testing::Bool(), testing::Range(0, scene::kPaletteCount)), [](const auto& test) {
  std::string name(scene::paletteName(Palette(std::get<1>(test.param))));
  std::erase(name, '-');
  return name + (std::get<0>(test.param) ? "OnDark" : "OnLight");
});

TEST(ColorMap, ViridisAndCividisHaveTheirPublishedEndsAndMiddle) {
  EXPECT_EQ(ColorMap::sequential(true, Palette::Viridis).at(0), (Rgb{68, 1, 84}));
  EXPECT_EQ(ColorMap::sequential(true, Palette::Viridis).at(1), (Rgb{253, 231, 37}));
  EXPECT_EQ(ColorMap::sequential(true, Palette::Cividis).at(0), (Rgb{0, 34, 78}));
  EXPECT_EQ(ColorMap::sequential(true, Palette::Cividis).at(1), (Rgb{254, 232, 56}));
  EXPECT_EQ(ColorMap::sequential(false, Palette::Viridis).at(1), (Rgb{68, 1, 84})) << "on light ground the other way round";
  const Rgb middle = ColorMap::sequential(true, Palette::Viridis).at(0.5f);
  EXPECT_NEAR(middle.r, 33, 12);
  EXPECT_NEAR(middle.g, 145, 12);
  EXPECT_NEAR(middle.b, 140, 12);
}

TEST(ColorMap, PalettesHaveNames) {
  for (int i = 0; i < scene::kPaletteCount; ++i) EXPECT_EQ(scene::paletteNamed(scene::paletteName(Palette(i))), Palette(i));
  EXPECT_FALSE(scene::paletteNamed("jet"));
}

TEST(ColorMap, NoColorOfTheDivergingMapStandsForTwoValues) {
  for (const bool dark : {false, true}) expectAllDifferent(ColorMap::diverging(dark));
}

TEST(ColorMap, DivergingArmsDifferWithoutTellingRedFromGreen) {
  for (const bool dark : {false, true}) {
    for (const float t : {0.2f, 0.3f, 0.5f}) {
      const Rgb blue = withoutGreenCones(ColorMap::diverging(dark).at(0.5f - t)),
                orange = withoutGreenCones(ColorMap::diverging(dark).at(0.5f + t));
      EXPECT_GT(int(blue.b) - blue.r, int(orange.b) - orange.r + 60) << t;
    }
  }
}

TEST(ColorMap, DivergingHasZeroInTheMiddleAndMirroredLightness) {
  for (const bool dark : {false, true}) {
    const ColorMap& map = ColorMap::diverging(dark);
    const Rgb zero = map.at(0.5f);
    EXPECT_LT(std::max({zero.r, zero.g, zero.b}) - std::min({zero.r, zero.g, zero.b}), 12) << "zero is neutral";
    for (const float t : {0.1f, 0.25f, 0.4f, 0.5f}) {
      EXPECT_NEAR(lightnessOf(map.at(0.5f - t)), lightnessOf(map.at(0.5f + t)), 0.035f);
    }
    EXPECT_GT(map.at(0.05f).b, map.at(0.05f).r) << "negative is blue";
    EXPECT_GT(map.at(0.95f).r, map.at(0.95f).b) << "positive is orange";
    for (int i = 1; i < 128; ++i) {
      const float further = lightnessOf(map.at(0.5f + float(i) / 256)) - lightnessOf(zero);
      EXPECT_GE(dark ? further : -further, -0.01f);
    }
  }
}

TEST(ColorMap, ClampsAndSurvivesWhatIsNoNumber) {
  const ColorMap& map = ColorMap::sequential(true);
  EXPECT_EQ(map.at(-5), map.at(0));
  EXPECT_EQ(map.at(7), map.at(1));
  EXPECT_EQ(map.at(std::nanf("")), map.at(0.5f));
}

TEST(ColorMap, KnowsFactsAboutColors) {
  EXPECT_NEAR(lightnessOf({255, 255, 255}), 1, 1e-3f);
  EXPECT_NEAR(lightnessOf({255, 0, 0}), 0.628f, 2e-3f);  // Ottosson 2020
  EXPECT_NEAR(lightnessOf({0, 0, 255}), 0.452f, 2e-3f);
}

TEST(Scale, LegendIsTheInverseOfTheColors) {
  for (const Scale scale : {Scale{0, 3.2f, false}, Scale{-0.6f, 0.6f, true}}) {
    for (const float t : {0.0f, 0.25f, 0.5f, 1.0f}) EXPECT_NEAR(scale.position(scale.value(t)), t, 1e-6f);
  }
  EXPECT_FLOAT_EQ((Scale{-0.6f, 0.6f, true}).position(0), 0.5f);
}

TEST(Scale, FollowsEachLayerAndPinsZero) {
  const auto network = scene_test::mlp();
  const auto layout = buildLayout(network, scene::Arrangement::Space);
  const auto parameters = network->initialParameters(2);
  const auto values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
  std::vector<float> cells(layout->cellCount);
  gatherUnits(*layout, *values, cells);
  const std::vector<Scale> scales = unitScales(*layout, cells);
  for (std::size_t b = 0; b < layout->blocks.size(); ++b) {
    const scene::Block& block = layout->blocks[b];
    if (scales[b].diverging) {
      EXPECT_FLOAT_EQ(scales[b].low, -scales[b].high);
    }
    for (std::size_t i = 0; i < block.shape.size(); ++i) {
      const float at = scales[b].position(cells[block.firstCell + i]);
      ASSERT_GE(at, -1e-6f) << block.name;
      ASSERT_LE(at, 1 + 1e-6f) << block.name;
    }
  }
  EXPECT_FALSE(scales[0].diverging) << "ink";
  EXPECT_FALSE(scales[1].diverging) << "ReLU";
  EXPECT_TRUE(scales[2].diverging) << "tanh";
  EXPECT_EQ(scales[3], (Scale{0, 1, false})) << "probabilities";
}

TEST(Scale, OfNothingIsStillAScale) {
  const auto network = scene_test::mlp();
  const auto layout = buildLayout(network, scene::Arrangement::Space);
  std::vector<float> cells(layout->cellCount, 0);
  cells[5] = std::nanf("");
  for (const Scale& scale : unitScales(*layout, cells)) EXPECT_GT(scale.high, scale.low);
}

}  // namespace
