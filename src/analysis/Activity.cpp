#include "analysis/Activity.h"

#include <algorithm>
#include <array>

#include "nn/Error.h"
#include "nn/MemoryPlan.h"
#include "nn/Workspace.h"
#include "tasks/EnergyScore.h"
#include "tasks/Task.h"

namespace analysis {

namespace {

constexpr double kMostMultiplyAdds = 8e9;
constexpr int kFewestPictures = 64;
constexpr std::size_t kMostBytes = std::size_t(256) << 20;  // of a workspace for several pictures

void note(const nn::Workspace& workspace, int lanes, std::vector<float>& values, Activity& activity) {
  const auto nodes = activity.network->nodes();
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    std::vector<std::uint8_t>& fired = activity.fired[node];
    const std::size_t area = nodes[node].shape.size() / fired.size();
    values.resize(nodes[node].shape.size());
    for (int lane = 0; lane < lanes; ++lane) {
      if (std::find(fired.begin(), fired.end(), 0) == fired.end()) break;
      workspace.read(int(node), lane, values);
      for (std::size_t channel = 0; channel < fired.size(); ++channel) {
        if (fired[channel]) continue;
        const auto cells = std::span<const float>(values).subspan(channel * area, area);
        fired[channel] = std::any_of(cells.begin(), cells.end(), [](float value) { return value != 0; });
      }
    }
  }
}

void noteEnergies(const nn::Workspace& workspace, int lanes, int node, std::vector<float>& values, Activity& activity) {
  if (node < 0) return;
  values.resize(activity.network->node(node).shape.size());
  for (int lane = 0; lane < lanes; ++lane) {
    workspace.read(node, lane, values);
    activity.energies.push_back(tasks::energyScore(*activity.network, values));
  }
}

}  // namespace

int lanesFor(const nn::Network& network) {
  return nn::MemoryPlan(network, nn::kLanes, false).total * sizeof(float) <= kMostBytes ? nn::kLanes : 1;
}

int affordablePictures(const nn::Network& network, int most) {
  double work = 1;
  for (const nn::Network::Node& node : network.nodes()) work += double(node.layer->multiplyAdds()) + double(node.shape.size());
  const int count = int(std::min(double(most), kMostMultiplyAdds / work));
  return count < std::min(most, kFewestPictures) || tasks::pictureInputs(network) != 1 ? 0 : count;
}

std::shared_ptr<const Activity> activityOf(const std::shared_ptr<const nn::Network>& network, std::span<const float> parameters,
                                           std::size_t count, const PictureWriter& write, const std::function<bool()>& keepGoing) {
  if (const std::size_t inputs = tasks::pictureInputs(*network); inputs != 1)
    throw nn::Error("the network has " + std::to_string(inputs) + " inputs", network->spec().name, "Choose a network with one input");
  auto activity = std::make_shared<Activity>();
  activity->network = network;
  activity->pictures = int(count);
  for (const nn::Network::Node& node : network->nodes()) activity->fired.emplace_back(std::size_t(node.shape.channels), 0);
  nn::Weights weights(network);
  weights.assign(parameters);
  const int scored = tasks::energyNode(*network);
  const auto atOnce = std::size_t(lanesFor(*network));
  nn::Workspace workspace(network, int(atOnce), false);
  std::vector<float> values, picture(network->inputShape().size());
  for (std::size_t first = 0; first < count; first += atOnce) {
    if (keepGoing && !keepGoing()) return nullptr;
    const int lanes = int(std::min(atOnce, count - first));
    for (int lane = 0; lane < lanes; ++lane) {
      write(first + std::size_t(lane), picture);
      workspace.setInput(lane, picture);
    }
    workspace.forward(weights, {false, 0, lanes});
    note(workspace, lanes, values, *activity);
    noteEnergies(workspace, lanes, scored, values, *activity);
  }
  return activity;
}

}  // namespace analysis
