// Nothing is guessed without a word: whatever is taken for granted of data, pictures, inputs and outputs is said in the notes of the same
// answer. Each row is one guess.
#include <functional>
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QImage>

#include "cli/CommandRun.h"
#include "data/StrokeDigits.h"
#include "io/Model.h"
#include "io/datasets/Datasets.h"

namespace {

using clitest::run;

QImage drawn(int side, QRgb paper, QRgb ink) {
  QImage image(side, side, QImage::Format_ARGB32);
  image.fill(paper);
  for (int y = side / 4; y < 3 * side / 4; ++y)
    for (int x = side / 2 - side / 16; x <= side / 2 + side / 16; ++x) image.setPixel(x, y, ink);
  return image;
}

class Guesses : public ::testing::Test {
 protected:
  QString path(const QString& name) const { return m_folder.filePath(name); }
  void write(const QString& name, const QByteArray& bytes) {
    ASSERT_TRUE(QDir().mkpath(QFileInfo(path(name)).path()));
    QFile file(path(name));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(bytes);
  }
  void save(const QString& name, const QImage& image) {
    ASSERT_TRUE(QDir().mkpath(QFileInfo(path(name)).path()));
    ASSERT_TRUE(image.save(path(name)));
  }
  // A network of these nodes behind an input, with random weights.
  QString model(const QString& name, const QByteArray& input, const QByteArray& nodes, const QByteArray& more = {}) {
    write(name + ".json", "{\"name\": \"" + name.toUtf8() + "\"" + more + ", \"nodes\": [{\"name\": \"input\", \"type\": \"input\", " +
                              input + "}, " + nodes + "]}");
    const auto network = io::loadNetwork(path(name + ".json"));
    io::saveOnnx(path(name + ".onnx"), *network, network->initialParameters(1));
    return path(name + ".onnx");
  }
  // Pictures of two classes, drawn in the same way.
  QString pictures(const QString& name, const std::function<QImage(int i)>& draw, int count = 30) {
    for (int i = 0; i < count; ++i) save(QString("%1/%2/%3.png").arg(name).arg(i % 2).arg(i), draw(i));
    return path(name);
  }
  // All that a command says beside its answer.
  void says(const QStringList& words, const QString& sentence) {
    const clitest::Outcome outcome = run(words + QStringList{"--json"});
    QStringList notes;
    for (const auto& note : outcome.json()["notes"].toArray()) notes << note.toString();
    EXPECT_TRUE(notes.join('\n').contains(sentence)) << words.join(' ').toStdString() << "\nsays: " << notes.join('\n').toStdString()
                                                     << outcome.err << "\nand not: " << sentence.toStdString();
  }
  QStringList trained(const QString& data) { return {"train", "softmax", "--data", data, "--epochs", "1"}; }

  QTemporaryDir m_folder;
  const QByteArray m_small = "\"channels\": 1, \"height\": 28, \"width\": 28",
                   m_dense = "{\"name\": \"out\", \"type\": \"dense\", \"units\": 10}";
};

TEST_F(Guesses, OfInkAndPaper) {
  says(trained(pictures("light", [](int) { return drawn(28, qRgb(255, 255, 255), qRgb(0, 0, 0)); })),
       "dark on light: they are turned round");
  says(trained(pictures("ground", [](int) { return drawn(28, qRgba(0, 0, 0, 0), qRgb(255, 255, 255)); })),
       "transparent ground, which is taken for black");
  says(trained(pictures("faint", [](int) { return drawn(28, qRgb(250, 250, 230), qRgb(0, 0, 60)); })),
       "ink with little color: they are read in gray");
  says(trained(pictures(
           "odd",
           [](int i) { return i == 7 ? drawn(28, qRgb(0, 0, 0), qRgb(255, 255, 255)) : drawn(28, qRgb(255, 255, 255), qRgb(0, 0, 0)); })),
       "the other way round than the others");
  says(trained("inverted:" + path("light")), "Black and white are exchanged");
}

TEST_F(Guesses, OfSizes) {
  says(trained(pictures("sizes", [](int i) { return drawn(20 + i, qRgb(255, 255, 255), qRgb(0, 0, 0)); })), "The pictures have many sizes");
  says(trained(pictures("large", [](int) { return drawn(64, qRgb(255, 255, 255), qRgb(0, 0, 0)); })), "the network takes 28 × 28: scaled");
}

TEST_F(Guesses, OfWhereDataLies) {
  pictures("kaggle/set/train", [](int) { return drawn(28, qRgb(0, 0, 0), qRgb(255, 255, 255)); });
  says(trained(path("kaggle")), "Found");
  pictures("tests/test", [](int) { return drawn(28, qRgb(0, 0, 0), qRgb(255, 255, 255)); });
  says(trained(path("tests")), "There are no training images by their names");
  pictures("valid/train", [](int) { return drawn(28, qRgb(0, 0, 0), qRgb(255, 255, 255)); });
  pictures("valid/val", [](int) { return drawn(28, qRgb(0, 0, 0), qRgb(255, 255, 255)); });
  says(trained(path("valid")), "It is validated by the");
}

TEST_F(Guesses, OfTables) {
  QByteArray table, indexed = "index,label" + QByteArray(",pixel").repeated(49) + "\n", reals;
  for (int i = 0; i < 40; ++i) {
    const QByteArray label = QByteArray::number(i % 2), pixels = QByteArray::number(i % 2 ? 255 : 10) + QByteArray(",0").repeated(48);
    table += label + "," + pixels + "\n";
    indexed += QByteArray::number(i) + "," + label + "," + pixels + "\n";
    reals += label + "," + (i % 2 ? "1.5" : "-2.5") + QByteArray(",0").repeated(48) + "\n";
  }
  write("table.csv", table);
  write("indexed.csv", indexed);
  write("reals.csv", reals);
  says(trained(path("table.csv")), "The classes are taken from the first column");
  says(trained(path("indexed.csv")), "The first column counts the rows");
  says(trained(path("reals.csv")), "is taken for black");
}

TEST_F(Guesses, OfKnownSets) {
  const auto digits = data::generateStrokeDigits(60, 1);
  for (const char* name : {"fashion", "emnist"}) {
    ASSERT_TRUE(QDir().mkpath(path(name)));
    const QString prefix = path(name) + (name == std::string("emnist") ? "/emnist-digits-" : "/");
    io::writeIdx(prefix + "train-images-idx3-ubyte", prefix + "train-labels-idx1-ubyte", *digits);
  }
  says(trained(path("fashion")), "By its name this is Fashion-MNIST");
  says(trained(path("emnist")), "were turned upright");
}

TEST_F(Guesses, OfWhatOutputsSay) {
  const QString digit = path("digit.png");
  save("digit.png", drawn(28, qRgb(255, 255, 255), qRgb(0, 0, 0)));
  says({"predict", model("scores", m_small, m_dense), digit}, "these are a softmax of them");
  says({"predict", model("sigmoids", m_small, "{\"name\": \"out\", \"type\": \"dense\", \"units\": 10, \"activation\": \"sigmoid\"}"),
        digit},
       "is a probability by itself");
  says({"predict", model("yes", m_small, "{\"name\": \"out\", \"type\": \"dense\", \"units\": 1, \"activation\": \"sigmoid\"}"), digit},
       "the probability of yes");
  says({"predict",
        model("two", m_small,
              "{\"name\": \"a\", \"type\": \"dense\", \"units\": 10}, {\"name\": \"b\", \"type\": \"dense\", \"inputs\": [\"input\"], "
              "\"units\": 4}"),
        digit},
       "The answer is the first of its 2 outputs");
  says({"predict",
        model("maps", m_small,
              "{\"name\": \"out\", \"type\": \"conv2d\", \"filters\": 3, \"kernel\": 1}, {\"name\": \"softmax\", \"type\": \"softmax\"}"),
        digit},
       "not ground, which is channel 0");
}

TEST_F(Guesses, OfWhatTheInputIs) {
  const QString digit = path("digit.png");
  save("digit.png", drawn(60, qRgb(255, 255, 255), qRgb(0, 0, 0)));
  says({"predict", model("flat", "\"channels\": 64", m_dense), digit}, "is taken for a picture of 8 × 8");
  says({"predict", model("color", "\"channels\": 3, \"height\": 32, \"width\": 32", m_dense), digit}, "It is given photos in color");
  says({"predict", model("large", "\"channels\": 1, \"height\": 64, \"width\": 64", m_dense), digit},
       "Drawings and pictures are scaled to fill");
  says({"predict",
        model("inputs", m_small,
              "{\"name\": \"other\", \"type\": \"input\", \"channels\": 1, \"height\": 28, \"width\": 28}, "
              "{\"name\": \"sum\", \"type\": \"add\", \"inputs\": [\"input\", \"other\"]}, " +
                  m_dense),
        digit},
       "the drawing goes to input");
}

TEST_F(Guesses, OfWhatLiesOnThePaper) {
  QImage ruled = drawn(280, qRgb(255, 255, 255), qRgb(0, 0, 0));
  for (int y = 20; y < 280; y += 40)
    for (int x = 0; x < 280; ++x) ruled.setPixel(x, y, qRgb(150, 170, 220));
  save("ruled.png", ruled);
  says({"predict", "harley", path("ruled.png")}, "Ruled lines were left out");
  QImage shadow = drawn(280, qRgb(255, 255, 255), qRgb(0, 0, 0)).convertToFormat(QImage::Format_RGB32);
  for (int y = 0; y < 280; ++y)
    for (int x = 0; x < 24; ++x) shadow.setPixel(x, y, qRgb(70, 70, 70));
  save("shadow.png", shadow);
  says({"predict", "harley", path("shadow.png")}, "Its light is uneven");
  QImage two(560, 280, QImage::Format_ARGB32);
  two.fill(Qt::white);
  for (int y = 60; y < 220; ++y)
    for (int x = 0; x < 20; ++x) two.setPixel(120 + x, y, qRgb(0, 0, 0)), two.setPixel(420 + x, y, qRgb(0, 0, 0));
  save("two.png", two);
  says({"predict", "harley", path("two.png")}, "digits side by side");
}

// How sure an answer is says nothing of what was never seen.
TEST_F(Guesses, ThatAPictureIsOneOfTheClasses) {
  const clitest::DigitsFolder digits(1500, 50);
  const QString model = path("own.onnx");
  const io::Model shipped = io::loadModel("harley");  // one that knows digits well is sure of little else
  io::saveOnnx(path("start.onnx"), *shipped.network, shipped.parameters);
  ASSERT_EQ(run({"train", path("start.onnx"), "--data", digits.path(), "--epochs", "2", "--out", model}).status, 0);
  // Patterns that are no digits.
  int told = 0;
  for (int pattern = 0; pattern < 8; ++pattern) {
    if (pattern == 3) continue;  // which shows nothing
    QImage picture(140, 140, QImage::Format_Grayscale8);
    for (int y = 0; y < 140; ++y)
      for (int x = 0; x < 140; ++x) {
        const int along = pattern % 4 == 0 ? x : pattern % 4 == 1 ? y : pattern % 4 == 2 ? x + y : (x / 20) * 20 + (y / 20) * 20;
        const bool inside = x > 15 && x < 125 && y > 15 && y < 125;
        picture.setPixel(x, y, inside && along / (pattern < 4 ? 10 : 20) % 2 ? qRgb(0, 0, 0) : qRgb(255, 255, 255));
      }
    const QString name = QString("pattern-%1.png").arg(pattern);
    save(name, picture);
    const clitest::Outcome outcome = run({"predict", model, path(name), "--json"});
    const QJsonObject answer = outcome.json()["predictions"].toArray().at(0).toObject();
    if (!answer["unusual"].toBool()) continue;
    ++told;
    EXPECT_LT(answer["familiarity"].toDouble(1), 0.05);
    EXPECT_TRUE(QString::fromStdString(outcome.out).contains("perhaps none of its classes")) << outcome.out;
  }
  EXPECT_GE(told, 4);
  // Of images of the data few are called so.
  const auto images = io::loadTestData(digits.path());
  int unusual = 0;
  QStringList words{"predict", model, "--unprepared", "--json"};
  for (std::size_t i = 0; i < images->count(); ++i) {
    QImage image(images->image(i).data(), 28, 28, 28, QImage::Format_Grayscale8);
    save(QString("test-%1.png").arg(i), image.copy());
    words << path(QString("test-%1.png").arg(i));
  }
  for (const auto& one : run(words).json()["predictions"].toArray()) unusual += one.toObject()["unusual"].toBool();
  EXPECT_LE(unusual, int(images->count() / 5));
}

TEST_F(Guesses, NamesOfClassesAreThoseThatWereSaid) {
  save("digit.png", drawn(28, qRgb(255, 255, 255), qRgb(0, 0, 0)));
  const auto answer = [&](const QStringList& words) {
    return run(QStringList{"predict", "harley", path("digit.png"), "--json"} + words).json()["predictions"].toArray().at(0).toObject();
  };
  const int label = answer({})["label"].toInt();
  EXPECT_EQ(answer({"--classes", "a,b,c,d,e,f,g,h,i,j"})["class"].toString(), QString(QChar('a' + label)));
  EXPECT_EQ(run({"predict", "harley", path("digit.png"), "--classes", "a,b"}).status, 1);
}

TEST_F(Guesses, AFolderStandsForItsPictures) {
  for (const char* name : {"in/10.png", "in/2.png"}) save(name, drawn(28, qRgb(255, 255, 255), qRgb(0, 0, 0)));
  write("in/words.txt", "no picture");
  const auto answers = run({"predict", "harley", path("in"), "--json"}).json();
  const auto pictures = answers["predictions"].toArray();
  ASSERT_EQ(pictures.size(), 2);
  EXPECT_TRUE(pictures[0].toObject()["image"].toString().endsWith("/2.png")) << "as people count";
  EXPECT_TRUE(answers["notes"].toArray().contains("in " + path("in") + ": 2 pictures"));
  ASSERT_TRUE(QDir().mkpath(path("nothing")));
  EXPECT_EQ(run({"predict", "harley", path("nothing")}).status, 1);
}

// For other classes than the model's, all but its last layer goes on.
TEST_F(Guesses, ANewHeadIsForTheClassesOfTheData) {
  for (int i = 0; i < 60; ++i)
    save(QString("three/%1/%2.png").arg(QStringList{"cat", "dog", "fish"}[i % 3]).arg(i),
         drawn(20 + i % 3 * 8, qRgb(255, 255, 255), qRgb(0, 0, 0)));
  const QString out = path("head.onnx"), recipe = path("run.json");
  says({"train", "harley", "--new-head", "--data", path("three"), "--epochs", "1", "--out", out, "--recipe", recipe},
       "is new, with one output for each class: cat, dog, fish");
  EXPECT_EQ(io::loadModel(out).network->outputShape().channels, 3);
  const QString again = path("again.onnx");
  ASSERT_EQ(run({"train", "--recipe", recipe, "--out", again}).status, 0);
  EXPECT_EQ(io::loadModel(again).parameters, io::loadModel(out).parameters) << "the recipe says so, too";
}

}  // namespace
