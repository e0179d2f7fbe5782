// A training that ends early, and what is left of it.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <unistd.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>

#include "cli/CommandRun.h"
#include "cli/Interruption.h"
#include "cli/OnTerminal.h"
#include "io/Files.h"
#include "io/Model.h"
#include "support/FakeFfmpeg.h"

namespace {

using clitest::DigitsFolder;
using clitest::run;
using clitest::runActing;
using testing::HasSubstr;

clitest::Outcome runWithSignal(const QStringList& words, const std::string& when, int signal) {
  return runActing(words, when, [signal] { std::raise(signal); });
}

TEST(Interrupt, SavesWhatThereIsAtTheFirstSignal) {
  const DigitsFolder digits(300, 50);
  for (const auto& [signal, status, name] :
       {std::tuple(SIGINT, 130, "SIGINT"), std::tuple(SIGTERM, 143, "SIGTERM"), std::tuple(SIGHUP, 129, "SIGHUP"),
        std::tuple(SIGXCPU, 128 + SIGXCPU, "SIGXCPU"), std::tuple(SIGRTMIN + 3, 128 + SIGRTMIN + 3, "SIGRTMIN+3")}) {
    SCOPED_TRACE(name);
    const QString out = digits.path(QString(name) + ".onnx"), best = digits.path(QString(name) + ".best.onnx");
    const clitest::Outcome outcome =
        runWithSignal({"train", "softmax", "--data", digits.path(), "--epochs", "50", "--out", out, "--json"}, "epoch 2/50", signal);
    EXPECT_EQ(outcome.status, status);
    EXPECT_THAT(outcome.err, HasSubstr("interrupted (" + std::string(name) + ") after 2 of 50 epochs"));
    EXPECT_THAT(outcome.err, HasSubstr("saved what there is as " + out.toStdString()));
    const QJsonObject object = outcome.json();
    EXPECT_EQ(object["ended"].toString(), "interrupted");
    EXPECT_EQ(object["signal"].toString(), name);
    EXPECT_EQ(object["epochs_done"].toInt(), 2);
    EXPECT_EQ(object["out"].toString(), out);
    EXPECT_EQ(object["best_out"].toString(), best);
    EXPECT_TRUE(object["test_accuracy"].isNull());
    // The same run, asked for no longer.
    const QString whole = digits.path("whole.onnx");
    ASSERT_EQ(run({"train", "softmax", "--data", digits.path(), "--epochs", "2", "--out", whole}).status, 0);
    EXPECT_EQ(io::loadOnnx(out).parameters, io::loadOnnx(whole).parameters);
  }
}

TEST(Interrupt, WithoutOutItSaysThatNothingIsSaved) {
  const DigitsFolder digits(300, 50);
  const clitest::Outcome outcome =
      runWithSignal({"train", "softmax", "--data", digits.path(), "--epochs", "50", "--json"}, "epoch 1/50", SIGINT);
  EXPECT_EQ(outcome.status, 130);
  EXPECT_THAT(outcome.err, HasSubstr("note: without --out, nothing of it is saved"));
  EXPECT_EQ(outcome.json()["notes"].toArray(), QJsonArray{"without --out, nothing of it is saved"});
  EXPECT_THAT(outcome.err, HasSubstr("nothing is saved without --out"));
  const QString out = digits.path("m.onnx");
  const clitest::Outcome early =
      runWithSignal({"train", "softmax", "--data", digits.path(), "--epochs", "50", "--out", out}, "validation", SIGINT);
  EXPECT_EQ(early.status, 130);
  EXPECT_THAT(early.err, HasSubstr("nothing is saved: no step had ended"));
  EXPECT_FALSE(QFile::exists(out));
}

TEST(Interrupt, ASecondCtrlCEndsAtOnceOtherSignalsDoNot) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto twice = [](int first, int second) {
    const cli::Interruption interruption("Once more ends at once");
    std::raise(first);
    if (interruption.signal() != first) std::_Exit(1);
    std::raise(second);
    std::_Exit(interruption.signal() == first ? 77 : 1);
  };
  EXPECT_EXIT(twice(SIGINT, SIGINT), testing::KilledBySignal(SIGINT), "Once more ends at once");
  EXPECT_EXIT(twice(SIGTERM, SIGINT), testing::KilledBySignal(SIGINT), "");
  EXPECT_EXIT(twice(SIGUSR1, SIGQUIT), testing::KilledBySignal(SIGQUIT), "Once more ends at once");
  EXPECT_EXIT(twice(SIGXCPU, SIGXCPU), testing::ExitedWithCode(77), "") << "it comes every second";
  EXPECT_EXIT(twice(SIGHUP, SIGHUP), testing::ExitedWithCode(77), "");
  EXPECT_EXIT(twice(SIGTERM, SIGHUP), testing::ExitedWithCode(77), "");
  EXPECT_EXIT(twice(SIGINT, SIGPIPE), testing::ExitedWithCode(77), "") << "Ctrl+C has ended the reader as well";
}

// Whatever signals there are: each that ends a program and can be caught is noted, but for those of faults in the program itself.
TEST(Interrupt, EverySignalThatEndsAProgramIsNoted) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::set<int> faults{SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP, SIGXFSZ, SIGKILL, SIGSTOP};
  const std::set<int> harmless{SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGTSTP, SIGTTIN, SIGTTOU};
  const auto asked = [](int signal) {
    const cli::Interruption interruption;
    std::raise(signal);
    std::_Exit(interruption.signal() == signal ? 77 : 1);
  };
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    if (faults.contains(signal) || harmless.contains(signal) || (signal > 31 && signal < SIGRTMIN)) continue;
    const std::string name = cli::Interruption::nameOf(signal);
    const std::vector<int> noted = cli::Interruption::endingSignals();
    EXPECT_EQ(std::count(noted.begin(), noted.end(), signal), 1) << name;
    EXPECT_EQ(name.rfind("SIG", 0), 0u) << name;
  }
  for (const int signal : {SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU, SIGVTALRM, SIGPWR, SIGRTMAX})
    EXPECT_EXIT(asked(signal), testing::ExitedWithCode(77), "") << cli::Interruption::nameOf(signal);
}

TEST(Interrupt, SignalsMeanAfterwardsWhatTheyMeantBefore) {
  const auto before = std::signal(SIGHUP, SIG_IGN);
  {
    const cli::Interruption interruption;
    std::raise(SIGHUP);
    EXPECT_EQ(interruption.signal(), 0) << "nohup asked for it to be ignored";
    std::raise(SIGTERM);
    EXPECT_EQ(interruption.signal(), SIGTERM);
  }
  EXPECT_EQ(std::signal(SIGHUP, before), SIG_IGN);
  const auto term = std::signal(SIGTERM, SIG_DFL);
  EXPECT_EQ(term, SIG_DFL);
  EXPECT_EQ(cli::Interruption().signal(), 0);
}

// As the rate rises, the decay of the weights overshoots, and the numbers grow out of range after some epochs.
TEST(Train, ADivergenceSavesTheBestEpochBefore) {
  const DigitsFolder digits(300, 50);
  const QString out = digits.path("m.onnx");
  const clitest::Outcome outcome = run({"train", "softmax", "--data", digits.path(), "--epochs", "50", "--optimizer", "sgd",
                                        "--learning-rate", "10", "--warm-up", "20", "--weight-decay", "1", "--out", out, "--json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("the training diverged in epoch"));
  EXPECT_THAT(outcome.err, HasSubstr("the best so far (validation "));
  const QJsonObject object = outcome.json();
  EXPECT_EQ(object["ended"].toString(), "failed");
  EXPECT_GE(object["best_epoch"].toInt(), 1);
  EXPECT_EQ(object["out"].toString(), out);
  EXPECT_EQ(io::loadOnnx(out).parameters, io::loadOnnx(digits.path("m.best.onnx")).parameters);
}

// Without --out it is all that is left, wherever there is room for it.
TEST(Train, ADivergenceLeavesACheckpointOfTheLastWholeEpoch) {
  const DigitsFolder digits(300, 50);
  QDir folder(digits.path("gone"));
  for (const bool vanishes : {false, true}) {
    const clitest::OtherPlaces other;
    ASSERT_TRUE(folder.mkpath("."));
    const QString path = folder.filePath("c");
    const clitest::Outcome outcome =
        runActing({"train", "softmax", "--data", digits.path(), "--epochs", "50", "--optimizer", "sgd", "--learning-rate", "10",
                   "--warm-up", "20", "--weight-decay", "1", "--checkpoint", path, "--checkpoint-every", "100", "--json"},
                  "epoch 1/50", [&] { vanishes ? folder.removeRecursively() : true; });
    EXPECT_EQ(outcome.status, 1);
    const QJsonObject object = outcome.json();
    const QString kept = object[vanishes ? "checkpoint_instead" : "checkpoint"].toString(),
                  done = QString::number(object["epochs_done"].toInt());
    EXPECT_TRUE(vanishes ? kept.startsWith(other.state()) : kept == path) << outcome.out;
    EXPECT_GT(done.toInt(), 0);
    EXPECT_THAT(object["error"].toString().toStdString(), HasSubstr("the training diverged in epoch"));
    EXPECT_THAT(outcome.err, HasSubstr(("the checkpoint " + kept + " holds the state after epoch " + done +
                                        ", the last whole one: --resume " + kept + " with a smaller --learning-rate goes on from there")
                                           .toStdString()));
    const QString more = QString::number(done.toInt() + 1);
    const clitest::Outcome resumed = run({"train", "--resume", kept, "--epochs", more, "--learning-rate", "0.01", "--json"});
    EXPECT_EQ(resumed.status, 0) << resumed.err;
    EXPECT_EQ(resumed.json()["epochs_done"].toInt(), more.toInt());
  }
  const QString early = digits.path("early");
  const clitest::Outcome outcome = run(
      {"train", "mlp", "--data", digits.path(), "--optimizer", "sgd", "--epochs", "3", "--learning-rate", "1e6", "--checkpoint", early});
  EXPECT_THAT(outcome.err, HasSubstr("early holds the state before the first step, since no epoch had ended"));
  EXPECT_EQ(run({"train", "--resume", early, "--learning-rate", "0.01"}).status, 0);
}

// The right answers of such an epoch are chance.
TEST(Train, AnEpochWhoseLossIsOutOfRangeIsNeverTheBest) {
  const DigitsFolder digits(120, 20);
  const QString out = digits.path("m.onnx");
  const clitest::Outcome outcome = run({"train", "softmax", "--data", digits.path(), "--epochs", "2", "--optimizer", "sgd",
                                        "--learning-rate", "1e6", "--out", out, "--json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("the training diverged in its 4 steps"));
  EXPECT_THAT(outcome.err, HasSubstr("nothing is saved: no epoch ended with its loss in range"));
  const QJsonObject object = outcome.json();
  EXPECT_EQ(object["epochs_done"].toInt(), 2);
  EXPECT_FALSE(object.contains("out") || object.contains("best_out") || object.contains("best_epoch"));
  EXPECT_FALSE(QFile::exists(out) || QFile::exists(digits.path("m.best.onnx")));
}

TEST(Train, EveryTrainingThatBeganEndsInOneObject) {
  const DigitsFolder digits(300, 50);
  const QStringList wild{"train",    "mlp", "--data",          digits.path(), "--optimizer", "sgd",
                         "--epochs", "3",   "--learning-rate", "1e6",         "--json"};
  for (const QStringList& words : {wild, wild + QStringList{"--out", digits.path("m.onnx")}}) {
    const clitest::Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("diverged in epoch 1"));
    const QJsonObject object = outcome.json();
    EXPECT_EQ(object["ended"].toString(), "failed");
    EXPECT_EQ(object["epochs_done"].toInt(-1), 0);
    EXPECT_FALSE(object.contains("out"));
  }
}

// Its numbers are finite, and it ends in order.
TEST(Train, WhatEndsAtChanceIsToldAsSuch) {
  const DigitsFolder digits(600, 200);
  const auto notes = [&](const char* epochs, const char* rate) {
    const clitest::Outcome outcome = run({"train", "tiny", "--data", digits.path(), "--epochs", epochs, "--optimizer", "sgd",
                                          "--learning-rate", rate, "--out", digits.path(QString(epochs) + rate + ".onnx"), "--json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    std::string all;
    for (const auto& note : outcome.json()["notes"].toArray()) all += note.toString().toStdString();
    return all;
  };
  const std::string told = notes("12", "10");
  EXPECT_THAT(told, HasSubstr("the network ended no better than chance: on the test images its answers are right no more often than if it "
                              "always answered "));
  EXPECT_THAT(told, HasSubstr(", and all of them are the same, whatever it is shown. Try a smaller --learning-rate"));
  EXPECT_EQ(notes("12", "0.1"), "");
  EXPECT_EQ(notes("2", "10"), "") << "after a few steps nothing can be expected";
}

TEST(Train, KeepsTheBestEpochBesideTheLast) {
  const DigitsFolder digits(600, 50);
  const QString out = digits.path("m.onnx");
  const clitest::Outcome outcome = run(clitest::wildTraining(digits, out));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const QJsonObject object = outcome.json();
  static const QRegularExpression line("epoch (\\d+)/12: .* validation ([0-9.]+) % \\(loss ([0-9.]+)\\)");
  int best = 0, epochs = 0;
  double accuracy = -1, loss = 0;
  for (auto lines = line.globalMatch(QString::fromStdString(outcome.err)); lines.hasNext(); ++epochs) {
    const QRegularExpressionMatch match = lines.next();
    const double a = match.captured(2).toDouble(), l = match.captured(3).toDouble();
    if (a > accuracy || (a == accuracy && l < loss)) best = match.captured(1).toInt(), accuracy = a, loss = l;
  }
  EXPECT_EQ(epochs, 12);
  EXPECT_EQ(object["best_epoch"].toInt(), best) << outcome.err;
  EXPECT_NEAR(object["best_validation_accuracy"].toDouble() * 100, accuracy, 0.006);
  ASSERT_LT(best, 12) << "choose a rate with which the last epoch is not the best";
  const std::vector<float> kept = io::loadOnnx(digits.path("m.best.onnx")).parameters;
  EXPECT_NE(kept, io::loadOnnx(out).parameters);
  const QString shorter = digits.path("shorter.onnx");
  QStringList words = clitest::wildTraining(digits, shorter);
  words[words.indexOf("--epochs") + 1] = QString::number(best);
  ASSERT_EQ(run(words).status, 0);
  EXPECT_EQ(kept, io::loadOnnx(shorter).parameters) << "the epoch that it says it is";
}

TEST(Train, NeverPutsTheBestEpochOverTheModelThatItGoesOnFrom) {
  const DigitsFolder digits(100, 20);
  const QString start = digits.path("m.best.onnx");
  ASSERT_EQ(run({"train", "tiny", "--data", digits.path(), "--epochs", "1", "--out", digits.path("m.onnx")}).status, 0);
  const QByteArray before = io::readFile(start, 1 << 20);
  const clitest::Outcome outcome = run({"train", start, "--data", digits.path(), "--epochs", "1", "--out", digits.path("m.onnx")});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("Choose another name for --out"));
  EXPECT_EQ(io::readFile(start, 1 << 20), before);
}

TEST(Film, ASignalEndsItWithNothingLeft) {
  const FakeFfmpeg ffmpeg("kill -INT $PPID\ncat > \"$last\"\n");
  const QTemporaryDir folder;
  const clitest::Outcome outcome =
      run({"render", "harley", "--digit", "3", "--size", "64x64", "--view", "flat", "--out", folder.filePath("a.mp4")});
  EXPECT_EQ(outcome.status, 130);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList());
}

// Whether it hangs in the pictures or when they are over.
TEST(Film, ASignalEndsAnFfmpegThatHangs) {
  for (const char* script : {"kill -TERM $PPID\nexec sleep 1000\n", "cat > \"$last\"\nkill -TERM $PPID\nsleep 1000\n"}) {
    const FakeFfmpeg ffmpeg(script);
    const QTemporaryDir folder;
    QElapsedTimer timer;
    timer.start();
    const clitest::Outcome outcome =
        run({"render", "harley", "--digit", "3", "--size", "64x64", "--view", "flat", "--out", folder.filePath("a.mp4")});
    EXPECT_EQ(outcome.status, 143) << script;
    EXPECT_LT(timer.elapsed(), 50000) << "it waits for no timeout";
    EXPECT_EQ(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList());
  }
}

// The program itself, on a terminal, in the middle of an epoch of seconds.
TEST(Program, CtrlCInTheMiddleOfAnEpochLeavesAValidModel) {
  const DigitsFolder digits(6000, 50);
  const QString out = digits.path("m.onnx");
  // " %, loss": how far it is, so that steps have been made.
  const auto [status, said, text, object] = clitest::runOnTerminal(
      {"train", "harley", "--data", digits.path(), "--epochs", "50", "--batch-size", "1", "--threads", "1", "--out", out, "--json"},
      " %, loss", SIGINT, "saved what there is as");
  EXPECT_EQ(status, 130);
  EXPECT_THAT(said, HasSubstr("Ctrl+C again, ends at once"));
  EXPECT_THAT(said, HasSubstr("interrupted (SIGINT) after 0 of 50 epochs")) << "it does not wait for the epoch's end";
  EXPECT_EQ(object["ended"].toString(), "interrupted");
  EXPECT_EQ(object["out"].toString(), out);
  const io::Model model = io::loadOnnx(out);
  EXPECT_NE(model.parameters, model.network->initialParameters(1));
  EXPECT_EQ(QDir(digits.path()).entryList(QDir::Files | QDir::Hidden).filter("onnx"), QStringList{"m.onnx"});
}

// The weights have learned on since that epoch was measured.
TEST(Program, FiguresOfAnEpochBeforeTheInterruptionAreToldAsSuch) {
  const DigitsFolder digits(3000, 50);
  const QStringList words{"train",        "harley", "--data",    digits.path(), "--epochs", "50",
                          "--batch-size", "1",      "--threads", "1",           "--out",    digits.path("m.onnx")};
  const auto text = clitest::runOnTerminal(words, "epoch 2/50: ", SIGINT, "saved what there is as");
  EXPECT_EQ(text.status, 130);
  EXPECT_THAT(text.out, testing::ContainsRegex("validation accuracy +[0-9.]+ % \\(at the end of epoch 1, without the steps since\\)"));
  EXPECT_THAT(text.out, testing::ContainsRegex("training loss +[0-9.]+ \\(of the first [0-9]+ of 2700 images of epoch 2\\)"));
  const auto json = clitest::runOnTerminal(words + QStringList{"--json"}, "epoch 2/50: ", SIGINT, "saved what there is as");
  EXPECT_EQ(json.object["epochs_done"].toInt(), 1);
  EXPECT_EQ(json.object["validation_epoch"].toInt(), 1);
  EXPECT_EQ(json.object["train_epoch"].toInt(), 2);
  EXPECT_GT(json.object["train_images"].toInt(), 0);
  EXPECT_LT(json.object["train_images"].toInt(), 2700);
  EXPECT_TRUE(json.object["validation_accuracy"].isDouble());
}

TEST(Train, NothingToTrainIsToldBeforeItBegins) {
  const DigitsFolder digits(60, 20);
  const auto frozen = [&](const char* layers) {
    return run({"train", "softmax", "--data", digits.path(), "--epochs", "1", "--freeze", layers});
  };
  EXPECT_EQ(frozen("output").status, 1);
  EXPECT_NE(frozen("output").err.find("all weights are frozen"), std::string::npos);
  EXPECT_NE(frozen("softmax").err.find("--freeze has no effect on softmax"), std::string::npos);
}

}  // namespace
