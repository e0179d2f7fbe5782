#include "scene/ShowingMemory.h"

#include <cmath>
#include <optional>

#include "nn/Error.h"
#include "nn/MemoryPlan.h"

namespace scene {
namespace {

constexpr std::uint64_t kMostUnits = 100'000'000;  // with more, every stroke would take seconds
constexpr double kManyBytes = 64e6;                // from here on the machine is asked whether it has them
constexpr double kCopies = 2;                      // of the parameters: as they are shown, and as the engine holds them
// Measured with published networks, within an eighth: the values of a unit twice while new ones take the place of the old, its cell, and
// the renderer's copy of that; of a kernel's weight the last two.
constexpr double kBytesPerUnit = 16;
constexpr double kBytesPerWeight = 8;
constexpr double kBytesPerInput = 24;  // beside those of a unit: the drawing as the network receives it, as numbers and as a picture
constexpr double kBytesPerMap = 1000;  // its sheet, scale, focus and captions

std::string inWords(std::uint64_t units) {
  if (units < 1'000'000) return std::to_string(units) + " units";
  const auto tenths = std::llround(double(units) / 1e5);
  const std::string whole = std::to_string(tenths / 10);
  return (tenths % 10 == 0 || tenths >= 1000 ? whole : whole + "." + std::to_string(tenths % 10)) + " million units";
}

}  // namespace

std::uint64_t unitCount(const nn::Network& network) {
  std::uint64_t units = 0;
  for (const nn::Network::Node& node : network.nodes()) units += node.shape.size();
  return units;
}

double memoryToShow(const nn::Network& network) {
  double bytes = double(nn::MemoryPlan(network, 1, false).total) * sizeof(float) + kBytesPerUnit * double(unitCount(network));
  for (const nn::Network::Node& node : network.nodes()) {
    const auto parameters = double(node.parameterCount);
    bytes += (kCopies * parameters + double(node.layer->packedCount())) * sizeof(float);
    if (node.layer->type() == "input") bytes += kBytesPerInput * double(node.shape.size());
    if (!node.shape.isVector()) bytes += kBytesPerMap * node.shape.channels;
    const std::optional<nn::Window> window = node.layer->window();
    if (window && node.layer->combineKind() == nn::Combine::WeightedSum) bytes += kBytesPerWeight * parameters;
  }
  return bytes;
}

void requireRoomToShow(const nn::Network& network, const std::string& where, std::uint64_t free) {
  const std::uint64_t units = unitCount(network);
  if (units > kMostUnits) {
    throw nn::Error("its maps have " + inWords(units) + ", and at most " + inWords(kMostUnits) + " can be shown", where,
                    "Open a network with a smaller input; convscope predict and describe work with this one, too");
  }
  if (const double bytes = memoryToShow(network); bytes > kManyBytes)
    nn::requireMemory(bytes, "its maps have " + inWords(units) + ", and showing them", where,
                      "Close other programs, or open a smaller network", free);
}

}  // namespace scene
