#include "data/Pixels.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

#include "nn/Error.h"
#include "nn/FreeMemory.h"

namespace data {
namespace {

constexpr std::size_t kAlwaysMemory = std::size_t(1) << 20;  // bytes: for less, nothing is asked
constexpr std::size_t kPageBytes = 4096;
constexpr double kKeptFree = 256e6;  // bytes of the disk

// What stands before the first pixel, so that whoever gives them back knows where they came from.
struct alignas(std::max_align_t) Origin {
  std::uint64_t mapped = 0;  // bytes of the mapping, this page with them; 0: of the memory
};
constexpr std::size_t kBefore = 64;
static_assert(sizeof(Origin) <= kBefore && kBefore <= kPageBytes);

Origin& originOf(std::uint8_t* pixels) {
  return *std::launder(reinterpret_cast<Origin*>(pixels - kBefore));
}

nn::Error noFile(const std::string& why) {
  return {"There is no room for a temporary file of the pictures: " + why, pixelFolder(),
          "Make room there, or let TMPDIR name a folder on a larger disk"};
}

// An open file that has no name.
int openScratch() {
  const std::string folder = pixelFolder();
  const int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  std::string path = folder + "/convscope-XXXXXX";  // some file systems know no file without a name
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named < 0) throw noFile(std::strerror(errno));
  unlink(path.c_str());
  return named;
}

std::uint8_t* mapScratch(std::size_t bytes) {
  const std::size_t all = kPageBytes + bytes;
  const int file = openScratch();
  // Its blocks are taken at once: a disk that is full says so here, not by a signal when a pixel is written.
  const int problem = posix_fallocate(file, 0, off_t(all));
  void* start = problem == 0 ? mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
  const int why = problem != 0 ? problem : errno;
  close(file);
  if (start == MAP_FAILED) throw noFile(std::strerror(why));
  std::uint8_t* pixels = static_cast<std::uint8_t*>(start) + kPageBytes;
  new (pixels - kBefore) Origin{all};
  return pixels;
}

double freeOnDisk() {
  std::error_code error;
  const auto space = std::filesystem::space(pixelFolder(), error);
  return error ? 0 : double(space.available) - kKeptFree;
}

}  // namespace

std::uint8_t* PixelAllocator::allocate(std::size_t bytes) {
  if (bytes > kAlwaysMemory && bytes > pixelBudget()) return mapScratch(bytes);
  auto* pixels = static_cast<std::uint8_t*>(::operator new(kBefore + bytes)) + kBefore;
  new (pixels - kBefore) Origin{};
  return pixels;
}

void PixelAllocator::deallocate(std::uint8_t* pixels, std::size_t) noexcept {
  const std::uint64_t mapped = originOf(pixels).mapped;
  if (mapped > 0)
    munmap(pixels - kPageBytes, mapped);
  else
    ::operator delete(pixels - kBefore);
}

bool isInFile(const Pixels& pixels) {
  return pixels.capacity() > 0 && originOf(const_cast<std::uint8_t*>(pixels.data())).mapped > 0;
}

std::string noteOfFile(const Pixels& pixels) {
  if (!isInFile(pixels)) return {};
  return "Its " + nn::memoryText(double(pixels.size())) +
         " of pixels are more than the memory has room for: they lie in a temporary file in " + pixelFolder() +
         ", from where they are read as they are needed";
}

std::uint64_t pixelBudget() {
  if (const char* megabytes = std::getenv("CONVSCOPE_PIXEL_MEMORY")) return std::strtoull(megabytes, nullptr, 10) * 1'000'000;
  return nn::freeMemory() / 2;
}

std::string pixelFolder() {
  const char* named = std::getenv("TMPDIR");
  return named && *named ? named : "/var/tmp";
}

void requirePixelRoom(double bytes, const std::string& subject, const std::string& where, const std::string& hint) {
  const double disk = freeOnDisk();
  if (bytes <= double(pixelBudget()) || bytes <= disk) return;
  throw nn::Error(subject + " needs about " + nn::memoryText(bytes) + ": " + nn::memoryText(double(nn::freeMemory())) + " of memory and " +
                      nn::memoryText(std::max(0.0, disk)) + " of the disk in " + pixelFolder() + " are free",
                  where, hint);
}

}  // namespace data
