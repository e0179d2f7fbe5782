// Graphs that begin with what brings pictures to the numbers that the weights were trained for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/InputPipeline.h"
#include "io/GraphBuilder.h"
#include "io/ModelTools.h"

namespace {

using graphtest::expectNear;
using graphtest::Floats;
using graphtest::GraphBuilder;
using testing::Contains;
using testing::HasSubstr;

// A picture of two pixels, `before` them, and a convolution that hands them on.
struct Pictured {
  explicit Pictured(int channels = 1) : builder({channels, 1, 2}) {
    Floats identity(std::size_t(channels * channels), 0.0f);
    for (int c = 0; c < channels; ++c) identity[std::size_t(c * channels + c)] = 1;
    builder.floats("k", {channels, channels, 1, 1}, identity);
  }
  void work(const std::string& op, const graphtest::Ints& dims, const Floats& values) {
    const std::string name = op + std::to_string(++count);
    builder.floats(name + "c", dims, values);
    builder.add(name, op, {last, name + "c"});
    last = name;
  }
  io::Model read() {
    builder.add("conv", "Conv", {last, "k"});
    return builder.read({"conv"});
  }
  GraphBuilder builder;
  std::string last = "x";
  int count = 0;
};

// What it computes of black and of white.
Floats ofBlackAndWhite(const io::Model& model) {
  Floats ink(model.network->inputShape().size(), 0.0f);
  ink.back() = 1;
  data::InputPipeline(*model.network).inkToInput(ink);
  return modeltest::outputOf(model, ink);
}

TEST(OnnxInputRange, BytesAreTakenFromTheFirstOperators) {
  Pictured centered;
  centered.work("Sub", {}, {127.5f});
  centered.work("Div", {}, {127.5f});
  const io::Model model = centered.read();
  expectNear(ofBlackAndWhite(model), {-1, 1});
  EXPECT_EQ(model.network->nodes().size(), 2u) << "nothing but input and convolution";
  EXPECT_EQ(model.network->spec().input.high, 255);
  EXPECT_THAT(model.notes, Contains(HasSubstr("white 255")));
  Pictured divided, doubled, turned, sixteen;
  divided.work("Div", {1, 1, 1, 1}, {255});
  expectNear(ofBlackAndWhite(divided.read()), {0, 1});
  doubled.work("Mul", {1}, {2});
  doubled.work("Sub", {}, {1});
  expectNear(ofBlackAndWhite(doubled.read()), {-1, 1});
  turned.work("Mul", {}, {-1.0f / 255});
  turned.work("Add", {}, {1});
  expectNear(ofBlackAndWhite(turned.read()), {1, 0});
  sixteen.work("Div", {}, {16});
  expectNear(ofBlackAndWhite(sixteen.read()), {0, 1});
}

TEST(OnnxInputRange, EachChannelMayHaveItsOwn) {
  Pictured colored(3);
  colored.work("Sub", {1, 3, 1, 1}, {123, 117, 104});
  colored.work("Div", {3, 1, 1}, {58, 57, 57});
  const io::Model model = colored.read();
  expectNear(ofBlackAndWhite(model), {-123 / 58.0f, -123 / 58.0f, -117 / 57.0f, -117 / 57.0f, -104 / 57.0f, 151 / 57.0f});
  EXPECT_EQ(model.network->spec().input.mean, (std::vector<double>{123, 117, 104}));
}

TEST(OnnxInputRange, WholeNumbersAreBytes) {
  Pictured plain;
  plain.builder.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::UINT8);
  GraphBuilder::integer(plain.builder.add("cast", "Cast", {"x"}), "to", onnx::TensorProto::FLOAT);
  plain.last = "cast";
  expectNear(ofBlackAndWhite(plain.read()), {0, 255});
}

// A number of its own for each pixel is no mean of channels: it stays a layer.
TEST(OnnxInputRange, AMeanPictureIsSubtractedExactly) {
  Pictured average;
  average.work("Sub", {1, 1, 1, 2}, {100, 50});
  const io::Model model = average.read();
  expectNear(ofBlackAndWhite(model), {-100, 205});
  EXPECT_EQ(model.network->node(1).layer->type(), "affine");
  EXPECT_THAT(model.notes, Contains(HasSubstr("white 255")));
}

TEST(OnnxInputRange, BatchNormalizationStaysALayer) {
  Pictured normal;
  for (const auto& [name, value] : {std::pair("g", 1.0f), {"b", 0.0f}, {"m", 127.0f}, {"v", 6400.0f}})
    normal.builder.floats(name, {1}, {value});
  normal.builder.add("n", "BatchNormalization", {"x", "g", "b", "m", "v"});
  normal.last = "n";
  const io::Model model = normal.read();
  const Floats found = ofBlackAndWhite(model);
  EXPECT_NEAR(found[0], -127 / 80.0f, 1e-4);
  EXPECT_NEAR(found[1], 128 / 80.0f, 1e-4);
}

// What something else reads, too, or nothing behind, is no normalization of pictures.
TEST(OnnxInputRange, WhatOthersReadStays) {
  Pictured shared;
  shared.work("Div", {}, {255});
  shared.builder.add("both", "Add", {shared.last, "x"});
  shared.last = "both";
  const io::Model model = shared.read();
  expectNear(modeltest::outputOf(model, {255, 0}), {256, 0});
}

}  // namespace
