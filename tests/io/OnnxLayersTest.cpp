// Every layer type through the grid of settings of the catalogue tests: written as ONNX it passes the checker with our shapes,
// comes back bit by bit, and means the same to a program that does not know ConvScope.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <QTemporaryDir>

#include "io/Model.h"
#include "io/ModelTools.h"
#include "support/LayerCases.h"

namespace {

class OnnxLayers : public ::testing::TestWithParam<nntest::LayerCase> {
 protected:
  void SetUp() override { save(nntest::specOf(GetParam())); }
  void save(const nn::NetworkSpec& spec) {
    m_model.network = nn::Network::create(spec);
    m_model.parameters = nntest::randomParameters(*m_model.network, 5);
    io::saveOnnx(path(), *m_model.network, m_model.parameters);
    const QByteArray bytes = modeltest::readAll(path());
    ASSERT_TRUE(m_proto.ParseFromArray(bytes.constData(), int(bytes.size())));
  }
  QString path(const char* name = "model.onnx") const { return m_folder.filePath(name); }

  static std::vector<float> outputOf(const io::Model& model) {
    nn::Weights weights(model.network);
    weights.assign(model.parameters);
    nn::Workspace workspace(model.network, 1, false);
    const auto inputs = model.network->inputs();
    for (std::size_t i = 0; i < inputs.size(); ++i) {  // by their names: a picture is read as the first of them
      const nn::Network::Node& node = model.network->node(inputs[i]);
      const auto before = std::count_if(inputs.begin(), inputs.end(), [&](int one) { return model.network->node(one).name < node.name; });
      workspace.setInput(0, nntest::distinctValues(node.shape.size(), std::size_t(before) + 1), int(i));
    }
    workspace.forward(weights);
    return nntest::readNode(workspace, model.network->outputs()[0], 0);
  }

  QTemporaryDir m_folder;
  io::Model m_model;
  onnx::ModelProto m_proto;
};

TEST_P(OnnxLayers, ComeBackExactly) {
  const io::Model after = io::loadOnnx(path());
  EXPECT_EQ(after.network->spec(), m_model.network->spec());
  EXPECT_EQ(after.parameters, m_model.parameters);
  EXPECT_TRUE(after.notes.empty());
}

TEST_P(OnnxLayers, PassTheCheckerWithOurShapes) {
  EXPECT_NO_THROW(onnx::checker::check_model(m_proto));
  onnx::ModelProto bare = m_proto;
  bare.mutable_graph()->mutable_output(0)->mutable_type()->mutable_tensor_type()->clear_shape();
  const onnx::ShapeInferenceOptions strict(true, 1, true);
  ASSERT_NO_THROW(onnx::shape_inference::InferShapes(bare, onnx::OpSchemaRegistry::Instance(), strict));
  const nn::Shape shape = m_model.network->outputShape();
  std::vector<std::int64_t> dims;
  for (const auto& dim : bare.graph().output(0).type().tensor_type().shape().dim()) dims.push_back(dim.dim_value());
  ASSERT_GE(dims.size(), 2u);
  dims.resize(4, 1);
  EXPECT_EQ(std::vector<std::int64_t>(dims.begin() + 1, dims.end()),
            (std::vector<std::int64_t>{shape.channels, shape.height, shape.width}));
}

TEST_P(OnnxLayers, MeanTheSameWithoutOurDescription) {
  const nn::Layer& layer = *m_model.network->node(m_model.network->outputs()[0]).layer;
  if (layer.type().starts_with("adaptive") && !layer.window()) GTEST_SKIP() << "uneven windows are written one by one and not read so";
  nn::NetworkSpec spec = nntest::specOf(GetParam());
  // Some layers do nothing to the numbers; with weights behind them there is something to read, and their order counts.
  spec.nodes.push_back({"behind", "dense", {"layer"}, {{"units", std::int64_t(3)}}});
  save(spec);
  m_proto.clear_metadata_props();
  modeltest::writeAll(path("bare.onnx"), QByteArray::fromStdString(m_proto.SerializeAsString()));
  const io::Model after = io::loadOnnx(path("bare.onnx"));
  const std::vector<float> wanted = outputOf(m_model), found = outputOf(after);
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(found[i], wanted[i], 1e-5 * (1 + std::abs(wanted[i]))) << i;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, OnnxLayers, ::testing::ValuesIn(nntest::layerCases()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
