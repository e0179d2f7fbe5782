// The memory that this process can still take, and a refusal in words where something would need more: asked before the memory is
// taken, since a system that runs out of it ends the program instead of telling it. Free functions; thread: any.
#pragma once

#include <cstdint>
#include <string>

namespace nn {

// Bytes; the largest number where the system does not say. The least of what is free, what the process' group may take and its own limit.
std::uint64_t freeMemory();

std::string memoryText(double bytes);  // "6.4 GB"

// Throws Error "`subject` needs about 6.4 GB of memory, and 2.1 GB are free" where `bytes` is more than is free.
void requireMemory(double bytes, const std::string& subject, const std::string& where, const std::string& hint,
                   std::uint64_t free = freeMemory());

}  // namespace nn
