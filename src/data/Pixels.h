// The pixels of a set of images: a vector of bytes that lies in memory, or, where the set is larger than the memory that may be had for
// it, in a temporary file that is mapped into memory. The system reads from that file what is asked for and lets go of what is not, so
// that a set is as large as the disk; whoever reads an image need not know. Free functions; thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace data {

// Takes memory up to pixelBudget(), beyond it a file of pixelFolder() that has no name and goes with its last byte.
// Throws nn::Error where the disk has no room either.
struct PixelAllocator {
  using value_type = std::uint8_t;
  template <class Other>
  struct rebind {
    using other = PixelAllocator;  // of bytes alone
  };
  std::uint8_t* allocate(std::size_t bytes);
  void deallocate(std::uint8_t* pixels, std::size_t bytes) noexcept;
  bool operator==(const PixelAllocator&) const { return true; }
};

using Pixels = std::vector<std::uint8_t, PixelAllocator>;

bool isInFile(const Pixels& pixels);
// "Its 15.2 GB of pixels are more than ...": what is to be said of a set that lies in a file; empty of one in memory.
std::string noteOfFile(const Pixels& pixels);

// Bytes that one set may take of the memory: half of what is free, or as many megabytes as the variable CONVSCOPE_PIXEL_MEMORY says.
std::uint64_t pixelBudget();
// Where the files of sets above it lie: the folder that TMPDIR names, else /var/tmp, which is on the disk everywhere.
std::string pixelFolder();

// Throws nn::Error "`subject` needs about 15.2 GB ..." where neither the memory nor the disk has room for so many bytes.
void requirePixelRoom(double bytes, const std::string& subject, const std::string& where, const std::string& hint);

}  // namespace data
