// What is filled is filled whole on screens that are scaled to 125, 150 and 175 %: no line of what lies below shows through.
#include <gtest/gtest.h>

#include <QPainter>

#include "render/CpuScene.h"
#include "render/Export.h"
#include "scene/SceneNetworks.h"
#include "ui/base/DevicePixels.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/NetworkInputView.h"
#include "ui/panels/inspector/Figures.h"

namespace {

constexpr QRgb kBelow = qRgb(255, 0, 255);

class ScaledScreen : public ::testing::TestWithParam<double> {
 protected:
  QImage screen(const QSize& size) const {
    QImage image(size * GetParam(), QImage::Format_RGB32);
    image.setDevicePixelRatio(GetParam());
    image.fill(kBelow);
    return image;
  }
  // Pixels inside a rectangle (in the widget's pixels) that are not of the color.
  int others(const QImage& image, const QRectF& inside, QRgb color) const {
    const QRect pixels = QRectF(inside.topLeft() * GetParam(), inside.size() * GetParam()).toRect().adjusted(2, 2, -2, -2);
    int count = 0;
    for (int y = pixels.top(); y <= pixels.bottom(); ++y)
      for (int x = pixels.left(); x <= pixels.right(); ++x) {
        const QRgb p = image.pixel(x, y);
        const int off = std::max({std::abs(qRed(p) - qRed(color)), std::abs(qGreen(p) - qGreen(color)), std::abs(qBlue(p) - qBlue(color))});
        count += off > 2;
      }
    return count;
  }
};

TEST_P(ScaledScreen, InkThatIsDrawnPieceByPieceHasNoSeams) {
  ui::DrawingPad pad;
  pad.resize(303, 311);
  const ui::Theme theme = ui::lightTheme();
  pad.setTheme(theme);
  pad.setInk({28, 28, std::vector<float>(28 * 28, 1.0f)});
  QImage image = screen(pad.size());
  pad.render(&image);
  const QRectF inside = pad.square().adjusted(12, 12, -12, -12);
  ASSERT_EQ(others(image, inside, theme.ink.rgb()), 0);
  for (int i = 0; i < 60; ++i) {
    const QRect piece(20 + i * 4, 25 + (i * 37) % 220, 23 + i % 5, 17 + i % 7);
    pad.render(&image, piece.topLeft(), QRegion(piece));
  }
  EXPECT_EQ(others(image, inside, theme.ink.rgb()), 0);
}

TEST_P(ScaledScreen, CellsTouchEachOther) {
  for (const int cells : {5, 28, 32, 47}) {
    QImage picture(cells, cells, QImage::Format_RGB32);
    picture.fill(qRgb(10, 200, 30));
    QImage image = screen({233, 233});
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(7, 3);
    const QRectF rect(5, 9, 187, 187);
    ui::drawCells(painter, rect, picture);
    painter.end();
    EXPECT_EQ(others(image, rect.translated(7, 3), qRgb(10, 200, 30)), 0) << cells;
  }
}

// Lines between cells stand where one cell ends and the next begins.
TEST_P(ScaledScreen, TheGridRunsBetweenTheCells) {
  constexpr int kCells = 28;
  QImage picture(kCells, kCells, QImage::Format_RGB32);
  for (int y = 0; y < kCells; ++y)
    for (int x = 0; x < kCells; ++x) picture.setPixel(x, y, x % 2 ? qRgb(0, 0, 0) : qRgb(0, 0, 250));
  QImage image = screen({300, 300});
  QPainter painter(&image);
  ui::drawCells(painter, {3, 3, 287, 287}, picture, QColor(255, 0, 0));
  painter.end();
  const int row = int(10 * GetParam());
  for (int x = 1; x < int(289 * GetParam()); ++x) {
    const QRgb before = image.pixel(x - 1, row), here = image.pixel(x, row);
    EXPECT_FALSE(before != here && qRed(before) == 0 && qRed(here) == 0) << "two cells touch without a line at " << x;
  }
}

TEST_P(ScaledScreen, TheReceivedPictureIsWhole) {
  ui::PreprocessingSteps steps;
  steps.resize(283, 176);
  const ui::Theme theme = ui::darkTheme();
  steps.setTheme(theme);
  steps.show({}, {}, {57, 57, std::vector<float>(57 * 57, 1.0f)}, {}, true);  // too fine for lines
  QImage image = screen(steps.size());
  steps.render(&image);
  const double side = std::floor(std::min(176.0, (283 - 2.0 * theme.grid) * 0.56));
  EXPECT_EQ(others(image, QRectF(0, std::floor((176 - side) / 2), side, side).adjusted(2, 2, -2, -2), theme.ink.rgb()), 0);
}

TEST_P(ScaledScreen, GridsOfNumbersHaveNoGapsWhereTheirCellsTouch) {
  QImage image = screen({200, 200});
  QPainter painter(&image);
  const ui::Theme theme = ui::darkTheme();
  const ui::GridGeometry grid({10, 10, 150, 150}, 21, 21);
  ASSERT_LT(grid.side(), 10);
  const ui::ValueScale scale{1, false};
  ui::paintGrid(painter, grid, scale, ui::cellNumbers(grid, 1), theme, [](int) { return ui::GridCell{0.5f}; });
  painter.end();
  EXPECT_EQ(others(image, grid.frame(), scale.color(0.5f, theme).rgb()), 0);
}

TEST_P(ScaledScreen, TheFlatSceneReachesToTheBorders) {
  const auto network = scene_test::harley();
  render::SceneCapture capture;
  capture.style = render::SceneStyle::of(true);
  capture.state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Flat});
  capture.state.setParameters(std::make_shared<std::vector<float>>(network->initialParameters(1)));
  capture.camera.setScene(*capture.state.layout());
  const QSize size(403, 301);
  capture.camera.setViewport(float(size.width()), float(size.height()), {});
  capture.camera.reset(false);
  QImage image(int(std::ceil(size.width() * GetParam())), int(std::ceil(size.height() * GetParam())), QImage::Format_RGB32);
  image.setDevicePixelRatio(GetParam());
  image.fill(kBelow);
  QPainter painter(&image);
  drawWithPainter(painter, capture.state, capture.camera, capture.style, {});
  painter.end();
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (y < 2 || x < 2 || y > image.height() - 3 || x > image.width() - 3) {
        ASSERT_LT(qRed(image.pixel(x, y)) - qGreen(image.pixel(x, y)), 40) << x << ", " << y;
      }
}

INSTANTIATE_TEST_SUITE_P(At, ScaledScreen, ::testing::Values(1.0, 1.25, 1.5, 1.75, 2.0),
                         [](const auto& test) { return "Percent" + std::to_string(int(test.param * 100)); });

}  // namespace
