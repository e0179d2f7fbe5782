// The IDX format of MNIST, one file at a time: a header with the dimensions, then bytes. Gzipped or not. Nothing is
// allocated on the word of a header alone: memory is taken for bytes that are really there. Thread: any.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QString>

namespace io {

struct IdxFile {
  std::vector<std::size_t> dimensions;
  std::vector<std::uint8_t> bytes;  // the product of the dimensions
  std::vector<std::string> notes;   // on what was not read
};

// Unsigned bytes with `fewest` to `most` dimensions. `content` ("images", "labels") is for the messages. Throws nn::Error.
IdxFile readIdxFile(const QString& path, const char* content, std::size_t fewest, std::size_t most);

}  // namespace io
