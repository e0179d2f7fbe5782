// What each layer costs: processor time of this thread (so that a busy machine matters little) for networks that end after one
// more layer each. usage: engine_profile [L|V] [lanes]
// Columns: node, microseconds per sample forward and with backward up to here, multiply-adds per nanosecond forward.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "nn/Workspace.h"

namespace {

using V = std::int64_t;

nn::NetworkSpec specification(const std::string& name) {
  const std::string relu = "relu", same = "same";
  const auto conv = [&](const char* node, V filters, V kernel, const std::string& padding) {
    return nn::NodeSpec{node, "conv2d", {}, {{"filters", filters}, {"kernel", kernel}, {"padding", padding}, {"activation", relu}}};
  };
  const auto pool = [](const char* node) { return nn::NodeSpec{node, "max-pool", {}, {}}; };
  const auto dense = [&](const char* node, V units) { return nn::NodeSpec{node, "dense", {}, {{"units", units}, {"activation", relu}}}; };
  const V size = name == "V" ? 28 : 32;
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", size}, {"width", size}}}};
  if (name == "V") {
    for (const auto& node : {conv("conv1", 32, 3, same), conv("conv2", 32, 3, same), pool("pool1"), conv("conv3", 64, 3, same),
                             conv("conv4", 64, 3, same), pool("pool2"), dense("dense1", 128), dense("dense2", 10)})
      spec.nodes.push_back(node);
    return spec;
  }
  for (const auto& node : {conv("conv1", 6, 5, "valid"), pool("pool1"), conv("conv2", 16, 5, "valid"), pool("pool2"), dense("dense1", 120),
                           dense("dense2", 100), dense("dense3", 10)})
    spec.nodes.push_back(node);
  return spec;
}

double processorMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e6 + double(now.tv_nsec) * 1e-3;
}

// The fastest of many runs, per sample.
template <typename Function>
double fastest(int lanes, Function function) {
  double best = 1e30;
  const double start = processorMicroseconds();
  for (int run = 0; run < 2000 && (run < 5 || processorMicroseconds() - start < 400e3); ++run) {
    const double before = processorMicroseconds();
    function();
    best = std::min(best, processorMicroseconds() - before);
  }
  return best / lanes;
}

}  // namespace

int main(int argc, char** argv) {
  const nn::NetworkSpec whole = specification(argc > 1 ? argv[1] : "L");
  const int lanes = argc > 2 ? std::atoi(argv[2]) : nn::kLanes;
  std::printf("%s, %d lanes; us per sample\n%-8s %10s %10s %10s %10s %10s\n", std::string(nn::instructionSet()).c_str(), lanes, "node",
              "forward", "of it", "backward", "of it", "MAC/ns");
  double lastForward = 0, lastBackward = 0;
  for (std::size_t count = 2; count <= whole.nodes.size(); ++count) {
    nn::NetworkSpec spec = whole;
    spec.nodes.resize(count);
    const auto network = nn::Network::create(spec);
    nn::Weights weights(network);
    weights.assign(network->initialParameters(1));
    nn::Workspace workspace(network, lanes, true);
    std::vector<float> input(network->inputShape().size(), 0.0f), seed(network->outputShape().size(), 0.1f);
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = float(i % 17) / 17 - 0.3f;
    for (int lane = 0; lane < lanes; ++lane) workspace.setInput(lane, input);
    std::vector<float> gradients(network->parameterCount());
    const int last = int(count) - 1;
    const double forward = fastest(lanes, [&] { workspace.forward(weights); });
    const double seeding = fastest(lanes, [&] {
      workspace.clearGradients();
      for (int lane = 0; lane < lanes; ++lane) workspace.setGradient(last, lane, seed);
    });
    const double backward = fastest(lanes,
                                    [&] {
                                      for (int lane = 0; lane < lanes; ++lane) workspace.setGradient(last, lane, seed);
                                      workspace.backward(weights, {}, gradients);
                                    }) -
                            seeding;
    std::printf("%-8s %10.2f %10.2f %10.2f %10.2f %10.1f\n", whole.nodes[count - 1].name.c_str(), forward, forward - lastForward, backward,
                backward - lastBackward, double(network->node(last).layer->multiplyAdds()) / 1e3 / (forward - lastForward));
    lastForward = forward, lastBackward = backward;
  }
  return 0;
}
