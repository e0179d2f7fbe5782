// Scenes as files: pictures, vectors, films.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include <QBuffer>
#include <QCoreApplication>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>
#include <QTemporaryDir>

#include "cli/CommandRun.h"
#include "cli/ExportFile.h"
#include "data/Random.h"
#include "io/Files.h"
#include "io/FilmWriter.h"
#include "io/Model.h"
#include "nn/Error.h"
#include "nn/Workspace.h"
#include "render/Picture.h"
#include "scene/SceneNetworks.h"
#include "support/Countdown.h"
#include "support/FakeFfmpeg.h"
#include "support/FullDisk.h"
#include "support/Select.h"

namespace {

using clitest::bytesOf;
using clitest::run;

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

// A network at work, as an SVG; how many elements it has.
struct Drawn {
  QByteArray svg;
  qsizetype elements = 0;
};

render::SceneCapture captureOf(const std::shared_ptr<const nn::Network>& network, const render::PictureOptions& options) {
  const auto parameters = std::make_shared<const std::vector<float>>(network->initialParameters(3));
  nn::Weights weights(network);
  weights.assign(*parameters);
  nn::Workspace workspace(network, 1, false);
  std::vector<float> picture(network->inputShape().size());
  for (std::size_t i = 0; i < picture.size(); ++i) picture[i] = float((i * 2654435761u) % 1000u) / 1000;
  workspace.setInput(0, picture);
  workspace.forward(weights);
  return render::captureOf(network, parameters, scene::collectValues(workspace, 1), options);
}

Drawn drawnAsSvg(const render::SceneCapture& capture) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  EXPECT_TRUE(render::writeSvg(buffer, capture, "a"));
  Drawn drawn{buffer.data()};
  drawn.elements = drawn.svg.count("<") - drawn.svg.count("</");
  return drawn;
}

// Readers stop at 200,000 elements; a slide with some megabytes is as much as anybody sends.
TEST(Export, VectorsOfLargeNetworksStaySmall) {
  nn::NetworkSpec wide;
  wide.name = "wide";
  wide.nodes = {{"input", "input", {}, {{"channels", std::int64_t(3)}, {"height", std::int64_t(96)}, {"width", std::int64_t(96)}}}};
  for (const char* name : {"conv1", "conv2", "conv3", "conv4"})
    wide.nodes.push_back({name,
                          "conv2d",
                          {},
                          {{"filters", std::int64_t(96)},
                           {"kernel", std::vector<std::int64_t>{3}},
                           {"padding", std::string("same")},
                           {"activation", std::string("tanh")}}});
  wide.nodes.push_back({"pool", "global-average-pool", {}, {}});
  wide.nodes.push_back({"output", "dense", {}, {{"units", std::int64_t(1000)}}});
  std::vector<nn::NetworkSpec> specs = io::shippedNetworks();
  specs.push_back(wide);
  for (const nn::NetworkSpec& spec : specs) {
    const auto network = nn::Network::create(spec);
    for (const render::PictureView view : {render::PictureView::Space, render::PictureView::Flat}) {
      if (view == render::PictureView::Flat && spec.name != wide.name) continue;
      render::PictureOptions options;
      options.view = view;
      const Drawn drawn = drawnAsSvg(captureOf(network, options));
      EXPECT_LT(drawn.elements, 60000) << spec.name;
      EXPECT_LT(drawn.svg.size(), 6 << 20) << spec.name;
      EXPECT_GT(drawn.svg.count("<text"), 8) << spec.name << ": names stay text";
      EXPECT_EQ(drawn.svg.count("font-family"), drawn.svg.count(", sans-serif\"")) << "where the font is not there, another";
    }
  }
}

// Enlarged, the cells of a map still touch: nothing of the ground shows between them.
TEST(Export, CellsOfADrawingHaveNoSeams) {
  nn::NetworkSpec spec;
  spec.name = "pictures";
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(1)}, {"height", std::int64_t(12)}, {"width", std::int64_t(12)}}},
                {"pool", "max-pool", {}, {}}};
  const auto network = nn::Network::create(spec);
  for (const render::PictureView view : {render::PictureView::Space, render::PictureView::Rightward, render::PictureView::Flat}) {
    render::PictureOptions options;
    options.view = view;
    options.size = {200, 120};  // too small for lines between the cells
    render::SceneCapture capture = captureOf(network, options);
    std::vector<float> bright(144, 1.0f);  // two bright colors on a dark ground
    for (std::size_t i = 0; i < bright.size(); i += 2) bright[i] = 0.9f;
    nn::Weights weights(network);
    nn::Workspace workspace(network, 1, false);
    workspace.setInput(0, bright);
    workspace.forward(weights);
    capture.state.setValues(scene::collectValues(workspace, 2));
    QSvgRenderer renderer(drawnAsSvg(capture).svg);
    for (const double zoom : {2.3, 3.7}) {
      QImage shown(capture.size() * zoom, QImage::Format_RGB32);
      QPainter painter(&shown);
      renderer.render(&painter, QRectF(QPointF(0, 0), QSizeF(capture.size()) * zoom));
      painter.end();
      const scene::Sheet& sheet = capture.state.layout()->sheets[0];
      int least = 255;
      for (float row = 0.6f; row < 11.4f; row += 0.02f)
        for (float column = 0.6f; column < 11.4f; column += 0.02f) {
          const scene::Vec3 at = capture.camera.project(sheet.point(column, row));
          least = std::min(least, qGray(shown.pixel(int(at.x * zoom), int(at.y * zoom))));
        }
      const auto grayOf = [&](float value) {
        const scene::Rgb c = capture.style.map(capture.state.shown().scaleOf(0)).at(capture.state.shown().scaleOf(0).position(value));
        return qGray(c.r, c.g, c.b);
      };
      EXPECT_GE(least, std::min(grayOf(0.9f), grayOf(1.0f)) - 4) << int(view) << ", " << zoom << " times";
    }
  }
}

// Of what moves by itself or comes with the pointer, nothing gets into a file; what is pinned does.
TEST(Export, IsOfTheSceneAtRest) {
  const auto network = nn::Network::create(io::loadNetworkSpec("harley"));
  render::PictureOptions options;
  options.size = {640, 400};
  render::SceneCapture capture = captureOf(network, options);
  const QByteArray calm = drawnAsSvg(capture).svg;
  scene::Pick pick;
  pick.unit = {network->find("conv2"), {3, 4, 4}};
  pick.cell = *capture.state.layout()->locate(pick.unit);
  render::SceneCapture busy = capture;
  scene_test::hover(busy.state, pick);
  busy.motion = {0.4f, 0.3f};
  EXPECT_NE(drawnAsSvg(busy).svg, calm);
  EXPECT_EQ(drawnAsSvg(atRest(busy)).svg, calm);
  busy.camera.turn(0.3f, 0.1f);
  busy.camera.advance(0.05f);
  ASSERT_TRUE(busy.camera.moving());
  EXPECT_FALSE(atRest(busy).camera.moving());
  scene_test::pin(busy.state, pick.unit);
  const render::SceneCapture pinned = atRest(busy);
  EXPECT_EQ(pinned.state.selection().pinned(), pick.unit);
  EXPECT_FALSE(pinned.state.selection().hovered);
  EXPECT_EQ(pinned.motion.dimming, 1);
  EXPECT_EQ(pinned.motion.progress, 1);
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
  for (const QString kind : {"xyz", "ico", "xbm"}) {  // Qt writes icons of 256 pixels at most, and xbm in black and white
    const clitest::Outcome outcome = rendered(folder.filePath("a." + kind));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, testing::HasSubstr("Use .png, .jpg, .svg, .pdf"));
  }
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
  // A name is a file's, also where ffmpeg would take it for a protocol or an option.
  EXPECT_TRUE(bytesOf(out + ".part.words").contains(" file:/"));
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

// ffmpeg counts what does not fit at the very end as a failure only when it is asked to.
TEST(Film, WhatDoesNotFitAtTheEndIsNoticed) {
  const FakeFfmpeg ffmpeg(
      "cat > /dev/null\necho film > \"$last\"\necho 'Error writing trailer: No space left on device' >&2\n"
      "for word; do [ \"$word\" = -xerror ] && exit 1; done\nexit 0\n");
  const QString out = ffmpeg.filePath("film.mp4");
  io::writeFile(out, "the old film");
  io::FilmWriter film(out, {4, 2}, 25);
  film.add(QImage(4, 2, QImage::Format_RGB32));
  EXPECT_THROW(film.finish(), nn::Error);
  EXPECT_EQ(bytesOf(out), "the old film");
}

// Wherever the disk gets full: in the pictures, or in what ffmpeg writes when they are over.
TEST(Film, AFullDiskIsNoticedByTheRealFfmpeg) {
  if (!io::FilmWriter::available()) GTEST_SKIP() << "ffmpeg is not installed";
  const FullDisk disk;
  NEEDS_FULL_DISK(disk);
  QImage noise(64, 40, QImage::Format_RGB32);
  for (const QString name : {"film.gif", "film.mp4"})
    for (const qint64 room : {4096, 16384, 32768}) {
      disk.freeAll();
      io::writeFile(disk.path(name), "the old film");
      disk.fill();
      QFile ballast(disk.path("ballast"));
      ASSERT_TRUE(ballast.resize(ballast.size() - room));
      const auto record = [&] {
        io::FilmWriter film(disk.path(name), noise.size(), 25);
        data::Random random(3);
        for (int i = 0; i < 20; ++i) {
          for (int y = 0; y < noise.height(); ++y)
            for (int x = 0; x < noise.width(); ++x) noise.setPixel(x, y, QRgb(random.below(1 << 24)));
          film.add(noise);
        }
        film.finish();
      };
      EXPECT_THROW(record(), nn::Error) << name.toStdString() << " with room for " << room;
      EXPECT_EQ(bytesOf(disk.path(name)), "the old film");
      EXPECT_FALSE(QFile::exists(disk.path(name + ".part")));
      disk.freeAll();
      record();
      EXPECT_GT(bytesOf(disk.path(name)).size(), 32768);
    }
}

TEST(Film, CancellingLeavesNoFile) {
  const FakeFfmpeg ffmpeg;
  render::SceneCapture capture;
  capture.camera.setViewport(64, 40, {});
  const QString out = ffmpeg.filePath("film.mp4");
  int pictures = 0;
  cli::exportCapture(capture, out, 64, [&](double) { return ++pictures <= 5; });
  EXPECT_EQ(pictures, 6);
  EXPECT_FALSE(QFile::exists(out));
  EXPECT_FALSE(QFile::exists(out + ".part"));
  cli::exportCapture(capture, out, 64, {});
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
  ASSERT_EQ(play({"--play", "forward-pass", "--step", "2"}, "flow.png").status, 0);
  ASSERT_EQ(play({"--play", "sliding-window", "--select", "conv1:2,7,12"}, "window.png").status, 0);
  ASSERT_EQ(play({"--play", "sliding-window", "--select", "conv1:2,7,12", "--each-product"}, "product.png").status, 0);
  const QStringList names{"plain.png", "flow.png", "window.png", "product.png"};
  for (int i = 0; i < names.size(); ++i)
    for (int k = 0; k < i; ++k) EXPECT_NE(QImage(folder.filePath(names[i])), QImage(folder.filePath(names[k])));
  EXPECT_NE(play({"--play", "sliding-window", "--select", "dense1:3"}, "none.png").err.find("no window slides"), std::string::npos);
  EXPECT_EQ(play({"--play", "sliding-window"}, "none.png").status, 2);
  const FakeFfmpeg ffmpeg;
  const QString film = folder.filePath("film.mp4");
  ASSERT_EQ(play({"--play", "sliding-window", "--select", "conv1:2,0,0", "--step", "780"}, "film.mp4").status, 0);
  EXPECT_GE(QFileInfo(film).size(), 4 * 6 * 320 * 240 * 3);  // four cells are left, four a second
}

TEST(Film, SaysThatItsSidesAreEven) {
  const QTemporaryDir folder;
  const FakeFfmpeg ffmpeg;
  const clitest::Outcome outcome =
      run({"render", "softmax", "--digit", "3", "--size", "321x241", "--out", folder.filePath("film.mp4"), "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["width"].toInt(), 322);
  EXPECT_EQ(outcome.json()["height"].toInt(), 242);
  EXPECT_TRUE(outcome.json()["notes"][0].toString().contains("322 × 242 pixels")) << outcome.out;
  EXPECT_EQ(QFileInfo(folder.filePath("film.mp4")).size() % (322 * 242 * 3), 0);
}

// Whatever the animation: each of its steps as long as it takes when it is played.
TEST(Players, AnyAnimationIsAFilmOfItsSteps) {
  const QTemporaryDir folder;
  const FakeFfmpeg ffmpeg;
  const io::Model model = io::loadModel("harley");
  render::PictureOptions options;
  options.size = {320, 240};
  const auto layout = scene::buildLayout(model.network, scene::Arrangement::Flat);
  const std::size_t steps = layout->blocks.size();
  options.animation = scene::AnimationStep{test::kCountdown.create(*layout, {}), 2};
  const render::SceneCapture capture = render::captureOf(model.network, std::make_shared<std::vector<float>>(model.parameters),
                                                         scene_test::restingValues(model.network), options);
  EXPECT_EQ(capture.state.caption(), std::to_string(steps - 2) + " to go: " + layout->blocks[steps - 3].name);
  std::set<double> shares;  // it may ask again while it waits
  cli::exportCapture(capture, folder.filePath("film.mp4"), 64, [&](double done) { return shares.insert(done), true; });
  EXPECT_EQ(shares.size(), steps - 2);
  EXPECT_GE(QFileInfo(folder.filePath("film.mp4")).size(), qint64(steps - 2) * 5 * 64 * 48 * 3);
}

}  // namespace
