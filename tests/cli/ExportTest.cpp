// Scenes as files: pictures, vectors, films.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>
#include <QTemporaryDir>

#include "cli/CommandRun.h"
#include "cli/ExportFile.h"
#include "io/FilmWriter.h"
#include "nn/Error.h"
#include "support/FakeFfmpeg.h"

namespace {

using clitest::run;

QByteArray bytesOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

clitest::Outcome rendered(const QString& out, const QString& view = "3d") {
  return run({"render", "harley", "--digit", "3", "--view", view, "--size", "640x400", "--select", "conv2:5,4,4", "--out", out});
}

// Mean difference of two pictures of one size, in 1/255 per channel.
double difference(const QImage& a, const QImage& b) {
  double sum = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) {
      const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
      sum += std::abs(qRed(p) - qRed(q)) + std::abs(qGreen(p) - qGreen(q)) + std::abs(qBlue(p) - qBlue(q));
    }
  return sum / 3 / a.width() / a.height();
}

// The drawing, shown by a reader of SVG, is the picture that the window would show.
TEST(Export, SvgHoldsThePictureAsVectors) {
  QTemporaryDir folder;
  for (const QString view : {"3d", "flat"}) {
    const QString svg = folder.filePath(view + ".svg"), png = folder.filePath(view + ".png");
    ASSERT_EQ(rendered(svg, view).status, 0);
    ASSERT_EQ(rendered(png, view).status, 0);
    const QByteArray text = bytesOf(svg);
    EXPECT_GT(text.count("<text"), 10) << "names stay text";
    EXPECT_GT(text.count("<p"), 3000) << "cells and edges are paths";
    EXPECT_LT(text.count("<image"), 40) << "only bars of legends, and kernels too small to see";
    QSvgRenderer renderer(text);
    ASSERT_TRUE(renderer.isValid());
    QImage shown(640, 400, QImage::Format_RGB32), blank(shown.size(), shown.format());
    QPainter painter(&shown);
    renderer.render(&painter);
    painter.end();
    const QImage expected(png);
    blank.fill(expected.pixel(2, 2));
    EXPECT_LT(difference(shown, expected), 0.2 * difference(blank, expected)) << view.toStdString();
  }
}

TEST(Export, PdfIsOnePageOfThePicturesShape) {
  QTemporaryDir folder;
  ASSERT_EQ(rendered(folder.filePath("a.pdf")).status, 0);
  const QByteArray text = bytesOf(folder.filePath("a.pdf"));
  EXPECT_TRUE(text.startsWith("%PDF-"));
  EXPECT_TRUE(text.contains("/Count 1"));
  EXPECT_TRUE(text.contains("/MediaBox [0 0 640 400]") || text.contains("/MediaBox [0 0 640.000000 400.000000]"));
  EXPECT_TRUE(text.contains("/FontFile2")) << "text stays text";
}

TEST(Export, SaysWhichKindsThereAre) {
  QTemporaryDir folder;
  const clitest::Outcome outcome = rendered(folder.filePath("a.xyz"));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, testing::HasSubstr("Use .png, .svg, .pdf"));
}

TEST(Export, AFailedWriteKeepsTheOldFile) {
  QTemporaryDir folder;
  const QString path = folder.filePath("no/such/folder.svg");
  const clitest::Outcome outcome = rendered(path);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, testing::HasSubstr("no/such/folder.svg"));
}

TEST(Film, EveryPictureArrives) {
  const FakeFfmpeg ffmpeg("echo \"$@\" > \"$last.words\"\ncat > \"$last\"\n");
  const QString out = ffmpeg.filePath("film.mp4");
  io::FilmWriter film(out, {4, 2}, 25);
  QImage picture(4, 2, QImage::Format_RGB32);
  picture.fill(QColor(10, 20, 30));
  film.add(picture);
  picture.fill(QColor(40, 50, 60));
  film.add(picture);
  QImage tall(4, 8, QImage::Format_RGB32);
  tall.fill(Qt::white);
  film.add(tall);
  EXPECT_FALSE(QFile::exists(out)) << "it gets its name when it is whole";
  film.finish();
  const QByteArray bytes = bytesOf(out);
  ASSERT_EQ(bytes.size(), 3 * 4 * 2 * 3);
  EXPECT_EQ(bytes.left(6), QByteArray("\x0a\x14\x1e\x0a\x14\x1e"));
  EXPECT_EQ(bytes.mid(24, 3), QByteArray("\x28\x32\x3c"));
  EXPECT_EQ(bytes.mid(48, 3), QByteArray(3, '\0')) << "black beside a picture of another shape";
  EXPECT_TRUE(bytesOf(out + ".part.words").contains("-s 4x2 -r 25 -i -"));
}

TEST(Film, SaysWhatFfmpegSaysAndKeepsNothing) {
  const FakeFfmpeg ffmpeg("head -c 10 > \"$last\"\necho 'No space left on device' >&2\nexit 1\n");
  const QString out = ffmpeg.filePath("film.gif");
  try {
    io::FilmWriter film(out, {200, 200}, 25);
    QImage picture(200, 200, QImage::Format_RGB32);
    picture.fill(Qt::red);
    for (int i = 0; i < 100; ++i) film.add(picture);
    film.finish();
    FAIL() << "nothing thrown";
  } catch (const nn::Error& error) {
    EXPECT_THAT(error.message(), testing::HasSubstr("No space left on device"));
  }
  EXPECT_FALSE(QFile::exists(out));
  EXPECT_FALSE(QFile::exists(out + ".part"));
}

TEST(Film, CancellingLeavesNoFile) {
  const FakeFfmpeg ffmpeg;
  render::Shot shot;
  shot.camera.setViewport(64, 40, {});
  const QString out = ffmpeg.filePath("film.mp4");
  int pictures = 0;
  cli::exportShot(shot, out, 64, [&](double) { return ++pictures <= 5; });
  EXPECT_EQ(pictures, 6);
  EXPECT_FALSE(QFile::exists(out));
  EXPECT_FALSE(QFile::exists(out + ".part"));
  cli::exportShot(shot, out, 64, {});
  EXPECT_EQ(bytesOf(out).size(), 150 * 64 * 40 * 3);
}

TEST(Film, WithoutFfmpegItSaysWhatToInstall) {
  FakeFfmpeg ffmpeg;
  ffmpeg.hide();
  const clitest::Outcome outcome = rendered(ffmpeg.filePath("film.gif"));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, testing::HasSubstr("apt install ffmpeg"));
}

TEST(Players, ArePicturesAndFilms) {
  const QTemporaryDir folder;
  const auto play = [&](const QStringList& words, const QString& name) {
    return run(QStringList{"render", "harley", "--digit", "3", "--size", "320x240", "--view", "flat", "--out", folder.filePath(name)} +
               words);
  };
  ASSERT_EQ(play({}, "plain.png").status, 0);
  ASSERT_EQ(play({"--play", "flow", "--step", "2"}, "flow.png").status, 0);
  ASSERT_EQ(play({"--play", "window", "--select", "conv1:2,7,12"}, "window.png").status, 0);
  ASSERT_EQ(play({"--play", "window", "--select", "conv1:2,7,12", "--each-product"}, "product.png").status, 0);
  const QStringList names{"plain.png", "flow.png", "window.png", "product.png"};
  for (int i = 0; i < names.size(); ++i)
    for (int k = 0; k < i; ++k) EXPECT_NE(QImage(folder.filePath(names[i])), QImage(folder.filePath(names[k])));
  EXPECT_NE(play({"--play", "window", "--select", "dense1:3"}, "none.png").err.find("no window slides"), std::string::npos);
  EXPECT_EQ(play({"--play", "window"}, "none.png").status, 2);
  const FakeFfmpeg ffmpeg;
  const QString film = folder.filePath("film.mp4");
  ASSERT_EQ(play({"--play", "window", "--select", "conv1:2,0,0", "--step", "780"}, "film.mp4").status, 0);
  EXPECT_GE(QFileInfo(film).size(), 4 * 3 * 320 * 240 * 3);  // four cells are left, each three pictures
}

}  // namespace
