// What is trained on is what is fed: the same digits from every kind of source become the same input, in training, in a test, and where one
// of the pictures is asked about by itself.
#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <map>

#include <QDir>
#include <QImage>
#include <QTemporaryDir>

#include "data/InputPipeline.h"
#include "data/StrokeDigits.h"
#include "io/Model.h"
#include "io/ModelTools.h"
#include "io/PictureFile.h"
#include "io/datasets/Datasets.h"

namespace {

constexpr std::size_t kSide = 28, kCells = kSide * kSide;
constexpr int kDigits = 60;

struct Source {
  const char* name;
  QImage (*draw)(std::span<const std::uint8_t> digit);  // ink 0 .. 255
};

QImage gray(std::span<const std::uint8_t> digit, const std::function<QRgb(int ink)>& color, QImage::Format format) {
  QImage image(kSide, kSide, QImage::Format_ARGB32);
  for (std::size_t i = 0; i < kCells; ++i) image.setPixel(int(i % kSide), int(i / kSide), color(digit[i]));
  QList<QRgb> grays;
  for (int light = 0; light < 256; ++light) grays << qRgb(light, light, light);
  return format == QImage::Format_Indexed8 ? image.convertToFormat(format, grays) : image.convertToFormat(format);
}

const std::vector<Source>& sources() {
  static const std::vector<Source> all{
      {"white on black",
       [](auto digit) {
         return gray(
             digit, [](int ink) { return qRgb(ink, ink, ink); }, QImage::Format_Grayscale8);
       }},
      {"black on white",
       [](auto digit) {
         return gray(
             digit, [](int ink) { return qRgb(255 - ink, 255 - ink, 255 - ink); }, QImage::Format_Grayscale8);
       }},
      {"in color",
       [](auto digit) {
         return gray(
             digit, [](int ink) { return qRgb(ink, ink, ink); }, QImage::Format_RGB888);
       }},
      {"of a palette",
       [](auto digit) {
         return gray(
             digit, [](int ink) { return qRgb(255 - ink, 255 - ink, 255 - ink); }, QImage::Format_Indexed8);
       }},
      {"of 16 bits",
       [](auto digit) {
         return gray(
             digit, [](int ink) { return qRgb(ink, ink, ink); }, QImage::Format_Grayscale16);
       }},
      {"black on nothing",
       [](auto digit) {
         return gray(
             digit, [](int ink) { return qRgba(0, 0, 0, ink); }, QImage::Format_ARGB32);
       }},
      {"white on nothing", [](auto digit) {
         return gray(
             digit, [](int ink) { return qRgba(255, 255, 255, ink); }, QImage::Format_ARGB32);
       }}};
  return all;
}

float farthest(std::span<const float> a, std::span<const float> b) {
  float most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

class SamePicture : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto made = data::generateStrokeDigits(kDigits, 3);
    for (std::size_t i = 0; i < made->count(); ++i)
      m_digits.push_back({int(made->labels[i]), {made->image(i).begin(), made->image(i).end()}});
  }
  std::vector<float> wanted(std::size_t digit) const {
    std::vector<float> values(m_pipeline.picture().size());
    m_pipeline.write(m_digits[digit].pixels, {1, kSide, kSide}, values);
    return values;
  }
  struct Digit {
    int label;
    std::vector<std::uint8_t> pixels;
  };
  std::vector<Digit> m_digits;
  data::InputPipeline m_pipeline{*io::loadNetwork("harley")};
  QTemporaryDir m_folder;
};

// A pixel may be rounded otherwise on the way, no more.
constexpr float kRounded = 3.0f / 255.0f;

TEST_F(SamePicture, OfAllKindsOfPicturesInFolders) {
  for (const Source& source : sources()) {
    SCOPED_TRACE(source.name);
    const QDir folder(m_folder.filePath(source.name));
    std::map<QString, std::size_t> digitOf;  // by the name of its file, which is also the order in its class
    for (std::size_t i = 0; i < m_digits.size(); ++i) {
      const QString name = QString("%1/%2.png").arg(m_digits[i].label).arg(i, 3, 10, QChar('0'));
      ASSERT_TRUE(folder.mkpath(QString::number(m_digits[i].label)));
      ASSERT_TRUE(source.draw(m_digits[i].pixels).save(folder.filePath(name)));
      digitOf[name] = i;
    }
    const data::DataSplit split = io::loadData(folder.path(), 1, {}, {0});
    ASSERT_EQ(split.train->count(), m_digits.size());
    auto next = digitOf.begin();
    for (std::size_t image = 0; image < split.train->count(); ++image, ++next) {
      std::vector<float> trained(m_pipeline.picture().size()), asked(trained.size());
      m_pipeline.write(split.train->whole->image(image), split.train->shape, trained);
      EXPECT_LE(farthest(trained, wanted(next->second)), kRounded) << "in training, " << next->first.toStdString();
      const data::Picture picture = io::readPicture(folder.filePath(next->first));
      m_pipeline.write(m_pipeline.prepare(picture.ink, false).result, nullptr, asked);
      EXPECT_LE(farthest(asked, wanted(next->second)), kRounded) << "by itself, " << next->first.toStdString();
    }
  }
}

TEST_F(SamePicture, OfTablesAndIdx) {
  QByteArray table, turned;
  auto set = std::make_shared<data::Dataset>();
  set->shape = {1, kSide, kSide};
  set->classNames.resize(10);
  for (const Digit& digit : m_digits) {
    table += QByteArray::number(digit.label);
    turned += QByteArray::number(digit.label);
    for (const std::uint8_t pixel : digit.pixels) {
      table += ',' + QByteArray::number(pixel);
      turned += ',' + QByteArray::number(255 - pixel);
    }
    table += '\n';
    turned += '\n';
    set->labels.push_back(data::Label(digit.label));
    set->pixels.insert(set->pixels.end(), digit.pixels.begin(), digit.pixels.end());
  }
  modeltest::writeAll(m_folder.filePath("digits.csv"), table);
  modeltest::writeAll(m_folder.filePath("turned.csv"), turned);
  ASSERT_TRUE(QDir(m_folder.path()).mkdir("idx"));
  io::writeIdx(m_folder.filePath("idx/train-images-idx3-ubyte"), m_folder.filePath("idx/train-labels-idx1-ubyte"), *set);
  for (const char* source : {"digits.csv", "turned.csv", "idx"}) {
    SCOPED_TRACE(source);
    const data::DataSplit split = io::loadData(m_folder.filePath(source), 1, {}, {0});
    ASSERT_EQ(split.train->count(), m_digits.size());
    for (std::size_t image = 0; image < split.train->count(); ++image) {
      std::vector<float> trained(m_pipeline.picture().size());
      m_pipeline.write(split.train->whole->image(image), split.train->shape, trained);
      EXPECT_LE(farthest(trained, wanted(image)), kRounded) << image;
    }
  }
}

}  // namespace
