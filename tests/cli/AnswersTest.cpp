// What the commands say of an answer, of its absence, and of options that would have no effect on it.
#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QImage>

#include "cli/CommandRun.h"
#include "data/StrokeDigits.h"
#include "io/Files.h"
#include "io/Model.h"

namespace {

using clitest::DigitsFolder;
using clitest::run;

QString pictureOfThree(const QTemporaryDir& folder) {
  const data::GrayImage ink = data::strokeDigit(3, 1, 100);
  QImage image(100, 100, QImage::Format_Grayscale8);
  for (int y = 0; y < 100; ++y)
    for (int x = 0; x < 100; ++x) image.scanLine(y)[x] = uchar(255 - std::lround(255 * ink.ink[std::size_t(y * 100 + x)]));
  EXPECT_TRUE(image.save(folder.filePath("three.png")));
  return folder.filePath("three.png");
}

TEST(Notes, AreInEveryObjectAndEmptyWhereThereIsNothingToSay) {
  const QTemporaryDir folder;
  const DigitsFolder digits(60, 20);
  const QStringList cases[] = {
      {"describe", "harley"},
      {"train", "tiny", "--data", digits.path(), "--epochs", "1", "--out", folder.filePath("m.onnx")},
      {"evaluate", "harley", "--data", digits.path()},
      {"predict", "harley", pictureOfThree(folder)},
      {"render", "harley", "--digit", "3", "--view", "flat", "--size", "200x200", "--out", folder.filePath("x.png")},
      {"generate", "--count", "3", "--out", folder.path()}};
  for (const QStringList& words : cases) {
    const QJsonObject object = run(words + QStringList{"--json"}).json();
    EXPECT_TRUE(object["notes"].isArray()) << words.front().toStdString();
    EXPECT_TRUE(object["notes"].toArray().isEmpty()) << words.front().toStdString();
  }
}

TEST(Notes, TellTheBuiltInDataFromAFolderOfTheSameName) {
  const QTemporaryDir folder;
  const QString before = QDir::currentPath();
  ASSERT_TRUE(QDir::setCurrent(folder.path()) && QDir().mkdir("strokes"));
  const clitest::Outcome outcome = run({"evaluate", "softmax", "--data", "strokes", "--limit", "16", "--json"});
  QDir::setCurrent(before);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(outcome.json()["notes"].toArray().at(0).toString().contains("--data strokes/"));
}

TEST(Predict, SaysThatAPictureShowsNoInk) {
  const QTemporaryDir folder;
  QImage paper(60, 60, QImage::Format_RGB32);
  paper.fill(Qt::white);
  const QString path = folder.filePath("paper.png");
  ASSERT_TRUE(paper.save(path));
  const clitest::Outcome outcome = run({"predict", "harley", path, pictureOfThree(folder), "--json"});
  EXPECT_EQ(outcome.status, 0);
  const QJsonArray predictions = outcome.json()["predictions"].toArray(), notes = outcome.json()["notes"].toArray();
  EXPECT_FALSE(predictions[0].toObject()["ink"].toBool(true));
  EXPECT_TRUE(predictions[1].toObject()["ink"].toBool());
  ASSERT_EQ(notes.size(), 1);
  EXPECT_TRUE(notes[0].toString().contains("paper.png shows no ink")) << notes[0].toString().toStdString();
  EXPECT_NE(run({"predict", "harley", path}).out.find("shows no ink"), std::string::npos);
}

TEST(Predict, SaysWhatOfThePictureWasLeftOut) {
  const QTemporaryDir folder;
  QImage page(200, 200, QImage::Format_Grayscale8);
  page.fill(Qt::white);
  const QImage three(pictureOfThree(folder));
  for (int y = 0; y < 100; ++y) std::copy_n(three.convertToFormat(page.format()).constScanLine(y), 100, page.scanLine(y + 50) + 50);
  for (int y = 190; y < 194; ++y) std::fill_n(page.scanLine(y) + 190, 4, uchar(0));
  const QString path = folder.filePath("dotted.png");
  ASSERT_TRUE(page.save(path));
  const clitest::Outcome outcome = run({"predict", "harley", path, folder.filePath("three.png"), "--json"});
  const QJsonArray predictions = outcome.json()["predictions"].toArray();
  EXPECT_EQ(predictions[0].toObject()["label"].toInt(), 3);
  EXPECT_EQ(predictions[0].toObject()["notes"].toArray().at(0).toString(), "A stray dot was left out.");
  EXPECT_EQ(predictions[0].toObject()["probabilities"], predictions[1].toObject()["probabilities"]);
  EXPECT_TRUE(predictions[1].toObject()["notes"].toArray().isEmpty());
  EXPECT_NE(outcome.err.find("dotted.png: A stray dot was left out."), std::string::npos) << outcome.err;
}

// Also where an answer is drawn or explained, and of a picture that shows some nothing is said.
TEST(NoInk, IsToldByAllThatAnswer) {
  const QTemporaryDir folder;
  QImage paper(60, 60, QImage::Format_RGB32);
  paper.fill(Qt::white);
  const QString path = folder.filePath("paper.png"), three = pictureOfThree(folder), out = folder.filePath("out.png");
  ASSERT_TRUE(paper.save(path));
  const auto notes = [&](const QStringList& words) -> std::string {
    const clitest::Outcome outcome = run(words + QStringList{"--json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    QStringList all;
    for (const QJsonValue note : outcome.json()["notes"].toArray()) all << note.toString();
    return all.join('\n').toStdString();
  };
  const QStringList size{"--size", "200x200", "--out", out};
  for (const QString& image : {path, three}) {
    const std::string drawn = notes(QStringList{"render", "harley", "--image", image} + size),
                      explained = notes({"explain", "harley", image, "--method", "saliency"});
    const bool told = image == path;
    EXPECT_EQ(drawn.find("paper.png shows no ink: the answer is that to an empty picture") != std::string::npos, told) << drawn;
    EXPECT_EQ(explained.find("paper.png shows no ink: what is explained is the answer to an empty picture") != std::string::npos, told)
        << explained;
  }
}

TEST(Predict, APictureThatCannotBeReadCostsItselfAlone) {
  const QTemporaryDir folder;
  const QString three = pictureOfThree(folder), none = folder.filePath("none.png");
  const clitest::Outcome outcome = run({"predict", "harley", three, none, three, "--json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("1 of the 3 pictures could not be read"), std::string::npos) << outcome.err;
  const QJsonArray predictions = outcome.json()["predictions"].toArray();
  ASSERT_EQ(predictions.size(), 3);
  for (const int i : {0, 2}) {
    EXPECT_EQ(predictions[i].toObject()["label"].toInt(), 3);
    EXPECT_FALSE(predictions[i].toObject().contains("error"));
  }
  const QJsonObject lost = predictions[1].toObject();
  EXPECT_EQ(lost["image"].toString(), none);
  EXPECT_TRUE(lost["label"].isNull() && lost["class"].isNull() && lost["ink"].isNull());
  EXPECT_TRUE(lost["error"].toString().contains("cannot be read"));
  EXPECT_EQ(outcome.json()["notes"].toArray().size(), 1);
  EXPECT_NE(run({"predict", "harley", three, none}).out.find("none.png: not read"), std::string::npos);
  const clitest::Outcome nothing = run({"predict", "harley", none, none});
  EXPECT_NE(nothing.err.find("none of the 2 pictures could be read. The notes say why"), std::string::npos) << nothing.err;
  EXPECT_EQ(nothing.err.find("the others"), std::string::npos) << nothing.err;
}

TEST(Predict, NamesNoClassWhereThereIsNone) {
  const QTemporaryDir folder;
  const QString three = pictureOfThree(folder);
  const auto saved = [&](const char* end) {
    const QByteArray json = QByteArray(R"({"name": "maps", "nodes": [{"name": "input", "type": "input", "channels": 1, "height": 28,
      "width": 28}, {"name": "conv", "type": "conv2d", "filters": 6, "kernel": 3, "padding": "same", "activation": "relu"})") +
                            end + "]}";
    const auto network = nn::Network::create(io::readNetworkJson(json, "maps"));
    io::saveOnnx(folder.filePath("maps.onnx"), *network, network->initialParameters(1));
    return folder.filePath("maps.onnx");
  };
  for (const char* end : {"", R"(, {"name": "number", "type": "dense", "units": 1})"}) {
    const QString path = saved(end);
    const clitest::Outcome outcome = run({"predict", path, three, "--json"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.err.find("there is no answer: the network ends in a "), std::string::npos) << outcome.err;
    EXPECT_TRUE(outcome.json()["predictions"].toArray()[0].toObject()["label"].isNull());
    EXPECT_TRUE(outcome.json()["complete"].toBool());
    EXPECT_FALSE(outcome.json()["notes"].toArray().isEmpty());
    const QJsonArray described = run({"describe", path, "--json"}).json()["notes"].toArray();
    ASSERT_EQ(described.size(), 1) << end;
    EXPECT_TRUE(described[0].toString().startsWith("no class is named: ")) << described[0].toString().toStdString();
    EXPECT_NE(run({"describe", path}).out.find("no class is named: "), std::string::npos);
    EXPECT_EQ(run({"predict", path, three}).out, three.toStdString() + ": no answer\n");
    const clitest::Outcome drawn =
        run({"render", path, "--image", three, "--size", "200x200", "--out", folder.filePath("x.png"), "--json"});
    EXPECT_EQ(drawn.status, 0) << drawn.err;
    EXPECT_TRUE(drawn.json()["label"].isNull());
  }
}

TEST(Predict, AndEvaluateSayThatOutputsAreEqual) {
  const QTemporaryDir folder;
  const DigitsFolder digits(20, 20);
  const auto network = nn::Network::create(io::loadNetworkSpec("softmax"));
  const QString path = folder.filePath("equal.onnx"), three = pictureOfThree(folder);
  io::saveOnnx(path, *network, std::vector<float>(network->parameterCount(), 0.0f));
  EXPECT_EQ(run({"predict", path, three}).out, three.toStdString() + ": no answer: 10 outputs are equal\n");
  const clitest::Outcome predicted = run({"predict", path, three, "--json"});
  EXPECT_EQ(predicted.status, 1);
  EXPECT_NE(predicted.err.find("so that no class is the answer"), std::string::npos) << predicted.err;
  const QJsonObject one = predicted.json()["predictions"].toArray()[0].toObject();
  EXPECT_TRUE(one["label"].isNull() && one["class"].isNull());
  EXPECT_EQ(one["probabilities"].toArray().size(), 10) << "what they are is known";
  EXPECT_TRUE(predicted.json()["notes"].toArray().at(0).toString().endsWith("no class is named: 10 outputs are equal"));
  const clitest::Outcome measured = run({"evaluate", path, "--data", digits.path(), "--json"});
  EXPECT_EQ(measured.status, 0);
  EXPECT_TRUE(measured.json()["notes"].toArray().at(0).toString().startsWith("for 20 images several outputs are the largest"));
  const clitest::Outcome drawn = run({"render", path, "--image", three, "--size", "200x200", "--out", folder.filePath("x.png"), "--json"});
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_TRUE(drawn.json()["label"].isNull());
  EXPECT_TRUE(drawn.json()["notes"].toArray().at(0).toString().contains("outputs are equal"));
}

TEST(Evaluate, NumbersThatAreNoneAreNoAnswers) {
  const QTemporaryDir folder;
  const DigitsFolder digits(20, 20);
  const QString path = folder.filePath("far.onnx");
  const auto network = nn::Network::create(io::loadNetworkSpec("softmax"));
  io::saveOnnx(path, *network, std::vector<float>(network->parameterCount(), 3e38f));
  const clitest::Outcome outcome = run({"evaluate", path, "--data", digits.path(), "--json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("its numbers grow beyond what can be computed"), std::string::npos) << outcome.err;
}

// Its maps take more memory than machines have: asked for first, that would be what is told.
TEST(Evaluate, WhatDoesNotFitTheDataIsToldBeforeMemoryIsTaken) {
  const QTemporaryDir folder;
  const DigitsFolder digits(20, 20);
  const QByteArray json =
      R"({"name": "vast", "nodes": [{"name": "input", "type": "input", "channels": 1, "height": 10000, "width": 10000},
      {"name": "conv", "type": "conv2d", "filters": 2, "kernel": 1, "padding": "same", "activation": "relu"}]})";
  const auto network = nn::Network::create(io::readNetworkJson(json, "vast"));
  io::saveOnnx(folder.filePath("vast.onnx"), *network, network->initialParameters(1));
  const clitest::Outcome outcome = run({"evaluate", folder.filePath("vast.onnx"), "--data", digits.path()});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("10 classes, the network only 1 channel"), std::string::npos) << outcome.err;
}

TEST(Train, CountsInTheSingularWhereThereIsOne) {
  const QTemporaryDir folder;
  const DigitsFolder digits(20, 20);
  const QString network = folder.filePath("one.json");
  QFile file(network);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(R"({"name": "one", "nodes": [{"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28},
                 {"name": "output", "type": "dense", "units": 1}]})");
  file.close();
  const clitest::Outcome refused = run({"train", network, "--data", digits.path(), "--epochs", "1"});
  EXPECT_NE(refused.err.find("the data set has 10 classes, the network only 1 output. Make its last layer anew for them"),
            std::string::npos)
      << refused.err;
  EXPECT_EQ(run({"train", "tiny", "--data", digits.path(), "--epochs", "1"}).out.rfind("1 epoch in ", 0), 0u);
  EXPECT_EQ(run({"train", "tiny", "--data", digits.path(), "--epochs", "2"}).out.rfind("2 epochs in ", 0), 0u);
  EXPECT_EQ(run({"generate", "--count", "1", "--out", folder.path()}).out.rfind("1 digit in ", 0), 0u);
  EXPECT_NE(run({"evaluate", "harley", "--data", digits.path(), "--limit", "1"}).out.find(" of 1 image correct"), std::string::npos);
  EXPECT_NE(run({"describe", "tiny", "--batch-size", "1", "--threads", "1"}).out.find("1 image a step, 1 thread, adam"), std::string::npos);
}

TEST(Predict, NeverSaysThatItIsCertain) {
  const QTemporaryDir folder;
  const io::Model model = io::loadModel("softmax");
  std::vector<float> sure = model.parameters;
  for (float& weight : sure) weight *= 1000;
  io::saveOnnx(folder.filePath("sure.onnx"), *model.network, sure);
  const clitest::Outcome outcome = run({"predict", folder.filePath("sure.onnx"), pictureOfThree(folder)});
  EXPECT_NE(outcome.out.find("(> 99.9 %)"), std::string::npos) << outcome.out;
}

TEST(Render, TheStrongestEdgesAreCounted) {
  const QTemporaryDir folder;
  const auto drawn = [&](const char* strongest) {
    const QString path = folder.filePath(strongest) + ".png";
    EXPECT_EQ(run({"render", "harley", "--digit", "3", "--view", "flat", "--size", "400x300", "--select", "dense1:5", "--strongest",
                   strongest, "--out", path})
                  .status,
              0);
    return QImage(path);
  };
  EXPECT_NE(drawn("1"), drawn("300"));
}

TEST(Render, SaysWhenThereAreNoEdgesToDraw) {
  const QTemporaryDir folder;
  const auto notes = [&](const QStringList& words) {
    const QStringList render{"render", "harley", "--digit", "3", "--view", "flat", "--size", "200x200", "--json"};
    const clitest::Outcome outcome = run(render + QStringList{"--out", folder.filePath("x.png")} + words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    QStringList all;
    for (const QJsonValue& note : outcome.json()["notes"].toArray()) all << note.toString();
    return all.join('\n').toStdString();
  };
  EXPECT_EQ(notes({"--select", "softmax:1", "--edges", "out"}),
            "--select softmax:1 draws no edges: no other unit reads this one; --edges in draws what it reads");
  EXPECT_EQ(notes({"--select", "input:500"}),
            "--select input:500 draws no edges: this unit reads no other; --edges out draws who reads it");
  EXPECT_EQ(notes({"--select", "input:500", "--trace"}), "--trace draws no edges: nothing contributes to the traced unit");
  EXPECT_NE(notes({"--select", "conv1:0"}).find("all contribute 0"), std::string::npos) << "a corner of the paper";
  EXPECT_EQ(notes({"--select", "conv1:0", "--measure", "weight"}), "");
  EXPECT_EQ(notes({"--select", "softmax:1"}), "");
  EXPECT_EQ(notes({"--select", "input:500", "--edges", "out"}).find("no edges"), std::string::npos);
}

TEST(Render, ATraceOfAnAnswerAtEveryPixelAsksForOne) {
  const QTemporaryDir folder;
  const QString unet = folder.filePath("unet.onnx"), out = folder.filePath("a.png");
  const auto network = nn::Network::create(io::loadNetworkSpec("unet-mini"));
  io::saveOnnx(unet, *network, network->initialParameters(1));
  const QStringList words{"render", unet, "--digit", "3", "--size", "320x240", "--view", "flat", "--out", out, "--trace"};
  const clitest::Outcome outcome = run(words);
  const QString logits = QString::fromStdString(network->node(network->logitsNode()).name);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, testing::HasSubstr(("--trace needs --select here: the network answers at every pixel, so that no single unit is "
                                               "the winner; --select " +
                                               logits + ":MAP,ROW,COLUMN traces one pixel of its answer")
                                                  .toStdString()));
  EXPECT_EQ(run(words + QStringList{"--select", logits + ":4,14,14"}).status, 0);
}

// What the reader says on its own is among the notes of the object.
TEST(Predict, NotesThatAPictureWasUnderstoodInPart) {
  const QTemporaryDir folder;
  const QString picture = folder.filePath("a.svg");
  io::writeFile(picture,
                "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='20' height='20'>"
                "<use xlink:href='#none'/><rect x='8' y='4' width='3' height='12'/></svg>");
  const std::string told = "a.svg: not all of the picture was understood: ";
  for (const QStringList& words :
       {QStringList{"predict", "harley", picture, "--json"},
        {"render", "harley", "--image", picture, "--size", "64x64", "--out", folder.filePath("a.png"), "--json"}}) {
    std::string notes;
    for (const auto& note : run(words).json()["notes"].toArray()) notes += note.toString().toStdString();
    EXPECT_THAT(notes, testing::HasSubstr(told));
  }
}

TEST(Describe, SaysWhichOfSeveralOutputsIsTheAnswer) {
  const QTemporaryDir folder;
  io::writeFile(folder.filePath("two.json"), R"({"name": "two", "nodes": [
    {"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28}, {"name": "a", "type": "dense", "units": 10},
    {"name": "b", "type": "dense", "units": 10, "inputs": ["input"]}]})");
  const clitest::Outcome outcome = run({"describe", folder.filePath("two.json"), "--json"});
  EXPECT_EQ(outcome.json()["notes"].toArray(),
            (QJsonArray{"a gives scores: these are a softmax of them.", "The answer is the first of its 2 outputs: a, b."}))
      << outcome.err;
}

// Values without a winner, where nothing says that a further one is classes.
TEST(Predict, TellsOfEachOfSeveralOutputsByItsName) {
  const QTemporaryDir folder;
  io::writeFile(folder.filePath("two.json"), R"({"name": "two", "nodes": [
    {"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28}, {"name": "y", "type": "dense", "units": 10},
    {"name": "boxes", "type": "dense", "units": 4, "inputs": ["input"]}]})");
  const DigitsFolder digits(60, 20);
  run({"train", folder.filePath("two.json"), "--data", digits.path(), "--epochs", "1", "--out", folder.filePath("two.onnx")});
  const QJsonObject answer =
      run({"predict", folder.filePath("two.onnx"), pictureOfThree(folder), "--json"}).json()["predictions"][0].toObject();
  const QJsonArray outputs = answer["outputs"].toArray();
  ASSERT_EQ(outputs.size(), 2);
  EXPECT_EQ(outputs[0]["name"], "y");
  EXPECT_EQ(outputs[0]["class"], answer["class"]);
  EXPECT_EQ(outputs[1]["name"], "boxes");
  EXPECT_TRUE(outputs[1]["class"].isNull());
  EXPECT_EQ(outputs[1]["values"].toArray().size(), 4);
}

// What it is and what to do, whatever was given where a model belongs.
TEST(Usage, WhatIsNoModelIsToldAsWhatItIs) {
  const QTemporaryDir folder;
  const QString three = pictureOfThree(folder), network = QString(CONVSCOPE_SOURCE_DIR) + "/resources/networks/lenet5.json";
  const auto told = [](const QStringList& words) {
    const clitest::Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.err.find("damaged"), std::string::npos) << outcome.err;
    return outcome.err;
  };
  for (const QStringList& words : {QStringList{"predict", network, three},
                                   {"explain", network, three, "--method", "saliency", "--out", folder.filePath("x.png")},
                                   {"render", network, "--digit", "3", "--out", folder.filePath("x.png")},
                                   {"evaluate", network, "--data", "strokes"}})
    EXPECT_NE(told(words).find("this is a network without weights (JSON), not a trained model. Train it first"), std::string::npos);
  EXPECT_NE(told({"predict", three, "harley"})
                .find("this is a picture (PNG), not a model. A model is an ONNX file or a session; on the "
                      "command line it comes before the pictures"),
            std::string::npos);
  for (const auto& [bytes, what] :
       {std::pair(QByteArray("\0\0\x08\x03\0\0\0\x01\0\0\0\x01\0\0\0\x01\x07", 17), "this is an IDX file"),
        std::pair(QByteArray("three lines\nof a\ntext"), "this is a text, not an ONNX model"),
        std::pair(QByteArray("{\"seed\": 1}"), "this is a text, not an ONNX model"),
        std::pair(QByteArray("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), "a pointer of Git LFS"),
        std::pair(QByteArray("\n<!DOCTYPE html><html>"), "this is a web page"),
        std::pair(QByteArray("label,pixel0\n5,0\n4,0\n"), "this is a table"),
        std::pair(QByteArray("\x89HDF\r\n\x1a\n\0\0", 10), "this is a file of HDF5"),
        std::pair(QByteArray("\x1c\0\0\0TFL3\0\0", 10), "this is a model of TensorFlow Lite"),
        std::pair(QByteArray("\x93NUMPY\x01\0", 8), "this is an array of NumPy"),
        std::pair(QByteArray("PK\x03\x04\0\0\0\0net/data.pkl\x80", 21), "this is a file of weights of PyTorch"),
        std::pair(QByteArray("PK\x03\x04\0\0", 6), "this is a ZIP archive, not an ONNX model")}) {
    io::writeFile(folder.filePath("m.onnx"), bytes);
    EXPECT_NE(told({"predict", folder.filePath("m.onnx"), three}).find(what), std::string::npos) << what;
  }
}

}  // namespace
