// After an end that asked nobody, what was trained and drawn is offered back.
#include <gtest/gtest.h>

#include <QListWidget>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>

#include "io/Files.h"
#include "ui/WindowTest.h"
#include "ui/model/InkCanvas.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/MessageStrip.h"
#include "ui/shell/Recovery.h"
#include "ui/shell/RecoveryDialog.h"

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
    recovery = std::make_unique<ui::Recovery>(workbench(), window(), root);
    recovery->setPace(0, 0);
  }
  // As after kill -9: nothing tidies up.
  void dieAndStartAgain() {
    recovery.reset();
    program.reset();
    start();
    keep();
    recovery->others().search();
  }
  QStringList kept() const { return QDir(root).entryList({"*.convscope"}, QDir::Files); }
  bool isKept(bool trained, bool drawing) {
    return QTest::qWaitFor(
        [&] {
          const QStringList files = kept();  // once: what is asked twice may be gone the second time
          if (files.isEmpty()) return !trained && !drawing;
          try {
            const ui::SessionAbout about = ui::SessionFiles::readAbout(QDir(root).filePath(files.last()));
            return about.trained == trained && about.drawing == drawing;
          } catch (const nn::Error&) {
            return false;
          }
        },
        60000);
  }
  // The weights that a message offers, and nothing else.
  bool keptOffer() const {
    const QStringList files = kept();
    return files.size() == 1 && files.front().endsWith("-1.convscope");
  }
  void leave(const QString& title, int daysAgo) {
    QDir().mkpath(root);
    ui::DrawingPad* pad = window().padPanel().pad();
    const ui::DrawingPad::Content before = pad->content();
    pad->setContent({ui::InkCanvas::Pixels(before.pixels.size(), 90), nullptr});
    const ui::SessionAbout about{title, QDateTime::currentDateTime().addDays(-daysAgo), false, true};
    ui::SessionFiles::write(window().files().sessions().capture(about, false), {}, QDir(root).filePath(title + ".convscope"));
    pad->setContent(before);
  }
  void train() {
    useSmallData();
    workbench().singleStep();
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && !workbench().training().running(); }, 60000));
  }
  QPushButton* button(const char* name) { return window().findChild<QPushButton*>(name); }
  bool offered() {
    return QTest::qWaitFor([&] { return button("messageRefusal")->isVisible(); }, 60000);
  }
  QImage drawing() { return window().padPanel().pad()->picture(); }

  QString root;
  std::unique_ptr<ui::Recovery> recovery;
};

TEST_F(RecoveryTest, WeightsAndDrawingComeBackAsTheyWere) {
  const std::vector<float> shipped = *workbench().parameters();
  train();
  drawThree();
  ASSERT_TRUE(isKept(true, true));
  const std::vector<float> trained = *workbench().parameters();
  const QImage drawn = drawing();
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  EXPECT_NE(window().messages().message().issue.what.find(workbench().model().title.toStdString()), std::string::npos);
  EXPECT_EQ(*workbench().parameters(), shipped);  // nothing happens before the choice
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist(); }, 60000));
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_EQ(drawing(), drawn);
  EXPECT_EQ(workbench().model().name, "harley");
  EXPECT_EQ(workbench().model().startFrom, ui::StartFrom::Trained);
  // Kept by this run now, and by this one alone.
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().size() == 1; }, 60000));
  ASSERT_TRUE(isKept(true, true));
  workbench().reset();
  EXPECT_EQ(*workbench().parameters(), shipped);
}

TEST_F(RecoveryTest, ANetworkOfAFileComesBackWithoutItsFile) {
  const QString path = folder.filePath("mine.json");
  QFile::copy(CONVSCOPE_SOURCE_DIR "/resources/networks/tiny.json", path);
  workbench().models().openFile(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == path; }, 60000));
  train();
  ASSERT_TRUE(isKept(true, false));
  const std::vector<float> trained = *workbench().parameters();
  QFile::remove(path);
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist(); }, 60000));
  EXPECT_EQ(workbench().model().name, path);
  EXPECT_EQ(workbench().model().title, "mine.json");
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_EQ(workbench().model().startFrom, ui::StartFrom::Random);
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
  EXPECT_TRUE(QTest::qWaitFor([&] { return QDir(root).isEmpty(QDir::AllEntries | QDir::NoDotAndDotDot); }, 60000));
}

TEST_F(RecoveryTest, OneMessageOffersAllThatIsLeft) {
  for (int i = 1; i <= 7; ++i) leave(QString("run %1").arg(i), i);
  QSignalSpy searched(&recovery->others(), &ui::RecoveryOffers::searched);
  recovery->others().search();
  ASSERT_TRUE(QTest::qWaitFor([&] { return searched.count() == 1; }, 60000));
  EXPECT_EQ(window().messages().count(), 1u);
  const nn::Issue told = window().messages().message().issue;
  EXPECT_NE(told.what.find("run 1,"), std::string::npos) << told.what;
  EXPECT_NE(told.hint.find("6 older"), std::string::npos) << told.hint;
  EXPECT_EQ(kept().size(), 7);
  button("messageRefusal")->click();
  QPointer<ui::RecoveryDialog> dialog = window().findChild<ui::RecoveryDialog*>();
  ASSERT_TRUE(dialog);
  auto* list = dialog->findChild<QListWidget*>();
  ASSERT_EQ(list->count(), 7);
  dialog->findChild<QPushButton*>("recoveryDelete")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().size() == 6; }, 60000));
  EXPECT_FALSE(kept().contains("run 1.convscope"));
  EXPECT_TRUE(window().padPanel().pad()->isEmpty());
  dialog->findChild<QPushButton*>("recoveryRestore")->click();
  EXPECT_TRUE(QTest::qWaitFor([&] { return !window().padPanel().pad()->isEmpty(); }, 60000));
  ASSERT_TRUE(QTest::qWaitFor([&] { return !kept().contains("run 2.convscope"); }, 60000));
  EXPECT_EQ(list->count(), 5);
  dialog->close();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !dialog; }, 60000));
  // What was not answered is offered again.
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  EXPECT_TRUE(kept().contains("run 7.convscope"));
}

TEST_F(RecoveryTest, WhatNobodyAnswersIsKeptWithinBounds) {
  for (int i = 1; i <= ui::RecoveryOffers::kMostLeft + 3; ++i) leave(QString("%1").arg(100 - i), i);
  leave("00 old", ui::RecoveryOffers::kMostDays + 1);
  leave("01 old", ui::RecoveryOffers::kMostDays - 1);
  QSignalSpy searched(&recovery->others(), &ui::RecoveryOffers::searched);
  recovery->others().search();
  ASSERT_TRUE(QTest::qWaitFor([&] { return searched.count() == 1; }, 60000));
  EXPECT_EQ(kept().size(), ui::RecoveryOffers::kMostLeft);
  EXPECT_EQ(kept().last(), "99.convscope");
  recovery->forget();
  for (const QString& name : kept()) QFile::remove(QDir(root).filePath(name));
  keep();
  leave("00 old", ui::RecoveryOffers::kMostDays + 1);
  leave("01 old", ui::RecoveryOffers::kMostDays - 1);
  QSignalSpy again(&recovery->others(), &ui::RecoveryOffers::searched);
  recovery->others().search();
  ASSERT_TRUE(QTest::qWaitFor([&] { return again.count() == 1; }, 60000));
  EXPECT_EQ(kept(), QStringList("01 old.convscope"));
}

// Nobody is asked about it: an end is an end.
TEST_F(RecoveryTest, ACleanEndKeepsTheDrawingButNotTheWeightsThatWereDecidedAbout) {
  train();
  drawThree();
  const QImage drawn = drawing();
  recovery->forget();  // at once
  ASSERT_TRUE(isKept(false, true));
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return drawing() == drawn; }, 60000));
}

TEST_F(RecoveryTest, WhatIsSavedOrWipedIsKeptNoLonger) {
  train();
  ASSERT_TRUE(isKept(true, false));
  window().files().sessions().save(folder.filePath("mine.convscope"));
  EXPECT_TRUE(isKept(false, false));
  drawThree();
  ASSERT_TRUE(isKept(false, true));
  window().files().sessions().save(folder.filePath("mine.convscope"));
  EXPECT_TRUE(isKept(false, false));
}

TEST_F(RecoveryTest, WhatAMessageOffersToBringBackIsKeptAsWell) {
  train();
  const std::vector<float> trained = *workbench().parameters();
  workbench().reset();
  ASSERT_TRUE(QTest::qWaitFor([&] { return keptOffer(); }, 60000));
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist(); }, 60000));
  EXPECT_EQ(*workbench().parameters(), trained);
  // Reset and brought back in the same run, they are kept once.
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().size() == 1 && !keptOffer(); }, 60000));
  workbench().reset();
  ASSERT_TRUE(QTest::qWaitFor([&] { return keptOffer(); }, 60000));
  button("messageAction")->click();
  EXPECT_EQ(*workbench().parameters(), trained);
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().size() == 1 && !keptOffer(); }, 60000));
  EXPECT_TRUE(isKept(true, false));
}

TEST_F(RecoveryTest, ACleanEndKeepsWhatIsStillOffered) {
  train();
  const std::vector<float> trained = *workbench().parameters();
  workbench().reset();
  recovery->forget();  // at once: nobody was asked about them
  EXPECT_EQ(kept().size(), 1);
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist(); }, 60000));
  EXPECT_EQ(*workbench().parameters(), trained);
}

// The person let them go, but may still think better of it.
TEST_F(RecoveryTest, WhatUndoWouldBringBackIsKeptUntilTheEnd) {
  train();
  const std::vector<float> trained = *workbench().parameters();
  window().files().openShipped("softmax");
  ASSERT_EQ(workbench().model().name, "softmax");
  ASSERT_TRUE(QTest::qWaitFor([&] { return keptOffer(); }, 60000));
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist(); }, 60000));
  EXPECT_EQ(workbench().model().name, "harley");
  EXPECT_EQ(*workbench().parameters(), trained);
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().size() == 1 && !keptOffer(); }, 60000));
  window().files().openShipped("softmax");
  ASSERT_TRUE(QTest::qWaitFor([&] { return keptOffer(); }, 60000));
  recovery->forget();
  EXPECT_TRUE(kept().isEmpty()) << "a clean end";
}

TEST_F(RecoveryTest, AnOfferThatIsRefusedIsKeptNoLonger) {
  train();
  workbench().reset();
  ASSERT_TRUE(QTest::qWaitFor([&] { return keptOffer(); }, 60000));
  button("messageRefusal")->click();
  drawThree();
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().size() == 1 && !keptOffer(); }, 60000));
  EXPECT_TRUE(isKept(false, true));
  window().padPanel().pad()->clear();
  recovery->forget();
  EXPECT_TRUE(QDir(root).isEmpty(QDir::AllEntries | QDir::NoDotAndDotDot));
}

TEST_F(RecoveryTest, AProgramThatRunsIsLeftAlone) {
  drawThree();
  ASSERT_TRUE(isKept(false, true));
  ui::Recovery other(workbench(), window(), root);
  QSignalSpy searched(&other.others(), &ui::RecoveryOffers::searched);
  other.others().search();
  ASSERT_TRUE(QTest::qWaitFor([&] { return searched.count() == 1; }, 60000));
  EXPECT_FALSE(button("messageRefusal")->isVisible());
  EXPECT_EQ(kept().size(), 1);
}

TEST_F(RecoveryTest, WhatIsNoneIsToldAndPutAside) {
  QDir().mkpath(root);
  QFile file(QDir(root).filePath("2020.convscope"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write("no session");
  file.close();
  dieAndStartAgain();
  ASSERT_TRUE(QTest::qWaitFor([&] { return kept().contains("broken-2020.convscope"); }, 60000));
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().count() == 1; }, 60000));
  EXPECT_EQ(window().messages().message().kind, ui::Message::Kind::Failure);
}

// What of a damaged file is whole comes back; the file stays.
TEST_F(RecoveryTest, WhatIsWholeOfADamagedFileComesBack) {
  train();
  drawThree();
  ASSERT_TRUE(isKept(true, true));
  const std::vector<float> trained = *workbench().parameters(), shipped = *workbench().model().trained;
  const QImage drawn = drawing();
  recovery.reset();
  const QString name = kept().front(), path = QDir(root).filePath(name);
  const QByteArray whole = io::readFile(path, 1 << 28);
  const auto bringBack = [&](const QByteArray& damaged, const QString& offer, const QString& lost) {
    SCOPED_TRACE(lost.toStdString());
    recovery.reset();
    for (const QString& old : kept()) QFile::remove(QDir(root).filePath(old));
    io::writeFile(path, damaged);
    dieAndStartAgain();
    ASSERT_TRUE(offered());
    const ui::Message message = window().messages().message();
    EXPECT_TRUE(message.issue.what.starts_with(offer.toStdString())) << message.issue.what;
    EXPECT_NE(message.issue.hint.find("of its file " + lost.toStdString() + " cannot be read"), std::string::npos) << message.issue.hint;
    button("messageAction")->click();
    ASSERT_TRUE(QTest::qWaitFor([&] { return kept().contains("broken-" + name) && kept().size() == 2; }, 60000));
    const nn::Issue told = window().messages().message().issue;
    EXPECT_NE(told.hint.find("broken-" + name.toStdString()), std::string::npos) << told.hint;
    EXPECT_EQ(io::readFile(QDir(root).filePath("broken-" + name), 1 << 28), damaged);
  };
  bringBack(whole.chopped(100), "Trained weights and drawing of", "the state of the training and what stands at the end of the file");
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_EQ(drawing(), drawn);
  EXPECT_TRUE(workbench().unsavedWeights().exist());
  EXPECT_FALSE(workbench().training().exists());
  QByteArray turned = whole;
  turned[turned.indexOf("parameters") + 100] ^= 1;
  bringBack(turned, "Drawing on", "the network with its weights");
  EXPECT_EQ(*workbench().parameters(), shipped);
  EXPECT_EQ(drawing(), drawn);
  turned = whole;
  turned[turned.indexOf("title") + 8] ^= 1;
  bringBack(turned, "Trained weights and drawing of " + name.chopped(10), "its title and time");
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_EQ(step(), 1u);
  EXPECT_EQ(drawing(), drawn);
}

// The run with its moments and its curves, and a photo with its colors.
TEST_F(RecoveryTest, ARunGoesOnAndAPhotoIsOne) {
  train();
  auto colors = std::make_shared<data::ColorImage>(data::ColorImage{{3, 2, 4}, {}});
  for (int i = 0; i < 24; ++i) colors->pixels.push_back(std::uint8_t(10 * i));
  window().padPanel().pad()->setInk({4, 2, {0, 0.25f, 0.5f, 0.75f, 1, 0, 1, 0}}, colors);
  const QImage drawn = drawing();
  ASSERT_TRUE(isKept(true, true));
  const std::vector<float> trained = *workbench().parameters();
  dieAndStartAgain();
  ASSERT_TRUE(offered());
  button("messageAction")->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1; }, 60000));
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_TRUE(workbench().unsavedWeights().exist());
  EXPECT_FALSE(workbench().training().run().metrics.series(train::MetricLog::kTrainingLoss).empty());
  EXPECT_EQ(drawing(), drawn);
  const auto back = window().padPanel().pad()->drawing().colors;
  ASSERT_TRUE(back);
  EXPECT_EQ(back->pixels, colors->pixels);
  EXPECT_EQ(back->shape, colors->shape);
}

TEST_F(RecoveryTest, ADiskThatTakesNothingIsToldOnce) {
  QFile file(folder.filePath("file"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.close();
  recovery = std::make_unique<ui::Recovery>(workbench(), window(), folder.filePath("file/recovery"));
  recovery->setPace(0, 0);
  QSignalSpy told(&workbench(), &ui::Workbench::messageRaised);
  drawThree();
  ASSERT_TRUE(QTest::qWaitFor([&] { return told.count() > 0; }, 60000));
  QSignalSpy wrote(recovery.get(), &ui::Recovery::wrote);
  workbench().undo();
  workbench().redo();
  ASSERT_TRUE(QTest::qWaitFor([&] { return wrote.count() >= 2; }, 60000));  // tried again
  EXPECT_EQ(told.count(), 1);
  EXPECT_TRUE(window().messages().tells("cannot be kept for the next start"));
  ASSERT_TRUE(file.remove());
  workbench().undo();
  EXPECT_TRUE(QTest::qWaitFor([&] { return window().messages().count() == 0; }, 60000)) << "it works again";
  recovery.reset();
  QDir(folder.filePath("file")).removeRecursively();
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.close();
  recovery = std::make_unique<ui::Recovery>(workbench(), window(), folder.filePath("file/recovery"));
  workbench().redo();
  EXPECT_FALSE(recovery->keepNow());
  recovery->setPace(100000, 100000);
}

}  // namespace
