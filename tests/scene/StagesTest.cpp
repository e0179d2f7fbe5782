// How a layout uses the shape of a picture: stages of deep networks, rows of maps, and what an eye looks at in another layout.
#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <set>

#include "scene/LabelBoxes.h"
#include "scene/Layout.h"
#include "scene/SceneNetworks.h"
#include "scene/View.h"

namespace {

using scene::Arrangement;
using scene::Block;
using scene::Layout;
using scene::Vec3;
using scene::ViewShape;

constexpr std::array kEveryArrangement = {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward};
constexpr std::array kShapes = {ViewShape::Tall, ViewShape::Even, ViewShape::Broad, ViewShape::Wide, ViewShape::LowWide};

// Five resolutions of three convolutions each, as VGG.
std::shared_ptr<const nn::Network> deep() {
  nn::NetworkSpec spec;
  spec.name = "deep";
  spec.nodes = {scene_test::input(1, 32, 32)};
  for (int stage = 1; stage <= 5; ++stage) {
    for (const char* part : {"a", "b", "c"}) spec.nodes.push_back(scene_test::conv("conv" + std::to_string(stage) + part, 8, 3, "same"));
    spec.nodes.push_back(scene_test::pool("pool" + std::to_string(stage)));
  }
  spec.nodes.push_back(scene_test::dense("output", 10, "none"));
  return nn::Network::create(spec);
}

int stagesOf(const Layout& layout) {
  int most = 0;
  for (const Block& block : layout.blocks) most = std::max(most, block.stage);
  return most + 1;
}

// Pixels of a unit of the world in a picture of that aspect that is one pixel high and shows all blocks with their labels.
float fitOf(const Layout& layout, float aspect) {
  scene::Box all = layout.bounds;
  for (const scene::Box& label : scene_test::labelBoxes(layout)) all.add(label.low), all.add(label.high);
  return std::min(aspect / all.size().x, 1 / all.size().y);
}

// Pixels of a cell, in the mean of all layers.
float cellOf(const Layout& layout, float aspect) {
  float sum = 0;
  for (const Block& block : layout.blocks) sum += std::log(layout.sheets[std::size_t(block.firstSheet)].pitch);
  return fitOf(layout, aspect) * std::exp(sum / float(layout.blocks.size()));
}

TEST(ViewShape, ChangesWellBeyondABorderAlone) {
  using scene::shapeOf;
  EXPECT_EQ(shapeOf(955, 490), ViewShape::LowWide);
  EXPECT_EQ(shapeOf(1375, 710), ViewShape::Wide);
  EXPECT_EQ(shapeOf(955, 730), ViewShape::Even);
  EXPECT_EQ(shapeOf(375, 640), ViewShape::Tall);
  EXPECT_EQ(shapeOf(0, 640, ViewShape::Wide), ViewShape::Wide) << "what is not shown has no shape";
  // The height of a window is dragged to and fro.
  ViewShape now = shapeOf(2000, 1400);
  int changes = 0;
  EXPECT_EQ(now, ViewShape::Broad);
  for (int height = 1400; height >= 1040; --height) changes += std::exchange(now, shapeOf(2000, height, now)) != now;
  EXPECT_EQ(now, ViewShape::Wide);
  for (int height = 1040; height <= 1260; ++height) changes += std::exchange(now, shapeOf(2000, height, now)) != now;
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(shapeOf(2000, 1600, now), ViewShape::Even);
  EXPECT_EQ(shapeOf(1180, 590, now), ViewShape::Wide) << "hardly low";
  EXPECT_EQ(shapeOf(1080, 600, ViewShape::Tall), ViewShape::Wide) << "far from the border of what it was";
  EXPECT_EQ(shapeOf(1000, 500, now), ViewShape::LowWide);
}

TEST(Stages, ADeepNetworkFillsAWidePicture) {
  const auto network = deep();
  for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat}) {
    const auto tall = buildLayout(network, arrangement, {}, ViewShape::Tall), even = buildLayout(network, arrangement, {}, ViewShape::Even),
               wide = buildLayout(network, arrangement, {}, ViewShape::Wide);
    EXPECT_EQ(stagesOf(*tall), 1);
    EXPECT_GT(stagesOf(*even), 1);
    EXPECT_GE(stagesOf(*wide), stagesOf(*even));
    EXPECT_GT(fitOf(*wide, 1.9f), 1.5f * fitOf(*tall, 1.9f)) << "everything is larger than in a thread";
  }
  // From left to right a tall picture is what a deep network does not fit.
  EXPECT_GT(stagesOf(*buildLayout(network, Arrangement::Rightward, {}, ViewShape::Tall)), 1);
}

TEST(Stages, AreReadOneAfterTheOther) {
  const auto network = deep();
  for (const Arrangement arrangement : kEveryArrangement) {
    const auto layout = buildLayout(network, arrangement, {}, arrangement == Arrangement::Rightward ? ViewShape::Tall : ViewShape::Wide);
    const bool turned = arrangement == Arrangement::Rightward;
    const Vec3 beside = turned ? Vec3{0, -1, 0} : Vec3{1, 0, 0};
    ASSERT_GT(stagesOf(*layout), 1);
    EXPECT_EQ(layout->blocks.front().stage, 0);
    std::size_t passed = 0;
    for (std::size_t b = 1; b < layout->blocks.size(); ++b) {
      const Block &before = layout->blocks[b - 1], &here = layout->blocks[b];
      if (here.stage == before.stage) {
        EXPECT_GT(dot(here.bounds.center() - before.bounds.center(), layout->flow()), 0) << here.name;
        continue;
      }
      ++passed;
      EXPECT_EQ(here.stage, before.stage + 1) << here.name;
      EXPECT_EQ(before.name.substr(0, 4), "pool") << "a stage ends with a resolution";
      EXPECT_GT(dot(here.bounds.center() - before.bounds.center(), beside), 0) << here.name;
      // One way leads from the end of a stage to the next.
      const scene::Route& route = layout->routes.at(passed - 1);
      EXPECT_EQ(route.from, int(b) - 1);
      EXPECT_EQ(route.to, int(b));
    }
    EXPECT_EQ(layout->routes.size(), passed);
  }
}

// On one plane it can be said exactly: the ways run in the gaps.
TEST(Stages, WaysBetweenThemCrossNoLayer) {
  const auto layout = buildLayout(deep(), Arrangement::Flat, {}, ViewShape::Wide);
  ASSERT_FALSE(layout->routes.empty());
  for (const scene::Route& route : layout->routes) {
    for (std::size_t i = 1; i < route.points.size(); ++i) {
      for (int step = 1; step < 50; ++step) {
        const Vec3 at = mix(route.points[i - 1], route.points[i], float(step) / 50);
        for (const Block& block : layout->blocks)
          for (const scene::Box& box : {block.bounds, block.kernelBounds})
            EXPECT_FALSE(at.x > box.low.x + 1e-3f && at.x < box.high.x - 1e-3f && at.y > box.low.y + 1e-3f && at.y < box.high.y - 1e-3f)
                << block.name;
      }
    }
  }
}

// What fits a usual window stays one stage in long rows.
TEST(Stages, ASmallNetworkStaysWhole) {
  for (const auto& network : {scene_test::harley(), scene_test::mlp(), scene_test::branches()}) {
    for (const Arrangement arrangement : kEveryArrangement) {
      const auto even = buildLayout(network, arrangement, {}, ViewShape::Even),
                 wide = buildLayout(network, arrangement, {}, ViewShape::Wide);
      EXPECT_EQ(stagesOf(*even), 1);
      ASSERT_EQ(even->sheets.size(), wide->sheets.size());
      for (std::size_t i = 0; i < even->sheets.size(); ++i) EXPECT_EQ(even->sheets[i].origin, wide->sheets[i].origin);
      EXPECT_TRUE(wide->routes.empty());
    }
  }
}

TEST(Stages, ATallPictureShowsMapsInShortRows) {
  const auto network = scene_test::harley();
  const auto even = buildLayout(network, Arrangement::Space), tall = buildLayout(network, Arrangement::Space, {}, ViewShape::Tall);
  EXPECT_LT(tall->bounds.size().x, 0.7f * even->bounds.size().x);
  EXPECT_GT(cellOf(*tall, 0.6f), 1.1f * cellOf(*even, 0.6f));
  EXPECT_GT(fitOf(*even, 1.25f), fitOf(*tall, 1.25f)) << "in another picture long rows are better";
}

TEST(Stages, EveryUnitIsFoundInEveryShape) {
  const auto network = deep();
  for (const Arrangement arrangement : kEveryArrangement) {
    for (const ViewShape shape : kShapes) {
      const auto layout = buildLayout(network, arrangement, {}, shape);
      std::set<std::size_t> cells;
      for (const Block& block : layout->blocks) {
        const nn::Shape& of = network->node(block.node).shape;
        for (std::size_t i = 0; i < of.size(); ++i) {
          const auto cell = layout->locate({block.node, nn::cellAt(of, i)});
          ASSERT_TRUE(cell.has_value());
          cells.insert(layout->cellIndex(*cell));
        }
      }
      EXPECT_EQ(cells.size(), layout->unitCells);
    }
  }
}

// A layer in the middle of the picture is there in the other layout, too, as large as before.
TEST(View, LooksAtTheSameLayerInAnotherLayout) {
  const auto network = deep();
  const auto thread = buildLayout(network, Arrangement::Space, {}, ViewShape::Tall), folded = buildLayout(network, Arrangement::Space);
  ASSERT_GT(stagesOf(*folded), 1);
  for (const std::size_t b : {std::size_t(2), std::size_t(9), std::size_t(17)}) {
    scene::Camera before, after;
    before.setViewport(600, 1000, {});
    before.setScene(*thread);
    before.focus(thread->blocks[b].bounds, false);
    const scene::View view = viewOf(before, *thread);
    EXPECT_EQ(view.node, thread->blocks[b].node);
    const scene::Camera::Pose same = poseOf(view, before, *thread);
    EXPECT_LT(length(same.target - before.goal().target), 1e-4f);
    EXPECT_NEAR(same.distance, before.goal().distance, 1e-4f);
    after.setViewport(600, 1000, {});
    after.setScene(*folded);
    after.move(poseOf(view, after, *folded), false);
    const Vec3 there = before.project(thread->blocks[b].bounds.center()), here = after.project(folded->blocks[b].bounds.center());
    EXPECT_NEAR(here.x, there.x, 25) << b;
    EXPECT_NEAR(here.y, there.y, 25) << b;
  }
}

TEST(View, OfTheWholeNetworkStaysThatInAnotherPicture) {
  const auto network = deep();
  const auto thread = buildLayout(network, Arrangement::Space, {}, ViewShape::Tall),
             wide = buildLayout(network, Arrangement::Space, {}, ViewShape::Wide);
  scene::Camera before, after;
  before.setViewport(600, 1000, {});
  before.setScene(*thread);
  before.reset(false);
  before.turn(0.2f, 0.1f);
  before.fit(false);
  const scene::View view = viewOf(before, *thread);
  EXPECT_EQ(view.node, -1);
  after.setViewport(1600, 800, {});
  after.setScene(*wide);
  after.move(poseOf(view, after, *wide), false);
  for (const Block& block : wide->blocks) {
    const Vec3 at = after.project(block.bounds.center());
    EXPECT_TRUE(at.x > 0 && at.x < 1600 && at.y > 0 && at.y < 800) << block.name;
  }
  EXPECT_NEAR(after.goal().yaw, before.goal().yaw, 1e-6f);
}

}  // namespace
