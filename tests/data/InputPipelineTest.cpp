// From a picture to a network's input: sizes, colors, range, polarity, and what is said of them.
#include <algorithm>
#include <array>
#include <cmath>
#include <gtest/gtest.h>

#include "data/InputPipeline.h"
#include "data/StrokeDigits.h"

namespace {

using data::InputPipeline;
using Bytes = std::vector<std::uint8_t>;

std::vector<float> written(const InputPipeline& pipeline, const Bytes& image, const nn::Shape& from, const nn::Shape& to) {
  std::vector<float> values(to.size(), 9);
  pipeline.write(image, from, values);
  return values;
}

std::vector<float> written(const Bytes& image, const nn::Shape& from, const nn::Shape& to, const nn::InputSpec& spec = {}) {
  return written(InputPipeline(spec, to), image, from, to);
}

TEST(InputPipeline, CentersASmallImageInPaper) {
  const std::vector<float> values = written({255, 0, 51, 102}, {1, 2, 2}, {1, 4, 2});
  const std::array<float, 8> expected = {0, 0, 1, 0, 0.2f, 0.4f, 0, 0};
  for (std::size_t i = 0; i < 8; ++i) EXPECT_FLOAT_EQ(values[i], expected[i]) << i;
  const std::vector<float> framed = written({255, 0, 51, 102}, {1, 2, 2}, {1, 4, 4}, {.fit = nn::InputFit::Mnist});
  EXPECT_FLOAT_EQ(framed[5], 1) << "in the middle, whatever the frame";
  EXPECT_FLOAT_EQ(framed[9], 0.2f);
  EXPECT_FLOAT_EQ(framed[0], 0);
}

TEST(InputPipeline, AveragesAreasWhenTheInputIsSmaller) {
  Bytes image(16, 0);
  image[0] = 255;   // upper left quarter
  image[15] = 127;  // lower right quarter
  const std::vector<float> values = written(image, {1, 4, 4}, {1, 2, 2});
  EXPECT_FLOAT_EQ(values[0], 0.25f);
  EXPECT_FLOAT_EQ(values[1], 0);
  EXPECT_FLOAT_EQ(values[2], 0);
  EXPECT_FLOAT_EQ(values[3], 127.0f / 255 / 4);
}

TEST(InputPipeline, EveryFitRuleDoesWhatItSays) {
  const Bytes wide(8 * 16, 255);  // 16 wide, 8 high
  const nn::Shape from{1, 8, 16}, to{1, 32, 32};
  const auto lit = [&](nn::InputFit fit) {
    const std::vector<float> values = written(wide, from, to, {.fit = fit});
    return std::count_if(values.begin(), values.end(), [](float value) { return value > 0.4f; });
  };
  EXPECT_EQ(lit(nn::InputFit::Mnist), 8 * 16) << "in the middle as it is";
  EXPECT_EQ(lit(nn::InputFit::Fit), 16 * 32);
  EXPECT_EQ(lit(nn::InputFit::ByShape), 16 * 32) << "a frame larger than the picture is none";
  EXPECT_EQ(lit(nn::InputFit::Crop), 32 * 32);
  EXPECT_EQ(lit(nn::InputFit::Stretch), 32 * 32);
  const std::vector<float> shrunk = written(Bytes(4 * 8, 255), {1, 4, 8}, {1, 4, 4});
  for (std::size_t x = 0; x < 4; ++x) {
    EXPECT_FLOAT_EQ(shrunk[x], 0) << "above the picture is paper";
    EXPECT_FLOAT_EQ(shrunk[4 + x], 1);
    EXPECT_FLOAT_EQ(shrunk[12 + x], 0);
  }
}

TEST(InputPipeline, GrayAndColorMeet) {
  const std::vector<float> color = written({255, 51}, {1, 1, 2}, {3, 1, 2});
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_FLOAT_EQ(color[c * 2], 1);
    EXPECT_FLOAT_EQ(color[c * 2 + 1], 0.2f);
  }
  EXPECT_FLOAT_EQ(written({153, 0, 0}, {3, 1, 1}, {1, 1, 1})[0], 0.2f);
  const Bytes red = {255, 255, 0, 0, 0, 0};
  EXPECT_EQ(written(red, {3, 1, 2}, {3, 1, 2}), (std::vector<float>{1, 1, 0, 0, 0, 0}));
  for (const float value : written(red, {3, 1, 2}, {3, 1, 2}, {.colors = nn::InputColors::Gray})) EXPECT_FLOAT_EQ(value, 1.0f / 3);
}

TEST(InputPipeline, RangeMeanAndDeviationAreUndone) {
  const nn::Shape shape{3, 1, 2};
  const Bytes image = {0, 255, 51, 102, 153, 204};
  const std::vector<float> bytes = written(image, shape, shape, {.high = 255});
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(bytes[i], image[i], 1e-4);
  const nn::InputSpec published{.mean = {0.485, 0.456, 0.406}, .deviation = {0.229, 0.224, 0.225}};
  const InputPipeline pipeline(published, shape);
  std::vector<float> values = written(pipeline, image, shape, shape);
  EXPECT_FLOAT_EQ(values[0], -0.485f / 0.229f);
  EXPECT_FLOAT_EQ(values[1], (1 - 0.485f) / 0.229f);
  EXPECT_FLOAT_EQ(values[5], (0.8f - 0.406f) / 0.225f);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(nn::lightOf(published, i / 2, values[i]), image[i] / 255.0f, 1e-6);
  pipeline.inputToLight(values);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(values[i], image[i] / 255.0f, 1e-6);
}

// Whoever brings the ink, a network that reads dark ink on light is given that, with light paper around.
TEST(InputPipeline, DarkInkOnLightIsFedToThoseWhoReadIt) {
  const nn::InputSpec spec{.low = -1, .ink = nn::InkPolarity::DarkOnLight};
  const nn::Shape shape{1, 32, 32};
  const InputPipeline dark(spec, shape), light({.low = -1}, shape);
  const auto digits = data::generateStrokeDigits(1, 3);
  const std::vector<float> one = written(dark, {digits->image(0).begin(), digits->image(0).end()}, digits->shape, shape);
  const std::vector<float> other = written(light, {digits->image(0).begin(), digits->image(0).end()}, digits->shape, shape);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(one[i], -other[i], 1e-6) << "light ink on dark is turned round";
  EXPECT_FLOAT_EQ(one[0], 1) << "paper around";

  Bytes scan(28 * 28, 230);
  scan[14 * 28 + 14] = 20;
  const std::vector<float> seen = written(dark, scan, {1, 28, 28}, shape);
  EXPECT_FLOAT_EQ(seen[16 * 32 + 16], 2 * 20 / 255.0f - 1) << "dark ink on light goes in as it is";
  EXPECT_FLOAT_EQ(seen[0], 1);

  const data::GrayImage drawing = data::strokeDigit(4, 7, 280);
  const data::PreparedDrawing prepared = dark.prepare(drawing);
  std::vector<float> values(shape.size());
  dark.write(prepared.result, nullptr, values);
  EXPECT_FLOAT_EQ(values[0], 1);
  EXPECT_FLOAT_EQ(*std::min_element(values.begin(), values.end()), -1);
  dark.inputToInk(values);
  std::vector<float> plain(shape.size());
  InputPipeline({}, shape).write(prepared.result, nullptr, plain);
  for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_NEAR(values[i], plain[i], 1e-6);
}

TEST(InputPipeline, DrawingsFillLargeInputsInTheProportionsOfMnist) {
  const data::GrayImage drawing = data::strokeDigit(4, 7, 280);
  for (const auto& [shape, side] : {std::pair(nn::Shape{1, 28, 28}, 28), {{1, 32, 32}, 28}, {{1, 8, 8}, 28}, {{3, 224, 224}, 224}}) {
    const InputPipeline pipeline({}, shape);
    const data::PreparedDrawing prepared = pipeline.prepare(drawing);
    EXPECT_EQ(prepared.result.width, side);
    EXPECT_EQ(std::max(prepared.fitted.width, prepared.fitted.height), side * 20 / 28);
    EXPECT_EQ(pipeline.drawingPx(), side);
  }
  EXPECT_EQ(InputPipeline({}, {1, 28, 28}).prepare(drawing).result, data::prepare(drawing).result);
  EXPECT_EQ(InputPipeline({.fit = nn::InputFit::Mnist}, {1, 224, 224}).prepare(drawing).result, data::prepare(drawing).result);
  // A data set's picture of the same digit comes to lie at the same place.
  const nn::Shape large{1, 224, 224};
  const InputPipeline pipeline({}, large);
  std::vector<float> drawn(large.size());
  pipeline.write(pipeline.prepare(drawing).result, nullptr, drawn);
  Bytes bytes;
  for (const float ink : data::prepare(drawing).result.ink) bytes.push_back(std::uint8_t(std::lround(ink * 255)));
  const std::vector<float> shown = written(pipeline, bytes, {1, 28, 28}, large);
  const auto massOf = [](const std::vector<float>& values) {
    std::array<double, 3> mass{};  // and where its middle is
    for (std::size_t i = 0; i < values.size(); ++i) {
      mass[0] += double(values[i]);
      mass[1] += double(values[i]) * double(i % 224);
      mass[2] += double(values[i]) * double(i / 224);
    }
    return std::array<double, 3>{mass[0], mass[1] / mass[0], mass[2] / mass[0]};
  };
  const auto one = massOf(drawn), other = massOf(shown);
  EXPECT_NEAR(one[0], other[0], 0.15 * other[0]);
  EXPECT_NEAR(one[1], other[1], 5) << "of 224: half a pixel of 28";
  EXPECT_NEAR(one[2], other[2], 5);
}

TEST(InputPipeline, PhotosGoInInColorWhereTheNetworkTakesThem) {
  const data::ColorImage photo{{3, 1, 2}, {255, 0, 0, 255, 0, 0}};  // red, green
  const data::GrayImage ink{2, 1, {1, 1}};
  std::vector<float> values(6);
  InputPipeline({}, {3, 1, 2}).write(ink, &photo, values);
  EXPECT_EQ(values, (std::vector<float>{1, 0, 0, 1, 0, 0}));
  InputPipeline({}, {3, 1, 2}).write(ink, nullptr, values);
  EXPECT_EQ(values, std::vector<float>(6, 1)) << "a drawing is ink in all channels";
  InputPipeline({.colors = nn::InputColors::Gray}, {3, 1, 2}).write(ink, &photo, values);
  EXPECT_EQ(values, std::vector<float>(6, 1));
}

TEST(InputPipeline, FlatInputsArePicturesAndThatIsSaid) {
  EXPECT_EQ(nn::pictureShape({784, 1, 1}), (nn::Shape{1, 28, 28}));
  EXPECT_EQ(nn::pictureShape({64, 1, 1}), (nn::Shape{1, 8, 8}));
  EXPECT_EQ(nn::pictureShape({3072, 1, 1}), (nn::Shape{3, 32, 32}));
  for (const int numbers : {4, 6, 9, 13, 49, 65}) EXPECT_TRUE(nn::pictureShape({numbers, 1, 1}).isVector()) << numbers;
  EXPECT_EQ(InputPipeline({}, {784, 1, 1}).assumptions(),
            std::vector<std::string>{"Its input of 784 numbers is taken for a picture of 28 × 28."});
  EXPECT_TRUE(InputPipeline({}, {3072, 1, 1}).takesColors());
  EXPECT_TRUE(InputPipeline({}, {1, 32, 32}).assumptions().empty());
  const Bytes image(28 * 28, 255);
  EXPECT_EQ(written(image, {1, 28, 28}, {784, 1, 1}), std::vector<float>(784, 1));
  const std::vector<float> small = written(image, {1, 28, 28}, {64, 1, 1});
  for (const float value : small) EXPECT_NEAR(value, 1, 1e-5) << "scaled, not one mean of all";
  const std::vector<float> numbers = written({0, 51, 102, 153, 204, 255}, {1, 2, 3}, {6, 1, 1});
  for (std::size_t i = 0; i < 6; ++i) EXPECT_FLOAT_EQ(numbers[i], float(i) * 0.2f) << "as many numbers as they are";
}

TEST(InputPipeline, SaysWhatItChanges) {
  const auto text = [](std::size_t count, const nn::Shape& from, const nn::Shape& to, const nn::InputSpec& spec = {}) {
    return InputPipeline(spec, to).fitText(count, from);
  };
  EXPECT_EQ(text(3, {1, 28, 28}, {1, 28, 28}), "");
  EXPECT_EQ(text(3, {1, 28, 28}, {784, 1, 1}), "");
  EXPECT_EQ(text(3, {1, 28, 28}, {1, 32, 32}), "") << "MNIST's usual frame";
  EXPECT_EQ(text(3, {1, 28, 28}, {1, 224, 224}), "all 3 pictures are 28 × 28, the network takes 224 × 224: scaled");
  EXPECT_EQ(text(3, {1, 28, 28}, {1, 224, 224}, {.fit = nn::InputFit::Mnist}),
            "all 3 pictures are 28 × 28, the network takes 224 × 224: placed in the middle, with zeros around");
  EXPECT_EQ(text(1200, {3, 30, 40}, {1, 28, 28}),
            "all 1200 pictures are 40 × 30 in color, the network takes 28 × 28 in gray: scaled to fit, with zeros on two sides, "
            "colors made gray");
  EXPECT_EQ(text(2, {3, 30, 40}, {3, 28, 28}, {.fit = nn::InputFit::Crop}),
            "all 2 pictures are 40 × 30, the network takes 28 × 28: scaled to cover it, the rest cut off");
  EXPECT_EQ(text(1, {1, 56, 56}, {1, 28, 28}), "the picture is 56 × 56, the network takes 28 × 28: scaled");
  EXPECT_EQ(InputPipeline({}, {3, 28, 32}).fitText("it is", {1, 28, 28}),
            "it is 28 × 28 in gray, the network takes 32 × 28 in color: placed in the middle, with zeros around, gray repeated in each "
            "channel");
  EXPECT_EQ(text(2, {4, 8, 8}, {2, 8, 8}),
            "all 2 pictures are 8 × 8 of 4 channels, the network takes 8 × 8 of 2 channels: each channel is the mean of theirs");
  EXPECT_EQ(text(1, {1, 28, 28}, {1, 1, 1}), "the picture is 28 × 28, the network takes 1 number: it is the mean of a whole picture");
  EXPECT_EQ(text(2, {1, 28, 28}, {99, 1, 1}),
            "all 2 pictures are 28 × 28 in gray, the network takes 99 numbers: each of them is the mean of a whole picture");
}

}  // namespace
