// What is remembered from one start to the next, and what happens where it cannot be written; folders that hang hold nothing up.
#include <functional>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <QAbstractFileIconProvider>
#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFileSystemModel>
#include <QSemaphore>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QTimer>

#include "io/Files.h"
#include "support/FullDisk.h"
#include "ui/app/FileCommands.h"
#include "ui/base/FileDialogs.h"
#include "ui/base/Folders.h"
#include "ui/base/Jobs.h"
#include "ui/base/Settings.h"

namespace {

class Settings : public ::testing::Test {
 protected:
  Settings() {
    QCoreApplication::setApplicationName("Checked");
    QSettings().setValue("old/choice", 3);
    startAnew();
  }
  void startAnew() {
    QSettings::setDefaultFormat(QSettings::IniFormat);
    ui::useCheckedSettings();
    ui::setSettingsListener([this](const nn::Issue& issue, ui::SettingsState state) {
      if (state == ui::SettingsState::Failing) return told.push_back(issue);
      EXPECT_EQ(issue, told.back());
      ++over;
    });
  }
  ~Settings() override {
    ui::setSettingsListener({});
    QSettings().clear();
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings().clear();
    QCoreApplication::setApplicationName(before);
  }
  static QString file() { return QSettings().fileName(); }
  static QByteArray bytes() { return io::readFile(file(), 1 << 20); }
  // As the next start reads them: under another name, so that nothing comes from memory.
  static QVariant readAnew(const QString& key) {
    static int number = 0;
    const QString name = QStringLiteral("Next%1").arg(++number);
    const QString copy = QFileInfo(file()).dir().filePath(name + ".json");
    EXPECT_TRUE(QFile::copy(file(), copy));
    const QVariant value =
        QSettings(QSettings::defaultFormat(), QSettings::UserScope, QCoreApplication::organizationName(), name).value(key);
    QFile::remove(copy);
    return value;
  }

  const QString before = QCoreApplication::applicationName();
  std::vector<nn::Issue> told;
  int over = 0;
};

TEST_F(Settings, TheReasonIsSaidWhyTheyCannotBeWritten) {
  const QString folder = QFileInfo(file()).path();
  ui::remember("choice", 0);
  ASSERT_TRUE(QFile::remove(file()) && QDir(folder).removeRecursively());
  io::writeFile(folder, "a file in place of the folder");
  ui::remember("choice", 1);
  QFile::remove(folder);
  ASSERT_EQ(told.size(), 1u);
  const nn::Issue& issue = told.front();
  EXPECT_NE(issue.what.find("cannot be remembered: "), std::string::npos) << issue.what;
  EXPECT_EQ(issue.hint.find("space"), std::string::npos) << issue.hint;
  EXPECT_NE(issue.hint.find("folder"), std::string::npos) << issue.hint;
}

TEST_F(Settings, AreReadAsTheyWereWritten) {
  EXPECT_EQ(QSettings().value("old/choice").toInt(), 3) << "what the usual file held";
  QByteArray state("\0\1\377state", 8);
  const std::pair<QString, QVariant> all[] = {{"a/flag", true},
                                              {"a/number", 42},
                                              {"a/real", 0.125},
                                              {"a/text", QStringLiteral("Straße \"3\"\n")},
                                              {"b", QStringList{"/one", "/two, three"}},
                                              {"none", QStringList()},
                                              {"bytes", state},
                                              {"view", QVariantList{1.5f, -2.25f, 1e-9f}}};
  for (const auto& [key, value] : all) ui::remember(key, value);
  for (const auto& [key, value] : all) {
    const QVariant found = readAnew(key);
    EXPECT_TRUE(found.isValid()) << key.toStdString();
    if (key == "view")
      for (int i = 0; i < 3; ++i) EXPECT_EQ(found.toList()[i].toFloat(), value.toList()[i].toFloat());
    else if (value.typeId() == QMetaType::QStringList)
      EXPECT_EQ(found.toStringList(), value.toStringList());
    else
      EXPECT_EQ(found.toByteArray(), value.toByteArray()) << key.toStdString();
  }
  ui::forget("a/number");
  EXPECT_FALSE(readAnew("a/number").isValid());
  EXPECT_TRUE(told.empty());
}

TEST_F(Settings, WhatCannotBeKeptIsToldOnceAndLeavesTheOldFile) {
  ui::remember("a", "as it was");
  const QByteArray old = bytes();
  {
    const FileSizeLimit limit(rlim_t(old.size()));
    ui::remember("b", QString(5000, 'b'));
    ui::remember("c", QString(5000, 'c'));
    EXPECT_EQ(bytes(), old);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_NE(told.front().where.find("Checked.json"), std::string::npos);
  }
  EXPECT_EQ(over, 0);
  ui::remember("d", 1);
  EXPECT_EQ(told.size(), 1u);
  EXPECT_EQ(over, 1);
  EXPECT_EQ(readAnew("c").toString(), QString(5000, 'c')) << "what had no room is written with the next that has";
  const FileSizeLimit limit(10);
  ui::forget("a");
  EXPECT_EQ(told.size(), 2u) << "a new failure is told anew";
}

TEST_F(Settings, OnAFullDiskTheOldFileStays) {
  const FullDisk disk;
  NEEDS_FULL_DISK(disk);
  QSettings::setPath(QSettings::defaultFormat(), QSettings::UserScope, disk.path());
  ui::remember("a", "as it was");
  const QByteArray old = bytes();
  ASSERT_TRUE(file().startsWith(disk.path()));
  disk.fill();
  ui::remember("b", 2);
  EXPECT_EQ(bytes(), old);
  EXPECT_EQ(told.size(), 1u);
  disk.freeAll();
  QSettings().clear();
  QSettings::setPath(QSettings::defaultFormat(), QSettings::UserScope, {});
}

TEST_F(Settings, NeverTakeThePlaceOfADevice) {
  ui::remember("a", 1);
  QFile::remove(file());
  ASSERT_TRUE(QFile::link("/dev/null", file()));
  ui::remember("b", 2);
  EXPECT_EQ(told.size(), 1u);
  EXPECT_FALSE(QFileInfo("/dev/null").isFile());
  EXPECT_TRUE(QFileInfo(file()).isSymLink());
  QFile::remove(file());
}

TEST_F(Settings, ADamagedFileIsPutAsideAndTold) {
  const QDir folder = QFileInfo(file()).dir();
  for (const QString aside : {"broken-Checked.json", "broken-2-Checked.json"}) {
    ui::remember("a", QString(100, 'a'));
    const QByteArray cut = bytes().chopped(50);
    io::writeFile(file(), cut);
    told.clear();
    startAnew();
    ASSERT_EQ(told.size(), 1u);
    EXPECT_NE(told.front().where.find("Checked.json"), std::string::npos) << told.front().where;
    EXPECT_NE(told.front().what.find("cannot be read"), std::string::npos) << told.front().what;
    EXPECT_NE(told.front().hint.find(aside.toStdString()), std::string::npos) << told.front().hint;
    ASSERT_TRUE(folder.exists(aside));
    EXPECT_EQ(io::readFile(folder.filePath(aside), 1 << 20), cut);
    EXPECT_FALSE(QSettings().contains("a"));
  }
  io::writeFile(file(), "[1, 2]");
  startAnew();
  EXPECT_EQ(told.size(), 2u) << "no settings, either";
  for (const QString& name : folder.entryList({"broken-*"})) QFile::remove(folder.filePath(name));
}

TEST_F(Settings, APipeOrFolderInTheirPlaceIsToldAndNotOpened) {
  const QByteArray path = QFile::encodeName(file());
  const auto expectToldAlone = [&] {
    told.clear();
    startAnew();
    ASSERT_EQ(told.size(), 1u);
    EXPECT_NE(told.front().what.find("no file"), std::string::npos) << told.front().what;
    ui::remember("b", 2);
    EXPECT_FALSE(QSettings().contains("b"));
    EXPECT_EQ(told.size(), 1u);
  };
  QFile::remove(file());
  ASSERT_EQ(mkfifo(path.constData(), 0600), 0);
  expectToldAlone();
  ASSERT_TRUE(QFile::remove(QFile::decodeName(path)));
  ASSERT_TRUE(QDir().mkdir(QFile::decodeName(path)));
  expectToldAlone();
  ASSERT_TRUE(QDir().rmdir(QFile::decodeName(path)));
  startAnew();
  ui::remember("b", 2);
  EXPECT_EQ(readAnew("b").toInt(), 2);
}

TEST(SavePath, AddsTheSuffixAndRefusesAnother) {
  ui::Workbench workbench;
  std::vector<std::string> told;
  QObject::connect(&workbench, &ui::Workbench::messageRaised, [&](const ui::Message& message) { told.push_back(message.issue.hint); });
  const QTemporaryDir folder;
  const auto answer = [&](const QString& name) {
    return QFileInfo(ui::FileCommands::savePath(workbench, folder.filePath(name), {"onnx"})).fileName();
  };
  EXPECT_EQ(answer("mine"), "mine.onnx");
  EXPECT_EQ(answer("mine."), "mine.onnx");
  EXPECT_EQ(answer("Mine.ONNX"), "Mine.ONNX");
  EXPECT_EQ(answer("lecture 3.2"), "lecture 3.2.onnx") << "a number is no kind of file";
  EXPECT_EQ(ui::FileCommands::savePath(workbench, {}, {"onnx"}), "");
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(answer("photo.png"), "");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told.back(), "Choose a name that ends in .onnx");
  io::writeFile(folder.filePath("mine.onnx"), "there already");
  EXPECT_EQ(answer("mine"), "") << "the dialog has asked about another name";
  EXPECT_EQ(answer("mine.onnx"), "mine.onnx") << "about this one it has";
  EXPECT_EQ(ui::FileCommands::savePath(workbench, folder.filePath("film"), {"mp4", "gif"}), folder.filePath("film.mp4"));
  EXPECT_EQ(ui::FileCommands::savePath(workbench, folder.filePath("film.gif"), {"mp4", "gif"}), folder.filePath("film.gif"));
}

TEST(FoldersTest, WhatIsNotThereGivesWayToTheHomeFolder) {
  const QTemporaryDir folder;
  EXPECT_EQ(ui::answeringFolder(folder.path()), folder.path());
  EXPECT_EQ(ui::answeringFolder(folder.filePath("gone")), QDir::homePath());
  QObject context;
  bool there = false, gone = false;
  ui::whenFolderAnswers(folder.filePath("gone"), &context, [&] { gone = true; });
  ui::whenFolderAnswers(folder.path(), &context, [&] { there = true; });
  ASSERT_TRUE(QTest::qWaitFor([&] { return there; }, 60000));
  EXPECT_FALSE(gone);
}

// Qt's own dialog reads the beginning of every file in its folder, and /proc/kmsg lets its reader wait until the kernel speaks.
TEST(FoldersTest, DialogsLookIntoNoFile) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("picture");
  QImage paper(8, 8, QImage::Format_RGB32);
  paper.fill(Qt::white);
  ASSERT_TRUE(paper.save(path, "PNG"));
  QFileDialog dialog(nullptr, "Open", "/proc");
  dialog.setOption(QFileDialog::DontUseNativeDialog);
  ui::lookIntoNoFile(dialog);
  EXPECT_EQ(dialog.iconProvider()->type(QFileInfo(path)), "File");
  EXPECT_EQ(dialog.iconProvider()->type(QFileInfo(folder.path())), "Folder");
  QSignalSpy listed(dialog.findChild<QFileSystemModel*>(), &QFileSystemModel::directoryLoaded);
  dialog.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&dialog));
  ASSERT_TRUE(QTest::qWaitFor([&] { return listed.count() > 0; }, 60000));
  EXPECT_FALSE(dialog.iconProvider()->type(QFileInfo("/proc/kmsg")).isEmpty());
  EXPECT_FALSE(dialog.iconProvider()->icon(QFileInfo("/proc/kmsg")).isNull());
}

// The dialog of each question, as it stands on the screen.
TEST(FoldersTest, EveryQuestionAfterAFileLooksIntoNone) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("picture");
  QImage paper(8, 8, QImage::Format_RGB32);
  paper.fill(Qt::white);
  ASSERT_TRUE(paper.save(path, "PNG"));
  const auto typeIn = [&](const std::function<QString()>& question) {
    QString type;
    QTimer::singleShot(0, qApp, [&] {
      auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
      ASSERT_TRUE(dialog);
      type = dialog->iconProvider()->type(QFileInfo(path));
      dialog->reject();
    });
    EXPECT_EQ(question(), "");
    return type;
  };
  EXPECT_EQ(typeIn([&] { return ui::askOpenFile(nullptr, "Open", folder.path(), "All files (*)"); }), "File");
  EXPECT_EQ(typeIn([&] { return ui::askSaveFile(nullptr, "Save", path, "All files (*)"); }), "File");
  EXPECT_EQ(typeIn([&] { return ui::askFolder(nullptr, "Folder", folder.path()); }), "File");
}

// Every thread that could ask the folder hangs, as with a dead network mount; they are let go after a while, so that a wait without end
// shows as a wrong answer.
TEST(FoldersTest, AFolderThatDoesNotAnswerGivesWayToTheHomeFolder) {
  const QTemporaryDir folder;
  QThreadPool& threads = ui::Jobs::threads();
  ASSERT_TRUE(QTest::qWaitFor([&] { return threads.activeThreadCount() == 0; }, 20000));
  QSemaphore letGo;
  const int count = threads.maxThreadCount();
  for (int i = 0; i < count; ++i) threads.start([&letGo] { letGo.tryAcquire(1, 5000); });
  EXPECT_EQ(ui::answeringFolder(folder.path()), QDir::homePath());
  EXPECT_EQ(threads.activeThreadCount(), count) << "it was not waited for";
  letGo.release(count);
  threads.waitForDone();
  EXPECT_EQ(ui::answeringFolder(folder.path()), folder.path());
}

}  // namespace
