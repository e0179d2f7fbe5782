#include <gtest/gtest.h>
#include <sys/resource.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "data/Random.h"
#include "io/Files.h"
#include "io/Gzip.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"
#include "support/FullDisk.h"

namespace {

QByteArray word(std::uint32_t value) {
  return QByteArray(1, char(value >> 24)) + QByteArray(1, char(value >> 16)) + QByteArray(1, char(value >> 8)) + QByteArray(1, char(value));
}

QByteArray imagesFile(std::uint32_t count, std::uint32_t rows, std::uint32_t columns, qsizetype bytes = -1) {
  QByteArray pixels(bytes >= 0 ? bytes : qsizetype(count) * rows * columns, '\0');
  for (qsizetype i = 0; i < pixels.size(); ++i) pixels[i] = char(i * 7);
  return word(0x803) + word(count) + word(rows) + word(columns) + pixels;
}

QByteArray labelsFile(std::uint32_t count, qsizetype bytes = -1) {
  QByteArray labels(bytes >= 0 ? bytes : qsizetype(count), '\0');
  for (qsizetype i = 0; i < labels.size(); ++i) labels[i] = char(i % 10);
  return word(0x801) + word(count) + labels;
}

class IdxFiles : public ::testing::Test {
 protected:
  QString write(const QString& name, const QByteArray& content) {
    QFile file(m_folder.filePath(name));
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(content);
    return file.fileName();
  }
  std::shared_ptr<const data::Dataset> read(const QByteArray& images, const QByteArray& labels) {
    return io::readIdx(write("images", images), write("labels", labels));
  }
  // The message of the error that reading these must give.
  std::string refusal(const QByteArray& images, const QByteArray& labels) {
    return refusalOf([&] { read(images, labels); });
  }
  template <typename Action>
  std::string refusalOf(Action action) {
    try {
      action();
    } catch (const nn::Error& error) {
      EXPECT_FALSE(error.issue().where.empty());
      return error.message();
    }
    ADD_FAILURE() << "no error";
    return {};
  }
  QTemporaryDir m_folder;
};

using ::testing::Test;

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

TEST_F(IdxFiles, ReadsPlainAndGzippedAlike) {
  const auto plain = read(imagesFile(30, 4, 5), labelsFile(30));
  EXPECT_EQ(plain->count(), 30u);
  EXPECT_EQ(plain->shape, (nn::Shape{1, 4, 5}));
  EXPECT_EQ(plain->classNames.size(), 10u);
  EXPECT_EQ(plain->image(2)[3], std::uint8_t((2 * 20 + 3) * 7));
  EXPECT_EQ(plain->labels[17], 7);
  const auto packed = read(gzipped(imagesFile(30, 4, 5)), gzipped(labelsFile(30)));
  EXPECT_EQ(packed->pixels, plain->pixels);
  EXPECT_EQ(packed->labels, plain->labels);
}

TEST_F(IdxFiles, ReadsSeveralGzipMembersAsOneFile) {
  const QByteArray images = imagesFile(30, 4, 5);
  EXPECT_EQ(read(gzipped(images.left(100)) + gzipped(images.mid(100)), labelsFile(30))->pixels, read(images, labelsFile(30))->pixels);
}

TEST_F(IdxFiles, WhatIsWrittenReadsBack) {
  const auto set = data::generateStrokeDigits(100, 5);
  for (const QString& ending : {QString(), QString(".gz")}) {
    const QString images = m_folder.filePath("i" + ending), labels = m_folder.filePath("l" + ending);
    io::writeIdx(images, labels, *set);
    const auto again = io::readIdx(images, labels);
    EXPECT_EQ(again->pixels, set->pixels);
    EXPECT_EQ(again->labels, set->labels);
    EXPECT_EQ(again->shape, set->shape);
  }
}

TEST_F(IdxFiles, ColorImagesKeepTheirChannels) {
  data::Dataset color;
  color.shape = {3, 2, 2};
  color.labels = {1, 2};
  for (int i = 0; i < 24; ++i) color.pixels.push_back(std::uint8_t(i));
  io::writeIdx(m_folder.filePath("i"), m_folder.filePath("l"), color);
  const auto again = io::readIdx(m_folder.filePath("i"), m_folder.filePath("l"));
  EXPECT_EQ(again->shape, color.shape);
  EXPECT_EQ(again->pixels, color.pixels);
}

TEST_F(IdxFiles, TruncatedFilesAreRefused) {
  const QByteArray images = imagesFile(30, 4, 5), labels = labelsFile(30);
  for (const qsizetype length : {0, 3, 4, 9, 15, 16, 17, 615})
    EXPECT_TRUE(contains(refusal(images.left(length), labels), "too short")) << length;
  for (const qsizetype length : {0, 3, 4, 7, 8, 37}) EXPECT_TRUE(contains(refusal(images, labels.left(length)), "too short")) << length;
}

TEST_F(IdxFiles, TruncatedAndDamagedGzipIsRefused) {
  const QByteArray packed = gzipped(imagesFile(30, 4, 5));
  for (const qsizetype length : {2, 9, 20, 60}) EXPECT_TRUE(contains(refusal(packed.left(length), labelsFile(30)), "too early")) << length;
  EXPECT_TRUE(contains(refusal(packed.left(packed.size() - 4), labelsFile(30)), "too early")) << "the check sum is missing";
  QByteArray damaged = packed;
  damaged[damaged.size() - 6] = char(damaged[damaged.size() - 6] ^ 1);
  EXPECT_TRUE(contains(refusal(damaged, labelsFile(30)), "damaged"));
}

TEST_F(IdxFiles, OtherMagicNumbersAreRefused) {
  EXPECT_TRUE(contains(refusal(labelsFile(30), labelsFile(30)), "not an IDX file of images"));
  EXPECT_TRUE(contains(refusal(imagesFile(3, 2, 2), imagesFile(3, 2, 2)), "not an IDX file of labels"));
  QByteArray odd = imagesFile(30, 4, 5);
  odd[2] = 0x0a;
  EXPECT_TRUE(contains(refusal(odd, labelsFile(30)), "not an IDX file"));
  odd[2] = 0x0d;
  EXPECT_TRUE(contains(refusal(odd, labelsFile(30)), "too short")) << "floats are four times as long";
  EXPECT_TRUE(contains(refusal("<html><body>404</body></html>", labelsFile(30)), "not an IDX file"));
}

TEST_F(IdxFiles, HugeCountsAreRefusedBeforeMemoryIsTaken) {
  EXPECT_TRUE(contains(refusal(imagesFile(0xffffffff, 28, 28, 100), labelsFile(30)), "more data than"));
  EXPECT_TRUE(contains(refusal(imagesFile(0xffffffff, 4096, 4096, 100), labelsFile(30)), "more data than"));
  EXPECT_TRUE(contains(refusal(imagesFile(1, 0xffffffff, 0xffffffff, 100), labelsFile(30)), "not possible"));
  EXPECT_TRUE(contains(refusal(imagesFile(1000000, 28, 28, 100), labelsFile(30)), "too short"));
  EXPECT_TRUE(contains(refusal(gzipped(imagesFile(5000000, 28, 28, 100)), labelsFile(30)), "too short"));
  EXPECT_TRUE(contains(refusal(imagesFile(3, 2, 2), labelsFile(0xffffffff, 3)), "too short"));
}

// Zeros pack a thousand to one: a small file passes the first check and must not be given what its header asks for.
TEST_F(IdxFiles, AClaimWithinTheGzipRatioTakesMemoryOnlyAsDataComes) {
  const QByteArray zeros(8 << 20, '\0');
  const QByteArray small = gzipped(word(0x803) + word(10000) + word(28) + word(28) + zeros.left(5000000));
  EXPECT_TRUE(contains(refusal(small, labelsFile(10000)), "too short"));
}

// Two images, and 300 MB of zeros behind them in as many pieces as a program writes who packs a stream.
TEST_F(IdxFiles, WhatFollowsAFewImagesIsNotUnpacked) {
  QByteArray images = gzipped(imagesFile(2, 4, 5));
  const QByteArray zeros = gzipped(QByteArray(10 << 20, '\0'));
  for (int i = 0; i < 30; ++i) images += zeros;
  const auto mostKb = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const long before = mostKb();
  EXPECT_TRUE(contains(refusal(images, labelsFile(2)), "more data follows"));
  EXPECT_LT(mostKb() - before, 20 << 10);
}

// A few kilobytes would unpack to gigabytes: what the headers count is compared first.
TEST_F(IdxFiles, CountsAreComparedBeforeAnythingIsUnpacked) {
  const QByteArray cut = gzipped(imagesFile(30, 40, 50)).left(200);
  EXPECT_TRUE(contains(refusal(cut, labelsFile(30)), "too early"));
  EXPECT_TRUE(contains(refusal(cut, gzipped(labelsFile(29))), "30 images, but 29 labels"));
}

TEST_F(IdxFiles, WhatFollowsThePackedDataIsPassedOver) {
  const QByteArray images = gzipped(imagesFile(30, 4, 5)), labels = gzipped(labelsFile(30));
  const auto plain = read(images, labels);
  EXPECT_TRUE(plain->notes.empty());
  const auto padded = read(images + QByteArray(5000, '\0'), labels + QByteArray(1, '\0'));
  EXPECT_EQ(padded->pixels, plain->pixels);
  EXPECT_TRUE(padded->notes.empty());
  for (const QByteArray& tail : {QByteArray("x"), QByteArray("\x1f"), QByteArray("a signature"), QByteArray(100, '\0') + "x"}) {
    const auto set = read(images, labels + tail);
    EXPECT_EQ(set->labels, plain->labels);
    ASSERT_EQ(set->notes.size(), 1u);
    EXPECT_TRUE(contains(set->notes[0], "labels: after the packed data")) << set->notes[0];
  }
}

TEST_F(IdxFiles, TrailingDataIsRefused) {
  EXPECT_TRUE(contains(refusal(imagesFile(30, 4, 5) + "x", labelsFile(30)), "more data follows"));
  EXPECT_TRUE(contains(refusal(gzipped(imagesFile(30, 4, 5) + "x"), labelsFile(30)), "more data follows"));
  EXPECT_TRUE(contains(refusal(imagesFile(30, 4, 5), labelsFile(30) + "x"), "more data follows"));
}

TEST_F(IdxFiles, EmptySetsAndImagesAreRefused) {
  EXPECT_TRUE(contains(refusal(imagesFile(0, 28, 28), labelsFile(0)), "empty"));
  EXPECT_TRUE(contains(refusal(imagesFile(5, 0, 28), labelsFile(5)), "not possible"));
}

TEST_F(IdxFiles, LabelsMustMatchTheImages) {
  EXPECT_TRUE(contains(refusal(imagesFile(30, 4, 5), labelsFile(29)), "30 images, but 29 labels"));
}

TEST_F(IdxFiles, LabelsAreWholeNumbersFromZeroOn) {
  QByteArray labels = labelsFile(30);
  labels[8 + 4] = char(200);
  EXPECT_EQ(read(imagesFile(30, 4, 5), labels)->classNames.size(), 201u);
  labels[2] = 0x09;  // bytes with a sign
  EXPECT_TRUE(contains(refusal(imagesFile(30, 4, 5), labels), "A label is -56"));
}

TEST_F(IdxFiles, FilesThatCannotBeOpenedAreNamed) {
  const std::string message = refusalOf([&] { io::readIdx(m_folder.filePath("none"), m_folder.filePath("none")); });
  EXPECT_TRUE(contains(message, "none"));
  EXPECT_TRUE(contains(refusalOf([&] { io::readIdx(m_folder.path(), m_folder.path()); }), "Cannot be"));
}

// Whatever bytes are changed: an error or a data set whose sizes fit together, never a crash.
TEST_F(IdxFiles, MutatedFilesNeverCrash) {
  data::Random random(2026);
  const QByteArray images = imagesFile(6, 3, 4), labels = labelsFile(6);
  int refused = 0;
  for (int round = 0; round < 600; ++round) {
    QByteArray mutant = random.chance(0.5f) ? images : gzipped(images), other = labels;
    for (std::size_t k = 0, changes = 1 + random.below(4); k < changes; ++k) {
      QByteArray& target = random.chance(0.7f) ? mutant : other;
      const qsizetype at =
          qsizetype(random.below(std::size_t(random.chance(0.7f) ? std::min<qsizetype>(20, target.size()) : target.size())));
      if (random.chance(0.1f)) {
        target.truncate(std::max<qsizetype>(1, at));
      } else {
        target[at] = char(random.below(256));
      }
    }
    try {
      const auto set = read(mutant, other);
      EXPECT_EQ(set->pixels.size(), set->count() * set->shape.size());
      for (const auto label : set->labels) EXPECT_LT(label, set->classNames.size());
    } catch (const nn::Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_LT(refused, 600);
}

TEST_F(IdxFiles, WritingToNowhereIsAnError) {
  const auto set = data::generateStrokeDigits(10, 5);
  EXPECT_TRUE(
      contains(refusalOf([&] { io::writeIdx(m_folder.filePath("no/such/i"), m_folder.filePath("l"), *set); }), "it cannot be written"));
}

TEST_F(IdxFiles, WhereNotBothFitNeitherIsReplaced) {
  const auto set = data::generateStrokeDigits(500, 5);
  const QString images = write("images", "the old file"), labels = write("labels", "the old labels");
  std::string message;
  {
    const FileSizeLimit limit(20000);
    message = refusalOf([&] { io::writeIdx(images, labels, *set); });
  }
  EXPECT_TRUE(contains(message, "saving failed"));
  EXPECT_EQ(io::readFile(images, 100), "the old file");
  EXPECT_EQ(QDir(m_folder.path()).entryList(QDir::Files).size(), 2) << "no half-written file stays behind";
  data::Dataset many;
  many.shape = {1, 1, 1};
  many.labels.resize(30000);
  many.pixels.resize(30000);
  const QString packed = write("images.gz", "the old packed file");  // images that fit, packed, beside labels that do not
  {
    const FileSizeLimit limit(20000);
    message = refusalOf([&] { io::writeIdx(packed, labels, many); });
  }
  EXPECT_TRUE(contains(message, "saving failed"));
  EXPECT_EQ(io::readFile(packed, 100), "the old packed file") << "new images with old labels are neither set";
  EXPECT_EQ(io::readFile(labels, 100), "the old labels");
}

class DataFolders : public IdxFiles {
 protected:
  void writeSet(const QString& set, std::uint32_t count, std::uint32_t side = 4) {
    write(set + "-images-idx3-ubyte", imagesFile(count, side, side));
    write(set + "-labels-idx1-ubyte", labelsFile(count));
  }
};

TEST_F(DataFolders, AFolderGivesTrainingValidationAndTest) {
  writeSet("train", 200);
  writeSet("t10k", 30);
  const data::DataSplit split = io::loadData(m_folder.path());
  EXPECT_EQ(split.train->count(), 180u);
  EXPECT_EQ(split.validation->count(), 20u);
  ASSERT_NE(split.test, nullptr);
  EXPECT_EQ(split.test->count(), 30u);
  EXPECT_EQ(io::loadTestData(m_folder.path())->count(), 30u);
}

TEST_F(DataFolders, GzippedAndDottedNamesAreFoundAndTheTestSetMayLack) {
  write("train-images.idx3-ubyte.gz", gzipped(imagesFile(20, 4, 4)));
  write("train-labels.idx1-ubyte", labelsFile(20));
  const data::DataSplit split = io::loadData(m_folder.path());
  EXPECT_EQ(split.train->count() + split.validation->count(), 20u);
  EXPECT_EQ(split.test, nullptr);
  EXPECT_TRUE(contains(io::loadTestData(m_folder.path())->notes.back(), "There are no test images by their names"));
}

TEST_F(DataFolders, OfTwinsItIsSaidWhichCounts) {
  const auto written = [&](const char* name, const QByteArray& bytes) { write(name, bytes); };
  written("train-images-idx3-ubyte", imagesFile(20, 4, 4));
  written("train-images-idx3-ubyte.gz", gzipped(imagesFile(30, 4, 4)));
  written("train-labels.idx1-ubyte", labelsFile(20));
  EXPECT_EQ(io::loadData(m_folder.path()).notes,
            std::vector<std::string>{"train-images-idx3-ubyte.gz was left out, since train-images-idx3-ubyte is there, too"});
  written("train-labels-idx1-ubyte.gz", gzipped(labelsFile(20)));
  EXPECT_EQ(io::loadData(m_folder.path()).notes.size(), 2u);
}

TEST_F(DataFolders, EmptyMissingAndHalfFoldersAreRefused) {
  EXPECT_TRUE(contains(refusalOf([&] { io::loadData(m_folder.path()); }), "There is no data set"));
  EXPECT_TRUE(contains(refusalOf([&] { io::loadData(m_folder.filePath("none")); }), "no such folder"));
  const QString file = write("train-images-idx3-ubyte", imagesFile(20, 4, 4));
  for (const QString& path : {file, m_folder.path()})
    EXPECT_TRUE(contains(refusalOf([&] { io::loadData(path); }), "There are no labels for these images"));
  EXPECT_TRUE(contains(refusalOf([&] { io::loadTestData(m_folder.path()); }), "There are no labels for these images"));
}

TEST_F(DataFolders, AnUnreadableFolderIsRefused) {
  writeSet("train", 20);
  const auto permissions = QFile::permissions(m_folder.path());
  QFile::setPermissions(m_folder.path(), QFile::Permissions());
  const bool root = QFile::exists(m_folder.filePath("train-images-idx3-ubyte"));
  std::string message;
  if (!root) message = refusalOf([&] { io::loadData(m_folder.path()); });
  QFile::setPermissions(m_folder.path(), permissions);
  if (root) GTEST_SKIP() << "this user may read everything";
  EXPECT_TRUE(contains(message, "cannot be read"));
}

TEST_F(DataFolders, TrainingAndTestMustBeOfOneKind) {
  writeSet("train", 20);
  writeSet("t10k", 20, 5);
  EXPECT_TRUE(contains(refusalOf([&] { io::loadData(m_folder.path()); }), "training images"));
}

TEST_F(DataFolders, LoadingCanBeCanceled) {
  writeSet("train", 20);
  EXPECT_EQ(io::loadData(m_folder.path(), 1, [](double) { return false; }).train, nullptr);
  EXPECT_EQ(io::loadData("strokes", 1, [](double done) { return done < 0.01; }).train, nullptr);
}

}  // namespace
