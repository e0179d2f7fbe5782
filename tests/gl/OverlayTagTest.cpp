// What stands beside the cells in narrow pictures: the tag of a trace, numbers and names that are written together or not at all.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include <QRegularExpression>

#include "gl/Shown.h"
#include "scene/Picking.h"
#include "support/Select.h"

namespace {

using namespace gl_test;

// As the scene's view asks for its picture: the bars take a foot.
struct View {
  QSizeF size;
  qreal foot;
};

void show(Shown& shown, const View& view) {
  shown.camera.setViewport(float(view.size.width()), float(view.size.height()),
                           overlayMargins(shown.state, shown.style, view.size, view.foot));
  shown.camera.reset(false);
}

std::vector<WrittenText> written(Shown& shown, qreal foot) {
  QImage image(int(shown.camera.widthPx()), int(shown.camera.heightPx()), QImage::Format_RGB32);
  QPainter painter(&image);
  std::vector<WrittenText> texts;
  render::OverlayOptions options;
  options.written = &texts;
  options.foot = foot;
  drawOverlay(painter, shown.state, shown.camera, shown.style, options);
  return texts;
}

void compare(Shown& shown, int one, int other) {
  scene_test::pin(shown.state, scene::UnitId{shown.state.layout()->blocks.back().node, {one, 0, 0}});
  scene::ConnectionOptions connectionOptions;
  connectionOptions.trace = true;
  connectionOptions.against = other;
  scene_test::ask(shown.state, connectionOptions);
}

// The scene beside the unit's sheet in a window of 1024 and of 1280 pixels, and without it.
TEST(OverlayTag, OfATraceCoversNoCells) {
  for (const View& view : {View{{358, 526}, 90}, View{{505, 529}, 90}, View{{706, 526}, 50}, View{{927, 529}, 50}})
    for (const int against : {-1, 8}) {
      Shown shown(scene_test::harley(), Arrangement::Space);
      compare(shown, 3, against);
      show(shown, view);
      QRectF tag, apart;
      int explained = 0;
      for (const WrittenText& text : written(shown, view.foot)) {
        if (text.onTag) tag |= text.rect;
        const bool begins = text.words.startsWith("%: ");
        explained += begins;
        if (begins && !text.onTag) apart = text.rect;
      }
      EXPECT_EQ(explained, 1) << view.size.width() << " wide, against " << against << ": what the percentages are of";
      ASSERT_FALSE(tag.isEmpty());
      for (const scene::Sheet& sheet : shown.state.layout()->sheets)
        for (const QRectF& words : {tag, apart})
          EXPECT_FALSE(covers(words, outlineOf(shown, sheet))) << view.size.width() << " wide, against " << against;
    }
}

// Colors of nothing have no numbers: neither of values nor of a trace to which nothing contributed.
TEST(OverlayTag, OfATraceToWhichNothingContributedSaysSo) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  std::fill(shown.parameters->begin(), shown.parameters->end(), 0.0f);
  const auto network = shown.state.network();
  shown.state.setParameters(shown.parameters);
  shown.state.setValues(scene_test::valuesOf(network, *shown.parameters, scene_test::seven(network->inputShape()), 2));
  const auto countOf = [&](const char* words) {
    const std::vector<WrittenText> texts = shown.written();
    return std::count_if(texts.begin(), texts.end(), [&](const WrittenText& text) { return text.words.contains(words); });
  };
  EXPECT_GT(countOf("all 0"), 2);
  scene_test::pin(shown.state, scene::UnitId{network->find("pool1"), {2, 7, 7}});
  ASSERT_EQ(shown.state.shownValue(*shown.state.selection().pinned()), 0);
  scene::ConnectionOptions connectionOptions;
  connectionOptions.trace = true;
  scene_test::ask(shown.state, connectionOptions);
  ASSERT_TRUE(shown.state.tracing());
  EXPECT_EQ(countOf("nothing contributed"), 1);
  for (const char* words : {"e−", "e-", "speaks", "%: "}) EXPECT_EQ(countOf(words), 0) << words;
}

// A trace takes a logit apart: its cells hold amounts, which never read as probabilities.
TEST(OverlayNumbers, OfAnOutputAreAmountsWhileATraceIsShown) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  compare(shown, 3, 8);
  shown.approach(int(shown.state.layout()->blocks.size()) - 1, 4);
  int numbers = 0;
  for (const WrittenText& text : shown.written()) {
    const auto pick =
        scene::pick(*shown.state.layout(), shown.camera.rayThrough({float(text.rect.center().x()), float(text.rect.center().y())}));
    if (!pick || pick->kernel || pick->unit.node != shown.state.layout()->blocks.back().node || text.onTag) continue;
    if (!text.words.contains(QLatin1Char('.'))) continue;
    ++numbers;
    EXPECT_FALSE(text.words.contains(QRegularExpression("[<>]"))) << text.words.toStdString();
    const float amount = shown.state.shown().cells()[shown.state.layout()->cellIndex(pick->cell)];
    EXPECT_NEAR(QString(text.words).replace(QChar(u'−'), QChar(u'-')).toDouble(), double(amount), 0.006 + 0.01 * std::abs(double(amount)));
  }
  EXPECT_GT(numbers, 0);
}

// The eye is nearer to the first class than to the last: all have their numbers, or none has.
TEST(OverlayNumbers, OfAnOutputAreWrittenTogether) {
  int all = 0, none = 0;
  for (int width = 700; width <= 2300; width += 100) {
    Shown shown(scene_test::harley(), Arrangement::Space);
    show(shown, {QSizeF(width, width * 0.62), 50});
    const scene::Layout& layout = *shown.state.layout();
    int numbers = 0;
    for (const WrittenText& text : written(shown, 50)) {
      const auto pick = scene::pick(layout, shown.camera.rayThrough({float(text.rect.center().x()), float(text.rect.center().y())}));
      numbers += pick && !pick->kernel && pick->unit.node == layout.blocks.back().node && text.words.contains(QLatin1Char('.'));
    }
    EXPECT_TRUE(numbers == 0 || numbers == 10) << numbers << " at " << width;
    (numbers == 0 ? none : all) += 1;
  }
  EXPECT_GT(all, 0);
  EXPECT_GT(none, 0);
}

TEST(OverlayNames, OfTheMapsOfALayerBeginTogether) {
  int named = 0;
  for (int width = 900; width <= 2300; width += 50) {
    Shown shown(scene_test::harley(), Arrangement::Space);
    show(shown, {QSizeF(width, width * 0.62), 50});
    const std::vector<WrittenText> texts = written(shown, 50);
    const auto names = std::count_if(texts.begin(), texts.end(), [](const WrittenText& text) { return text.words.startsWith("map "); });
    EXPECT_NE(names, 1) << "one name alone at " << width;
    named += names > 1;
  }
  EXPECT_GT(named, 0);
}

// Beside wide panels there are no legends: the network takes their room.
TEST(OverlayMargins, KeepNoRoomForLegendsThatAreNotShown) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  show(shown, {QSizeF(358, 526), 50});
  QRectF cells;
  for (const scene::Sheet& sheet : shown.state.layout()->sheets) cells |= outlineOf(shown, sheet).boundingRect();
  EXPECT_GT(cells.width(), 358 * 0.55);
  EXPECT_LT(cells.right(), 358);
}

TEST(OverlayTag, AtThePointerHidesNoLettersOfPinnedUnits) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  const scene::Layout& layout = *shown.state.layout();
  const int node = layout.blocks[1].node;
  scene_test::select(shown.state, [&](scene::Selection& selection) {
    selection.pins.beside = {{node, {0, 14, 14}}, {node, {1, 14, 14}}, {node, {3, 14, 14}}};
  });
  show(shown, {QSizeF(706, 526), 50});
  for (int map = 0; map < 6; ++map) {
    const scene::UnitId unit{node, {map, 20, 8}};
    scene_test::hover(shown.state, scene::Pick{*layout.locate(unit), false, false, unit});
    QRectF tag;
    std::vector<QRectF> letters;
    for (const WrittenText& text : written(shown, 50)) {
      if (text.onTag) tag |= text.rect;
      if (!text.onTag && (text.words == "A" || text.words == "B" || text.words == "C")) letters.push_back(text.rect);
    }
    ASSERT_EQ(letters.size(), 3u);
    for (const QRectF& letter : letters) EXPECT_FALSE(letter.intersects(tag)) << "map " << map + 1;
  }
}

}  // namespace
