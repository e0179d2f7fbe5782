// What the window answers, and when it does not: networks that name no class, models that are not whole, pictures without ink, and samples
// of which the class is known.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <tuple>

#include <QDir>
#include <QFile>
#include <QImage>
#include <QSignalSpy>

#include "io/Files.h"
#include "io/Model.h"
#include "scene/Winner.h"
#include "scene/text/UnitText.h"
#include "ui/AnswerTools.h"
#include "ui/panels/training/TrainingPanel.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/shell/MessageStrip.h"

namespace {

class AnswerWindowTest : public uitest::AnsweringWindow {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    QObject::connect(&workbench(), &ui::Workbench::messageRaised, &window(),
                     [this](const ui::Message& message) { told.push_back(message); });
  }
  // A network over 28 x 28 with these nodes at its end.
  void openEnding(const char* name, const char* nodes) {
    const QString path = folder.filePath(QString(name) + ".json");
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(R"({"name": ")") + name +
               R"(", "nodes": [{"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28},)" + nodes + "]}");
    file.close();
    open(path, name);
  }
  void openUnread() {
    // The shipped network with another function in the place of its own, one that cannot be read.
    QFile shipped(":/models/harley.onnx"), file(folder.filePath("unread.onnx"));
    ASSERT_TRUE(shipped.open(QIODevice::ReadOnly) && file.open(QIODevice::WriteOnly));
    file.write(shipped.readAll().replace("Relu", "Atan"));
    file.close();
    workbench().models().openFile(file.fileName());
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().title == "unread.onnx"; }, 20000));
    settle();
  }
  bool toldOf(const char* words) {
    return std::any_of(told.begin(), told.end(), [&](const ui::Message& m) { return m.issue.what.find(words) != std::string::npos; });
  }
  QString verdict() {
    settle();
    return bars().verdict();
  }

  std::vector<ui::Message> told;
};

constexpr const char* kMaps = R"({"name": "conv", "type": "conv2d", "filters": 16, "kernel": 5, "activation": "relu"})";
constexpr const char* kValue = R"({"name": "value", "type": "dense", "units": 1})";
constexpr const char* kTanh = R"({"name": "last", "type": "dense", "units": 10, "activation": "tanh"})";
constexpr const char* kFour = R"({"name": "last", "type": "dense", "units": 4}, {"name": "softmax", "type": "softmax"})";

TEST_F(AnswerWindowTest, NetworksThatNameNoClassSayWhatTheyEndInInstead) {
  drawThree();
  for (const auto& [name, nodes, words] : {std::tuple("maps", kMaps, "picture"), std::tuple("value", kValue, "single number")}) {
    openEnding(name, nodes);
    EXPECT_TRUE(bars().isEmpty()) << name;
    EXPECT_EQ(bars().winner(), -1) << name;
    EXPECT_TRUE(bars().whyNoAnswer().contains(words)) << bars().whyNoAnswer().toStdString();
    EXPECT_TRUE(workbench().inference().probabilities().empty()) << name;
    EXPECT_EQ(scene::winner(state()), -1) << name;
    emit window().padPanel().randomRequested();
    EXPECT_EQ(verdict(), "") << "there is nothing that it could be beside";
  }
  workbench().models().openShipped("harley");
  pad().clear();
  drawThree();
  EXPECT_EQ(bars().whyNoAnswer(), "");
}

TEST_F(AnswerWindowTest, EqualOutputsAreNoAnswer) {
  drawThree();
  const auto network = nn::Network::create(io::loadNetworkSpec("softmax"));
  io::saveOnnx(folder.filePath("equal.onnx"), *network, std::vector<float>(network->parameterCount(), 0.0f));
  open(folder.filePath("equal.onnx"), "softmax");
  EXPECT_EQ(bars().winner(), -1);
  EXPECT_EQ(bars().whyNoAnswer(), "10 outputs are equal.");
  EXPECT_TRUE(workbench().inference().probabilities().empty());
  EXPECT_EQ(scene::winner(state()), -1);
}

TEST_F(AnswerWindowTest, ATraceLeadsFromTheOneValueAndIsRefusedInWordsWithoutAClass) {
  drawThree();
  openEnding("value", kValue);
  key(Qt::Key_T);
  ASSERT_TRUE(state().tracing());
  EXPECT_EQ(scene::tracedName(state()), "value");
  key(Qt::Key_T);
  openEnding("maps", kMaps);
  QSignalSpy refused(&host().connectionOptions(), &ui::ConnectionActions::nothingTraced);
  key(Qt::Key_T);
  EXPECT_FALSE(state().tracing());
  ASSERT_EQ(refused.count(), 1);
  EXPECT_TRUE(refused[0][0].toString().contains("no class"));
  key(Qt::Key_T);
  key(Qt::Key_Y);
  EXPECT_EQ(refused.count(), 2) << "nor is there a runner-up";
}

TEST_F(AnswerWindowTest, WhileANetworkComputesLongTheAnswerBeforeIsNotShown) {
  drawThree();
  ASSERT_EQ(bars().winner(), 3);
  emit workbench().inference().slowlyComputing();
  EXPECT_EQ(bars().winner(), -1);
  emit workbench().inference().valuesChanged();
  EXPECT_EQ(bars().winner(), 3);
}

TEST_F(AnswerWindowTest, WhatIsTakenForGrantedStandsBesideTheAnswer) {
  drawThree();
  EXPECT_EQ(bars().note(), "");
  workbench().setStartFrom(ui::StartFrom::Random);
  ASSERT_TRUE(QTest::qWaitFor([&] { return bars().note().startsWith("Untrained"); }, 20000));
  workbench().reset();
  workbench().setStartFrom(ui::StartFrom::Trained);
  ASSERT_TRUE(QTest::qWaitFor([&] { return bars().note().isEmpty(); }, 20000));
  openEnding("tanh", kTanh);
  EXPECT_TRUE(bars().note().contains("a softmax of them")) << bars().note().toStdString();
  EXPECT_GE(bars().winner(), 0);
  for (int row = 0; row < 10; ++row) EXPECT_TRUE(QRectF(bars().rect()).contains(bars().rowRect(row))) << row;
}

TEST_F(AnswerWindowTest, AModelThatIsNotWholeAnswersNothingAndIsNeitherTrainedNorSavedOverItsFile) {
  drawThree();
  openUnread();
  ASSERT_FALSE(workbench().model().unread.isEmpty());
  EXPECT_TRUE(bars().isEmpty());
  EXPECT_TRUE(bars().whyNoAnswer().contains("not read")) << bars().whyNoAnswer().toStdString();
  EXPECT_TRUE(window().findChild<ui::TrainingPanel*>()->stateText().contains("could not be read"));
  told.clear();
  click("playButton");
  click("stepButton");
  EXPECT_TRUE(QTest::qWaitFor([&] { return toldOf("not trained"); }));
  EXPECT_EQ(workbench().training().snapshot(), nullptr);
  EXPECT_FALSE(workbench().training().running());

  const QString original = folder.filePath("unread.onnx"), other = folder.filePath("other.onnx");
  const qint64 size = QFileInfo(original).size();
  workbench().save(folder.path() + "/./unread.onnx");
  EXPECT_TRUE(QTest::qWaitFor([&] { return toldOf("Not saved over the original"); }));
  EXPECT_EQ(QFileInfo(original).size(), size);
  workbench().save(other);
  ASSERT_TRUE(QTest::qWaitFor([&] { return toldOf("Saved without"); }, 20000));
  EXPECT_TRUE(QFileInfo::exists(other));
  workbench().models().openShipped("harley");
  EXPECT_TRUE(workbench().model().unread.isEmpty());
}

// The shapes of a part say nothing of what the whole was for.
TEST_F(AnswerWindowTest, NothingIsAssumedOfTheOutputsOfAPart) {
  nn::NetworkSpec spec;
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(1)}, {"height", std::int64_t(28)}, {"width", std::int64_t(28)}}},
                {"conv", "conv2d", {}, {{"filters", std::int64_t(1)}, {"kernel", std::int64_t(1)}, {"activation", std::string("relu")}}}};
  const auto network = nn::Network::create(spec);
  const QString path = folder.filePath("cut.onnx");
  io::saveOnnx(path, *network, network->initialParameters(1));
  io::writeFile(path, io::readFile(path, 1 << 20).replace("Relu", "Atan"));
  drawThree();
  open(path, "cut");
  ASSERT_FALSE(workbench().model().unread.isEmpty());
  EXPECT_FALSE(bars().note().contains("reconstruction")) << bars().note().toStdString();
}

TEST_F(AnswerWindowTest, WhatIsKnownOfASampleHoldsForThatPictureAlone) {
  key(Qt::Key_R);
  const QString known = verdict();
  ASSERT_FALSE(known.isEmpty());
  ui::Visitor visitor(*program);
  visitor.stroke({{40, 40}, {240, 60}, {60, 230}});
  EXPECT_EQ(verdict(), "") << "drawn over";
  key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(verdict(), known) << "it is the sample again";
  key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(verdict(), "");
  key(Qt::Key_Delete);
  EXPECT_EQ(verdict(), "");
  key(Qt::Key_Z, Qt::ControlModifier);
  key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(verdict(), known);
  pad().setTool(ui::DrawingPad::Tool::Eraser);
  visitor.stroke({{100, 100}, {180, 180}, {140, 60}, {140, 220}});
  EXPECT_EQ(verdict(), "") << "partly erased";
  key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(verdict(), known);
}

TEST_F(AnswerWindowTest, OnesOwnDigitBeforeASampleIsNotJudgedByIt) {
  drawThree();
  key(Qt::Key_R);
  ASSERT_FALSE(verdict().isEmpty());
  key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(verdict(), "");
  EXPECT_EQ(bars().winner(), 3);
  key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_FALSE(verdict().isEmpty()) << "the sample came back";
  pad().setInk(data::strokeDigit(7, 1, 280));
  EXPECT_EQ(verdict(), "") << "another picture was put on the pad";
}

TEST_F(AnswerWindowTest, ASampleIsNotJudgedByANetworkOfOtherClasses) {
  key(Qt::Key_R);
  ASSERT_FALSE(verdict().isEmpty());
  openEnding("four", kFour);
  EXPECT_TRUE(verdict().startsWith("a sample of")) << verdict().toStdString();
}

TEST_F(AnswerWindowTest, APictureWithoutInkIsToldAsSuch) {
  QImage white(60, 60, QImage::Format_RGB32);
  white.fill(Qt::white);
  ASSERT_TRUE(white.save(folder.filePath("white.png")));
  drawThree();
  window().files().openPath(folder.filePath("white.png"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return toldOf("no ink"); }, 10000));
  EXPECT_EQ(told.back().issue.where, "white.png");
  EXPECT_TRUE(QTest::qWaitFor([&] { return bars().isEmpty(); }));
  EXPECT_TRUE(window().messages().isVisible());
  drawThree();
  EXPECT_FALSE(window().messages().isVisible()) << "it was of the picture before";
}

// Three channels, two answers.
constexpr const char* kColorNetwork =
    R"({"name": "color", "nodes": [{"name": "input", "type": "input", "channels": 3, "height": 32, "width": 32},
        {"name": "conv", "type": "conv2d", "filters": 4, "kernel": 5, "stride": 3, "activation": "relu"},
        {"name": "scores", "type": "dense", "units": 2}, {"name": "softmax", "type": "softmax"}]})";

class ColorWindowTest : public AnswerWindowTest {
 protected:
  void SetUp() override {
    AnswerWindowTest::SetUp();
    QFile file(folder.filePath("color.json"));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(kColorNetwork);
    file.close();
    open(file.fileName(), "color");
  }
  QImage photo(QRgb left, QRgb right, QSize size) {
    QImage image(size, QImage::Format_RGB32);
    for (int y = 0; y < size.height(); ++y)
      for (int x = 0; x < size.width(); ++x) image.setPixel(x, y, x < size.width() / 2 ? left : right);
    return image;
  }
  void drop(const QImage& image) {
    ASSERT_TRUE(image.save(folder.filePath("photo.png")));
    const auto before = pad().drawing().colors;
    window().files().openPath(folder.filePath("photo.png"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return pad().drawing().colors != before && workbench().inference().upToDate(); }, 10000));
  }
  // Of what the network received, as it says itself.
  QRgb receivedAt(int x, int y) {
    const auto values = workbench().inference().values()->of(workbench().network()->inputs()[0]);
    const auto at = [&](int channel) { return int(std::lround(255 * values[std::size_t((channel * 32 + y) * 32 + x)])); };
    return qRgb(at(0), at(1), at(2));
  }
  QColor padAt(double x, double y) {
    const QRectF square = pad().square();
    return pad().grab().toImage().pixelColor((square.topLeft() + QPointF(x, y) * square.width()).toPoint());
  }
};

TEST_F(ColorWindowTest, APhotoIsReceivedInColorAndADrawingAsInk) {
  const QRgb red = qRgb(200, 30, 20), blue = qRgb(10, 60, 220);
  drop(photo(red, blue, {80, 40}));
  EXPECT_EQ(receivedAt(4, 16), red);
  EXPECT_EQ(receivedAt(28, 16), blue);
  EXPECT_EQ(receivedAt(16, 2), qRgb(0, 0, 0)) << "twice as wide as high: paper above and below";
  ASSERT_NE(workbench().inference().received().colors, nullptr);
  EXPECT_EQ(workbench().inference().probabilities().size(), 2u);
  EXPECT_EQ(padAt(0.2, 0.5), QColor(red));
  EXPECT_EQ(padAt(0.8, 0.5), QColor(blue));
  // The scene shows the three channels, and the picture that they make.
  const scene::Sheet& sheet = state().layout()->sheets.back();
  ASSERT_EQ(sheet.kind, scene::Sheet::Kind::Picture);
  EXPECT_NEAR(state().shown().cells()[sheet.firstCell + 16 * 32 + 4], 200 / 255.0f, 1e-6);
  EXPECT_NEAR(state().shown().cells()[sheet.firstCell + 2 * 1024 + 16 * 32 + 28], 220 / 255.0f, 1e-6);

  ui::Visitor(*program).stroke({{40, 40}, {240, 60}, {60, 230}});
  settle();
  EXPECT_EQ(workbench().inference().received().colors, nullptr) << "drawn over, it is a drawing";
  EXPECT_TRUE(toldOf("the ink alone"));
  EXPECT_EQ(qRed(receivedAt(16, 16)), qBlue(receivedAt(16, 16)));
  key(Qt::Key_Z, Qt::ControlModifier);
  settle();
  EXPECT_EQ(receivedAt(4, 16), red) << "it is the photo again";
  key(Qt::Key_Delete);
  settle();
  EXPECT_TRUE(workbench().inference().blank());
  key(Qt::Key_Z, Qt::ControlModifier);
  settle();
  EXPECT_EQ(receivedAt(28, 16), blue);
  openEnding("four", kFour);
  EXPECT_EQ(workbench().inference().received().colors, nullptr) << "another network sees its ink";
  EXPECT_NE(padAt(0.2, 0.5), QColor(red));
}

TEST_F(ColorWindowTest, APhotoOfOneColorIsNoEmptyPad) {
  drop(photo(qRgb(0, 120, 0), qRgb(0, 120, 0), {50, 50}));
  EXPECT_FALSE(workbench().inference().blank());
  EXPECT_FALSE(toldOf("no ink"));
  EXPECT_EQ(receivedAt(3, 3), qRgb(0, 120, 0));
  EXPECT_FALSE(bars().isEmpty());
}

TEST_F(ColorWindowTest, APictureFoldersNamesAndColorsGoWithTheModel) {
  for (int i = 0; i < 24; ++i) {
    const QString name = folder.filePath(i % 2 == 0 ? "data/cat" : "data/dog");
    ASSERT_TRUE(QDir().mkpath(name));
    ASSERT_TRUE(photo(qRgb(200, 5 * i, 0), qRgb(0, 5 * i, 200), {32, 32}).save(name + QString("/%1.png").arg(i)));
  }
  workbench().library().addFolder(folder.filePath("data"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().ready(); }, 20000));
  key(Qt::Key_R);
  settle();
  EXPECT_EQ(qRed(receivedAt(3, 3)), 200) << "a sample in its colors";
  EXPECT_EQ(qBlue(receivedAt(30, 3)), 200);
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && !workbench().training().running(); }, 20000));
  const std::vector<std::string> names{"cat", "dog"};
  EXPECT_EQ(workbench().network()->spec().classNames, names);
  EXPECT_NE(scene::describe(state(), unit("softmax", {1, 0, 0})).find("dog"), std::string::npos);
  EXPECT_EQ(bars().className(0), "cat");
  const QString known = verdict();
  EXPECT_TRUE(known == "right" || known == "it is cat" || known == "it is dog") << known.toStdString();
  workbench().save(folder.filePath("saved.onnx"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return toldOf("Saved"); }, 20000));
  EXPECT_EQ(io::loadModel(folder.filePath("saved.onnx")).network->spec().classNames, names);
}

TEST_F(AnswerWindowTest, NamesTakenFromDataFollowTheDataThatItIsTrainedOn) {
  const auto folderOf = [&](const QString& set, const QStringList& names) {
    for (int i = 0; i < 24; ++i) {
      const QString place = folder.filePath(set + '/' + names[i % names.size()]);
      QDir().mkpath(place);
      QImage picture(28, 28, QImage::Format_Grayscale8);
      picture.fill(i % names.size() * 80 + i);
      EXPECT_TRUE(picture.save(place + QString("/%1.png").arg(i)));
    }
    return folder.filePath(set);
  };
  const auto trainOn = [&](const QString& data, const QString& firstClass) {
    workbench().library().addFolder(data);
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().ready() && workbench().library().current().key == data; }, 20000));
    workbench().singleStep();
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return bars().className(0) == firstClass && step() == 1 && workbench().training().atRest(); }, 20000));
  };
  const auto names = [&] { return workbench().network()->spec().classNames; };
  trainOn(folderOf("letters", {"a", "b", "c"}), "a");
  EXPECT_EQ(names().front(), "a");
  const std::vector<float> trained = *workbench().parameters();
  trainOn(folderOf("words", {"one", "two"}), "one");
  EXPECT_EQ(names()[0], "one");
  EXPECT_EQ(names()[2], "2");
  EXPECT_TRUE(workbench().unsavedWeights().exist());
  float most = 0;
  for (std::size_t i = 0; i < trained.size(); ++i) most = std::max(most, std::abs(trained[i] - (*workbench().parameters())[i]));
  EXPECT_LT(most, 0.1f) << "it goes on from what was trained";
  trainOn(folderOf("digits", {"0", "1", "2"}), "0");
  EXPECT_TRUE(names().empty());
}

TEST_F(AnswerWindowTest, EveryLineOfTheNoteIsThere) {
  window().panels().setMode(ui::Mode::Explore);
  for (const QSize& size : {QSize(1280, 800), QSize(1024, 768)}) {
    window().resize(size);
    for (const char* network : {"gan-mini", "unet-mini"}) {
      workbench().models().openShipped(network);
      ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == QLatin1String(network); }, 60000));
      ::settle(50);
      EXPECT_FALSE(window().answer().note().isEmpty());
      EXPECT_TRUE(window().answer().showsWholeNote()) << network << " at " << size.width() << ": " << window().answer().height();
    }
    window().answer().setNote(
        "Untrained: the weights are random, and so is the answer. Drawings and pictures are scaled to fill its 224 \u00d7 224. "
        "It is given photos in color, and drawings in all three channels.");
    ::settle(50);
    EXPECT_TRUE(window().answer().showsWholeNote()) << size.width() << ": " << window().answer().height();
  }
}

}  // namespace
