// Packs bytes as gzip does, for tests of readers that unpack.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <QByteArray>

inline QByteArray gzipped(const QByteArray& content) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  QByteArray result(qsizetype(deflateBound(&stream, uLong(content.size()))), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = uInt(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = uInt(result.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  result.truncate(qsizetype(stream.total_out));
  deflateEnd(&stream);
  return result;
}
