#include <gtest/gtest.h>

#include "scene/Camera.h"
#include "scene/Picking.h"
#include "scene/SceneNetworks.h"

namespace {

using scene::Arrangement;
using scene::CellRef;

class PickingTest : public testing::TestWithParam<Arrangement> {};

scene::Camera cameraOf(const scene::Layout& layout) {
  scene::Camera camera;
  camera.setScene(layout);
  camera.setViewport(1280, 800, {120, 80, 80, 30});
  camera.reset(false);
  return camera;
}

// From the default place nothing hides anything: every cell that is projected is the one picked there.
TEST_P(PickingTest, FindsEveryUnitWhereItIsProjected) {
  for (const auto& network : {scene_test::harley(), scene_test::mlp(), scene_test::branches()}) {
    const auto layout = buildLayout(network, GetParam());
    const scene::Camera camera = cameraOf(*layout);
    for (const scene::Block& block : layout->blocks) {
      const nn::Shape& shape = network->node(block.node).shape;
      int wrong = 0;
      for (std::size_t i = 0; i < shape.size(); ++i) {
        const scene::UnitId unit{block.node, nn::cellAt(shape, i)};
        const scene::Vec3 at = camera.project(layout->center(*layout->locate(unit)));
        const auto found = pick(*layout, camera.rayThrough({at.x, at.y}));
        wrong += !found || found->kernel || !(found->unit == unit);
      }
      EXPECT_EQ(wrong, 0) << network->spec().name << " " << block.name;
    }
  }
}

TEST_P(PickingTest, FindsEveryWeight) {
  const auto layout = buildLayout(scene_test::harley(), GetParam());
  const scene::Camera camera = cameraOf(*layout);
  for (const scene::Block& block : layout->blocks) {
    for (int k = 0; k < block.kernelSheetCount; ++k) {
      const int sheet = block.firstKernelSheet + k;
      const int tiles = layout->sheets[std::size_t(sheet)].tileCount;
      for (const CellRef cell : {CellRef{sheet, 0, 0, 0}, CellRef{sheet, 4, 1, tiles - 1}, CellRef{sheet, 2, 2, tiles / 2}}) {
        const scene::Vec3 at = camera.project(layout->center(cell));
        const auto found = pick(*layout, camera.rayThrough({at.x, at.y}));
        ASSERT_TRUE(found.has_value());
        EXPECT_TRUE(found->kernel);
        EXPECT_EQ(found->cell, cell);
        EXPECT_EQ(found->unit.cell.channel, k);
      }
    }
  }
}

TEST_P(PickingTest, IsExactAtTheBordersOfCells) {
  const auto layout = buildLayout(scene_test::harley(), GetParam());
  const scene::Camera camera = cameraOf(*layout);
  const scene::Sheet& map = layout->sheets[std::size_t(layout->blocks[1].firstSheet + 2)];
  for (const float inside : {0.01f, 0.99f}) {
    const scene::Vec3 at = camera.project(map.point(12 + inside, 7 + inside));
    const auto found = pick(*layout, camera.rayThrough({at.x, at.y}));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->cell.column, 12);
    EXPECT_EQ(found->cell.row, 7);
  }
}

TEST_P(PickingTest, FindsNothingBesideTheScene) {
  const auto layout = buildLayout(scene_test::harley(), GetParam());
  const scene::Camera camera = cameraOf(*layout);
  EXPECT_FALSE(pick(*layout, camera.rayThrough({5, 5})));
  EXPECT_FALSE(pick(*layout, camera.rayThrough({1275, 5})));
}

INSTANTIATE_TEST_SUITE_P(Arrangements, PickingTest, testing::Values(Arrangement::Space, Arrangement::Flat, Arrangement::Rightward));

}  // namespace
