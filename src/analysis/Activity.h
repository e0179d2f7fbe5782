// Which features of a network ever answer to a set of sample pictures. What answers to none of them is dead: a map as a whole, since
// its cells share their weights, or a unit of a vector. And how familiar each picture is to it. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "nn/Network.h"

namespace analysis {

struct Activity {
  std::shared_ptr<const nn::Network> network;
  int pictures = 0;                              // that were tried
  std::vector<std::vector<std::uint8_t>> fired;  // per node, per channel: 1 where a cell was not zero for one of them
  std::vector<float> energies;                   // of each picture (tasks/EnergyScore.h); empty where the network names no class
};

// How many pictures can be tried in a fraction of a second on one thread, at most `most`; 0 where they would be too few to say
// that a unit is dead.
int affordablePictures(const nn::Network& network, int most);

// How many pictures a workspace is to take at once: nn::kLanes, which is quicker, or 1 where they would take too much memory.
int lanesFor(const nn::Network& network);

// Writes the values of one picture, CHW, as the network's only input takes them.
using PictureWriter = std::function<void(std::size_t picture, std::span<float> values)>;

// Asks for one picture after the other, so that few of them are held at once: of a large network each takes much. nullptr once
// `keepGoing` (asked now and then; may be empty) says no. Throws nn::Error where the network has several inputs.
std::shared_ptr<const Activity> activityOf(const std::shared_ptr<const nn::Network>& network, std::span<const float> parameters,
                                           std::size_t count, const PictureWriter& write, const std::function<bool()>& keepGoing = {});

}  // namespace analysis
