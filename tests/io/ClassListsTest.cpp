// The names of classes from where people have them, and words for data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QTemporaryDir>

#include "data/StrokeDigits.h"
#include "io/ClassLists.h"
#include "io/FileNames.h"
#include "io/Model.h"
#include "io/ModelTools.h"
#include "io/datasets/DataWord.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"
#include "tasks/EnergyScore.h"

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ClassLists : public ::testing::Test {
 protected:
  std::vector<std::string> read(const QByteArray& bytes) {
    const QString path = m_folder.filePath("classes.txt");
    modeltest::writeAll(path, bytes);
    return io::readClassNames(path);
  }
  std::string refusal(const QByteArray& bytes) {
    try {
      read(bytes);
    } catch (const nn::Error& error) {
      return error.message();
    }
    return "";
  }
  QTemporaryDir m_folder;
};

TEST_F(ClassLists, AreReadInTheFormsThatPeopleHave) {
  EXPECT_THAT(read("cat\ndog\r\n\nfish\n"), ElementsAre("cat", "dog", "fish"));
  EXPECT_THAT(read("0: cat\n2: fish\n1: dog"), ElementsAre("cat", "dog", "fish"));
  EXPECT_THAT(read("1,cat\n2,dog"), ElementsAre("cat", "dog"));
  EXPECT_THAT(read("0 a cat\n1 a dog"), ElementsAre("a cat", "a dog"));
  EXPECT_THAT(read("n01440764 tench, Tinca tinca\nn01443537 goldfish"), ElementsAre("tench, Tinca tinca", "goldfish"));
  EXPECT_THAT(read("[\"cat\", \"dog\"]"), ElementsAre("cat", "dog"));
  EXPECT_THAT(read("{\"1\": \"dog\", \"0\": \"cat\", \"2\": \"e\", \"10\": \"k\", \"3\": \"f\", \"4\": \"g\", \"5\": \"h\", \"6\": \"i\", "
                   "\"7\": \"j\", \"8\": \"l\", \"9\": \"m\"}"),
              ElementsAre("cat", "dog", "e", "f", "g", "h", "i", "j", "l", "m", "k"))
      << "by the numbers, not by their letters";
  EXPECT_THAT(read("{\"0\": [\"n01440764\", \"tench\"], \"1\": [\"n01443537\", \"goldfish\"]}"), ElementsAre("tench", "goldfish"));
  EXPECT_THAT(read("{\"dog\": 1, \"cat\": 0}"), ElementsAre("cat", "dog"));
  EXPECT_THAT(read("3D\n2D\n"), ElementsAre("3D", "2D")) << "what begins with a number is no number";
}

TEST_F(ClassLists, AreRefusedWhereTheyAreNone) {
  EXPECT_THAT(refusal(""), HasSubstr("it is no list of classes"));
  EXPECT_THAT(refusal("0: cat\n2: fish"), HasSubstr("leave 1 out"));
  EXPECT_THAT(refusal("{\"cat\": 0, \"dog\": 0}"), HasSubstr("two of its classes have one number"));
  EXPECT_THAT(refusal("[\"cat\""), HasSubstr("it is no JSON"));
  EXPECT_THROW(io::requireClassNames({"a", "b"}, 3, "here"), nn::Error);
  EXPECT_THROW(io::requireClassNames({"a", "a"}, 2, "here"), nn::Error);
  EXPECT_NO_THROW(io::requireClassNames({"a", "b"}, 2, "here"));
}

TEST_F(ClassLists, AreReadAsPythonWritesThem) {
  EXPECT_THAT(io::classNamesIn("{0: 'cat', 1: 'dog'}", "names"), ElementsAre("cat", "dog"));
  EXPECT_THAT(io::classNamesIn("['cat', 'dog']", "names"), ElementsAre("cat", "dog"));
  EXPECT_THAT(io::classNamesIn("cat, dog", "names"), ElementsAre("cat", "dog"));
  EXPECT_THAT(io::classNamesIn("{\"0\": \"it's\", \"1\": \"dog\"}", "names"), ElementsAre("it's", "dog"));
}

TEST_F(ClassLists, AreFoundByWord) {
  EXPECT_EQ(io::classNamesOf("fashion").front(), "T-shirt");
  EXPECT_THAT(io::classNamesOf("yes, no"), ElementsAre("yes", "no"));
  EXPECT_THROW(io::classNamesOf("no-such-list"), nn::Error);
}

TEST(DataWord, SaysWhetherBlackAndWhiteAreExchanged) {
  EXPECT_EQ(io::withInverted("strokes"), "inverted:strokes");
  EXPECT_EQ(io::withInverted("inverted:strokes"), "strokes");
  EXPECT_EQ(io::withPaths("inverted:some/folder", io::absolutePath), "inverted:" + io::absolutePath("some/folder"));
  EXPECT_EQ(io::withPaths("inverted:strokes", io::absolutePath), "inverted:strokes");
  EXPECT_EQ(io::withInverted("strokes+inverted:strokes"), "inverted:strokes+strokes");
  EXPECT_TRUE(io::namesDataset("inverted:strokes"));
  EXPECT_TRUE(io::isSourceThere("inverted:strokes"));
  EXPECT_FALSE(io::isSourceThere("inverted:no/such/folder"));
}

TEST_F(ClassLists, InvertedDataHasTheSameImagesTheOtherWayRound) {
  const auto digits = data::generateStrokeDigits(40, 5);
  io::writeIdx(m_folder.filePath("train-images-idx3-ubyte"), m_folder.filePath("train-labels-idx1-ubyte"), *digits);
  const data::DataSplit plain = io::loadData(m_folder.path()), turned = io::loadData("inverted:" + m_folder.path());
  ASSERT_EQ(plain.train->count(), turned.train->count());
  EXPECT_EQ(plain.train->labels, turned.train->labels);
  for (std::size_t i = 0; i < plain.train->count(); ++i)
    for (std::size_t k = 0; k < 784; ++k) ASSERT_EQ(int(plain.train->image(i)[k]) + int(turned.train->image(i)[k]), 255);
  EXPECT_THAT(turned.notes, testing::Contains(HasSubstr("Black and white are exchanged")));
}

// With it goes what is usual for the model, as long as its weights are the same.
TEST_F(ClassLists, AModelKeepsHowFamiliarItsValidationImagesAre) {
  const auto network = io::loadNetwork("softmax");
  std::vector<float> parameters = network->initialParameters(1), scores;
  for (int i = 0; i < 200; ++i) scores.push_back(float(i) / 7);
  const tasks::EnergyCalibration calibration(scores);
  const QString path = m_folder.filePath("model.onnx");
  io::saveOnnx(path, *network, parameters, calibration);
  EXPECT_EQ(io::loadOnnx(path).calibration, calibration);
  io::saveOnnx(path, *network, parameters);
  EXPECT_TRUE(io::loadOnnx(path).calibration.empty());
}

}  // namespace
