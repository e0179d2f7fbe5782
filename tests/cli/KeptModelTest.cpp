// What a training leaves on the disk where there is something already, and where there is no room.
#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include "cli/CommandRun.h"
#include "io/Files.h"
#include "io/Model.h"
#include "support/FullDisk.h"

namespace {

using clitest::DigitsFolder;
using clitest::OtherPlaces;
using clitest::run;
using clitest::runActing;
using testing::HasSubstr;

std::vector<float> weightsIn(const QString& path) {
  return io::loadOnnx(path).parameters;
}

TEST(GoingOn, NeverReplacesTheBestEpochByAWorseOne) {
  const DigitsFolder digits(600, 50);
  const QString out = digits.path("m.onnx"), best = digits.path("m.best.onnx");
  const QStringList wild = clitest::wildTraining(digits, out);
  const clitest::Outcome first = run(wild);
  ASSERT_EQ(first.status, 0) << first.err;
  ASSERT_LT(first.json()["best_epoch"].toInt(), 12);
  const QByteArray held = io::readFile(best, 1 << 20);
  // So slowly that nothing changes: as good as the last epoch, which was not the best.
  QStringList goOn = wild;
  goOn[1] = out;
  goOn[goOn.indexOf("--epochs") + 1] = "1";
  goOn[goOn.indexOf("--learning-rate") + 1] = "1e-12";
  const clitest::Outcome outcome = run(goOn);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(io::readFile(best, 1 << 20), held);
  const QJsonObject object = outcome.json();
  EXPECT_EQ(object["best_epoch"].toInt(-1), 0);
  EXPECT_THAT(outcome.err, HasSubstr("m.onnx is there already, and written over"));
  EXPECT_EQ(object["best_validation_accuracy"], first.json()["best_validation_accuracy"]);
  EXPECT_EQ(object["best_validation_loss"], first.json()["best_validation_loss"]);
  EXPECT_LE(object["validation_accuracy"].toDouble(), object["best_validation_accuracy"].toDouble());
  EXPECT_EQ(object["best_out"].toString(), best);
  const std::string notes = QJsonDocument(object["notes"].toArray()).toJson().toStdString();
  EXPECT_THAT(notes, HasSubstr("m.best.onnx holds the best so far (validation "));
  EXPECT_THAT(notes, HasSubstr("m.onnx is there already, and written over"));
  // Without that file, what it goes on from is the best.
  ASSERT_TRUE(QFile::remove(best));
  const std::vector<float> start = weightsIn(out);
  const QJsonObject again = run(goOn).json();
  EXPECT_EQ(again["best_epoch"].toInt(-1), 0);
  EXPECT_EQ(weightsIn(best), start);
  EXPECT_THAT(QJsonDocument(again["notes"].toArray()).toJson().toStdString(), HasSubstr("what is gone on from is the best so far"));
}

TEST(GoingOn, ReplacesTheBestEpochByABetterOne) {
  const DigitsFolder digits(600, 50);
  const QString out = digits.path("m.onnx"), best = digits.path("m.best.onnx");
  const QStringList options{"--data", digits.path(), "--out", out, "--json", "--epochs"};
  const QJsonObject first = run(QStringList{"train", "softmax"} + options + QStringList{"1"}).json();
  const QJsonObject second = run(QStringList{"train", out} + options + QStringList{"3"}).json();
  EXPECT_GE(second["best_epoch"].toInt(-1), 1);
  EXPECT_GE(second["best_validation_accuracy"].toDouble(), first["best_validation_accuracy"].toDouble());
  EXPECT_EQ(second["best_epoch"].toInt() == 3, weightsIn(best) == weightsIn(out));
}

TEST(GoingOn, SaysThatTheFileOfTheBestEpochHeldSomethingElse) {
  const DigitsFolder digits(100, 20);
  const QString start = digits.path("start.onnx"), out = digits.path("m.onnx"), best = digits.path("m.best.onnx");
  const QStringList options{"--data", digits.path(), "--epochs", "1", "--json", "--out"};
  ASSERT_EQ(run(QStringList{"train", "softmax"} + options + QStringList{start}).status, 0);
  const auto noted = [&] {
    const QJsonObject object = run(QStringList{"train", start} + options + QStringList{out}).json();
    EXPECT_EQ(object["best_out"].toString(), best);
    EXPECT_EQ(weightsIn(best).size(), weightsIn(start).size());
    EXPECT_EQ(object["notes"][0].toString(), out + " is there already, and written over");
    return object["notes"][1].toString().toStdString();
  };
  ASSERT_EQ(run(QStringList{"train", "tiny"} + options + QStringList{out}).status, 0);
  EXPECT_THAT(noted(), HasSubstr("held another network"));
  ASSERT_EQ(run(QStringList{"train", "softmax", "--learning-rate", "1e-9"} + options + QStringList{out}).status, 0);
  EXPECT_THAT(noted(), HasSubstr("held a model that is not as good (validation "));
}

// By name it is nobody's who asked for m.onnx.
TEST(Train, DoesNotSaveTheBestEpochAndTheLastInOneFile) {
  const DigitsFolder digits(100, 20);
  const QString out = digits.path("m.onnx");
  ASSERT_TRUE(QFile::link("m.onnx", digits.path("m.best.onnx")));
  const clitest::Outcome refused = run({"train", "tiny", "--data", digits.path(), "--epochs", "1", "--out", out});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, testing::HasSubstr("a link to the same file"));
  EXPECT_FALSE(QFile::exists(out));
}

TEST(Train, WritesOverNothingInSilence) {
  const DigitsFolder digits(100, 20);
  const QString out = digits.path("m.onnx"), best = digits.path("m.best.onnx");
  const QStringList words{"train", "tiny", "--data", digits.path(), "--epochs", "1", "--out", out, "--json"};
  QByteArray foreign = [&] {
    io::saveOnnx(best, *io::loadModel("harley").network, io::loadModel("harley").parameters);
    return io::readFile(best, 1 << 20);
  }();
  ASSERT_TRUE(foreign.contains("ConvScope"));
  foreign.replace("ConvScope", "elsewhere");
  for (const QByteArray& content : {foreign, QByteArray("my notes")}) {
    io::writeFile(best, content);
    const clitest::Outcome refused = run(words);
    EXPECT_EQ(refused.status, 1);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr("m.best.onnx: the best epoch would be saved over a file that ConvScope has not written"));
    EXPECT_EQ(refused.err.find("epoch 1/1"), std::string::npos) << "before the work begins";
    EXPECT_EQ(io::readFile(best, 1 << 20), content);
  }
  io::writeFile(best, "");
  EXPECT_EQ(run(words).json()["notes"].toArray(), QJsonArray()) << "an empty file is nobody's work";
  EXPECT_EQ(run(words).json()["notes"].toArray(), QJsonArray{QString("%1 and %2 are there already, and written over").arg(out, best)});
}

TEST(Train, TwoAtOnceDoNotWriteTheSameFile) {
  const DigitsFolder digits(100, 20);
  const QStringList words{"train", "softmax", "--data", digits.path(), "--epochs", "1"};
  for (const char* option : {"--out", "--checkpoint"}) {
    const QString file = digits.path("m.onnx");
    {
      const io::Claim claim(file);
      const clitest::Outcome outcome = run(words + QStringList{option, file});
      EXPECT_EQ(outcome.status, 1);
      EXPECT_THAT(outcome.err, HasSubstr("m.onnx: it is being written by another program at this moment"));
      EXPECT_FALSE(QFile::exists(file));
    }
    EXPECT_EQ(run(words + QStringList{option, file}).status, 0);
    EXPECT_EQ(QDir(digits.path()).entryList({".*"}, QDir::Files | QDir::Hidden), QStringList());
    ASSERT_TRUE(QFile::remove(file));
  }
}

TEST(Train, ACheckpointAloneThatFindsNoPlaceIsSavedInAnother) {
  const DigitsFolder digits(300, 50);
  QDir folder(digits.path("gone"));
  for (const bool interrupted : {false, true}) {
    const OtherPlaces other;
    ASSERT_TRUE(folder.mkpath("."));
    const QString path = folder.filePath("run.checkpoint");
    const clitest::Outcome outcome =
        runActing({"train", "softmax", "--data", digits.path(), "--epochs", interrupted ? "50" : "3", "--checkpoint", path, "--json"},
                  interrupted ? "epoch 2/50" : "epoch 2/3", [&] {
                    folder.removeRecursively();
                    if (interrupted) std::raise(SIGINT);
                  });
    EXPECT_EQ(outcome.status, 1);
    const QJsonObject object = outcome.json();
    EXPECT_EQ(object["ended"].toString(), "failed");
    EXPECT_FALSE(object.contains("checkpoint"));
    EXPECT_THAT(object["error"].toString().toStdString(), HasSubstr(path.toStdString() + ": it cannot be written"));
    const QString kept = object["checkpoint_instead"].toString();
    EXPECT_TRUE(kept.startsWith(other.state()) && kept.endsWith("/run.checkpoint")) << kept.toStdString();
    EXPECT_TRUE(object["notes"].toArray().contains("the checkpoint is saved in another place instead: " + kept)) << outcome.out;
    if (interrupted) {
      EXPECT_THAT(outcome.err, HasSubstr("--resume " + kept.toStdString() + " goes on from here"));
    }
    const QString more = interrupted ? "50" : "4";
    const clitest::Outcome resumed = run({"train", "--resume", kept, "--epochs", more, "--json"});
    EXPECT_EQ(resumed.json()["epochs_done"].toInt(), more.toInt()) << resumed.err;
  }
}

TEST(Train, ACheckpointThatIsLostIsSaidInTheObject) {
  const DigitsFolder digits(60, 20);
  const OtherPlaces other;
  clitest::Outcome outcome;
  {
    const FileSizeLimit limit(12);
    outcome = run({"train", "tiny", "--data", digits.path(), "--epochs", "1", "--checkpoint", digits.path("c"), "--json"});
  }
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.json()["ended"].toString(), "failed");
  EXPECT_THAT(outcome.json()["error"].toString().toStdString(), HasSubstr("saving failed"));
  EXPECT_THAT(outcome.err, HasSubstr("the checkpoint is lost, since no other place takes it either"));
}

// What diverges leaves the model that it went on from, and the best before.
TEST(GoingOn, ADivergenceLeavesWhatWasThere) {
  const DigitsFolder digits(100, 20);
  const QString out = digits.path("m.onnx"), best = digits.path("m.best.onnx");
  ASSERT_EQ(run({"train", "mlp", "--data", digits.path(), "--epochs", "2", "--out", out}).status, 0);
  const QByteArray model = io::readFile(out, 1 << 24), held = io::readFile(best, 1 << 24);
  const clitest::Outcome outcome =
      run({"train", out, "--data", digits.path(), "--epochs", "3", "--optimizer", "sgd", "--learning-rate", "1e6", "--out", out, "--json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("no epoch was better than what there was before, which is in " + best.toStdString()));
  EXPECT_FALSE(outcome.json().contains("out"));
  EXPECT_EQ(io::readFile(out, 1 << 24), model);
  EXPECT_EQ(io::readFile(best, 1 << 24), held);
}

QStringList filesBelow(const QString& folder) {
  QStringList files;
  for (QDirIterator all(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); all.hasNext();) files << all.next();
  return files;
}

TEST(Train, WhatFindsNoPlaceUnderItsNameIsSavedInAnother) {
  const DigitsFolder digits(600, 50);
  const QString whole = digits.path("m.onnx"), best = digits.path("m.best.onnx");
  ASSERT_EQ(run(clitest::wildTraining(digits, whole)).status, 0);
  QDir folder(digits.path("gone"));
  for (const bool hasState : {true, false}) {
    const OtherPlaces other;
    if (!hasState) io::writeFile(other.state(), "a file where the folder would be made");
    ASSERT_TRUE(folder.mkpath("."));
    const clitest::Outcome outcome =
        runActing(clitest::wildTraining(digits, folder.filePath("m.onnx")), "epoch 12/12", [&] { folder.removeRecursively(); });
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("the folder does not exist"));
    EXPECT_THAT(outcome.err, testing::Not(HasSubstr("saved all the same")));
    const QJsonObject object = outcome.json();
    EXPECT_EQ(object["ended"].toString(), "failed");
    EXPECT_FALSE(object.contains("out") || object.contains("best_out"));
    const QString kept = object["out_instead"].toString(), keptBest = object["best_out_instead"].toString();
    EXPECT_THAT(outcome.err, HasSubstr("saved in another place instead: " + kept.toStdString()));
    EXPECT_TRUE(kept.startsWith(hasState ? other.state() : other.temporary())) << kept.toStdString();
    EXPECT_TRUE(kept.endsWith("/m.onnx") && keptBest.endsWith("/m.best.onnx")) << keptBest.toStdString();
    EXPECT_EQ(weightsIn(kept), weightsIn(whole));
    EXPECT_EQ(weightsIn(keptBest), weightsIn(best));
  }
}

// Whatever lies in its way for a while: a folder under its name here, a full disk elsewhere.
TEST(Train, TheBestEpochIsTriedAgainUntilItIsSaved) {
  const DigitsFolder digits(600, 50);
  const QString whole = digits.path("whole.onnx"), out = digits.path("m.onnx"), best = digits.path("m.best.onnx");
  const clitest::Outcome undisturbed = run(clitest::wildTraining(digits, whole));
  ASSERT_EQ(undisturbed.status, 0) << undisturbed.err;
  const int number = undisturbed.json()["best_epoch"].toInt();
  ASSERT_LT(number, 11) << "choose a rate with which there are epochs behind the best";
  const std::vector<float> weights = weightsIn(digits.path("whole.best.onnx"));
  ASSERT_EQ(run({"train", "tiny", "--data", digits.path(), "--epochs", "1", "--out", out}).status, 0) << "another run's best is there";
  const auto block = [&] { EXPECT_TRUE(QFile::remove(best) && QDir().mkpath(best)); };
  const auto clear = [&] { EXPECT_TRUE(QDir().rmdir(best)); };
  for (const std::string& until : {"epoch " + std::to_string(number + 1) + "/12", std::string("epoch 12/12")}) {
    const clitest::Outcome outcome = runActing(clitest::wildTraining(digits, out), {{"training softmax", block}, {until, clear}});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("the best epoch is not saved"));
    EXPECT_EQ(outcome.json()["best_out"].toString(), best);
    EXPECT_FALSE(outcome.json().contains("best_out_instead"));
    EXPECT_EQ(weightsIn(best), weights);
  }
  const OtherPlaces other;
  const clitest::Outcome elsewhere = runActing(clitest::wildTraining(digits, out), "training softmax", block);
  EXPECT_EQ(elsewhere.status, 1) << "nothing of this run is under the name where it is looked for";
  const QJsonObject object = elsewhere.json();
  EXPECT_EQ(object["ended"].toString(), "failed");
  EXPECT_THAT(object["error"].toString().toStdString(), HasSubstr("this is a folder"));
  EXPECT_EQ(object["out"].toString(), out);
  EXPECT_FALSE(object.contains("best_out"));
  const QString kept = object["best_out_instead"].toString();
  EXPECT_TRUE(kept.startsWith(other.state()) && kept.endsWith("/m.best.onnx")) << kept.toStdString();
  EXPECT_EQ(weightsIn(kept), weights);
  EXPECT_EQ(weightsIn(out), weightsIn(whole));
  clear();
}

TEST(Train, WhereNoPlaceIsLeftThatIsSaidAndNothingStays) {
  const DigitsFolder digits(60, 20);
  const OtherPlaces other;
  const QString out = digits.path("m.onnx");
  clitest::Outcome outcome;
  {
    const FileSizeLimit limit(12);
    outcome = run({"train", "tiny", "--data", digits.path(), "--epochs", "1", "--out", out, "--json"});
  }
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("no other place takes it either"));
  EXPECT_FALSE(outcome.json().contains("out_instead"));
  EXPECT_FALSE(QDir(other.state()).exists());
  EXPECT_EQ(QDir(other.temporary()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList());
}

// A training that is ended just then, too.
TEST(Train, AnInterruptedOneIsSavedInAnotherPlace) {
  const DigitsFolder digits(60, 20);
  const OtherPlaces other;
  QDir folder(digits.path("gone"));
  ASSERT_TRUE(folder.mkpath("."));
  const clitest::Outcome outcome = runActing(
      {"train", "tiny", "--data", digits.path(), "--epochs", "50", "--out", folder.filePath("m.onnx"), "--json"}, "epoch 2/50", [&] {
        folder.removeRecursively();
        std::raise(SIGTERM);
      });
  EXPECT_EQ(outcome.status, 1) << "it is not saved where it was asked for";
  const QStringList kept = filesBelow(other.state());
  ASSERT_FALSE(kept.isEmpty());
  EXPECT_TRUE(kept.contains(outcome.json()["out_instead"].toString()));
}

}  // namespace
