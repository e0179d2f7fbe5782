// Where the commands write: whole or not at all, and never over what is no file of that kind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <QDir>
#include <QFile>
#include <QImage>
#include <QProcess>

#include "cli/CommandRun.h"
#include "io/Files.h"
#include "io/FilmWriter.h"
#include "nn/Error.h"
#include "support/FakeFfmpeg.h"
#include "support/FullDisk.h"

namespace {

using clitest::DigitsFolder;
using clitest::run;
using testing::HasSubstr;

// A command for each kind of file that is written; FILE stands for the file's path, FOLDER for the folder's.
struct Writer {
  QStringList words;
  QString file;

  QStringList wordsFor(const QString& folder) const {
    QStringList filled = words;
    return filled.replaceInStrings("FILE", QDir(folder).filePath(file)).replaceInStrings("FOLDER", folder);
  }
};

std::vector<Writer> writers(const QString& data) {
  const QStringList render{"render", "harley", "--digit", "3", "--view", "flat", "--size", "128x80", "--out", "FILE"};
  return {{{"train", "tiny", "--data", data, "--epochs", "1", "--out", "FILE"}, "m.onnx"},
          {{"generate", "--count", "20", "--overwrite", "--out", "FOLDER"}, "train-images-idx3-ubyte"},
          {{"generate", "--count", "20", "--overwrite", "--test", "--out", "FOLDER"}, "t10k-labels-idx1-ubyte"},
          {render, "a.png"},
          {render, "a.jpg"},
          {render, "a.svg"},
          {render, "a.pdf"},
          {render, "a.gif"},
          {render, "a.mp4"}};
}

QStringList namesIn(const QString& folder) {
  return QDir(folder).entryList(QDir::Files | QDir::System | QDir::Hidden, QDir::Name);
}

TEST(Output, WhatDoesNotFitFailsAndLeavesTheOldFile) {
  const FakeFfmpeg ffmpeg;
  const DigitsFolder digits(60, 20);
  const clitest::OtherPlaces other;
  for (const Writer& writer : writers(digits.path())) {
    const QTemporaryDir folder;
    const QStringList words = writer.wordsFor(folder.path());
    SCOPED_TRACE(words.join(' ').toStdString());
    io::writeFile(folder.filePath(writer.file), "the old file");
    clitest::Outcome outcome;
    {
      const FileSizeLimit limit(12);
      outcome = run(words);
    }
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("File too large"));
    EXPECT_EQ(io::readFile(folder.filePath(writer.file), 100), "the old file");
    EXPECT_EQ(namesIn(folder.path()), QStringList{writer.file}) << "nothing half-written stays";
    EXPECT_EQ(run(words).status, 0);
    EXPECT_NE(io::readFile(folder.filePath(writer.file), 1 << 30), "the old file");
  }
}

TEST(Output, AFullDiskFailsAndLeavesTheOldFile) {
  const FakeFfmpeg ffmpeg("cat > \"$last\" || { echo 'No space left on device' >&2; exit 1; }\n");
  const DigitsFolder digits(60, 20);
  const FullDisk disk;
  NEEDS_FULL_DISK(disk);
  const clitest::OtherPlaces other;
  for (const Writer& writer : writers(digits.path())) {
    const QStringList words = writer.wordsFor(disk.path());
    SCOPED_TRACE(words.join(' ').toStdString());
    for (const QString& name : namesIn(disk.path())) QFile::remove(disk.path(name));
    io::writeFile(disk.path(writer.file), "the old file");
    disk.fill();
    const clitest::Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("No space left on device"));
    EXPECT_EQ(io::readFile(disk.path(writer.file), 100), "the old file");
    QStringList names = namesIn(disk.path());
    EXPECT_TRUE(names.removeOne("ballast"));
    EXPECT_EQ(names, QStringList{writer.file}) << "nothing half-written stays";
  }
}

// Before the work begins: the network, the picture and the data that these name are never looked for.
TEST(Output, WhatIsNoFileOfThisKindIsRefusedFirst) {
  const FakeFfmpeg ffmpeg;
  const QTemporaryDir folder;
  const QStringList train{"train", "none.json", "--data", "none", "--out"}, render{"render", "none.onnx", "--digit", "3", "--out"};
  struct Case {
    QStringList words;
    QString out;
    const char* says;
  };
  std::vector<Case> cases{{train, "x.png", "ends in .onnx"},      {train, "x", "ends in .onnx"},  {train, "x.json", "ends in .onnx"},
                          {train, "m.onnx.png", "ends in .onnx"}, {render, "x.onnx", "Use .png"}, {render, "x", "Use .png"},
                          {render, "x.txt", "Use .png"}};
  for (const QString end : {"onnx", "png", "svg", "pdf", "gif", "mp4"}) {
    const QStringList& words = end == "onnx" ? train : render;
    ASSERT_EQ(mkfifo(QFile::encodeName(folder.filePath("pipe." + end)), 0600), 0);
    ASSERT_TRUE(QDir(folder.path()).mkdir("folder." + end));
    ASSERT_TRUE(QFile::link("/dev/null", folder.filePath("null." + end)));
    cases.push_back({words, "pipe." + end, "this is a pipe"});
    cases.push_back({words, "folder." + end, "this is a folder"});
    cases.push_back({words, "null." + end, "this is a device"});
    cases.push_back({words, "none/x." + end, "the folder does not exist"});
  }
  io::writeFile(folder.filePath("x.png"), "a picture");
  io::writeFile(folder.filePath("x"), "a text");
  const auto listing = [&] {
    QStringList lines;
    for (const QFileInfo& info : QDir(folder.path()).entryInfoList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotDot))
      lines << info.fileName() + ":" + QString::number(info.size()) + ":" + info.lastModified().toString(Qt::ISODateWithMs);
    return lines;
  };
  const QStringList before = listing();
  for (const Case& one : cases) {
    const clitest::Outcome outcome = run(one.words + QStringList{folder.filePath(one.out)});
    EXPECT_EQ(outcome.status, 1) << one.out.toStdString();
    EXPECT_THAT(outcome.err, HasSubstr(one.says)) << one.out.toStdString();
  }
  EXPECT_EQ(listing(), before);
  EXPECT_THAT(run(train + QStringList{""}).err, HasSubstr("--out needs a"));
  EXPECT_EQ(run({"generate", "--count", "3", "--out", "/dev/null"}).status, 1);
  ASSERT_TRUE(QFile::link("/dev/null", folder.filePath("train-labels-idx1-ubyte")));
  EXPECT_THAT(run({"generate", "--count", "3", "--out", folder.path()}).err, HasSubstr("this is a device"));
  EXPECT_FALSE(QFile::exists(folder.filePath("train-images-idx3-ubyte")));
}

TEST(Output, AFolderThatWasMadeForNothingIsRemoved) {
  const QTemporaryDir folder;
  ASSERT_TRUE(QDir(folder.path()).mkpath("there"));
  const QStringList generate{"generate", "--count", "20", "--overwrite", "--out"};
  for (const QString place : {"new", "new/and/deep", "there", "there/new/"}) {
    const FileSizeLimit limit(12);
    EXPECT_EQ(run(generate + QStringList{folder.filePath(place)}).status, 1);
    EXPECT_EQ(QDir(folder.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList{"there"}) << place.toStdString();
    EXPECT_TRUE(QDir(folder.filePath("there")).isEmpty()) << place.toStdString();
  }
  ASSERT_EQ(run(generate + QStringList{folder.filePath("new/and/deep")}).status, 0);
  EXPECT_EQ(namesIn(folder.filePath("new/and/deep")).size(), 2);
}

// Names come from anybody: none of them colors the terminal, begins a line of its own or turns the text around.
TEST(Output, NamesSteerNoTerminal) {
  const QTemporaryDir folder;
  const QString escape = QChar(0x1b), turned = QChar(0x202e), name = "x" + escape + "[31m\n" + turned + QChar(0x9b) + "y";
  const QByteArray json = R"({"title": "t\u001b[2J\ntotal 5", "nodes": [
      {"name": "in\u001b]0;x\u0007\nnote: all is well", "type": "input", "channels": 1, "height": 28, "width": 28},
      {"name": "d\u202eb", "type": "dense", "units": 10}], "classes": ["a\u001b", "b\n", "c", "d", "e", "f", "g", "h", "i", "j"]})";
  const QString network = folder.filePath(name + ".json");
  io::writeFile(network, json);
  const auto steers = [](const std::string& text) {
    const QString shown = QString::fromStdString(text);
    return std::any_of(shown.begin(), shown.end(), [](QChar letter) {
      return (letter.category() == QChar::Other_Control && letter != u'\n') || letter.unicode() == 0x202e;
    });
  };
  const clitest::Outcome described = run({"describe", network}), object = run({"describe", network, "--json"});
  EXPECT_FALSE(steers(described.out)) << described.out;
  EXPECT_EQ(described.out.find("\nnote"), std::string::npos) << described.out;
  EXPECT_EQ(described.out.find("\ntotal 5"), std::string::npos) << described.out;
  EXPECT_THAT(described.out, HasSubstr("d\\u202eb"));
  EXPECT_FALSE(steers(object.out)) << object.out;
  EXPECT_EQ(object.json()["layers"].toArray()[1].toObject()["name"].toString(), "d" + turned + "b") << "the JSON means what it was";
  const QString picture = folder.filePath(name + ".png"), lost = folder.filePath(name + ".bmp");
  QImage paper(28, 28, QImage::Format_RGB32);
  paper.fill(Qt::white);
  ASSERT_TRUE(paper.save(picture, "PNG"));
  const clitest::Outcome told = run({"predict", "harley", picture, lost}), refused = run({"predict", "harley", lost});
  EXPECT_EQ(std::count(told.out.begin(), told.out.end(), '\n'), 2) << told.out;
  for (const std::string& text : {told.out, told.err, refused.err, run({name}).err, run({"train", "--" + name}).err})
    EXPECT_FALSE(steers(text)) << text;
  EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1) << refused.err;
  // What was written, too, stands in the lines that it has.
  const auto linesOf = [](const QStringList& words) {
    const std::string out = run(words).out;
    return std::count(out.begin(), out.end(), '\n');
  };
  EXPECT_EQ(linesOf({"render", "harley", "--digit", "3", "--size", "64x64", "--out", folder.filePath(name + ".ppm")}), 1);
  EXPECT_EQ(linesOf({"generate", "--count", "60", "--out", folder.filePath(name)}), 1);
  const QStringList training{"train", "tiny", "--data", folder.filePath(name), "--epochs", "1"};
  EXPECT_EQ(linesOf(training + QStringList{"--out", folder.filePath(name + ".onnx"), "--checkpoint", folder.filePath(name + ".c")}),
            linesOf(training + QStringList{"--out", folder.filePath("m.onnx"), "--checkpoint", folder.filePath("c")}));
}

// A recipe and a checkpoint, which have no ending of their own, as well.
TEST(Output, NoStreamIsWrittenNorWaitedFor) {
  const QTemporaryDir folder;
  const QString pipe = folder.filePath("pipe.json"), link = folder.filePath("link.json");
  ASSERT_EQ(mkfifo(QFile::encodeName(pipe), 0600), 0);
  QFile file(folder.filePath("file"));
  ASSERT_TRUE(file.open(QIODevice::ReadWrite));
  const QString stream = QString("/dev/fd/%1").arg(file.handle());  // as the shell leads stdout into a file
  ASSERT_TRUE(QFile::link(stream, link));
  for (const QString option : {"--recipe", "--checkpoint"}) {
    const auto told = [&](const QString& path) { return run({"train", "tiny", "--data", "none", option, path}).err; };
    EXPECT_THAT(told(pipe), HasSubstr("this is a pipe, not a file"));
    EXPECT_THAT(told("/dev/null"), HasSubstr("this is a device, not a file"));
    for (const QString& path : {stream, link}) EXPECT_THAT(told(path), HasSubstr("this is a stream of the program, not a file"));
  }
  EXPECT_EQ(file.size(), 0);
}

std::string filmFailure(const QString& path) {
  QImage picture(4, 2, QImage::Format_RGB32);
  picture.fill(Qt::red);
  try {
    io::FilmWriter film(path, picture.size(), 25);
    film.add(picture);
    film.finish();
    return {};
  } catch (const nn::Error& error) {
    return error.message();
  }
}

// Whatever else lies there is another's, and two at once are two films.
TEST(Film, IsWrittenUnderNoNameOfAnotherFile) {
  const FakeFfmpeg ffmpeg;
  const QString out = ffmpeg.filePath("film.mp4");
  io::writeFile(out + ".part", "somebody's");
  QImage picture(4, 2, QImage::Format_RGB32);
  io::FilmWriter one(out, {4, 2}, 25), other(out, {4, 2}, 25);
  picture.fill(Qt::black);
  one.add(picture);
  picture.fill(Qt::white);
  for (int i = 0; i < 2; ++i) other.add(picture);
  other.finish();
  EXPECT_EQ(clitest::bytesOf(out), QByteArray(2 * 4 * 2 * 3, '\xff'));
  one.finish();
  EXPECT_EQ(clitest::bytesOf(out), QByteArray(4 * 2 * 3, '\0'));
  EXPECT_EQ(clitest::bytesOf(out + ".part"), "somebody's");
  EXPECT_EQ(QFileInfo(out).dir().entryList(QDir::Files | QDir::Hidden).size(), 3);
}

// An empty file is no film, whatever its status says.
TEST(Film, OneThatHoldsNothingIsAFailureAndTheOldOneStays) {
  for (const char* script : {"cat > /dev/null\n", "cat > /dev/null\n: > \"$last\"\n"}) {
    const FakeFfmpeg ffmpeg(script);
    const QString out = ffmpeg.filePath("film.mp4");
    io::writeFile(out, "the old film");
    EXPECT_THAT(filmFailure(out), HasSubstr("ffmpeg ended with status 0 and left nothing")) << script;
    EXPECT_EQ(clitest::bytesOf(out), "the old film");
    EXPECT_EQ(QFileInfo(out).dir().entryList(QDir::Files | QDir::Hidden).size(), 2) << "ffmpeg and the film";
  }
}

TEST(Film, TheAdviceIsAboutTheDiskOnlyWhereItIsFull) {
  const auto told = [](const QByteArray& words) {
    const FakeFfmpeg ffmpeg("echo '" + words + "' >&2\necho 'Conversion failed!' >&2\nexit 1\n");
    return filmFailure(ffmpeg.filePath("film.mp4"));
  };
  EXPECT_THAT(told("av_interleaved_write_frame(): File too large"), HasSubstr("Raise the limit on the size of files"));
  const std::string encoder = told("Unknown encoder libx264"), full = told("av_interleaved_write_frame(): No space left on device");
  EXPECT_THAT(encoder, HasSubstr("ffmpeg says: Unknown encoder libx264; Conversion failed!"));
  EXPECT_THAT(encoder, testing::Not(HasSubstr("space")));
  EXPECT_THAT(full, HasSubstr("Free some space on the disk"));
}

// The program itself, as a shell starts it.
int statusOf(const QString& shellLine) {
  return QProcess::execute("/bin/sh", {"-c", QString(shellLine).replace("convscope", QString(CONVSCOPE_BINARY_DIR) + "/convscope")});
}

TEST(Program, AResultThatCannotBeWrittenIsAFailure) {
  for (const char* words : {"describe harley", "describe harley --json", "--help", "--version", "help train", "train --help"}) {
    EXPECT_EQ(statusOf(QString("convscope %1 > /dev/full 2> /dev/null").arg(words)), 1) << words;
    EXPECT_EQ(statusOf(QString("convscope %1 > /dev/null").arg(words)), 0) << words;
  }
}

TEST(Program, ALimitOnTheSizeOfFilesDoesNotKillIt) {
  const QTemporaryDir folder;
  EXPECT_EQ(statusOf("ulimit -f 1; convscope generate --count 500 --out " + folder.path() + " 2> /dev/null"), 1);
  EXPECT_EQ(namesIn(folder.path()), QStringList());
}

// Also where the first is taken for a picture; and an input that nothing reads is none of them.
TEST(Describe, NamesOutputsOfAnyTaskAndNoInputAsOne) {
  const QTemporaryDir folder;
  io::writeFile(folder.filePath("two.json"), R"({"name": "two", "nodes": [
    {"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28},
    {"name": "side", "type": "input", "channels": 1, "height": 5, "width": 5},
    {"name": "a", "type": "dense", "units": 784, "inputs": ["input"]}, {"name": "b", "type": "dense", "units": 10, "inputs": ["input"]}]})");
  const clitest::Outcome outcome = run({"describe", folder.filePath("two.json"), "--json"});
  EXPECT_THAT(outcome.err, testing::HasSubstr("The answer is the first of its 2 outputs: a, b."));
  EXPECT_THAT(outcome.err, testing::HasSubstr("Nothing reads its input side, which plays no part."));
}

}  // namespace
