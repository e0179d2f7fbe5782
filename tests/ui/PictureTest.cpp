// A picture that is opened is what the network is given, in its own pixels, as the commands give it: the pad shows it, and no more.
#include <algorithm>
#include <gtest/gtest.h>

#include <QDir>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>

#include "data/InputPipeline.h"
#include "io/Files.h"
#include "io/PictureFile.h"
#include "ui/AnswerTools.h"
#include "ui/app/SessionFiles.h"

namespace {

class PictureTest : public uitest::AnsweringWindow {
 protected:
  // Dark on light, a hook of some grays.
  QString picture(QSize size) {
    QImage image(size, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.scale(size.width() / 28.0, size.height() / 28.0);
    painter.setPen(QPen(QColor(40, 40, 40), 3));
    painter.drawPolyline(QPolygonF({{7, 6}, {19, 8}, {11, 23}}));
    painter.setPen(QPen(QColor(150, 150, 150), 2));
    painter.drawLine(QPointF(8, 15), QPointF(20, 14));
    painter.end();
    const QString path = folder.filePath(QString("%1x%2.png").arg(size.width()).arg(size.height()));
    EXPECT_TRUE(image.save(path));
    return path;
  }
  void openPicture(const QString& path) {
    QSignalSpy edited(&pad(), &ui::DrawingPad::edited);
    window().files().openPath(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !edited.empty() && workbench().inference().upToDate(); }, 20000));
  }
  std::vector<float> fed() {
    const auto values = workbench().inference().values()->of(workbench().network()->inputs().front());
    return {values.begin(), values.end()};
  }
  // As predict, explain and render feed it.
  std::vector<float> fedByCommands(const QString& path) {
    const data::InputPipeline pipeline(*workbench().network());
    const data::Picture read = io::readPicture(path);
    std::vector<float> input(workbench().network()->inputShape().size());
    pipeline.write(pipeline.prepare(read.ink, workbench().inference().likeMnist()).result, read.colors.get(), input);
    return input;
  }
  void useSession(const QString& path, bool save) {
    ui::SessionFiles& sessions = window().files().sessions();
    QSignalSpy used(&sessions, &ui::SessionFiles::used);
    save ? sessions.save(path) : window().files().openPath(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !used.empty() && workbench().inference().upToDate(); }, 20000));
  }
};

TEST_F(PictureTest, IsFedAsTheCommandsFeedIt) {
  for (const QSize size : {QSize(28, 28), QSize(8, 8), QSize(9, 40), QSize(300, 120), QSize(1000, 1000)}) {
    const QString path = picture(size);
    openPicture(path);
    const std::vector<float> given = fed();
    ASSERT_NE(*std::max_element(given.begin(), given.end()), 0) << size.width();
    EXPECT_EQ(given, fedByCommands(path)) << size.width();
    key(Qt::Key_M, Qt::ControlModifier);
    settle();
    EXPECT_FALSE(workbench().inference().likeMnist());
    EXPECT_EQ(fed(), fedByCommands(path)) << size.width() << ", unprepared";
    key(Qt::Key_M, Qt::ControlModifier);
    settle();
  }
}

TEST_F(PictureTest, StaysAsItCameUntilSomethingIsDrawnOnIt) {
  openPicture(picture({28, 28}));
  const std::vector<float> given = fed();
  useSession(folder.filePath("a.convscope"), true);
  ui::Visitor(*program).stroke({{40, 40}, {240, 60}});
  settle();
  EXPECT_EQ(pad().drawing().ink, pad().ink()) << "drawn on, it is ink";
  const std::vector<float> drawn = fed();
  EXPECT_NE(drawn, given);
  useSession(folder.filePath("b.convscope"), true);
  key(Qt::Key_Z, Qt::ControlModifier);
  settle();
  EXPECT_EQ(fed(), given) << "undone";
  useSession(folder.filePath("b.convscope"), false);
  EXPECT_EQ(fed(), drawn) << "with the session";
  useSession(folder.filePath("a.convscope"), false);
  EXPECT_EQ(fed(), given) << "with the session";
}

// Beside a photo of another shape than the input's, the pad shows what the network is given there.
TEST_F(PictureTest, StandsOnThePadOnWhatTheNetworkIsGivenAroundIt) {
  QImage photo(60, 20, QImage::Format_RGB32);
  photo.fill(QColor(200, 120, 40));
  const QString file = folder.filePath("wide.png");
  ASSERT_TRUE(photo.save(file));
  for (const bool light : {false, true}) {
    const QString path = folder.filePath(QString("colors%1.json").arg(light));
    const std::string name = light ? "white" : "black";
    io::writeFile(path, QByteArray(R"({"name": ")" + QByteArray::fromStdString(name) + R"(", "input": {"ink": ")" +
                                   (light ? "dark on light" : "light on dark") +
                                   R"("}, "nodes": [{"name": "input", "type": "input", "channels": 3, "height": 32, "width": 32},
                                      {"name": "scores", "type": "dense", "units": 3}]})"));
    open(path, name);
    openPicture(file);
    EXPECT_EQ(fed().front(), float(light)) << "the corner of the input";
    const QRectF square = pad().square();
    const QColor above = pad().grab().toImage().pixelColor(int(square.center().x()), int(square.top() + square.height() / 10));
    EXPECT_EQ(above, QColor(light ? Qt::white : Qt::black));
  }
}

}  // namespace
