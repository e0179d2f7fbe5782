// What the commands compute.
#include <cmath>
#include <cstdio>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QTemporaryDir>

#include "cli/CommandRun.h"
#include "cli/ThroughPad.h"
#include "data/StrokeDigits.h"
#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Model.h"
#include "io/datasets/Datasets.h"

namespace {

using clitest::DigitsFolder;
using clitest::run;

TEST(Describe, PrintsOneObjectWithEveryLayer) {
  const clitest::Outcome outcome = run({"describe", "harley", "--json"});
  ASSERT_EQ(outcome.status, 0);
  const QJsonObject object = outcome.json();
  const QJsonArray layers = object["layers"].toArray();
  ASSERT_EQ(layers.size(), 9);
  const QJsonObject conv = layers[3].toObject();
  EXPECT_EQ(conv["name"].toString(), "conv2");
  EXPECT_EQ(conv["type"].toString(), "conv2d");
  EXPECT_EQ(conv["output_shape"].toArray(), (QJsonArray{16, 10, 10}));
  EXPECT_EQ(conv["parameters"].toInt(), 2416);
  EXPECT_EQ(conv["multiply_adds"].toInt(), 240000);
  EXPECT_EQ(conv["activation_bytes"].toInt(), 6400);
  EXPECT_EQ(conv["receptive_field"].toInt(), 14);
  EXPECT_EQ(conv["receptive_field_stride"].toInt(), 2);
  EXPECT_EQ(conv["receptive_field_offset"].toInt(-1), 0);
  const QJsonObject totals = object["totals"].toObject();
  EXPECT_EQ(totals["parameters"].toInt(), 63802);
  EXPECT_EQ(totals["multiply_adds"].toInt(), 418600);
}

TEST(Describe, StatesTheMemoryOfTrainingAsAsked) {
  const auto memoryOf = [](const QStringList& options) {
    return run(QStringList{"describe", "harley", "--threads", "1", "--json"} + options).json()["training_memory"].toObject();
  };
  const QJsonObject usual = memoryOf({});
  EXPECT_EQ(usual["batch_size"].toInt(), 64);
  EXPECT_EQ(usual["optimizer"].toString(), "adam");
  EXPECT_EQ(usual["optimizer_moments"].toInt(), 2 * 4 * 63802);
  EXPECT_EQ(memoryOf({"--optimizer", "sgd"})["optimizer_moments"].toInt(-1), 0);
  // One copy of the gradient for each sixteen images, and their mean.
  EXPECT_EQ(usual["gradients"].toInt(), 5 * 4 * 63802);
  EXPECT_EQ(memoryOf({"--batch-size", "1"})["gradients"].toInt(), 2 * 4 * 63802);
  EXPECT_EQ(memoryOf({"--threads", "2"})["activations"].toInt(), 2 * usual["activations"].toInt());
  const qint64 total = usual["parameters"].toInteger() + usual["gradients"].toInteger() + usual["optimizer_moments"].toInteger() +
                       usual["activations"].toInteger();
  EXPECT_EQ(usual["total"].toInteger(), total);
}

TEST(Describe, TakesNoneOfTheMemoryThatItStates) {
  const auto peakKb = [] {
    struct rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  run({"describe", "tiny"});
  const long before = peakKb();
  const clitest::Outcome outcome = run({"describe", "vgg16", "--json"});
  EXPECT_LT(peakKb() - before, 50000) << "the weights alone are 550 MB";
  EXPECT_EQ(outcome.json()["totals"].toObject()["parameters"].toInt(), 138357544);
  EXPECT_GT(outcome.json()["training_memory"].toObject()["total"].toDouble(), 3e9);
}

TEST(Describe, ModelsAndFilesAreDescribedToo) {
  QTemporaryDir folder;
  const auto network = nn::Network::create(io::loadNetworkSpec("softmax"));
  const QString path = folder.filePath("m.onnx");
  io::saveOnnx(path, *network, network->initialParameters(1));
  EXPECT_EQ(run({"describe", path, "--json"}).json()["totals"].toObject()["parameters"].toInt(), 7850);
  const clitest::Outcome text = run({"describe", path});
  EXPECT_NE(text.out.find("7,850"), std::string::npos) << text.out;
}

TEST(Describe, SaysThatATaskDoesNotFitTheShapes) {
  QTemporaryDir folder;
  io::writeFile(folder.filePath("n.json"), R"({"name": "n", "task": "reconstruct", "nodes": [
    {"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28}, {"name": "d", "type": "dense", "units": 10}]})");
  const clitest::Outcome outcome = run({"describe", folder.filePath("n.json"), "--json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(outcome.json()["notes"][0].toString().contains("it cannot be trained: its task is reconstruct")) << outcome.out;
  EXPECT_EQ(run({"describe", "denoising-autoencoder", "--json"}).json()["notes"].toArray().size(), 0);
}

TEST(Generate, WritesDigitsThatTheSameSeedRepeats) {
  QTemporaryDir folder;
  const auto bytesOf = [&](const char* name, const char* seed) {
    const QString out = folder.filePath(name);
    EXPECT_EQ(run({"generate", "--count", "50", "--seed", seed, "--out", out, "--json"}).json()["count"].toInt(), 50);
    QFile file(out + "/train-images-idx3-ubyte");
    EXPECT_TRUE(file.open(QIODevice::ReadOnly));
    return file.readAll();
  };
  const QByteArray first = bytesOf("a", "7");
  EXPECT_EQ(first.size(), 16 + 50 * 784);
  EXPECT_EQ(bytesOf("b", "7"), first);
  EXPECT_NE(bytesOf("c", "8"), first);
}

TEST(Generate, WritesTheDigitsOfOneHand) {
  const QTemporaryDir folder;
  const auto bytesOf = [&](const QString& hand) {
    const clitest::Outcome outcome =
        run({"generate", "--count", "50", "--seed", "3", "--hand", hand, "--out", folder.filePath(hand), "--json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return clitest::bytesOf(folder.filePath(hand + "/train-images-idx3-ubyte"));
  };
  EXPECT_NE(bytesOf("european"), bytesOf("american"));
  const clitest::Outcome unknown = run({"generate", "--count", "1", "--hand", "dutch", "--out", folder.path()});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("--hand must be one of: any, american, european, not 'dutch'"), std::string::npos) << unknown.err;
  const clitest::Outcome model = run({"generate", "--model", "m.onnx", "--count", "1", "--hand", "any", "--out", folder.filePath("p.png")});
  EXPECT_EQ(model.status, 2);
  EXPECT_NE(model.err.find("--hand has no effect on a picture of what a model makes"), std::string::npos) << model.err;
}

TEST(Generate, SaysWhyItsFolderCannotBeMade) {
  const QTemporaryDir folder;
  io::writeFile(folder.filePath("file"), "x");
  for (const char* out : {"file", "file/below"})
    EXPECT_NE(run({"generate", "--count", "2", "--out", folder.filePath(out)}).err.find("file is a file, not a folder"), std::string::npos);
}

// Whatever it is, a set that is there may be somebody's only copy.
TEST(Generate, WritesOverNothingUnlessToldTo) {
  QTemporaryDir folder;
  const QStringList words{"generate", "--count", "10", "--out", folder.path(), "--json"};
  ASSERT_EQ(run(words).status, 0);
  const QByteArray labels = clitest::bytesOf(folder.filePath("train-labels-idx1-ubyte"));
  {
    const io::Claim claim(folder.filePath("train-images-idx3-ubyte"));
    const clitest::Outcome meanwhile = run(words + QStringList{"--seed", "7", "--overwrite"});
    EXPECT_EQ(meanwhile.status, 1);
    EXPECT_NE(meanwhile.err.find("written by another program at this moment"), std::string::npos) << meanwhile.err;
  }
  const clitest::Outcome refused = run(words + QStringList{"--seed", "7"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.err.find("train-images-idx3-ubyte, train-labels-idx1-ubyte are there already"), std::string::npos) << refused.err;
  EXPECT_EQ(clitest::bytesOf(folder.filePath("train-labels-idx1-ubyte")), labels);
  EXPECT_EQ(run(words + QStringList{"--test"}).status, 0) << "another set";
  const clitest::Outcome over = run(words + QStringList{"--seed", "7", "--overwrite"});
  EXPECT_EQ(over.status, 0);
  EXPECT_TRUE(over.json()["notes"][0].toString().contains("written over")) << over.out;
  EXPECT_NE(clitest::bytesOf(folder.filePath("train-labels-idx1-ubyte")), labels);
  // A set under another of the names in use would be hidden.
  ASSERT_TRUE(QFile::rename(folder.filePath("train-images-idx3-ubyte"), folder.filePath("train-images.idx3-ubyte.gz")));
  ASSERT_TRUE(QFile::remove(folder.filePath("train-labels-idx1-ubyte")));
  EXPECT_NE(run(words).err.find("train-images.idx3-ubyte.gz is there already"), std::string::npos);
}

TEST(Train, LearnsSavesAndIsMeasuredTheSameAgain) {
  const DigitsFolder digits(1000, 200);
  const QString model = digits.path("m.onnx");
  const clitest::Outcome outcome = run({"train", "softmax", "--data", digits.path(), "--epochs", "4", "--threads", "1", "--learning-rate",
                                        "0.01", "--schedule", "cosine", "--out", model, "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const QJsonObject object = outcome.json();
  EXPECT_GT(object["images_per_second"].toDouble(), 0);
  EXPECT_GT(object["seconds"].toDouble(), 0);
  EXPECT_GT(object["train_loss"].toDouble(), 0);
  EXPECT_GT(object["validation_accuracy"].toDouble(), 0.5);
  EXPECT_GT(object["test_accuracy"].toDouble(), 0.5);
  EXPECT_NE(outcome.err.find("epoch 4/4"), std::string::npos) << "progress goes to stderr";
  const QJsonObject evaluated = run({"evaluate", model, "--data", digits.path(), "--json"}).json();
  EXPECT_EQ(evaluated["count"].toInt(), 200);
  EXPECT_DOUBLE_EQ(evaluated["accuracy"].toDouble(), object["test_accuracy"].toDouble());
  EXPECT_DOUBLE_EQ(evaluated["correct"].toDouble() / 200, evaluated["accuracy"].toDouble());
  int total = 0, diagonal = 0;
  const QJsonArray confusion = evaluated["confusion"].toArray();
  ASSERT_EQ(confusion.size(), 10);
  ASSERT_EQ(evaluated["classes"].toArray().size(), 10);
  EXPECT_EQ(evaluated["classes"].toArray()[3].toString(), "3");
  for (int label = 0; label < 10; ++label) {
    for (const QJsonValue& count : confusion[label].toArray()) total += count.toInt();
    diagonal += confusion[label].toArray()[label].toInt();
  }
  EXPECT_EQ(total, 200);
  EXPECT_EQ(diagonal, evaluated["correct"].toInt());
  EXPECT_EQ(run({"evaluate", model, "--data", digits.path(), "--limit", "30", "--json"}).json()["count"].toInt(), 30);
}

TEST(Train, TheSameSeedGivesTheSameFileWhateverTheThreads) {
  const DigitsFolder digits(300, 50);
  const auto trained = [&](const char* name, const char* seed, const char* threads) {
    const QString path = digits.path(name);
    EXPECT_EQ(
        run({"train", "tiny", "--data", digits.path(), "--epochs", "1", "--augment", "--seed", seed, "--threads", threads, "--out", path})
            .status,
        0);
    return io::loadOnnx(path).parameters;
  };
  const std::vector<float> first = trained("a.onnx", "5", "1");
  EXPECT_EQ(trained("b.onnx", "5", "2"), first);
  EXPECT_NE(trained("c.onnx", "6", "1"), first);
}

TEST(Train, AModelCanBeGoneOnFrom) {
  const DigitsFolder digits(500, 100);
  const QString first = digits.path("first.onnx");
  const QJsonObject before = run({"train", "softmax", "--data", digits.path(), "--epochs", "3", "--out", first, "--json"}).json();
  const QJsonObject after = run({"train", first, "--data", digits.path(), "--epochs", "1", "--json"}).json();
  EXPECT_LT(after["train_loss"].toDouble(), before["train_loss"].toDouble());
}

TEST(Train, ATrainingThatDivergesFailsAndSavesNothing) {
  const DigitsFolder digits(300, 50);
  const QString out = digits.path("m.onnx");
  const clitest::Outcome outcome = run({"train", "mlp", "--data", digits.path(), "--epochs", "3", "--optimizer", "sgd", "--learning-rate",
                                        "1000000", "--out", out, "--json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("diverged"), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.json()["ended"].toString(), "failed");
  EXPECT_FALSE(QFile::exists(out));
}

// Also where it takes fewer steps than are watched for it.
TEST(Train, AShortTrainingThatEndsFarOutFails) {
  const DigitsFolder digits(300, 50);
  const QString out = digits.path("m.onnx");
  const QStringList words{"train",       "softmax", "--data",       digits.path(), "--epochs", "1",
                          "--optimizer", "sgd",     "--batch-size", "50",          "--out",    out};
  const clitest::Outcome wild = run(words + QStringList{"--learning-rate", "1000", "--json"});
  EXPECT_EQ(wild.status, 1);
  EXPECT_THAT(wild.err, testing::ContainsRegex("the training diverged in its [0-9]+ steps: the loss is .*, that of guessing 2.3"));
  EXPECT_EQ(wild.json()["ended"].toString(), "failed");
  const clitest::Outcome usual = run(words + QStringList{"--learning-rate", "0.1", "--json"});
  EXPECT_EQ(usual.status, 0) << usual.err;
}

TEST(Predict, ReadsPicturesOfDigits) {
  QTemporaryDir folder;
  QStringList words{"predict", "harley"};
  constexpr int kPictures = 40;
  for (int number = 0; number < kPictures; ++number) {
    const data::GrayImage ink = data::strokeDigit(number % 10, std::uint64_t(number), 200);
    QImage image(200, 200, QImage::Format_Grayscale8);
    for (int y = 0; y < 200; ++y) {
      for (int x = 0; x < 200; ++x) image.scanLine(y)[x] = uchar(255 - std::lround(255 * ink.ink[std::size_t(y * 200 + x)]));
    }
    words << folder.filePath(QString::number(number) + ".png");
    ASSERT_TRUE(image.save(words.back()));
  }
  const clitest::Outcome outcome = run(words + QStringList{"--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const QJsonArray predictions = outcome.json()["predictions"].toArray();
  ASSERT_EQ(predictions.size(), kPictures);
  int correct = 0;
  for (int number = 0; number < kPictures; ++number) {
    const QJsonObject one = predictions[number].toObject();
    correct += one["label"].toInt() == number % 10 ? 1 : 0;
    double sum = 0, largest = 0;
    for (const QJsonValue& probability : one["probabilities"].toArray())
      sum += probability.toDouble(), largest = std::max(largest, probability.toDouble());
    EXPECT_NEAR(sum, 1, 1e-5);
    EXPECT_DOUBLE_EQ(one["probabilities"].toArray()[one["label"].toInt()].toDouble(), largest);
  }
  EXPECT_GE(correct, kPictures * 8 / 10);
}

TEST(Render, SavesAPictureOfTheSizeAskedFor) {
  QTemporaryDir folder;
  const QString flat = folder.filePath("flat.png"), selected = folder.filePath("selected.png");
  ASSERT_EQ(run({"render", "harley", "--digit", "3", "--view", "flat", "--size", "640x400", "--out", flat}).status, 0);
  ASSERT_EQ(run({"render", "harley", "--digit", "3", "--view", "flat", "--size", "640x400", "--select", "conv1:2,7,12", "--out", selected})
                .status,
            0);
  const QImage plain(flat), pinned(selected);
  EXPECT_EQ(plain.size(), QSize(640, 400));
  EXPECT_EQ(pinned.size(), QSize(640, 400));
  EXPECT_NE(plain, pinned);
}

TEST(ThroughPad, PreprocessingUndoesShiftAndSize) {
  const auto digits = data::generateStrokeDigits(64, 3);
  const data::InputPipeline pipeline({}, {1, 28, 28});
  const auto difference = [&](const cli::PadJourney& journey) {
    cli::PadJourney still = journey;
    still.shiftPx = 0, still.scale = 1, still.rotateDegrees = 0;
    const auto wanted = cli::throughPad(*digits, still, pipeline, 0, 2), found = cli::throughPad(*digits, journey, pipeline, 0, 2);
    EXPECT_EQ(found->labels, digits->labels);
    double sum = 0;
    for (std::size_t i = 0; i < wanted->pixels.size(); ++i) sum += std::abs(int(wanted->pixels[i]) - int(found->pixels[i]));
    return sum / double(wanted->pixels.size());
  };
  cli::PadJourney shifted, halved, unprepared;
  shifted.shiftPx = 3;
  halved.scale = 0.5f;
  unprepared.shiftPx = 3;
  unprepared.likeMnist = false;
  EXPECT_LT(difference(shifted), 3);
  EXPECT_LT(difference(halved), 8);
  EXPECT_GT(difference(unprepared), 20);
  EXPECT_EQ(cli::throughPad(*digits, shifted, pipeline, 10, 1)->count(), 10u);
}

// Qt would look for it among the files in the program.
TEST(Predict, AFileMayBeCalledByAColon) {
  QTemporaryDir folder;
  const QString before = QDir::currentPath();
  ASSERT_TRUE(QDir::setCurrent(folder.path()));
  QImage paper(20, 20, QImage::Format_RGB32);
  paper.fill(Qt::white);
  ASSERT_TRUE(paper.save("./:x.png"));
  const clitest::Outcome read = run({"predict", "softmax", ":x.png", "--json"});
  EXPECT_EQ(read.status, 0) << read.err;
  const clitest::Outcome written = run({"render", "softmax", "--digit", "3", "--size", "320x200", "--out=:y.png"});
  EXPECT_EQ(written.status, 0) << written.err;
  EXPECT_TRUE(QFile::exists("./:y.png"));
  QDir::setCurrent(before);
}

TEST(Predict, NumbersBeyondWhatCanBeComputedAreToldInTheJson) {
  QTemporaryDir folder;
  const auto network = nn::Network::create(io::loadNetworkSpec("softmax"));
  io::saveOnnx(folder.filePath("m.onnx"), *network, std::vector<float>(network->parameterCount(), 3e38f));
  QImage ink(28, 28, QImage::Format_RGB32);
  ink.fill(Qt::white);
  QPainter(&ink).fillRect(10, 4, 6, 20, Qt::black);
  ASSERT_TRUE(ink.save(folder.filePath("x.png")));
  const clitest::Outcome outcome = run({"predict", folder.filePath("m.onnx"), folder.filePath("x.png"), "--json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.out.find("beyond what can be computed"), std::string::npos) << outcome.out;
}

// A picture is answered whole or not at all, whatever its name.
TEST(Predict, HalfAPictureIsRefusedAndAnyNameOpens) {
  QTemporaryDir folder;
  QImage image(100, 100, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter(&image).fillRect(45, 20, 10, 60, Qt::black);
  const QString path = folder.filePath("one.jpg");
  ASSERT_TRUE(image.save(path));
  EXPECT_EQ(run({"predict", "harley", path}).status, 0);
  QFile file(path);
  ASSERT_TRUE(file.resize(file.size() / 2));
  const clitest::Outcome half = run({"predict", "harley", path});
  EXPECT_EQ(half.status, 1);
  EXPECT_NE(half.err.find("cut off"), std::string::npos) << half.err;
  EXPECT_EQ(half.out, "");
  const std::string odd = QFile::encodeName(folder.filePath("odd")).toStdString() + "\xff.png";
  const QString plain = folder.filePath("plain.png");
  ASSERT_TRUE(image.save(plain));
  if (std::rename(QFile::encodeName(plain).constData(), odd.c_str()) != 0) GTEST_SKIP() << "this file system knows no such names";
  const QString name = io::pathOfBytes(odd);
  const clitest::Outcome outcome = run({"predict", "harley", name, "--json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(outcome.json()["predictions"][0]["image"].toString().endsWith("odd\\xff.png")) << outcome.out;
  const clitest::Outcome written = run({"generate", "--count", "10", "--out", name});
  EXPECT_EQ(written.status, 1);
  EXPECT_NE(written.err.find("not UTF-8"), std::string::npos) << written.err;
  std::remove(odd.c_str());
}

TEST(Describe, AModelOfAnyNameOpens) {
  QTemporaryDir folder;
  const auto network = nn::Network::create(io::loadNetworkSpec("softmax"));
  const QString plain = folder.filePath("plain.onnx");
  io::saveOnnx(plain, *network, network->initialParameters(1));
  const std::string odd = QFile::encodeName(folder.filePath("odd")).toStdString() + "\xff.onnx";
  if (std::rename(QFile::encodeName(plain).constData(), odd.c_str()) != 0) GTEST_SKIP() << "this file system knows no such names";
  const clitest::Outcome outcome = run({"describe", io::pathOfBytes(odd), "--json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["totals"].toObject()["parameters"].toInt(), 7850);
  EXPECT_NE(run({"describe", io::pathOfBytes(odd + "x")}).err.find("odd\\xff.onnxx"), std::string::npos);
  std::remove(odd.c_str());
}

}  // namespace
