// What is written over the cells and beside them: the tags of traces and pointers, numbers and names that are written together or not
// at all, and words that make way for cells.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <set>

#include <QRegularExpression>

#include "analysis/Activity.h"
#include "gl/Shown.h"
#include "io/Model.h"
#include "render/LevelOfDetail.h"
#include "scene/Explanation.h"
#include "scene/Picking.h"
#include "scene/Winner.h"
#include "scene/text/Formula.h"
#include "scene/text/UnitText.h"
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

void trace(Shown& shown, const scene::UnitId& unit) {
  scene_test::pin(shown.state, unit);
  scene::ConnectionOptions connectionOptions;
  connectionOptions.trace = true;
  scene_test::ask(shown.state, connectionOptions);
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

// Nor words, also where the name of the unit is long.
TEST(OverlayTag, OfATraceOfAnInnerUnitFindsAFreePlace) {
  for (const View& view : {View{{350, 486}, 38}, View{{505, 529}, 90}}) {
    Shown shown(scene_test::harley(), Arrangement::Space);
    trace(shown, {shown.state.network()->find("pool2"), {7, 2, 2}});
    show(shown, view);
    QRectF tag;
    std::vector<QRectF> words;
    for (const WrittenText& text : written(shown, view.foot)) {
      if (text.onTag)
        tag |= text.rect;
      else
        words.push_back(text.rect);
    }
    ASSERT_FALSE(tag.isEmpty());
    for (const QRectF& word : words) EXPECT_FALSE(word.intersects(tag)) << view.size.width();
    for (const scene::Sheet& sheet : shown.state.layout()->sheets) EXPECT_FALSE(covers(tag, outlineOf(shown, sheet))) << view.size.width();
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
  ASSERT_EQ(scene::shownValue(shown.state, *shown.state.selection().pinned()), 0);
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

// A network that is read to the right is as high as the picture: its legends stand above it all the same.
TEST(OverlayMargins, KeepRoomForLegendsAboveTheNetwork) {
  for (const QSize& size : {QSize(700, 430), QSize(706, 526), QSize(927, 529), QSize(1560, 860)}) {
    Shown shown(scene_test::mlp(), Arrangement::Rightward);
    show(shown, {size, 50});
    int ends = 0;
    for (const WrittenText& text : written(shown, 50)) {
      EXPECT_GE(text.rect.top(), 5) << size.width() << ": " << text.words.toStdString();
      ends += text.words == "0";
    }
    EXPECT_GE(ends, 3) << size.width() << ": of the legends";
  }
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

// The sum of a unit reads the same beside its trace and on its sheet.
TEST(OverlayTag, OfATraceWritesTheBiasAsTheUnitsSheetDoes) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  const auto network = shown.state.network();
  const int conv1 = network->find("conv1");
  const nn::Network::Node& node = network->node(conv1);
  const std::size_t bias = node.parameterOffset + node.parameterCount - 6;
  for (std::size_t i = node.parameterOffset; i < bias; ++i) (*shown.parameters)[i] = 0.4321f;
  for (std::size_t i = 0; i < 6; ++i) (*shown.parameters)[bias + i] = -0.0531f;
  shown.state.setParameters(shown.parameters);
  const auto values = scene_test::valuesOf(network, *shown.parameters, scene_test::seven(network->inputShape()), 2);
  shown.state.setValues(values);
  const auto all = values->of(conv1);
  const scene::UnitId unit{conv1, nn::cellAt(node.shape, std::size_t(std::max_element(all.begin(), all.end()) - all.begin()))};
  trace(shown, unit);
  const scene::Explanation e = scene::explain(*network, *shown.parameters, *values, unit);
  ASSERT_TRUE(e.hasBias);
  EXPECT_EQ(e.bias, -0.0531f);
  ASSERT_GT(e.preActivation, 1);
  const scene::SumWords sum = scene::totalWords(e);
  QStringList told;
  for (const WrittenText& text : shown.written())
    if (text.onTag) told << text.words;
  const QString words = told.join(QLatin1Char('\n'));
  EXPECT_TRUE(words.contains(QStringLiteral("pixels +%1, biases %2").arg(sum.addends[0].c_str(), sum.addends[1].c_str())))
      << words.toStdString();
}

// The shares of one output have one precision.
TEST(OverlayNumbers, OfAnOutputAreWrittenAlike) {
  int numbers = 0;
  for (int width = 700; width <= 2300; width += 100) {
    Shown shown(scene_test::harley(), Arrangement::Space);
    const scene::Layout& layout = *shown.state.layout();
    auto values = std::make_shared<scene::Values>(
        *scene_test::valuesOf(shown.state.network(), *shown.parameters, scene_test::seven(shown.state.network()->inputShape()), 2));
    const float shares[] = {0.9712f, 0.0014f, 3e-5f, 0.0231f, 0.002f, 4e-7f, 0.001f, 0.0008f, 0.0001f, 0.0006f};
    std::copy(std::begin(shares), std::end(shares), values->values.begin() + std::ptrdiff_t(values->offset.back()));
    shown.state.setValues(values);
    show(shown, {QSizeF(width, width * 0.62), 50});
    std::set<qsizetype> decimals;
    for (const WrittenText& text : written(shown, 50)) {
      const auto pick = scene::pick(layout, shown.camera.rayThrough({float(text.rect.center().x()), float(text.rect.center().y())}));
      if (!pick || pick->kernel || pick->unit.node != layout.blocks.back().node || !text.words.contains(QLatin1Char('.'))) continue;
      decimals.insert(std::max<qsizetype>(2, text.words.size() - text.words.indexOf(QLatin1Char('.')) - 1));
      ++numbers;
      if (text.words == "< 0.01") decimals.insert(2);
    }
    EXPECT_TRUE(!decimals.contains(2) || decimals.size() == 1) << "at " << width;
  }
  EXPECT_GT(numbers, 20);
}

// Of one layer's numbers: what is below a note is not taken for its own.
TEST(OverlayLegends, NotesKeepAwayFromTheNextBar) {
  int notes = 0;
  for (const QSize& size : {QSize(706, 526), QSize(585, 420), QSize(930, 560), QSize(1280, 800)})
    for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat}) {
      Shown shown(scene_test::harley(), arrangement);
      const auto network = shown.state.network();
      auto activity = std::make_shared<analysis::Activity>();
      activity->network = network;
      activity->pictures = 500;
      for (const nn::Network::Node& node : network->nodes()) activity->fired.emplace_back(std::size_t(node.shape.channels));
      std::fill(shown.parameters->begin(), shown.parameters->end(), 0.0f);
      shown.state.setParameters(shown.parameters);
      shown.state.setValues(scene_test::valuesOf(network, *shown.parameters, scene_test::seven(network->inputShape()), 2));
      shown.state.setActivity(activity);
      show(shown, {size, 50});
      const std::vector<WrittenText> texts = written(shown, 50);
      for (const WrittenText& note : texts) {
        if (!note.words.endsWith("dead")) continue;
        ++notes;
        for (const WrittenText& below : texts) {
          const bool under =
              below.rect.top() > note.rect.bottom() && below.rect.left() < note.rect.right() && below.rect.right() > note.rect.left();
          EXPECT_TRUE(!under || below.rect.top() - note.rect.bottom() >= 10) << size.width() << ": " << below.words.toStdString();
        }
      }
    }
  EXPECT_GT(notes, 8);
}

// In pictures as small as those of a screen that is scaled by 1.75: every word makes way for the cells.
TEST(OverlayNames, CoverNoCellsWhereEverythingIsInView) {
  for (const char* name : {"harley", "mlp", "unet-mini", "resnet-mini", "inception-mini"}) {
    const auto network = nn::Network::create(io::loadNetworkSpec(name));
    for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward})
      for (const QSize& size : {QSize(358, 526), QSize(560, 420), QSize(706, 526), QSize(927, 529)}) {
        Shown shown(network, arrangement);
        show(shown, {size, 50});
        const scene::Layout& layout = *shown.state.layout();
        const std::vector<bool> far = render::farBlocks(shown.state, shown.camera);
        std::vector<QPolygonF> outlines;
        for (const scene::Sheet& sheet : layout.sheets)
          if (sheet.kind != scene::Sheet::Kind::Kernels || render::drawnAlone(sheet, far)) outlines.push_back(outlineOf(shown, sheet));
        std::size_t named = 0;
        for (const WrittenText& text : written(shown, 50)) {
          named += std::any_of(layout.blocks.begin(), layout.blocks.end(),
                               [&](const scene::Block& block) { return text.words.toStdString() == block.name; });
          if (!text.words.contains(QRegularExpression("[a-z×]"))) continue;  // a number in its cell
          EXPECT_TRUE(std::none_of(outlines.begin(), outlines.end(), [&](const QPolygonF& cells) { return covers(text.rect, cells); }))
              << name << ", arrangement " << int(arrangement) << ", " << size.width() << " wide: '" << text.words.toStdString() << "'";
        }
        EXPECT_GE(named, size.width() < 400 ? 3u : 4u) << name << ", " << int(arrangement) << ", " << size.width();
      }
  }
}

// A class among a thousand, and ten with long names: the winner's stands beside the cells, whole or cut at its end, within the picture.
TEST(OverlayNames, OfTheWinnerCanBeReadHoweverManyAndLongTheyAre) {
  for (const int classes : {10, 300, 1000}) {
    nn::NetworkSpec spec;
    spec.name = "many";
    spec.nodes = {scene_test::input(1, 8, 8), scene_test::node("flatten", "flatten"), scene_test::dense("output", classes, "none"),
                  scene_test::node("softmax", "softmax")};
    for (int i = 0; i < classes; ++i) spec.classNames.push_back("Egyptian mongoose " + std::to_string(i));
    const auto network = nn::Network::create(spec);
    for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward})
      for (const QSize& size : {QSize(505, 529), QSize(927, 529), QSize(1560, 860)})
        for (const int winner : {0, classes / 2, classes - 1}) {
          Shown shown(network, arrangement);
          std::fill(shown.parameters->begin(), shown.parameters->end(), 0.0f);
          (*shown.parameters)[shown.parameters->size() - std::size_t(classes - winner)] = 3;  // its bias
          shown.state.setParameters(shown.parameters);
          shown.state.setValues(scene_test::valuesOf(network, *shown.parameters, scene_test::seven(network->inputShape()), 2));
          show(shown, {size, 50});
          const auto& blocks = shown.state.layout()->blocks;
          ASSERT_EQ(scene::winnerOf(shown.state, int(blocks.size()) - 1), winner);
          const std::string what = std::to_string(winner) + " of " + std::to_string(classes) + ", arrangement " +
                                   std::to_string(int(arrangement)) + ", " + std::to_string(size.width());
          QRectF largest;
          QString words;
          for (const WrittenText& text : written(shown, 50))
            if (text.words.startsWith("Egyp") && text.rect.height() > largest.height()) largest = text.rect, words = text.words;
          ASSERT_FALSE(largest.isEmpty()) << what;
          EXPECT_TRUE(words.endsWith(QChar(u'…')) || words == QStringLiteral("Egyptian mongoose %1").arg(winner)) << what;
          EXPECT_TRUE(QRectF(QPointF(0, 0), size).contains(largest)) << what;
          for (const scene::Sheet& sheet : shown.state.layout()->sheets) EXPECT_FALSE(covers(largest, outlineOf(shown, sheet))) << what;
        }
  }
}

// The tag at the pointer leaves what is written in sight where another side of the pointer has room.
TEST(OverlayTag, AtThePointerHidesFewOfTheWordsOfATrace) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  compare(shown, 3, -1);
  show(shown, {QSizeF(927, 529), 50});
  const scene::Layout& layout = *shown.state.layout();
  int hidden = 0, pointed = 0;
  for (const char* name : {"conv1", "pool1", "conv2", "pool2"}) {
    const int node = shown.state.network()->find(name);
    const nn::Shape& shape = shown.state.network()->node(node).shape;
    for (int map = 0; map < shape.channels; ++map) {
      const scene::UnitId unit{node, {map, shape.height / 2, shape.width / 2}};
      scene_test::hover(shown.state, scene::Pick{*layout.locate(unit), false, false, unit});
      QRectF tag;
      std::vector<QRectF> words;
      for (const WrittenText& text : written(shown, 50)) {
        if (text.onTag)
          tag |= text.rect;
        else
          words.push_back(text.rect);
      }
      ASSERT_FALSE(tag.isEmpty());
      ++pointed;
      hidden += int(std::count_if(words.begin(), words.end(), [&](const QRectF& word) { return word.intersects(tag); }));
    }
  }
  RecordProperty("hidden", hidden);
  EXPECT_LT(hidden, pointed / 4) << "of " << pointed;
}

}  // namespace
