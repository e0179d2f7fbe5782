// What somebody else has made of the file of a session, or of the data that it names, since it was written.
#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTimer>

#include "data/StrokeDigits.h"
#include "io/Files.h"
#include "ui/WindowTest.h"
#include "ui/app/FileCommands.h"
#include "ui/app/SessionFiles.h"

namespace {

using uitest::WindowTest;

TEST_F(WindowTest, ASessionThatSomebodyElseChangedIsNotReplacedWithoutAQuestion) {
  const QString path = folder.filePath("lecture.convscope");
  QStringList questions;
  const auto saved = [&](const char* button) {
    QSignalSpy spy(&window().files().sessions(), &ui::SessionFiles::used);
    QTimer asks;
    QObject::connect(&asks, &QTimer::timeout, [&] {
      auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
      if (!box) return;
      questions << box->text();
      for (QAbstractButton* one : box->buttons())
        if (one->text().remove('&') == QLatin1String(button)) return one->click();
    });
    asks.start(10);
    window().files().saveSession();
    return QTest::qWaitFor([&] { return spy.count() > 0 || QLatin1String(button) == QLatin1String("Cancel"); }, 60000);
  };
  QSignalSpy spy(&window().files().sessions(), &ui::SessionFiles::used);
  window().files().sessions().save(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return spy.count() > 0; }, 60000));
  ASSERT_TRUE(saved("Replace it"));
  EXPECT_TRUE(questions.isEmpty()) << "it is as this window left it";
  const QByteArray others = io::readFile(path, 1 << 26) + "others";
  io::writeFile(path, others);
  ASSERT_TRUE(saved("Cancel"));
  ASSERT_EQ(questions.size(), 1);
  EXPECT_TRUE(questions.front().contains("lecture.convscope")) << questions.front().toStdString();
  settle(50);
  EXPECT_EQ(io::readFile(path, 1 << 26), others);
  ASSERT_TRUE(saved("Replace it"));
  EXPECT_EQ(questions.size(), 2);
  ASSERT_TRUE(QTest::qWaitFor([&] { return io::readFile(path, 1 << 26) != others && !workbench().jobs().busy(); }, 60000));
  ASSERT_TRUE(saved("Replace it"));
  EXPECT_EQ(questions.size(), 2) << "replaced, it is this window's again";
}

}  // namespace
