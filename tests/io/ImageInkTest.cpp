#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>

#include <QFile>
#include <QImage>
#include <QPainter>
#include <QTemporaryDir>

#include "data/Random.h"
#include "io/PictureFile.h"
#include "nn/Error.h"

namespace {

// A stroke from (20,10) to (30,70) on paper of another color.
QImage stroke(QColor paper, QColor ink, QImage::Format format = QImage::Format_ARGB32) {
  QImage image(80, 100, format);
  image.fill(paper);
  QPainter(&image).fillRect(20, 10, 10, 60, ink);
  return image;
}

double total(const data::GrayImage& image) {
  return std::accumulate(image.ink.begin(), image.ink.end(), 0.0);
}
float at(const data::GrayImage& image, int x, int y) {
  return image.ink[std::size_t(y) * std::size_t(image.width) + std::size_t(x)];
}

void expectStroke(const data::GrayImage& ink) {
  EXPECT_FALSE(ink.localPaper);
  ASSERT_EQ(ink.width, 80);
  ASSERT_EQ(ink.height, 100);
  EXPECT_FLOAT_EQ(at(ink, 25, 40), 1);
  EXPECT_FLOAT_EQ(at(ink, 5, 5), 0);
  EXPECT_NEAR(total(ink), 600, 1);
}

TEST(InkOf, DarkOnLightAndLightOnDarkAreTheSame) {
  expectStroke(io::inkOf(stroke(Qt::white, Qt::black)));
  expectStroke(io::inkOf(stroke(Qt::black, Qt::white)));
  expectStroke(io::inkOf(stroke(QColor(240, 230, 200), QColor(20, 30, 120))));
  expectStroke(io::inkOf(stroke(QColor(30, 60, 40), QColor(220, 220, 200))));
}

TEST(InkOf, TransparencyIsPaper) {
  expectStroke(io::inkOf(stroke(Qt::transparent, Qt::black)));
  expectStroke(io::inkOf(stroke(Qt::transparent, Qt::white)));
  expectStroke(io::inkOf(stroke(Qt::transparent, Qt::red, QImage::Format_ARGB32_Premultiplied)));
}

TEST(InkOf, ASheetWithATransparentMarginIsTheSheet) {
  QImage image(120, 120, QImage::Format_ARGB32);
  image.fill(Qt::transparent);
  QPainter(&image).drawImage(15, 5, stroke(Qt::white, Qt::black));
  expectStroke(io::inkOf(image));
}

TEST(InkOf, EveryPixelFormatIsUnderstood) {
  for (int format = QImage::Format_Mono; format < QImage::NImageFormats; ++format) {
    const QImage image = stroke(Qt::white, Qt::black).convertToFormat(QImage::Format(format));
    if (image.isNull() || format == QImage::Format_Alpha8) continue;
    const data::GrayImage ink = io::inkOf(image);
    EXPECT_NEAR(total(ink), 600, 6) << "format " << format;
  }
}

TEST(InkOf, GrayLevelsAreKept) {
  QImage image = stroke(Qt::white, Qt::black);
  QPainter(&image).fillRect(50, 10, 10, 60, QColor(128, 128, 128));
  EXPECT_NEAR(at(io::inkOf(image), 55, 40), 0.498f, 0.01f);
}

TEST(InkOf, NoiseOfThePaperIsNoInk) {
  QImage image = stroke(QColor(200, 200, 200), QColor(40, 40, 40));
  data::Random random(4);
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const int gray = std::clamp(qRed(image.pixel(x, y)) + int(random.around(8)), 0, 255);
      image.setPixelColor(x, y, QColor(gray, gray, gray));
    }
  }
  const data::GrayImage ink = io::inkOf(image);
  EXPECT_LT(at(ink, 5, 5), 0.02f);
  EXPECT_NEAR(total(ink), 600, 60);
}

// A stroke of 24 x 160 on paper of 240 x 240; light: what the light or the table makes of the paper at a place.
template <typename Light>
QImage photo(Light light) {
  QImage image(240, 240, QImage::Format_RGB32);
  for (int y = 0; y < 240; ++y)
    for (int x = 0; x < 240; ++x) {
      const bool ink = x >= 110 && x < 134 && y >= 40 && y < 200;
      const int gray = int(light(x, y) * (ink ? 50 : 230));
      image.setPixel(x, y, qRgb(gray, gray, gray));
    }
  return image;
}

void expectStrokeAlone(const data::GrayImage& ink) {
  EXPECT_NEAR(total(ink), 24 * 160, 500);
  EXPECT_GT(at(ink, 122, 120), 0.7f);
  for (const int place : {8, 60, 180, 231}) EXPECT_LT(at(ink, place, place), 0.05f) << place;
}

TEST(InkOf, AShadowOnThePaperIsNoInk) {
  expectStrokeAlone(io::inkOf(photo([](int x, int y) { return 1 - double(x + y) / 800; })));
  expectStrokeAlone(io::inkOf(photo([](int x, int y) { return x + y < 240 ? 0.5 : 1.0; })));
}

TEST(InkOf, TheTableBesideThePageIsNoInk) {
  const data::GrayImage beside = io::inkOf(photo([](int x, int) { return x < 20 ? 0.3 : 1.0; }));
  EXPECT_TRUE(beside.localPaper) << "which is said beside the answer";
  expectStrokeAlone(beside);
  expectStrokeAlone(io::inkOf(photo([](int x, int y) { return std::min({x, y, 239 - x, 239 - y}) < 16 ? 0.3 : 1.0; })));
}

TEST(InkOf, BlankPicturesHaveNoInk) {
  for (const QColor& color : {QColor(Qt::white), QColor(Qt::black), QColor(Qt::transparent), QColor(120, 130, 140)}) {
    QImage image(30, 20, QImage::Format_ARGB32);
    image.fill(color);
    EXPECT_EQ(total(io::inkOf(image)), 0);
  }
  EXPECT_TRUE(io::inkOf(QImage()).ink.empty());
}

TEST(InkOf, LargePicturesAreScaledDown) {
  QImage image(3000, 1500, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter(&image).fillRect(1000, 300, 300, 900, Qt::black);
  const data::GrayImage ink = io::inkOf(image, 300);
  EXPECT_EQ(ink.width, 300);
  EXPECT_EQ(ink.height, 150);
  EXPECT_NEAR(total(ink), 30 * 90, 60);
}

TEST(InkOf, TinyPicturesAreTakenAsTheyAre) {
  QImage image(1, 1, QImage::Format_RGB32);
  image.fill(Qt::black);
  EXPECT_EQ(io::inkOf(image).ink.size(), 1u);
}

class ImageFiles : public ::testing::Test {
 protected:
  QString write(const QString& name, const QByteArray& content) {
    QFile file(m_folder.filePath(name));
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(content);
    return file.fileName();
  }
  static std::string refusal(const QString& path) {
    try {
      io::readPicture(path).ink;
    } catch (const nn::Error& error) {
      EXPECT_EQ(error.issue().where, path.toStdString());
      return error.issue().what;
    }
    ADD_FAILURE() << "no error";
    return {};
  }
  QTemporaryDir m_folder;
};

TEST_F(ImageFiles, ReadsPicturesOfSeveralKinds) {
  for (const char* name : {"a.png", "a.bmp", "a.jpg"}) {
    const QString path = m_folder.filePath(name);
    ASSERT_TRUE(stroke(Qt::white, Qt::black, QImage::Format_RGB32).save(path));
    EXPECT_NEAR(total(io::readPicture(path).ink), 600, 30) << name;
  }
}

TEST_F(ImageFiles, ScansOfTwelveBitsInSixteenAreAsBrightAsTheyAreMeant) {
  for (const int full : {255, 1023, 4095, 65535}) {
    QImage image(80, 100, QImage::Format_Grayscale16);
    image.fill(Qt::black);
    for (int y = 10; y < 70; ++y) std::fill_n(reinterpret_cast<quint16*>(image.scanLine(y)) + 20, 10, quint16(full * 3 / 4));
    const QString path = m_folder.filePath("deep.png");
    ASSERT_TRUE(image.save(path));
    const QImage read = io::readPictureFile(path, 0);
    EXPECT_NEAR(qGray(read.pixel(25, 40)), 191, 2) << full;
    EXPECT_NEAR(total(io::readPicture(path).ink), 600, 1) << full;
  }
}

TEST_F(ImageFiles, BrokenFilesAreRefused) {
  EXPECT_NE(refusal(m_folder.filePath("none.png")).find("cannot be read"), std::string::npos);
  EXPECT_NE(refusal(write("text.png", "this is no picture")).find("cannot be read"), std::string::npos);
  EXPECT_NE(refusal(write("empty.png", "")).find("cannot be read"), std::string::npos);
  const QString path = m_folder.filePath("cut.png");
  ASSERT_TRUE(stroke(Qt::white, Qt::black).save(path));
  QFile file(path);
  ASSERT_TRUE(file.resize(60));
  EXPECT_NE(refusal(path).find("cut off"), std::string::npos);
}

TEST_F(ImageFiles, HugePicturesAreRefusedBeforeTheyAreLoaded) {
  // A PNG header that claims 60,000 x 60,000 pixels.
  const QString path = m_folder.filePath("huge.png");
  ASSERT_TRUE(stroke(Qt::white, Qt::black).save(path));
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::ReadWrite));
  QByteArray content = file.readAll();
  content.replace(16, 8, QByteArray::fromHex("0000ea600000ea60"));
  // The check sum of the header, so that the size is believed.
  quint32 crc = 0xffffffff;
  for (const char byte : content.mid(12, 17)) {
    crc ^= quint8(byte);
    for (int k = 0; k < 8; ++k) crc = crc & 1 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
  }
  crc = ~crc;
  for (int i = 0; i < 4; ++i) content[29 + i] = char(crc >> (24 - 8 * i));
  file.seek(0);
  file.write(content);
  file.close();
  EXPECT_NE(refusal(path).find("too large: 60000 × 60000 pixels; at most 16000 × 16000"), std::string::npos);
}

}  // namespace
