#include "support/LayerCases.h"

#include <algorithm>
#include <numeric>

namespace nntest {

namespace {

using List = std::vector<std::int64_t>;

LayerCase conv(std::string name, nn::Shape input, int filters, List kernel, List stride, const std::string& padding,
               const std::string& activation, bool bias = true, const std::string& connections = {}) {
  return {std::move(name),
          {input},
          "conv2d",
          {{"filters", std::int64_t(filters)},
           {"kernel", std::move(kernel)},
           {"stride", std::move(stride)},
           {"padding", padding},
           {"activation", activation},
           {"bias", bias},
           {"connections", connections}}};
}

// With groups, dilation and padding of its own for each side.
LayerCase convWith(LayerCase layerCase, std::int64_t groups, List dilation, List padding) {
  layerCase.fields["groups"] = groups;
  layerCase.fields["dilation"] = std::move(dilation);
  if (!padding.empty()) layerCase.fields["padding"] = std::move(padding);
  return layerCase;
}

void addGroupedConvolutions(std::vector<LayerCase>& cases) {
  cases.push_back(convWith(conv("ConvGroups", {4, 6, 5}, 6, {3}, {1}, "same", "relu"), 2, {1}, {}));
  cases.push_back(convWith(conv("ConvDepthwise", {5, 6, 6}, 5, {3}, {1}, "same", "gelu"), 5, {1}, {}));
  cases.push_back(convWith(conv("ConvDepthwiseTwice", {3, 7, 6}, 6, {3, 2}, {2, 1}, "1", "tanh", false), 3, {1}, {}));
  cases.push_back(convWith(conv("ConvGroupsWide", {18, 3, 4}, 20, {1}, {1}, "valid", "none"), 2, {1}, {}));
  cases.push_back(convWith(conv("ConvDilated", {2, 8, 9}, 3, {3}, {1}, "same", "leaky-relu"), 1, {2}, {}));
  cases.push_back(convWith(conv("ConvDilatedValid", {2, 7, 9}, 9, {2, 3}, {1}, "valid", "none"), 1, {3, 2}, {}));
  cases.push_back(convWith(conv("ConvDilatedStride", {2, 9, 10}, 2, {3}, {2, 3}, "2", "sigmoid"), 1, {2, 3}, {}));
  cases.push_back(convWith(conv("ConvDilatedBeyond", {1, 3, 3}, 2, {3}, {1}, "same", "none"), 1, {4}, {}));
  cases.push_back(convWith(conv("ConvDilatedGroups", {4, 7, 7}, 4, {2}, {3}, "valid", "relu"), 4, {2, 4}, {}));
  cases.push_back(convWith(conv("ConvPaddedUnevenly", {2, 5, 6}, 3, {3}, {1}, "valid", "relu"), 1, {1}, {0, 2, 1, 0}));
  cases.push_back(convWith(conv("ConvPaddedOblong", {2, 5, 6}, 3, {1, 5}, {1}, "valid", "none"), 1, {1}, {0, 2}));
  cases.push_back(convWith(conv("ConvPaddedDilated", {2, 5, 6}, 2, {3}, {2}, "valid", "none"), 2, {2}, {4, 0, 1, 3}));
  cases.push_back(conv("ConvSignal", {2, 1, 9}, 4, {1, 3}, {1, 2}, "same", "relu"));
}

LayerCase pool(std::string name, const std::string& type, nn::Shape input, List kernel, List stride, const std::string& padding) {
  return {std::move(name), {input}, type, {{"kernel", std::move(kernel)}, {"stride", std::move(stride)}, {"padding", padding}}};
}

LayerCase dense(std::string name, nn::Shape input, int units, const std::string& activation, bool bias = true) {
  return {std::move(name), {input}, "dense", {{"units", std::int64_t(units)}, {"activation", activation}, {"bias", bias}}};
}

void addConvolutions(std::vector<LayerCase>& cases) {
  cases.push_back(conv("ConvPlain", {2, 7, 6}, 3, {3}, {1}, "valid", "none"));
  cases.push_back(conv("ConvOneByOne", {3, 4, 5}, 4, {1}, {1}, "valid", "relu"));
  cases.push_back(conv("ConvSame", {2, 6, 5}, 4, {3}, {1}, "same", "relu"));
  cases.push_back(conv("ConvSameEvenKernel", {2, 6, 5}, 3, {4, 2}, {1}, "same", "tanh"));
  cases.push_back(conv("ConvLikeHarley", {1, 12, 12}, 6, {5}, {1}, "valid", "relu"));
  cases.push_back(conv("ConvWide", {3, 5, 37}, 5, {3}, {1}, "1", "leaky-relu"));
  cases.push_back(conv("ConvManyMaps", {6, 6, 7}, 17, {3}, {1}, "2", "relu"));
  // Enough maps for Winograd's way, with and without a rest of tiles, filters and maps.
  cases.push_back(conv("ConvTiles", {16, 4, 6}, 16, {3}, {1}, "same", "relu"));
  cases.push_back(conv("ConvTilesOddMaps", {17, 5, 5}, 19, {3}, {1}, "same", "leaky-relu"));
  cases.push_back(conv("ConvTilesValid", {16, 4, 7}, 33, {3}, {1}, "valid", "none", false));
  cases.push_back(conv("ConvTilesPadded", {16, 3, 4}, 21, {3}, {1}, "2", "tanh"));
  cases.push_back(conv("ConvTilesSmall", {20, 3, 3}, 16, {3}, {1}, "same", "relu"));
  cases.push_back(conv("ConvStride", {2, 9, 8}, 3, {3}, {2}, "1", "sigmoid"));
  cases.push_back(conv("ConvStrideBeyondKernel", {2, 9, 10}, 3, {2}, {3, 4}, "valid", "relu"));
  cases.push_back(conv("ConvSameStride", {2, 7, 9}, 9, {5, 3}, {2, 3}, "same", "relu"));
  cases.push_back(conv("ConvKernelIsInput", {2, 4, 3}, 8, {4, 3}, {1}, "valid", "scaled-tanh"));
  cases.push_back(conv("ConvFlatKernel", {2, 5, 9}, 4, {1, 5}, {1}, "valid", "none", false));
  cases.push_back(conv("ConvTallKernel", {2, 9, 5}, 4, {5, 1}, {1}, "same", "none", false));
  cases.push_back(conv("ConvTinyMaps", {5, 1, 1}, 9, {3}, {1}, "same", "relu"));
  cases.push_back(conv("ConvTable", {4, 6, 6}, 5, {3}, {1}, "valid", "relu", true, "0 1; 1 2 3; 3; 0 1 2 3; 2 0"));
  cases.push_back(conv("ConvTableStride", {3, 6, 7}, 2, {3}, {2}, "1", "tanh", false, "2; 0 1"));
}

void addPools(std::vector<LayerCase>& cases) {
  for (const std::string type : {"max-pool", "average-pool"}) {
    const std::string prefix = type == "max-pool" ? "Max" : "Average";
    cases.push_back(pool(prefix + "Two", type, {3, 6, 8}, {2}, {}, "valid"));
    cases.push_back(pool(prefix + "TwoOddInput", type, {2, 7, 5}, {2}, {}, "valid"));
    cases.push_back(pool(prefix + "Three", type, {2, 7, 9}, {3}, {}, "valid"));
    cases.push_back(pool(prefix + "Overlapping", type, {2, 7, 7}, {3}, {2}, "1"));
    cases.push_back(pool(prefix + "OverlappingByOne", type, {2, 5, 6}, {2, 3}, {1}, "same"));
    cases.push_back(pool(prefix + "StrideBeyondKernel", type, {2, 9, 9}, {2}, {3}, "valid"));
    cases.push_back(pool(prefix + "Whole", type, {4, 5, 3}, {5, 3}, {}, "valid"));
    cases.push_back(pool(prefix + "OneByOne", type, {7, 1, 1}, {1}, {}, "valid"));
  }
  for (const std::string activation : {"none", "tanh", "sigmoid", "scaled-tanh"}) {
    LayerCase scaled = pool("AverageScaled" + std::to_string(cases.size()), "average-pool", {3, 6, 6}, {2}, {}, "valid");
    scaled.fields["scaled"] = true;
    scaled.fields["activation"] = activation;
    cases.push_back(scaled);
  }
  for (const std::string type : {"max-pool", "average-pool"}) {
    LayerCase uneven = pool(type == "max-pool" ? "MaxUneven" : "AverageUneven", type, {2, 5, 6}, {3}, {2}, "valid");
    uneven.fields["padding"] = List{0, 2, 1, 1};
    cases.push_back(uneven);
  }
  LayerCase padded = pool("AverageScaledPadded", "average-pool", {2, 5, 5}, {3}, {2}, "1");
  padded.fields["scaled"] = true;
  cases.push_back(padded);
}

void addOthers(std::vector<LayerCase>& cases) {
  cases.push_back(dense("Dense", {12, 1, 1}, 10, "none"));
  cases.push_back(dense("DenseOfMaps", {3, 4, 5}, 21, "relu"));
  cases.push_back(dense("DenseOne", {1, 1, 1}, 1, "sigmoid"));
  cases.push_back(dense("DenseWide", {40, 2, 1}, 35, "leaky-relu"));
  cases.push_back(dense("DenseNoBias", {9, 1, 1}, 4, "tanh", false));
  cases.push_back({"Flatten", {{3, 2, 4}}, "flatten", {}});
  cases.push_back({"DropoutAtInference", {{3, 2, 4}}, "dropout", {{"rate", 0.5}}});
  for (const std::string function : {"gelu", "silu", "elu", "relu6", "hard-swish", "softplus", "softsign", "mish"}) {
    std::string name = function;
    std::erase(name, '-');
    cases.push_back(dense("Dense" + name, {9, 1, 1}, 20, function));
    cases.push_back(conv("Conv" + name, {2, 6, 7}, 3, {3}, {1}, "same", function));
    cases.push_back(conv("ConvStride" + name, {2, 6, 7}, 3, {3}, {2}, "same", function));
  }
  for (const std::string function : {"relu", "leaky-relu", "sigmoid", "tanh", "scaled-tanh", "none", "binary-step", "elu", "gelu", "silu",
                                     "relu6", "hard-sigmoid", "hard-tanh", "hard-swish", "softplus", "softsign", "mish"})
    cases.push_back({"Activation" + std::to_string(cases.size()), {{2, 3, 5}}, "activation", {{"activation", function}}});
  cases.push_back({"Softmax", {{10, 1, 1}}, "softmax", {}});
  cases.push_back({"SoftmaxOfMaps", {{4, 2, 3}}, "softmax", {}});
  cases.push_back({"Add", {{2, 3, 4}, {2, 3, 4}}, "add", {}});
  cases.push_back({"AddThree", {{5, 1, 1}, {5, 1, 1}, {5, 1, 1}}, "add", {}});
  cases.push_back({"Concat", {{2, 3, 4}, {3, 3, 4}, {1, 3, 4}}, "concat", {}});
  cases.push_back({"ConcatRows", {{2, 3, 4}, {2, 1, 4}}, "concat", {{"axis", std::string("rows")}}});
  cases.push_back({"ConcatColumns", {{2, 3, 1}, {2, 3, 4}, {2, 3, 2}}, "concat", {{"axis", std::string("columns")}}});
}

LayerCase transposed(std::string name, nn::Shape input, int filters, List kernel, List stride, List padding, List extra,
                     const std::string& activation, bool bias = true) {
  return {std::move(name),
          {input},
          "transposed-conv2d",
          {{"filters", std::int64_t(filters)},
           {"kernel", std::move(kernel)},
           {"stride", std::move(stride)},
           {"padding", std::move(padding)},
           {"output-padding", std::move(extra)},
           {"activation", activation},
           {"bias", bias}}};
}

void addTransposed(std::vector<LayerCase>& cases) {
  cases.push_back(transposed("TransposedTwo", {2, 3, 4}, 3, {2}, {2}, {0}, {0}, "none"));
  cases.push_back(transposed("TransposedByOne", {3, 4, 5}, 2, {3}, {1}, {1}, {0}, "relu"));
  cases.push_back(transposed("TransposedGan", {2, 3, 3}, 9, {4}, {2}, {1}, {0}, "tanh"));
  cases.push_back(transposed("TransposedExtra", {2, 3, 4}, 2, {3}, {2}, {1}, {1}, "gelu"));
  cases.push_back(transposed("TransposedOblong", {9, 2, 5}, 2, {2, 3}, {3, 2}, {1, 2}, {2, 0}, "none", false));
  cases.push_back(transposed("TransposedStrideBeyondKernel", {2, 3, 2}, 2, {1, 2}, {3}, {0}, {2, 1}, "sigmoid"));
  cases.push_back(transposed("TransposedFromVector", {5, 1, 1}, 3, {4, 3}, {1}, {0}, {0}, "leaky-relu"));
}

void addResizing(std::vector<LayerCase>& cases) {
  cases.push_back({"GlobalAverage", {{3, 4, 5}}, "global-average-pool", {}});
  cases.push_back({"GlobalAverageOfVector", {{6, 1, 1}}, "global-average-pool", {}});
  for (const std::string kind : {"average", "max"}) {
    const std::string prefix = "Adaptive" + kind, type = "adaptive-" + kind + "-pool";
    cases.push_back({prefix + "Even", {{2, 6, 8}}, type, {{"size", List{3, 2}}}});
    cases.push_back({prefix + "Uneven", {{2, 7, 5}}, type, {{"size", List{3, 2}}}});
    cases.push_back({prefix + "Larger", {{2, 3, 2}}, type, {{"size", List{5}}}});
    cases.push_back({prefix + "One", {{3, 5, 4}}, type, {{"size", List{1}}}});
  }
  cases.push_back({"PadAll", {{2, 3, 4}}, "zero-pad", {{"padding", List{1}}}});
  cases.push_back({"PadSides", {{2, 3, 4}}, "zero-pad", {{"padding", List{0, 2}}}});
  cases.push_back({"PadUneven", {{1, 3, 4}}, "zero-pad", {{"padding", List{1, 0, 2, 3}}}});
  cases.push_back({"PadNothing", {{4, 1, 1}}, "zero-pad", {{"padding", List{0}}}});
  for (const std::string mode : {"linear", "cubic"})
    for (const std::string centers : {"half-pixel", "asymmetric", "align-corners", "pytorch-half-pixel"})
      cases.push_back({"Resize" + mode + std::to_string(cases.size()),
                       {{2, 4, 5}},
                       "resize",
                       {{"size", centers.starts_with("p") ? List{1, 3} : List{7, 3}}, {"mode", mode}, {"centers", centers}}});
  for (const std::string mode : {"nearest", "bilinear"}) {
    cases.push_back({"Upsample" + mode, {{2, 3, 4}}, "upsample", {{"factor", List{2}}, {"mode", mode}}});
    cases.push_back({"UpsampleOblong" + mode, {{2, 2, 3}}, "upsample", {{"factor", List{3, 1}}, {"mode", mode}}});
    cases.push_back({"UpsampleFar" + mode, {{1, 2, 3}}, "upsample", {{"factor", List{4, 5}}, {"mode", mode}}});
    cases.push_back({"UpsampleVector" + mode, {{3, 1, 1}}, "upsample", {{"factor", List{3}}, {"mode", mode}}});
  }
}

void addNormalizations(std::vector<LayerCase>& cases) {
  for (const std::string activation : {"none", "relu", "gelu"})
    cases.push_back({"BatchNorm" + activation, {{3, 3, 4}}, "batch-norm", {{"activation", activation}, {"epsilon", 1e-3}}});
  cases.push_back({"BatchNormOfVector", {{7, 1, 1}}, "batch-norm", {}});
  for (const std::string over : {"all", "channels"}) {
    cases.push_back({"LayerNorm" + over, {{4, 2, 3}}, "layer-norm", {{"over", over}}});
    cases.push_back({"LayerNormOfVector" + over, {{9, 1, 1}}, "layer-norm", {{"over", over}, {"epsilon", 0.01}}});
  }
  cases.push_back({"GroupNorm", {{6, 2, 4}}, "layer-norm", {{"over", std::string("groups")}, {"groups", std::int64_t(2)}}});
  cases.push_back({"InstanceNorm", {{3, 3, 4}}, "layer-norm", {{"over", std::string("groups")}, {"groups", std::int64_t(3)}}});
  cases.push_back({"Affine", {{3, 2, 4}}, "affine", {}});
  cases.push_back({"AffineOfVector", {{7, 1, 1}}, "affine", {}});
  cases.push_back({"ResponseNorm", {{7, 2, 4}}, "local-response-norm", {{"alpha", 0.5}, {"k", 2.0}}});
  cases.push_back({"ResponseNormOfFew", {{2, 3, 2}}, "local-response-norm", {{"alpha", 2.0}, {"beta", 0.5}, {"size", std::int64_t(5)}}});
  cases.push_back({"ResponseNormAlone", {{3, 2, 2}}, "local-response-norm", {{"alpha", 1.0}, {"size", std::int64_t(1)}}});
}

void addRearranging(std::vector<LayerCase>& cases) {
  cases.push_back({"ReshapeToMaps", {{24, 1, 1}}, "reshape", {{"shape", List{2, 3, 4}}}});
  cases.push_back({"ReshapeMaps", {{2, 6, 3}}, "reshape", {{"shape", List{4, 1, 9}}}});
  cases.push_back({"ReshapeToVector", {{2, 3, 3}}, "reshape", {{"shape", List{18, 1, 1}}}});
  cases.push_back({"Shuffle", {{6, 2, 4}}, "rearrange", {{"box", List{2, 3, 8}}, {"order", List{1, 0, 2}}, {"shape", List{6, 2, 4}}}});
  cases.push_back(
      {"DepthToSpace", {{8, 2, 4}}, "rearrange", {{"box", List{2, 2, 2, 2, 4}}, {"order", List{2, 3, 0, 4, 1}}, {"shape", List{2, 4, 8}}}});
  cases.push_back({"TurnedToVector", {{2, 3, 1}}, "rearrange", {{"box", List{2, 3}}, {"order", List{1, 0}}, {"shape", List{6, 1, 1}}}});
  cases.push_back({"SelectReflected", {{2, 3, 4}}, "select", {{"rows", List{1, 0, 1, 2, 1}}, {"columns", List{3, 0, 0}}}});
  cases.push_back({"SelectWithZeros", {{3, 2, 2}}, "select", {{"channels", List{-1, 2, 0, 2, -1}}}});
  cases.push_back({"SelectOfVector", {{5, 1, 1}}, "select", {{"channels", List{4, 0, 0}}}});
  for (const std::string axis : {"channels", "rows", "columns"})
    cases.push_back({"Slice" + axis, {{4, 5, 6}}, "slice", {{"axis", axis}, {"first", std::int64_t(1)}, {"count", std::int64_t(2)}}});
  cases.push_back({"SliceToTheEnd", {{3, 2, 4}}, "slice", {{"axis", std::string("rows")}, {"first", std::int64_t(1)}}});
  cases.push_back({"SliceVector", {{7, 1, 1}}, "slice", {{"first", std::int64_t(2)}, {"count", std::int64_t(3)}}});
  cases.push_back({"Multiply", {{2, 3, 4}, {2, 3, 4}}, "multiply", {}});
  cases.push_back({"MultiplyThree", {{5, 1, 1}, {5, 1, 1}, {5, 1, 1}}, "multiply", {}});
  cases.push_back({"MultiplyGate", {{3, 2, 4}, {3, 1, 1}}, "multiply", {}});
  cases.push_back({"MultiplyGateFirst", {{3, 1, 1}, {3, 2, 4}}, "multiply", {}});
  cases.push_back({"MultiplyOneMap", {{3, 2, 4}, {1, 2, 4}}, "multiply", {}});
  cases.push_back({"MultiplyOneMapFirst", {{1, 2, 4}, {3, 2, 4}}, "multiply", {}});
  cases.push_back({"MultiplyMapByNumbers", {{1, 2, 4}, {3, 1, 1}}, "multiply", {}});
  cases.push_back({"MultiplyOneNumber", {{1, 1, 1}, {3, 2, 4}}, "multiply", {}});
  cases.push_back({"MatMul", {{2, 3, 4}, {2, 4, 5}}, "matmul", {}});
  cases.push_back({"MatMulOfOneMap", {{1, 2, 3}, {1, 3, 2}}, "matmul", {}});
  cases.push_back({"MatMulByOneMap", {{3, 2, 4}, {1, 4, 3}}, "matmul", {}});
  cases.push_back({"MatMulToVector", {{1, 1, 4}, {3, 4, 1}}, "matmul", {}});
  for (const std::string function : {"exp", "erf", "sin", "cos"})
    cases.push_back({"Function" + function, {{2, 3, 4}}, "function", {{"function", function}}});
  cases.push_back({"FunctionPower", {{2, 3, 4}}, "function", {{"exponent", 3.0}}});
  cases.push_back({"FunctionOfVector", {{6, 1, 1}}, "function", {{"exponent", 2.0}}});
  cases.push_back({"SpatialDropoutAtInference", {{3, 2, 4}}, "spatial-dropout", {{"rate", 0.5}}});
  cases.push_back({"PRelu", {{3, 2, 5}}, "prelu", {}});
  cases.push_back({"PReluOfVector", {{9, 1, 1}}, "prelu", {}});
  cases.push_back({"PReluShared", {{3, 3, 4}}, "prelu", {{"shared", true}}});
  cases.push_back({"LogSoftmax", {{10, 1, 1}}, "log-softmax", {}});
  cases.push_back({"LogSoftmaxOfMaps", {{4, 2, 3}}, "log-softmax", {}});
}

}  // namespace

const std::vector<LayerCase>& layerCases() {
  static const std::vector<LayerCase> cases = [] {
    std::vector<LayerCase> all;
    addConvolutions(all);
    addGroupedConvolutions(all);
    addPools(all);
    addOthers(all);
    addTransposed(all);
    addResizing(all);
    addNormalizations(all);
    addRearranging(all);
    return all;
  }();
  return cases;
}

nn::NodeSpec inputNode(const nn::Shape& shape, const std::string& name) {
  return {name,
          "input",
          {},
          {{"channels", std::int64_t(shape.channels)}, {"height", std::int64_t(shape.height)}, {"width", std::int64_t(shape.width)}}};
}

nn::NetworkSpec specOf(const LayerCase& layerCase) {
  nn::NetworkSpec spec;
  spec.name = layerCase.name;
  nn::NodeSpec node{"layer", layerCase.type, {}, layerCase.fields};
  for (const nn::Shape& shape : layerCase.inputs) {
    spec.nodes.push_back(inputNode(shape, "input" + std::to_string(spec.nodes.size())));
    node.inputs.push_back(spec.nodes.back().name);
  }
  spec.nodes.push_back(node);
  return spec;
}

std::vector<float> distinctValues(std::size_t count, std::uint64_t seed) {
  std::vector<float> values(count);
  const float step = std::max(1.0f / 64, 2.0f / float(count));
  for (std::size_t i = 0; i < count; ++i) values[i] = (float(i) - float(count) / 2 + 0.37f) * step;
  std::mt19937_64 random(seed);
  std::shuffle(values.begin(), values.end(), random);
  return values;
}

std::vector<float> randomValues(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<float> values(count);
  for (float& value : values) value = float(random() >> 40) * 0x1p-23f - 1.0f;
  return values;
}

std::vector<float> randomParameters(const nn::Network& network, std::uint64_t seed) {
  std::vector<float> values = randomValues(network.parameterCount(), seed);
  for (const nn::Network::Node& node : network.nodes())
    for (const nn::ParameterBlock& block : node.layer->parameterBlocks())
      for (std::size_t i = 0; i < block.count && block.name == "variance"; ++i) {
        float& value = values[node.parameterOffset + block.offset + i];
        value = 0.3f + value * value;
      }
  return values;
}

std::vector<float> readNode(const nn::Workspace& workspace, int node, int lane) {
  std::vector<float> values(workspace.network()->node(node).shape.size());
  workspace.read(node, lane, values);
  return values;
}

std::vector<float> readGradientOf(const nn::Workspace& workspace, int node, int lane) {
  std::vector<float> values(workspace.network()->node(node).shape.size());
  workspace.readGradient(node, lane, values);
  return values;
}

}  // namespace nntest
