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

TEST_F(WindowTest, OfASessionWhoseDataIsGoneItIsSaidWhatTakesItsPlace) {
  const QString path = folder.filePath("lecture.convscope");
  const QDir gone(folder.filePath("gone"));
  ASSERT_TRUE(gone.mkpath("."));
  io::writeIdx(gone.filePath("train-images-idx3-ubyte"), gone.filePath("train-labels-idx1-ubyte"), *data::generateStrokeDigits(200, 9));
  const auto used = [this](const std::function<void()>& act) {
    QSignalSpy spy(&window().files().sessions(), &ui::SessionFiles::used);
    act();
    ASSERT_TRUE(QTest::qWaitFor([&] { return spy.count() > 0; }, 60000));
  };
  window().files().openPath(gone.path());
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().current().key == gone.path(); }, 60000));
  used([&] { window().files().sessions().save(path); });
  ASSERT_TRUE(QDir(gone).removeRecursively());
  program.reset();
  start();
  std::string told;
  QObject::connect(&workbench(), &ui::Workbench::messageRaised,
                   [&](const ui::Message& message) { told += message.issue.where + ": " + message.issue.what + "\n"; });
  used([&] { window().files().openPath(path); });
  const std::string instead = workbench().library().current().title.toStdString();
  for (const std::string& words : {std::string("lecture.convscope: "), std::string("gone"), "In its place is " + instead})
    EXPECT_NE(told.find(words), std::string::npos) << told;
}

}  // namespace
