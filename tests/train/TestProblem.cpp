#include "train/TestProblem.h"

#include <string>

#include "train/Keys.h"

namespace testproblem {

namespace {

nn::NodeSpec node(std::string name, std::string type, nn::Fields fields) {
  return {std::move(name), std::move(type), {}, std::move(fields)};
}
nn::FieldValue number(std::int64_t value) {
  return value;
}
nn::FieldValue text(const char* value) {
  return std::string(value);
}

nn::NodeSpec input(int height, int width) {
  return node("input", "input", {{"channels", number(1)}, {"height", number(height)}, {"width", number(width)}});
}
nn::NodeSpec conv(std::string name, int filters, int kernel) {
  return node(std::move(name), "conv2d", {{"filters", number(filters)}, {"kernel", number(kernel)}, {"activation", text("relu")}});
}
nn::NodeSpec dense(std::string name, int units, const char* activation) {
  return node(std::move(name), "dense", {{"units", number(units)}, {"activation", text(activation)}});
}

}  // namespace

std::shared_ptr<const data::Dataset> quadrants(std::size_t count, std::uint64_t seed, int classes) {
  auto dataset = std::make_shared<data::Dataset>();
  dataset->name = "quadrants";
  dataset->shape = {1, 12, 12};
  dataset->classNames = {"top left", "top right", "bottom left", "bottom right"};
  for (std::size_t index = 0; index < count; ++index) {
    const std::uint64_t key = train::mixed(seed * 1000003 + index);
    const int label = int(key % std::uint64_t(classes));
    dataset->labels.push_back(std::uint8_t(label));
    for (int cell = 0; cell < 144; ++cell) {
      const bool bright = (cell / 12 >= 6) == (label >= 2) && (cell % 12 >= 6) == (label % 2 == 1);
      const int noise = int(train::mixed(key + std::uint64_t(cell) + 1) % 120);
      dataset->pixels.push_back(std::uint8_t(bright ? 135 + noise : noise));
    }
  }
  return dataset;
}

std::shared_ptr<const nn::Network> network(double dropout, int outputs) {
  nn::NetworkSpec spec;
  spec.name = "small";
  spec.nodes = {input(12, 12), conv("conv", 5, 3), node("pool", "max-pool", {{"kernel", number(2)}}), dense("hidden", 24, "tanh")};
  if (dropout > 0) spec.nodes.push_back(node("dropout", "dropout", {{"rate", dropout}}));
  spec.nodes.push_back(dense("scores", outputs, "none"));
  spec.nodes.push_back(node("probabilities", "softmax", {}));
  return nn::Network::create(spec);
}

std::shared_ptr<const nn::Network> harley() {
  nn::NetworkSpec spec;
  spec.name = "harley";
  spec.nodes = {input(32, 32),
                conv("conv1", 6, 5),
                node("pool1", "max-pool", {{"kernel", number(2)}}),
                conv("conv2", 16, 5),
                node("pool2", "max-pool", {{"kernel", number(2)}}),
                dense("dense1", 120, "relu"),
                dense("dense2", 100, "relu"),
                dense("scores", 10, "none"),
                node("probabilities", "softmax", {})};
  return nn::Network::create(spec);
}

train::TrainingOptions options(int threads) {
  train::TrainingOptions result;
  result.optimizer.kind = nn::OptimizerKind::Adam;
  result.optimizer.learningRate = 0.005f;
  result.batchSize = 40;
  result.seed = 7;
  result.threads = threads;
  return result;
}

}  // namespace testproblem
