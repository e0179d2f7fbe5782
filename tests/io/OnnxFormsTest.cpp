// Forms in which other programs write what could be written more plainly: weights in other files, functions, nodes in any order, images
// without a batch, numbers of other types, tensors of more dimensions on the way.
#include <cmath>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "io/GraphBuilder.h"
#include "io/ModelTools.h"

namespace {

using graphtest::expectNear;
using graphtest::Floats;
using graphtest::GraphBuilder;
using graphtest::Ints;
using modeltest::wholeOutputOf;
using testing::Contains;
using testing::HasSubstr;

class ExternalData : public ::testing::Test {
 protected:
  // y = 2 x1 + 3 x2, with its weights at `offset` of a file that it says.
  std::string reading(const std::string& location, const std::string& offset = "4", const std::string& length = "8") {
    GraphBuilder builder({2});
    builder.add("y", "MatMul", {"x", "w"});
    onnx::TensorProto& tensor = *builder.graph().add_initializer();
    tensor.set_name("w");
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t dim : {2, 1}) tensor.add_dims(dim);
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    for (const auto& [key, value] : {std::pair("location", location), {"offset", offset}, {"length", length}}) {
      onnx::StringStringEntryProto& entry = *tensor.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
    builder.graph().add_output()->set_name("y");
    const QString path = folder() + "/model.onnx";
    modeltest::writeAll(path, QByteArray::fromStdString(builder.model().SerializeAsString()));
    std::string refused = modeltest::refusalText([&] { expectNear(wholeOutputOf(io::loadOnnx(path), {1, 10}), {32}); });
    return refused;
  }
  void SetUp() override {
    ASSERT_TRUE(QDir(m_dir.path()).mkpath("models/data"));
    const float weights[] = {99, 2, 3};
    for (const char* name : {"/outside.bin", "/models/weights.bin", "/models/data/weights.bin"})
      modeltest::writeAll(m_dir.path() + name, QByteArray(reinterpret_cast<const char*>(weights), sizeof weights));
  }
  QString folder() const { return m_dir.path() + "/models"; }
  QTemporaryDir m_dir;
};

TEST_F(ExternalData, IsReadFromTheModelsFolder) {
  EXPECT_EQ(reading("weights.bin"), "");
  EXPECT_EQ(reading("data/weights.bin"), "");
  EXPECT_EQ(reading("./weights.bin"), "");
}

TEST_F(ExternalData, IsNeverReadFromAnywhereElse) {
  for (const std::string& hostile :
       std::vector<std::string>{"../outside.bin", "data/../../outside.bin", (m_dir.path() + "/outside.bin").toStdString()})
    EXPECT_THAT(reading(hostile), HasSubstr("not beside the model")) << hostile;
  ASSERT_TRUE(QFile::link(m_dir.path() + "/outside.bin", folder() + "/link.bin"));
  EXPECT_THAT(reading("link.bin"), HasSubstr("not beside the model"));
  EXPECT_THAT(reading("missing.bin"), HasSubstr("which is not there"));
  EXPECT_THAT(reading("data"), HasSubstr("cannot be read"));
}

TEST_F(ExternalData, IsNoMoreThanTheFileHolds) {
  EXPECT_THAT(reading("weights.bin", "8"), HasSubstr("behind the end"));
  EXPECT_THAT(reading("weights.bin", "9223372036854775807"), HasSubstr("behind the end"));
  EXPECT_THAT(reading("weights.bin", "-4"), HasSubstr("no number"));
  EXPECT_THAT(reading("weights.bin", "4", "12x"), HasSubstr("no number"));
  EXPECT_THAT(reading("weights.bin", "4", "4"), HasSubstr("should hold 2 values"));
}

TEST(OnnxForms, NodesComeInAnyOrder) {
  GraphBuilder builder({2});
  builder.floats("w", {2, 1}, {2, 3});
  builder.add("y", "Relu", {"m"});
  builder.add("m", "MatMul", {"n", "w"});
  builder.add("n", "Neg", {"x"});
  expectNear(wholeOutputOf(builder.read({"y"}), {-1, -10}), {32});
}

// scaled(x) = leaky(x w): with an attribute of the call, and one that it leaves out.
TEST(OnnxForms, FunctionsAreReadAsWhatTheyHold) {
  GraphBuilder builder({2});
  builder.floats("w", {2, 2}, {1, 0, 0, 2});
  for (const char* name : {"one", "two"}) {
    onnx::NodeProto& call = builder.add(name, "Layer", {std::string(name) == "one" ? "x" : "one", "w"});
    call.set_domain("mine");
    if (std::string(name) == "one") GraphBuilder::number(call, "slope", 0.5f);
  }
  onnx::FunctionProto& function = *builder.model().add_functions();
  function.set_name("Layer");
  function.set_domain("mine");
  for (const char* input : {"a", "b"}) function.add_input(input);
  function.add_output("c");
  onnx::NodeProto& product = *function.add_node();
  product.set_op_type("MatMul");
  for (const char* input : {"a", "b"}) product.add_input(input);
  product.add_output("inner");
  onnx::NodeProto& leaky = *function.add_node();
  leaky.set_op_type("LeakyRelu");
  leaky.add_input("inner");
  leaky.add_output("c");
  onnx::AttributeProto& slope = *leaky.add_attribute();
  slope.set_name("alpha");
  slope.set_type(onnx::AttributeProto::FLOAT);
  slope.set_ref_attr_name("slope");
  expectNear(wholeOutputOf(builder.read({"two"}), {-4, 1}), {-0.02f, 4});
  onnx::NodeProto& again = *function.add_node();
  again = builder.graph().node(0);
  EXPECT_THAT(modeltest::refusalText([&] { builder.read({"two"}); }), HasSubstr("functions"));
}

TEST(OnnxForms, AnImageMayComeWithoutABatch) {
  GraphBuilder builder({});
  auto& shape = *builder.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
  shape.clear_dim();
  for (const std::int64_t dim : {2, 1, 2}) shape.add_dim()->set_dim_value(dim);
  builder.wholes("zero", {0});
  builder.wholes("four", {4});
  builder.floats("k", {2, 2, 1, 1}, {1, 0, 0, 10});
  builder.floats("w", {4, 2}, {1, 0, 1, 0, 0, 1, 0, 1});
  builder.add("u", "Unsqueeze", {"x", "zero"});
  builder.add("c", "Conv", {"u", "k"});
  builder.add("q", "Squeeze", {"c", "zero"});
  builder.add("r", "Relu", {"q"});
  builder.add("f", "Reshape", {"r", "four"});
  builder.add("l", "MatMul", {"f", "w"});
  GraphBuilder::integer(builder.add("y", "Softmax", {"l"}), "axis", 0);
  const float low = std::exp(3.0f - 7), sum = 1 + low;
  expectNear(wholeOutputOf(builder.read({"y"}), {1, 2, 0.3f, 0.4f}), {low / sum, 1 / sum});
}

TEST(OnnxForms, WeightsOfOtherTypesAreRead) {
  GraphBuilder builder({2});
  const auto raw = [&](const char* name, int type, const Ints& dims, std::string bytes) {
    onnx::TensorProto& tensor = *builder.graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    for (const std::int64_t dim : dims) tensor.add_dims(dim);
    tensor.set_raw_data(std::move(bytes));
  };
  raw("short", onnx::TensorProto::BFLOAT16, {2, 2}, std::string("\x00\x40\x00\x00\x00\x00\x80\x3f", 8));  // 2 0 / 0 1
  raw("bytes", onnx::TensorProto::UINT8, {2, 2}, std::string("\x82\x80\x80\x84", 4));
  raw("zero", onnx::TensorProto::UINT8, {2}, std::string("\x80\x80", 2));
  builder.floats("scale", {2}, {0.5f, 0.25f});
  builder.floats("one", {}, {1});
  builder.add("m", "MatMul", {"x", "short"});
  GraphBuilder::integer(builder.add("w", "DequantizeLinear", {"bytes", "scale", "zero"}), "axis", 0);  // 1 0 / 0 1
  builder.add("q", "QuantizeLinear", {"m", "one"});
  builder.add("d", "DequantizeLinear", {"q", "one"});
  builder.add("y", "MatMul", {"d", "w"});
  const io::Model model = builder.read({"y"});
  expectNear(wholeOutputOf(model, {1.5f, 4}), {3, 4});
  EXPECT_THAT(model.notes, Contains(HasSubstr("not rounded")));
  EXPECT_THAT(model.notes, Contains(HasSubstr("turned into 32-bit floats")));
}

// What a graph makes of eight cells of two maps of 2 x 2: by the numbers that the standard says.
struct Row {
  const char* what;
  std::function<void(GraphBuilder&)> add;
  Floats wanted;
};

TEST(OnnxForms, CellsAreMovedAsTheStandardSays) {
  const auto with = [](const char* op, const char* name, Ints values, const std::vector<std::string>& inputs = {"x"}) {
    return [=](GraphBuilder& b) { GraphBuilder::ints(b.add("y", op, inputs), name, values); };
  };
  const auto padded = [](const char* mode, Ints pads) {
    return [=](GraphBuilder& b) {
      b.wholes("pads", pads);
      GraphBuilder::text(b.add("y", "Pad", {"x", "pads"}), "mode", mode);
    };
  };
  const auto sliced = [](Ints from, Ints to, Ints axes, Ints steps) {
    return [=](GraphBuilder& b) {
      b.wholes("from", from), b.wholes("to", to), b.wholes("axes", axes), b.wholes("steps", steps);
      b.add("y", "Slice", {"x", "from", "to", "axes", "steps"});
    };
  };
  const auto reduced = [](const char* op, Ints axes) {
    return [=](GraphBuilder& b) {
      b.wholes("axes", axes);
      b.add("y", op, {"x", "axes"});
    };
  };
  const std::vector<Row> rows{{"transposed", with("Transpose", "perm", {0, 1, 3, 2}), {1, 3, 2, 4, 5, 7, 6, 8}},
                              {"reflected", padded("reflect", {0, 0, 0, 1, 0, 0, 0, 0}), {2, 1, 2, 4, 3, 4, 6, 5, 6, 8, 7, 8}},
                              {"edge", padded("edge", {0, 0, 1, 0, 0, 0, 0, 0}), {1, 2, 1, 2, 3, 4, 5, 6, 5, 6, 7, 8}},
                              {"more maps", padded("constant", {0, 1, 0, 0, 0, 0, 0, 0}), {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}},
                              {"cropped", padded("constant", {0, 0, -1, 0, 0, 0, 0, 0}), {3, 4, 7, 8}},
                              {"backwards", sliced({-1}, {-9}, {3}, {-1}), {2, 1, 4, 3, 6, 5, 8, 7}},
                              {"every second", sliced({0}, {9}, {1}, {2}), {1, 2, 3, 4}},
                              {"sum of rows", reduced("ReduceSum", {2}), {4, 6, 12, 14}},
                              {"sum of maps", reduced("ReduceSum", {1}), {6, 8, 10, 12}},
                              {"sum of all", reduced("ReduceSum", {-1, -2}), {10, 26}},
                              {"tiled",
                               [](GraphBuilder& b) {
                                 b.wholes("times", {1, 1, 1, 2});
                                 b.add("y", "Tile", {"x", "times"});
                               },
                               {1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6, 7, 8, 7, 8}},
                              {"gathered",
                               [](GraphBuilder& b) {
                                 b.wholes("which", {1, 0, 1});
                                 GraphBuilder::integer(b.add("y", "Gather", {"x", "which"}), "axis", 1);
                               },
                               {5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8}},
                              {"split",
                               [](GraphBuilder& b) {
                                 onnx::NodeProto& split = b.add("a", "Split", {"x"});
                                 GraphBuilder::integer(split, "axis", 2);
                                 split.add_output("b");
                                 GraphBuilder::integer(b.add("y", "Concat", {"b", "a"}), "axis", 2);
                               },
                               {3, 4, 1, 2, 7, 8, 5, 6}},
                              {"to depth",
                               [](GraphBuilder& b) { GraphBuilder::integer(b.add("y", "SpaceToDepth", {"x"}), "blocksize", 2); },
                               {1, 5, 2, 6, 3, 7, 4, 8}},
                              {"shuffled",
                               [](GraphBuilder& b) {
                                 b.wholes("groups", {0, 2, 2, 1, 2});
                                 b.wholes("back", {0, 4, 1, 2});
                                 b.add("g", "Reshape", {"x", "groups"});
                                 GraphBuilder::ints(b.add("t", "Transpose", {"g"}), "perm", {0, 2, 1, 3, 4});
                                 b.add("y", "Reshape", {"t", "back"});
                               },
                               {1, 2, 5, 6, 3, 4, 7, 8}},
                              {"softmax of columns",
                               [](GraphBuilder& b) { GraphBuilder::integer(b.add("y", "Softmax", {"x"}), "axis", 3); },
                               {0.26894142f, 0.73105858f, 0.26894142f, 0.73105858f, 0.26894142f, 0.73105858f, 0.26894142f, 0.73105858f}}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    GraphBuilder builder({2, 2, 2}, 13);
    builder.floats("one", {1}, {1});
    row.add(builder);
    const io::Model model = builder.read({"y"});
    expectNear(wholeOutputOf(model, {1, 2, 3, 4, 5, 6, 7, 8}), row.wanted);
  }
}

TEST(OnnxForms, NormalizationsOfOneImage) {
  const auto normalized = [](const std::function<void(GraphBuilder&)>& add) {
    GraphBuilder builder({2, 1, 2}, 18);
    builder.floats("scale", {2}, {1, 2});
    builder.floats("bias", {2}, {0, 1});
    add(builder);
    return wholeOutputOf(builder.read({"y"}), {1, 3, 5, 11});
  };
  const auto expectClose = [](const Floats& found, const Floats& wanted) {
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found.at(i), wanted[i], 1e-4) << i;
  };
  expectClose(normalized([](GraphBuilder& b) { b.add("y", "InstanceNormalization", {"x", "scale", "bias"}); }), {-1, 1, -1, 3});
  const float deviation = std::sqrt(14.0f);
  const Floats group{-4 / deviation, -2 / deviation, 1, 1 + 12 / deviation};
  expectClose(normalized([](GraphBuilder& b) {
                GraphBuilder::integer(b.add("y", "GroupNormalization", {"x", "scale", "bias"}), "num_groups", 1);
              }),
              group);
  // As exporters write it.
  expectClose(normalized([](GraphBuilder& b) {
                b.wholes("groups", {0, 1, -1});
                b.wholes("maps", {0, 2, 1, 2});
                b.floats("one", {1}, {1});
                b.floats("zero", {1}, {0});
                b.floats("scales", {2, 1, 1}, {1, 2});
                b.floats("biases", {2, 1, 1}, {0, 1});
                b.add("g", "Reshape", {"x", "groups"});
                b.add("i", "InstanceNormalization", {"g", "one", "zero"});
                b.add("m", "Reshape", {"i", "maps"});
                b.add("s", "Mul", {"m", "scales"});
                b.add("y", "Add", {"s", "biases"});
              }),
              group);
  expectClose(normalized([](GraphBuilder& b) { b.add("y", "LayerNormalization", {"x", "scale", "bias"}); }), {-1, 3, -1, 3});
}

// The functions that are layers of their own, and those that are made of several.
TEST(OnnxForms, CurvesAreExact) {
  const Floats inputs{-3, -0.5f, 0, 0.5f, 3};
  const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
  const std::vector<std::pair<const char*, std::function<double(double)>>> rows{
      {"Softplus", softplus},
      {"Softsign", [](double x) { return x / (1 + std::abs(x)); }},
      {"Mish", [&](double x) { return x * std::tanh(softplus(x)); }},
      {"Selu", [](double x) { return 1.05070102 * (x > 0 ? x : 1.67326319 * std::expm1(x)); }},
      {"Celu", [](double x) { return x > 0 ? x : std::expm1(x); }},
      {"ThresholdedRelu", [](double x) { return x > 1 ? x : 0; }},
      {"Abs", [](double x) { return std::abs(x); }}};
  for (const auto& [op, function] : rows) {
    GraphBuilder builder({5}, 18);
    builder.add("y", op, {"x"});
    const Floats found = wholeOutputOf(builder.read({"y"}), inputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) EXPECT_NEAR(found[i], function(double(inputs[i])), 2e-6) << op << " of " << inputs[i];
  }
}

}  // namespace
