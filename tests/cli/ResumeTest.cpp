// A training that goes on from a checkpoint, and a whole run in a recipe's file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QImage>

#include "cli/CommandRun.h"
#include "cli/OnTerminal.h"
#include "io/Files.h"
#include "io/Model.h"
#include "io/session/SavedWork.h"

namespace {

using clitest::bytesOf;
using clitest::DigitsFolder;
using clitest::Outcome;
using clitest::run;
using testing::HasSubstr;

std::string notesOf(const Outcome& outcome) {
  std::string notes;
  for (const auto& note : outcome.json()["notes"].toArray()) notes += note.toString().toStdString() + "\n";
  return notes;
}

// With all that makes a step depend on more than the weights.
class Resume : public testing::Test {
 protected:
  void SetUp() override {
    io::writeFile(file("net.json"), R"({"name": "small", "nodes": [
      {"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28},
      {"name": "conv", "type": "conv2d", "filters": 4, "kernel": 5, "stride": 2, "bias": false},
      {"name": "norm", "type": "batch-norm"},
      {"name": "relu", "type": "activation", "activation": "relu"},
      {"name": "drop", "type": "dropout", "rate": 0.3},
      {"name": "logits", "type": "dense", "units": 10}]})");
  }
  QString file(const QString& name) const { return m_digits.path(name); }
  QStringList words(const QStringList& more = {}) const {
    return QStringList{"train", file("net.json"), "--data", m_digits.path(), "--json"} + more;
  }
  QStringList resumed(const QStringList& more = {}) const {
    return QStringList{"train", "--resume", file("c"), "--out", file("m.onnx"), "--json"} + more;
  }
  Outcome fine(const QStringList& words) const {
    Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 0) << words.join(' ').toStdString() << "\n" << outcome.err;
    return outcome;
  }
  void expectRefused(const QStringList& words, int status, const std::string& what) const {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, status) << words.join(' ').toStdString();
    EXPECT_THAT(outcome.err, HasSubstr(what));
    EXPECT_EQ(outcome.out, "");
  }
  void expectSameModels() const {
    EXPECT_EQ(bytesOf(file("m.onnx")), bytesOf(file("whole.onnx")));
    EXPECT_EQ(bytesOf(file("m.best.onnx")), bytesOf(file("whole.best.onnx")));
  }

  DigitsFolder m_digits{300, 40};
};

// What has run away in its first epoch stays so, however often it is gone on from.
TEST_F(Resume, StaysDivergedAsInOneGo) {
  const QStringList wild{"--optimizer", "sgd", "--learning-rate", "10000"};
  const QString lenet = "lenet5";
  const QStringList begun{"train", lenet, "--data", m_digits.path()};
  const Outcome whole = run(begun + wild + QStringList{"--epochs", "2"});
  EXPECT_EQ(whole.status, 1) << whole.err;
  const Outcome one = run(begun + wild + QStringList{"--epochs", "1", "--checkpoint", file("c")});
  EXPECT_EQ(one.status, 1) << one.err;
  const Outcome two = run(resumed({"--epochs", "2"}));
  EXPECT_EQ(two.status, 1) << two.err;
  EXPECT_THAT(two.err, HasSubstr("the training diverged"));
  EXPECT_FALSE(QFile::exists(file("m.onnx")));
}

// The checkpoint may have any name, and a link may lead to it.
TEST_F(Resume, NeverWritesOverTheCheckpointThatItReads) {
  fine(words({"--epochs", "1", "--checkpoint", file("c")}));
  const QByteArray checkpoint = bytesOf(file("c"));
  QFile::link(file("c"), file("link.onnx"));
  expectRefused({"train", "--resume", file("c"), "--epochs", "2", "--out", file("link.onnx")}, 2, "--resume and --out name the same file");
  EXPECT_EQ(bytesOf(file("c")), checkpoint);
  expectRefused(words({"--out", file("missing/../x.onnx")}), 1, "the folder does not exist");
}

TEST_F(Resume, ThawsWhatWasFrozen) {
  fine(words({"--epochs", "1", "--freeze", "conv", "--checkpoint", file("c")}));
  EXPECT_THAT(notesOf(fine(resumed({"--epochs", "2", "--freeze", ""}))), HasSubstr("(not conv)"));
}

TEST_F(Resume, GivesTheSameFilesAsOneGo) {
  for (const QStringList& more : {QStringList{"--augment", "--schedule", "exponential", "--clip", "1"},
                                  QStringList{"--optimizer", "nesterov", "--validation-share", "0", "--seed", "5", "--freeze", "conv"}}) {
    SCOPED_TRACE(more.join(' ').toStdString());
    const QJsonObject whole = fine(words(more) + QStringList{"--epochs", "4", "--threads", "1", "--out", file("whole.onnx")}).json();
    fine(words(more) + QStringList{"--epochs", "2", "--threads", "2", "--checkpoint", file("c"), "--out", file("m.onnx")});
    const QByteArray checkpoint = bytesOf(file("c"));
    const Outcome outcome = fine(resumed({"--epochs", "4", "--threads", "3"}));
    expectSameModels();
    for (const char* key : {"train_loss", "validation_accuracy", "test_accuracy", "best_epoch", "epochs_done"})
      EXPECT_EQ(outcome.json()[key], whole[key]) << key;
    EXPECT_EQ(bytesOf(file("c")), checkpoint) << "nobody asked for another one";
    EXPECT_THAT(notesOf(outcome), HasSubstr("stays as it is; --checkpoint keeps one"));
    // Elsewhere too, and although the best epoch was one of the first.
    ASSERT_TRUE(QFile::remove(file("m.best.onnx")));
    fine(resumed({"--epochs", "4"}));
    expectSameModels();
  }
}

TEST_F(Resume, GoesOnWithWhatAModelBegan) {
  fine(words({"--epochs", "1", "--out", file("start.onnx")}));
  const QStringList train{"train", file("start.onnx"), "--data", m_digits.path(), "--json", "--seed", "3"};
  fine(train + QStringList{"--epochs", "2", "--out", file("whole.onnx")});
  fine(train + QStringList{"--epochs", "1", "--checkpoint", file("c")});
  fine(resumed({"--epochs", "2"}));
  expectSameModels();
}

TEST_F(Resume, SaysThatTheWeightsOfAModelBesideItDoNotCount) {
  fine(words({"--epochs", "1", "--checkpoint", file("c"), "--out", file("start.onnx")}));
  EXPECT_THAT(notesOf(fine(QStringList{"train", file("start.onnx")} + resumed({"--epochs", "2"}).mid(1))),
              HasSubstr("start.onnx do not count: the training goes on from those of the checkpoint"));
  io::writeFile(file("net.json"), bytesOf(file("net.json")).replace("\"filters\": 4", "\"filters\": 5"));
  expectRefused(QStringList{"train", file("net.json")} + resumed().mid(1), 1, "a network of the same name with other layers or settings");
}

// A session is a model to whoever only asks it.
TEST_F(Resume, ACheckpointAnswersAsTheModelDoes) {
  fine(words({"--epochs", "1", "--checkpoint", file("c"), "--out", file("m.onnx")}));
  QImage picture(20, 20, QImage::Format_RGB32);
  picture.fill(Qt::white);
  for (int y = 2; y < 18; ++y) picture.setPixelColor(10, y, Qt::black);
  ASSERT_TRUE(picture.save(file("x.png")));
  const auto answer = [&](const char* model) -> QJsonValue {
    return fine({"predict", file(model), file("x.png"), "--json"}).json()["predictions"];
  };
  EXPECT_EQ(answer("c"), answer("m.onnx"));
  EXPECT_EQ(fine({"describe", file("c"), "--json"}).json()["totals"], fine({"describe", file("m.onnx"), "--json"}).json()["totals"]);
  EXPECT_EQ(fine({"evaluate", file("c"), "--data", m_digits.path(), "--json"}).json()["loss"],
            fine({"evaluate", file("m.onnx"), "--data", m_digits.path(), "--json"}).json()["loss"]);
  expectRefused({"train", file("c"), "--data", m_digits.path()}, 1, "train --resume");
  io::SavedWork untrained = io::loadWork(file("c"));
  untrained.run.reset();
  untrained.model.startsTrained = false;
  EXPECT_EQ(notesOf(fine({"predict", file("c"), file("x.png"), "--json"})),
            notesOf(fine({"predict", file("m.onnx"), file("x.png"), "--json"})))
      << "weights that were trained are that without their run";
  const auto& network = *untrained.model.network;
  untrained.model.parameters = std::make_shared<const std::vector<float>>(network.initialParameters(untrained.model.randomSeed));
  untrained.model.random = nullptr;
  io::saveWork(file("c"), untrained);
  EXPECT_THAT(notesOf(fine({"predict", file("c"), file("x.png"), "--json"})), HasSubstr("its network is not trained: the weights are"));
}

// The program itself: only on a terminal it tells how far it is.
TEST_F(Resume, InTheMiddleOfAnEpochToo) {
  const QStringList train = words({"--epochs", "2", "--batch-size", "1", "--augment", "--threads", "1"});
  fine(train + QStringList{"--out", file("whole.onnx")});
  const clitest::TerminalOutcome outcome = clitest::runOnTerminal(train + QStringList{"--checkpoint", file("c"), "--out", file("m.onnx")},
                                                                  " %, loss", SIGINT, "goes on from here");
  EXPECT_EQ(outcome.status, 130);
  EXPECT_EQ(outcome.object["checkpoint"].toString(), file("c"));
  const train::SavedRun kept = *io::loadWork(file("c")).run;
  EXPECT_EQ(kept.checkpoint.epoch, 0u);
  EXPECT_GT(kept.checkpoint.position, 0u);
  EXPECT_EQ(kept.progress.epoch.seen, kept.checkpoint.position);
  fine(resumed({"--threads", "2"}));
  expectSameModels();
}

// What is interrupted between the last step of an epoch and its validation still has to choose it as the best.
TEST_F(Resume, ValidatesAnEpochThatWasNot) {
  fine(words({"--epochs", "2", "--out", file("whole.onnx")}));
  fine(words({"--epochs", "1", "--checkpoint", file("c")}));
  io::SavedWork work = io::loadWork(file("c"));
  train::RunProgress& progress = work.run->progress;
  progress.epoch = {progress.trainLoss * double(work.data->train), work.data->train, work.data->train, 100};
  progress.validation.reset();
  progress.best.reset();
  io::saveWork(file("c"), work);
  EXPECT_THAT(fine(resumed({"--epochs", "2"})).err, HasSubstr("epoch 1/2: "));
  expectSameModels();
}

TEST_F(Resume, TakesOverWhatMayChangeAndSaysSo) {
  fine(words({"--epochs", "2", "--checkpoint", file("c"), "--schedule", "cosine"}));
  const std::string notes = notesOf(fine(resumed({"--epochs", "3", "--learning-rate", "0.01", "--data", m_digits.path() + "/."})));
  EXPECT_THAT(notes, HasSubstr("learning rate 0.01 (not 0.001), epochs 3 (not 2)"));
  EXPECT_THAT(notes, HasSubstr("the schedule cosine spans all epochs"));
  EXPECT_THAT(notesOf(fine(resumed())), HasSubstr("has had all its 2 epochs"));
  EXPECT_THAT(notesOf(fine(resumed({"--optimizer", "sgd", "--epochs", "3"}))), HasSubstr("usual for sgd is 0.1"));
  expectRefused(resumed({"--seed", "2"}), 2, "--seed cannot change in the middle of a run");
  expectRefused(resumed({"--loss", "hinge"}), 2, "--loss cannot change");
  expectRefused(resumed({"--epochs", "1"}), 2, "--epochs must be at least 2");
}

TEST_F(Resume, RefusesWhatIsNotOfThisTraining) {
  fine(words({"--epochs", "1", "--checkpoint", file("c")}));
  const DigitsFolder fewer(200, 40), others(300, 40);
  QByteArray images = bytesOf(others.path("train-images-idx3-ubyte"));
  images.back() = char(images.back() ^ 1);
  io::writeFile(others.path("train-images-idx3-ubyte"), images);
  expectRefused(resumed({"--data", fewer.path()}), 1, "it was trained on 270 images of 28 × 28 and 30 for validation, and");
  expectRefused(resumed({"--data", others.path()}), 1, "it was trained on other images or labels");
  expectRefused(QStringList{"train", "softmax"} + resumed().mid(1), 1, "the checkpoint is of another network, small");
  EXPECT_EQ(run(QStringList{"train", file("net.json")} + resumed().mid(1)).status, 0) << "the same";
  const QByteArray whole = bytesOf(file("c"));
  io::writeFile(file("c"), whole.chopped(100));
  expectRefused(resumed(), 1, "c: this file is damaged or not whole");
  expectRefused(QStringList{"train", "--resume", file("net.json")}, 1, "net.json: this is neither a session nor a checkpoint");
  io::writeFile(file("c"), whole);
  io::SavedWork work = io::loadWork(file("c"));
  const std::vector<float> moments = std::exchange(work.run->checkpoint.optimizer.first, {0});
  io::saveWork(file("c"), work);
  expectRefused(resumed(), 1, "c: this file is damaged or not whole: in its section \"training\", the moments are not as many");
  work.run->checkpoint.optimizer.first = moments;
  work.data->source = file("gone");
  io::saveWork(file("c"), work);
  expectRefused(resumed(), 1, "Say with --data where it lies now");
  work.run.reset();
  io::saveWork(file("c"), work);
  expectRefused(resumed(), 1, "no training has begun in this session");
}

TEST_F(Resume, ACheckpointIsNeverPutOverAnotherFile) {
  const QByteArray before = bytesOf(file("net.json"));
  expectRefused(words({"--epochs", "1", "--checkpoint", file("net.json")}), 2, "NETWORK and --checkpoint name the same file");
  EXPECT_EQ(bytesOf(file("net.json")), before);
  fine(words({"--epochs", "3", "--checkpoint", file("c"), "--checkpoint-every", "2"}));
  EXPECT_EQ(io::loadWork(file("c")).run->checkpoint.epoch, 3u) << "the end is kept, too";
  EXPECT_THAT(notesOf(fine(words({"--epochs", "1", "--checkpoint", file("c")}))), HasSubstr("holds an earlier checkpoint"));
  EXPECT_EQ(fine(resumed({"--epochs", "2", "--checkpoint", file("c")})).json()["checkpoint"].toString(), file("c"));
  EXPECT_EQ(io::loadWork(file("c")).run->checkpoint.epoch, 2u);
}

TEST_F(Resume, ACheckpointIsNeverPutOverASessionThatIsNotGoneOnFrom) {
  fine(words({"--epochs", "1", "--checkpoint", file("c")}));
  io::SavedWork work = io::loadWork(file("c"));
  work.others.set("drawing", 1, {{QStringLiteral("ink"), 7}});
  io::saveWork(file("s"), work);
  const QByteArray session = bytesOf(file("s"));
  expectRefused(words({"--epochs", "1", "--checkpoint", file("s")}), 1, "a session is not written over");
  io::writeFile(file("cut"), session.first(session.size() / 2));
  expectRefused(words({"--epochs", "1", "--checkpoint", file("cut")}), 1, "a session is not written over");
  work.others.remove("drawing");
  work.run.reset();
  work.model.trained.reset();
  io::saveWork(file("idle"), work);
  expectRefused(words({"--epochs", "1", "--checkpoint", file("idle")}), 1, "no training has begun");
  EXPECT_EQ(bytesOf(file("s")), session);
  // Whoever goes on from it means it.
  fine({"train", "--resume", file("s"), "--epochs", "2", "--checkpoint", file("s"), "--json"});
  EXPECT_EQ(io::loadWork(file("s")).run->checkpoint.epoch, 2u);
  EXPECT_TRUE(io::loadWork(file("s")).others.has("drawing"));
}

// What others have put into the file, the window for one, is there afterwards; so is what was done before.
TEST_F(Resume, ACheckpointKeepsWhatElseIsInItsFile) {
  fine(words({"--epochs", "1", "--checkpoint", file("c")}));
  io::Container session = io::Container::load(file("c"));
  session.set("drawing", 3, {{QStringLiteral("ink"), QByteArray("ink")}});
  session.save(file("c"));
  fine(resumed({"--epochs", "3", "--learning-rate", "0.01", "--checkpoint", file("c")}));
  const io::SavedWork work = io::loadWork(file("c"));
  EXPECT_EQ(work.others.names(), QStringList("drawing"));
  EXPECT_EQ(work.others.section("drawing", 3).bytes("ink"), "ink");
  EXPECT_EQ(work.run->metrics.series(train::MetricLog::kValidationLoss).size(), 3u) << "a point each epoch";
  ASSERT_EQ(work.run->log.changes().size(), 1u);
  EXPECT_EQ(train::describe(work.run->log.changes()[0].fields[0]), "learning rate 0.01");
}

TEST_F(Resume, ACheckpointThatFindsNoPlaceIsTold) {
  QDir folder(file("gone"));
  ASSERT_TRUE(folder.mkpath("."));
  const Outcome outcome = clitest::runActing(words({"--epochs", "2", "--checkpoint", folder.filePath("c"), "--out", file("m.onnx")}),
                                             "epoch 1/2", [&] { folder.removeRecursively(); });
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("note: the checkpoint is not saved"));
  EXPECT_EQ(outcome.json()["out"].toString(), file("m.onnx")) << "the training goes on";
  EXPECT_FALSE(outcome.json().contains("checkpoint"));
}

class RecipeFile : public Resume {};

TEST_F(RecipeFile, HoldsAWholeRunAndMovesWithItsFolder) {
  const QStringList out{"--out", file("whole.onnx"), "--recipe", file("r.json")};
  const QString before = QDir::currentPath();
  ASSERT_TRUE(QDir::setCurrent(m_digits.path()));
  const Outcome first = fine(QStringList{"train", "net.json", "--data", ".", "--json", "--epochs", "2", "--optimizer", "momentum",
                                         "--momentum", "0.8", "--validation-share", "0.5"} +
                             out);
  ASSERT_TRUE(QDir::setCurrent(before));
  EXPECT_THAT(notesOf(first), HasSubstr("the recipe is written to"));
  EXPECT_THAT(first.err, HasSubstr("on 150 images, 150 for validation"));
  const QByteArray written = bytesOf(file("r.json"));
  EXPECT_THAT(written.toStdString(), HasSubstr("\"network\": \"./net.json\""));
  EXPECT_THAT(written.toStdString(), HasSubstr("\"learning-rate\": 0.02")) << "the optimizer's";
  const Outcome again = fine({"train", "--recipe", file("r.json"), "--out", file("m.onnx"), "--json"});
  EXPECT_THAT(notesOf(again), HasSubstr("the recipe is read from"));
  expectSameModels();
  const Outcome beside = fine({"train", "tiny", "--recipe", file("r.json"), "--epochs", "1", "--json"});
  EXPECT_THAT(notesOf(beside), HasSubstr("the words beside it count before it: network tiny (not "));
  EXPECT_THAT(notesOf(beside), HasSubstr("epochs 1 (not 2)"));
  EXPECT_EQ(beside.json()["network"].toString(), "tiny");
  EXPECT_EQ(bytesOf(file("r.json")), written);
}

TEST_F(RecipeFile, TellsAllThatIsWrongWithIt) {
  io::writeFile(file("r.json"), R"({"network": 3, "momentun": 0.9, "epochs": 0, "optimizer": "magic", "clip": 1e-60})");
  const Outcome outcome = run(words({"--recipe", file("r.json")}));
  EXPECT_EQ(outcome.status, 1);
  for (const char* what : {"r.json, network: it must be a text", "r.json, momentun: a recipe has no such key",
                           "r.json: Field \"epochs\" is out of range: 0. Give a number from 1 to 100000",
                           "r.json: Field \"optimizer\" has an unknown value \"magic\"", "r.json, clip: it is too small a number"})
    EXPECT_THAT(outcome.err, HasSubstr(what));
  io::writeFile(file("r.json"), R"({"epochs": [3], "clip": null, "optimizer": {}, "momentum": "high", "data": 5})");
  const Outcome wrong = run(words({"--recipe", file("r.json")}));
  EXPECT_EQ(wrong.status, 1);
  for (const char* what : {"r.json: Field \"epochs\" must be a whole number, but it is a list. Give a number from 1 to 100000",
                           "r.json: Field \"clip\" must be a number, but it is nothing (null). Give a number from ",
                           "r.json: Field \"optimizer\" must be a text, but it is an object. Choose from: ",
                           "r.json: Field \"momentum\" must be a number. Give", "r.json, data: it must be a text, but it is a number"})
    EXPECT_THAT(wrong.err, HasSubstr(what));
  io::writeFile(file("r.json"), R"({"momentum": 0.5, "epochs": 1})");
  EXPECT_THAT(notesOf(fine(words({"--recipe", file("r.json")}))),
              HasSubstr("momentum in " + file("r.json").toStdString() + " has no effect"));
  expectRefused(words({"--recipe", file("r.txt")}), 1, "Choose a name that ends in .json");
}

}  // namespace
