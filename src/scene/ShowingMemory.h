// What showing a network takes, known from the network alone and before any of it is taken: one forward pass, the values of every unit,
// and the scene's cells with what the renderers keep of them. Pure functions but for the question of what is free; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "nn/FreeMemory.h"
#include "nn/Network.h"

namespace scene {

std::uint64_t unitCount(const nn::Network& network);  // of all nodes
double memoryToShow(const nn::Network& network);      // bytes
// Throws nn::Error where it has more units than can be shown, or where the memory is not there. `where`: its file or name.
void requireRoomToShow(const nn::Network& network, const std::string& where, std::uint64_t free = nn::freeMemory());

}  // namespace scene
