// What is written over a scene: at every distance of the eye, in every arrangement, no two texts overlap; and the nearer the eye,
// the more is said.
#include <gtest/gtest.h>
#include <map>

#include <QRegularExpression>

#include "gl/Shown.h"
#include "io/Model.h"
#include "render/CpuScene.h"
#include "render/Instances.h"
#include "render/LevelOfDetail.h"
#include "render/OffscreenRenderer.h"
#include "render/Overlay.h"
#include "scene/MadeNetworks.h"
#include "scene/RandomNetworks.h"
#include "scene/text/Numbers.h"
#include "support/Select.h"

namespace {

using namespace gl_test;

bool wrote(const std::vector<WrittenText>& texts, const QString& words) {
  return std::any_of(texts.begin(), texts.end(), [&](const WrittenText& text) { return text.words == words; });
}

void expectNoOverlap(const std::vector<WrittenText>& texts, const std::string& what) {
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (std::size_t j = i + 1; j < texts.size(); ++j) {
      if (texts[i].onTag != texts[j].onTag) continue;
      EXPECT_FALSE(texts[i].rect.intersects(texts[j].rect))
          << what << ": '" << texts[i].words.toStdString() << "' and '" << texts[j].words.toStdString() << "'";
    }
}

TEST(Overlay, NoTwoTextsOverlapAtAnyDistance) {
  std::vector<std::shared_ptr<const nn::Network>> networks = {scene_test::harley(), scene_test::mlp(), scene_test::branches()};
  for (unsigned seed = 1; seed <= 12; ++seed) networks.push_back(scene_test::randomNetwork(seed));
  for (std::size_t n = 0; n < networks.size(); ++n)
    for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward}) {
      Shown shown(networks[n], arrangement);
      for (const float factor : {0.5f, 1.0f, 2.0f, 5.0f, 12.0f, 25.0f}) {
        const int block = int(n + std::size_t(factor)) % int(shown.state.layout()->blocks.size());
        shown.approach(block, factor);
        for (const float label : {1.0f, 1.6f}) {
          shown.style.textScale = label;
          expectNoOverlap(shown.written(), "network " + std::to_string(n) + ", arrangement " + std::to_string(int(arrangement)) + ", " +
                                               std::to_string(factor) + " times as near, labels " + std::to_string(label));
        }
      }
    }
}

// How the number of a cell may be written: with two or three digits of the largest.
QStringList cellTexts(const scene::SceneState& state, const scene::CellRef& cell) {
  const scene::Sheet& sheet = state.layout()->sheets[std::size_t(cell.sheet)];
  float largest = std::max(state.shown().scaleOf(cell.sheet).high, -state.shown().scaleOf(cell.sheet).low);
  if (sheet.kind == scene::Sheet::Kind::Kernels) {
    largest = 0;
    for (const float weight : state.shown().cells().subspan(sheet.firstCell, std::size_t(sheet.count)))
      largest = std::max(largest, std::abs(weight));
  }
  QStringList texts;
  for (const int digits : {2, 3})
    texts << QString::fromStdString(
        scene::CellNumbers::of(largest, digits, true).text(state.shown().cells()[state.layout()->cellIndex(cell)]));
  return texts;
}

// From near every weight of a kernel stands there, all with the same precision, and none that is not zero reads as zero.
TEST(Overlay, KernelsAreWrittenWhollyAndAlike) {
  int kernels = 0;
  for (const float size : {1.0f, 0.004f}) {
    Shown shown(scene_test::harley(), Arrangement::Flat);
    for (float& weight : *shown.parameters) weight *= size;
    shown.state.setParameters(shown.parameters);
    const scene::Layout& layout = *shown.state.layout();
    for (const float near : {14.0f, 20.0f, 30.0f, 45.0f}) {
      const scene::Block& block = layout.blocks[3];  // conv2: six kernels lead into each map
      shown.camera.reset(false);
      shown.camera.zoomTo(near, layout.sheets[std::size_t(block.firstKernelSheet)].center());
      shown.camera.finish();
      const std::vector<WrittenText> texts = shown.written();
      std::map<std::pair<int, int>, QStringList> written;  // of a kernel
      for (const WrittenText& text : texts) {
        const QPointF at = text.rect.center();
        const auto pick = scene::pick(layout, shown.camera.rayThrough({float(at.x()), float(at.y())}));
        if (!pick || !pick->kernel || text.words.contains(QRegularExpression("[a-z]"))) continue;
        EXPECT_TRUE(cellTexts(shown.state, pick->cell).contains(text.words)) << text.words.toStdString();
        EXPECT_NE(text.words, "0");
        written[{pick->cell.sheet, pick->cell.tile}] << text.words;
      }
      for (const auto& [kernel, words] : written) {
        int wanted = 0, decimals = -1;
        for (int c = 0; c < 25; ++c) {
          const scene::Vec3 at = shown.camera.project(layout.center({kernel.first, c / 5, c % 5, kernel.second}));
          const QRectF cell(double(at.x) - 8, double(at.y) - 5, 16, 10);
          const auto covers = [&](const WrittenText& text) {
            return text.words.contains(QRegularExpression("[a-z]")) && text.rect.intersects(cell);
          };
          wanted += QRectF({0, 0}, QSizeF(kSize)).contains(cell) && std::none_of(texts.begin(), texts.end(), covers);
        }
        EXPECT_GE(words.size(), wanted) << "a cell is blank, " << near << " times as near";
        kernels += words.size() == 25;
        for (const QString& text : words) {
          if (text == "≈0") continue;
          const int own = int(text.size() - text.indexOf('.')) - 1;
          if (decimals < 0) decimals = own;
          EXPECT_EQ(own, decimals) << text.toStdString();
        }
      }
    }
  }
  EXPECT_GT(kernels, 20);
}

TEST(Overlay, NumbersStandInCellsThatAreLargeEnough) {
  for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward}) {
    Shown shown(scene_test::harley(), arrangement);
    const QStringList numbers = cellTexts(shown.state, {shown.state.layout()->blocks[1].firstSheet, 14, 14});
    const std::size_t few = shown.written().size();
    shown.approach(1, 20);
    const std::vector<WrittenText> near = shown.written();
    EXPECT_GT(near.size(), few + 50) << int(arrangement);
    EXPECT_TRUE(wrote(near, numbers[0]) || wrote(near, numbers[1])) << int(arrangement) << ": " << numbers[0].toStdString();
  }
}

TEST(Overlay, TellsWhichLayerTheEyeIsIn) {
  for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward}) {
    Shown shown(scene_test::harley(), arrangement);
    shown.approach(1, 30);
    const scene::Sheet& sheet = shown.state.layout()->sheets[std::size_t(shown.state.layout()->blocks[1].firstSheet)];
    const scene::Vec3 at = shown.camera.project(sheet.center());
    shown.camera.pan(float(kSize.width()) / 2 - at.x, float(kSize.height()) / 2 - at.y);
    EXPECT_TRUE(wrote(shown.written(), "conv1")) << int(arrangement);
  }
}

// The number stands in its own cell, in an ink that can be read there.
TEST(Overlay, EveryNumberIsThatOfTheCellBelowIt) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  shown.approach(1, 20);
  int checked = 0;
  for (const WrittenText& text : shown.written()) {
    const QPointF at = text.rect.center();
    const auto pick = scene::pick(*shown.state.layout(), shown.camera.rayThrough({float(at.x()), float(at.y())}));
    if (!pick || text.words.contains(QRegularExpression("[a-z]"))) continue;
    if (pick->slab || !cellTexts(shown.state, pick->cell).contains(text.words)) continue;
    ++checked;
  }
  EXPECT_GT(checked, 60);
}

TEST(Overlay, LayersThatAreFarAwayAreSlabsWithNames) {
  nn::NetworkSpec spec;
  spec.name = "wide";
  spec.nodes = {scene_test::input(3, 8, 8), scene_test::conv("conv1", 512, 3, "same"), scene_test::conv("conv2", 300, 3, "same")};
  for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward}) {
    Shown shown(nn::Network::create(spec), arrangement);
    shown.camera.setViewport(640, 400, {90, 60, 80, 20});
    shown.camera.reset(false);
    shown.camera.zoom(0.3f, {320, 200});
    shown.camera.finish();
    const std::vector<bool> far = render::farBlocks(shown.state, shown.camera);
    EXPECT_EQ(far, (std::vector<bool>{false, true, true})) << int(arrangement);
    std::vector<render::SlabInstance> instances;
    slabInstances(shown.state, shown.camera, {}, 1, instances);
    EXPECT_LT(instances.size(), 3 + 2 * 9u) << "812 maps and their kernels are not drawn one by one";
    // The slabs cover every map.
    for (const int b : {1, 2}) {
      const scene::Block& block = shown.state.layout()->blocks[std::size_t(b)];
      for (int i = block.firstSheet; i < block.firstSheet + block.sheetCount; ++i) {
        const scene::Vec3 center = shown.state.layout()->sheets[std::size_t(i)].center();
        bool covered = false;
        for (const render::FarSlab& slab : render::slabsOf(*shown.state.layout(), b)) {
          const scene::Vec3 from = center - slab.origin;
          const float x = dot(from, slab.right), y = dot(from, slab.down);
          covered = covered ||
                    (x >= 0 && x <= slab.width && y >= 0 && y <= slab.height && std::abs(dot(from, cross(slab.down, slab.right))) < 0.1f);
        }
        EXPECT_TRUE(covered) << block.name << " map " << i - block.firstSheet;
      }
    }
    const std::vector<WrittenText> texts = shown.written();
    EXPECT_TRUE(wrote(texts, "conv1"));
    EXPECT_TRUE(wrote(texts, QStringLiteral("512 × 8 × 8")));
    // The painter and OpenGL draw the same slab.
    QImage painted(640, 400, QImage::Format_RGB32);
    QPainter painter(&painted);
    drawWithPainter(painter, shown.state, shown.camera, shown.style, {});
    painter.end();
    render::OffscreenRenderer renderer;
    if (!renderer.available()) continue;
    const QImage drawn = renderer.render(shown.state, shown.camera, shown.style, {}, 1);
    const std::vector<render::FarSlab> slabs = render::slabsOf(*shown.state.layout(), 1);
    const scene::Vec3 at = shown.camera.project(slabs[slabs.size() / 2].center());
    for (const QImage& image : {painted, drawn}) EXPECT_EQ(image.pixelColor(int(at.x), int(at.y)).name(), shown.style.slab.name());
  }
}

TEST(Overlay, MapsAreNamedWhereTheyAreLookedAtOneByOne) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  shown.approach(1, 0.6f);
  EXPECT_FALSE(wrote(shown.written(), "map 1"));
  shown.approach(1, 3);
  EXPECT_TRUE(wrote(shown.written(), "map 1"));
}

// Where a map fills nearly all of the picture, the name of its layer has no other place.
bool fillsThePicture(const QPolygonF& map) {
  const QPolygonF seen = map.intersected(QPolygonF(QRectF(QPointF(0, 0), kSize)));
  double area = 0;
  for (int i = 0; i < seen.size(); ++i) {
    const QPointF &a = seen[i], &b = seen[(i + 1) % seen.size()];
    area += (a.x() * b.y() - b.x() * a.y()) / 2;
  }
  return std::abs(area) > 0.7 * kSize.width() * kSize.height();
}

std::vector<std::shared_ptr<const nn::Network>> shippedOnes() {
  std::vector<std::shared_ptr<const nn::Network>> networks;
  for (const char* name : {"harley", "lenet5", "vgg-mini", "unet-mini", "resnet-mini"})
    networks.push_back(nn::Network::create(io::loadNetworkSpec(name)));
  return networks;
}

TEST(Overlay, NamesNeverCoverTheMapThatIsLookedAt) {
  for (const auto& network : shippedOnes())
    for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward}) {
      Shown shown(network, arrangement);
      const scene::Layout& layout = *shown.state.layout();
      QStringList names{QStringLiteral("kernels")};
      for (const scene::Block& block : layout.blocks)
        for (const std::string& words : {block.name, block.dims, block.kernelDims})
          if (words.find_first_not_of("0123456789") != std::string::npos) names << QString::fromStdString(words);
      for (std::size_t b = 0; b<layout.blocks.size(); b += layout.blocks.size()> 12 ? 3 : 1)
        for (const float factor : {1.0f, 3.0f, 8.0f, 20.0f}) {
          shown.approach(int(b), factor);
          const QPolygonF map = outlineOf(shown, layout.sheets[std::size_t(layout.blocks[b].firstSheet)]);
          if (map.isEmpty() || fillsThePicture(map)) continue;
          for (const WrittenText& text : shown.written()) {
            if (!names.contains(text.words)) continue;
            EXPECT_FALSE(covers(text.rect, map))
                << network->spec().name << ", arrangement " << int(arrangement) << ", " << factor << " times as near to "
                << layout.blocks[b].name << ": '" << text.words.toStdString() << "'";
          }
        }
    }
}

// The tag of a pinned unit stands beside its map: the cells around the unit stay in sight.
TEST(Overlay, TheTagOfAPinnedUnitCoversNoNeighbors) {
  for (const auto& network : shippedOnes())
    for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward}) {
      Shown shown(network, arrangement);
      const scene::Layout& layout = *shown.state.layout();
      for (std::size_t b = 0; b<layout.blocks.size(); b += layout.blocks.size()> 12 ? 3 : 1)
        for (const float factor : {1.0f, 2.5f}) {
          const scene::Block& block = layout.blocks[b];
          shown.approach(int(b), factor);
          const nn::Shape& shape = network->node(block.node).shape;
          scene_test::pin(shown.state, scene::UnitId{block.node, nn::cellAt(shape, shape.size() / 3)});
          QRectF tag;
          for (const WrittenText& text : shown.written())
            if (text.onTag) tag |= text.rect;
          if (tag.isEmpty()) continue;  // the unit lies behind the eye
          for (int i = block.firstSheet; i < block.firstSheet + block.sheetCount; ++i)
            EXPECT_FALSE(covers(tag, outlineOf(shown, layout.sheets[std::size_t(i)])))
                << network->spec().name << ", arrangement " << int(arrangement) << ", " << factor << " times as near, " << block.name;
          scene_test::pin(shown.state, std::nullopt);
        }
    }
}

TEST(Overlay, ATraceSaysOnceWhatItsPercentagesAreOf) {
  for (const int width : {1280, 700}) {
    Shown shown(scene_test::harley(), Arrangement::Space);
    scene::ConnectionOptions connectionOptions;
    connectionOptions.trace = true;
    scene_test::ask(shown.state, connectionOptions);
    shown.camera.setViewport(float(width), 640, overlayMargins(shown.state, shown.style, QSizeF(width, 640)));
    shown.camera.reset(false);
    const std::vector<WrittenText> texts = shown.written();
    const auto percentages = std::count_if(texts.begin(), texts.end(), [](const WrittenText& text) { return text.words.endsWith(" %"); });
    EXPECT_GT(percentages, 3);
    EXPECT_EQ(std::count_if(texts.begin(), texts.end(), [](const WrittenText& text) { return text.words.startsWith("%: "); }), 1) << width;
    expectNoOverlap(texts, std::to_string(width));
  }
}

// An output that a trace of an inner unit does not reach still holds shares, of which none is ever certain.
TEST(Overlay, SharesThatATraceDoesNotReachStayShares) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  const auto network = shown.state.network();
  auto values =
      std::make_shared<scene::Values>(*scene_test::valuesOf(network, *shown.parameters, scene_test::seven(network->inputShape()), 2));
  std::fill(values->values.begin() + std::ptrdiff_t(values->offset.back()), values->values.end(), 1e-7f);
  values->values.back() = 0.999999f;
  shown.state.setValues(values);
  scene_test::pin(shown.state, scene::UnitId{network->find("pool2"), {7, 2, 2}});
  scene::ConnectionOptions connectionOptions;
  connectionOptions.trace = true;
  scene_test::ask(shown.state, connectionOptions);
  ASSERT_TRUE(shown.state.tracing());
  shown.approach(int(shown.state.layout()->blocks.size()) - 1, 2);
  int shares = 0;
  for (const WrittenText& text : shown.written()) shares += text.words.startsWith("< 0.") || text.words.startsWith("> 0.");
  EXPECT_GT(shares, 3);
}

TEST(Overlay, TheMapsOfAnOutputHaveTheNamesOfTheirClasses) {
  Shown shown(nn::Network::create(io::loadNetworkSpec("unet-mini")), Arrangement::Flat);
  const int output = int(shown.state.layout()->blocks.size()) - 1;
  shown.approach(output, 8);
  EXPECT_TRUE(wrote(shown.written(), "background"));
  EXPECT_TRUE(wrote(shown.written(), "class 0"));
}

// The smallest window, a scene beside wide panels, and a screen of 4K with large labels.
TEST(Overlay, FitsIntoPicturesOfEverySize) {
  for (const QSize& size : {QSize(240, 200), QSize(400, 300), QSize(900, 300), QSize(3840, 2160)})
    for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward}) {
      Shown shown(scene_test::harley(), arrangement);
      shown.style.textScale = size.width() > 2000 ? 2 : 1;
      shown.camera.setViewport(float(size.width()), float(size.height()), overlayMargins(shown.state, shown.style, size));
      shown.camera.reset(false);
      const std::vector<WrittenText> texts = shown.written();
      const std::string what =
          std::to_string(size.width()) + " x " + std::to_string(size.height()) + ", " + std::to_string(int(arrangement));
      expectNoOverlap(texts, what);
      EXPECT_GE(texts.size(), 8u) << what << ": layers are named";
      for (const WrittenText& text : texts)
        EXPECT_TRUE(QRectF(QPointF(0, 0), size).adjusted(-1, -1, 1, 1).contains(text.rect)) << what << ": " << text.words.toStdString();
    }
}

// What a number is, and what was assumed for it, stands beside it: narrow pictures have no key of the colors.
TEST(Overlay, TheTagOfAFieldSaysWhatItsNumbersAre) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  const auto network = shown.state.network();
  const int conv1 = network->find("conv1");
  auto field = std::make_shared<scene::CellField>();
  field->network = network;
  field->units.resize(network->nodes().size());
  field->units[std::size_t(conv1)].assign(network->node(conv1).shape.size(), 0.25f);
  field->subject = "loss for class 3 (the answer)";
  shown.state.setField(field);
  scene_test::pin(shown.state, scene::UnitId{conv1, {2, 9, 9}});
  QString all;
  for (const WrittenText& text : shown.written())
    if (text.onTag) all += text.words + u'\n';
  EXPECT_TRUE(all.contains("gradient 0.25")) << all.toStdString();
  EXPECT_TRUE(all.contains("loss for class 3 (the answer)")) << all.toStdString();
}

// Each output names its own classes, also beside one that is a single number.
TEST(Overlay, EveryOutputHasTheNamesOfItsOwnClasses) {
  for (const std::vector<std::string>& classes : {std::vector<std::string>(), {"ant", "bee", "cow", "dog"}}) {
    Shown shown(scene_test::twoHeads(1, 4, classes.empty(), classes), Arrangement::Flat);
    const auto texts = shown.written();
    for (int i = 0; i < 4; ++i)
      EXPECT_TRUE(wrote(texts, QString::fromStdString(classes.empty() ? std::to_string(i) : classes[std::size_t(i)])));
    scene::SceneRequest part = shown.state.request();
    part.whole = false;
    shown.state.setLayout(part);
    EXPECT_FALSE(wrote(shown.written(), QString::fromStdString(classes.empty() ? "2" : "cow")))
        << "of a part of a model nothing is an answer";
  }
}

// From near there are numbers at every side of the pointer.
TEST(Overlay, TheTagAtThePointerLiesUnderNoButton) {
  Shown shown(scene_test::harley(), Arrangement::Flat);
  const scene::UnitId unit{shown.state.layout()->blocks[1].node, {0, 14, 14}};
  shown.approach(1, 12);
  scene_test::hover(shown.state, scene::Pick{*shown.state.layout()->locate(unit), false, false, unit});
  const auto tagBeside = [&](const std::vector<QRectF>& buttons) {
    QRectF tag;
    for (const WrittenText& text : shown.written(buttons))
      if (text.onTag) tag |= text.rect;
    return tag;
  };
  const QRectF usual = tagBeside({}), button(usual.left() + 5, usual.bottom() - 4, 20, 20);
  ASSERT_FALSE(usual.isEmpty());
  const QRectF tag = tagBeside({button});
  EXPECT_FALSE(tag.isEmpty() || tag.intersects(button));
}

}  // namespace
