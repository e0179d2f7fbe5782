// Small renders without a window, probed where cells are projected. Skipped, with the reason, where there is no OpenGL 3.3.
#include <gtest/gtest.h>

#include <QPainter>

#include "render/CellTexture.h"
#include "render/CpuScene.h"
#include "render/Instances.h"
#include "render/OffscreenRenderer.h"
#include "render/Overlay.h"
#include "render/Picture.h"
#include "scene/SceneNetworks.h"
#include "support/Select.h"

namespace {

using scene::Arrangement;
using scene::UnitId;

class GlScene : public testing::Test {
 protected:
  GlScene() : m_network(scene_test::harley()), m_parameters(std::make_shared<std::vector<float>>(m_network->initialParameters(4))) {
    m_state.setNetwork(scene::SceneRequest{m_network, Arrangement::Space});
    m_state.setParameters(m_parameters);
    m_state.setValues(valuesOf(0));
    look(true);
  }
  std::shared_ptr<const scene::Values> valuesOf(float shift) const {
    std::vector<float> picture = scene_test::seven(m_network->inputShape());
    for (float& v : picture) v = std::clamp(v + shift, 0.0f, 1.0f);
    return scene_test::valuesOf(m_network, *m_parameters, picture);
  }
  void look(bool dark) { m_style = render::SceneStyle::of(dark); }
  void place(float width = 1000, float height = 760) {
    m_camera.setScene(*m_state.layout());
    m_camera.setViewport(width, height, {90, 60, 80, 20});
    m_camera.reset(false);
  }
  // The color that a unit should have, and the one it has on the picture.
  scene::Rgb wanted(const UnitId& unit) const {
    const scene::CellRef cell = *m_state.layout()->locate(unit);
    const scene::Scale& scale = m_state.shown().scaleOf(cell.sheet);
    return m_style.map(scale).at(scale.position(m_state.shown().cells()[m_state.layout()->cellIndex(cell)]));
  }
  QColor seen(const QImage& image, const UnitId& unit) const {
    const scene::Vec3 at = m_camera.project(m_state.layout()->center(*m_state.layout()->locate(unit)));
    return image.pixelColor(int(at.x), int(at.y));
  }
  int difference(const QColor& a, const scene::Rgb& b) const {
    return std::max({std::abs(a.red() - b.r), std::abs(a.green() - b.g), std::abs(a.blue() - b.b)});
  }
  void expectColors(const QImage& image, int tolerance) const {
    for (const char* node : {"input", "conv1", "pool1", "pool2", "dense1", "output"}) {
      const int index = m_network->find(node);
      const nn::Shape& shape = m_network->node(index).shape;
      int worst = 0;
      for (const std::size_t part : {3, 5, 7}) {
        const UnitId unit{index, nn::cellAt(shape, shape.size() * part / 10)};
        worst = std::max(worst, difference(seen(image, unit), wanted(unit)));
      }
      EXPECT_LE(worst, tolerance) << node;
    }
  }
  QImage withPainter(const render::Motion& motion = {}) const {
    QImage image(int(m_camera.widthPx()), int(m_camera.heightPx()), QImage::Format_RGB32);
    QPainter painter(&image);
    drawWithPainter(painter, m_state, m_camera, m_style, motion);
    return image;
  }

  std::shared_ptr<const nn::Network> m_network;
  std::shared_ptr<const std::vector<float>> m_parameters;
  scene::SceneState m_state;
  scene::Camera m_camera;
  render::SceneStyle m_style;
};

#define REQUIRE_GL(renderer) \
  if (!(renderer).available()) GTEST_SKIP() << "no OpenGL here: " << (renderer).reason()

TEST_F(GlScene, CompilesItsShadersAndColorsEveryKindOfCell) {
  render::OffscreenRenderer renderer;
  REQUIRE_GL(renderer);
  EXPECT_TRUE(renderer.gl().error().empty()) << renderer.gl().error();
  // Close enough that a cell is several pixels wide.
  place(2000, 1520);
  for (const bool dark : {true, false}) {
    look(dark);
    const QImage image = renderer.render(m_state, m_camera, m_style, {}, 1);
    ASSERT_EQ(image.size(), QSize(2000, 1520));
    expectColors(image, 6);
  }
}

TEST_F(GlScene, ShowsNewValuesAndNewNetworksWithTheSameObjects) {
  render::OffscreenRenderer renderer;
  REQUIRE_GL(renderer);
  place(2000, 1520);
  const QImage before = renderer.render(m_state, m_camera, m_style, {}, 1);
  m_state.setValues(valuesOf(0.3f));
  const QImage after = renderer.render(m_state, m_camera, m_style, {}, 1);
  EXPECT_NE(before, after);
  expectColors(after, 6);

  const auto other = scene_test::branches();
  m_network = other;
  m_parameters = std::make_shared<std::vector<float>>(other->initialParameters(2));
  m_state.setNetwork(scene::SceneRequest{other, Arrangement::Flat});
  m_state.setParameters(m_parameters);
  m_state.setValues(valuesOf(0));
  place(2000, 1520);
  const QImage image = renderer.render(m_state, m_camera, m_style, {}, 1);
  const UnitId unit{other->find("sum"), {2, 8, 8}};
  EXPECT_LE(difference(seen(image, unit), wanted(unit)), 6);
}

TEST_F(GlScene, UploadsOnlyWhatHasChanged) {
  render::OffscreenRenderer renderer;
  REQUIRE_GL(renderer);
  place(2000, 1520);
  renderer.render(m_state, m_camera, m_style, {}, 1);
  const std::size_t all = renderer.gl().uploadedCells();
  EXPECT_GE(all, m_state.layout()->cellCount);
  const auto next = [&](const std::shared_ptr<scene::Values>& values) {
    const std::size_t before = renderer.gl().uploadedCells();
    m_state.setValues(values);
    renderer.render(m_state, m_camera, m_style, {}, 1);
    return renderer.gl().uploadedCells() - before;
  };
  const auto same = std::make_shared<scene::Values>(*m_state.values());
  EXPECT_EQ(next(same), 0u);
  const auto other = std::make_shared<scene::Values>(*m_state.values());
  other->values[other->offset[std::size_t(m_network->find("conv1"))] + 30] += 0.25f;
  const std::size_t few = next(other);
  EXPECT_GT(few, 0u);
  EXPECT_LE(few, 1024u);
  place(1000, 760);  // the camera alone needs nothing new
  const std::size_t before = renderer.gl().uploadedCells();
  renderer.render(m_state, m_camera, m_style, {}, 1);
  EXPECT_EQ(renderer.gl().uploadedCells(), before);
}

// No texture is ever longer than the driver allows: the same picture with pages of two rows, of which this network fills many.
TEST_F(GlScene, PagesOfCellsShowTheSame) {
  render::OffscreenRenderer whole, paged(2);
  REQUIRE_GL(whole);
  place(2000, 1520);
  ASSERT_GT(m_state.layout()->cellCount, 8u * 1024);
  EXPECT_EQ(paged.render(m_state, m_camera, m_style, {}, 1), whole.render(m_state, m_camera, m_style, {}, 1));
  m_state.setValues(valuesOf(0.3f));
  const QImage image = paged.render(m_state, m_camera, m_style, {}, 1);
  EXPECT_EQ(image, whole.render(m_state, m_camera, m_style, {}, 1));
  expectColors(image, 6);
}

// Many cells come to the graphics memory over several pictures, so that none of them takes long; the last is that of all.
TEST_F(GlScene, BringsManyCellsStepByStep) {
  render::OffscreenRenderer whole, stepwise;
  REQUIRE_GL(whole);
  nn::NetworkSpec spec;
  spec.name = "large";
  spec.nodes = {scene_test::input(1, 1600, 1600), scene_test::pool("pool1"), scene_test::pool("pool2")};
  m_network = nn::Network::create(spec);
  m_state.setNetwork(scene::SceneRequest{m_network, Arrangement::Space});
  auto values = std::make_shared<scene::Values>(*scene_test::restingValues(m_network));
  for (std::size_t i = 0; i < values->values.size(); ++i) values->values[i] = float(i % 100) / 100;
  m_state.setValues(values);
  place(300, 200);
  const QImage wanted = whole.render(m_state, m_camera, m_style, {}, 1);
  const auto step = [&] { return stepwise.render(m_state, m_camera, m_style, {}, 1, render::OffscreenRenderer::Steps::One); };
  QImage image = step();
  EXPECT_FALSE(stepwise.gl().complete());
  EXPECT_LT(stepwise.gl().uploadedCells(), m_state.layout()->cellCount);
  for (int steps = 1; !stepwise.gl().complete() && steps < 20; ++steps) image = step();
  EXPECT_TRUE(stepwise.gl().complete());
  EXPECT_EQ(image, wanted);
}

TEST_F(GlScene, DimsWhatIsNotHighlightedAndDrawsEdges) {
  render::OffscreenRenderer renderer;
  REQUIRE_GL(renderer);
  place(2000, 1520);
  const QImage calm = renderer.render(m_state, m_camera, m_style, {}, 1);
  scene_test::pin(m_state, UnitId{m_network->find("conv2"), {3, 4, 5}});
  const QImage highlight = renderer.render(m_state, m_camera, m_style, {1, 1}, 1);
  const UnitId beside{m_network->find("conv2"), {9, 2, 2}}, far{m_network->find("input"), {0, 26, 16}};  // not seen by the unit
  EXPECT_NE(seen(highlight, beside), seen(calm, beside));
  EXPECT_NE(seen(highlight, far), seen(calm, far));
  // The strongest edge in its color somewhere along the way.
  const std::vector<render::Line> lines = highlightLines(m_state, m_style);
  int colored = 0;
  for (const render::Line& line : lines) {
    if (!line.grows || line.widthPx < 2.5f) continue;
    const scene::Vec3 at = m_camera.project(line.points[line.points.size() / 2]);
    const QColor color = highlight.pixelColor(int(at.x), int(at.y));
    colored += std::abs(color.red() - color.blue()) > 40;
  }
  EXPECT_GT(colored, 0);
  // Before the edges have grown there are none.
  const QImage begun = renderer.render(m_state, m_camera, m_style, {1, 0}, 1);
  EXPECT_NE(begun, highlight);
}

TEST_F(GlScene, IsDrawnAlikeByTheCpu) {
  place(2000, 1520);
  expectColors(withPainter(), 6);
  scene_test::arrange(m_state, Arrangement::Flat);
  place(2000, 1520);
  expectColors(withPainter(), 6);
  render::OffscreenRenderer renderer;
  REQUIRE_GL(renderer);
  expectColors(renderer.render(m_state, m_camera, m_style, {}, 1), 6);
}

TEST_F(GlScene, SurvivesSizesAndEyesThatAreExtreme) {
  render::OffscreenRenderer renderer;
  REQUIRE_GL(renderer);
  for (const QSize size : {QSize(1, 1), QSize(40, 900), QSize(900, 40)}) {
    place(float(size.width()), float(size.height()));
    EXPECT_EQ(renderer.render(m_state, m_camera, m_style, {}, 1).size(), size);
  }
  place();
  m_camera.zoom(1000, {500, 380});
  m_camera.turn(2, 2);
  m_camera.finish();
  EXPECT_FALSE(renderer.render(m_state, m_camera, m_style, {}, 1).isNull());
  EXPECT_FALSE(withPainter().isNull());
  scene::SceneState empty;
  EXPECT_FALSE(renderer.render(empty, m_camera, m_style, {}, 1).isNull());
}

TEST_F(GlScene, MakesThePictureOfTheCommandLine) {
  render::PictureOptions options;
  options.size = {640, 400};
  const render::Picture space = renderPicture(m_network, m_parameters, valuesOf(0), options);
  EXPECT_EQ(space.image.size(), options.size);
  options.view = render::PictureView::Flat;
  const render::Picture flat = renderPicture(m_network, m_parameters, valuesOf(0), options);
  EXPECT_EQ(flat.image.size(), options.size);
  EXPECT_TRUE(flat.note.empty());
  EXPECT_NE(space.image, flat.image);
  options.selected = UnitId{m_network->find("conv2"), {3, 4, 5}};
  options.pixelRatio = 2;
  const render::Picture selected = renderPicture(m_network, m_parameters, valuesOf(0), options);
  EXPECT_EQ(selected.image.size(), options.size * 2);
}

TEST_F(GlScene, SortsSlabsFromBackToFront) {
  place();
  m_camera.turn(0.8f, 0.2f);
  m_camera.finish();
  std::vector<render::SlabInstance> slabs;
  slabInstances(m_state, m_camera, {}, 1, slabs);
  ASSERT_EQ(slabs.size(), m_state.layout()->sheets.size());
  float last = 1e9f;
  for (const render::SlabInstance& slab : slabs) {
    const scene::Vec3 origin{slab.origin[0], slab.origin[1], slab.origin[2]}, right{slab.right[0], slab.right[1], slab.right[2]},
        down{slab.down[0], slab.down[1], slab.down[2]};
    const scene::Vec3 center = origin + right * (slab.extent[0] * slab.origin[3] / 2) + down * (slab.extent[1] * slab.origin[3] / 2);
    const float depth = dot(center - m_camera.eye(), m_camera.forward());
    EXPECT_LE(depth, last + 1e-3f);
    last = depth;
  }
}

TEST_F(GlScene, ThreadsFollowTheConnections) {
  int total = 0;
  for (const render::Line& line : threads(m_state, m_style)) total += line.points.size() == 2;
  // conv1: 6 + 6 kernels; pool1: 6; conv2: 96 + 16 kernels; pool2: 16; dense1: 6 pieces x 16 maps; dense2: 5 x 6; output: 10 x 5.
  EXPECT_EQ(total, 12 + 6 + 112 + 16 + 96 + 30 + 50);
}

// Whatever the driver says, and whatever is asked for beside it.
TEST(CellTexture, APageHasNoMoreRowsThanTheDriverAllows) {
  constexpr int kMost = 8192;
  for (const int longestSide : {1, 2, 3, 1000, 1024, 2047, 2048, 4096, 8191, 8192, 16384, 32768})
    for (const int asked : {0, 1, 5, 4096, kMost, 1 << 20}) {
      const int rows = 1 << render::CellTexture::pageShiftOf(longestSide, asked), limit = asked > 0 ? std::min(asked, kMost) : kMost;
      EXPECT_LE(rows, longestSide) << asked;
      EXPECT_LE(rows, limit) << longestSide;
      EXPECT_GT(2 * rows, std::min(longestSide, limit)) << longestSide << ", " << asked << ": no fewer than fit";
    }
}

TEST(NumberText, IsShort) {
  EXPECT_EQ(render::numberText(0), "0");
  EXPECT_EQ(render::numberText(0.25f), "0.25");
  EXPECT_EQ(render::numberText(-1.4567f), QStringLiteral("−1.46"));
  EXPECT_EQ(render::numberText(12.34567f), "12.3");
  EXPECT_EQ(render::numberText(std::nanf("")), "not a number");
}

}  // namespace
