// Everything that the scene can be asked, of networks as nobody ships them: it answers or stays silent, and each output has its own
// winner and its own names.
#include <gtest/gtest.h>

#include "analysis/Answer.h"
#include "io/Model.h"
#include "render/Picture.h"
#include "scene/MadeNetworks.h"
#include "scene/Walk.h"
#include "scene/Winner.h"
#include "scene/text/UnitText.h"
#include "support/Select.h"
#include "ui/WindowTest.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/ConnectionActions.h"

namespace {

using scene::Arrangement;
using scene_test::madeNetworks;

class MadeNetwork : public ::testing::TestWithParam<std::shared_ptr<const nn::Network>> {
 protected:
  MadeNetwork() : network(GetParam()), parameters(std::make_shared<std::vector<float>>(network->initialParameters(3))) {
    capture.style = render::SceneStyle::of(true);
  }
  scene::SceneState& state() { return capture.state; }
  const scene::Layout& layout() { return *capture.state.layout(); }
  void show(Arrangement arrangement) {
    state().setNetwork(scene::SceneRequest{network, arrangement});
    state().setParameters(parameters);
    std::vector<float> picture = scene_test::seven(network->inputShape());
    if (network->inputShape().isVector()) picture[0] = 0.7f;
    state().setValues(scene_test::valuesOf(network, *parameters, picture));
    capture.camera.setScene(layout());
    capture.camera.setViewport(640, 400, overlayMargins(state(), capture.style, {640, 400}));
    capture.camera.reset(false);
  }
  void draw() {
    capture.motion.dimming = state().highlight() ? 1 : 0;
    EXPECT_FALSE(pictureOf(capture, 200).isNull());
  }
  // The first and the last unit of every block.
  std::vector<scene::UnitId> someUnits() {
    std::vector<scene::UnitId> units;
    for (const scene::Block& block : layout().blocks)
      for (const std::size_t flat : {std::size_t(0), block.shape.size() - 1})
        units.push_back({block.node, nn::cellAt(network->node(block.node).shape, flat)});
    return units;
  }
  void askAbout(const scene::UnitId& unit) {
    scene::Pick pick;
    pick.cell = *layout().locate(unit);
    pick.unit = layout().unitAt(pick.cell);
    scene_test::hover(state(), pick);
    EXPECT_FALSE(scene::tell(state(), unit).empty());
    scene_test::hover(state(), std::nullopt);
    scene_test::pin(state(), unit);
    for (const bool trace : {false, true})
      for (const auto direction : {scene::Direction::Incoming, scene::Direction::Outgoing}) {
        scene::ConnectionOptions connectionOptions;
        connectionOptions.trace = trace;
        connectionOptions.direction = direction;
        connectionOptions.against = trace && direction == scene::Direction::Outgoing ? 7 : -1;
        scene_test::ask(state(), connectionOptions);
        draw();
      }
    for (int step = 0; step <= int(scene::Step::TowardsOutput); ++step) neighbor(layout(), unit, scene::Step(step));
    scene_test::ask(state(), {});
    scene_test::pin(state(), std::nullopt);
  }
  void play() {
    for (const scene::AnimationType* type : scene::animationTypes())
      for (const scene::Block& block : layout().blocks) {
        const scene::AnimationStart start{scene::UnitId{block.node, {0, 0, 0}}, block.level % 2 == 0};
        const std::shared_ptr<const scene::Animation> animation = type->create(layout(), start);
        if (!animation) continue;
        for (const std::size_t step : {std::size_t(0), animation->steps() / 2, animation->steps()}) {
          state().setAnimation(scene::AnimationStep{animation, step});
          draw();
        }
        if (!type->unit) break;
      }
    state().setAnimation(std::nullopt);
  }

  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<std::vector<float>> parameters;
  render::SceneCapture capture;
};

TEST_P(MadeNetwork, AnswersWhateverItIsAsked) {
  for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward}) {
    show(arrangement);
    draw();
    if (arrangement != Arrangement::Space) continue;  // the others only stand in other places
    for (const scene::UnitId& unit : someUnits()) askAbout(unit);
    for (const scene::Sheet& sheet : layout().sheets) {
      if (sheet.kind != scene::Sheet::Kind::Kernels || sheet.count == 0) continue;
      scene::Pick pick;
      pick.cell = {int(&sheet - layout().sheets.data()), 0, 0, 0};
      pick.kernel = true;
      scene_test::hover(state(), pick);
      draw();
      scene_test::hover(state(), std::nullopt);
      break;
    }
    play();
    for (int scope = 0; scope < scene::kScaleScopeCount; ++scope) {
      state().setScaleScope(scene::ScaleScope(scope));
      draw();
    }
    scene::ConnectionOptions trace;
    trace.trace = true;
    scene_test::ask(state(), trace);
    std::vector<int> nodes;  // of the layout now: folding makes another one
    for (const scene::Block& block : layout().blocks) nodes.push_back(block.node);
    for (const int node : nodes) {
      scene_test::fold(state(), {node});
      draw();
    }
    scene_test::ask(state(), {});
  }
}

TEST_P(MadeNetwork, EveryOutputHasItsOwnWinner) {
  show(Arrangement::Space);
  for (std::size_t b = 0; b < layout().blocks.size(); ++b) {
    const scene::Block& block = layout().blocks[b];
    const int winner = scene::winnerOf(state(), int(b));
    if (!block.isOutput || !block.shape.isVector() || block.shape.channels < 2 || analysis::answerName(*network, block.node, 0).empty()) {
      EXPECT_EQ(winner, -1) << block.name;
      continue;
    }
    ASSERT_LT(winner, block.shape.channels) << block.name;
    for (int unit = 0; unit < block.shape.channels; ++unit)
      EXPECT_GE(scene::shownValue(state(), {block.node, {winner, 0, 0}}), scene::shownValue(state(), {block.node, {unit, 0, 0}}))
          << block.name;
  }
  const int first = layout().blockOfNode[std::size_t(network->outputs().front())];
  EXPECT_EQ(scene::winner(state()), scene::winnerOf(state(), first));
}

INSTANTIATE_TEST_SUITE_P(All, MadeNetwork, ::testing::ValuesIn(madeNetworks()), [](const auto& test) {
  std::string name = test.param->spec().name + std::to_string(test.index);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

class MadeWindow : public uitest::WindowTest {
 protected:
  void open(const std::shared_ptr<const nn::Network>& network) {
    const QString path = folder.filePath(QString::fromStdString(network->spec().name) + ".json");
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(io::writeNetworkJson(network->spec()));
    file.close();
    workbench().models().openFile(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().network() && workbench().network()->spec().name == network->spec().name; }, 5000));
  }
};

TEST_F(MadeWindow, ANetworkOfTwoOutputsIsDrawnOnAndAsked) {
  for (const auto& [one, two] : {std::pair(10, 4), {4, 10}}) {
    open(scene_test::twoHeads(one, two, true));
    ui::Visitor(*program).drawThree();
    ASSERT_TRUE(QTest::qWaitFor([&] { return scene::winner(state()) >= 0; }));
    EXPECT_EQ(window().answer().winner(), scene::winner(state()));
    for (const char* output : {"first", "second"}) {
      const scene::UnitId pinned = unit(output, {1, 0, 0});
      workbench().selection().pin(pinned);
      host().connectionOptions().compareAction()->trigger();
      ASSERT_TRUE(state().tracing()) << output;
      EXPECT_EQ(state().highlight()->unit, pinned);
      const auto [first, other] = host().connectionOptions().compared();
      EXPECT_EQ(first, 1);
      // The runner-up is one of the same output.
      ASSERT_GE(other, 0);
      const std::span<const float> logits = workbench().inference().values()->of(pinned.node);
      ASSERT_LT(other, int(logits.size()));
      for (std::size_t i = 0; i < logits.size(); ++i) EXPECT_TRUE(i == 1 || logits[i] <= logits[std::size_t(other)]);
      key(Qt::Key_Escape);
    }
    for (ui::SceneViews::View view : {ui::SceneViews::View::Flat, ui::SceneViews::View::Space}) {
      host().views().setView(view);
      ASSERT_TRUE(QTest::qWaitFor([&] { return !host().controller().camera().moving(); }));
    }
  }
}

// The bars leave the ground out: the unit behind one is that of its own class, where the class is strongest.
TEST_F(MadeWindow, TheBarsOfAPictureBelongToItsClasses) {
  workbench().models().openShipped("unet-mini");
  ui::Visitor(*program).drawThree();
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().answer().winner() >= 0; }));
  emit window().answer().classClicked(3);
  const auto pinned = workbench().selection().pinned();
  ASSERT_TRUE(pinned);
  EXPECT_EQ(pinned->cell.channel, 4);
  EXPECT_EQ(scene::describe(state(), *pinned).find("output · class 3, row "), 0u) << scene::describe(state(), *pinned);
  const scene::Values& values = *workbench().inference().values();
  const int softmax = workbench().network()->find("softmax");
  for (int row = 0; row < 28; ++row)
    for (int column = 0; column < 28; ++column) EXPECT_LE(values.at({softmax, {4, row, column}}), values.at({softmax, pinned->cell}));
  emit window().answer().classCompared(7);
  ASSERT_TRUE(state().tracing());
  EXPECT_EQ(scene::tracedName(state()), "class 3 − class 7");
  EXPECT_EQ(state().highlight()->unit.cell, pinned->cell);
}

}  // namespace
