// Files are written whole or not at all, and only ordinary ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/FilmWriter.h"
#include "io/Model.h"
#include "nn/Error.h"
#include "support/FakeFfmpeg.h"
#include "support/FullDisk.h"

namespace {

using testing::HasSubstr;

std::string whyRefused(const std::function<void()>& act) {
  try {
    act();
  } catch (const nn::Error& error) {
    return error.message();
  }
  return "nothing was thrown";
}

QStringList namesIn(const QString& folder) {
  return QDir(folder).entryList(QDir::Files | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

// As many bytes as a small model has: fewer than what a buffer of Qt holds back.
const QByteArray kNew(9000, 'n');

TEST(Files, WhatDoesNotFitIsToldAndLeavesTheOldFile) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("m.onnx"), fresh = folder.filePath("fresh.onnx");
  io::writeFile(path, "the old file");
  for (const rlim_t room : {rlim_t(0), rlim_t(4000)}) {
    const FileSizeLimit limit(room);
    EXPECT_THAT(whyRefused([&] { io::writeFile(path, kNew); }), HasSubstr("saving failed: File too large"));
    EXPECT_THAT(whyRefused([&] { io::writeFile(path, kNew); }),
                testing::AllOf(HasSubstr("raise the limit on the size of files"), testing::Not(HasSubstr("space"))));
    EXPECT_THAT(whyRefused([&] { io::writeFile(fresh, kNew); }), HasSubstr("fresh.onnx"));
  }
  EXPECT_EQ(io::readFile(path, 100), "the old file");
  EXPECT_EQ(namesIn(folder.path()), QStringList{"m.onnx"}) << "nothing half-written stays";
  io::writeFile(path, kNew);
  EXPECT_EQ(io::readFile(path, 100000), kNew);
}

TEST(Files, AFullDiskIsToldAndLeavesTheOldFile) {
  const FullDisk disk;
  NEEDS_FULL_DISK(disk);
  const QString path = disk.path("m.onnx");
  io::writeFile(path, "the old file");
  disk.fill();
  EXPECT_THAT(whyRefused([&] { io::writeFile(path, kNew); }),
              testing::AllOf(HasSubstr("No space left on device"), HasSubstr("Free some space on the disk")));
  EXPECT_THAT(whyRefused([&] { io::writeFile(disk.path("fresh"), kNew); }), HasSubstr("No space left on device"));
  EXPECT_EQ(io::readFile(path, 100), "the old file");
  EXPECT_EQ(namesIn(disk.path()), (QStringList{"ballast", "m.onnx"}));
  disk.freeAll();
  io::writeFile(path, kNew);
  EXPECT_EQ(io::readFile(path, 100000), kNew);
}

TEST(Files, NothingIsSeenBeforeAllIsWritten) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("m.onnx");
  { const io::CheckedFile abandoned(path, kNew); }
  EXPECT_EQ(namesIn(folder.path()), QStringList());
  io::CheckedFile file(path, kNew);
  EXPECT_FALSE(QFile::exists(path));
  file.commit();
  EXPECT_EQ(io::readFile(path, 100000), kNew);
  EXPECT_EQ(namesIn(folder.path()), QStringList{"m.onnx"});
}

TEST(Files, KeepThePermissionsThatTheyHave) {
  const QTemporaryDir folder;
  const auto modeOf = [&](const QString& name) {
    struct stat info {};
    EXPECT_EQ(stat(QFile::encodeName(folder.filePath(name)), &info), 0);
    return info.st_mode & 0777;
  };
  QFile usual(folder.filePath("usual"));
  ASSERT_TRUE(usual.open(QIODevice::WriteOnly));
  io::writeFile(folder.filePath("fresh"), kNew);
  EXPECT_EQ(modeOf("fresh"), modeOf("usual"));
  for (const mode_t mode : {0600, 0664, 0755}) {
    ASSERT_EQ(chmod(QFile::encodeName(folder.filePath("fresh")), mode), 0);
    io::writeFile(folder.filePath("fresh"), kNew);
    EXPECT_EQ(modeOf("fresh"), mode);
  }
}

TEST(Files, ALinkIsFollowedAndStays) {
  const QTemporaryDir folder;
  const QString target = folder.filePath("target"), link = folder.filePath("link"), dangling = folder.filePath("dangling");
  io::writeFile(target, "old");
  ASSERT_TRUE(QFile::link(target, link));
  ASSERT_TRUE(QFile::link(folder.filePath("later"), dangling));
  io::writeFile(link, "new");
  io::writeFile(dangling, "first");
  EXPECT_TRUE(QFileInfo(link).isSymLink() && QFileInfo(dangling).isSymLink());
  EXPECT_EQ(io::readFile(target, 100), "new");
  EXPECT_EQ(io::readFile(folder.filePath("later"), 100), "first");
  io::writeFile(folder.filePath("part"), "film");
  io::replaceFile(folder.filePath("part"), link);
  EXPECT_TRUE(QFileInfo(link).isSymLink());
  EXPECT_EQ(io::readFile(target, 100), "film");
}

// Nobody writes into it: whoever opens it waits for ever.
TEST(Files, APipeIsRefusedBeforeItIsOpened) {
  const QTemporaryDir folder;
  const QString pipe = folder.filePath("m.onnx"), link = folder.filePath("net.json");
  ASSERT_EQ(mkfifo(QFile::encodeName(pipe), 0600), 0);
  ASSERT_TRUE(QFile::link(pipe, link));
  for (const QString& path : {pipe, link}) {
    EXPECT_THAT(whyRefused([&] { io::loadModel(path); }), HasSubstr("this is a pipe, not a file"));
    EXPECT_THAT(whyRefused([&] { io::loadNetworkSpec(path); }), HasSubstr("this is a pipe, not a file"));
    EXPECT_FALSE(io::isOwnModelFile(path));
  }
}

// Nodes of every kind that a file must not take the place of, with the word for each.
class Nodes : public ::testing::Test {
 protected:
  void SetUp() override {
    EXPECT_EQ(mkfifo(QFile::encodeName(path("pipe")), 0600), 0);
    EXPECT_TRUE(QDir(m_folder.path()).mkdir("folder"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, QFile::encodeName(path("socket")), sizeof address.sun_path);
    m_socket = socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(bind(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_TRUE(QFile::link("/dev/null", path("to-device")));
    EXPECT_TRUE(QFile::link(path("pipe"), path("to-pipe")));
    EXPECT_TRUE(QFile::link(path("to-pipe"), path("to-to-pipe")));
    EXPECT_TRUE(QFile::link(path("circle"), path("circle")));
  }
  void TearDown() override { ::close(m_socket); }
  QString path(const QString& name) const { return m_folder.filePath(name); }
  static ino_t nodeAt(const QString& path) {
    struct stat info {};
    EXPECT_EQ(lstat(QFile::encodeName(path), &info), 0) << path.toStdString();
    return info.st_ino;
  }

  QTemporaryDir m_folder;
  int m_socket = -1;
};

TEST_F(Nodes, AreRefusedAndStayWhatTheyAre) {
  const FakeFfmpeg ffmpeg;
  const std::pair<QString, const char*> cases[] = {
      {"/dev/null", "a device"},      {path("to-device"), "a device"}, {path("pipe"), "a pipe"},     {path("to-pipe"), "a pipe"},
      {path("to-to-pipe"), "a pipe"}, {path("socket"), "a socket"},    {path("folder"), "a folder"}, {path("circle"), "symbolic links"},
  };
  for (const auto& [to, word] : cases) {
    const QString& name = to;
    SCOPED_TRACE(name.toStdString());
    const ino_t before = nodeAt(name);
    io::writeFile(path("part"), "film");
    EXPECT_THAT(whyRefused([&] { io::requireWritable(name); }), HasSubstr(word));
    EXPECT_THAT(whyRefused([&] { io::writeFile(name, kNew); }), HasSubstr(word));
    EXPECT_THAT(whyRefused([&] { io::replaceFile(path("part"), name); }), HasSubstr(word));
    EXPECT_THAT(whyRefused([&] { io::FilmWriter(name, {4, 2}, 25); }), HasSubstr(word));
    EXPECT_EQ(nodeAt(name), before);
  }
  EXPECT_EQ(namesIn("/dev").filter("null"), QStringList{"null"}) << "nothing is left beside it";
}

TEST(Files, WhatCannotBeWrittenIsToldBeforehand) {
  const QTemporaryDir folder;
  io::writeFile(folder.filePath("old"), "old");
  io::requireWritable(folder.filePath("old"));
  io::requireWritable(folder.filePath("fresh"));
  EXPECT_THAT(whyRefused([&] { io::requireWritable(folder.filePath("none/x")); }), HasSubstr("the folder does not exist"));
  EXPECT_THAT(whyRefused([&] { io::requireWritable(folder.filePath("old/x")); }), HasSubstr("the folder does not exist"));
  EXPECT_THAT(whyRefused([&] { io::requireWritable(""); }), HasSubstr("the name is empty"));
  EXPECT_THAT(whyRefused([&] { io::requireWritable("/proc/x.onnx"); }), HasSubstr("it cannot be written")) << "also for root";
  EXPECT_THAT(whyRefused([&] { io::requireWritable(folder.filePath(QString(300, 'x'))); }), HasSubstr("it cannot be written"));
  EXPECT_EQ(io::readFile(folder.filePath("old"), 100), "old");
  EXPECT_EQ(namesIn(folder.path()), QStringList{"old"}) << "asking leaves nothing behind";
}

// Whatever ends the program in between, the second of another pair never lies beside the first.
TEST(Files, OfAPairTheOldSecondGoesBeforeTheNewFirstComes) {
  const QTemporaryDir folder;
  const QString images = folder.filePath("images"), labels = folder.filePath("labels");
  io::writeFile(images, "old images");
  io::writeFile(labels, "old labels");
  io::CheckedFile newImages(images, "new images"), newLabels(labels, "new labels");
  const int watch = inotify_init1(IN_NONBLOCK);
  ASSERT_GE(inotify_add_watch(watch, QFile::encodeName(folder.path()), IN_DELETE | IN_MOVED_TO), 0);
  io::CheckedFile::commitPair(newImages, newLabels);
  std::vector<std::string> happened;
  alignas(inotify_event) char events[4096];
  const ssize_t size = ::read(watch, events, sizeof events);
  ::close(watch);
  for (ssize_t at = 0; at < size; at += ssize_t(sizeof(inotify_event) + reinterpret_cast<inotify_event*>(events + at)->len)) {
    const auto* event = reinterpret_cast<inotify_event*>(events + at);
    happened.push_back(std::string(event->mask & IN_DELETE ? "gone " : "there ") + event->name);
  }
  EXPECT_EQ(happened, (std::vector<std::string>{"gone labels", "there images", "there labels"}));
  EXPECT_EQ(io::readFile(labels, 100), "new labels");
  // Where the first finds no place, nothing has happened.
  io::CheckedFile moreImages(images, "more images"), moreLabels(labels, "more labels");
  ASSERT_TRUE(QFile::remove(images) && QDir(folder.path()).mkdir("images"));
  EXPECT_THROW(io::CheckedFile::commitPair(moreImages, moreLabels), nn::Error);
  EXPECT_EQ(io::readFile(labels, 100), "new labels");
}

TEST(Files, WhatOneWritesIsNotWrittenByAnother) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("m.onnx"), link = folder.filePath("link");
  ASSERT_TRUE(QFile::link(path, link));
  {
    const io::Claim claim(path);
    EXPECT_THAT(whyRefused([&] { io::Claim again(link); }), HasSubstr("written by another program at this moment"));
    io::Claim other(folder.filePath("n.onnx"));
  }
  { const io::Claim afterwards(path); }
  EXPECT_EQ(namesIn(folder.path()), QStringList("link"));
  io::Claim(folder.filePath("no/such/m.onnx"));  // told by whoever writes there
  testing::internal::CaptureStderr();
  {
    ASSERT_TRUE(QDir(folder.path()).mkdir("gone"));
    const io::Claim claim(folder.filePath("gone/m.onnx"));
    ASSERT_TRUE(QDir(folder.filePath("gone")).removeRecursively());
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Files, TheNamesEndSaysTheKind) {
  io::requireSuffix("a/m.onnx", {"onnx"});
  io::requireSuffix("M.ONNX", {"onnx"});
  io::requireSuffix("a.b.gif", {"png", "gif"});
  for (const char* name : {"x.png", "x", "a.onnx/x", "x.onnx.bak", "x.", "x.onnx/"})
    EXPECT_THAT(whyRefused([&] { io::requireSuffix(name, {"onnx"}); }), HasSubstr("ends in .onnx")) << name;
  EXPECT_THAT(whyRefused([] { io::requireSuffix("x.bmp", {"png", "svg", "pdf"}); }), HasSubstr("ends in .png, .svg or .pdf"));
}

TEST(Files, ALinkToWhatIsNotThereIsCalledALink) {
  const QTemporaryDir folder;
  const QString link = folder.filePath("link"), inside = folder.filePath("link/data/net.json");
  ASSERT_TRUE(QFile::link("gone", link));
  EXPECT_EQ(io::whyOutOfReach(link), "it is a link to 'gone', which is not there");
  EXPECT_EQ(io::whyOutOfReach(inside), "'" + link.toStdString() + "' is a link to 'gone', which is not there");
  EXPECT_EQ(io::whyOutOfReach(folder.filePath("nothing")), "");
  ASSERT_TRUE(QFile::link(".", folder.filePath("here")));
  EXPECT_EQ(io::whyOutOfReach(folder.filePath("here/nothing")), "");
  try {
    io::readFile(link, 100);
    FAIL() << "read";
  } catch (const nn::Error& error) {
    EXPECT_EQ(error.issue().what, "it cannot be opened: it is a link to 'gone', which is not there");
  }
  QFile file;
  EXPECT_FALSE(io::openForReading(file, link));
  EXPECT_EQ(io::whyNotOpened(file, link), "it is a link to 'gone', which is not there");
}

}  // namespace
