// Training from the command line on data of other sizes and kinds than MNIST's, and on odd amounts of it.
#include <cmath>
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonArray>

#include "cli/CommandRun.h"
#include "cli/OnTerminal.h"
#include "data/Random.h"
#include "io/Model.h"
#include "io/datasets/Datasets.h"

namespace {

using clitest::run;

// Labeled images of noise, in which a square is brighter: where, says the label.
data::Dataset squares(const nn::Shape& shape, int count, const std::vector<int>& labels, std::uint64_t seed = 1) {
  data::Dataset set;
  set.shape = shape;
  data::Random random(seed);
  for (int i = 0; i < count; ++i) {
    const int label = labels[std::size_t(i) % labels.size()];
    set.labels.push_back(std::uint8_t(label));
    for (int c = 0; c < shape.channels; ++c)
      for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x) {
          const bool bright = y * 4 / shape.height == label / 4 && x * 4 / shape.width == label % 4 && c == label % shape.channels;
          set.pixels.push_back(std::uint8_t(random.below(100) + (bright ? 150 : 0)));
        }
  }
  return set;
}

class DataSources : public ::testing::Test {
 protected:
  QString path(const QString& name = {}) const { return name.isEmpty() ? m_folder.path() : m_folder.filePath(name); }

  void writeIdx(const data::Dataset& train, const data::Dataset& test, const char* kind = "idx3") {
    io::writeIdx(path(QString("train-images-%1-ubyte").arg(kind)), path("train-labels-idx1-ubyte"), train);
    io::writeIdx(path(QString("t10k-images-%1-ubyte").arg(kind)), path("t10k-labels-idx1-ubyte"), test);
  }
  void writePictures(const QString& part, const data::Dataset& set, const QStringList& names) {
    const nn::Shape& shape = set.shape;
    for (std::size_t i = 0; i < set.count(); ++i) {
      const QString folder = path(part + "/" + names[set.labels[i]]);
      QDir().mkpath(folder);
      QImage image(shape.width, shape.height, QImage::Format_RGB32);
      const auto pixels = set.image(i);
      const auto at = [&](int c, int y, int x) {
        return pixels[(std::size_t(std::min(c, shape.channels - 1)) * std::size_t(shape.height) + std::size_t(y)) *
                          std::size_t(shape.width) +
                      std::size_t(x)];
      };
      for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x) image.setPixel(x, y, qRgb(at(0, y, x), at(1, y, x), at(2, y, x)));
      ASSERT_TRUE(image.save(folder + QString("/%1.png").arg(i)));
    }
  }
  // A convolution, a pool and as many outputs as asked for.
  QString network(const nn::Shape& shape, int outputs) {
    QFile file(path("network.json"));
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QString(R"({"name": "small", "nodes": [
      {"name": "input", "type": "input", "channels": %1, "height": %2, "width": %3},
      {"name": "conv", "type": "conv2d", "filters": 4, "kernel": 5, "stride": 2, "activation": "relu"},
      {"name": "pool", "type": "max-pool", "kernel": 4},
      {"name": "scores", "type": "dense", "units": %4},
      {"name": "softmax", "type": "softmax"}]})")
                   .arg(shape.channels)
                   .arg(shape.height)
                   .arg(shape.width)
                   .arg(outputs)
                   .toUtf8());
    return file.fileName();
  }
  QJsonObject train(const QString& what, const QStringList& more = {}) {
    const clitest::Outcome outcome = run(QStringList{"train", what, "--data", path(), "--threads", "1", "--json"} + more);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.status == 0 ? outcome.json() : QJsonObject();
  }

  QTemporaryDir m_folder;
};

TEST_F(DataSources, FashionMnistsSizeTrains) {
  const nn::Shape shape{1, 28, 28};
  writeIdx(squares(shape, 600, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), squares(shape, 100, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 2));
  const QString model = path("m.onnx");
  EXPECT_GT(train("harley", {"--epochs", "8", "--learning-rate", "0.003", "--out", model})["test_accuracy"].toDouble(), 0.9);
  EXPECT_GT(run({"evaluate", model, "--data", path(), "--json"}).json()["accuracy"].toDouble(), 0.9);
}

TEST_F(DataSources, ColorOf64PixelsTrainsFromIdx) {
  const nn::Shape shape{3, 64, 64};
  writeIdx(squares(shape, 200, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), squares(shape, 50, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 2), "idx4");
  EXPECT_GT(train(network(shape, 10), {"--epochs", "10", "--learning-rate", "0.003"})["test_accuracy"].toDouble(), 0.9);
}

TEST_F(DataSources, ColorOf64PixelsTrainsFromPictures) {
  const nn::Shape shape{3, 64, 64};
  const QStringList names{"apple", "cat", "house", "tree"};
  writePictures("train", squares(shape, 120, {0, 1, 2, 3}), names);
  writePictures("test", squares(shape, 24, {0, 1, 2, 3}, 2), names);
  const QString net = network(shape, 4), model = path("m.onnx");
  EXPECT_GT(train(net, {"--epochs", "10", "--learning-rate", "0.003", "--out", model})["test_accuracy"].toDouble(), 0.9);
  const QJsonObject evaluated = run({"evaluate", model, "--data", path(), "--json"}).json();
  EXPECT_EQ(evaluated["count"].toInt(), 24);
  EXPECT_GT(evaluated["accuracy"].toDouble(), 0.9);
  // A picture from outside goes the same way, in color, and the answer has the name of its folder.
  int right = 0;
  for (int i = 0; i < 24; ++i) {
    const QJsonObject result = run({"predict", model, path(QString("test/%1/%2.png").arg(names[i % 4]).arg(i)), "--json"}).json();
    EXPECT_EQ(result["notes"].toArray(), (QJsonArray{"Drawings and pictures are scaled to fill its 64 × 64.",
                                                     "It is given photos in color, and drawings in all three channels."}));
    right += result["predictions"][0]["class"].toString() == names[i % 4];
  }
  EXPECT_EQ(right, evaluated["correct"].toInt());
  EXPECT_EQ(io::loadModel(model).network->spec().classNames, (std::vector<std::string>{"apple", "cat", "house", "tree"}));
}

TEST_F(DataSources, ATerminalIsToldHowFarTheLoadingIs) {
  writePictures("train", squares({1, 28, 28}, 120, {0, 1}), {"one", "two"});
  const QStringList words{"train", "softmax", "--data", path(), "--epochs", "1"};
  EXPECT_EQ(clitest::runOnTerminal(words, "loading the images: 3", SIGCONT, "epoch 1/1:").status, 0);
  EXPECT_EQ(run(words).err.find("loading"), std::string::npos) << "nobody watches";
}

TEST_F(DataSources, AResumedTrainingKnowsItsNetworkAlthoughTheDataNamedItsClasses) {
  const nn::Shape shape{1, 28, 28};
  writePictures("train", squares(shape, 60, {0, 1}), {"cat", "dog"});
  const QString net = network(shape, 3), model = path("m.onnx"), checkpoint = path("c.checkpoint");
  train(net, {"--epochs", "1", "--out", model, "--checkpoint", checkpoint});
  train(net, {"--epochs", "2", "--out", model, "--resume", checkpoint});
  EXPECT_EQ(io::loadModel(model).network->spec().classNames, (std::vector<std::string>{"cat", "dog", "2"}));
}

TEST_F(DataSources, NamesFollowTheDataUnlessTheModelBroughtThem) {
  const nn::Shape shape{1, 28, 28};
  writePictures("one/train", squares(shape, 60, {0, 1}), {"cat", "dog"});
  writePictures("two/train", squares(shape, 60, {0, 1}), {"kat", "zebra"});
  const QString net = network(shape, 3), model = path("m.onnx"), other = path("n.onnx"), checkpoint = path("c.checkpoint");
  const auto trainOn = [&](const QString& folder, const QStringList& words) {
    const auto outcome = run(QStringList{"train"} + words + QStringList{"--data", path(folder), "--json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    QString notes;
    for (const auto& note : outcome.json()["notes"].toArray()) notes += note.toString() + '\n';
    return notes.toStdString();
  };
  const auto names = [](const QString& file) { return io::loadModel(file).network->spec().classNames; };
  EXPECT_EQ(trainOn("one", {net, "--epochs", "1", "--out", model, "--checkpoint", checkpoint}).find("of the data"), std::string::npos);
  EXPECT_EQ(names(model), (std::vector<std::string>{"cat", "dog", "2"}));
  // The same pictures in folders that are called otherwise meanwhile.
  const std::string followed = trainOn("two", {"--resume", checkpoint, "--epochs", "2", "--out", other});
  EXPECT_NE(followed.find("as those of the data: kat, zebra, 2; before, cat, dog, 2"), std::string::npos) << followed;
  EXPECT_EQ(names(other), (std::vector<std::string>{"kat", "zebra", "2"}));
  const std::string kept = trainOn("two", {model, "--epochs", "1", "--out", other});
  EXPECT_NE(kept.find("cat is kat there, dog is zebra there"), std::string::npos) << kept;
  EXPECT_EQ(names(other), (std::vector<std::string>{"cat", "dog", "2"}));
}

// Also of one that is called as a data set that comes with the program, and where the recipe stands beside it.
TEST_F(DataSources, ARecipeRepeatsWithTheFolderThatItWasMadeWith) {
  writePictures("strokes", squares({1, 28, 28}, 60, {0, 1}), {"cat", "dog"});
  const QString before = QDir::currentPath();
  ASSERT_TRUE(QDir::setCurrent(path()));
  const auto trained = [](const QStringList& words) {
    return run(QStringList{"train", "--recipe", "run.json", "--epochs", "1", "--json"} + words).json()["train_images"].toInt();
  };
  EXPECT_EQ(trained({"softmax", "--data", "strokes/"}), 54);
  EXPECT_EQ(trained({}), 54);
  QFile hand("run.json");
  ASSERT_TRUE(hand.open(QIODevice::WriteOnly));
  hand.write(R"({"network": "softmax", "data": "strokes/"})");
  hand.close();
  EXPECT_EQ(trained({}), 54);
  ASSERT_TRUE(QDir::setCurrent(before));
}

TEST_F(DataSources, OfAHandfulOfImagesItIsSaidThatNoneValidates) {
  writePictures("train", squares({1, 28, 28}, 2, {0, 1}), {"cat", "dog"});
  const QString notes = QJsonDocument(QJsonObject{{"notes", train("softmax", {"--epochs", "1"})["notes"]}}).toJson();
  EXPECT_TRUE(notes.contains("too few images to hold one out")) << notes.toStdString();
}

TEST_F(DataSources, ABatchLargerThanTheSetIsTheWholeSet) {
  const nn::Shape shape{1, 28, 28};
  writeIdx(squares(shape, 50, {0, 1}), squares(shape, 10, {0, 1}));
  const QJsonObject result = train("tiny", {"--epochs", "30", "--batch-size", "1000", "--learning-rate", "0.01"});
  EXPECT_GT(result["test_accuracy"].toDouble(), 0.9);
  EXPECT_TRUE(std::isfinite(result["train_loss"].toDouble()));
}

TEST_F(DataSources, AShareForValidationThatLeavesNothingIsTheReason) {
  for (const char* name : {"a", "b"}) {
    ASSERT_TRUE(QDir().mkpath(path("pair/train/") + name));
    QImage image(8, 8, QImage::Format_RGB32);
    image.fill(*name == 'a' ? Qt::black : Qt::white);
    ASSERT_TRUE(image.save(path("pair/train/") + name + "/1.png"));
  }
  const auto outcome = run({"train", "softmax", "--data", path("pair"), "--validation-share", "0.5"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("the share for validation holds out all 2 training images"), std::string::npos) << outcome.err;
}

TEST_F(DataSources, OneSampleIsLearnt) {
  const nn::Shape shape{1, 28, 28};
  writeIdx(squares(shape, 1, {3}), squares(shape, 1, {3}));
  const QJsonObject result = train("tiny", {"--epochs", "60", "--learning-rate", "0.01"});
  EXPECT_LT(result["train_loss"].toDouble(), 0.1);
  EXPECT_EQ(result["test_accuracy"].toDouble(), 1);
  EXPECT_TRUE(result["validation_accuracy"].isNull()) << "nothing could be held out";
}

TEST_F(DataSources, AClassThatNeverOccursIsNeverAnswered) {
  const nn::Shape shape{1, 28, 28};
  writeIdx(squares(shape, 300, {0, 1, 2, 4, 5, 6, 7, 8, 9}), squares(shape, 90, {0, 1, 2, 4, 5, 6, 7, 8, 9}, 2));
  const QString model = path("m.onnx");
  EXPECT_GT(train("harley", {"--epochs", "12", "--learning-rate", "0.003", "--out", model})["test_accuracy"].toDouble(), 0.9);
  const QJsonArray confusion = run({"evaluate", model, "--data", path(), "--json"}).json()["confusion"].toArray();
  ASSERT_EQ(confusion.size(), 10);
  for (int label = 0; label < 10; ++label) {
    EXPECT_EQ(confusion[3].toArray()[label].toInt(), 0);
    EXPECT_EQ(confusion[label].toArray()[3].toInt(), 0);
  }
}

TEST_F(DataSources, WhatBecomesOfPicturesOfAnotherKindIsSaidOnce) {
  const nn::Shape shape{3, 30, 40};
  writePictures("train", squares(shape, 40, {0, 1}), {"one", "two"});
  writePictures("test", squares(shape, 10, {0, 1}, 2), {"one", "two"});
  const QString gray = network({1, 28, 28}, 2), model = path("m.onnx");
  const QString made =
      " pictures are 40 × 30 in color, the network takes 28 × 28 in gray: scaled to fit, with zeros on two sides, colors made gray";
  EXPECT_EQ(train(gray, {"--epochs", "2", "--out", model})["notes"].toArray(), QJsonArray{"all 50" + made});
  EXPECT_EQ(run({"evaluate", model, "--data", path(), "--json"}).json()["notes"].toArray(), QJsonArray{"all 10" + made});
  EXPECT_EQ(run({"evaluate", model, "--data", path(), "--limit", "4", "--json"}).json()["notes"].toArray(), QJsonArray{"all 4" + made});
  ASSERT_EQ(train(network(shape, 2), {"--epochs", "1", "--out", model})["notes"].toArray(),
            QJsonArray{QString("%1 and %2 are there already, and written over").arg(model, path("m.best.onnx"))});
  const QString picture = path("test/one/0.png");
  const clitest::Outcome predicted = run({"predict", model, picture, picture, "--json"});
  EXPECT_EQ(predicted.json()["notes"].toArray()[0].toString(), "It is given photos in color, and drawings in all three channels.");
  EXPECT_EQ(predicted.err.find("photos in color"), predicted.err.rfind("photos in color")) << "once, not per picture";
}

TEST_F(DataSources, WhatWasLeftOutStandsAmongTheNotes) {
  const nn::Shape shape{1, 28, 28};
  writePictures("train", squares(shape, 40, {0, 1}), {"one", "two"});
  writePictures("test", squares(shape, 10, {0, 1}, 2), {"one", "two"});
  ASSERT_TRUE(QFile::link("nowhere.png", path("train/one/lost.png")));
  ASSERT_TRUE(QFile::resize(path("test/one/0.png"), 100));
  const QString model = path("m.onnx");
  const auto trained = run({"train", network(shape, 2), "--data", path(), "--epochs", "1", "--out", model, "--json"});
  ASSERT_EQ(trained.status, 0) << trained.err;
  EXPECT_NE(trained.err.find("note: 1 link leads to nothing and was left out: one/lost.png"), std::string::npos) << trained.err;
  EXPECT_EQ(trained.json()["notes"].toArray().size(), 2) << trained.out;
  const auto evaluated = run({"evaluate", model, "--data", path(), "--json"});
  EXPECT_EQ(evaluated.json()["count"].toInt(), 9);
  ASSERT_EQ(evaluated.json()["notes"].toArray().size(), 1) << evaluated.out;
  EXPECT_NE(evaluated.json()["notes"][0].toString().indexOf("1 picture could not be read and was left out: one/0.png"), -1);
  ASSERT_TRUE(QDir().mkpath(path("train/__MACOSX")));
  ASSERT_TRUE(QDir().mkpath(path("train/three")));
  const auto other = run({"train", network(shape, 2), "--data", path(), "--epochs", "1"});
  EXPECT_EQ(other.status, 0) << other.err << "an empty folder is no class";
  EXPECT_NE(other.err.find("note: 1 folder without pictures was passed over: three"), std::string::npos) << other.err;
}

// tests/support/datasets holds its description, and no line of the program knows it.
TEST_F(DataSources, OneThatAFileDescribesIsKnownByItsName) {
  for (const char* command : {"train", "evaluate"})
    EXPECT_NE(run({command, "--help"}).out.find("few-digits (A few digits)"), std::string::npos) << command;
  const QString recipe = path("r.json"), checkpoint = path("c");
  const auto trained =
      run({"train", "softmax", "--data", "few-digits", "--epochs", "1", "--recipe", recipe, "--checkpoint", checkpoint, "--json"});
  ASSERT_EQ(trained.status, 0) << trained.err;
  EXPECT_TRUE(clitest::bytesOf(recipe).contains("\"data\": \"few-digits\"")) << "a name, not a path";
  for (const QStringList& words : {QStringList{"--recipe", recipe}, {"--resume", checkpoint, "--epochs", "2"}}) {
    const auto again = run(QStringList{"train", "--json"} + words);
    ASSERT_EQ(again.status, 0) << again.err;
    EXPECT_NE(again.err.find("training softmax"), std::string::npos) << again.err;
  }
  EXPECT_EQ(run({"evaluate", "softmax", "--data", "few-digits", "--json"}).json()["count"].toInt(), 40);
}

// The same of a transform, tests/support/transforms.
TEST_F(DataSources, ATransformOfTheCatalogueIsAnOption) {
  const std::string help = run({"train", "--help"}).out;
  EXPECT_NE(help.find("--augment-fade SHARE"), std::string::npos);
  EXPECT_NE(help.find("rotate 12, scale 0.12, skew 0.2, shift 2"), std::string::npos) << "what --augment is";
  const auto loss = [](const QStringList& more) {
    const auto outcome = run(QStringList{"train", "softmax", "--data", "few-digits", "--epochs", "1", "--threads", "1", "--json"} + more);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.json()["train_loss"].toDouble();
  };
  EXPECT_EQ(loss({}), loss({"--augment-fade", "0"}));
  EXPECT_NE(loss({}), loss({"--augment-fade", "0.9"}));
  EXPECT_EQ(run({"train", "softmax", "--data", "few-digits", "--augment-fade", "2"}).status, 2) << "beyond its range";
}

// Known by one file and its name in a list: the network's JSON, the training, its figures and the file of the model know it.
TEST_F(DataSources, ATaskOfTheCatalogueIsLearnedAndMeasured) {
  QFile file(path("brightness.json"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(R"({"name": "brightness", "task": "brightness", "nodes": [
    {"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28}, {"name": "output", "type": "dense", "units": 1}]})");
  file.close();
  const QString model = path("brightness.onnx");
  const auto outcome = run({"train", file.fileName(), "--data", "few-digits", "--epochs", "2", "--out", model, "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("absolute error"), std::string::npos) << outcome.err;
  const QJsonObject object = outcome.json();
  for (const char* key : {"validation_absolute_error", "test_absolute_error", "best_validation_absolute_error"})
    EXPECT_GT(object[key].toDouble(), 0) << key;
  EXPECT_FALSE(object.contains("test_accuracy"));
  const QJsonObject evaluated = run({"evaluate", model, "--data", "few-digits", "--json"}).json();
  EXPECT_DOUBLE_EQ(evaluated["absolute_error"].toDouble(), object["test_absolute_error"].toDouble()) << "the file says its task";
  EXPECT_FALSE(evaluated.contains("correct"));
  EXPECT_EQ(run({"describe", model, "--json"}).json()["task"].toString(), "brightness");
}

TEST_F(DataSources, ADenoisingAutoencoderIsTrainedMeasuredAndGivesBackPictures) {
  const QString model = path("denoise.onnx");
  const auto outcome = run({"train", "denoising-autoencoder", "--data", "few-digits", "--epochs", "12", "--learning-rate", "0.01",
                            "--noise", "0.5", "--out", model, "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err.find("accuracy"), std::string::npos) << outcome.err;
  const QJsonObject object = outcome.json();
  EXPECT_LT(object["test_mean_squared_error"].toDouble(), object["test_noisy_mean_squared_error"].toDouble());
  EXPECT_NEAR(object["test_psnr"].toDouble(), -10 * std::log10(object["test_mean_squared_error"].toDouble()), 1e-6);
  const auto evaluated = run({"evaluate", model, "--data", "few-digits", "--noise", "0.5", "--json"}).json();
  EXPECT_EQ(evaluated["noise"].toDouble(), 0.5);
  EXPECT_NE(run({"evaluate", model, "--data", "few-digits", "--noise", "0.25"}).out.find("noise 0.25 ("), std::string::npos);
  EXPECT_DOUBLE_EQ(evaluated["mean_squared_error"].toDouble(), object["test_mean_squared_error"].toDouble());
  EXPECT_FALSE(evaluated.contains("confusion"));
  EXPECT_LT(run({"evaluate", model, "--data", "few-digits", "--noise", "0.1", "--json"}).json()["noisy_mean_squared_error"].toDouble(),
            evaluated["noisy_mean_squared_error"].toDouble());

  QImage picture(28, 28, QImage::Format_RGB32);
  picture.fill(Qt::black);
  for (int y = 6; y < 22; ++y)
    for (int x = 12; x < 15; ++x) picture.setPixel(x, y, qRgb(255, 255, 255));
  ASSERT_TRUE(picture.save(path("one.png")));
  const auto predicted = run({"predict", model, path("one.png")});
  EXPECT_EQ(predicted.status, 0) << predicted.err;
  EXPECT_NE(predicted.out.find("reconstruction; mean squared error"), std::string::npos) << predicted.out;
  EXPECT_EQ(predicted.err.find("class"), std::string::npos) << predicted.err;
  const QJsonObject prediction = run({"predict", model, path("one.png"), "--json"}).json()["predictions"].toArray()[0].toObject();
  EXPECT_TRUE(prediction["class"].isNull());
  EXPECT_GT(prediction["mean_squared_error"].toDouble(), 0);
  EXPECT_EQ(run({"render", model, "--image", path("one.png"), "--out", path("scene.png"), "--size", "320x200"}).status, 0);

  const auto refused = run({"train", "softmax", "--data", "few-digits", "--noise", "0.5"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("whose task is reconstruct"), std::string::npos) << refused.err;
  EXPECT_EQ(run({"evaluate", "harley", "--data", "few-digits", "--noise", "0.5"}).status, 2);
}

TEST_F(DataSources, AGeneratorIsTrainedMeasuredAndMakesPictures) {
  const QString model = path("gan.onnx"), sheet = path("made.png");
  const auto outcome =
      run({"train", "gan-mini", "--data", "few-digits", "--epochs", "2", "--group-rates", "discriminator=0.5", "--out", model, "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  for (const char* words : {"discriminator's loss", "generator's loss", "D(x)", "D(G(z))"})
    EXPECT_NE(outcome.err.find(words), std::string::npos) << outcome.err;
  const QJsonObject object = outcome.json();
  for (const char* key : {"discriminator_loss", "generator_loss", "d_real", "d_generated"})
    for (const char* of : {"validation_", "test_"}) EXPECT_GT(object[QString(of) + key].toDouble(), 0) << of << key;
  EXPECT_FALSE(object.contains("best_out") || object.contains("test_accuracy")) << "no figure says which epoch is the best";
  EXPECT_FALSE(QFile::exists(path("gan.best.onnx")));
  const QJsonObject evaluated = run({"evaluate", model, "--data", "few-digits", "--json"}).json();
  EXPECT_DOUBLE_EQ(evaluated["d_generated"].toDouble(), object["test_d_generated"].toDouble()) << "the file holds task and groups";
  EXPECT_EQ(run({"train", model, "--data", "few-digits", "--epochs", "1"}).status, 0) << "and can be trained on";

  const auto made = run({"generate", "--model", model, "--count", "10", "--out", sheet});
  EXPECT_EQ(made.status, 0) << made.err;
  const QImage one(sheet);
  EXPECT_EQ(one.size(), QSize((4 * 29 - 1) * 2, (3 * 29 - 1) * 2));
  run({"generate", "--model", model, "--count", "10", "--out", sheet, "--seed", "2"});
  EXPECT_NE(QImage(sheet), one);
  const auto predicted = run({"predict", model, sheet});
  EXPECT_EQ(predicted.status, 0) << predicted.err;
  EXPECT_NE(predicted.out.find("picture of the data with"), std::string::npos) << predicted.out;
  const QJsonObject prediction = run({"predict", model, sheet, "--json"}).json()["predictions"].toArray()[0].toObject();
  EXPECT_TRUE(prediction["class"].isNull());
  EXPECT_GT(prediction["d_real"].toDouble(), 0);

  EXPECT_NE(run({"generate", "--model", "harley", "--count", "1", "--out", sheet}).status, 0) << "it generates none";
  EXPECT_NE(run({"generate", "--model", model, "--count", "1", "--out", path("made.xyz")}).status, 0);
  EXPECT_EQ(run({"train", "softmax", "--data", "few-digits", "--group-rates", "discriminator=0.5"}).status, 2) << "it has no groups";
  const auto twice = run({"train", "gan-mini", "--data", "few-digits", "--group-rates", "generator=1,generator=2"});
  EXPECT_EQ(twice.status, 1);
  EXPECT_NE(twice.err.find("it says the group \"generator\" twice"), std::string::npos) << twice.err;
}

}  // namespace
