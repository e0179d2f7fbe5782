#include <gtest/gtest.h>
#include <set>

#include "scene/LabelBoxes.h"
#include "scene/Layout.h"
#include "scene/Picking.h"
#include "scene/RandomNetworks.h"
#include "scene/SceneNetworks.h"
#include "scene/ShowingMemory.h"

namespace {

using scene::Arrangement;
using scene::Block;
using scene::Layout;
using scene::Sheet;
using scene::Vec3;

constexpr std::array kArrangements = {Arrangement::Space, Arrangement::Flat, Arrangement::Rightward};

// Whether two rectangles in space come closer than `gap`, by separating axes (their normals, sides and the sides' products).
bool apart(const Sheet& a, const Sheet& b, float gap) {
  const auto corners = [](const Sheet& s) {
    return std::array<Vec3, 4>{s.origin, s.origin + s.right * s.width(), s.origin + s.down * s.height(),
                               s.origin + s.right * s.width() + s.down * s.height()};
  };
  const auto ca = corners(a), cb = corners(b);
  std::vector<Vec3> axes = {a.normal(), b.normal(), a.right, a.down, b.right, b.down};
  for (const Vec3& x : {a.right, a.down})
    for (const Vec3& y : {b.right, b.down}) axes.push_back(cross(x, y));
  for (const Vec3& axis : axes) {
    if (length(axis) < 1e-4f) continue;
    const Vec3 n = normalized(axis);
    float lowA = 1e9f, highA = -1e9f, lowB = 1e9f, highB = -1e9f;
    for (const Vec3& p : ca) lowA = std::min(lowA, dot(p, n)), highA = std::max(highA, dot(p, n));
    for (const Vec3& p : cb) lowB = std::min(lowB, dot(p, n)), highB = std::max(highB, dot(p, n));
    if (highA + gap < lowB || highB + gap < lowA) return true;
  }
  return false;
}

scene::Box boxOf(const Sheet& s) {
  scene::Box box;
  for (const float x : {0.0f, s.width()})
    for (const float y : {0.0f, s.height()}) box.add(s.origin + s.right * x + s.down * y);
  return box;
}

bool meet(const scene::Box& a, const scene::Box& b, float gap) {
  return a.low.x <= b.high.x + gap && b.low.x <= a.high.x + gap && a.low.y <= b.high.y + gap && b.low.y <= a.high.y + gap &&
         a.low.z <= b.high.z + gap && b.low.z <= a.high.z + gap;
}

// Sheets against sheets exactly; blocks, and labels against labels and sheets, by the boxes around them.
void expectNoOverlap(const Layout& layout, const std::string& what) {
  std::vector<scene::Box> boxes, parts;
  for (const Sheet& sheet : layout.sheets) boxes.push_back(boxOf(sheet));
  int touching = 0;
  for (std::size_t i = 0; i < boxes.size(); ++i)
    for (std::size_t j = i + 1; j < boxes.size(); ++j)
      touching += meet(boxes[i], boxes[j], 1e-4f) && !apart(layout.sheets[i], layout.sheets[j], 1e-4f);
  EXPECT_EQ(touching, 0) << what << ": sheets";
  for (const Block& block : layout.blocks)
    for (const scene::Box& box : {block.bounds, block.kernelBounds})
      if (!box.empty()) parts.push_back(box);
  const std::vector<scene::Box> labels = scene_test::labelBoxes(layout);
  int labeled = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = i + 1; j < labels.size(); ++j) labeled += meet(labels[i], labels[j], 0);
    for (const scene::Box& part : parts) labeled += meet(labels[i], part, 0);
  }
  EXPECT_EQ(labeled, 0) << what << ": labels";
  int nested = 0;
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (std::size_t j = i + 1; j < parts.size(); ++j) nested += meet(parts[i], parts[j], -1e-4f);
  EXPECT_EQ(nested, 0) << what << ": blocks";
}

void expectInside(const Layout& layout, const std::string& what) {
  for (const Sheet& sheet : layout.sheets)
    for (const float x : {0.0f, sheet.width()})
      for (const float y : {0.0f, sheet.height()}) {
        const Vec3 p = sheet.origin + sheet.right * x + sheet.down * y;
        EXPECT_GE(p.x, layout.bounds.low.x - 1e-3f) << what;
        EXPECT_LE(p.x, layout.bounds.high.x + 1e-3f) << what;
        EXPECT_GE(p.y, layout.bounds.low.y - 1e-3f) << what;
        EXPECT_LE(p.y, layout.bounds.high.y + 1e-3f) << what;
        EXPECT_GE(p.z, layout.bounds.low.z - 1e-3f) << what;
        EXPECT_LE(p.z, layout.bounds.high.z + 1e-3f) << what;
      }
}

TEST(Layout, ShowsEveryUnitOfHarleyOnce) {
  const auto layout = buildLayout(scene_test::harley(), Arrangement::Space);
  std::vector<std::size_t> sizes;
  for (const Block& block : layout->blocks) sizes.push_back(block.shape.size());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1024, 4704, 1176, 1600, 400, 120, 100, 10}));
  EXPECT_EQ(layout->unitCells, 9134u);
  EXPECT_EQ(layout->cellCount, 9134u + 6 * 25 + 16 * 6 * 25);
  EXPECT_EQ(layout->blocks[1].name, "conv1");
  EXPECT_EQ(layout->blocks[1].dims, "6 × 28 × 28");
  EXPECT_EQ(layout->blocks[3].kernelDims, "6 × 5 × 5");
}

TEST(Layout, MergesPointwiseLayersWithTheLayerTheyFollow) {
  const auto network = scene_test::harley();
  const auto layout = buildLayout(network, Arrangement::Space);
  const Block& output = layout->blocks.back();
  EXPECT_EQ(output.node, network->find("output"));
  EXPECT_EQ(output.valueNode, network->find("softmax"));
  EXPECT_TRUE(output.isOutput);
  EXPECT_TRUE(output.unitRange);
  EXPECT_EQ(layout->blockOfNode[std::size_t(network->find("flatten"))], layout->blockOfNode[std::size_t(network->find("pool2"))]);
}

TEST(Layout, FindsEveryUnitWhereItShowsIt) {
  for (const Arrangement arrangement : kArrangements) {
    for (const auto& network : {scene_test::harley(), scene_test::mlp(), scene_test::branches()}) {
      const auto layout = buildLayout(network, arrangement);
      std::set<std::size_t> cells;
      for (const Block& block : layout->blocks) {
        const nn::Shape& shape = network->node(block.node).shape;
        for (std::size_t i = 0; i < shape.size(); ++i) {
          const scene::UnitId unit{block.node, nn::cellAt(shape, i)};
          const auto cell = layout->locate(unit);
          ASSERT_TRUE(cell.has_value());
          ASSERT_EQ(layout->unitAt(*cell), unit);
          cells.insert(layout->cellIndex(*cell));
        }
      }
      EXPECT_EQ(cells.size(), layout->unitCells);
      EXPECT_EQ(*cells.rbegin(), layout->unitCells - 1);
    }
  }
}

TEST(Layout, RefusesUnitsThatAreNotThere) {
  const auto layout = buildLayout(scene_test::harley(), Arrangement::Space);
  EXPECT_FALSE(layout->locate({-1, {}}));
  EXPECT_FALSE(layout->locate({99, {}}));
  EXPECT_FALSE(layout->locate({1, {6, 0, 0}}));
  EXPECT_FALSE(layout->locate({1, {0, 28, 0}}));
  EXPECT_FALSE(layout->locate({1, {0, 0, -1}}));
}

TEST(Layout, ShowsTheValueOfTheLastMergedLayer) {
  const auto network = scene_test::harley();
  const auto layout = buildLayout(network, Arrangement::Space);
  const std::vector<float> parameters = network->initialParameters(3);
  const auto values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
  std::vector<float> cells(layout->cellCount);
  gatherUnits(*layout, *values, cells);
  gatherKernels(*layout, parameters, cells);
  for (const Block& block : layout->blocks) {
    const scene::UnitId unit{block.node, nn::cellAt(network->node(block.node).shape, block.shape.size() / 2)};
    EXPECT_EQ(cells[layout->cellIndex(*layout->locate(unit))], values->at(layout->shownUnit(unit))) << block.name;
  }
  float sum = 0;
  for (int i = 0; i < 10; ++i) sum += cells[layout->cellIndex(*layout->locate({network->find("output"), {i, 0, 0}}))];
  EXPECT_NEAR(sum, 1, 1e-5f) << "the output block shows probabilities";
}

TEST(Layout, ShowsEveryKernelsWeights) {
  const auto network = scene_test::harley();
  const auto layout = buildLayout(network, Arrangement::Space);
  const std::vector<float> parameters = network->initialParameters(3);
  std::vector<float> cells(layout->cellCount);
  gatherKernels(*layout, parameters, cells);
  const Block& conv2 = layout->blocks[3];
  const nn::Network::Node& node = network->node(conv2.node);
  for (const int out : {0, 7, 15}) {
    for (const int in : {0, 5}) {
      const scene::CellRef cell{conv2.firstKernelSheet + out, 2, 3, in};
      const std::size_t parameter = node.parameterOffset + std::size_t(node.layer->kernelOffset(out, in)) + 2 * 5 + 3;
      EXPECT_EQ(layout->parameterAt(cell), parameter);
      EXPECT_EQ(cells[layout->cellIndex(cell)], parameters[parameter]);
    }
  }
}

TEST(Layout, GoesFromTheInputUpToTheOutput) {
  for (const Arrangement arrangement : {Arrangement::Space, Arrangement::Flat}) {
    const auto layout = buildLayout(scene_test::branches(), arrangement);
    for (const Block& block : layout->blocks) {
      for (const int source : block.sources) EXPECT_GT(block.bounds.low.y, layout->blocks[std::size_t(source)].bounds.high.y) << block.name;
      if (block.kernelSheetCount > 0) {
        EXPECT_LT(block.kernelBounds.high.y, block.bounds.low.y) << block.name;
        EXPECT_GT(block.kernelBounds.low.y, layout->blocks[std::size_t(block.sources[0])].bounds.high.y) << block.name;
      }
    }
  }
}

TEST(Layout, GoesFromTheInputToTheRight) {
  const auto layout = buildLayout(scene_test::branches(), Arrangement::Rightward);
  for (const Block& block : layout->blocks) {
    for (const int source : block.sources) EXPECT_GT(block.bounds.low.x, layout->blocks[std::size_t(source)].bounds.high.x) << block.name;
    if (block.kernelSheetCount == 0) continue;
    EXPECT_LT(block.kernelBounds.high.x, block.bounds.low.x) << block.name;
    EXPECT_GT(block.kernelBounds.low.x, layout->blocks[std::size_t(block.sources[0])].bounds.high.x) << block.name;
  }
  for (const Sheet& sheet : layout->sheets) EXPECT_FLOAT_EQ(sheet.down.y, -1) << "pictures stand upright";
}

// As many rows and columns as the layer has, however the layout is turned.
TEST(Layout, ShowsEveryMapAsAPictureOfItsOwnSize) {
  const auto network = scene_test::randomNetwork(9);
  for (const Arrangement arrangement : kArrangements) {
    const auto layout = buildLayout(network, arrangement);
    for (const Sheet& sheet : layout->sheets) {
      const nn::Network::Node& node = network->node(layout->blocks[std::size_t(sheet.block)].node);
      if (sheet.kind == Sheet::Kind::Map) {
        EXPECT_EQ(sheet.rows, node.shape.height);
        EXPECT_EQ(sheet.columns, node.shape.width);
      } else if (sheet.kind == Sheet::Kind::Kernels) {
        EXPECT_EQ(sheet.rows, node.layer->window()->height);
        EXPECT_EQ(sheet.columns, node.layer->window()->width);
      }
    }
  }
}

TEST(Layout, PutsASlabInPlaceOfALayerThatIsFoldedAway) {
  const auto network = scene_test::harley();
  const int conv2 = network->find("conv2");
  for (const Arrangement arrangement : kArrangements) {
    const auto whole = buildLayout(network, arrangement), folded = buildLayout(network, arrangement, {conv2});
    const Block& block = folded->blocks[3];
    EXPECT_TRUE(block.folded);
    EXPECT_EQ(block.sheetCount, 1);
    EXPECT_EQ(block.kernelSheetCount, 0);
    EXPECT_EQ(folded->unitCells, whole->unitCells - 1600 + 1);
    EXPECT_EQ(folded->locate({conv2, {7, 3, 3}}), (scene::CellRef{block.firstSheet, 0, 0, 0}));
    EXPECT_LT(dot(folded->bounds.size(), folded->flow()), dot(whole->bounds.size(), whole->flow()) - 0.5f) << "it gives its room back";
    expectNoOverlap(*folded, "folded");
    std::vector<float> cells(folded->cellCount, -7);
    gatherUnits(*folded, *scene_test::restingValues(network), cells);
    EXPECT_EQ(cells[block.firstCell], -7) << "a slab shows no value";
  }
}

TEST(Layout, LetsNothingOverlapInRandomNetworks) {
  for (unsigned seed = 1; seed <= 500; ++seed) {
    const auto network = scene_test::randomNetwork(seed);
    for (const Arrangement arrangement : kArrangements) {
      const auto layout = buildLayout(network, arrangement, {}, scene::ViewShape(seed % scene::kViewShapeCount));
      const std::string what = "seed " + std::to_string(seed) + ", arrangement " + std::to_string(int(arrangement));
      expectInside(*layout, what);
      expectNoOverlap(*layout, what);
      std::size_t units = 0;
      for (const Block& block : layout->blocks) units += block.shape.size();
      EXPECT_EQ(layout->unitCells, units) << what;
    }
  }
}

// It is no unit's place, and shows light whatever the network's numbers are.
TEST(Layout, AnInputInColorHasItsPictureBesideItsChannels) {
  nn::NetworkSpec spec = scene_test::branches()->spec();
  spec.input.mean = {0.5, 0.25, 0};
  spec.input.deviation = {0.5};
  const auto network = nn::Network::create(spec);
  std::vector<float> picture(network->inputShape().size());
  for (std::size_t i = 0; i < picture.size(); ++i) picture[i] = float(i % 7) / 7;
  std::vector<float> input = picture;
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = (input[i] - float(spec.input.mean[i / 256])) / 0.5f;
  const auto values = scene_test::valuesOf(network, network->initialParameters(1), input);
  for (const Arrangement arrangement : kArrangements) {
    const auto layout = buildLayout(network, arrangement);
    const Sheet& sheet = layout->sheets.back();
    ASSERT_EQ(sheet.kind, Sheet::Kind::Picture);
    const Block& block = layout->blocks[std::size_t(sheet.block)];
    EXPECT_TRUE(block.isInput);
    EXPECT_EQ(block.sheetCount, 3);
    EXPECT_EQ(sheet.firstCell, layout->unitCells);
    EXPECT_EQ(layout->firstKernelCell, layout->unitCells + picture.size());
    expectNoOverlap(*layout, "picture");
    std::vector<float> cells(layout->cellCount);
    gatherUnits(*layout, *values, cells);
    for (std::size_t i = 0; i < picture.size(); ++i) ASSERT_NEAR(cells[sheet.firstCell + i], picture[i], 1e-6) << i;
    const Vec3 normal = sheet.normal();
    EXPECT_FALSE(pick(*layout, {sheet.center() + normal * 0.01f, normal * -1.0f}));
  }
  spec.input.colors = nn::InputColors::Gray;
  EXPECT_NE(buildLayout(nn::Network::create(spec), Arrangement::Space)->sheets.back().kind, Sheet::Kind::Picture);
}

TEST(Layout, FindsRoomForTheKernelsOfSingleCells) {
  for (const int filters : {1, 9, 10, 120, 130}) {
    nn::NetworkSpec spec;
    spec.name = "to one cell";
    spec.nodes = {scene_test::input(16, 5, 5), scene_test::conv("conv", filters, 5, "valid"), scene_test::dense("output", 10, "none")};
    for (const Arrangement arrangement : kArrangements) {
      const auto layout = buildLayout(nn::Network::create(spec), arrangement);
      const std::string what = std::to_string(filters) + " filters";
      EXPECT_EQ(layout->blocks[1].kernelSheetCount, filters) << what;
      EXPECT_LT(dot(layout->blocks[1].kernelBounds.size(), layout->flow()), 2) << what;
      EXPECT_LT(arrangement == Arrangement::Rightward ? layout->bounds.size().y : layout->bounds.size().x, 14) << what;
      expectInside(*layout, what);
      expectNoOverlap(*layout, what);
    }
  }
}

TEST(Layout, HoldsFiveHundredMaps) {
  nn::NetworkSpec spec;
  spec.name = "wide";
  spec.nodes = {scene_test::input(3, 8, 8), scene_test::conv("conv1", 512, 3, "same"), scene_test::conv("conv2", 64, 3, "same")};
  const auto layout = buildLayout(nn::Network::create(spec), Arrangement::Space);
  expectInside(*layout, "512 maps");
  EXPECT_EQ(layout->blocks[1].sheetCount, 512);
  EXPECT_LT(layout->bounds.size().x, 14);
  EXPECT_LT(layout->bounds.size().y, 14);
}

std::shared_ptr<const nn::Network> squareOf(std::int64_t side) {
  nn::NetworkSpec spec;
  spec.name = "square";
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(1)}, {"height", side}, {"width", side}}},
                {"relu", "activation", {}, {{"activation", std::string("relu")}}}};
  return nn::Network::create(spec);
}

TEST(MemoryToShow, IsKnownBeforeItIsTaken) {
  const auto square = squareOf(3000);
  EXPECT_EQ(scene::unitCount(*square), 18000000u);
  EXPECT_GT(scene::memoryToShow(*square), 18e6 * 12);
  EXPECT_LT(scene::memoryToShow(*square), 18e6 * 60) << "half a kilobyte a unit once";
  EXPECT_NO_THROW(scene::requireRoomToShow(*square, "a.onnx", std::uint64_t(4) << 30));
  const auto refusal = [](const nn::Network& network, std::uint64_t free) -> nn::Issue {
    try {
      scene::requireRoomToShow(network, "a.onnx", free);
    } catch (const nn::Error& error) {
      return error.issue();
    }
    return {};
  };
  const nn::Issue little = refusal(*square, 200000000);
  EXPECT_EQ(little.where, "a.onnx");
  EXPECT_EQ(little.what.find("its maps have 18 million units, and showing them needs about "), 0u) << little.what;
  EXPECT_NE(little.what.find("MB of memory, and 200 MB are free"), std::string::npos) << little.what;
  const nn::Issue many = refusal(*squareOf(10000), std::uint64_t(1) << 50);
  EXPECT_EQ(many.what, "its maps have 200 million units, and at most 100 million units can be shown");
  EXPECT_EQ(refusal(*scene_test::harley(), 1000).what, "") << "what is small is not asked about";
}

// A single row of a hundred values would be a hair at the size of a picture that is a hundred high.
TEST(Layout, SlenderMapsCanBeSeen) {
  for (const auto& [height, width] : {std::pair(1, 100), {100, 1}, {1, 1}, {1, 1000}}) {
    nn::NetworkSpec spec;
    spec.nodes = {scene_test::input(1, height, width), scene_test::node("flatten", "flatten"), scene_test::dense("output", 10, "none")};
    const auto network = nn::Network::create(spec);
    for (const Arrangement arrangement : kArrangements) {
      const auto layout = buildLayout(network, arrangement);
      const Sheet& sheet = layout->sheets[std::size_t(layout->blocks[0].firstSheet)];
      EXPECT_GE(std::min(sheet.width(), sheet.height()), std::max(height, width) > 100 ? 0.004f : 0.03f) << height << " x " << width;
      EXPECT_LE(std::max(sheet.width(), sheet.height()), 12.01f);
    }
  }
}

}  // namespace
