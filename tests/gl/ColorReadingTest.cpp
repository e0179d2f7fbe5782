// What a picture's colors say: a value read off them by the legend is right to 1/256 of the scale, whoever drew the picture.
#include <gtest/gtest.h>

#include <QPainter>

#include "render/CpuScene.h"
#include "render/GlScene.h"
#include "render/OffscreenRenderer.h"
#include "render/Overlay.h"
#include "scene/SceneNetworks.h"

namespace {

constexpr float kWidth = 2000, kHeight = 1520;

class ColorReading : public testing::TestWithParam<int> {
 protected:
  ColorReading() : m_network(scene_test::harley()), m_parameters(std::make_shared<std::vector<float>>(m_network->initialParameters(4))) {
    m_state.setNetwork(scene::SceneRequest{m_network, scene::Arrangement::Space});
    m_state.setParameters(m_parameters);
    m_state.setValues(scene_test::valuesOf(m_network, *m_parameters, scene_test::seven(m_network->inputShape())));
    m_camera.setScene(*m_state.layout());
    m_camera.setViewport(kWidth, kHeight, {90, 60, 80, 20});
    m_camera.reset(false);
    m_style.palette = scene::Palette(GetParam());
  }
  QImage withPainter() const {
    QImage image(int(kWidth), int(kHeight), QImage::Format_RGB32);
    QPainter painter(&image);
    drawWithPainter(painter, m_state, m_camera, m_style, {});
    return image;
  }
  // Where on the legend's bar this color stands, 0..1; and how far the nearest color is from it.
  float positionOf(const QColor& seen, const scene::ColorMap& map, int& away) const {
    int best = 0;
    away = 1000;
    for (int i = 0; i < scene::ColorMap::kSize; ++i) {
      const scene::Rgb c = map.colors()[std::size_t(i)];
      const int d = std::abs(c.r - seen.red()) + std::abs(c.g - seen.green()) + std::abs(c.b - seen.blue());
      if (d < away) away = d, best = i;
    }
    return float(best) / (scene::ColorMap::kSize - 1);
  }
  void expectReadable(const QImage& image, const std::string& what) {
    const scene::Layout& layout = *m_state.layout();
    int read = 0;
    for (std::size_t s = 0; s < layout.sheets.size(); ++s) {
      const scene::Sheet& sheet = layout.sheets[s];
      if (m_camera.pixelsPerUnit(sheet.center()) * sheet.pitch < 6) continue;
      for (int i = 0; i < sheet.count; i += std::max(1, sheet.count / 23)) {
        const int area = sheet.rows * sheet.columns;
        const scene::CellRef cell{int(s), i % area / sheet.columns, i % sheet.columns, i / area};
        const scene::Vec3 at = m_camera.project(layout.center(cell));
        const scene::Scale& scale = m_state.shown().scaleOf(int(s));
        const float value = m_state.shown().cells()[layout.cellIndex(cell)];
        const scene::Block& block = layout.blocks[std::size_t(sheet.block)];
        if (sheet.kind != scene::Sheet::Kind::Kernels &&
            m_state.deadUnits().dead(layout, sheet.block, sheet.firstCell - block.firstCell + std::size_t(i)))
          continue;  // struck through
        int away = 0;
        const float shown = scale.value(positionOf(image.pixelColor(int(at.x), int(at.y)), m_style.map(scale), away));
        ASSERT_LE(away, 2) << what << ", " << block.name << ", cell " << i << ": no color of the map";
        ASSERT_LE(std::abs(shown - value), (scale.high - scale.low) / 256 * 1.001f) << what << ", " << block.name << ", cell " << i;
        ++read;
      }
    }
    EXPECT_GT(read, 300) << what;
  }

  std::shared_ptr<const nn::Network> m_network;
  std::shared_ptr<const std::vector<float>> m_parameters;
  scene::SceneState m_state;
  scene::Camera m_camera;
  render::SceneStyle m_style = render::SceneStyle::of(true);
};

TEST_P(ColorReading, IsRightToOne256thOfTheScale) {
  render::OffscreenRenderer renderer;
  for (const bool dark : {true, false}) {
    m_style = render::SceneStyle::of(dark);
    m_style.palette = scene::Palette(GetParam());
    for (int s = 0; s < scene::kScaleScopeCount; ++s) {
      m_state.setScaleScope(scene::ScaleScope(s));
      const std::string what = std::string(scene::scopeName(scene::ScaleScope(s))) + (dark ? ", dark" : ", light");
      expectReadable(withPainter(), "painter, " + what);
      if (renderer.available()) expectReadable(renderer.render(m_state, m_camera, m_style, {}, 1), "OpenGL, " + what);
    }
  }
}

TEST_P(ColorReading, TheLegendsBarIsTheMap) {
  QImage image(int(kWidth), int(kHeight), QImage::Format_RGB32);
  image.fill(m_style.ground);
  QPainter painter(&image);
  drawOverlay(painter, m_state, m_camera, m_style);
  painter.end();
  const scene::ColorMap& map = m_style.map({0, 1, false});
  constexpr int kBar = 66;
  int bars = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x + kBar < image.width(); ++x) {
      int equal = 0;
      while (equal < kBar) {
        const scene::Rgb c = map.at((float(equal) + 0.5f) / kBar);
        if (image.pixel(x + equal, y) != qRgb(c.r, c.g, c.b)) break;
        ++equal;
      }
      bars += equal == kBar;
    }
  EXPECT_GE(bars, 5 * 4) << "a bar of some rows beside each layer";
}

// An input in color shows its picture as it is, with OpenGL and without.
TEST(ColorPicture, ShowsTheColorsThatTheInputHolds) {
  const auto network = scene_test::branches();
  const auto parameters = std::make_shared<std::vector<float>>(network->initialParameters(4));
  std::vector<float> input(network->inputShape().size());
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = float((i * 37 + i / 256 * 11) % 101) / 100;
  scene::SceneState state;
  state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
  state.setParameters(parameters);
  state.setValues(scene_test::valuesOf(network, *parameters, input));
  scene::Camera camera;
  camera.setScene(*state.layout());
  camera.setViewport(kWidth, kHeight, {90, 60, 80, 20});
  camera.reset(false);
  const render::SceneStyle style = render::SceneStyle::of(true);
  QImage painted(int(kWidth), int(kHeight), QImage::Format_RGB32);
  QPainter painter(&painted);
  drawWithPainter(painter, state, camera, style, {});
  painter.end();
  std::vector<QImage> images{painted};
  render::OffscreenRenderer renderer;
  if (renderer.available()) images.push_back(renderer.render(state, camera, style, {}, 1));
  const scene::Sheet& sheet = state.layout()->sheets.back();
  ASSERT_EQ(sheet.kind, scene::Sheet::Kind::Picture);
  for (const QImage& image : images)
    for (int i = 0; i < sheet.count; i += 5) {
      const scene::Vec3 at = camera.project(sheet.point(float(i % sheet.columns) + 0.5f, float(i / sheet.columns) + 0.5f));
      const QColor seen = image.pixelColor(int(at.x), int(at.y));
      const auto wanted = [&](int channel) { return 255 * input[std::size_t(channel * sheet.count + i)]; };
      ASSERT_NEAR(float(seen.red()), wanted(0), 2) << i;
      ASSERT_NEAR(float(seen.green()), wanted(1), 2) << i;
      ASSERT_NEAR(float(seen.blue()), wanted(2), 2) << i;
    }
}

INSTANTIATE_TEST_SUITE_P(Palettes, ColorReading, testing::Range(0, scene::kPaletteCount), [](const auto& test) {
  std::string name(scene::paletteName(scene::Palette(test.param)));
  std::erase(name, '-');
  return name;
});

}  // namespace
