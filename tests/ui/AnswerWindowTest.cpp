// What the window answers, and when it does not: networks that name no class, models that are not whole, pictures without ink, and samples
// of which the class is known.
#include <algorithm>
#include <gtest/gtest.h>
#include <tuple>

#include <QFile>
#include <QImage>
#include <QSignalSpy>

#include "io/Model.h"
#include "ui/WindowTest.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/training/TrainingPanel.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/shell/MessageStrip.h"

namespace {

class AnswerWindowTest : public uitest::WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    QObject::connect(&workbench(), &ui::Workbench::messageRaised, &window(),
                     [this](const ui::Message& message) { told.push_back(message); });
  }
  // The window shows what the network answers to the picture on the pad.
  void settle() {
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().upToDate(); }, 20000));
  }
  void open(const QString& path, const std::string& name) {
    workbench().openFile(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().network()->spec().name == name && !workbench().jobs().busy(); }, 20000));
    settle();
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
    workbench().openFile(file.fileName());
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().title == "unread.onnx"; }, 20000));
    settle();
  }
  bool toldOf(const char* words) {
    return std::any_of(told.begin(), told.end(), [&](const ui::Message& m) { return m.issue.what.find(words) != std::string::npos; });
  }
  ui::ProbabilityBars& bars() { return window().answer(); }
  QString verdict() {
    settle();
    return bars().verdict();
  }
  ui::DrawingPad& pad() { return *window().padPanel().pad(); }

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
    EXPECT_TRUE(workbench().probabilities().empty()) << name;
    EXPECT_EQ(state().winner(), -1) << name;
    window().putSample();
    EXPECT_EQ(verdict(), "") << "there is nothing that it could be beside";
  }
  workbench().openShipped("harley");
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
  EXPECT_TRUE(workbench().probabilities().empty());
  EXPECT_EQ(state().winner(), -1);
}

TEST_F(AnswerWindowTest, ATraceLeadsFromTheOneValueAndIsRefusedInWordsWithoutAClass) {
  drawThree();
  openEnding("value", kValue);
  key(Qt::Key_T);
  ASSERT_TRUE(state().tracing());
  EXPECT_EQ(state().tracedName(), "value");
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
  emit workbench().slowlyComputing();
  EXPECT_EQ(bars().winner(), -1);
  emit workbench().valuesChanged();
  EXPECT_EQ(bars().winner(), 3);
}

TEST_F(AnswerWindowTest, WhatIsTakenForGrantedStandsBesideTheAnswer) {
  drawThree();
  EXPECT_EQ(bars().note(), "");
  openEnding("tanh", kTanh);
  EXPECT_TRUE(bars().note().contains("no softmax")) << bars().note().toStdString();
  EXPECT_GE(bars().winner(), 0);
  for (int row = 0; row < 10; ++row) EXPECT_TRUE(QRectF(bars().rect()).contains(bars().rowRect(row))) << row;
}

TEST_F(AnswerWindowTest, AModelThatIsNotWholeAnswersNothingAndIsNeitherTrainedNorSavedOverItsFile) {
  drawThree();
  openUnread();
  ASSERT_FALSE(workbench().model().unread.isEmpty());
  EXPECT_TRUE(bars().isEmpty());
  EXPECT_TRUE(bars().whyNoAnswer().contains("not read")) << bars().whyNoAnswer().toStdString();
  EXPECT_TRUE(window().trainingPanel().stateText().contains("could not be read"));
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
  workbench().openShipped("harley");
  EXPECT_TRUE(workbench().model().unread.isEmpty());
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

}  // namespace
