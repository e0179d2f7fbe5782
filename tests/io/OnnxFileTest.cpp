// Our own ONNX files: what is written is standard ONNX, and comes back bit by bit.
#include <cmath>
#include <csignal>
#include <gtest/gtest.h>
#include <limits>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>
#include <sys/resource.h>

#include <QDir>
#include <QTemporaryDir>

#include "io/GraphBuilder.h"
#include "io/Model.h"
#include "io/ModelTools.h"
#include "io/onnx/OnnxReader.h"
#include "io/session/SavedWork.h"

namespace {

using graphtest::GraphBuilder;
using modeltest::outputOf;
using modeltest::readAll;
using modeltest::refusalOf;

onnx::ModelProto parsed(const QString& path) {
  const QByteArray bytes = readAll(path);
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromArray(bytes.constData(), int(bytes.size())));
  return model;
}

// given: by the shapes of the inputs, whose names and order another program may change. What is not there yet is, afterwards: a noise that
// the network has drawn itself, which another program would have to give it.
std::vector<float> answerTo(std::map<std::string, std::vector<float>>& given, const io::Model& model) {
  const nn::Network& network = *model.network;
  nn::Weights weights(model.network);
  weights.assign(model.parameters);
  nn::Workspace workspace(model.network, 1, false);
  for (std::size_t i = 0; i < network.inputs().size(); ++i) {
    const nn::Network::Node& node = network.node(network.inputs()[i]);
    if (nn::drawsNoise(*node.layer)) continue;
    std::vector<float>& values = given[node.shape.text()];
    if (values.empty()) values = modeltest::pattern(node.shape.size());
    workspace.setInput(0, values, int(i));
  }
  workspace.forward(weights);
  for (const int input : network.inputs()) {
    std::vector<float>& values = given[network.node(input).shape.text()];
    values.resize(network.node(input).shape.size());
    workspace.read(input, 0, values);
  }
  std::vector<float> result(network.outputShape().size());
  workspace.read(network.outputs()[0], 0, result);
  return result;
}

// Networks with everything that a shipped one does not have.
nn::NetworkSpec oddNetwork() {
  return io::readNetworkJson(R"({"name": "odd", "classes": ["a", "b"], "nodes": [
    {"name": "input", "type": "input", "channels": 2, "height": 9, "width": 7},
    {"name": "c1", "type": "conv2d", "filters": 3, "kernel": [3, 2], "stride": [2, 1], "padding": "same", "activation": "leaky-relu", "bias": false},
    {"name": "p1", "type": "max-pool", "kernel": 3, "stride": 2, "padding": 1},
    {"name": "tanh", "type": "activation", "activation": "tanh"},
    {"name": "c2", "type": "conv2d", "filters": 3, "kernel": 3, "padding": "same", "activation": "scaled-tanh", "connections": "0 1; 2; 0 1 2"},
    {"name": "sum", "type": "add", "inputs": ["c2", "tanh"]},
    {"name": "both", "type": "concat", "inputs": ["sum", "tanh"]},
    {"name": "a1", "type": "average-pool", "kernel": 2, "stride": 1, "scaled": true, "activation": "sigmoid"},
    {"name": "flat", "type": "flatten"},
    {"name": "drop", "type": "dropout", "rate": 0.25},
    {"name": "d1", "type": "dense", "units": 4, "activation": "sigmoid", "bias": false},
    {"name": "d2", "type": "dense", "units": 4, "activation": "tanh"},
    {"name": "sum2", "type": "add", "inputs": ["d1", "d2"]},
    {"name": "out", "type": "dense", "units": 2},
    {"name": "softmax", "type": "softmax"}]})",
                             "odd");
}

class OnnxFile : public ::testing::Test {
 protected:
  QTemporaryDir m_folder;
  QString path(const char* name = "model.onnx") { return m_folder.filePath(name); }

  // Small noise on top of the initial parameters, so that biases are not all zero.
  io::Model model(const nn::NetworkSpec& spec) {
    io::Model result;
    result.network = nn::Network::create(spec);
    result.parameters = result.network->initialParameters(3);
    for (std::size_t i = 0; i < result.parameters.size(); ++i) result.parameters[i] += 0.01f * float(int(i * 7 % 11) - 5);
    return result;
  }
  std::vector<nn::NetworkSpec> specs() {
    std::vector<nn::NetworkSpec> all = io::shippedNetworks();
    all.push_back(oddNetwork());
    return all;
  }
};

TEST_F(OnnxFile, ComesBackExactly) {
  for (const nn::NetworkSpec& spec : specs()) {
    SCOPED_TRACE(spec.name);
    const io::Model before = model(spec);
    io::saveOnnx(path(), *before.network, before.parameters);
    const io::Model after = io::loadOnnx(path());
    EXPECT_EQ(after.network->spec(), spec);
    EXPECT_EQ(after.parameters, before.parameters);
    EXPECT_TRUE(after.notes.empty());
  }
}

TEST_F(OnnxFile, PassesTheCheckerAndShapeInference) {
  for (const nn::NetworkSpec& spec : specs()) {
    SCOPED_TRACE(spec.name);
    const io::Model before = model(spec);
    io::saveOnnx(path(), *before.network, before.parameters);
    onnx::ModelProto proto = parsed(path());
    EXPECT_NO_THROW(onnx::checker::check_model(proto));
    onnx::ShapeInferenceOptions strict(true, 1, true);
    EXPECT_NO_THROW(onnx::shape_inference::InferShapes(proto, onnx::OpSchemaRegistry::Instance(), strict));
    // The shapes that the standard gives every one of our nodes are ours.
    std::map<std::string, std::vector<std::int64_t>> inferred;
    for (const onnx::ValueInfoProto& info : proto.graph().value_info()) {
      for (const auto& dim : info.type().tensor_type().shape().dim()) inferred[info.name()].push_back(dim.dim_value());
    }
    int compared = 0;
    for (const nn::Network::Node& node : before.network->nodes()) {
      const auto found = inferred.find(node.name);
      if (found == inferred.end()) continue;
      std::int64_t size = 1;
      for (std::size_t i = 1; i < found->second.size(); ++i) size *= found->second[i];
      EXPECT_EQ(size, std::int64_t(node.shape.size())) << node.name;
      EXPECT_EQ(found->second[1], node.shape.channels) << node.name;
      ++compared;
    }
    EXPECT_GE(compared, int(before.network->nodes().size() - before.network->inputs().size()) - 2);
  }
}

TEST_F(OnnxFile, MeansTheSameToAProgramThatDoesNotKnowConvScope) {
  for (const nn::NetworkSpec& spec : specs()) {
    SCOPED_TRACE(spec.name);
    const io::Model before = model(spec);
    io::saveOnnx(path(), *before.network, before.parameters);
    onnx::ModelProto proto = parsed(path());
    proto.clear_metadata_props();
    modeltest::writeAll(path("bare.onnx"), QByteArray::fromStdString(proto.SerializeAsString()));
    const io::Model after = io::loadOnnx(path("bare.onnx"));
    std::map<std::string, std::vector<float>> given;
    const std::vector<float> wanted = answerTo(given, before), found = answerTo(given, after);
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-5f);
  }
}

TEST_F(OnnxFile, WeightsChangedElsewhereAreTaken) {
  const io::Model before = model(io::loadNetworkSpec("tiny"));
  io::saveOnnx(path(), *before.network, before.parameters);
  onnx::ModelProto proto = parsed(path());
  for (onnx::TensorProto& tensor : *proto.mutable_graph()->mutable_initializer()) {
    if (tensor.name() == "output.bias") tensor.mutable_raw_data()->assign(tensor.raw_data().size(), '\0');
  }
  modeltest::writeAll(path(), QByteArray::fromStdString(proto.SerializeAsString()));
  const io::Model after = io::loadOnnx(path());
  const nn::Network::Node& output = after.network->node(after.network->find("output"));
  EXPECT_EQ(after.parameters.at(output.parameterOffset + output.parameterCount - 1), 0.0f);
}

TEST_F(OnnxFile, AGraphChangedElsewhereIsReadAnew) {
  nn::NetworkSpec spec = io::loadNetworkSpec("tiny");
  spec.input.ink = nn::InkPolarity::DarkOnLight;
  for (const char* name : {"nil", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"})
    spec.classNames.emplace_back(name);
  const io::Model before = model(spec);
  io::saveOnnx(path(), *before.network, before.parameters);
  EXPECT_EQ(io::loadOnnx(path()).network->spec(), spec);
  onnx::ModelProto proto = parsed(path());
  for (onnx::NodeProto& node : *proto.mutable_graph()->mutable_node()) {
    if (node.op_type() == "Relu") node.set_op_type("Tanh");
  }
  modeltest::writeAll(path(), QByteArray::fromStdString(proto.SerializeAsString()));
  const io::Model after = io::loadOnnx(path());
  ASSERT_FALSE(after.notes.empty());
  EXPECT_EQ(after.network->node(after.network->find("conv1")).layer->activation(), nn::Activation::Tanh);
  EXPECT_EQ(after.network->spec().classNames, spec.classNames) << "what is said of its ends holds for the other graph, too";
  EXPECT_EQ(after.network->spec().input, spec.input);
}

TEST_F(OnnxFile, DivergedParametersAreNotSaved) {
  io::Model before = model(io::loadNetworkSpec("softmax"));
  before.parameters[17] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(refusalOf([&] { io::saveOnnx(path(), *before.network, before.parameters); }).what.find("diverged"), std::string::npos);
  EXPECT_FALSE(QFile::exists(path()));
  before.parameters.pop_back();
  EXPECT_FALSE(refusalOf([&] { io::saveOnnx(path(), *before.network, before.parameters); }).what.empty());
}

TEST_F(OnnxFile, AFullDiskCostsNothingThatWasThere) {
  const io::Model before = model(io::loadNetworkSpec("softmax"));
  io::saveOnnx(path(), *before.network, before.parameters);
  const QByteArray old = readAll(path());
  // Files may not grow beyond a few kilobytes: the write fails as on a full disk.
  struct rlimit limit {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = limit;
  small.rlim_cur = 4096;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const io::Model larger = model(io::loadNetworkSpec("harley"));
  const nn::Issue issue = refusalOf([&] { io::saveOnnx(path(), *larger.network, larger.parameters); });
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_NE(issue.what.find("saving failed"), std::string::npos) << issue.what;
  EXPECT_EQ(readAll(path()), old);
  EXPECT_EQ(QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

long mostMemory() {  // kB, of this process so far
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// What lies there by mistake, a disk's image or a file that was laid out before it arrived, is not read to be refused.
TEST_F(OnnxFile, ALargeFileIsLookedAtBeforeItIsRead) {
  const long before = mostMemory();
  for (const QByteArray& beginning : {QByteArray(), QByteArray("\x08\x07\x3a\x05", 4), QByteArray("\x3a\xff\xff\xff\xff\x7f", 6)}) {
    QFile file(path());
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(beginning);
    ASSERT_TRUE(file.resize(qint64(1900) << 20));  // of which the disk holds nothing
    file.close();
    EXPECT_NE(refusalOf([&] { io::loadOnnx(path()); }).what.find("not an ONNX model"), std::string::npos);
    EXPECT_NE(refusalOf([&] { io::loadWork(path()); }).what.find("this is neither a session nor a checkpoint"), std::string::npos);
    EXPECT_NE(refusalOf([&] { io::loadNetworkSpec(path()); }).what.find("too large"), std::string::npos);
  }
  EXPECT_LT(mostMemory() - before, 1000 << 10);
  for (const nn::NetworkSpec& spec : specs()) {  // and what is a model passes
    const io::Model whole = model(spec);
    io::saveOnnx(path(), *whole.network, whole.parameters);
    QFile file(path());
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_NO_THROW(io::onnxfile::requireMessage(file, "model.onnx")) << spec.name;
  }
}

TEST_F(OnnxFile, AFolderThatDoesNotExistIsNamed) {
  const io::Model before = model(io::loadNetworkSpec("softmax"));
  const nn::Issue issue = refusalOf([&] { io::saveOnnx(path("no/such/folder.onnx"), *before.network, before.parameters); });
  EXPECT_NE(issue.where.find("no/such/folder.onnx"), std::string::npos);
}

TEST(ShippedModels, OpenAndReadTheirNetwork) {
  const std::vector<QString> names = io::shippedModels();
  ASSERT_FALSE(names.empty());
  EXPECT_EQ(names.front(), "harley");
  for (const QString& name : names) {
    SCOPED_TRACE(name.toStdString());
    const io::Model model = io::loadModel(name);
    EXPECT_EQ(model.network->spec(), io::loadNetworkSpec(name));
    EXPECT_EQ(model.parameters.size(), model.network->parameterCount());
    EXPECT_TRUE(model.notes.empty());
  }
  const nn::Issue unknown = refusalOf([] { io::loadModel("harvey"); });
  EXPECT_NE(unknown.hint.find("harley"), std::string::npos);
}

// Of such numbers no square root is taken, and nothing else is put in their place.
TEST(OnnxRefused, BatchNormalizationOfWhatHasNoRootIsRefused) {
  struct Case {
    float variance, epsilon;
    const char* told;
  };
  for (const Case& wrong : {Case{-0.5f, 1e-5f, "variance is negative"}, Case{1, -1, "epsilon is negative"}, Case{0, 0, "divides by 0"}}) {
    GraphBuilder builder({1, 4, 4});
    for (const char* name : {"gamma", "beta", "mean"}) builder.floats(name, {1}, {1});
    builder.floats("variance", {1}, {wrong.variance});
    GraphBuilder::number(builder.add("y", "BatchNormalization", {"x", "gamma", "beta", "mean", "variance"}), "epsilon", wrong.epsilon);
    try {
      builder.read({"y"});
      ADD_FAILURE() << wrong.told;
    } catch (const nn::Error& error) {
      EXPECT_NE(error.message().find(wrong.told), std::string::npos) << error.message();
    }
  }
}

// Each is told as what it is.
TEST(OnnxRefused, WhatIsMissingOrMeansNothingIsRefused) {
  const auto told = [](GraphBuilder& builder) {
    try {
      builder.read({"y"});
      return std::string();
    } catch (const nn::Error& error) {
      return error.message();
    }
  };
  GraphBuilder weightless({1, 4, 4}), open({1, 4, 4}), approximate({1, 4, 4});
  weightless.add("y", "Conv", {"x", "W"});
  EXPECT_NE(told(weightless).find("'W' is neither in the file nor computed"), std::string::npos) << told(weightless);
  open.wholes("shape", {-1, -1});
  open.add("y", "Reshape", {"x", "shape"});
  EXPECT_NE(told(open).find("more than one dimension open"), std::string::npos) << told(open);
  GraphBuilder::text(approximate.add("y", "Gelu", {"x"}), "approximate", "foo");
  EXPECT_NE(told(approximate).find("neither none nor tanh"), std::string::npos) << told(approximate);
}

}  // namespace
