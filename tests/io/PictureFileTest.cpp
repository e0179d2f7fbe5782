// Pictures are read whole or refused in words, whatever their size, kind and name.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <QBuffer>
#include <QElapsedTimer>
#include <QFile>
#include <QFont>
#include <QGuiApplication>
#include <QImageReader>
#include <QImageWriter>
#include <QTemporaryDir>
#include <QtEndian>

#include "data/Random.h"
#include "io/FileNames.h"
#include "io/Gzip.h"
#include "io/ModelTools.h"
#include "io/PictureFile.h"
#include "io/datasets/Datasets.h"

namespace {

using modeltest::refusalOf;

// Something different in every row, which does not pack well.
QImage noise(int width, int height) {
  QImage image(width, height, QImage::Format_RGB32);
  data::Random random(7);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) image.setPixel(x, y, qRgb(int(random.below(256)), int(random.below(256)), int(random.below(256))));
  return image;
}

QByteArray encoded(const QImage& image, const QByteArray& format, bool progressive = false) {
  QBuffer buffer;
  QImageWriter writer(&buffer, format);
  writer.setProgressiveScanWrite(progressive);
  EXPECT_TRUE(writer.write(image)) << format.constData();
  return buffer.data();
}

// 8 x 8 pixels of four grays: uncompressed codes of three bits, with a clear code after every four.
QByteArray gif() {
  QByteArray packed;
  unsigned held = 0;
  int bits = 0;
  const auto put = [&](unsigned code) {
    held |= code << bits;
    for (bits += 3; bits >= 8; bits -= 8, held >>= 8) packed += char(held & 0xff);
  };
  for (unsigned i = 0; i < 64; ++i) {
    if (i % 2 == 0) put(4);
    put(i % 4);
  }
  put(5);
  packed += char(held);
  return QByteArray("GIF89a\x08\x00\x08\x00\x81\x00\x00", 13) + QByteArray::fromHex("000000555555aaaaaaffffff") +
         QByteArray("\x2c\x00\x00\x00\x00\x08\x00\x08\x00\x00\x02", 11) + char(packed.size()) + packed + QByteArray("\0\x3b", 2);
}

class PictureFiles : public ::testing::Test {
 protected:
  QString write(const QString& name, const QByteArray& bytes) {
    modeltest::writeAll(m_folder.filePath(name), bytes);
    return m_folder.filePath(name);
  }
  QImage read(const QByteArray& bytes, const QString& ending) { return io::readPictureFile(write("picture." + ending, bytes), 0); }
  std::string refusal(const QByteArray& bytes, const QString& ending) {
    return refusalOf([&] { read(bytes, ending); }).what;
  }
  void expectCutsRefused(const QByteArray& whole, const QString& ending) {
    EXPECT_FALSE(read(whole, ending).isNull());
    for (const double share : {0.2, 0.5, 0.8, 0.97})
      EXPECT_NE(refusal(whole.left(qsizetype(double(whole.size()) * share)), ending), "") << ending.toStdString() << " " << share;
  }
  QTemporaryDir m_folder;
};

TEST_F(PictureFiles, PicturesThatWereCutOffAreRefusedInEveryFormat) {
  const QList<QByteArray> readable = QImageReader::supportedImageFormats();
  for (const QByteArray& format : QImageWriter::supportedImageFormats()) {
    if (!readable.contains(format)) continue;
    SCOPED_TRACE(format.toStdString());
    expectCutsRefused(encoded(noise(48, 40), format), QString::fromLatin1(format));
  }
  expectCutsRefused(gif(), "gif");
  expectCutsRefused(encoded(noise(160, 120), "jpeg", true), "jpg");
  expectCutsRefused(
      "<svg xmlns='http://www.w3.org/2000/svg' width='50' height='50'><rect width='30' height='40'/><g><circle r='3'/></g></svg>", "svg");
}

TEST_F(PictureFiles, WhatAReaderWouldGuessIsRefused) {
  QByteArray hollow = gif();
  std::fill(hollow.begin() + hollow.size() * 2 / 3, hollow.end(), '\0');
  EXPECT_NE(refusal(hollow, "gif"), "") << "a file that was laid out before it arrived";
  const QByteArray whole = encoded(noise(160, 120), "jpeg", true);
  int told = 0;
  for (int hole = 3; hole < 9; ++hole) {
    QByteArray damaged = whole;
    const qsizetype begin = whole.size() * hole / 10;
    std::fill(damaged.begin() + begin, damaged.begin() + begin + whole.size() / 10, '\x55');
    try {
      read(damaged, "jpg");
    } catch (const nn::Error&) {
      ++told;
    }
  }
  EXPECT_GE(told, 3) << "of six progressive pictures with a hole: some are pictures all the same";
}

TEST_F(PictureFiles, AJpegsEndIsItsOwn) {
  const QByteArray whole = encoded(noise(64, 64), "jpeg");
  ASSERT_TRUE(whole.endsWith("\xff\xd9"));
  EXPECT_NE(refusal(whole.chopped(2), "jpg").find("cut off"), std::string::npos);
  EXPECT_NE(refusal(whole.left(whole.size() / 2) + "\xff\xd9", "jpg").find("cut off"), std::string::npos) << "closed after half";
  EXPECT_NE(refusal(whole.left(whole.size() / 2) + QByteArray(whole.size() / 2, '\0'), "jpg").find("cut off"), std::string::npos)
      << "a file that was laid out before it arrived";
  EXPECT_EQ(read(whole + "what a camera adds", "jpg"), read(whole, "jpg"));
  // A preview within a segment has an end of its own.
  const QByteArray preview = encoded(noise(8, 8), "jpeg");
  const auto length = quint16(preview.size() + 2);
  const QByteArray segment = QByteArray("\xff\xe1", 2) + char(length >> 8) + char(length & 0xff) + preview;
  const QByteArray with = whole.left(2) + segment + whole.mid(2);
  EXPECT_EQ(read(with, "jpg"), read(whole, "jpg"));
  EXPECT_NE(refusal(with.left(segment.size() + whole.size() / 2), "jpg").find("cut off"), std::string::npos);
}

// Packed text shrinks a thousand to one.
TEST_F(PictureFiles, APackedDrawingIsUnpackedOnlySoFar) {
  const QByteArray head = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'>", tail = "<rect width='9' height='9'/></svg>";
  EXPECT_EQ(read(gzipped(head + tail), "svgz").size(), QSize(20, 10));
  EXPECT_EQ(read(gzipped(head) + gzipped(tail), "svgz").size(), QSize(20, 10)) << "gzip may hold several members";
  EXPECT_NE(refusal(gzipped(head + tail).chopped(20), "svgz").find("cut off"), std::string::npos);
  EXPECT_NE(refusal(gzipped(head + QByteArray(70 << 20, ' ') + tail), "svgz").find("more than 64 MB of text"), std::string::npos);
}

// The pipe has no other end: whoever opens it waits for ever.
TEST_F(PictureFiles, ADrawingOpensNoOtherFile) {
  const QString pipe = m_folder.filePath("pipe.png");
  ASSERT_EQ(::mkfifo(QFile::encodeName(pipe), 0600), 0);
  const QByteArray svg = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='20' height='10'>",
                   end = "<rect width='9' height='9'/></svg>", name = pipe.toUtf8();
  for (const QByteArray& text : {svg + "<image width='9' height='9' xlink:href='" + name + "'/>" + end,
                                 svg + "<g><image width='9' height='9' xlink:href=' file://" + name + "'/></g>" + end,
                                 "<?xml-stylesheet type='text/css' href='" + name + "'?>" + svg + end})
    for (const QByteArray& file : {text, gzipped(text)}) {
      const std::string told = refusal(file, "svg");
      EXPECT_NE(told.find("another file"), std::string::npos) << told;
      EXPECT_NE(told.find("pipe.png"), std::string::npos) << told;
    }
  const QByteArray dot = "data:image/png;base64," + encoded(noise(4, 4), "png").toBase64();
  EXPECT_EQ(read(svg + "<image width='9' height='9' xlink:href='" + dot + "'/>" + end, "svg").size(), QSize(20, 10));
}

// Of a picture with a size of its own nothing else is taken for its end.
TEST_F(PictureFiles, APngWithoutItsEndChunkIsRefused) {
  const QByteArray whole = encoded(noise(20, 20), "png");
  EXPECT_NE(refusal(whole.chopped(12), "png").find("cut off"), std::string::npos);
  EXPECT_EQ(read(whole + QByteArray(100, '\0'), "png"), read(whole, "png"));
}

// Whoever has a broken PNG is not told to use a PNG, and the terminal gets no second telling from Qt's readers.
TEST_F(PictureFiles, DamagedAndEmptyFilesAreToldAsSuch) {
  const QByteArray png = encoded(noise(20, 20), "png"), pgm = "P5\n4 4\nnonsense";
  QByteArray head = png, data = png;
  head[18] = char(head[18] ^ 1);
  data[png.size() / 2] = char(data[png.size() / 2] ^ 1);
  const QByteArray svg = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'><rect width='9' heig<<ht='9'/></svg>";
  testing::internal::CaptureStderr();
  for (const auto& [bytes, ending] : {std::pair(head, "png"), std::pair(data, "png"), std::pair(pgm, "pgm"), std::pair(svg, "svg")}) {
    const nn::Issue issue = refusalOf([&, bytes = bytes, ending = ending] { read(bytes, ending); });
    EXPECT_NE(issue.what.find("its data is damaged"), std::string::npos) << ending << ": " << issue.what;
    EXPECT_NE(issue.hint.find("again"), std::string::npos) << ending << ": " << issue.hint;
  }
  EXPECT_NE(refusal(png.left(20), "png").find("cut off"), std::string::npos);
  for (const char* ending : {"svg", "png", "jpg"})
    EXPECT_EQ(refusal({}, ending), "The picture cannot be read: the file is empty") << ending;
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_NE(refusal("<svg xmlns='http://www.w3.org/2000/svg'/>", "svg").find("nothing in it has a size"), std::string::npos);
  EXPECT_NE(refusalOf([&] { read("words", "png"); }).hint.find("Use a PNG"), std::string::npos) << "that is of another kind";
  EXPECT_EQ(refusalOf([&] { io::readPictureFile(m_folder.filePath("none.png"), 0); }).hint.find("Use a PNG"), std::string::npos);
  QByteArray text = png;  // a part that a picture can do without
  const QByteArray comment = QByteArray("\0\0\0\4tEXta\0bc", 12) + QByteArray("oops");
  EXPECT_EQ(read(text.insert(33, comment), "png"), read(png, "png"));
}

// A PNG of parts that are each in order, but do not fit together: of all of them the reader would write to the terminal.
// Its reader gives up there without saying why.
TEST_F(PictureFiles, ADrawingThatIsTooDeeplyNestedIsToldSoAtOnce) {
  const auto nested = [](int depth) {
    return "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'>" + QByteArray("<g>").repeated(depth) +
           "<rect width='9' height='9'/>" + QByteArray("</g>").repeated(depth) + "</svg>";
  };
  EXPECT_EQ(read(nested(1900), "svg").size(), QSize(20, 10));
  for (const int depth : {2100, 5000, 400000}) {
    QElapsedTimer timer;
    timer.start();
    EXPECT_NE(refusal(nested(depth), "svg").find("too deeply nested"), std::string::npos) << depth;
    EXPECT_LT(timer.elapsed(), 2000) << depth;
  }
}

TEST_F(PictureFiles, WhatAPngsReaderWouldTellTheTerminalIsToldInOurWords) {
  const auto number = [](std::uint32_t value) {
    QByteArray bytes(4, '\0');
    qToBigEndian(value, bytes.data());
    return bytes;
  };
  const auto part = [&](const QByteArray& type, const QByteArray& data) {
    const QByteArray both = type + data;
    return number(std::uint32_t(data.size())) + both +
           number(std::uint32_t(crc32(0, reinterpret_cast<const Bytef*>(both.constData()), uInt(both.size()))));
  };
  const QByteArray rows(20 * 21, '\0'), packed = qCompress(rows).mid(4);
  const auto png = [&](const QByteArray& header, const QByteArray& middle, const QByteArray& data) {
    return QByteArray("\x89PNG\r\n\x1a\n") + part("IHDR", number(20) + number(20) + QByteArray::fromHex(header)) + middle +
           part("IDAT", data) + part("IEND", {});
  };
  EXPECT_EQ(read(png("0800000000", {}, packed), "png").size(), QSize(20, 20));
  EXPECT_EQ(read(png("0803000000", part("PLTE", "abc"), packed), "png").size(), QSize(20, 20));
  const QByteArray filter(20 * 21, '\7');
  testing::internal::CaptureStderr();
  for (const QByteArray& broken :
       {png("0700000000", {}, packed), png("0800000009", {}, packed), png("0800000000", {}, qCompress(rows.left(200)).mid(4)),
        png("0800000000", {}, "nothing packed"), png("0800000000", {}, packed.left(6)), png("0800000000", {}, qCompress(filter).mid(4)),
        png("0803000000", {}, packed), png("0803000000", part("PLTE", "abcd"), packed), png("0800000000", part("ABCD", "x"), packed),
        png("0800000000", {}, packed).replace("IDAT", "iDAT"), png("0800000000", {}, packed.chopped(1) + char(~packed.back())),
        png("0800000000", {}, packed).chopped(1) + "x"})
    EXPECT_NE(refusal(broken, "png").find("its data is damaged"), std::string::npos) << broken.mid(8, 30).toHex().constData();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  // Interlaced, as its rows come: seven small pictures.
  QByteArray passes;
  for (const auto& [width, height] : {std::pair(3, 3), {2, 3}, {5, 2}, {5, 5}, {10, 5}, {10, 10}, {20, 10}})
    passes += QByteArray((width + 1) * height, '\0');
  EXPECT_EQ(read(png("0800000001", {}, qCompress(passes).mid(4)), "png").size(), QSize(20, 20));
  EXPECT_NE(refusal(png("0800000001", {}, qCompress(passes.chopped(1)).mid(4)), "png"), "");
}

// Truevision's files have no mark, and begin like an icon without a picture.
TEST_F(PictureFiles, KindsThatAreNotReadAreToldAsSuch) {
  const QByteArray targa = QByteArray("\0\0\2\0\0\0\0\0\0\0\0\0\x14\0\x14\0\x18\0", 18) + QByteArray(1200, 'x');
  for (const QByteArray& bytes : {targa, QByteArray("words")}) {
    const nn::Issue issue = refusalOf([&] { read(bytes, "tga"); });
    EXPECT_EQ(issue.what, "The picture cannot be read: files of this kind are not read");
    EXPECT_EQ(issue.hint, "Use a PNG, JPEG, GIF, BMP or SVG file");
  }
}

// The window has a font of its own choice, the command line has not.
TEST_F(PictureFiles, TextOfADrawingIsTheSameWhateverTheProgramsFontIs) {
  const auto drawing = [&](const char* more) {
    return read(QByteArray("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'><rect width='40' height='40' fill='white'/>"
                           "<text x='4' y='30'") +
                    more + ">3</text></svg>",
                "svg");
  };
  const QFont before = QGuiApplication::font();
  const QImage plain = drawing("");
  QFont large("serif");
  large.setPixelSize(35);
  QGuiApplication::setFont(large);
  EXPECT_EQ(drawing(""), plain);
  EXPECT_EQ(drawing(" font-size='16'"), plain) << "SVG's own size";
  EXPECT_NE(drawing(" font-size='35'"), plain);
  QGuiApplication::setFont(before);
}

TEST_F(PictureFiles, ADrawingThatIsUnderstoodInPartIsToldInOneLine) {
  testing::internal::CaptureStderr();
  read(
      "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='20' height='20'>"
      "<use xlink:href='#none'/><use xlink:href='#none2'/><rect width='9' height='9'/></svg>",
      "svg");
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 1) << told;
  EXPECT_NE(told.find("picture.svg: not all of the picture was understood: "), std::string::npos) << told;
  EXPECT_EQ(told.find("qt.svg"), std::string::npos) << told;
}

// What Qt's reader passes over without a word would else be answered as if it were not there.
TEST_F(PictureFiles, WhatIsNotDrawnOfADrawingIsTold) {
  const QByteArray head = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='20' height='20'>";
  const auto told = [&](const QByteArray& body) {
    std::string unread;
    io::readPictureFile(write("picture.svg", head + body + "<rect width='9' height='9'/></svg>"), 0, 0, &unread);
    return unread;
  };
  const QByteArray clip = "<clipPath id='c'><rect width='9' height='2'/></clipPath>";
  const std::vector<std::pair<QByteArray, std::string>> undrawn{
      {"<defs>" + clip + "</defs><g clip-path='url(#c)'><path d='M0 0H9'/></g>", "clip-path"},
      {"<path style='fill: none; mask:url(#m)' d='M0 0H9'/>", "mask"},
      {"<g filter='url(#f)'/>", "filter"},
      {"<path style='mix-blend-mode:screen' d='M0 0H9'/>", "mix-blend-mode"},
      {clip, "<clipPath>"},
      {"<foreignObject width='9' height='9'/>", "<foreignObject>"},
      {"<text><textPath>7</textPath></text>", "<textPath>"},
      {"<path marker-end='url(#m)' d='M0 0H9'/>", "marker-end"},
      {"<defs><pattern id='p'/></defs><path fill='url(#p)' d='M0 0H9'/>", "the paint #p"},
      {"<path fill='rgba(0,0,0,0)' d='M0 0H9'/>", "rgba(0,0,0,0)"},
      {"<path fill='#0000' d='M0 0H9'/>", "#0000"},
      {"<path style='fill:#00000000' d='M0 0H9'/>", "#00000000"},
      {"<path stroke='hsla(0,0%,0%,0)' d='M0 0H9'/>", "hsla"},
      {"<style>.a { fill: var(--c) }</style><path class='a' d='M0 0H9'/>", "var(--c)"},
      {"<style>rect:not(.b) { fill: red }</style>", ":not(.b)"},
      {"<style>@media screen { rect { fill: red } }</style>", "@media"},
      {"<style>.a { fill: none }</style><path class='a' fill='red' d='M0 0H9'/>", "a style rule for fill"},
      {"<rect width='9' height='9'/><style>rect { fill: red }</style>", "<style> behind"},
      {"<text x='1'>1<tspan x='9' y='9'>7</tspan></text>", "<tspan>"},
  };
  for (const auto& [body, part] : undrawn) {
    const std::string unread = told(body);
    EXPECT_EQ(unread.find("not all of the picture was understood: it has "), 0u) << body.constData() << ": " << unread;
    EXPECT_NE(unread.find(part), std::string::npos) << body.constData() << ": " << unread;
  }
  for (const QByteArray& body :
       {QByteArray("<defs>" + clip + "<mask id='m'><rect fill='#0000'/></mask></defs>"),
        QByteArray("<title>7</title><metadata><x:RDF xmlns:x='urn:x'><x:Work/></x:RDF></metadata><x:view xmlns:x='urn:x' x:grid='1'/>"),
        QByteArray(
            "<g style='clip-path:none;mix-blend-mode:normal;font-variant:normal' color='red'><path fill='currentColor' d='M0 0H9'/></g>"),
        QByteArray("<style>/* a:b{} */ .a, g > path { fill:rgb(1, 2, 3); opacity:.5 }</style><path class='a' d='M0 0H9'/>"),
        QByteArray("<linearGradient id='l'><stop stop-color='#123'/></linearGradient><path fill='url(#l)' stroke='navy' d='M0 0H9'/>"),
        QByteArray("<switch><foreignObject requiredExtensions='x'/><g><path d='M0 0H9'/></g></switch>")})
    EXPECT_EQ(told(body), "") << body.constData();
  const QByteArray wide =
      "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20' viewBox='0 0 20 20'><rect width='20' height='20'/></svg>";
  EXPECT_EQ(qAlpha(read(wide, "svg").pixel(2, 10)), 0) << "the drawing is not stretched";
}

TEST_F(PictureFiles, PicturesBeyondQtsLimitAreReadSmaller) {
  QImage large(5800, 5800, QImage::Format_RGB32);
  large.fill(Qt::white);
  for (int y = 1000; y < 4800; ++y) std::fill_n(reinterpret_cast<QRgb*>(large.scanLine(y)) + 2500, 600, qRgb(20, 20, 20));
  const QString path = m_folder.filePath("large.jpg");
  ASSERT_TRUE(large.save(path));
  large = {};
  const QImage read = io::readPictureFile(path, 2000);
  EXPECT_EQ(read.size(), QSize(2000, 2000));
  EXPECT_LT(qGray(read.pixel(2800 * 2000 / 5800, 1000)), 40);
  EXPECT_GT(qGray(read.pixel(300, 1000)), 240);
  const data::GrayImage ink = io::readPicture(path).ink;
  EXPECT_EQ(ink.width, 560);
  EXPECT_FLOAT_EQ(ink.ink[280 * 560 + 270], 1);
  EXPECT_FLOAT_EQ(ink.ink[280 * 560 + 20], 0);
  EXPECT_NE(refusalOf([&] { io::readPictureFile(path, 0, 4096); }).what.find("4096 pixels on a side: 5800 × 5800"), std::string::npos);
}

TEST_F(PictureFiles, FoldersAndNothingAreNoPictures) {
  EXPECT_NE(refusalOf([&] { io::readPictureFile(m_folder.path(), 0); }).what.find("folder"), std::string::npos);
  EXPECT_NE(refusalOf([&] { io::readPictureFile(m_folder.filePath("none.png"), 0); }).what.find("cannot be read"), std::string::npos);
}

// Names are bytes: what is no UTF-8 finds its file all the same, and is told as \xff.
TEST(FileNames, OddBytesSurvive) {
  for (const std::string& bytes : {std::string("plain"), std::string("gr\xc3\xbc\xc3\x9f"), std::string("\xff.png"), std::string("a\xc3"),
                                   std::string("\xed\xb0\x80"), std::string("\xf0\x9f\x98\x80\xf5"), std::string("\xc0\xaf/\xe9t\xe9")})
    EXPECT_EQ(io::nativePath(io::pathOfBytes(bytes)).string(), bytes);
  EXPECT_EQ(io::shownName(io::pathOfBytes("a/\xff.png")), "a/\\xff.png");
  EXPECT_EQ(io::pathOfUrl(QUrl::fromEncoded("file:///tmp/%ff%20%C3%BC.png")), io::pathOfBytes("/tmp/\xff \xc3\xbc.png"));
  EXPECT_EQ(io::pathOfUrl(QUrl("https://host/a.png")), QString());
}

TEST_F(PictureFiles, PipesAreNotWaitedForAndDevicesAreNoFiles) {
  const QString pipe = m_folder.filePath("waiting.png");
  ASSERT_EQ(::mkfifo(QFile::encodeName(pipe), 0600), 0);
  EXPECT_FALSE(io::isPictureFile(pipe)) << "at once, although nobody writes";
  EXPECT_NE(refusalOf([] { io::readPictureFile("/dev/zero", 0); }).what.find("a device, not a file"), std::string::npos);
  EXPECT_NE(refusalOf([] { io::loadOnnx("/dev/zero"); }).what.find("a device, not a file"), std::string::npos);
}

TEST_F(PictureFiles, NamesThatAreNotUtf8Open) {
  const std::string plain = QFile::encodeName(write("plain.png", encoded(noise(9, 7), "png"))).toStdString();
  const std::string odd = plain + "\xff.png";
  if (std::rename(plain.c_str(), odd.c_str()) != 0) GTEST_SKIP() << "this file system knows no such names";
  const QString path = io::pathOfBytes(odd);
  EXPECT_TRUE(io::pathExists(path));
  EXPECT_TRUE(io::isReadable(path));
  EXPECT_FALSE(io::isFolder(path));
  EXPECT_TRUE(io::isPictureFile(path));
  EXPECT_EQ(io::readPictureFile(path, 0).size(), QSize(9, 7));
  EXPECT_NE(refusalOf([&] { io::readPictureFile(io::pathOfBytes(odd + "\xfe"), 0); }).where.find("\\xff.png\\xfe"), std::string::npos);
  EXPECT_NE(refusalOf([&] { io::loadModel(path); }).where.find("\\xff.png"), std::string::npos);
  std::filesystem::remove(odd);
}

}  // namespace
