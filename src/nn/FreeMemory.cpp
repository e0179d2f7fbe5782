#include "nn/FreeMemory.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sys/resource.h>
#include <unistd.h>

#include "nn/Error.h"

namespace nn {
namespace {

constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

std::uint64_t numberIn(const char* path) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  return file >> number ? number : kUnknown;  // "max": no limit
}

std::uint64_t less(std::uint64_t limit, std::uint64_t used) {
  return limit == kUnknown || used == kUnknown ? kUnknown : limit - std::min(limit, used);
}

// What programs could have if caches were given back.
std::uint64_t freeOfSystem() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  while (file >> word) {
    std::uint64_t kilobytes = 0;
    if (word == "MemAvailable:" && file >> kilobytes) return kilobytes * 1024;
  }
  return kUnknown;
}

// Both versions of Linux's control groups, as a container sees its own.
std::uint64_t freeOfGroup() {
  const std::uint64_t unified = less(numberIn("/sys/fs/cgroup/memory.max"), numberIn("/sys/fs/cgroup/memory.current"));
  const std::uint64_t single =
      less(numberIn("/sys/fs/cgroup/memory/memory.limit_in_bytes"), numberIn("/sys/fs/cgroup/memory/memory.usage_in_bytes"));
  return std::min(unified, single);
}

std::uint64_t freeOfProcess() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnknown;
  const std::uint64_t pages = numberIn("/proc/self/statm");
  return pages == kUnknown ? kUnknown : less(limit.rlim_cur, pages * std::uint64_t(sysconf(_SC_PAGESIZE)));
}

std::string inTenths(double value) {
  const auto tenths = std::llround(value * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

}  // namespace

std::uint64_t freeMemory() {
  return std::min({freeOfSystem(), freeOfGroup(), freeOfProcess()});
}

std::string memoryText(double bytes) {
  if (bytes < 1e9) return std::to_string(std::llround(bytes / 1e6)) + " MB";
  if (bytes < 1e11) return inTenths(bytes / 1e9) + " GB";
  return bytes < 1e15 ? std::to_string(std::llround(bytes / 1e9)) + " GB" : "more than a million GB";
}

void requireMemory(double bytes, const std::string& subject, const std::string& where, const std::string& hint, std::uint64_t free) {
  if (free == kUnknown || bytes <= double(free)) return;
  throw Error(subject + " needs about " + memoryText(bytes) + " of memory, and " + memoryText(double(free)) + " are free", where, hint);
}

}  // namespace nn
