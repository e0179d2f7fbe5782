// After an end that asked nobody, what was trained and drawn is offered back; folders that hang hold nothing up.
#include <csignal>
#include <gtest/gtest.h>

#include <QAbstractFileIconProvider>
#include <QFileDialog>
#include <QPushButton>
#include <QSignalSpy>

#include "ui/EndSignals.h"
#include "ui/FileDialogs.h"
#include "ui/Folders.h"
#include "ui/MessageStrip.h"
#include "ui/Recovery.h"
#include "ui/WindowTest.h"
#include "ui/pad/DrawingPad.h"
#include "ui/pad/PadPanel.h"

namespace {

class RecoveryTest : public uitest::WindowTest {
 protected:
  void SetUp() override {
    root = folder.filePath("recovery");
    WindowTest::SetUp();
    keep();
  }
  void TearDown() override { recovery.reset(); }
  void keep() {
    recovery = std::make_unique<ui::Recovery>(session(), window(), root);
    recovery->setPace(0, 0);
  }
  // As after kill -9: nothing tidies up.
  void dieAndStartAgain() {
    recovery.reset();
    program.reset();
    start();
    keep();
    recovery->offerOthers();
  }
  QStringList kept() const { return QDir(root).entryList(QDir::Dirs | QDir::NoDotAndDotDot); }
  bool isKept(bool trained, bool drawing) {
    return QTest::qWaitFor(
        [&] {
          if (kept().isEmpty()) return !trained && !drawing;
          try {
            const auto about = ui::RecoveryFolder(QDir(root).filePath(kept().last())).about();
            return about.trained == trained && about.work.drawing.isNull() != drawing;
          } catch (const nn::Error&) {
            return false;
          }
        },
        20000);
  }
  // The weights that a message offers, and nothing else.
  bool keptOffer() const {
    if (kept().size() != 1 || !kept().front().endsWith("-1")) return false;
    return QFile::exists(QDir(root).filePath(kept().front() + "/about.json"));
  }
  void train() {
    useSmallData();
    session().singleStep();
    ASSERT_TRUE(QTest::qWaitFor([&] { return session().hasUnsavedTraining() && !session().training().running(); }, 20000));
  }
  QPushButton* button(const char* name) { return window().findChild<QPushButton*>(name); }
  bool offered() {
    return QTest::qWaitFor([&] { return button("messageRefusal")->isVisible(); }, 5000);
  }
  QImage drawing() { return window().padPanel().pad()->picture(); }

  QString root;
  std::unique_ptr<ui::Recovery> recovery;
};

TEST_F(RecoveryTest, WeightsAndDrawingComeBackAsTheyWere) {
  const std::vector<float> shipped = *session().parameters();
  train();
  drawThree();
  ASSERT_TRUE(isKept(true, true));
  const std::vector<float> trained = *session().parameters();
  const QImage drawn = drawing();
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  EXPECT_NE(window().messages().message().issue.what.find(session().modelTitle().toStdString()), std::string::npos);
  EXPECT_EQ(*session().parameters(), shipped);  // nothing happens before the choice
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return session().hasUnsavedTraining(); }, 20000));
  EXPECT_EQ(*session().parameters(), trained);
  EXPECT_EQ(drawing(), drawn);
  EXPECT_EQ(session().modelName(), "harley");
  EXPECT_EQ(session().startFrom(), ui::StartFrom::Trained);
  // Kept by this run now, and by this one alone.
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().size() == 1; }, 20000));
  ASSERT_TRUE(isKept(true, true));
  session().reset();
  EXPECT_EQ(*session().parameters(), shipped);
}

TEST_F(RecoveryTest, ANetworkOfAFileComesBackWithoutItsFile) {
  const QString path = folder.filePath("mine.json");
  QFile::copy(CONVSCOPE_SOURCE_DIR "/resources/networks/tiny.json", path);
  session().openFile(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return session().modelName() == path; }, 20000));
  train();
  ASSERT_TRUE(isKept(true, false));
  const std::vector<float> trained = *session().parameters();
  QFile::remove(path);
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return session().hasUnsavedTraining(); }, 20000));
  EXPECT_EQ(session().modelName(), path);
  EXPECT_EQ(session().modelTitle(), "mine.json");
  EXPECT_EQ(*session().parameters(), trained);
  EXPECT_EQ(session().startFrom(), ui::StartFrom::Random);
}

TEST_F(RecoveryTest, OnlyTheChoiceThrowsItAway) {
  drawThree();
  ASSERT_TRUE(isKept(false, true));
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  click("messageClose");  // not now
  recovery->forget();     // and a clean end
  EXPECT_EQ(kept().size(), 1);
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  button("messageRefusal")->click();
  EXPECT_TRUE(QTest::qWaitFor([&] { return QDir(root).isEmpty(QDir::AllEntries | QDir::NoDotAndDotDot); }, 5000));
}

TEST_F(RecoveryTest, ACleanEndLeavesNothing) {
  drawThree();
  ASSERT_TRUE(isKept(false, true));
  recovery->forget();
  EXPECT_TRUE(QDir(root).isEmpty(QDir::AllEntries | QDir::NoDotAndDotDot));
}

TEST_F(RecoveryTest, WhatIsSavedOrWipedIsKeptNoLonger) {
  train();
  ASSERT_TRUE(isKept(true, false));
  session().save(folder.filePath("mine.onnx"));
  EXPECT_TRUE(isKept(false, false));
}

TEST_F(RecoveryTest, WhatAMessageOffersToBringBackIsKeptAsWell) {
  train();
  const std::vector<float> trained = *session().parameters();
  session().reset();
  ASSERT_TRUE(QTest::qWaitFor([&] { return keptOffer(); }, 20000));
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return session().hasUnsavedTraining(); }, 20000));
  EXPECT_EQ(*session().parameters(), trained);
  // Reset and brought back in the same run, they are kept once.
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().size() == 1 && !keptOffer(); }, 20000));
  session().reset();
  ASSERT_TRUE(QTest::qWaitFor([&] { return keptOffer(); }, 20000));
  button("messageAction")->click();
  EXPECT_EQ(*session().parameters(), trained);
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().size() == 1 && !keptOffer(); }, 20000));
  EXPECT_TRUE(isKept(true, false));
}

TEST_F(RecoveryTest, AnOfferThatIsClosedIsKeptNoLonger) {
  train();
  session().reset();
  ASSERT_TRUE(QTest::qWaitFor([&] { return keptOffer(); }, 20000));
  click("messageClose");
  drawThree();
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().size() == 1 && !keptOffer(); }, 20000));
  EXPECT_TRUE(isKept(false, true));
  recovery->forget();
  EXPECT_TRUE(QDir(root).isEmpty(QDir::AllEntries | QDir::NoDotAndDotDot));
}

TEST_F(RecoveryTest, AProgramThatRunsIsLeftAlone) {
  drawThree();
  ASSERT_TRUE(isKept(false, true));
  ui::Recovery other(session(), window(), root);
  other.offerOthers();
  QTest::qWait(300);
  EXPECT_FALSE(button("messageRefusal")->isVisible());
  EXPECT_EQ(kept().size(), 1);
}

TEST_F(RecoveryTest, WhatCannotBeReadIsToldAndPutAside) {
  train();
  drawThree();
  ASSERT_TRUE(isKept(true, true));
  const QImage drawn = drawing();
  const QDir own(QDir(root).filePath(kept().front()));
  const QString id = own.dirName();
  recovery.reset();
  for (const QString& name : own.entryList({"*.onnx"})) {
    QFile file(own.filePath(name));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("no model");
  }
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().message().kind == ui::Message::Kind::Failure; }, 20000));
  EXPECT_EQ(drawing(), drawn);  // what is whole comes back
  EXPECT_TRUE(kept().contains("broken-" + id));

  QDir(root).mkpath("2020");
  QFile about(QDir(root).filePath("2020/about.json"));
  ASSERT_TRUE(about.open(QIODevice::WriteOnly));
  about.write("{\"version\": 1, \"weights\": \"../../x.onnx\", \"drawing\": \"AAAA\"");
  about.close();
  dieAndStartAgain();
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().contains("broken-2020"); }, 20000));
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().count() == 2; }, 5000));
}

TEST_F(RecoveryTest, ADiskThatTakesNothingIsToldOnce) {
  QFile file(folder.filePath("file"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.close();
  recovery = std::make_unique<ui::Recovery>(session(), window(), folder.filePath("file/recovery"));
  recovery->setPace(0, 0);
  QSignalSpy told(&session(), &ui::Session::messageRaised);
  drawThree();
  ASSERT_TRUE(QTest::qWaitFor([&] { return told.count() > 0; }, 20000));
  window().padPanel().pad()->undo();
  window().padPanel().pad()->redo();
  QTest::qWait(300);
  EXPECT_EQ(told.count(), 1);
  EXPECT_FALSE(recovery->keepNow());
  recovery->setPace(100000, 100000);
}

TEST_F(RecoveryTest, TheEndOfTheDesktopSessionKeepsWithoutAQuestion) {
  recovery->setPace(100000, 100000);
  train();
  recovery->keepForSessionEnd();
  EXPECT_TRUE(recovery->keeps());
  EXPECT_TRUE(isKept(true, false));
  EXPECT_TRUE(window().close());
  EXPECT_EQ(asked, 0);
}

TEST(EndSignalsTest, ASignalArrivesInTheEventLoop) {
  std::signal(SIGHUP, SIG_DFL);  // nohup would have switched it off
  const ui::EndSignals end;
  QSignalSpy arrived(&end, &ui::EndSignals::arrived);
  std::raise(SIGTERM);
  std::raise(SIGHUP);
  ASSERT_TRUE(QTest::qWaitFor([&] { return arrived.count() == 2; }, 5000));
  EXPECT_EQ(arrived[0][0].toInt(), SIGTERM);
}

TEST(FoldersTest, WhatIsNotThereGivesWayToTheHomeFolder) {
  const QTemporaryDir folder;
  EXPECT_EQ(ui::answeringFolder(folder.path()), folder.path());
  EXPECT_EQ(ui::answeringFolder(folder.filePath("gone")), QDir::homePath());
  QObject context;
  bool there = false, gone = false;
  ui::whenFolderAnswers(folder.filePath("gone"), &context, [&] { gone = true; });
  ui::whenFolderAnswers(folder.path(), &context, [&] { there = true; });
  ASSERT_TRUE(QTest::qWaitFor([&] { return there; }, 5000));
  EXPECT_FALSE(gone);
}

// Qt's own dialog reads the beginning of every file in its folder, and /proc/kmsg lets its reader wait until the kernel speaks.
TEST(FoldersTest, DialogsLookIntoNoFile) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("picture");
  ASSERT_TRUE(QImage(8, 8, QImage::Format_RGB32).save(path, "PNG"));
  QFileDialog dialog(nullptr, "Open", "/proc");
  dialog.setOption(QFileDialog::DontUseNativeDialog);
  ui::lookIntoNoFile(dialog);
  EXPECT_EQ(dialog.iconProvider()->type(QFileInfo(path)), "File");
  EXPECT_EQ(dialog.iconProvider()->type(QFileInfo(folder.path())), "Folder");
  dialog.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&dialog));
  QTest::qWait(300);
  EXPECT_FALSE(dialog.iconProvider()->type(QFileInfo("/proc/kmsg")).isEmpty());
  EXPECT_FALSE(dialog.iconProvider()->icon(QFileInfo("/proc/kmsg")).isNull());
}

}  // namespace
