// Deep networks in pictures of every shape: their layers are named, and the ways between their stages run through no word.
#include <algorithm>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <QImage>
#include <QLineF>
#include <QPainter>

#include "io/Model.h"
#include "render/Overlay.h"
#include "scene/SceneNetworks.h"

namespace {

using scene::Arrangement;

// A published network with fewer maps: as deep, with the same names, and laid out at once.
std::shared_ptr<const nn::Network> thinned(const QString& name) {
  nn::NetworkSpec spec = io::loadNetworkSpec(name);
  for (nn::NodeSpec& node : spec.nodes)
    for (const char* count : {"filters", "units"})
      if (const auto field = node.fields.find(count); field != node.fields.end()) {
        auto& many = std::get<std::int64_t>(field->second);
        many = std::max<std::int64_t>(many / 16, 2);
      }
  return nn::Network::create(spec);
}

struct Picture {
  Picture(const std::shared_ptr<const nn::Network>& network, Arrangement arrangement, const QSize& size) {
    state.setNetwork(scene::SceneRequest{.network = network,
                                         .arrangement = arrangement,
                                         .parameters = std::make_shared<const std::vector<float>>(network->initialParameters(1)),
                                         .shape = scene::shapeOf(size.width(), size.height())});
    auto values = std::make_shared<scene::Values>(*scene_test::restingValues(network));
    std::mt19937 random(7);
    for (float& value : values->values) value = float(random() % 1000) / 1000;
    state.setValues(values);
    camera.setScene(*state.layout());
    camera.setViewport(float(size.width()), float(size.height()), overlayMargins(state, style, size));
    camera.reset(false);
    QImage image(size, QImage::Format_RGB32);
    QPainter painter(&image);
    render::OverlayOptions options;
    options.names = &names;
    options.written = &texts;
    drawOverlay(painter, state, camera, style, options);
  }
  std::vector<QLineF> ways() const {
    std::vector<QLineF> lines;
    for (const scene::Route& route : state.layout()->routes)
      for (std::size_t i = 1; i < route.points.size(); ++i) {
        const scene::Vec3 from = camera.project(route.points[i - 1]), to = camera.project(route.points[i]);
        lines.emplace_back(from.x, from.y, to.x, to.y);
      }
    return lines;
  }
  scene::SceneState state;
  scene::Camera camera;
  render::SceneStyle style = render::SceneStyle::of(true);
  std::vector<render::WrittenName> names;
  std::vector<render::WrittenText> texts;
};

bool crosses(const QLineF& line, const QRectF& rect) {
  const QLineF sides[] = {{rect.topLeft(), rect.topRight()},
                          {rect.topRight(), rect.bottomRight()},
                          {rect.bottomRight(), rect.bottomLeft()},
                          {rect.bottomLeft(), rect.topLeft()}};
  return rect.contains(line.p1()) || std::any_of(std::begin(sides), std::end(sides), [&](const QLineF& side) {
           return line.intersects(side, nullptr) == QLineF::BoundedIntersection;
         });
}

int stagesOf(const Picture& picture) {
  int stages = 0;
  for (const scene::Block& block : picture.state.layout()->blocks) stages = std::max(stages, block.stage + 1);
  return stages;
}

int levelsOf(const Picture& picture) {
  int levels = 0;
  for (const scene::Block& block : picture.state.layout()->blocks) levels = std::max(levels, block.level + 1);
  return levels;
}

void expectWordsApart(const Picture& picture, const std::string& what) {
  const std::vector<render::WrittenText>& texts = picture.texts;
  for (const QLineF& way : picture.ways())
    for (const render::WrittenText& text : texts)
      EXPECT_FALSE(crosses(way, text.rect)) << what << ": a way runs through '" << text.words.toStdString() << "'";
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (std::size_t j = i + 1; j < texts.size(); ++j)
      EXPECT_FALSE(texts[i].rect.intersects(texts[j].rect))
          << what << ": '" << texts[i].words.toStdString() << "' and '" << texts[j].words.toStdString() << "'";
}

// From tall to wide; those of a window of 1024 x 768, 1280 x 800 and 1920 x 1080 pixels, and of a tall one.
TEST(DeepNetworks, AreNamedInPicturesOfEveryShape) {
  for (const char* name : {"resnet50", "googlenet", "vgg16", "alexnet", "unet-mini"}) {
    const std::shared_ptr<const nn::Network> network = thinned(name);
    for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward}) {
      int before = 0;
      for (const QSize& size : {QSize(500, 900), QSize(700, 650), QSize(955, 730), QSize(1375, 940), QSize(960, 480)}) {
        const std::string what = std::string(name) + " " + std::to_string(size.width()) + " x " + std::to_string(size.height()) +
                                 ", arrangement " + std::to_string(int(arrangement));
        const Picture picture(network, arrangement, size);
        expectWordsApart(picture, what);
        if (arrangement == Arrangement::Rightward) continue;
        EXPECT_GE(stagesOf(picture), before) << what << ": a wider picture has room for as many stages";
        before = stagesOf(picture);
        if (size.height() > 700) EXPECT_GE(picture.names.size() * 5, std::size_t(levelsOf(picture)) * 2) << what;
      }
    }
  }
}

// What a window of 1920 x 1080 pixels leaves for the scene has room for three columns with their names.
TEST(DeepNetworks, ALargeScreenShowsResNet50InSeveralColumns) {
  const auto network = nn::Network::create(io::loadNetworkSpec("resnet50"));
  const auto layout = scene::buildLayout(network, Arrangement::Space, {}, scene::shapeOf(1375, 940));
  EXPECT_EQ(layout->blocks.back().stage, 2);
}

}  // namespace
