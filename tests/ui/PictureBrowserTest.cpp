// Folders of pictures without classes, in the window.
#include <gtest/gtest.h>

#include <QDir>
#include <QImage>
#include <QLabel>
#include <QPushButton>

#include "io/ModelTools.h"
#include "ui/Pictures.h"
#include "ui/WindowTest.h"
#include "ui/app/UnlabeledAnswers.h"
#include "ui/app/Workbench.h"
#include "ui/base/PictureGrid.h"
#include "ui/panels/datasets/PictureBrowser.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/MessageStrip.h"

namespace {

// A digit as ink on paper.
QImage pageOf(int digit) {
  const data::GrayImage drawn = data::strokeDigit(digit, std::uint64_t(7 + digit), 100);
  QImage image(drawn.width, drawn.height, QImage::Format_RGB32);
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) {
      const int light = 255 - int(255 * drawn.ink[std::size_t(y * drawn.width + x)]);
      image.setPixel(x, y, qRgb(light, light, light));
    }
  return image;
}

class PictureBrowserTest : public uitest::WindowTest {
 protected:
  QString put(const QString& name, const QImage& image) {
    const QString path = folder.filePath(name);
    EXPECT_TRUE(QDir().mkpath(QFileInfo(path).path()));
    EXPECT_TRUE(image.save(path));
    return path;
  }
  void putDigits(int count) {
    for (int i = 0; i < count; ++i) put(QString("scans/%1.png").arg(i), pageOf(i % 10));
  }
  ui::PictureBrowser* browser() { return window().findChild<ui::PictureBrowser*>(); }
  ui::PictureBrowser* open(const QString& name) {
    window().files().openPath(folder.filePath(name));
    EXPECT_TRUE(QTest::qWaitFor([&] { return browser() && !workbench().jobs().busy(); }, 20000));
    EXPECT_TRUE(!browser() || QTest::qWaitForWindowExposed(browser()));
    return browser();
  }
  ui::UnlabeledAnswers& answers() { return *browser()->findChild<ui::UnlabeledAnswers*>(); }
  ui::PictureGrid& grid() { return *browser()->findChild<ui::PictureGrid*>("unlabeledGrid"); }
  QString words() { return browser()->findChild<QLabel*>("unlabeledPicture")->text(); }
  bool answered(std::size_t index) {
    return QTest::qWaitFor([&] { return !answers().answer(index).brief.isEmpty(); }, 20000);
  }
};

TEST_F(PictureBrowserTest, AFolderWithoutClassesIsLookedAtWithTheAnswers) {
  putDigits(10);
  modeltest::writeAll(folder.filePath("scans/broken.png"), "no picture");
  const QString data = workbench().library().current().key;
  ASSERT_TRUE(open("scans"));
  EXPECT_EQ(workbench().library().current().key, data) << "it is no data";
  EXPECT_EQ(grid().count(), 11u);
  const QString about = browser()->findChild<QLabel*>("unlabeledWhat")->text();
  EXPECT_TRUE(about.contains("11 pictures lie there, in no folders of classes")) << about.toStdString();
  EXPECT_TRUE(about.contains("put those of each class into a folder of its own"));
  int right = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    ASSERT_TRUE(answered(i)) << i;
    right += answers().answer(i).brief.startsWith(QString::number(i));
    EXPECT_FALSE(answers().picture(i).isNull());
  }
  EXPECT_GE(right, 8);
  ASSERT_TRUE(answered(10));
  EXPECT_EQ(answers().answer(10).brief, "not read");
  EXPECT_TRUE(words().startsWith("0.png: ")) << words().toStdString();
  pictures::keep(*browser(), "picture-browser");
}

TEST_F(PictureBrowserTest, APictureGoesToThePadAndIsAnsweredTheSame) {
  putDigits(10);
  ASSERT_TRUE(open("scans"));
  auto& pad = *window().padPanel().pad();
  for (const int place : {3, 7}) {
    ASSERT_TRUE(answered(std::size_t(place)));
    pad.clear();
    grid().setCurrent(place);
    browser()->findChild<QPushButton*>("unlabeledToPad")->click();
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return !pad.isEmpty() && window().answer().winner() >= 0 && workbench().inference().upToDate(); }, 20000));
    const auto probabilities = workbench().inference().probabilities();
    const int winner = window().answer().winner();
    EXPECT_TRUE(answers().answer(std::size_t(place)).whole.startsWith(QString::number(winner))) << place;
    EXPECT_EQ(probabilities.size(), 10u);
  }
}

TEST_F(PictureBrowserTest, AnotherNetworkAnswersAnew) {
  putDigits(4);
  ASSERT_TRUE(open("scans"));
  ASSERT_TRUE(answered(0));
  window().files().openShipped("unet-mini");
  EXPECT_TRUE(QTest::qWaitFor([&] { return answers().answer(0).brief.isEmpty() || !answers().answer(0).brief.startsWith('0'); }, 20000));
  window().files().openShipped("softmax");
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == "softmax"; }, 20000));
  EXPECT_TRUE(answered(3));
}

TEST_F(PictureBrowserTest, OnlyWhatIsSeenIsRead) {
  const QString first = put("many/0.png", pageOf(3));
  for (int i = 1; i < 400; ++i) ASSERT_TRUE(QFile::link(first, folder.filePath(QString("many/%1.png").arg(i))));
  ASSERT_TRUE(open("many"));
  ASSERT_EQ(grid().count(), 400u);
  ASSERT_TRUE(answered(0));
  const std::size_t seen = grid().seen().size();
  ASSERT_LT(seen, 200u);
  ASSERT_TRUE(answered(seen - 1));
  settle(100);
  EXPECT_TRUE(answers().answer(399).brief.isEmpty()) << "nobody looks at it";
  QTest::keyClick(&grid(), Qt::Key_End);
  EXPECT_TRUE(answered(399));
}

TEST_F(PictureBrowserTest, OneClassAloneIsLookedAtToo) {
  put("animals/cat/1.png", pageOf(1));
  ASSERT_TRUE(open("animals"));
  EXPECT_EQ(grid().count(), 1u);
  EXPECT_TRUE(browser()->findChild<QLabel*>("unlabeledWhat")->text().contains("one class leaves nothing to tell apart"));
  // It may be closed while it reads; another folder takes its place.
  putDigits(10);
  window().files().openPath(folder.filePath("scans"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return browser() && grid().count() == 10u; }, 20000));
  browser()->close();
  EXPECT_TRUE(QTest::qWaitFor([&] { return !browser(); }, 5000));
}

TEST_F(PictureBrowserTest, ItGoesOnWhileItTrains) {
  putDigits(3);
  useSmallData();
  ASSERT_TRUE(open("scans"));
  ASSERT_TRUE(answered(2));
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1 && !workbench().training().running(); }, 20000));
  EXPECT_TRUE(answered(2));
}

}  // namespace
