// ONNX files that other programs wrote (tests/io/foreign/make_foreign.py), with what PyTorch computed with them; and files that
// are broken.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include "data/InputPipeline.h"
#include "io/GraphBuilder.h"
#include "io/Model.h"
#include "io/ModelTools.h"

namespace {

using modeltest::outputOf;
using modeltest::readAll;
using modeltest::refusalOf;

QString foreign(const QString& name) {
  return QString(CONVSCOPE_SOURCE_DIR) + "/tests/io/foreign/" + name;
}

// The picture in our order of values: channels last in the file means transposing it.
std::vector<float> pictureFor(const QString& name, const nn::Shape& shape) {
  std::vector<float> given = modeltest::pattern(shape.size());
  if (name != "channels-last") return given;
  std::vector<float> result(given.size());
  const std::size_t channels = std::size_t(shape.channels), area = given.size() / channels;
  for (std::size_t i = 0; i < given.size(); ++i) result[i % channels * area + i / channels] = given[i];
  return result;
}

class ForeignOnnx : public ::testing::TestWithParam<const char*> {};

TEST_P(ForeignOnnx, ComputesWhatPyTorchComputed) {
  const QString name = GetParam();
  const QJsonObject expected = QJsonDocument::fromJson(readAll(foreign("expected.json"))).object();
  const QJsonArray wanted = expected.value(name).toArray();
  ASSERT_FALSE(wanted.isEmpty());
  const io::Model model = io::loadOnnx(foreign(name + ".onnx"));
  std::vector<float> picture = pictureFor(name, model.network->inputShape());
  data::InputPipeline(*model.network).inkToInput(picture);  // what a graph begins with may have become what the model says of its input
  const std::vector<float> found = outputOf(model, picture);
  ASSERT_EQ(qsizetype(found.size()), wanted.size());
  for (qsizetype i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[std::size_t(i)], wanted[i].toDouble(), 2e-6);
}

INSTANTIATE_TEST_SUITE_P(Styles, ForeignOnnx,
                         ::testing::Values("classic", "normalized", "dense", "ways", "channels-last", "historic", "clipped",
                                           "pre-activation", "padded", "padded-by-constants", "arithmetic", "smooth", "slopes", "decoder",
                                           "gated", "gated-unfolded", "signal"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(ForeignOnnxNames, LayersKeepTheNamesThatTheyWereTrainedWith) {
  const io::Model model = io::loadOnnx(foreign("classic.onnx"));
  for (const char* name : {"conv1", "pool1", "conv2", "pool2", "fc1", "fc2"}) EXPECT_GE(model.network->find(name), 0) << name;
  EXPECT_EQ(model.network->node(model.network->find("conv1")).layer->activation(), nn::Activation::Relu);
  EXPECT_EQ(model.network->node(model.network->outputs()[0]).layer->type(), "log-softmax");
  EXPECT_TRUE(model.notes.empty());
}

// Also where a layer has that name already, and where a node is given out twice.
TEST(ForeignOnnxNames, SeveralOutputsHaveTheNamesOfTheFile) {
  graphtest::GraphBuilder builder({4});
  builder.weights("y.weight", {4, 3});
  builder.weights("corners", {4, 2});
  builder.add("scores", "MatMul", {"x", "y.weight"});
  builder.add("y", "Softmax", {"scores"});
  builder.add("boxes", "MatMul", {"x", "corners"});
  const auto namesOf = [](const io::Model& model) {
    std::vector<std::string> names;
    for (const int output : model.network->outputs()) names.push_back(model.network->node(output).name);
    return names;
  };
  const io::Model both = builder.read({"y", "boxes"});
  EXPECT_EQ(namesOf(both), (std::vector<std::string>{"y", "boxes"}));
  EXPECT_EQ(both.network->node(both.network->find("y")).layer->type(), "softmax");
  graphtest::expectNear(outputOf(both, {1, 1, 1, 1}), outputOf(builder.read({"y"}), {1, 1, 1, 1}));
  EXPECT_EQ(namesOf(builder.read({"boxes", "scores", "y"})), (std::vector<std::string>{"boxes", "scores", "y"}));
}

TEST(ForeignOnnxNames, AnOperatorThatIsNotSupportedIsNamed) {
  const nn::Issue issue = refusalOf([] { io::loadOnnx(foreign("unsupported.onnx")); });
  EXPECT_NE(issue.what.find("CumSum"), std::string::npos) << issue.what;
  EXPECT_NE(issue.where.find("unsupported.onnx"), std::string::npos) << issue.where;
  EXPECT_FALSE(issue.hint.empty());
}

class BrokenOnnx : public ::testing::Test {
 protected:
  QTemporaryDir m_folder;

  nn::Issue refused(const QByteArray& bytes) {
    const QString path = m_folder.filePath("broken.onnx");
    modeltest::writeAll(path, bytes);
    return refusalOf([&] { io::loadOnnx(path); });
  }
  // Whether it was read; anything but nn::Error is a failure.
  bool survives(const QByteArray& bytes) {
    const QString path = m_folder.filePath("broken.onnx");
    modeltest::writeAll(path, bytes);
    try {
      const io::Model model = io::loadOnnx(path);
      EXPECT_EQ(model.parameters.size(), model.network->parameterCount());
      EXPECT_TRUE(std::all_of(model.parameters.begin(), model.parameters.end(), [](float value) { return std::isfinite(value); }));
      return true;
    } catch (const nn::Error& error) {
      EXPECT_FALSE(error.issue().what.empty());
      return false;
    }
  }
  onnx::ModelProto classic() {
    const QByteArray bytes = readAll(foreign("classic.onnx"));
    onnx::ModelProto model;
    EXPECT_TRUE(model.ParseFromArray(bytes.constData(), int(bytes.size())));
    return model;
  }
  nn::Issue refused(const onnx::ModelProto& model) { return refused(QByteArray::fromStdString(model.SerializeAsString())); }
};

TEST_F(BrokenOnnx, FilesThatAreNoModelAreRefused) {
  EXPECT_NE(refused(QByteArray()).what.find("empty"), std::string::npos);
  EXPECT_FALSE(refused("this is a text, not a model").what.empty());
  EXPECT_FALSE(refused(QByteArray(1000, '\xff')).what.empty());
  EXPECT_FALSE(refused(onnx::ModelProto()).what.empty());
  EXPECT_NE(refusalOf([&] { io::loadOnnx(m_folder.filePath("nothing.onnx")); }).what.find("no such file"), std::string::npos);
  EXPECT_NE(refusalOf([&] { io::loadOnnx(m_folder.path()); }).what.find("folder"), std::string::npos);
}

TEST_F(BrokenOnnx, WeightsThatDoNotMatchTheirSizeAreRefused) {
  onnx::ModelProto model = classic();
  onnx::TensorProto& tensor = *model.mutable_graph()->mutable_initializer(0);
  const onnx::TensorProto whole = tensor;
  tensor.mutable_raw_data()->pop_back();
  EXPECT_FALSE(refused(model).what.empty());
  tensor = whole;
  tensor.set_dims(0, std::int64_t(1) << 40);  // a huge count: nothing may be allocated for it
  EXPECT_FALSE(refused(model).what.empty());
  tensor = whole;
  tensor.set_dims(0, -3);
  EXPECT_NE(refused(model).what.find("negative"), std::string::npos);
  tensor = whole;
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  EXPECT_NE(refused(model).what.find("another file"), std::string::npos);
  tensor = whole;
  tensor.mutable_raw_data()->replace(0, 4, std::string("\x00\x00\xc0\x7f", 4));  // not a number
  EXPECT_NE(refused(model).what.find("not finite"), std::string::npos);
}

TEST_F(BrokenOnnx, GraphsThatDoNotHangTogetherAreRefused) {
  onnx::ModelProto model = classic();
  model.mutable_graph()->mutable_node(1)->set_input(0, "nobody");
  EXPECT_NE(refused(model).what.find("nobody"), std::string::npos);
  model = classic();
  model.mutable_graph()->mutable_output(0)->set_name("nothing");
  EXPECT_NE(refused(model).what.find("nothing"), std::string::npos);
  model = classic();
  model.mutable_graph()->clear_input();
  EXPECT_FALSE(refused(model).what.empty());
  model = classic();
  model.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(2)->set_dim_value(4);
  EXPECT_FALSE(refused(model).what.empty());
  model.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(2)->clear_dim_value();
  EXPECT_NE(refused(model).what.find("not fixed"), std::string::npos);
  for (const auto& [size, words] : {std::pair<std::int64_t, const char*>{0, "dimension 3 of it is 0, and a size is 1 or more"},
                                    {-5, "dimension 3 of it is -5, and"},
                                    {2000000000, "dimension 3 of it is 2000000000; at most 65536"},
                                    {-1, "not fixed"}}) {
    model.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(2)->set_dim_value(size);
    EXPECT_NE(refused(model).what.find(words), std::string::npos) << refused(model).what;
  }
  model = classic();
  model.mutable_graph()->mutable_node(0)->set_input(0, model.graph().node(1).output(0));
  EXPECT_NE(refused(model).what.find("computed by nothing before it"), std::string::npos) << "in a circle";
}

TEST_F(BrokenOnnx, EveryTruncationIsRefused) {
  for (const char* name : {"classic.onnx", "ways.onnx"}) {
    const QByteArray bytes = readAll(foreign(name));
    int read = 0;
    for (qsizetype length = 0; length + 1 < bytes.size(); length += 7) read += survives(bytes.left(length)) ? 1 : 0;
    EXPECT_EQ(read, 0) << name;
  }
}

TEST_F(BrokenOnnx, ChangedBytesNeverDoMoreThanBeRefused) {
  QString ownPath = m_folder.filePath("own.onnx");
  const auto network = nn::Network::create(io::loadNetworkSpec("tiny"));
  io::saveOnnx(ownPath, *network, network->initialParameters(1));
  std::uint32_t state = 7;
  const auto next = [&] { return state = state * 1664525u + 1013904223u, state >> 8; };
  for (const QString& path :
       {foreign("classic.onnx"), foreign("normalized.onnx"), foreign("ways.onnx"), foreign("channels-last.onnx"), ownPath}) {
    const QByteArray bytes = readAll(path);
    int read = 0;
    for (int round = 0; round < 600; ++round) {
      QByteArray changed = bytes;
      for (int i = 0; i < 4; ++i) changed[qsizetype(next() % std::uint32_t(bytes.size()))] = char(next());
      read += survives(changed) ? 1 : 0;
    }
    EXPECT_LT(read, 600) << path.toStdString();
  }
}

}  // namespace
