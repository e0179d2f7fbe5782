// convscope explain: every method of the table on a digit, what it prints, what it saves, what it refuses.
#include <gtest/gtest.h>

#include <QImage>
#include <QJsonArray>
#include <QTemporaryDir>

#include "analysis/Method.h"
#include "cli/Command.h"
#include "cli/CommandRun.h"
#include "data/StrokeDigits.h"
#include "io/Model.h"

namespace {

using clitest::run;
using V = std::int64_t;

class Explain : public ::testing::Test {
 protected:
  void SetUp() override {
    const data::GrayImage digit = data::strokeDigit(3, 4, 120);
    QImage image(120, 120, QImage::Format_RGB32);
    for (int i = 0; i < 120 * 120; ++i) {
      const int light = 255 - int(digit.ink[std::size_t(i)] * 255);
      image.setPixel(i % 120, i / 120, qRgb(light, light, light));
    }
    ASSERT_TRUE(image.save(three()));
  }
  QString three() const { return folder.filePath("three.png"); }
  QString out() const { return folder.filePath("out.png"); }
  clitest::Outcome explain(const QStringList& further, const QString& model = "harley") const {
    return run(QStringList{"explain", model, three()} + further);
  }
  // A small network with random weights that takes colors.
  QString colorModel(std::vector<nn::NodeSpec> behind) const {
    nn::NetworkSpec spec;
    spec.name = spec.title = "colors";
    spec.nodes = {{"input", "input", {}, {{"channels", V(3)}, {"height", V(40)}, {"width", V(48)}}},
                  {"conv",
                   "conv2d",
                   {},
                   {{"filters", V(4)}, {"kernel", V(3)}, {"activation", std::string("relu")}, {"padding", std::string("same")}}}};
    spec.nodes.insert(spec.nodes.end(), behind.begin(), behind.end());
    const auto network = nn::Network::create(spec);
    const QString path = folder.filePath("colors.onnx");
    io::saveOnnx(path, *network, network->initialParameters(5));
    return path;
  }

  QTemporaryDir folder;
};

TEST_F(Explain, ByEveryMethodOfTheTable) {
  for (const analysis::Method& method : analysis::methods()) {
    SCOPED_TRACE(method.id);
    const clitest::Outcome outcome = explain({"--method", QString::fromStdString(method.id), "--out", out(), "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const QJsonObject object = outcome.json();
    EXPECT_EQ(object["method"].toString().toStdString(), method.id);
    EXPECT_EQ(object["label"].toInt(-1), 3);
    EXPECT_TRUE(object["assumed"].toBool());
    const QJsonObject map = object["map"].toObject();
    EXPECT_EQ(map["values"].toArray().size(), map["width"].toInt() * map["height"].toInt());
    EXPECT_EQ(map["width"].toInt(), 32);
    EXPECT_FALSE(object["layers"].toArray().isEmpty());
    const QImage picture(out());
    EXPECT_EQ(picture.size(), QSize(1080, 680));
    EXPECT_TRUE(QFile::remove(out()));
  }
  EXPECT_EQ(explain({"--method", "echo", "--echo-factor", "2"}).status, 0) << "the one that only tests know";
}

TEST_F(Explain, OfAnotherClassSaysWhatTheAnswerIs) {
  const clitest::Outcome outcome = explain({"--method", "saliency", "--class", "5", "--show", "signed"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_NE(outcome.out.find("class 5 was asked for"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("the network's answer is class 3"), std::string::npos) << outcome.out;
  const QJsonObject object = explain({"--method", "trace", "--class", "3", "--against", "5", "--json"}).json();
  EXPECT_FALSE(object["assumed"].toBool());
  EXPECT_TRUE(object["notes"].toArray().first().toString().contains("not class 5")) << object["notes"].toArray().size();
  double score = 0, parts = 0;
  for (const QJsonValue& figure : object["figures"].toArray())
    (figure["name"].toString().startsWith("score") ? score : parts) += figure["value"].toDouble();
  EXPECT_NEAR(score, parts, 1e-2);
  EXPECT_EQ(object["figures"][0]["name"].toString(), "score above the other class's") << "which is not the score of the class";
  const QJsonObject alone = explain({"--method", "trace", "--class", "3", "--json"}).json();
  EXPECT_EQ(alone["figures"][0]["name"].toString(), "score");
  EXPECT_NEAR(alone["figures"][0]["value"].toDouble(), object["score"].toDouble(), 1e-2);
}

TEST_F(Explain, ListsTheMethods) {
  const clitest::Outcome listed = run({"explain", "--list"});
  EXPECT_EQ(listed.status, 0);
  const QJsonArray rows = run({"explain", "--list", "--json"}).json()["methods"].toArray();
  ASSERT_EQ(std::size_t(rows.size()), analysis::methods().size());
  for (std::size_t i = 0; i < analysis::methods().size(); ++i) {
    const analysis::Method& method = analysis::methods()[i];
    EXPECT_EQ(rows[qsizetype(i)]["method"].toString().toStdString(), method.id);
    EXPECT_NE(listed.out.find(method.id), std::string::npos);
    EXPECT_NE(listed.out.find(method.source), std::string::npos);
    const std::string help = run({"explain", "--help"}).out;
    for (const nn::FieldInfo& field : method.fields) EXPECT_NE(help.find("--" + field.name), std::string::npos) << field.name;
  }
}

// Where the colors are: half of the picture is red, and the network looks at nothing else.
TEST_F(Explain, APhotoForANetworkThatTakesColors) {
  QImage photo(48, 40, QImage::Format_RGB32);
  photo.fill(Qt::blue);
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 24; ++x) photo.setPixelColor(x, y, Qt::red);
  const QString image = folder.filePath("photo.png");
  ASSERT_TRUE(photo.save(image));
  const QString model =
      colorModel({{"mean", "global-average-pool", {}, {}}, {"scores", "dense", {}, {{"units", V(3)}}}, {"softmax", "softmax", {}, {}}});
  for (const char* method : {"saliency", "grad-cam", "occlusion", "trace"}) {
    const clitest::Outcome outcome = run({"explain", model, image, "--method", method, "--out", out(), "--theme", "light", "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.json()["map"].toObject()["width"].toInt(), 48);
    const QImage picture(out());
    ASSERT_FALSE(picture.isNull());
    int red = 0;  // of what the network received
    for (int x = 0; x < picture.width(); ++x) red += picture.pixelColor(x, picture.height() / 2) == QColor(Qt::red);
    EXPECT_GT(red, 100) << method;
  }
}

TEST_F(Explain, ANetworkThatEndsInAPictureIsExplainedByTheSumAndSaysSo) {
  const QString model = colorModel({{"scores", "conv2d", {}, {{"filters", V(4)}, {"kernel", V(1)}}}, {"softmax", "softmax", {}, {}}});
  const clitest::Outcome outcome = explain({"--method", "saliency", "--class", "1", "--json"}, model);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("sum of the scores of class 1 over all 40 × 48 pixels"), std::string::npos) << outcome.err;
}

TEST_F(Explain, RefusesWhatCannotBeExplainedBeforeAnythingIsWritten) {
  const auto refuses = [&](const QStringList& further, int status, const char* says, const QString& model = "harley") {
    const clitest::Outcome outcome = explain(further, model);
    EXPECT_EQ(outcome.status, status) << says;
    EXPECT_NE(outcome.err.find(says), std::string::npos) << outcome.err;
    EXPECT_TRUE(outcome.out.empty()) << outcome.out;
  };
  refuses({}, 2, "--method is missing; there are trace, saliency, grad-cam, occlusion");
  refuses({"--method", "sliency"}, 2, "did you mean saliency?");
  refuses({"--method", "zzz"}, 2, "there are trace, saliency");
  refuses({"--method", "saliency", "--window", "3"}, 2, "--window has no effect with --method saliency");
  refuses({"--method", "occlusion", "--window", "-1"}, 2, "--window must lie between 0 and 4096");
  refuses({"--method", "occlusion", "--window", "4", "--stride", "8"}, 1, "Choose a stride of 4 at most, or a larger window");
  refuses({"--method", "saliency", "--show", "loudly"}, 2, "absolute, signed, times-input");
  refuses({"--method", "saliency", "--class", "12"}, 1, "from 0 to 9");
  refuses({"--method", "saliency", "--class", "cat"}, 1, "there is no such class");
  refuses({"--method", "grad-cam", "--layer", "conv9"}, 1, "input, conv1, pool1, conv2, pool2");
  EXPECT_NE(run({"explain", "harley", three(), "--method", "occlusion", "--window", "40"}).err.find("larger than the picture"),
            std::string::npos);
  refuses({"--method", "grad-cam"}, 1, "no layer with maps", "mlp");
  refuses({"--method", "grad-cam"}, 1, "Choose another method, or a network with a convolution", "mlp");
  refuses({"--method", "saliency", "--out", folder.filePath("no/x.png")}, 1, "folder does not exist");
  refuses({"--method", "saliency", "--out", folder.filePath("x.txt")}, 1, "Use .png");
  refuses({"--method", "saliency", "--out", three()}, 2, "name the same file");
  const QString restorer = colorModel({{"picture", "conv2d", {}, {{"filters", V(3)}, {"kernel", V(1)}}}});
  refuses({"--method", "saliency"}, 1, "the network reconstructs its input", restorer);
  const QString scene = colorModel({{"picture", "conv2d", {}, {{"filters", V(2)}, {"kernel", V(1)}}}});
  refuses({"--method", "saliency"}, 1, "the network ends in a picture", scene);
  EXPECT_NE(run({"explain", "harley"}).err.find("IMAGE is missing"), std::string::npos);
}

}  // namespace
