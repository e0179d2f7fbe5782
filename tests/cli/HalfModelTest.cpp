// A model of which not all operators are read: what the commands say and refuse.
#include <gtest/gtest.h>

#include <QFile>
#include <QImage>

#include "cli/CommandRun.h"
#include "io/Model.h"
#include "io/session/SavedWork.h"

namespace {

using clitest::DigitsFolder;
using clitest::run;

// A trained network whose file calls one operator by another name, as files of other programs hold operators that are not read.
QString modelWith(const QTemporaryDir& folder, const QByteArray& unread, const QByteArray& instead) {
  const io::Model model = io::loadModel("harley");
  const QString path = folder.filePath("part.onnx");
  io::saveOnnx(path, *model.network, model.parameters);
  QFile file(path);
  EXPECT_TRUE(file.open(QIODevice::ReadWrite));
  QByteArray bytes = file.readAll();
  EXPECT_TRUE(bytes.contains(instead));
  EXPECT_TRUE(file.seek(0));
  file.write(bytes.replace(instead, unread));
  return path;
}

QString pictureIn(const QTemporaryDir& folder) {
  QImage paper(28, 28, QImage::Format_Grayscale8);
  paper.fill(Qt::white);
  for (int x = 8; x < 20; ++x) paper.setPixelColor(x, 14, Qt::black);
  EXPECT_TRUE(paper.save(folder.filePath("picture.png")));
  return folder.filePath("picture.png");
}

TEST(HalfAModel, IsNeitherTrainedNorBelieved) {
  const QTemporaryDir folder;
  const DigitsFolder digits(60, 20);
  const QString three = pictureIn(folder);
  for (const QString& path : {modelWith(folder, "Rolu", "Relu"), modelWith(folder, "Softmox", "Softmax")}) {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    const QByteArray before = file.readAll();
    const clitest::Outcome trained = run({"train", path, "--data", digits.path(), "--epochs", "1", "--out", path, "--json"});
    EXPECT_EQ(trained.status, 1);
    EXPECT_TRUE(trained.out.empty());
    EXPECT_NE(trained.err.find("not read: node "), std::string::npos) << trained.err;
    ASSERT_TRUE(file.seek(0));
    EXPECT_EQ(file.readAll(), before) << "what was there is kept";
    const clitest::Outcome predicted = run({"predict", path, three, "--json"});
    EXPECT_EQ(predicted.status, 1);
    EXPECT_NE(predicted.err.find("not read: node "), std::string::npos) << predicted.err;
    EXPECT_FALSE(predicted.json()["complete"].toBool(true));
    const QJsonObject one = predicted.json()["predictions"].toArray()[0].toObject();
    EXPECT_TRUE(one["label"].isNull() && one["class"].isNull() && one["probabilities"].toArray().isEmpty());
    EXPECT_FALSE(predicted.json()["notes"].toArray().isEmpty());
    const clitest::Outcome measured = run({"evaluate", path, "--data", digits.path(), "--json"});
    EXPECT_EQ(measured.status, 1);
    EXPECT_EQ(measured.out, "");
    EXPECT_NE(measured.err.find("it cannot be measured, since 1 of its operators is not read: node "), std::string::npos) << measured.err;
    EXPECT_TRUE(run({"describe", path, "--json"}).json()["task"].isNull()) << "none is guessed of a part";
    EXPECT_NE(run({"describe", path}).out.find("Task unknown"), std::string::npos);
    for (const QStringList& words : {QStringList{"describe", path},
                                     QStringList{"render", path, "--digit", "3", "--size", "200x200", "--out", folder.filePath("x.png")}}) {
      const clitest::Outcome outcome = run(words + QStringList{"--json"});
      EXPECT_EQ(outcome.status, 0) << outcome.err;
      EXPECT_FALSE(outcome.json()["complete"].toBool(true)) << words.front().toStdString();
      EXPECT_NE(outcome.err.find("not read: node "), std::string::npos) << outcome.err;
      EXPECT_FALSE(outcome.json()["notes"].toArray().isEmpty());
    }
  }
}

// Saved from it, as a session or as ONNX, it is as little whole as it was, and the operator is named as before.
TEST(HalfAModel, StaysHalfInWhatIsSavedOfIt) {
  const QTemporaryDir folder;
  const DigitsFolder digits(20, 20);
  const QString three = pictureIn(folder), session = folder.filePath("half.convscope"), onnx = folder.filePath("half.onnx");
  const io::Model model = io::loadModel(modelWith(folder, "Rolu", "Relu"));
  io::saveOnnx(onnx, *model.network, model.parameters, {}, io::unreadText(model));
  io::SavedWork work;
  work.model = {"part.onnx",
                "part.onnx",
                QString::fromStdString(io::unreadText(model)),
                model.network,
                std::make_shared<const std::vector<float>>(model.parameters),
                nullptr,
                nullptr};
  io::Container container;
  io::putWork(container, work);
  container.save(session);
  for (const QString& path : {session, onnx}) {
    const clitest::Outcome predicted = run({"predict", path, three, "--json"});
    EXPECT_EQ(predicted.status, 1);
    EXPECT_FALSE(predicted.json()["complete"].toBool(true));
    for (const std::string& told : {predicted.err, run({"describe", path}).err, run({"evaluate", path, "--data", digits.path()}).err})
      EXPECT_NE(told.find(io::unreadText(model)), std::string::npos) << told;
  }
}

// What is left of a model may have no output that the data fit: the reason is said first. Nor is any assumption about an answer.
TEST(HalfAModel, ThatFitsNoDataSaysWhyItIsHalf) {
  const QTemporaryDir folder;
  const DigitsFolder digits(20, 20);
  const QString path = modelWith(folder, "NonZero", "Flatten");
  const clitest::Outcome measured = run({"evaluate", path, "--data", digits.path()});
  EXPECT_EQ(measured.status, 1);
  EXPECT_NE(measured.err.find("it cannot be measured, since 1 of its operators is not read: node "), std::string::npos) << measured.err;
  EXPECT_EQ(run({"predict", path, pictureIn(folder)}).err.find("The answer is"), std::string::npos);
}

}  // namespace
