// The program itself as a process, with displays of every kind and none, and files that need more than a command's own means.
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QProcess>

#include "cli/CommandRun.h"

namespace {

struct ProcessOutcome {
  int status = -1;
  QByteArray out, err;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

using Variables = std::vector<std::pair<const char*, const char*>>;

// With no display, but for the variables given.
ProcessOutcome runProgram(const QStringList& words, const Variables& variables = {}) {
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE"}) environment.remove(name);
  for (const auto& [name, value] : variables) environment.insert(name, value);
  process.setProcessEnvironment(environment);
  process.start(QString(CONVSCOPE_BINARY_DIR) + "/convscope", words);
  EXPECT_TRUE(process.waitForFinished(60000));
  EXPECT_EQ(process.exitStatus(), QProcess::NormalExit) << words.join(' ').toStdString();
  return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

// Those that Qt would meet with abort().
const Variables kUnusable[] = {{},
                               {{"DISPLAY", ":9876"}},
                               {{"DISPLAY", "no such display"}},
                               {{"QT_QPA_PLATFORM", "no-such-plugin"}},
                               {{"QT_QPA_PLATFORM", "xcb"}},
                               {{"WAYLAND_DISPLAY", "no-such-socket"}},
                               {{"WAYLAND_DISPLAY", "no-such-socket"}, {"QT_QPA_PLATFORM", "wayland"}}};

TEST(Program, RunsCommandsWithoutADisplay) {
  const ProcessOutcome described = runProgram({"describe", "harley", "--json"});
  EXPECT_EQ(described.status, 0) << described.err.toStdString();
  EXPECT_EQ(QJsonDocument::fromJson(described.out).object().value("layers").toArray().size(), 9);
  EXPECT_EQ(runProgram({"describe", "harvey"}).status, 1);
  EXPECT_EQ(runProgram({"train"}).status, 2);
}

TEST(Program, DrawsWhateverTheDisplayIs) {
  const QTemporaryDir folder;
  for (const Variables& variables : kUnusable) {
    const QString path = folder.filePath("x.png");
    const ProcessOutcome rendered =
        runProgram({"render", "harley", "--digit", "7", "--size", "400x300", "--out", path, "--json"}, variables);
    EXPECT_EQ(rendered.status, 0) << rendered.err.toStdString();
    EXPECT_EQ(QJsonDocument::fromJson(rendered.out).object().value("width").toInt(), 400);
    // What is wrong is the display, not what it can do.
    const QString note = QJsonDocument::fromJson(rendered.out).object().value("note").toString();
    EXPECT_FALSE(note.contains("OpenGL")) << note.toStdString();
    const QString why = variables.empty()      ? "drawn by the CPU, since there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set"
                        : variables.size() > 1 ? "drawn by the CPU, since QT_QPA_PLATFORM=wayland cannot be used"
                                               : QString("%1 cannot be used").arg(variables.front().second);
    EXPECT_TRUE(note.contains(why)) << note.toStdString();
    EXPECT_TRUE(QFile::remove(path));
  }
}

TEST(Program, WithoutADisplayTheWindowSaysSoInOneSentence) {
  const QTemporaryDir folder;
  for (const Variables& variables : kUnusable) {
    for (const QStringList& words : {QStringList{}, QStringList{"tour", "--out", folder.path()}}) {
      const ProcessOutcome opened = runProgram(words, variables);
      EXPECT_EQ(opened.status, 1);
      EXPECT_EQ(opened.err.count('\n'), 1) << opened.err.toStdString();
      EXPECT_TRUE(opened.err.startsWith("convscope: no window can open, since ")) << opened.err.toStdString();
      for (const auto& [name, value] : variables)
        EXPECT_TRUE(opened.err.contains(value) || variables.size() > 1) << opened.err.toStdString();
    }
    EXPECT_EQ(runProgram({"tour", "--help"}, variables).status, 0);
    EXPECT_EQ(runProgram({"--help"}, variables).status, 0);
    EXPECT_EQ(runProgram({"render", "--help"}, variables).status, 0);
  }
}

TEST(Program, WrongWordsAreToldBeforeADisplayIsLookedFor) {
  const QTemporaryDir folder;
  const auto told = [](const QStringList& words) {
    const ProcessOutcome outcome = runProgram(words);
    EXPECT_EQ(outcome.status, 2) << words.join(' ').toStdString();
    return outcome.err.toStdString();
  };
  EXPECT_NE(told({"predct", "x.png"}).find("did you mean predict?"), std::string::npos);
  EXPECT_NE(told({"--sizes"}).find("--sizes"), std::string::npos);
  EXPECT_NE(told({folder.path(), "second"}).find("second"), std::string::npos);
  EXPECT_NE(told({"tour"}).find("--out is missing"), std::string::npos);
  EXPECT_NE(told({"tour", "--out", folder.path(), "slowly"}).find("one word too many: 'slowly'"), std::string::npos);
  EXPECT_NE(told({"tour", "--out", folder.path(), "--theme", "pink"}).find("'pink'"), std::string::npos);
  EXPECT_NE(told({"tour", "--out", folder.path(), "--size", "10x10"}).find("'10x10'"), std::string::npos);
  EXPECT_NE(told({"tour", "--out", folder.path(), "--them", "dark"}).find("did you mean --theme?"), std::string::npos);
  EXPECT_EQ(runProgram({"help", "tour"}).status, 0);
}

TEST(Program, MeetsAWordThatOpensNothingWithTheNearestName) {
  for (const auto& [word, nearest] : {std::pair("resnet51", "resnet50"), std::pair("lenet", "lenet5"), std::pair("descrbe", "describe")}) {
    const ProcessOutcome outcome = runProgram({word});
    EXPECT_EQ(outcome.status, 2) << word;
    EXPECT_TRUE(outcome.err.contains(QByteArray("did you mean ") + nearest)) << outcome.err.toStdString();
    EXPECT_EQ(outcome.err.count('\n'), 2) << outcome.err.toStdString();
  }
}

TEST(Program, AnEmptyNameIsToldAsOne) {
  const ProcessOutcome outcome = runProgram({""});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_TRUE(outcome.err.startsWith("convscope: the name of what is to be opened is empty\n")) << outcome.err.toStdString();
}

struct Limited {
  bool inTime = false;
  int code = -1;  // that of a shell: more than 128 for a signal
  std::string err;
};

// Under a limit on its memory, with no display.
Limited runLimited(int kilobytes, const QStringList& words) {
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) environment.remove(name);
  process.setProcessEnvironment(environment);
  const QString command = QString("ulimit -c 0; ulimit -v %1 && exec \"$@\"").arg(kilobytes);
  process.start("/bin/sh", QStringList{"-c", command, "sh", QString(CONVSCOPE_BINARY_DIR) + "/convscope"} + words);
  Limited ended;
  ended.inTime = process.waitForFinished(10000);
  ended.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : 128 + process.exitCode();
  ended.err = process.readAllStandardError().toStdString();
  return ended;
}

// Under a limit on its memory it answers, or says in a sentence what it lacks: it waits for no thread that never starts, and does not crash
// as it ends.
TEST(Program, WithLittleMemoryNeitherHangsNorCrashes) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer takes more memory than any limit leaves";
  const clitest::DigitsFolder digits(60, 20);
  QImage picture(700, 500, QImage::Format_RGB32);  // large enough to be scaled by several threads
  picture.fill(Qt::white);
  for (int x = 300; x < 400; ++x)
    for (int y = 100; y < 400; ++y) picture.setPixel(x, y, 0);
  const QString image = digits.path("one.png");
  ASSERT_TRUE(picture.save(image));
  const QStringList commands[] = {{"--help"},
                                  {"describe", "harley"},
                                  {"predict", "harley", image},
                                  {"train", "tiny", "--data", digits.path(), "--epochs", "1"},
                                  {"render", "harley", "--digit", "3", "--size", "400x300", "--out", digits.path("x.png")}};
  // Below this the system's loader and the libraries end it before its first line.
  int enoughToStart = 60000;
  while (runLimited(enoughToStart, {"--help"}).code != 0) ASSERT_LT(enoughToStart += 2000, 400000);
  for (int kilobytes = enoughToStart; kilobytes <= 400000; kilobytes += kilobytes < enoughToStart + 60000 ? 6000 : 60000) {
    for (const QStringList& words : commands) {
      SCOPED_TRACE(std::to_string(kilobytes) + " " + words.join(' ').toStdString());
      const Limited ended = runLimited(kilobytes, words);
      ASSERT_TRUE(ended.inTime) << "it hangs";
      EXPECT_TRUE(ended.code == 0 || ended.code == 1) << ended.code << " " << ended.err;
      EXPECT_TRUE(ended.code == 0 || !ended.err.empty());
    }
  }
}

// Text needs fonts, and fonts an application that has them: whatever reads pictures, wherever it runs.
TEST(Program, PicturesMayHoldText) {
  const QTemporaryDir folder;
  const auto write = [&](const QString& name, const char* letter) {
    EXPECT_TRUE(QDir(folder.path()).mkpath(QFileInfo(name).path()));
    QFile file(folder.filePath(name));
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QString("<svg xmlns='http://www.w3.org/2000/svg' width='28' height='28'><rect width='28' height='28' fill='white'/>"
                       "<text x='6' y='24' font-size='26'>%1</text></svg>")
                   .arg(letter)
                   .toUtf8());
    return file.fileName();
  };
  const QString three = write("three.svg", "3");
  for (const QString part : {"train", "test"})
    for (const QString number : {"1", "2", "3"}) write(part + "/a/" + number + ".svg", "a"), write(part + "/b/" + number + ".svg", "b");
  for (const Variables& variables : {Variables{}, Variables{{"QT_QPA_PLATFORM", "no-such-plugin"}}, Variables{{"DISPLAY", ":9876"}}}) {
    const ProcessOutcome predicted = runProgram({"predict", "harley", three, "--json"}, variables);
    ASSERT_EQ(predicted.status, 0) << predicted.err.toStdString();
    EXPECT_TRUE(QJsonDocument::fromJson(predicted.out).object()["predictions"].toArray()[0].toObject()["ink"].toBool());
    EXPECT_EQ(runProgram({"train", "tiny", "--data", folder.path(), "--epochs", "1", "--out", folder.filePath("m.onnx")}, variables).status,
              0);
    EXPECT_EQ(runProgram({"evaluate", folder.filePath("m.onnx"), "--data", folder.path()}, variables).status, 0);
    EXPECT_EQ(runProgram({"render", "harley", "--image", three, "--size", "400x300", "--out", folder.filePath("x.png")}, variables).status,
              0);
  }
}

}  // namespace
