// A player's step as it is drawn, by OpenGL and by the processor: written cells have their color, the others none yet.
#include <gtest/gtest.h>

#include <QPainter>

#include "render/CpuScene.h"
#include "render/OffscreenRenderer.h"
#include "render/Overlay.h"
#include "render/Picture.h"
#include "scene/SceneNetworks.h"
#include "scene/Winner.h"
#include "scene/text/UnitText.h"

namespace {

class Players : public testing::Test {
 protected:
  Players() : network(scene_test::harley()), parameters(std::make_shared<std::vector<float>>(network->initialParameters(4))) {
    state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
    state.setParameters(parameters);
    state.setValues(scene_test::valuesOf(network, *parameters, scene_test::seven(network->inputShape())));
    camera.setScene(*state.layout());
    camera.setViewport(2000, 1520, {90, 60, 80, 20});
    camera.reset(false);
    style = render::SceneStyle::of(true);
  }
  scene::UnitId unit(const char* node, nn::Cell cell) const { return {network->find(node), cell}; }
  void slide(std::size_t step) { play("sliding-window", {unit("conv1", {2, 0, 0})}, step); }
  void flow(std::size_t step) { play("forward-pass", {}, step); }
  void play(const char* id, const scene::AnimationStart& start, std::size_t step) {
    state.setAnimation(scene::AnimationStep{scene::findAnimation(id)->create(*state.layout(), start), step});
  }
  QColor at(const QImage& image, const scene::UnitId& unit) const {
    const scene::Vec3 place = camera.project(state.layout()->center(*state.layout()->locate(unit)));
    return image.pixelColor(int(place.x), int(place.y));
  }
  static int apart(const QColor& a, const QColor& b) {
    return std::max({std::abs(a.red() - b.red()), std::abs(a.green() - b.green()), std::abs(a.blue() - b.blue())});
  }
  QColor wanted(const scene::UnitId& unit) const {
    const scene::Scale& scale = state.shown().scaleOf(state.layout()->locate(unit)->sheet);
    const scene::Rgb c = style.map(scale).at(scale.position(scene::shownValue(state, unit)));
    return {c.r, c.g, c.b};
  }
  QImage drawn(render::OffscreenRenderer* renderer) {
    if (renderer) return renderer->render(state, camera, style, {1, 1}, 1);
    QImage image(2000, 1520, QImage::Format_RGB32);
    QPainter painter(&image);
    drawWithPainter(painter, state, camera, style, {1, 1});
    return image;
  }
  void expectWindow(render::OffscreenRenderer* renderer) {
    slide(14 * 28 + 3);  // the middle of the map
    const QImage image = drawn(renderer);
    for (const int column : {8, 20}) {
      EXPECT_LE(apart(at(image, unit("conv1", {2, 9, column})), wanted(unit("conv1", {2, 9, column}))), 8);
      EXPECT_LE(apart(at(image, unit("conv1", {2, 24, column})), style.blank()), 8);
    }
    slide(27 * 28 + 27);
    EXPECT_LE(apart(at(drawn(renderer), unit("conv1", {2, 24, 8})), wanted(unit("conv1", {2, 24, 8}))), 8);
  }
  void expectForwardPass(render::OffscreenRenderer* renderer) {
    flow(2);
    const QImage early = drawn(renderer);
    EXPECT_LE(apart(at(early, unit("pool1", {1, 6, 6})), wanted(unit("pool1", {1, 6, 6}))), 8);
    flow(7);
    const QImage late = drawn(renderer);
    EXPECT_LE(apart(at(late, unit("dense1", {30, 0, 0})), wanted(unit("dense1", {30, 0, 0}))), 8);
    EXPECT_NE(at(early, unit("output", {3, 0, 0})), at(late, unit("output", {3, 0, 0})));
  }
  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const std::vector<float>> parameters;
  scene::SceneState state;
  scene::Camera camera;
  render::SceneStyle style;
};

TEST_F(Players, LeaveUnwrittenCellsBlankWithThePainter) {
  expectWindow(nullptr);
  expectForwardPass(nullptr);
}

TEST_F(Players, LeaveUnwrittenCellsBlankWithOpenGl) {
  render::OffscreenRenderer renderer;
  if (!renderer.available()) GTEST_SKIP() << "no OpenGL here: " << renderer.reason();
  expectWindow(&renderer);
  expectForwardPass(&renderer);
}

TEST_F(Players, WriteTheirCaptionAboveWhatTakesTheFoot) {
  slide(100);
  QImage image(1280, 800, QImage::Format_RGB32);
  QPainter painter(&image);
  camera.setViewport(1280, 800, render::overlayMargins(state, style, {1280, 800}, 60));
  camera.reset(false);
  std::vector<render::WrittenText> written;
  render::OverlayOptions options;
  options.foot = 60;
  options.written = &written;
  drawOverlay(painter, state, camera, style, options);
  const QString caption = QString::fromStdString(state.caption());
  ASSERT_TRUE(caption.startsWith("conv1, map 3, row 4, column 17 of 28 × 28: the 25 products add up to "));
  const auto found = std::find_if(written.begin(), written.end(), [&](const auto& text) { return text.words == caption; });
  ASSERT_NE(found, written.end());
  EXPECT_LE(found->rect.bottom(), 740);
  for (const render::WrittenText& text : written) {
    if (&text == &*found) continue;
    EXPECT_FALSE(text.rect.intersects(found->rect)) << text.words.toStdString();
  }
}

TEST_F(Players, KeepTheAnswerToThemselvesUntilTheDataAreThere) {
  const auto winnerShown = [&](std::size_t step) {
    flow(step);
    QImage image(1280, 800, QImage::Format_RGB32);
    QPainter painter(&image);
    std::vector<render::WrittenText> written;
    render::OverlayOptions options;
    options.written = &written;
    drawOverlay(painter, state, camera, style, options);
    const QString winner = QString::fromStdString(network->className(scene::winner(state)));
    return std::any_of(written.begin(), written.end(), [&](const auto& t) { return t.words == winner && t.rect.height() > 25; });
  };
  EXPECT_FALSE(winnerShown(4));
  EXPECT_TRUE(winnerShown(7));
}

}  // namespace
